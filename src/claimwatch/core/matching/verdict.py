"""Whether an item is on one topic, given the names found in it."""

from __future__ import annotations

from claimwatch.core.matching.compiled import CompiledTopic, Line
from claimwatch.core.matching.confusion import Confusables
from claimwatch.core.matching.finds import Finds
from claimwatch.core.matching.namebook import NameBook
from claimwatch.core.matching.occurrences import RANK, Occurrence
from claimwatch.core.matching.scoring import (
    APART,
    SAME_PARAGRAPH,
    SAME_SENTENCE,
    band,
    place_weight,
    score,
    trust,
)
from claimwatch.core.matching.text import Text
from claimwatch.core.model import Found as FoundName
from claimwatch.core.model import Match, NearMiss

_VETO_RANK = RANK["transliterated"]  # a typo vetoes nothing

# Where a line's names stand: (number of the name, place).
Stand = tuple[int, Occurrence]


def decide(
    compiled: CompiledTopic, finds: Finds, confusables: Confusables, names: NameBook
) -> Match | NearMiss:
    """Return the match, or which lines stayed empty (without the nearest miss)."""
    topic, text = compiled.topic, finds.text
    stands: dict[str, list[Stand]] = {}
    empty: list[str] = []
    left = len(compiled.lines)
    for line in compiled.lines:
        here = _stands(line, finds, confusables)
        if len({number for number, _ in here}) >= line.at_least:
            stands[line.label] = here
        else:
            empty.append(line.label)
            left -= 1
    if left < compiled.wanted:
        return NearMiss(topic.id, _shown(stands, text, names), tuple(empty))
    vetoes = [
        stand for stand in _stands(compiled.vetoes, finds, confusables) if RANK[stand[1].how] <= _VETO_RANK
    ]
    if vetoes:
        return NearMiss(topic.id, _shown(stands, text, names), tuple(empty), names.texts[vetoes[0][0]])
    if (apart := _too_far_apart(compiled, stands, text)) is not None:
        return NearMiss(topic.id, _shown(stands, text, names), (*empty, apart))
    best = {label: _best(here, text) for label, here in stands.items()}
    weights = [place_weight(place, text) * trust(place) for _, place in best.values()]
    value = score(weights, _nearness(stands, text), compiled.wanted and len(empty))
    return Match(topic.id, value, band(value), _shown(stands, text, names))


def _stands(line: Line, finds: Finds, confusables: Confusables) -> list[Stand]:
    """Return where a line's names stand, looking through whichever is shorter: the line or the finds."""
    possible = finds.possible
    if len(line.numbers) <= len(possible):
        numbers = sorted(number for number in line.numbers if number in possible)
    else:
        numbers = sorted(number for number in possible if number in line.numbers)
    here = [(number, place) for number in numbers for place in confusables.standing(number, finds)]
    for number in line.regexes:
        here += [(number, place) for place in finds.places(number)]
    return here


def _best(here: list[Stand], text: Text) -> Stand:
    return max(here, key=lambda stand: (place_weight(stand[1], text) * trust(stand[1]), -stand[1].start))


def _shown(stands: dict[str, list[Stand]], text: Text, names: NameBook) -> tuple[FoundName, ...]:
    """Return the best find of each line, as people are shown it."""
    shown = []
    for label, here in stands.items():
        number, place = _best(here, text)
        shown.append(
            FoundName(
                line=label,
                name=names.texts[number],
                text=text.text[place.start : place.end],
                field=text.place(place.start).field,
                how=place.how,
                ratio=place.ratio,
            )
        )
    return tuple(shown)


def _too_far_apart(compiled: CompiledTopic, stands: dict[str, list[Stand]], text: Text) -> str | None:
    """Return the line whose names stand too far from the others', or None."""
    where = {label: _regions(here, text, compiled.topic.within) for label, here in stands.items()}
    if compiled.topic.within and where and not frozenset.intersection(*where.values()):
        # The line that shares its sentence or paragraph with the fewest others is the one to look at.
        return min(where, key=lambda label: sum(bool(where[label] & other) for other in where.values()))
    for line in compiled.lines:
        if line.within is None or line.label not in stands or len(stands) == 1:
            continue
        own = _regions(stands[line.label], text, line.within)
        others = [_regions(here, text, line.within) for label, here in stands.items() if label != line.label]
        if not any(own & other for other in others):
            return line.label
    return None


def _regions(here: list[Stand], text: Text, within: str | None) -> frozenset[int]:
    places = (text.place(place.start) for _, place in here)
    if within == "paragraph":
        return frozenset(place.paragraph for place in places)
    return frozenset(place.sentence for place in places)


def _nearness(stands: dict[str, list[Stand]], text: Text) -> float:
    if len(stands) < 2:
        return SAME_SENTENCE
    for within, weight in (("sentence", SAME_SENTENCE), ("paragraph", SAME_PARAGRAPH)):
        if frozenset.intersection(*(_regions(here, text, within) for here in stands.values())):
            return weight
    return APART
