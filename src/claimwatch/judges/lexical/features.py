"""Named features of a claim and a text in one language, for the small model. All are numbers near 0..1."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from claimwatch.judges.lexical.frame import Frame
from claimwatch.language.concepts import is_light, opposite
from claimwatch.language.numbers import find_numbers
from claimwatch.language.opposites import Opposites, opposites_for
from claimwatch.language.polarity import Cue, cues_of
from claimwatch.language.quantities import Quantity
from claimwatch.language.reading import Reading, Sentence, Word, keyer

NAMES = (
    "cover", "cover_text", "cover_first", "told_back", "order", "capitals", "missing", "names_missing",
    "negation_turned", "negation_near", "negation_far", "claim_negated", "opening_no",
    "denial", "denial_far", "denial_rejected", "refutation", "refutation_far", "refutation_claim", "disclaimer",
    "no_comment", "doubt", "question", "hedge", "reporting", "confirmation", "instead", "contrast", "opposite",
    "other_of_set", "other_name", "numbers_same", "numbers_differ", "numbers_missing", "ordinal_differs",
    "year_differs", "long_text", "short_claim", "exact",
    "polarity_turned", "polarity_both", "cover_x_polarity", "headline",
    "cover_x_negation", "cover_x_denial", "cover_x_refutation", "cover_x_differs", "cover_high",
    "rumour", "claiming", "sourced", "modal", "quoted", "plain_cover", "plain_x_refutation",
    "plain_x_denial", "plain_x_polarity", "gate",
)  # fmt: skip


_QUOTED = re.compile(r"(?<!\w)['\"][\w -]{3,40}['\"](?!\w)")


@dataclass(slots=True)
class Seen:
    """The features of one pair with the words behind them, and the sentence they were read from."""

    values: dict[str, float]
    words: dict[str, str] = field(default_factory=dict)
    sentence: Sentence | None = None
    turning: Sentence | None = None


def _weight(word: Word) -> float:
    if word.key.isdigit():
        return 0.6
    weight = 0.5 + min(len(word.key), 8) / 16
    return weight * 1.4 if word.capital else weight


def _similar(key: str, keys: frozenset[str]) -> bool:
    size = len(key)
    if size < 5:
        return False
    head = key[: max(4, (size * 3) // 4)]
    return any(other.startswith(head) and abs(len(other) - size) <= 4 for other in keys)


def _matched(
    claim: Sentence,
    keys: frozenset[str],
    meanings: frozenset[str],
    opposites: Opposites,
    grouped: set[tuple[int, int]],
) -> dict[str, float]:
    """Return for each of the claim's word keys how well the keys of a text have it."""
    found: dict[str, float] = {}
    for word in claim.words:
        key = word.key
        if key in found:
            continue
        if key in keys:
            found[key] = 1.0
        elif opposites.sides(key) & grouped:
            found[key] = 0.9
        elif _similar(key, keys):
            found[key] = 0.85
        elif claim.meaning.get(key, frozenset()) & meanings:
            found[key] = 0.8
        else:
            found[key] = 0.0
    return found


def _cover(claim: Sentence, matched: dict[str, float]) -> float:
    total = sum(_weight(word) for word in claim.words)
    return sum(_weight(word) * matched[word.key] for word in claim.words) / total if total else 0.0


def _sides(sentence: Sentence, opposites: Opposites) -> set[tuple[int, int]]:
    return {place for key in sentence.keys for place in opposites.sides(key)}


def _meanings(sentence: Sentence) -> frozenset[str]:
    return frozenset(value for values in sentence.meaning.values() for value in values)


def _gate(claim: Sentence, plain: list[Word], whole: dict[str, float], cover: float) -> float:
    """1 when the text shares enough with the claim to be allowed to contradict it, else 0.

    A shared name is not enough: a predicate or head noun must be shared too, or two names that stand apart.
    Words as common in news as "video" or "says" do not count.
    """
    heavy = [
        word
        for word in plain
        if whole[word.key] > 0.7 and not any(is_light(m) for m in claim.meaning.get(word.key, ()))
    ]
    if heavy and cover >= 0.3:
        return 1.0
    groups = 0
    last = -10
    for index, word in enumerate(claim.words):
        if word.capital and whole[word.key] > 0.7:
            groups += index - last > 1
            last = index
    return 1.0 if groups >= 2 and cover >= 0.4 else 0.0


