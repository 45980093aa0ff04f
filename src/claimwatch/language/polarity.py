"""Polarity: negations, denials, refutations and disclaimers of a sentence, with what they stand over."""

from __future__ import annotations

from dataclasses import dataclass

from claimwatch.language.lexicon import Hit
from claimwatch.language.reading import Sentence

# Letters before and after a negation that it may stand over; four to six words (hand check of headlines).
_SCOPE = {"ko": (24, 8), "ja": (28, 6), "zh": (6, 16), "de": (34, 34), "fr": (10, 30)}
_CONCORD = ("fr", "es", "it", "pt", "ru", "uk", "pl", "cs", "mk", "bg")
_SPACED_SCOPE = (4, 30)
_TURNING = ("negation", "denial", "refutation", "disclaimer")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that turns a statement. `rejected`: the text reports the denial in order to reject it."""

    kind: str  # "negation" | "denial" | "refutation" | "disclaimer"
    start: int
    end: int
    scope_start: int
    scope_end: int
    rejected: bool = False


def _inside(hit: Hit, others: list[Hit], glued: bool = False) -> bool:
    """True when the hit lies in another; where words stick together it is enough that it begins there."""
    return any(
        other.start <= hit.start and (hit.end <= other.end or (glued and hit.start < other.end))
        for other in others
    )


def cues_of(sentence: Sentence, language: str) -> list[Cue]:
    """Return the cues that count, in order; "not only", "no comment", "did not deny" do not."""
    found = sentence.cues
    if found.keys().isdisjoint(_TURNING):
        return []
    shields = [*found.get("not_negation", []), *found.get("no_comment", [])]
    length = len(sentence.folded)
    cues: list[Cue] = []
    glued = language in ("ko", "ja", "zh")
    negations = [hit for hit in found.get("negation", []) if not _inside(hit, shields, glued)]
    before, after = _SCOPE.get(language, _SPACED_SCOPE)
    for kind in ("denial", "refutation", "disclaimer"):
        for hit in found.get(kind, []):
            if _inside(hit, shields) or any(
                c.start <= hit.start and hit.end <= c.end for c in cues if c.kind != "negation"
            ):
                continue
            turned = any(
                0 <= hit.start - n.end <= 10 and not (hit.start <= n.start < hit.end) for n in negations
            )
            if language in ("ko", "ja"):
                turned = any(0 <= n.start - hit.end <= 6 for n in negations)
            if turned:
                continue
            cues.append(Cue(kind, hit.start, hit.end, 0, length, _rejected(hit, sentence)))
    for hit in negations:
        if any(c.start <= hit.start and hit.end <= c.end for c in cues):
            continue
        cues.append(
            Cue("negation", hit.start, hit.end, max(0, hit.start - before), min(length, hit.end + after))
        )
    cues.sort(key=lambda cue: cue.start)
    return _concord(cues) if language in _CONCORD else cues


def _concord(cues: list[Cue]) -> list[Cue]:
    """Take negations that stand together for one: "ne ... pas", "no ... nunca", "никогда не"."""
    kept: list[Cue] = []
    for cue in cues:
        if kept and cue.kind == kept[-1].kind == "negation" and cue.start - kept[-1].end <= 30:
            last = kept[-1]
            kept[-1] = Cue("negation", last.start, last.end, last.scope_start, cue.scope_end)
            continue
        kept.append(cue)
    return kept


def _rejected(hit: Hit, sentence: Sentence) -> bool:
    return any(
        despite.start <= hit.start and (hit.start - despite.end <= 30)
        for despite in sentence.cues.get("despite", [])
    )
