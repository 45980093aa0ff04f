"""The figures of a claim against the figures of a text."""

from __future__ import annotations

from claimwatch.core.model import Change, Stance
from claimwatch.judges.lexical.finding import Finding
from claimwatch.judges.lexical.frame import PLACES, Frame
from claimwatch.language.quantity import INFINITE, Quantity, compatible, describe, includes
from claimwatch.language.reading import Reading, Sentence

# These only grow: a lower count is an earlier or a partial one, no news.
_GROWING = ("casualties", "killed", "wounded", "containers", "shells", "missiles", "captured", "missing")
_SOLDIERLY = ("soldiers", "sappers", "builders")
# The dead alone reach a third of a count of dead and wounded only when that count is too low (in the wars of the
# last century one in three to one in four casualties died).
_DEADLY_SHARE = 0.4


def _measures_match(claim: Quantity, said: Quantity) -> bool:
    if claim.measure == said.measure:
        return True
    return claim.measure == "soldiers" and said.measure in ("sappers", "builders", "people")


def _whose(sentence: Sentence, quantity: Quantity, frame: Frame) -> bool:
    """True when the name nearest to the figure is the claim's actor (or none is near)."""
    if not frame.names:
        return True
    best: tuple[int, str] | None = None
    for name, hits in sentence.names.items():
        if name in PLACES:
            continue
        for hit in hits:
            inside = quantity.start <= hit.start < quantity.end + 8
            distance = 0 if inside else min(abs(hit.start - quantity.end), abs(hit.end - quantity.start))
            if hit.start >= quantity.end:
                distance += 20 if "," in sentence.folded[quantity.end : hit.start] else 6
            if distance <= 30 and (best is None or distance < best[0]):
                best = (distance, name)
    return (
        best is None or best[0] > 14 or best[1] in frame.names[:1] or (best[0] > 0 and best[1] in frame.names)
    )


def _percent(old: float, new: float) -> float | None:
    return round((new - old) / old * 100, 1) if old and new != INFINITE else None


def _update(
    frame: Frame, claim: Quantity, said: Quantity, sentence: Sentence, why: str, strength: float
) -> Finding:
    raised = said.value > claim.value
    change = Change(describe(claim), describe(said), _percent(claim.value, said.value))
    return Finding(
        Stance.UPDATES,
        strength,
        "quantity",
        f'quantity: "{said.text}" read as {describe(said)}, {why} {describe(claim)}',
        sentence,
        (said.text,),
        "raises" if raised else "lowers",
        change,
    )


def compare_figures(frame: Frame, reading: Reading) -> list[Finding]:
    """Return what the text's figures for the claim's measure say of the claim's figure."""
    claim = frame.quantity
    if claim is None or claim.measure is None or claim.role in ("ratio", "share"):
        return []
    found: list[Finding] = []
    for sentence in reading.sentences:
        usable = [q for q in sentence.quantities if _whose(sentence, q, frame)]
        found.extend(_sentence_figures(frame, claim, sentence, usable, reading))
    if claim.role == "increment" and any(finding.stance is Stance.SUPPORTS for finding in found):
        found = [finding for finding in found if finding.stance is Stance.SUPPORTS]
    return found


def compatible_open(claim: Quantity, said: Quantity) -> bool:
    """True when an open end ("at least 1,000") lets both be true."""
    return claim.high == INFINITE and said.value >= claim.low