def _order(claim: Sentence, sentence: Sentence) -> float:
    """Share of the claim's neighbouring word pairs that are neighbours (within two) in the sentence."""
    keys = [word.key for word in claim.words]
    if len(keys) < 2:
        return 0.0
    place: dict[str, list[int]] = {}
    for index, word in enumerate(sentence.words):
        place.setdefault(word.key, []).append(index)
    hits = 0
    for one, two in itertools.pairwise(keys):
        hits += any(0 < b - a <= 2 for a in place.get(one, ()) for b in place.get(two, ()))
    return hits / (len(keys) - 1)


def _near(cue: Cue, sentence: Sentence, matched: frozenset[str]) -> bool:
    """True when one of the claim's words stands where the cue reaches."""
    return any(
        word.key in matched and cue.scope_start <= word.start <= cue.scope_end for word in sentence.words
    )


def _plain_numbers(
    sentence: Sentence, lexicon_reading: Reading
) -> tuple[dict[float, str], set[float], set[float]]:
    """Return (cardinals with the key of the next word, ordinals, years)."""
    cardinals: dict[float, str] = {}
    ordinals: set[float] = set()
    years: set[float] = set()
    for number in find_numbers(sentence.folded, lexicon_reading.lexicon):
        if number.kind == "ordinal":
            ordinals.add(number.value)
        elif number.kind == "year":
            years.add(number.value)
        elif number.kind == "cardinal":
            following = next((word.key for word in sentence.words if word.start >= number.end), "")
            cardinals.setdefault(number.value, following)
    for word in sentence.words:
        value = lexicon_reading.lexicon.ordinals.get(sentence.folded[word.start : word.end])
        if value is not None:
            ordinals.add(float(value))
    if lexicon_reading.lexicon.spaced:
        for token in sentence.folded.split():
            value = lexicon_reading.lexicon.ordinals.get(token.strip(".,;:!?\"'"))
            if value is not None:
                ordinals.add(float(value))
    return cardinals, ordinals, years


def _quantity_conflict(claim: list[Quantity], said: list[Quantity]) -> tuple[bool, bool]:
    same = differ = False
    for mine in claim:
        for other in said:
            if mine.measure is not None and mine.measure == other.measure and mine.role == other.role:
                if mine.low <= other.high and other.low <= mine.high:
                    same = True
                else:
                    differ = True
    return same, differ


