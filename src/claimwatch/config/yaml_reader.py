"""YAML, read strictly: every value is the text as written, with its place; nothing is guessed.

Read by events from PyYAML's C parser, so that nothing is resolved (`no` stays `no`, `010` stays `010`),
anchors cannot multiply, and depth costs no C stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from claimwatch.config.nodes import Mapping, Node, Scalar, Sequence, Source
from claimwatch.config.problems import Problems

MAX_BYTES = 32 * 1024 * 1024  # ten thousand topics in one file take about a third of this
MAX_DEPTH = 12  # the deepest setting (an example of a claim) stands at 6
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line for YAML
_SETTING = re.compile(r"\s*(?:- |[^\s#][^#]*:(?:\s|$))")  # a line that others stand below or beside
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class _Refused(Exception):
    """Reading stops here; the problem was noted."""


def read_yaml(body: bytes, source: Source, problems: Problems) -> Node | None:
    """Return the root of the document; None when it is empty or cannot be read (then noted, with why)."""
    if len(body) > MAX_BYTES:
        problems.incomplete = True
        problems.error(1, source, "", f"The file is larger than {MAX_BYTES // 2**20} MB. Split it.")
        return None
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.incomplete = True
        line = body.count(b"\n", 0, error.start) + 1
        problems.error(1, source, "", f"line {line}: this is not UTF-8 text. Save the file as UTF-8.")
        return None
    source.lines = _BREAK.split(text)
    control = _CONTROL.search(text)
    if control:
        problems.incomplete = True
        line = text.count("\n", 0, control.start()) + 1
        code = f"U+{ord(control[0]):04X}"
        problems.error(
            1, _at(source, line, 1, 1), "", f"An invisible control character ({code}) stands here."
        )
        return None
    try:
        return _Builder(source, problems).build(text)
    except _Refused:
        problems.incomplete = True
    except yaml.MarkedYAMLError as error:
        problems.incomplete = True
        _explain(error, source, problems)
    except yaml.YAMLError as error:
        problems.incomplete = True
        problems.error(1, source, "", f"This is not YAML: {error}")
    return None


def _at(source: Source, line: int, column: int, end: int) -> Node:
    return Node(source, line, column, max(end, column + 1))


def _marks(event: yaml.Event) -> tuple[Any, Any]:
    """Return where an event begins and ends (the C parser always says; its stubs do not)."""
    return event.start_mark, event.end_mark


def _events(text: str) -> Iterator[Any]:
    parser = yaml.CSafeLoader(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


class _Builder:
    """Makes the tree from the parser's events."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self.source = source
        self.problems = problems

    def _node(self, event: yaml.Event) -> Node:
        start, end = _marks(event)
        last = end.column if end.line == start.line else len(self.source.line(start.line + 1))
        return _at(self.source, start.line + 1, start.column + 1, last + 1)

    def _refuse(self, event: yaml.Event, message: str) -> None:
        self.problems.error(4, self._node(event), "", message)
        raise _Refused

    def build(self, text: str) -> Node | None:
        root: Node | None = None
        documents = 0
        open_nodes: list[Mapping | Sequence] = []
        keys: list[Scalar | None] = []  # for each open node: the key whose value comes next
        for event in _events(text):
            kind = type(event)
            node: Node
            if kind is yaml.ScalarEvent:
                node = self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._plain_only(event)
                if len(open_nodes) >= MAX_DEPTH:
                    self._refuse(event, f"Settings are nested more than {MAX_DEPTH} deep here.")
                at = self._node(event)
                place = (at.source, at.line, at.column, at.end)
                node = Mapping(*place, []) if kind is yaml.MappingStartEvent else Sequence(*place, [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                open_nodes.pop()
                keys.pop()
                continue
            elif kind is yaml.AliasEvent:
                self._refuse(
                    event, "* refers to another place in YAML; that is not used here. Put it in quotes."
                )
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._refuse(event, "--- begins a second document. One document a file: make two files.")
                continue
            else:
                continue
            if not open_nodes:
                root = node
            elif isinstance(parent := open_nodes[-1], Sequence):
                parent.items.append(node)
            elif (key := keys[-1]) is not None:
                parent.entries.append((key, node))
                keys[-1] = None
            elif isinstance(node, Scalar):
                keys[-1] = node
                continue
            else:
                self._refuse(event, "A setting's name is one word, not a list.")
            if isinstance(node, (Mapping, Sequence)):
                open_nodes.append(node)
                keys.append(None)
        return root

    def _plain_only(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._refuse(event, "& names a place in YAML; that is not used here. Put it in quotes.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(event, "! begins a YAML tag; tags are not used here. Put it in quotes.")

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if event.anchor is not None or event.tag is not None:
            self._plain_only(event)
        start, end = _marks(event)
        line = start.line + 1
        last = end.column if end.line == start.line else len(self.source.line(line))
        column = start.column + 1
        plain = event.style in (None, "")
        return Scalar(self.source, line, column, max(last + 1, column + 1), event.value, plain)


# ---------------------------------------------------------------- the parser's words in ours


def _explain(error: yaml.MarkedYAMLError, source: Source, problems: Problems) -> None:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    start = error.context_mark or mark
    first, from_column = (start.line + 1, start.column + 1) if start else (line, column)
    context, problem = error.context or "", error.problem or ""
    here = source.line(line)
    letter = here[column - 1 : column]

    def tell(message: str, at: tuple[int, int] | None = None) -> None:
        row, col = at or (line, column)
        row = min(row, max(1, len(source.lines)))
        problems.error(1, _at(source, row, col, col + 1), "", message)

    if "quoted scalar" in context:
        tell(f"line {first}: the quote opened here is never closed", (first, from_column))
    elif "block scalar" in context:
        value = _rest(source.line(first), from_column)
        problems.error(
            4, _at(source, first, from_column, from_column + len(value)), "",
            f"YAML reads {value[:1]} as the start of a block of text. Put it in quotes:  \"{value}\"",
        )  # fmt: skip
    elif "cannot start any token" in problem and letter == "\t":
        tell("A tab stands here. Indent with spaces.")
    elif "cannot start any token" in problem or "found unexpected '%'" in problem:
        value = _rest(here, column)
        problems.error(
            4, _at(source, line, column, column + len(value)), "",
            f"YAML cannot read a text that begins with {letter}. Put it in quotes:  \"{value}\"",
        )  # fmt: skip
    elif "mapping values are not allowed" in problem:
        if re.search(r":\s", here[: column - 1]):
            tell("A colon stands inside a text. Put the text in quotes.")
        else:
            tell(_too_far(source, line), _begin(here, line))
    elif "flow sequence" in context or "flow mapping" in context:
        bracket = "[" if "sequence" in context else "{"
        opened = source.line(first)
        lost = re.search(r"[\s\[{,]#", opened[from_column - 1 :])
        if lost:
            tell(
                f"line {first}: what follows # is a comment, so the {bracket} before it is never closed.\n"
                "Put a name that begins with # in quotes.",
                (first, from_column + lost.start() + 1),
            )
        else:
            tell(
                f"line {first}: the {bracket} opened here is never closed, or a comma is missing",
                (first, from_column),
            )
    elif "undefined alias" in problem or "anchor" in context or "alias" in context:
        tell(f"{letter} has a meaning in YAML that is not used here. Put it in quotes.")
    elif "tag" in context or "tag" in problem:
        tell("! begins a YAML tag; tags are not used here. Put it in quotes.")
    elif "simple key" in context or "could not find expected ':'" in problem:
        tell(
            f"line {first}: a colon is missing after this, or the line is indented wrongly",
            (first, from_column),
        )
    elif quote := _open_quote(source, line, column):
        tell("The quote opened here is not closed on its line.", quote)
    elif "block mapping" in context or "block collection" in context or "block end" in problem:
        tell(_out_of_line(source, line), _begin(here, line))
    elif "found a tab" in problem or "\t" in here[: column - 1]:
        tell("A tab stands here. Indent with spaces.")
    else:
        tell(f"YAML cannot read this: {' '.join(part for part in (context, problem) if part)}.")


def _begin(here: str, line: int) -> tuple[int, int]:
    """Return where the first letter of a line stands."""
    return line, len(here) - len(here.lstrip()) + 1


def _above(source: Source, line: int) -> list[tuple[int, str]]:
    """Return the lines that a line may stand below or beside, nearest first, each with its indent."""
    found: list[tuple[int, str]] = []
    for number in range(line - 1, 0, -1):
        text = source.line(number)
        indent = len(text) - len(text.lstrip(" "))
        if _SETTING.match(text) and (not found or indent < found[-1][0]):
            found.append((indent, text))
    return found


def _too_far(source: Source, line: int) -> str:
    """Say how far in a line belongs that stands further in than one that has its value already."""
    here = source.line(line)
    indent, above = len(here) - len(here.lstrip(" ")), _above(source, line)
    column, text = above[0] if above else (0, "")
    column += 2 if text.lstrip().startswith("- ") else 0
    return (
        f"This line begins with {_spaces(indent)}, but nothing can stand below the line before it. "
        f"Give it {_spaces(column)}, like that one."
    )


def _open_quote(source: Source, line: int, column: int) -> tuple[int, int] | None:
    """Return where a quote was left open that the first quote of `line`, before `column`, closed by chance."""
    if '"' not in source.line(line)[: column - 1]:
        return None
    odd = (n for n in range(line - 1, 0, -1) if source.line(n).count('"') % 2)
    return next(((n, source.line(n).rindex('"') + 1) for n in odd), None)


def _out_of_line(source: Source, line: int) -> str:
    """Return with how many spaces the lines above begin, when a line begins with another number."""
    here = source.line(line)
    item = here.lstrip().startswith("- ")
    columns = [
        column + 2 if text.lstrip().startswith("- ") and not item else column
        for column, text in _above(source, line)
    ]
    choices = " or ".join(str(column) for column in sorted(set(columns), reverse=True))
    indent = len(here) - len(here.lstrip(" "))
    return f"This line begins with {_spaces(indent)}; the lines it can belong to begin with {choices}."


def _spaces(number: int) -> str:
    return f"{number} space{'s' * (number != 1)}" if number else "no space"


def _rest(line: str, column: int) -> str:
    """Return the value as written from a column on, without a closing bracket or comment after it."""
    value = re.split(r"\s#|[,}\]]", line[column - 1 :], maxsplit=1)[0].strip()
    return value or line[column - 1 : column]
