"""Values as the YAML that people would write; a text that anything could misread stands in quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

Tree = Mapping[str, "Tree"] | Sequence["Tree"] | str | int | float | None

_PLAIN = re.compile(r"[^\W\d_][\w-]*(?:[ ./'’()+&_-]{1,2}[\w()-]+)*\.?")  # a letter first, no sign of YAML
_PLAIN_VALUE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,6}(?:[smhdw](?:\d{1,6}[smhdw])*)?"
)  # a day, a number, a span
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_UNSEEN = re.compile("[\x7f-\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff\ufffe\uffff\ud800-\udfff]")


def scalar(value: Tree, *, quoted: bool = False) -> str:
    """Return one value as it is written; with `quoted`, a text is in quotes in any case."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value).lower()
    if not quoted and _plain(value):
        return value
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _plain(text: str) -> bool:
    if _PLAIN_VALUE.fullmatch(text):
        return True
    return bool(_PLAIN.fullmatch(text)) and "  " not in text and text.lower() not in _WORDS


def flow(value: Tree) -> str:
    """Return a value on one line: [a, b], {name: a}."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(each)}".rstrip() for key, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return scalar(value)


def entry(key: str, value: Tree, *, hyphen: int = 2, step: int = 2) -> list[str]:
    """Return a setting as lines; lists of settings below it have their hyphen `hyphen` columns further in."""
    if isinstance(value, Mapping) and value:
        return [f"{scalar(key)}:", *(" " * step + line for line in settings(value, hyphen=hyphen, step=step))]
    if _holds_settings(value) and isinstance(value, Sequence):
        lines = [line for each in value for line in item(each, hyphen=hyphen, step=step)]
        return [f"{scalar(key)}:", *(" " * hyphen + line for line in lines)]
    return [f"{scalar(key)}: {flow(value)}".rstrip()]


def settings(value: Mapping[str, Tree], *, hyphen: int = 2, step: int = 2) -> list[str]:
    """Return settings as lines."""
    return [line for key, each in value.items() for line in entry(key, each, hyphen=hyphen, step=step)]


def item(value: Tree, *, hyphen: int = 2, step: int = 2, content: int = 2) -> list[str]:
    """Return an item of a list as lines, the first with its hyphen; `content` columns later it begins."""
    lines = [flow(value)]
    if isinstance(value, Mapping) and value:
        lines = settings(value, hyphen=hyphen, step=step)
    return [("-".ljust(content) if not number else " " * content) + line for number, line in enumerate(lines)]


def _holds_settings(value: Tree) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and any(isinstance(each, Mapping) for each in value)
    )
