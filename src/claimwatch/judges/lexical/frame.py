"""What a claim says, part by part: who, does what, to whom or what, where, how many, at which stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from claimwatch.core.model import Claim
from claimwatch.language.concepts import is_action, is_light
from claimwatch.language.lexicon import Hit
from claimwatch.language.polarity import cues_of
from claimwatch.language.quantities import read_quantity
from claimwatch.language.quantity import Quantity
from claimwatch.language.reading import NameFinder, Reading, read

_TIMES = ("years", "months", "weeks", "days", "hours", "minutes")
PLACES = ("kursk", "donbas", "zaporizhzhia", "kherson", "kharkiv", "sumy", "odesa", "crimea",
"belgorod", "bakhmut", "vladivostok", "sunan",
           "rajin", "pyongyang_city")  # fmt: skip
_CAPITALISED = (
    "en",
    "fr",
    "es",
    "it",
    "ru",
    "uk",
    "pl",
    "pt",
    "nl",
    "cs",
    "mk",
    "bg",
)  # names, not all nouns
_HELPING = ("fight", "prepare", "use", "increase", "attack")
_ASPECTS = ("more", "occupied")


@dataclass(frozen=True, slots=True)
class Frame:
    """A claim's parts. `aspects` must be met before a text can contradict or update the claim."""

    reading: Reading
    names: tuple[str, ...]
    places: tuple[str, ...]
    things: tuple[str, ...]
    actions: tuple[str, ...]
    aspects: tuple[str, ...]
    keys: tuple[str, ...]
    capitals: frozenset[str]
    others: tuple[tuple[str, ...], ...]  # names no lexicon knows, each as the keys of its words
    surely: bool  # one of these names stands inside a sentence, where only names have capitals
    plain: tuple[tuple[str, frozenset[str]], ...]  # the other words with what they mean
    quantity: Quantity | None
    planned: bool
    negated: bool
    booked: bool  # it names a party that the alias book knows and no lexicon
    when: str | None = None  # a date that the config says in place of the text's

    @property
    def deeds(self) -> tuple[str, ...]:
        """The one or two actions that make the claim; helping words ("helped to", "prepares to") stand back."""
        strong = [action for action in self.actions if action not in _HELPING]
        return tuple(strong[:2] if strong else self.actions[:2])


def ordered(reading: Reading, table: str) -> list[str]:
    """Return the keys of a table ("names", "concepts") in the order of the text."""
    placed: dict[str, int] = {}
    base = 0
    for sentence in reading.sentences:
        for key, hits in getattr(sentence, table).items():
            placed.setdefault(key, base + min(hit.start for hit in hits))
        base += len(sentence.folded)
    return sorted(placed, key=lambda key: placed[key])


def other_names(reading: Reading) -> tuple[tuple[str, ...], ...]:
    """Return the names no lexicon knows: words with a capital, neighbours as one name ("Lake Orsa")."""
    if reading.language not in _CAPITALISED:
        return ()
    found: list[list[str]] = []
    for sentence in reading.sentences:
        capital = sum(word.capital for word in sentence.words)
        if len(sentence.words) > 4 and capital > 0.7 * len(sentence.words):
            continue  # a title in capitals tells nothing of names
        taken = [hit for hits in (*sentence.names.values(), *sentence.concepts.values()) for hit in hits]
        taken += [
            hit for hit in sentence.hits if hit.section in ("vague", "ratios", "before", "cues", "measures")
        ]
        last = -10
        for word in sentence.words:
            first = word.start == 0 and sentence.text[:1].isupper()
            if not (word.capital or first) or word.key.isdigit() or len(word.key) < 3:
                continue
            if any(hit.start <= word.start and word.end <= hit.end for hit in taken):
                continue
            spelling = sentence.folded[word.start : word.end].removesuffix("'s")
            if spelling in reading.lexicon.months or spelling in reading.lexicon.weekdays:
                continue
            spellings = [word.key, spelling]
            if found and word.start - last <= 1:
                found[-1].extend(spellings)
            else:
                found.append(spellings)
            last = word.end
    return tuple(tuple(keys) for keys in found)


def _counts(hit: Hit) -> bool:
    return hit.section in ("before", "cues", "vague") or (
        hit.section == "measures" and hit.key in (*_TIMES, "dollars", "euros", "pounds", "percent")
    )