def observe(frame: Frame, reading: Reading) -> Seen:
    """Return the features of a claim and a text that share a language."""
    values = dict.fromkeys(NAMES, 0.0)
    seen = Seen(values)
    if not reading.sentences or not frame.reading.sentences:
        return seen
    claim = frame.reading.sentences[0]
    if len(frame.reading.sentences) > 1:
        claim = max(frame.reading.sentences, key=lambda sentence: len(sentence.words))
    opposites = opposites_for(reading.language, keyer(reading.language))
    best: Sentence | None = None
    best_cover = -1.0
    best_matched: dict[str, float] = {}
    covers: list[float] = []
    all_meanings: set[str] = set()
    all_sides: set[tuple[int, int]] = set()
    for sentence in reading.sentences:
        sides = _sides(sentence, opposites)
        meanings = _meanings(sentence)
        all_meanings |= meanings
        all_sides |= sides
        matched = _matched(claim, sentence.keys, meanings, opposites, sides)
        cover = _cover(claim, matched)
        covers.append(cover)
        if cover > best_cover + 1e-9:
            best, best_cover, best_matched = sentence, cover, matched
    assert best is not None  # noqa: S101 - there is at least one sentence
    seen.sentence = best
    plain = [
        word for word in claim.words if not word.capital and (word.start > 0 or word.key in claim.meaning)
    ]
    plain = plain or claim.words
    whole = _matched(claim, reading.keys, frozenset(all_meanings), opposites, all_sides)
    values["cover"] = best_cover
    values["cover_text"] = _cover(claim, whole)
    total = sum(_weight(word) for word in plain)
    values["plain_cover"] = sum(_weight(word) * whole[word.key] for word in plain) / total if total else 0.0
    values["gate"] = _gate(claim, plain, whole, values["cover_text"])
    values["cover_first"] = covers[0]
    claim_meanings = _meanings(claim)
    back = [
        key in claim.keys
        or bool(best.meaning.get(key, frozenset()) & claim_meanings)
        or _similar(key, claim.keys)
        for key in best.keys
    ]
    values["told_back"] = sum(back) / len(back) if back else 0.0
    values["order"] = _order(claim, best)
    capitals = [word.key for word in claim.words if word.capital]
    values["capitals"] = sum(whole[key] > 0 for key in capitals) / len(capitals) if capitals else 0.5
    values["missing"] = min(1.0, sum(1 for value in best_matched.values() if value == 0) / 4)
    values["names_missing"] = float(bool(set(frame.names) - reading.names))
    values["cover_high"] = max(0.0, best_cover - 0.7) / 0.3
    values["headline"] = float(reading.sentences[0].text[-1:] not in ".。" and len(reading.sentences) <= 2)
    values["exact"] = float(best_cover > 0.97)
    values["long_text"] = min(1.0, len(reading.sentences) / 8)
    values["short_claim"] = float(len(claim.words) <= 4)
    _cues(frame, reading, best, best_matched, best_cover, covers, values, seen)
    _contrasts(frame, claim, best, best_matched, reading, opposites, values, seen)
    differs = max(
        values["opposite"], values["other_of_set"], values["ordinal_differs"], values["numbers_differ"]
    )
    values["cover_x_differs"] = best_cover * max(differs, values["year_differs"], values["other_name"])
    values["cover_x_negation"] = best_cover * values["negation_turned"]
    values["cover_x_denial"] = best_cover * values["denial"]
    values["cover_x_refutation"] = best_cover * values["refutation"]
    values["plain_x_refutation"] = values["plain_cover"] * values["refutation"]
    values["plain_x_denial"] = values["plain_cover"] * values["denial"]
    values["plain_x_polarity"] = values["plain_cover"] * values["polarity_turned"]
    return seen


def _cues(
    frame: Frame, reading: Reading, best: Sentence, matched: dict[str, float], cover: float, covers: list[float],
    values: dict[str, float], seen: Seen,
) -> None:  # fmt: skip
    claim_cues = [
        c for sentence in frame.reading.sentences for c in cues_of(sentence, frame.reading.language)
    ]
    negated = sum(c.kind == "negation" for c in claim_cues) % 2 == 1
    values["claim_negated"] = float(any(c.kind == "negation" for c in claim_cues))
    refuting_claim = any(c.kind == "refutation" for c in claim_cues)
    values["refutation_claim"] = float(refuting_claim)
    present = frozenset(key for key, value in matched.items() if value > 0)
    near_negations = 0
    for sentence, its_cover in zip(reading.sentences, covers, strict=True):
        is_best = sentence is best
        related = is_best or its_cover >= 0.5 * cover
        for cue in cues_of(sentence, reading.language):
            word = sentence.verbatim(cue.start, cue.end)
            if cue.rejected:
                values["denial_rejected"] = 1.0
                continue
            name = cue.kind
            if cue.kind == "negation":
                close = is_best and _near(cue, sentence, present)
                near_negations += close
                name = "negation_near" if close else "negation_far"
                if (
                    is_best
                    and cue.start <= 2
                    and sentence.folded[cue.end : cue.end + 1] in (",", ":", "!", ".")
                ):
                    values["opening_no"] = 1.0
                    seen.words.setdefault("opening_no", word)
            elif cue.kind in ("denial", "refutation") and not related:
                name = f"{cue.kind}_far"
            if cue.kind == "refutation" and refuting_claim:
                continue
            values[name] = 1.0
            seen.words.setdefault(name, word)
            if related or seen.turning is None:
                seen.turning = sentence if name not in ("negation_far",) else seen.turning
        if related or len(reading.sentences) <= 2:
            for name in (
                "rumour",
                "claiming",
                "sourced",
                "no_comment",
                "doubt",
                "question",
                "hedge",
                "reporting",
                "confirmation",
                "instead",
                "contrast",
            ):
                hits = sentence.cues.get(name)
                if hits and not values[name]:
                    values[name] = 1.0
                    seen.words.setdefault(name, sentence.verbatim(hits[0].start, hits[0].end))
    refused = bool(claim_cues)
    turned = any(
        values[name] for name in ("negation_near", "negation_far", "denial", "refutation", "disclaimer")
    )
    values["polarity_turned"] = float(refused != turned)
    values["polarity_both"] = float(refused and turned)
    values["cover_x_polarity"] = cover * values["polarity_turned"]
    values["negation_turned"] = float((near_negations % 2 == 1) != negated)
    values["modal"] = float("future" in best.cues)
    values["quoted"] = float(bool(_QUOTED.search(best.folded)))
    claim_keys = {key for sentence in frame.reading.sentences for key in sentence.cues}
    for name in ("hedge", "reporting", "question", "rumour", "claiming", "sourced", "modal"):
        if name in claim_keys:
            values[name] = 0.0


