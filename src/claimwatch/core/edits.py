"""What a publisher changed in a report after it was published, in words."""

from __future__ import annotations

from difflib import SequenceMatcher

from claimwatch.core.safety import cut

_WORDS = 400  # of a text that are compared
_PLACES = 3  # that are told of one text
_SHOWN = 80  # characters of each


def what_changed(before: tuple[str, str, str], after: tuple[str, str, str]) -> str:
    """Return the change from one title, summary and content to another: `title: "3 dead" -> "5 dead"`.

    The content is told only where the others stayed: it repeats them.
    """
    told = [
        f"{name}: {change}"
        for name, old, new in zip(("title", "summary"), before, after, strict=False)
        if (change := _change(old, new))
    ]
    if not told and (change := _change(before[2], after[2])):
        told = [f"text: {change}"]
    return "; ".join(told) or "nothing that is shown"


def _change(before: str, after: str) -> str:
    old, new = before.split()[:_WORDS], after.split()[:_WORDS]
    if old == new:
        return ""
    if not old or not new:
        return f"{_quoted(old)} -> {_quoted(new)}"
    places = [
        f"{_quoted(old[start:end])} -> {_quoted(new[first:last])}"
        for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    return ", ".join(places[:_PLACES]) + more


def _quoted(words: list[str]) -> str:
    return f'"{cut(" ".join(words), _SHOWN)}"' if words else "nothing"