def _plain(reading: Reading, others: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the words that are no names, with the concepts they belong to."""
    names = {key for keys in others for key in keys}
    found: dict[str, frozenset[str]] = {}
    for sentence in reading.sentences:
        counting = [hit for hit in sentence.hits if _counts(hit)]
        for word in sentence.words:
            meaning = sentence.meaning.get(word.key, frozenset())
            if word.key in names or word.key.isdigit() or meaning & sentence.names.keys():
                continue
            if word.key in reading.lexicon.multipliers or any(
                hit.start <= word.start < hit.end for hit in counting
            ):
                continue
            found.setdefault(word.key, meaning)
    return tuple(found.items())


def _book_names(reading: Reading) -> list[list[Hit]]:
    """Return, a sentence at a time, where names stand that the alias book knows."""
    return [
        [hit for hits in sentence.names.values() for hit in hits if hit.section == "book"]
        for sentence in reading.sentences
    ]


def _only_in_names(concept: str, reading: Reading, book: list[list[Hit]]) -> bool:
    """True for "ships" in "Lowland Ships Ltd": a part of a name is nothing the claim speaks of."""
    return all(
        any(name.start <= hit.start and hit.end <= name.end for name in names)
        for sentence, names in zip(reading.sentences, book, strict=True)
        for hit in sentence.concepts.get(concept, ())
    )


@lru_cache(maxsize=2048)
def _frame(text: str, language: str | None, phrase: str | None, known: NameFinder | None) -> Frame:
    reading = read(text, language, known)
    names = ordered(reading, "names")
    book = _book_names(reading)
    concepts = [c for c in ordered(reading, "concepts") if not _only_in_names(c, reading, book)]
    quantity = read_quantity(phrase, None) if phrase else None
    if quantity is None:
        for sentence in reading.sentences:
            usable = [q for q in sentence.quantities if q.measure not in _TIMES]
            if usable:
                quantity = usable[0]
                break
    hedged = any("hedge" in sentence.cues or "future" in sentence.cues for sentence in reading.sentences)
    keys: dict[str, None] = {}
    capitals: set[str] = set()
    for sentence in reading.sentences:
        for word in sentence.words:
            keys.setdefault(word.key)
            if word.capital:
                capitals.add(word.key)
    others = other_names(reading)
    named = {key for keys in others for key in keys}
    aspects = [concept for concept in concepts if concept in _ASPECTS]
    if quantity is not None and quantity.role == "increment" and "more" not in aspects:
        aspects.append("more")
    if quantity is not None and quantity.role == "ratio":
        aspects.append("ratio")
    return Frame(
        reading=reading,
        names=tuple(name for name in names if name not in PLACES),
        places=tuple(name for name in names if name in PLACES),
        things=tuple(c for c in concepts if not is_action(c) and not is_light(c) and c not in _ASPECTS),
        actions=tuple(c for c in concepts if is_action(c)),
        aspects=tuple(aspects),
        keys=tuple(keys),
        capitals=frozenset(capitals),
        others=others,
        booked=any(book),
        surely=any(book)
        or any(
            word.capital and word.key in named for sentence in reading.sentences for word in sentence.words
        ),
        plain=_plain(reading, others),
        quantity=quantity,
        planned=hedged,
        negated=any(
            cue.kind == "negation"
            for sentence in reading.sentences
            for cue in cues_of(sentence, reading.language)
        ),
    )


def frame_as_written(claim: Claim, language: str | None, known: NameFinder | None = None) -> Frame:
    """Return the frame read from the claim's wording in the text's language, or its text when there is none.

    `known` finds the names that the alias book knows.
    """
    frame = _frame(claim.text, claim.language, claim.quantity, known)
    for wording in claim.wordings:
        if language and wording.language.split("-")[0].lower() == language:
            return _joined(frame, _frame(wording.text, language, claim.quantity, known))
    return frame


def _joined(frame: Frame, local: Frame) -> Frame:
    """The claim's own parts, with the words of the wording in the text's language."""
    return replace(
        local,
        names=tuple(dict.fromkeys((*frame.names, *local.names))),
        places=frame.places or local.places,
        things=frame.things or local.things,
        actions=frame.actions or local.actions,
        aspects=frame.aspects or local.aspects,
        quantity=frame.quantity or local.quantity,
        planned=frame.planned or local.planned,
        negated=frame.negated,
    )