def _contrasts(
    frame: Frame, claim: Sentence, best: Sentence, matched: dict[str, float], reading: Reading, opposites: Opposites,
    values: dict[str, float], seen: Seen,
) -> None:  # fmt: skip
    lost = [word for word in claim.words if matched[word.key] == 0]
    fresh = [word for word in best.words if word.key not in claim.keys]
    twin = (
        values["cover"] * values["told_back"]
    )  # these tell something only where nearly all else is the same
    twin = 0.0 if twin < 0.15 else min(1.0, 1.5 * twin)
    for word in lost if twin else ():
        for other in fresh:
            if opposites.opposed(word.key, other.key):
                values["opposite"] = twin
                seen.words.setdefault("opposite", best.verbatim(other.start, other.end))
            mine = opposites.set_of(word.key)
            if mine is not None and mine == opposites.set_of(other.key):
                values["other_of_set"] = twin
                seen.words.setdefault("other_of_set", best.verbatim(other.start, other.end))
    for deed in frame.deeds:
        if deed not in best.concepts and opposite(deed) & best.concepts.keys():
            values["opposite"] = max(values["opposite"], min(1.0, values["cover"] + 0.2))
            hit = best.concepts[min(opposite(deed) & best.concepts.keys())][0]
            seen.words.setdefault("opposite", best.verbatim(hit.start, hit.end))
    lost_capitals = [word for word in lost if word.capital]
    new_capitals = [word for word in fresh if word.capital]
    if lost_capitals and new_capitals and _same_slot(claim, best, lost_capitals, new_capitals):
        values["other_name"] = twin
        seen.words.setdefault("other_name", best.verbatim(new_capitals[0].start, new_capitals[0].end))
    numbers, ordinals, years = _plain_numbers(claim, frame.reading)
    said, said_ordinals, said_years = _plain_numbers(best, reading)
    if numbers:
        values["numbers_same"] = sum(value in said for value in numbers) / len(numbers)
        values["numbers_missing"] = float(not said)
        followers = {following: value for value, following in said.items() if following}
        for value, following in numbers.items():
            instead = followers.get(following)
            if value not in said and instead is not None:
                values["numbers_differ"] = 1.0
                seen.words.setdefault("numbers_differ", f"{value:g} / {instead:g}")
    same, differ = _quantity_conflict(claim.quantities, best.quantities)
    if differ and not same:
        values["numbers_differ"] = 1.0
    if ordinals and said_ordinals and not ordinals & said_ordinals:
        values["ordinal_differs"] = twin
    if years and said_years and not years & said_years:
        values["year_differs"] = 1.0


def _same_slot(claim: Sentence, best: Sentence, lost: list[Word], fresh: list[Word]) -> bool:
    """True when a new name stands beside the same word as the one it replaces."""

    def beside(sentence: Sentence, words: list[Word]) -> set[tuple[int, str]]:
        order = sentence.words
        found: set[tuple[int, str]] = set()
        for index, word in enumerate(order):
            if word in words:
                if index:
                    found.add((-1, order[index - 1].key))
                if index + 1 < len(order):
                    found.add((1, order[index + 1].key))
        return found

    return bool(beside(claim, lost) & beside(best, fresh))
