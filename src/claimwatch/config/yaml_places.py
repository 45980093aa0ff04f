"""Where things stand in a YAML text: ends of values, hyphens of lists, lines."""

from __future__ import annotations

import re

import yaml


class Unwritable(Exception):
    """A text is laid out in a way that is not edited here; the message says in which."""


class Places:
    """Finds places in one text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def end(self, node: yaml.Node) -> int:
        """Return where the last letter of a value ends."""
        if isinstance(node, yaml.ScalarNode) or is_flow(node):
            start, end = node.start_mark.index, node.end_mark.index
            return start + len(self.text[start:end].rstrip())
        if isinstance(node, yaml.SequenceNode):
            last = node.value[-1]
            return self.hyphens(node)[-1] + 1 if nothing(last) and not written(last) else self.end(last)
        return self.entry_end(*node.value[-1])

    def entry_end(self, key: yaml.Node, node: yaml.Node) -> int:
        if nothing(node) and not written(node):
            return self.text.index(":", key.end_mark.index) + 1
        return self.end(node)

    def line_start(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def line_end(self, at: int) -> int:
        found = re.compile(r"[\r\n]").search(self.text, at)
        return found.start() if found else len(self.text)

    def next_line(self, at: int) -> int:
        end = self.line_end(at)
        return end + 2 if self.text[end : end + 2] == "\r\n" else min(end + 1, len(self.text))

    def first_on_line(self, at: int) -> bool:
        return not self.text[self.line_start(at) : at].strip()

    def hyphens(self, node: yaml.SequenceNode) -> list[int]:
        """Return where the hyphens of a list stand. Raises: Unwritable."""
        column, at, found = node.start_mark.column, node.start_mark.index, []
        start = self.line_start(at)
        if self.text[start:at].strip():
            raise Unwritable("a list begins behind something else")
        for each in node.value:
            while not (
                self.text[start : start + column].strip() == ""
                and self.text[start + column : start + column + 1] == "-"
            ):
                start = self.next_line(start)
                if start >= len(self.text) or start > max(each.start_mark.index, at):
                    raise Unwritable("a hyphen is not where it should be")
            found.append(start + column)
            end = start + column if nothing(each) else self.end(each)
            start = self.next_line(end)
        return found

    def own_lines(self, start: int, end: int) -> bool:
        rest = re.compile(r"[ \t]*,[ \t]*(#[^\r\n]*)?(?:[\r\n]|$)").match(self.text, end)
        return bool(rest) and self.first_on_line(start)


def is_flow(node: yaml.Node) -> bool:
    return bool(getattr(node, "flow_style", False)) and not isinstance(node, yaml.ScalarNode)


def nothing(node: yaml.Node) -> bool:
    return (
        isinstance(node, yaml.ScalarNode)
        and not node.style
        and node.value in ("", "~", "null", "Null", "NULL")
    )


def written(node: yaml.Node) -> bool:
    return bool(node.end_mark.index > node.start_mark.index)


def kind_of(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "settings"
    return "list" if isinstance(node, yaml.SequenceNode) else "text"