def _sentence_figures(
    frame: Frame, claim: Quantity, sentence: Sentence, figures: list[Quantity], reading: Reading
) -> list[Finding]:
    found: list[Finding] = []
    if claim.measure == "casualties":
        dead = [q for q in figures if q.measure == "killed"]
        hurt = [q for q in figures if q.measure == "wounded"]
        if len(dead) == 1 and len(hurt) == 1 and dead[0].role == hurt[0].role == "total":
            total = Quantity(
                dead[0].low + hurt[0].low, dead[0].high + hurt[0].high,
                "at_least" if INFINITE in (dead[0].high, hurt[0].high) else "about", "casualties", "total",
                f"{dead[0].text} ... {hurt[0].text}", dead[0].noun, dead[0].start, hurt[0].end,
            )  # fmt: skip
            if total.low > claim.high:
                both = _update(frame, claim, total, sentence, "together above", 0.85)
                return [Finding(both.stance, both.strength, both.rule, both.reason, sentence,
                                (dead[0].text, hurt[0].text), "raises", both.change)]  # fmt: skip
        for q in dead:
            if q.role == "total" and q.value >= _DEADLY_SHARE * claim.value:
                why = "dead alone, too many for" if q.value <= claim.high else "dead alone, above"
                found.append(_update(frame, claim, q, sentence, why, 0.8))
        for q in figures:  # a part is a lower bound of the whole: the wounded alone may be too many
            part = q.measure not in (claim.measure, "killed") and includes(claim.measure, q.measure)
            if part and q.role == "total" and q.low > claim.high:
                found.append(_update(frame, claim, q, sentence, f"{q.measure} alone, above", 0.8))
    for q in figures:
        if not _measures_match(claim, q) or q.role in ("ratio", "share"):
            continue
        if claim.role == "increment":
            found.extend(_increment(frame, claim, q, sentence, reading))
            continue
        if q.role == "increment":
            continue
        if claim.high == INFINITE and q.value > 1.2 * claim.low and "increase" in sentence.concepts:
            found.append(_update(frame, claim, q, sentence, "risen above", 0.8))
        elif _fits(claim, q) and not _well_below(claim, q):
            found.append(
                Finding(
                    Stance.SUPPORTS,
                    0.8,
                    "quantity",
                    f'quantity: "{q.text}" read as {describe(q)}, fits {describe(claim)}',
                    sentence,
                    (q.text,),
                    "happened",
                )
            )
        elif (q.value > claim.high and not compatible_open(claim, q)) or (
            claim.high == INFINITE and q.low > claim.low * 1.5
        ):
            found.append(_update(frame, claim, q, sentence, "above", 0.85))
        elif claim.measure not in _GROWING and q.high < claim.low:
            found.append(_update(frame, claim, q, sentence, "below", 0.75))
        elif claim.measure not in _GROWING and _well_below(claim, q):
            found.append(_update(frame, claim, q, sentence, "well below", 0.7))
    return found


def _fits(claim: Quantity, said: Quantity) -> bool:
    """True when both may be the same figure; "about" on both sides does not add up."""
    if said.bound in ("about", "nearly") and claim.bound in ("about", "nearly", "exact"):
        return claim.low <= said.value <= claim.high or said.value == claim.value
    return compatible(claim, said)


def _well_below(claim: Quantity, said: Quantity) -> bool:
    return claim.bound in ("at_most", "less_than") and said.high != INFINITE and said.high <= 0.5 * claim.high


def _announced(frame: Frame, sentence: Sentence, said: Quantity) -> bool:
    """True when the claim's doer will send just this number: "Avaria will send 8,000"."""
    doers = [
        (hit.end, name) for name, hits in sentence.names.items() for hit in hits if hit.end <= said.start
    ]
    if frame.names and (not doers or max(doers)[1] != frame.names[0]):
        return False
    before = (said.start - 24, said.start + 1)
    return all(
        any(before[0] <= hit.start < before[1] for hit in hits)
        for hits in (sentence.cues.get("future", []), sentence.concepts.get("send", []))
    )


def _forecast(sentence: Sentence, said: Quantity) -> bool:
    """True when the sentence expects that just this number is still sent: "expects 15,000 to be sent"."""
    expected = any(hit.end <= said.start + 2 for hit in sentence.cues.get("future", []))
    return expected and any(hit.start >= said.end - 1 for hit in sentence.concepts.get("send", []))


def _increment(
    frame: Frame, claim: Quantity, said: Quantity, sentence: Sentence, reading: Reading
) -> list[Finding]:
    fresh = said.role == "increment" or said.measure in ("sappers", "builders")
    index = reading.sentences.index(sentence)
    nearby = reading.sentences[max(0, index - 1) : index + 2]
    ahead = any("future" in s.cues or "prepare" in s.concepts for s in nearby)
    more = any("more" in s.concepts for s in nearby)
    if not fresh and more and ahead:
        fresh = True
    if not fresh and frame.planned and said.measure == claim.measure and _announced(frame, sentence, said):
        fresh = True  # what is announced now is another figure for what was announced before
    if not fresh and frame.planned and _forecast(sentence, said):
        fresh = True
    if not fresh and "sappers" in sentence.concepts and said.measure in ("soldiers", "people"):
        fresh = True
    if not fresh or said.value < 100:
        return []
    built = said.measure in ("sappers", "builders") or "sappers" in reading.concepts
    if frame.planned and not built and not ahead:
        return []
    near_claim = 0.75 * claim.value <= said.high <= 1.25 * claim.value
    if near_claim or (said.low <= claim.high <= said.high):
        return [
            Finding(
                Stance.SUPPORTS,
                0.8,
                "quantity",
                f'quantity: "{said.text}" read as {describe(said)}, fits {describe(claim)}',
                sentence,
                (said.text,),
                "plans",
            )
        ]
    return [_update(frame, claim, said, sentence, "not", 0.8)]
