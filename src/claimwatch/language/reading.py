"""A text, read: sentences with their words, names, concepts and cues. Reading is cached; one text meets many claims."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from claimwatch.language.detect import detect
from claimwatch.language.lexicon import Hit, Lexicon, lexicon_for
from claimwatch.language.normalize import fold_with_offsets
from claimwatch.language.quantities import find_quantities
from claimwatch.language.quantity import Quantity
from claimwatch.language.sentences import split_sentences

SENTENCES = 24  # of a text that are read; feeds give a headline and a lead
_STEMMERS = {"en": "english", "fr": "french", "ru": "russian", "de": "german", "es": "spanish", "it": "italian",
             "pl": "polish", "pt": "portuguese", "nl": "dutch", "cs": "czech", "sv": "swedish"}  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:'[a-z]{1,2}(?![^\W_]))?")
_HAN = re.compile("[\u4e00-\u9fff]{2,}|[ァ-ヿ]{2,}|[a-z0-9]{2,}")
_KO_ENDINGS = re.compile(
    "(?:에서는|으로는|에게서|이라고|라고|에서|으로|에게|까지|부터|이나|이다|했다|한다|하는|하고|하지|하며|됐다|된다|되는|들이|들은|들을|들의|들|은|는|이|가|을|를|의|에|로|와|과|도|만|한|할|해|함|고|다)$"
)


class KnownName(NamedTuple):
    """A name that somebody beside the lexicons knows, by its offsets in a sentence.

    `listed`: the lexicons have its key too, by other names.
    """

    start: int
    end: int
    key: str
    listed: bool = False


# Finds such names in a sentence of a language; a reading is remembered for each finder.
NameFinder = Callable[[str, str], Sequence[KnownName]]


class Word(NamedTuple):
    """One word: folded offsets, its key (stem) and whether it was written with a capital inside a sentence."""

    start: int
    end: int
    key: str
    capital: bool


@dataclass(slots=True)
class Sentence:
    """One sentence with everything the judges ask of it. Offsets are folded; `verbatim` maps them back."""

    text: str
    folded: str
    offsets: list[int] | None
    words: list[Word]
    hits: list[Hit]
    concepts: dict[str, list[Hit]] = field(default_factory=dict)
    names: dict[str, list[Hit]] = field(default_factory=dict)
    cues: dict[str, list[Hit]] = field(default_factory=dict)
    quantities: list[Quantity] = field(default_factory=list)
    keys: frozenset[str] = frozenset()
    meaning: dict[str, frozenset[str]] = field(
        default_factory=dict
    )  # word key -> concepts and names it belongs to

    def verbatim(self, start: int, end: int) -> str:
        """Return the words of the text at folded offsets."""
        if self.offsets is None:
            return self.text[start:end]
        last = self.offsets[end - 1] + 1 if end else 0
        return self.text[self.offsets[start] : last] if start < len(self.offsets) else ""


@dataclass(slots=True)
class Reading:
    """A whole text, read in its language."""

    text: str
    language: str
    lexicon: Lexicon
    sentences: list[Sentence]
    concepts: frozenset[str]
    names: frozenset[str]
    keys: frozenset[str]


@lru_cache(maxsize=16)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name, 20_000) if name else None


@lru_cache(maxsize=32)
def keyer(language: str) -> Callable[[str], str]:
    """Return the function that makes a folded word's key in a language."""
    return lambda word: _stem(word, language)


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    if word.endswith("'s"):
        word = word[:-2]
    if stemmer is not None:
        return str(stemmer.stemWord(word))
    if language in ("uk", "mk", "bg", "be", "sr", "sk") and len(word) > 5:
        return word[: max(4, len(word) - 3 if len(word) > 7 else len(word) - 2)]
    return word


def _words(
    sentence: str, folded: str, offsets: list[int] | None, lexicon: Lexicon, language: str
) -> list[Word]:
    found: list[Word] = []
    if language in ("zh", "ja"):
        for run in _HAN.finditer(folded):
            text = run.group()
            if text[0].isascii() or "ァ" <= text[0] <= "ヿ":
                found.append(Word(run.start(), run.end(), text, text[0].isascii()))
                continue
            for index in range(len(text) - 1):
                start = run.start() + index
                found.append(Word(start, start + 2, text[index : index + 2], False))
        return found
    stop = _stop_set(lexicon.language)
    first = True
    for match in _WORD.finditer(folded):
        start, end = match.span()
        word = match.group()
        letter = sentence[offsets[start]] if offsets is not None else sentence[start]
        capital = letter.isupper()
        key = _KO_ENDINGS.sub("", word) or word if language == "ko" else _stem(word, language)
        if word not in stop and key not in stop and (len(key) > 1 or word.isdigit()):
            found.append(Word(start, end, key, capital and not first))
        first = False
    return found


