"""Are the names of a topic fit to be found? Too short, too common, look-alike letters, unknown entries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from claimwatch.config.nodes import Node, Scalar
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.core.aliases import AliasBook
from claimwatch.core.matching.names import parse_name

_LETTERS = re.compile(r"[^\W\d_]+")
_PREFIXED = re.compile(r"(?i)\s*(exact|regex)\s*:")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_GREEK = re.compile(r"[\u0370-\u03ff]")
_ALPHABETS = {"Latin": _LATIN, "Cyrillic": _CYRILLIC, "Greek": _GREEK}
_SHORTEST = 3  # letters of a name in an alphabet; two letters are a word in some language
# Letters that look the same, and the letter that stands for the same sound in the other alphabet.
_TO_LATIN = str.maketrans(
    "АВЕКМНОРСТХУІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTXYIJSaeopcyxijsABEZHIKMNOPTYXo"
)
_TO_CYRILLIC = str.maketrans(
    "ABCDEFGHIKLMNOPRSTUVXYZabcdefghiklmnoprstuvxyz", "АБКДЕФГХИКЛМНОПРСТУВХЙЗабкдефгхиклмнопрстувхйз"
)


@cache
def common_words() -> frozenset[str]:
    """Return the commonest words of the languages we have lists for."""
    text = resources.files("claimwatch.config").joinpath("common_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


class NameCheck:
    """Looks at every name of every topic; warns of each once, however many topics share it."""

    def __init__(self, aliases: AliasBook, problems: Problems) -> None:
        self._aliases = aliases
        self._problems = problems
        self._seen: set[str] = set()

    def line(self, what: str, name: str, placed: Iterable[tuple[str, Scalar]]) -> None:
        """Check one line of names."""
        for text, place in placed:
            if text in self._seen:
                continue
            if text[0] == "@" or _PREFIXED.match(text) or not _LETTERS.search(text):
                self._special(f"{what}, {name}", text, place)
            else:
                self._seen.add(text)
                self._plain(f"{what}, {name}", text, place)

    def _special(self, what: str, text: str, place: Node) -> None:
        if text.startswith("@"):
            known = self._aliases.entities
            if text[1:] not in known and not self._problems.incomplete:
                hint = did_you_mean(text, (f"@{name}" for name in known))
                self._problems.error(13, place, what, f'There is no entry "{text[1:]}" in names.yaml.{hint}')
            return
        try:
            parse_name(text)
        except ValueError as error:
            message = str(error)
            self._problems.error(14, place, what, f"{message[:1].upper()}{message[1:]}.")

    def _plain(self, what: str, text: str, place: Node) -> None:
        words = _LETTERS.findall(text)
        if len(words) == 1 and not any(letter.isdigit() for letter in text):
            self._short_or_common(what, words[0], text, place)
        if text.isascii():
            return
        for word in words:
            mixed = [name for name, letters in _ALPHABETS.items() if letters.search(word)]
            if len(mixed) > 1:
                self._problems.warn(17, place, what, _mixed(text, mixed))
                return

    def _short_or_common(self, what: str, word: str, text: str, place: Node) -> None:
        alphabetic = any(letters.match(word) for letters in _ALPHABETS.values())
        if alphabetic and len(word) < _SHORTEST:
            counts = (
                "it counts only as a whole word in capitals"
                if word.isupper()
                else "it is a word of its own in some language"
            )
            self._problems.warn(15, place, what, f'"{text}" is short; {counts}.')
        elif word.lower() in common_words():
            self._problems.warn(
                15, place, what, f'"{text}" is one of the commonest words; nearly every item has it.'
            )


def _mixed(text: str, alphabets: list[str]) -> str:
    named = " and ".join(sorted(alphabets, key=lambda name: name == "Latin"))
    latin = text.translate(_TO_LATIN)
    if "Cyrillic" in alphabets:
        return f'"{text}" mixes {named} letters. Add both "{latin}" and "{text.translate(_TO_CYRILLIC)}".'
    return f'"{text}" mixes {named} letters. Write "{latin}".'


def hidden_by_not(
    vetoes: Iterable[str], lines: Iterable[tuple[str, tuple[str, ...]]]
) -> Iterable[tuple[str, str]]:
    """Return (veto, why) for each name under `not` that a line of the same topic asks for."""
    lines = list(lines)
    everything = "\n".join(name for _, names in lines for name in names).casefold()
    worded = {tuple(_words(veto)): veto for veto in vetoes}
    vetoed = {words: veto for words, veto in worded.items() if words and all(w in everything for w in words)}
    if not vetoed:
        return
    longest = max(map(len, vetoed))
    for line, names in lines:
        for name in names:
            words = tuple(_words(name))
            if words in vetoed:
                veto = vetoed.pop(words)
                yield veto, f'"not" contains "{veto}", which "{line}" also asks for: nothing can match.'
                continue
            for size in range(1, min(longest, len(words)) + 1):
                for start in range(len(words) - size + 1):
                    veto = vetoed.pop(words[start : start + size], "")
                    if veto:
                        yield (
                            veto,
                            (
                                f'"not" contains "{veto}", which is part of "{name}" in "{line}": '
                                "that name can never match."
                            ),
                        )


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name.casefold())
