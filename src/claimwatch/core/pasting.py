"""A claim as it is written in a file: what people paste into their config."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from datetime import date

import anyascii

from claimwatch.core.columns import wrap

MOST_OF_A_SLUG = 40


def slug(text: str) -> str:
    """Return an id made of a text: "The dam at Lake Orsa" -> "the-dam-at-lake-orsa"."""
    words = re.findall(r"[a-z0-9]+", anyascii.anyascii(text).lower())
    made = ""
    for word in words:
        if made and len(made) + 1 + len(word) > MOST_OF_A_SLUG:
            break
        made = f"{made}-{word}" if made else word[:MOST_OF_A_SLUG]
    return made if made[:1].isalpha() else f"story-{made}".rstrip("-")


def unused(name: str, taken: Collection[str]) -> str:
    """Return the name, with a number behind it where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def written_claim(
    name: str,
    *,
    topic: str,
    text: str,
    language: str | None = None,
    quantity: str | None = None,
    said_by: Sequence[str] = (),
    reported: date | None = None,
    columns: int = 80,
) -> list[str]:
    """Return the claim as lines of YAML below `claim:`, none wider than `columns`."""
    rows = [("topic", written(topic)), ("text", written(text))]
    if language:
        rows.append(("language", language))
    if quantity:
        rows.append(("quantity", written(quantity)))
    if said_by:
        rows.append(("said_by", f"[{', '.join(written(each) for each in said_by)}]"))
    if reported:
        rows.append(("reported", reported.isoformat()))
    lines = [f"  {name}:"]
    for key, value in rows:
        lines += _folded(f"    {key}: ", value, columns)
    return lines


def written(text: str) -> str:
    """Return a text so that YAML reads exactly it, whatever signs stand in it."""
    plain = re.fullmatch(r"[A-Za-z][\w-]*", text, re.ASCII)
    ambiguous = text.lower() in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    return text if plain and not ambiguous else json.dumps(text, ensure_ascii=False)


def _folded(first: str, value: str, columns: int) -> list[str]:
    """Return the value on as many lines as it needs; YAML makes a blank of each break."""
    lines = wrap(value, first=first, indent=" " * 6, columns=columns - 1)
    at = 0
    for number, line in enumerate(lines[:-1]):
        at += len(line) - len(first if number == 0 else " " * 6)
        if value[at : at + 1] == " ":
            at += 1
        else:
            lines[number] += "\\"  # broken where there was no blank: so is none to be read
    return lines
