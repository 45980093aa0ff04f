"""Invented topics and items for `bench match`: made-up words, Zipf-like texts, names planted in disguise.

Nothing is taken from real news; the words are syllables put together, in Latin, Cyrillic, Hangul and Han.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from claimwatch.core.model import Item, NameLine, Topic

SCRIPTS = ("latin", "latin", "latin", "cyrillic", "cyrillic", "hangul", "han")  # how often each is drawn
LANGUAGE = {"latin": "en", "cyrillic": "ru", "hangul": "ko", "han": "zh"}
WORDS_EACH = {"latin": 16_000, "cyrillic": 8_000, "hangul": 4_000, "han": 3_000}
NAME_WORDS_EACH = 12_000
TEXT_WORDS = 62  # about 420 characters
LINES = ("who", "what", "where")

_ONSETS = {
    "latin": (*"bcdfgklmnprstvz", "br", "dr", "gr", "kr", "st", "tr", "pl"),
    "cyrillic": (*"бвгджзклмнпрстф", "бр", "др", "гр", "ст", "тр"),
}
_VOWELS = {"latin": "aeiou", "cyrillic": "аеиоу"}
_CODAS = {
    "latin": ("", "n", "r", "l", "s", "t", "rk", "nd"),
    "cyrillic": ("", "н", "р", "л", "с", "т", "рк", "нд"),
}
# A letter's usual romanisation, for planting names in the other script.
_ROMAN = {**dict(zip("абвгдзиклмнопрстуфе", "abvgdziklmnoprstufe", strict=True)), "ж": "zh"}


@dataclass(frozen=True, slots=True)
class Planted:
    """An item that holds a name in disguise, and the name."""

    item: Item
    name: str
    kind: str


class Material:
    """A vocabulary and what is made of it; the same seed gives the same material."""

    def __init__(self, seed: int = 4) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._common = {script: self._vocabulary(script, count) for script, count in WORDS_EACH.items()}
        self._rare = {script: self._vocabulary(script, NAME_WORDS_EACH) for script in WORDS_EACH}
        self._weights = {
            script: list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
            for script, words in self._common.items()
        }

    def topics(self, count: int) -> list[Topic]:
        """Return topics of 5 to 15 names in three lines."""
        return [
            Topic(f"t{number}", f"Topic {number}", tuple(NameLine(label, self._names()) for label in LINES))
            for number in range(count)
        ]

    def items(self, count: int, topics: list[Topic]) -> list[Item]:
        """Return items; one in twenty names what a topic asks for."""
        items = []
        for number in range(count):
            script = self._random.choice(SCRIPTS)
            words = self._text(script)
            if number % 20 == 0:
                for line in self._random.choice(topics).lines:
                    words.insert(self._random.randrange(len(words)), self._random.choice(line.names))
            items.append(_item(f"i{number}", words, LANGUAGE[script]))
        return items

    def planted(self, count: int, topics: list[Topic]) -> Iterator[Planted]:
        """Yield items with one name each, in disguises taken in turn."""
        kinds: list[tuple[str, Callable[[str], str | None]]] = [
            ("typo", self._typo), ("inflection", self._inflected), ("order", _turned), ("gap", self._gapped),
            ("hyphen", _hyphened), ("transliteration", _romanised), ("case", str.upper),
        ]  # fmt: skip
        made = 0
        while made < count:
            kind, disguise = kinds[made % len(kinds)]
            topic = self._random.choice(topics)
            name = self._random.choice(self._random.choice(topic.lines).names)
            disguised = disguise(name)
            if disguised is None or disguised == name:
                continue
            script = "cyrillic" if kind == "transliteration" else _script(name)
            words = self._text("latin" if kind == "transliteration" else script)
            words.insert(self._random.randrange(5, len(words)), disguised)
            language = LANGUAGE["latin" if kind == "transliteration" else script]
            yield Planted(_item(f"p{made}", words, language), name, kind)
            made += 1

    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._name() for _ in range(self._random.choice((2, 2, 3, 3, 4, 5)))))

    def _name(self) -> str:
        script = self._random.choice(SCRIPTS)
        rare = self._random.choices(self._rare[script], k=self._random.choice((1, 1, 2, 2, 3)))
        words = [word.capitalize() for word in rare]  # names are proper names, mostly
        if self._random.random() < 0.3:  # a common word beside a rare one, as "North" in "North Korea"
            words.append(self._common_word(script))
        if script in ("hangul", "han"):
            return "".join(words[:2])
        if script == "latin" and self._random.random() < 0.1:
            return f"{words[0]}-{self._random.randrange(2, 99)}"
        return " ".join(words)

    def _text(self, script: str) -> list[str]:
        words = [self._common_word(script) for _ in range(TEXT_WORDS)]
        for at in range(8, TEXT_WORDS, 11):
            words[at] += "."
        if script == "han":
            return ["".join(words)[:200], "。"]
        return words

    def _common_word(self, script: str) -> str:
        weights = self._weights[script]
        return self._common[script][bisect(weights, self._random.random() * weights[-1]) % len(weights)]

    def _vocabulary(self, script: str, count: int) -> list[str]:
        words: dict[str, None] = {}
        while len(words) < count:
            words[self._word(script)] = None
        return list(words)

    def _word(self, script: str) -> str:
        pick = self._random.choice
        if script == "hangul":
            return "".join(
                chr(0xAC00 + 28 * self._random.randrange(399) + pick((0, 0, 4, 8)))
                for _ in range(pick((2, 3, 3)))
            )
        if script == "han":
            return "".join(chr(0x4E00 + self._random.randrange(3_000)) for _ in range(pick((2, 2, 3))))
        syllables = pick((2, 3, 3, 4))
        return "".join(pick(_ONSETS[script]) + pick(_VOWELS[script]) for _ in range(syllables)) + pick(
            _CODAS[script]
        )

    def _typo(self, name: str) -> str | None:
        """Return the name with a letter of its longest word lost, doubled, put for another or swapped."""
        longest = max(name.replace("-", " ").split(), key=len)
        if _script(name) in ("han", "hangul") or len(longest) < 5:
            return None
        at = self._random.randrange(1, len(longest) - 1)
        wrong = self._random.choice(
            (longest[:at] + longest[at + 1 :], longest[:at] + longest[at] + longest[at:],
             longest[:at] + self._random.choice(_VOWELS[_script(name)]) + longest[at + 1 :],
             longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :])
        )  # fmt: skip
        return name.replace(longest, wrong)

    def _inflected(self, name: str) -> str | None:
        script = _script(name)
        endings = {"latin": ("s", "'s"), "cyrillic": ("у", "ом", "а"), "hangul": ("이", "은", "의", "에서")}
        if script not in endings or name[-1].isdigit() or name[-1] in "aeiouаеиоуs":
            return None
        return name + self._random.choice(endings[script])

    def _gapped(self, name: str) -> str | None:
        words = name.split()
        if len(words) < 2:
            return None
        return " ".join([words[0], self._common_word(_script(name)), *words[1:]])


def _turned(name: str) -> str | None:
    words = name.split()
    return " ".join([*words[1:], words[0]]) if len(words) >= 2 else None


def _hyphened(name: str) -> str | None:
    if "-" in name:
        return name.replace("-", "")
    return name.replace(" ", "-") if " " in name else None


def _romanised(name: str) -> str | None:
    if _script(name) != "cyrillic":
        return None
    return "".join(_ROMAN.get(letter, letter) for letter in name.lower()).title()


def _script(name: str) -> str:
    letter = name[0]
    if letter < "\u0250":
        return "latin"
    if letter < "\u0530":
        return "cyrillic"
    return "hangul" if letter >= "\uac00" else "han"


def _item(item_id: str, words: list[str], language: str) -> Item:
    return Item(item_id, title=" ".join(words[:9]), summary=" ".join(words[9:]), language=language)
