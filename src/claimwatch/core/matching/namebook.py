"""All names of all topics: which of them may stand in a text, and where."""

from __future__ import annotations

from dataclasses import replace

from claimwatch.core.matching.continuous import ContinuousNames
from claimwatch.core.matching.lexicon import Lexicon
from claimwatch.core.matching.names import Kind, Name, parse_name


class NameBook:
    """Names, numbered; equal entries share a number.

    With `tight`, the words of every name must stand next to each other and in order.
    `settle` makes added names ready to be looked for: each is asked about when its rarest word is met.
    """

    def __init__(self, *, exhaustive: bool = False, tight: bool = False) -> None:
        self._tight = tight
        self.lexicon = Lexicon(exhaustive=exhaustive)
        self.continuous = ContinuousNames()
        self.texts: list[str] = []  # of each name, the entry as the topic writes it
        self.senses: list[str] = []  # and the entry of the alias book it was asked for as, or ""
        self.words_of: list[tuple[int, ...]] = []  # and its words; () when it is not looked for by words
        self.strict: list[bool] = []
        self.special: dict[int, Name] = {}  # those that need more than their words: `exact:`, `regex:`
        self.asked_at: dict[int, tuple[int, ...]] = {}  # a word -> the names to think of when it is met
        self.closed_of: dict[int, int] = {}  # a name -> its closed-up word
        self.closed_at: dict[int, tuple[int, ...]] = {}  # a closed-up word -> the names it is
        self._numbers: dict[str, dict[str, int]] = {"": {}}
        self._frequency: list[int] = []  # of each word, in how many names
        self._unsettled: list[int] = []

    def add(self, text: str, sense: str = "") -> int:
        """Return a name's number; one spelling meant as two things (`sense`) has two.

        Raises: ValueError, when it is no name (see `parse_name`).
        """
        numbers = self._numbers.setdefault(sense, {})
        if (known := numbers.get(text)) is not None:
            return known
        name = parse_name(text)
        number = numbers[text] = len(self.texts)
        self.texts.append(text)
        self.senses.append(sense)
        self.strict.append(name.strict or self._tight)
        self.words_of.append(())
        if name.kind in (Kind.EXACT, Kind.REGEX):
            self.special[number] = replace(name, words=())
        if name.kind is Kind.CONTINUOUS:
            self.continuous.add(number, name.squeezed)
        elif name.kind is not Kind.REGEX:
            self.words_of[number] = tuple(map(self.lexicon.add, name.words))
            self._frequency += [0] * (len(self.lexicon.words) - len(self._frequency))
            for word in self.words_of[number]:
                self._frequency[word] += 1
            self._unsettled.append(number)
            if name.joined is not None:
                closed = self.lexicon.add_closed(name.joined)
                self.closed_of[number] = closed
                self.closed_at[closed] = (*self.closed_at.get(closed, ()), number)
        return number

    def is_regex(self, number: int) -> bool:
        return number in self.special and self.special[number].kind is Kind.REGEX

    def settle(self) -> None:
        """Make the names added since the last time ready to be found."""
        for number in self._unsettled:
            words = self.words_of[number]
            rarest = min(
                words, key=lambda word: (self._frequency[word], -len(self.lexicon.words[word].folded))
            )
            self.asked_at[rarest] = (*self.asked_at.get(rarest, ()), number)
        self._unsettled.clear()
        self.continuous.settle()
