"""What is wrong in a file, told with the line and a caret under the culprit, all at once."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from claimwatch.config.nodes import Node, Source

Severity = Literal["error", "warning"]
WIDTH = 80  # columns of the smallest terminal people still use
_HEAD = 24  # letters of a long line that are always shown
HIDDEN = "***"

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

# What may hold a secret in a line we have to show although we could not read it.
_SECRET_VALUE = re.compile(
    r"(?i)((?:pass\w*|\w*token|\w*secrets?|\w*key|webhook)[\"']?\s*[:=]\s*)(\"[^\"]*\"?|'[^']*'?|[^\s,}#][^,}]*)"
)
_SECRET_LINE = re.compile(
    r"(?i)^([\s-]*(?:pass\w*|\w*token|\w*secrets?|\w*key|webhook)[\"']?\s*[:=]\s*)(\S.*)$"
)
_USERINFO = re.compile(r"(://)[^/@\s\"']{1,300}@")
_WEBHOOK = re.compile(
    r"(?i)(https?://(?:hooks\.slack\.com|(?:\w+\.)?discord(?:app)?\.com/api/webhooks|[\w.-]+/hooks"
    r"|[\w.-]*\.office\.com|[\w.-]*\.logic\.azure\.com)[^/\s]{0,60}/)[^\s\"',}]+"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: `what` names the thing as the analyst would; `number` is its row in the README's table."""

    number: int
    severity: Severity
    what: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    width: int = 1
    text: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`, which terminals and editors can jump to; the bare file when it has no line."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def render(self) -> str:
        """Return the problem as it is printed: place, line with caret, message."""
        head = "  ".join(part for part in (self.place, printable(self.what)) if part)
        if _cells(head) > WIDTH > len(self.place) + 20:
            head = _shortened(head, WIDTH)
        body = "\n".join(_wrapped(printable(line), "  ", "  ") for line in self.message.split("\n"))
        if not self.text.strip():
            return f"{head}\n\n{body}" if head else body
        gutter = f" {self.line:>4} | "
        shown, start = _cropped(self.text, self.column - 1, self.width, WIDTH - len(gutter))
        before, culprit = shown[:start], shown[start : start + self.width]
        caret = " " * (len(gutter) + _cells(before)) + "^" * max(1, _cells(culprit))
        return f"{head}\n\n{gutter}{shown}\n{caret}\n{body}"

    def brief(self) -> str:
        """Return the problem with its place, without the line (warnings in the summary of `check`)."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return "  ".join(part for part in (place, printable(" ".join(self.message.split()))) if part)

    def indented(self) -> str:
        """Return `brief`, wrapped, as it stands under a heading."""
        place = f"{self.file}:{self.line}  " if self.line else ""
        hang = 2 + len(place) if len(place) <= WIDTH // 2 - 8 else 4
        return _wrapped(self.brief(), "  ", " " * hang)

    def as_dict(self) -> dict[str, object]:
        """Return the problem for `check --json`."""
        return {
            "severity": self.severity,
            "check": self.number,
            "file": self.file or None,
            "line": self.line or None,
            "column": self.column or None,
            "what": self.what,
            "message": self.message,
        }


class Problems:
    """Collects findings while files are read; knows which words must not be shown."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._hidden: set[str] = set()
        self.incomplete = False  # a file could not be read: what others refer to may stand in it

    def error(self, number: int, node: Node | Source | None, what: str, message: str) -> None:
        """Note what must be mended."""
        self._add("error", number, node, what, message)

    def warn(self, number: int, node: Node | Source | None, what: str, message: str) -> None:
        """Note what should be looked at."""
        self._add("warning", number, node, what, message)

    def hide(self, secret: str) -> None:
        """Never show this text, wherever it stands."""
        if len(secret.strip()) >= 3:
            self._hidden.add(secret.strip())

    def _add(
        self, severity: Severity, number: int, node: Node | Source | None, what: str, message: str
    ) -> None:
        if node is None:
            self._found.append(Problem(number, severity, what, message))
        elif isinstance(node, Source):
            self._found.append(Problem(number, severity, what, message, file=node.name))
        else:
            text = node.source.line(node.line)
            end = min(node.end, len(text) + 1)
            width = max(1, end - node.column)
            place = (node.source.name, node.line, node.column, width, text)
            self._found.append(Problem(number, severity, what, message, *place))

    def all(self) -> tuple[Problem, ...]:
        """Return every finding in the order of files and lines, with secrets blotted out."""
        ordered = sorted(self._found, key=lambda p: (p.file, p.line, p.column))
        return tuple(dict.fromkeys(self._blotted(problem) for problem in ordered))

    @property
    def failed(self) -> bool:
        return any(problem.severity == "error" for problem in self._found)

    def _blotted(self, problem: Problem) -> Problem:
        text, column, width = problem.text, problem.column - 1, problem.width
        spans = [m.span(2) for m in _SECRET_LINE.finditer(text)] or [
            m.span(2) for m in _SECRET_VALUE.finditer(text)
        ]
        spans += [(m.end(1), m.end() - 1) for m in _USERINFO.finditer(text)]
        spans += [(m.end(1), m.end()) for m in _WEBHOOK.finditer(text)]
        for secret in self._hidden:
            at = text.find(secret)
            while at >= 0:
                spans.append((at, at + len(secret)))
                at = text.find(secret, at + len(secret))
        hidden = {text[start:end].strip("\"' ") for start, end in spans} | self._hidden
        if text:
            # From the right, so that what stands to the left keeps its column.
            for start, end in sorted(_merged(spans), reverse=True):
                text = text[:start] + HIDDEN + text[end:]
                shift = len(HIDDEN) - (end - start)
                if start >= column + width:
                    continue
                if end <= column:
                    column += shift
                else:
                    left, right = min(start, column), max(end, column + width)
                    column, width = (
                        (left, right + shift - left) if start < column else (column, width + shift)
                    )
        message = problem.message
        for secret in sorted(hidden, key=len, reverse=True):
            message = message.replace(secret, HIDDEN) if len(secret) > 2 else message
        return Problem(
            problem.number, problem.severity, problem.what, message,
            problem.file, problem.line, column + 1 if problem.line else 0, max(1, width), text,
        )  # fmt: skip


def _wrapped(line: str, first: str, others: str) -> str:
    """Return a line of words, broken so that it fits; one that is laid out by spaces stays as it is."""
    if _cells(line) + len(first) <= WIDTH or line.startswith(" "):
        return f"{first}{line}".rstrip()
    return textwrap.fill(
        line, WIDTH, initial_indent=first, subsequent_indent=others,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def printable(text: str) -> str:
    """Return a text whose letters move no cursor and turn no line round: such letters become blanks."""
    return _UNPRINTABLE.sub(" ", text)


def _shortened(text: str, room: int) -> str:
    while _cells(text) > room - 1:
        text = text[:-1]
    return f"{text}…"


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return merged


def _cells(text: str) -> int:
    """Return the columns a text takes on a terminal (wide letters take two, combining marks none)."""
    cells = 0
    for letter in text:
        if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Me", "Mn"):
            continue
        cells += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
    return cells


def _cropped(text: str, start: int, width: int, room: int) -> tuple[str, int]:
    """Return the line, cut so that the culprit is seen, and where that now starts."""
    text = printable(text.rstrip())
    if _cells(text) <= room:
        return text, start
    left, head = text, ""
    if _cells(text[: start + width]) >= room:
        # How the line begins tells which one it is; then what leads up to the culprit.
        head = text[: min(start, _HEAD)]
        cut = len(head)
        while cut < start and _cells(head) + 1 + _cells(text[cut : start + width]) >= room:
            cut += 1
        if cut > len(head):
            head += "…"
        left, start = head + text[cut:], start - cut + len(head)
    return left if _cells(left) <= room else _shortened(left, room), start


def nearest(word: str, known: Sequence[str] | Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None when none is near enough to propose."""
    choices = list(known)
    lowered = [choice.lower() for choice in choices]
    found = process.extractOne(word.lower(), lowered, scorer=fuzz.ratio, score_cutoff=65)
    return choices[found[2]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "..."?`, or "" when nothing known is near."""
    near = nearest(word, known)
    return f' Did you mean "{near}"?' if near else ""
