"""Whether two reports tell one development, in whatever words and languages.

Words alone do not say: four ways to tell of "30,000 more troops" share almost none, and "up to 3,000" is one digit
from "up to 30,000". So names are compared as names (one key for the spellings of all languages), numbers as values
with what they count, and what is done as concepts; plain words help within one language only. In doubt two reports
are two stories: a message too many costs a minute, a development held back as old costs the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from claimwatch.language.concepts import is_action, is_light, near, opposite
from claimwatch.language.polarity import cues_of
from claimwatch.language.quantity import Quantity, compatible, includes
from claimwatch.language.reading import Reading, Sentence, read
from claimwatch.language.transliterate import skeleton

WINDOW = timedelta(hours=48)  # between first sights: reports of one development come within two days
_READ = 1200  # characters: headline and lead tell the development, what follows is background
_LEAD = 3  # sentences of them, the headline among these
_TIMES = frozenset({"years", "months", "weeks", "days", "hours", "minutes", "degrees"})
_LEAST_NAME = 4  # letters of a name that no lexicon knows
_NAME_KEY = 5  # letters of its key that are compared: what follows may be a case ending
_CLOSE = 0.12  # by which two figures of one thing may differ: "about 4,000" is 3,600 to 4,400
# What speaks for one story, and how much it takes; chosen on invented pairs (tests/core/story_pairs.yaml), and
# looked at on real ones: see `tests/core/test_stories.py`.
_DIGITS = re.compile(r"[^\W_]*\d[\w.,-]*")
_WORDS = ((0.6, 3.0), (0.45, 1.5), (0.3, 0.25))
_ACTIONS = ((0.75, 1.0), (0.5, 0.5))
_SAID = 0.45  # of the words, where neither what is done nor to what is the same
_TURNED_WORDS = 0.8  # of their words that two texts share where only one is read as a denial
_SAME_FROM = 3.5


@dataclass(frozen=True, slots=True)
class Gist:
    """What of a text decides which story it tells."""

    language: str
    names: frozenset[str]
    actions: frozenset[str]
    deeds: frozenset[str]  # actions of the headline and the first sentence
    headline: frozenset[str]  # actions of the headline
    marks: frozenset[str]  # words of the headline with digits in them: "S1", "number 12", "2,000"
    things: frozenset[str]
    figures: tuple[Quantity, ...]
    leading: int  # so many of the figures stand in the headline or the first sentence
    turned: str  # "denied", "not known": it tells that something is not so; "" otherwise
    first: str  # the name that comes first: as a rule who acts, or speaks
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether two texts tell one story, and why, in words."""

    same: bool
    why: str


def gist(text: str, language: str | None = None) -> Gist:
    """Return what decides which story a text tells; its first line is its headline."""
    return _gist(text[:_READ], language)


@lru_cache(maxsize=4096)
def _gist(text: str, language: str | None) -> Gist:
    reading = read(text, language)
    lead = reading.sentences[:_LEAD]
    concepts = {key for sentence in lead for key in sentence.concepts}
    return Gist(
        language=reading.language,
        names=frozenset(key for sentence in lead for key in _names(sentence)),
        actions=frozenset(key for key in concepts if is_action(key)),
        deeds=frozenset(key for sentence in lead[:2] for key in sentence.concepts if is_action(key)),
        headline=frozenset(key for sentence in lead[:1] for key in sentence.concepts if is_action(key)),
        marks=frozenset(_DIGITS.findall(lead[0].folded) if lead else ()),
        things=frozenset(key for key in concepts if not is_action(key) and not is_light(key)),
        figures=tuple(q for sentence in lead for q in sentence.quantities if _counts(q)),
        leading=sum(_counts(q) for sentence in lead[:2] for q in sentence.quantities),
        turned=_turned(reading),
        first=next((name for sentence in lead[:1] for name in _in_order(sentence)), ""),
        keys=frozenset(key for sentence in lead for key in sentence.keys),
    )


def _names(sentence: Sentence) -> set[str]:
    found = set(sentence.names)
    known = [hit for hits in sentence.names.values() for hit in hits]
    for word in sentence.words:
        folded = sentence.folded[word.start : word.end].removesuffix("'s")
        if not word.capital or len(folded) < _LEAST_NAME:
            continue
        if any(hit.start <= word.start < hit.end for hit in known):
            continue
        if key := skeleton(folded):
            found.add(f"={key[:_NAME_KEY]}")
    return found


def _counts(quantity: Quantity) -> bool:
    return quantity.measure not in _TIMES and not (quantity.measure is None and quantity.value < 10)


def _in_order(sentence: Sentence) -> list[str]:
    return sorted(sentence.names, key=lambda name: min(hit.start for hit in sentence.names[name]))


