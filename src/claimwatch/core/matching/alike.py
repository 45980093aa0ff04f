"""When is a word of a text the word of a name? The whole meaning of "fuzzy", for one word.

Everything else (the index, the exhaustive matcher that checks it) only finds the pairs to ask about faster
or slower. Exact where meaning is: numbers are equal or not, short words are whole, and another word that
merely looks similar is left to `must_not_confuse`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from claimwatch.language.stemming import is_case_ending, is_korean_ending, languages_for, stems
from claimwatch.language.transliterate import skeleton
from claimwatch.language.words import Script, fold_lowered, lower, script_of

How = Literal["exact", "inflected", "spelled", "transliterated", "typo"]

SHORTEST_INFLECTED = 4  # letters; shorter words count only whole
SHORTEST_SKELETON = 5  # keys of `transliterate.skeleton` are lossy; across scripts one letter less is asked
MOST_RESPELLED = 2  # letters by which two spellings of a name differ, in one script
SHORTEST_TYPO = 5  # "Kursk": a letter lost, doubled or swapped
SHORTEST_SUBSTITUTION = 7  # a letter put for another makes "Japan" of "Jasan": in shorter words doubtful
SHORTEST_DOUBTFUL = 4
DOUBTFUL = 0.75  # ratio of a typo that counts only beside the other words of its name, found as they are
SHORTEST_TYPO_HANGUL = 4  # syllables
TWO_TYPOS_FROM = 10  # letters; below, two edits make another word
INTACT_END = 5  # letters at one end that two edits must leave alone
FREE_TAIL_FROM = 3  # a Korean name of so many syllables may begin a compound word
LONGEST_TAIL = 4


class Likeness(NamedTuple):
    """How a word of a text was recognised, with a ratio in 0..1."""

    how: How
    ratio: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word, of a name or of a text, in the forms it is compared in."""

    lowered: str
    folded: str
    script: Script
    capital: bool = False
    languages: tuple[str, ...] = ()  # of a text's word: those it is read in

    @classmethod
    def of(cls, raw: str, language: str | None = None) -> Word:
        lowered = lower(raw)
        script = script_of(lowered)
        folded = fold_lowered(lowered)
        if script is Script.NUMBER:
            folded = "".join(char for char in folded if char.isdigit())
        return cls(lowered, folded, script, raw[:1].isupper(), languages_for(script, language))


# Languages whose stemmers also take off what stands before a stem; others leave its first letters.
_VOWELS = frozenset("aeiouyаеиоуыіяюїє")
_PREFIXING = frozenset({"ar", "id"})

EXACT = Likeness("exact", 1.0)
INFLECTED = Likeness("inflected", 0.97)
COMPOUND = Likeness("inflected", 0.9)
DECLINED = Likeness("inflected", DOUBTFUL)
SPELLED = Likeness("spelled", 0.93)
TRANSLITERATED = Likeness("transliterated", 0.93)


def alike(name: Word, text: Word) -> Likeness | None:
    """Return how `text` is the word `name`, or None."""
    if "vi" in text.languages and text.lowered != text.folded:
        # Vietnamese accents are part of the word: "Bình Nhưỡng" (Pyongyang) is not "bình thường" (usual).
        return EXACT if name.lowered == text.lowered else None
    if name.folded == text.folded:
        return EXACT
    if name.script in (Script.NUMBER, Script.CONTINUOUS) or text.script in (Script.NUMBER, Script.CONTINUOUS):
        return None
    if name.script is Script.HANGUL:
        return _korean(name, text) if text.script is Script.HANGUL else None
    if len(name.folded) < SHORTEST_INFLECTED:
        return _declined(name, text)
    if len(text.folded) < SHORTEST_INFLECTED - 1:
        return None
    if name.script is text.script:
        if _same_stem(name, text):
            return INFLECTED
        if same_skeleton(name, text):
            return SPELLED
        likeness = typo(name.folded, text.folded)
        if likeness is None or (name.capital and text.capital):
            return likeness
        # "rain" for Rajin, "reason" for Rason; Italian "militari" in an English text on the military.
        other = len(name.folded) == SHORTEST_TYPO or _ends_otherwise(name.folded, text.folded)
        return Likeness("typo", DOUBTFUL) if other else likeness
    return TRANSLITERATED if _same_across(name, text) else None


