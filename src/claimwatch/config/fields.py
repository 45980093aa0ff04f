"""The settings of one mapping, taken one by one; what is unknown, double, empty or misshapen is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from claimwatch.config.nodes import Mapping, Node, Scalar, Sequence
from claimwatch.config.problems import Problems, did_you_mean

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(?:\d{1,6}\s?[smhdw]\s?){1,5}")
_SPAN_PART = re.compile(r"(\d{1,6})\s?([smhdw])")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SEXAGESIMAL = re.compile(r"[0-9]{1,2}(?::[0-5]?[0-9]){1,2}")
_OLD_BOOLS = {"yes", "no", "on", "off", "y", "n"}
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)  # ... written as an escape
_SECRETISH = re.compile(r"(?i)pass|token|secret|key|webhook|credential")


def lost_comment(node: Scalar) -> str | None:
    """Return what YAML dropped behind a text for standing after #, when it looks like part of the text."""
    if not node.plain:
        return None
    after = node.source.line(node.line)[node.end - 1 :]
    found = re.match(r"\s*(#[^\s#].*)$", after)
    return found[1].rstrip() if found else None


class Fields:
    """Takes settings out of a mapping. `what` names the mapping in messages ("feed 2", "claim x")."""

    def __init__(
        self,
        node: Mapping,
        what: str,
        known: Collection[str],
        problems: Problems,
        *,
        others: bool = False,
    ) -> None:
        """With `others`, keys beyond the known ones are allowed (the lines of names of a topic)."""
        self.node = node
        self.what = what
        self.problems = problems
        self.values: dict[str, tuple[Scalar, Node]] = {}
        for key, value in node.entries:
            if key.text in self.values:
                first = self.values[key.text][0].line
                self.problems.error(
                    3, key, what, f"{key.text} is defined twice, lines {first} and {key.line}. Keep one."
                )
                continue
            self.values[key.text] = (key, value)
            if others or key.text in known:
                continue
            suggestion = did_you_mean(key.text, known)
            if _SECRETISH.search(key.text + suggestion) and isinstance(value, Scalar):
                problems.hide(value.text)
            self.problems.error(2, key, what, f'There is no setting "{key.text}".{suggestion}')

    def has(self, key: str) -> bool:
        return key in self.values

    def key(self, name: str) -> Node:
        """Return where the setting's name stands, or the mapping when it is not there."""
        found = self.values.get(name)
        return found[0] if found else self.node

    def value(self, name: str) -> Node:
        """Return where the setting's value stands, or the mapping when it is not there."""
        found = self.values.get(name)
        return found[1] if found else self.node

    def error(self, number: int, node: Node, name: str, message: str) -> None:
        what = ", ".join(part for part in (self.what, name) if part)
        self.problems.error(number, node, what, message)

    def missing(self, name: str, example: str, *, spoken: str = "") -> None:
        """Say that a required setting is not there; `spoken` is the mapping's name in the sentence."""
        what = spoken or self.what[:1].upper() + self.what[1:]
        place = self.node.entries[0][0] if self.node.entries else self.node
        self.problems.error(5, place, self.what, f"{what} has no {name}. Add:  {name}: {example}")

    # ------------------------------------------------------------ values

    def _scalar(self, name: str, kind: str) -> Scalar | None:
        if name not in self.values:
            return None
        key, node = self.values[name]
        return self.as_scalar(node, key, name, kind)

    def as_scalar(self, node: Node, key: Node, name: str, kind: str) -> Scalar | None:
        """Return the node when one value stands there; else say what should."""
        if not isinstance(node, Scalar):
            self.error(1, key, name, f"{name} takes {kind}, not {_kind(node)}.")
            return None
        if node.empty:
            self._nothing(node, key, name)
            return None
        dropped = lost_comment(node)
        if dropped:
            self.error(
                4, node, name,
                f"YAML reads {node.text} {dropped} as {node.text}. Put it in quotes.\n"
                "(# begins a comment; if you want one here, put a space after #.)",
            )  # fmt: skip
            return None
        return node

    def _nothing(self, node: Scalar, key: Node, name: str) -> None:
        # The parser may place an empty value far below: the key's line is the one to look at.
        line = key.source.line(key.line)
        comment = re.search(r"\s(#\S.*)$", line[key.end - 1 :]) or re.search(r"[\[{,](#\S.*)$", line)
        if node.text:
            self.error(4, node, name, f"YAML reads {node.text} as nothing. Put it in quotes.")
        elif comment:
            word = comment[1].strip()
            self.error(
                4, key, name,
                f"Nothing stands after {name}: because # begins a comment.\n"
                f'Put a name that begins with # in quotes:  {name}: "{word}"',
            )  # fmt: skip
        else:
            self.error(4, key, name, f"Nothing stands after {name}. Write a value or remove the line.")

    def text(self, name: str) -> str | None:
        """Return the text as written (trimmed); None when it is missing or was refused."""
        node = self._scalar(name, "a text")
        return None if node is None else self._as_text(node, name)

    def _as_text(self, node: Scalar, name: str) -> str | None:
        if node.plain and node.text in _BOOLS:
            self.error(4, node, name, f"YAML reads {node.text} as yes/no. Put it in quotes.")
            return None
        text = " ".join(node.text.split())
        hidden = _UNSEEN.search(text)
        if hidden:
            code = f"U+{ord(hidden[0]):04X}"
            self.error(4, node, name, f"An invisible control character ({code}) stands in {name}.")
            return None
        if not text:
            self.error(5, node, name, f"{name} is empty. Write a value or remove the line.")
            return None
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; one bare text counts as a list of one. Doubles are dropped."""
        return tuple(dict.fromkeys(text for text, _ in self.placed_texts(name)))

    def placed_texts(self, name: str) -> list[tuple[str, Scalar]]:
        """Return a list of texts with their places."""
        if name not in self.values:
            return []
        key, node = self.values[name]
        return self.as_texts(node, key, name)

    def as_texts(self, node: Node, key: Node, name: str) -> list[tuple[str, Scalar]]:
        found: list[tuple[str, Scalar]] = []
        for item in node.items if isinstance(node, Sequence) else [node]:
            scalar = self.as_scalar(
                item, item if isinstance(node, Sequence) else key, name, "a list of texts"
            )
            text = None if scalar is None else self._as_text(scalar, name)
            if scalar is not None and text is not None:
                found.append((text, scalar))
        return found

    def flag(self, name: str) -> bool:
        """Return true or false; false when missing."""
        node = self._scalar(name, "true or false")
        if node is None:
            return False
        if node.plain and node.text in _BOOLS:
            return _BOOLS[node.text]
        if node.text.lower() in _OLD_BOOLS:
            meant = "true" if node.text.lower() in ("yes", "on", "y") else "false"
            self.error(
                4, node, name, f'YAML reads {node.text} as the text "{node.text}". Write:  {name}: {meant}'
            )
        else:
            self.error(4, node, name, f'{name} takes true or false, not "{node.text}".')
        return False

    def whole(self, name: str, *, least: int = 0, most: int = 10**9) -> int | None:
        """Return a whole number within bounds."""
        node = self._scalar(name, "a whole number")
        if node is None:
            return None
        if not re.fullmatch(r"[0-9]{1,12}", node.text):
            self.error(4, node, name, f'{name} takes a whole number, not "{node.text}".')
            return None
        number = int(node.text)
        if not least <= number <= most:
            self.error(31, node, name, f"{name} takes a number from {least:,} to {most:,}, not {number:,}.")
            return None
        return number

    def span(self, name: str) -> timedelta | None:
        """Return a span of time such as 90s, 5m, 2h, 1d or 1h30m."""
        node = self._scalar(name, "a span of time such as 5m")
        if node is None:
            return None
        text = node.text.strip()
        if _SPAN.fullmatch(text):
            seconds = sum(int(n) * _UNITS[unit] for n, unit in _SPAN_PART.findall(text))
            if seconds <= 3650 * 86_400:
                return timedelta(seconds=seconds)
        if node.plain and _SEXAGESIMAL.fullmatch(text):
            self.error(
                4, node, name,
                f"YAML reads {text} without quotes as the number {sexagesimal(text)}.\n"
                f"Write a span with its unit:  {name}: 5m",
            )  # fmt: skip
        elif text.isdecimal():
            self.error(4, node, name, f"{name}: {text} of what? Write a unit:  {name}: {text}m")
        else:
            self.error(4, node, name, f'I cannot read "{text}". Write a span such as 90s, 5m, 2h or 1d.')
        return None

    def day(self, name: str) -> date | None:
        """Return a calendar day written YYYY-MM-DD."""
        node = self._scalar(name, "a day such as 2025-07-02")
        if node is None:
            return None
        found = _DATE.fullmatch(node.text.strip())
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                self.error(4, node, name, f'There is no day "{node.text}".')
                return None
        self.error(
            4, node, name, f'I cannot read the day "{node.text}". Write year-month-day:  {name}: 2025-07-02'
        )
        return None

    def one_of(self, name: str, choices: Iterable[str]) -> str | None:
        """Return one of the given words, found without regard to case."""
        node = self._scalar(name, "a word")
        if node is None:
            return None
        known = list(choices)
        for choice in known:
            if choice.lower() == node.text.strip().lower():
                return choice
        hint = did_you_mean(node.text, known) or f" One of: {', '.join(known)}."
        self.error(25, node, name, f'{name} "{node.text}" is not known.{hint}')
        return None

    def mapping(self, name: str) -> Mapping | None:
        """Return settings that stand one step deeper."""
        if name not in self.values:
            return None
        key, node = self.values[name]
        if isinstance(node, Mapping):
            return node
        if isinstance(node, Scalar) and node.empty:
            self._nothing(node, key, name)
        else:
            self.error(
                1,
                node if isinstance(node, Scalar) else key,
                name,
                f"{name} takes settings, not {_kind(node)}.",
            )
        return None


def sexagesimal(text: str) -> str:
    """Return the number an old YAML reader makes of 22:30 (base 60)."""
    number = 0
    for part in text.split(":"):
        number = number * 60 + int(part)
    return str(number)


def _kind(node: Node) -> str:
    if isinstance(node, Mapping):
        return "settings"
    if isinstance(node, Sequence):
        return "a list"
    return f'"{node.text}"' if isinstance(node, Scalar) and not node.empty else "nothing"


def spoken(span: timedelta) -> str:
    """Return a span as people write it: 90s, 5m, 2h, 1d."""
    seconds = int(span.total_seconds())
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"