@lru_cache(maxsize=32)
def _stop_set(language: str) -> frozenset[str]:
    return frozenset(lexicon_for(language).stop)


def _outer(hits: list[Hit]) -> list[Hit]:
    """Drop hits inside a longer hit of the same section."""
    kept: list[Hit] = []
    reach: dict[str, int] = {}
    for hit in hits:
        if hit.end <= reach.get(hit.section, -1):
            continue
        reach[hit.section] = hit.end
        kept.append(hit)
    return kept


_TURNING = ("negation", "refutation", "disclaimer", "no_comment", "denial")


def _free(hits: list[Hit]) -> list[Hit]:
    """Concepts that are not a part of a longer cue: "no signs" is no signing."""
    cues = [hit for hit in hits if hit.section == "cues" and hit.key in _TURNING]
    return [
        hit
        for hit in hits
        if hit.section == "concepts"
        and not any(
            cue.start <= hit.start and hit.end <= cue.end and cue.end - cue.start > hit.end - hit.start
            for cue in cues
        )
    ]


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Drop hits that lie strictly inside a longer one: "anti-aircraft" is no aircraft."""
    kept: list[Hit] = []
    for hit in hits:  # sorted by start, longest first
        if kept and hit.end <= kept[-1].end and (hit.start, hit.end) != (kept[-1].start, kept[-1].end):
            continue
        kept.append(hit)
    return kept


def _meanings(words: list[Word], hits: list[Hit]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for hit in hits:
        for word in words:
            if word.start < hit.end and hit.start < word.end:
                found.setdefault(word.key, set()).add(hit.key)
    return {key: frozenset(values) for key, values in found.items()}


def _with_known(names: list[Hit], known: Sequence[KnownName], offsets: list[int] | None) -> list[Hit]:
    """Return the names with those known beside the lexicons; the longer of two counts.

    Those whose key no lexicon has are of the section "book".

    Of the same words, the known name counts: it may tell apart what is spelled alike.
    """
    at = (lambda place: place) if offsets is None else (lambda place: bisect_left(offsets, place))
    book = _outermost([Hit(at(n.start), at(n.end), "names" if n.listed else "book", n.key) for n in known])
    kept = [hit for hit in names if not any(b.start <= hit.start and hit.end <= b.end for b in book)]
    book = [b for b in book if not any(hit.start <= b.start and b.end <= hit.end for hit in kept)]
    return sorted((*kept, *book), key=lambda hit: (hit.start, -hit.end))


def _sentence(text: str, lexicon: Lexicon, language: str, known: NameFinder | None) -> Sentence:
    folded, offsets = fold_with_offsets(text)
    hits = lexicon.scan(folded)
    words = _words(text, folded, offsets, lexicon, language)
    sentence = Sentence(text, folded, offsets, words, hits)
    names = _outer([hit for hit in hits if hit.section == "names"])
    if known is not None:
        names = _with_known(names, known(text, language), offsets)
    for hit in names:
        sentence.names.setdefault(hit.key, []).append(hit)
    concepts = _outermost(_free(hits))
    for hit in concepts:
        sentence.concepts.setdefault(hit.key, []).append(hit)
    for hit in hits:
        if hit.section == "cues":
            sentence.cues.setdefault(hit.key, []).append(hit)
    sentence.quantities = find_quantities(text, language)
    for quantity in sentence.quantities:
        if quantity.role == "increment":
            sentence.concepts.setdefault("more", []).append(Hit(0, 0, "concepts", "more"))
    sentence.keys = frozenset(word.key for word in words)
    sentence.meaning = _meanings(words, [*names, *concepts])
    return sentence


@lru_cache(maxsize=1024)
def _read(text: str, language: str | None, known: NameFinder | None) -> Reading:
    code = detect(text, language) or "en"
    lexicon = lexicon_for(code)
    sentences = [_sentence(piece, lexicon, code, known) for piece in split_sentences(text, code)[:SENTENCES]]
    concepts: set[str] = set()
    names: set[str] = set()
    keys: set[str] = set()
    for sentence in sentences:
        concepts.update(sentence.concepts)
        names.update(sentence.names)
        keys.update(sentence.keys)
    return Reading(text, code, lexicon, sentences, frozenset(concepts), frozenset(names), frozenset(keys))


def read(text: str, language: str | None = None, known: NameFinder | None = None) -> Reading:
    """Return the text, read in the declared language or, without one, the detected; with the names `known`."""
    return _read(text[:6000], language, known)