def typo(name: str, text: str) -> Likeness | None:
    """Return the likeness of a slip of the pen: one edit (or swap), in long words two, or None.

    `DOUBTFUL` is the ratio of one that makes another word as easily.
    """
    if len(name) < SHORTEST_DOUBTFUL or abs(len(name) - len(text)) > 2:
        return None
    two = len(name) >= TWO_TYPOS_FROM and (
        name[:INTACT_END] == text[:INTACT_END] or name[-INTACT_END:] == text[-INTACT_END:]
    )
    distance = OSA.distance(name, text, score_cutoff=2 if two else 1)
    if distance > (2 if two else 1):
        return None
    if len(name) < SHORTEST_TYPO:
        return Likeness("typo", DOUBTFUL) if name[0] == text[0] else None
    swapped = name[0] == text[0] and sorted(name) == sorted(text)
    if len(name) < SHORTEST_SUBSTITUTION and len(name) == len(text) and not swapped:
        return Likeness("typo", DOUBTFUL)
    return Likeness("typo", round(1 - distance / max(len(name), len(text)), 3))


def _ends_otherwise(name: str, text: str) -> bool:
    """Say whether two words differ only by a vowel at the end: another form, or another language's word."""
    short, long = sorted((name, text), key=len)
    if len(short) == len(long):
        return name[:-1] == text[:-1] and name[-1] in _VOWELS and text[-1] in _VOWELS
    return short == long[:-1] and long[-1] in _VOWELS


def stem_keys(name: Word, languages: tuple[str, ...]) -> set[str]:
    """Return the stems a name's word is filed under."""
    if len(name.folded) < SHORTEST_INFLECTED:
        return set()
    return {stem for language in languages for stem in stems(name.lowered, language)}


def across_keys(word: Word) -> set[str]:
    """Return the keys under which a word is found in the other script: of the word, and of its stems."""
    keys: set[str] = set()
    if word.script is Script.CYRILLIC:
        cut = (skeleton(stem) for language in ("ru", "uk") for stem in stems(word.lowered, language))
        keys.update(key for key in cut if len(key) >= SHORTEST_SKELETON)
    whole = skeleton(word.folded)
    if len(whole) >= SHORTEST_SKELETON - 1:
        keys.add(whole)
    return keys


def same_skeleton(name: Word, text: Word) -> bool:
    """Say whether two words of one script are two romanisations of one name (Pantsir, Pantsyr).

    Keys forgive too much ("Beijing", "being"; Italian "militari", "military"): only proper names are
    respelled, and by no more than two letters.
    """
    if not (name.capital and text.capital) or abs(len(name.folded) - len(text.folded)) > 1:
        return False
    key = skeleton(name.folded)
    if len(key) < SHORTEST_SKELETON or key != skeleton(text.folded):
        return False
    return OSA.distance(name.folded, text.folded, score_cutoff=MOST_RESPELLED) <= MOST_RESPELLED


def _same_stem(name: Word, text: Word) -> bool:
    if name.folded[:2] != text.folded[:2] and not _PREFIXING.intersection(text.languages):
        return False
    return any(
        not set(stems(name.lowered, language)).isdisjoint(stems(text.lowered, language))
        for language in text.languages
    )


def _declined(name: Word, text: Word) -> Likeness | None:
    """Return the likeness of "Ына" to "Ын": as a doubtful typo, it counts only beside other words."""
    if len(name.folded) < 2 or not text.folded.startswith(name.folded):
        return None
    rest = text.folded[len(name.folded) :]
    return DECLINED if any(is_case_ending(rest, language) for language in text.languages) else None


def _same_across(name: Word, text: Word) -> bool:
    return not across_keys(name).isdisjoint(across_keys(text))


def _korean(name: Word, text: Word) -> Likeness | None:
    rest = text.folded[len(name.folded) :]
    if rest and text.folded.startswith(name.folded):
        if is_korean_ending(rest):
            return INFLECTED if len(name.folded) > 1 else None
        if len(name.folded) >= FREE_TAIL_FROM and len(rest) <= LONGEST_TAIL:
            return COMPOUND
    if (
        len(name.folded) >= SHORTEST_TYPO_HANGUL
        and OSA.distance(name.folded, text.folded, score_cutoff=1) <= 1
    ):
        return Likeness("typo", round(1 - 1 / len(name.folded), 3))
    return None