def _turned(reading: Reading) -> str:
    kinds = {
        cue.kind
        for sentence in reading.sentences[:2]
        for cue in cues_of(sentence, reading.language)
        if not cue.rejected
    }
    return "not known" if kinds == {"disclaimer"} else "denied" if kinds else ""


def same_story(one: Gist, other: Gist, *, cites: bool = False) -> Likeness:
    """Say whether two texts, seen within `WINDOW` of each other, tell one development.

    `cites` says that one names the outlet of the other as where it has it from.
    """
    if (against := _apart(one, other)) is not None:
        return Likeness(False, against)
    found: list[tuple[float, str]] = [(1.5 if cites else 0.0, "names its source")]
    if (figure := _leading_figure(one, other)) is not None:
        found.append((2.0, f"figure {figure}"))
    elif (figure := _shared_figure(one.figures, other.figures)) is not None:
        found.append((1.0, f"figure {figure}"))
    elif one.leading and other.leading:
        found.append((-0.5, "other figures"))
    names = one.names & other.names
    own = {name for name in names if name.startswith("=")}
    found.append((1.0 if _overlap(one.names, other.names) >= 0.75 else 0.0, f"{len(names)} names"))
    found.append((0.5 if own else 0.0, "names of its own"))
    told = [
        (_worth(_near_share(one.actions, other.actions), _ACTIONS), "action"),
        (1.0 if _near_share(one.things, other.things) >= 0.5 else 0.0, "subject"),
    ]
    found += told
    if one.turned:  # whose denial it is decides
        found.append((1.0 if one.first == other.first else -0.5, "denial"))
    if one.language == other.language and min(len(one.keys), len(other.keys)) >= 4:
        share = _overlap(one.keys, other.keys)
        found.append((_worth(share, _WORDS), f"{share:.0%} of the words"))
    elif not cites and not _near_share(
        one.actions, other.actions
    ):  # what happened must be known where words cannot tell
        return Likeness(False, "across languages, no action in common")
    if not cites and not any(worth for worth, _ in told) and _overlap(one.keys, other.keys) < _SAID:
        return Likeness(False, "only names and figures in common")
    score = sum(worth for worth, _ in found)
    shared = ", ".join(word for worth, word in found if worth) or "nothing"
    return Likeness(score >= _SAME_FROM, f"{shared} ({score:.1f} of {_SAME_FROM:.0f})")


def _apart(one: Gist, other: Gist) -> str | None:
    """Return what makes two texts two stories whatever else they share, None when nothing does."""
    if not one.names & other.names or _overlap(one.names, other.names) < 0.5:
        return "other names"
    if one.turned != other.turned and not (
        one.language == other.language and _overlap(one.keys, other.keys) >= _TURNED_WORDS
    ):
        return "one of them denies, or does not know"
    for mine, theirs in ((one, other), (other, one)) if not (one.turned and other.turned) else ():
        for deed in mine.deeds:
            if opposite(deed) & theirs.deeds - mine.deeds:
                return f"the opposite of {deed}"
    for mine, theirs in ((one, other), (other, one)):
        if mine.headline and theirs.actions and not _near_share(mine.headline, theirs.actions):
            return "a headline tells of another deed"
    if one.marks and other.marks and not one.marks & other.marks and not _leading_figure(one, other):
        return "other numbers in the headline"
    if _clash(one, other):
        return "other figures"
    return None


def _clash(one: Gist, other: Gist) -> bool:
    """Say whether the texts count the same thing and come to other figures, in all they count."""
    pairs = [(q, r) for q in one.figures for r in other.figures if _one_measure(q, r)]
    return bool(pairs) and not any(_agree(q, r) or "vague" in (q.bound, r.bound) for q, r in pairs)


def _leading_figure(one: Gist, other: Gist) -> str | None:
    return _shared_figure(one.figures[: one.leading], other.figures[: other.leading])


def _shared_figure(one: tuple[Quantity, ...], other: tuple[Quantity, ...]) -> str | None:
    for q in one:
        for r in other:
            if _one_measure(q, r) and "vague" not in (q.bound, r.bound) and _agree(q, r):
                return q.text
    return None


def _one_measure(one: Quantity, other: Quantity) -> bool:
    if one.role != other.role and "ratio" in (one.role, other.role):
        return False
    if one.measure is None or other.measure is None:
        return one.measure is other.measure
    return includes(one.measure, other.measure) or includes(other.measure, one.measure)


def _agree(one: Quantity, other: Quantity) -> bool:
    most = max(abs(one.value), abs(other.value))
    return compatible(one, other) and (most == 0 or abs(one.value - other.value) <= _CLOSE * most)


def _near_share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share (0..1) of the shorter list's concepts that the other has, or has one near to."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if not short:
        return 0.0
    return sum(1.0 if c in long else 0.5 if near(c) & long else 0.0 for c in short) / len(short)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _worth(share: float, steps: tuple[tuple[float, float], ...]) -> float:
    return next((worth for least, worth in steps if share >= least), 0.0)
