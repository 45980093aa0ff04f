"""A YAML file as a tree that remembers where everything stands and how it was written."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Source:
    """One file as people know it: its name on screen and its lines."""

    name: str
    lines: list[str] = field(default_factory=list)

    def line(self, number: int) -> str:
        """Return line `number` (from 1), or "" past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(slots=True, eq=False)
class Node:
    """A value in a file; lines and columns count from 1, `end` is the column after it on its first line."""

    source: Source
    line: int
    column: int
    end: int


@dataclass(slots=True, eq=False)
class Scalar(Node):
    """A text as written; `plain` when no quotes stood around it."""

    text: str
    plain: bool

    @property
    def empty(self) -> bool:
        """True when nothing was written (or YAML's ~ and null, which mean nothing)."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True, eq=False)
class Sequence(Node):
    """A list."""

    items: list[Node]


@dataclass(slots=True, eq=False)
class Mapping(Node):
    """Settings in the order of the file; a key may stand twice, whoever reads it says so."""

    entries: list[tuple[Scalar, Node]]

    def get(self, key: str) -> Node | None:
        """Return the value of the first `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)
