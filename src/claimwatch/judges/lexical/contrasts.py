"""What a text puts in the place of something the claim says: opposites, members of one set, names, figures, years."""

from __future__ import annotations

from claimwatch.judges.lexical.frame import Frame
from claimwatch.language.concepts import opposite
from claimwatch.language.numbers import find_numbers
from claimwatch.language.opposites import Opposites
from claimwatch.language.quantity import Quantity, comparable, compatible, describe
from claimwatch.language.reading import Reading, Sentence, Word


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


def _quantity_conflict(claim: list[Quantity], said: list[Quantity]) -> tuple[bool, str]:
    """Return (some figure for the claim's measure fits, the claim's and the first other figure as words)."""
    same, differ = False, ""
    for mine in claim:
        for other in said:
            if comparable(mine, other):
                if compatible(mine, other):
                    same = True
                else:
                    differ = differ or f"{describe(mine)} / {describe(other)}"
    return same, differ


def contrast(
    frame: Frame, reading: Reading, claim: Sentence, best: Sentence, matched: dict[str, float], opposites: Opposites,
    values: dict[str, float], words: dict[str, str],
) -> None:  # fmt: skip
    """Add the features of what differs, with the words behind them in `words`."""
    lost = [word for word in claim.words if matched[word.key] == 0]
    fresh = [word for word in best.words if word.key not in claim.keys]
    twin = (
        values["cover"] * values["told_back"]
    )  # these tell something only where nearly all else is the same
    twin = 0.0 if twin < 0.15 else min(1.0, 1.5 * twin)
    for word in lost:
        mine = opposites.set_of(word.key)
        if mine is None and not opposites.sides(word.key):
            continue
        for other in fresh:
            if opposites.opposed(word.key, other.key):
                values["opposed"] = 1.0
                values["opposite"] = twin
                words.setdefault("opposite", best.verbatim(other.start, other.end))
            if mine is not None and mine == opposites.set_of(other.key):
                values["set_member"] = 1.0
                values["other_of_set"] = twin
                words.setdefault("other_of_set", best.verbatim(other.start, other.end))
    for deed in frame.deeds:
        if deed not in best.concepts and opposite(deed) & best.concepts.keys():
            values["opposite"] = max(values.get("opposite", 0.0), min(1.0, values["cover"] + 0.2))
            hit = best.concepts[min(opposite(deed) & best.concepts.keys())][0]
            words.setdefault("opposite", best.verbatim(hit.start, hit.end))
    lost_capitals = [word for word in lost if word.capital]
    new_capitals = [word for word in fresh if word.capital]
    if lost_capitals and new_capitals and _same_slot(claim, best, lost_capitals, new_capitals):
        values["other_name"] = twin
        words.setdefault("other_name", best.verbatim(new_capitals[0].start, new_capitals[0].end))
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
                words.setdefault("numbers_differ", f"{value:g} / {instead:g}")
    same, differ = _quantity_conflict(claim.quantities, best.quantities)
    if differ and not same:
        values["numbers_differ"] = 1.0
        words["numbers_differ"] = differ
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
