"""Small, safe mends to a document before a parser sees it.

An XML parser gives up a whole feed for one bad reference; most such feeds are readable.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from claimwatch.feeds.prolog import FEED_ROOTS, prolog_of

_ENTITY = re.compile(r"""<!ENTITY\s+([A-Za-z_][\w.-]{0,60})\s+(?:"([^"]{0,2000})"|'([^']{0,2000})')\s*>""")
_ANY_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]{0,60})\s")
_CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));?")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"&(?!#?[A-Za-z0-9_.-]{1,60};)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML_NAMES = frozenset({"lt", "gt", "amp", "quot", "apos"})
_ENTITY_BUDGET = 1_000_000  # characters all expansions together may add
_REAL_START = re.compile(r"<\?xml\s|<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_LONG_PERSON = re.compile(
    r"(<(?:[\w.-]{1,40}:)?(?:author|creator|managingEditor|webMaster|contributor|name|email|owner|publisher)\b"
    r"[^<>]{0,2000}>(?:<!\[CDATA\[)?[^<\]]{1000})[^<\]]+",
    re.IGNORECASE,
)


def mended(text: str) -> tuple[str, list[str]]:
    """Return the document fit for an XML parser, and in words what had to be mended.

    Entities a document declares itself are written out within bounds; the DOCTYPE goes, so that no parser
    ever expands or fetches anything. Linear in the length of the text.
    """
    notes: list[str] = []
    before = prolog_of(text)
    if before.root.lower().rpartition(":")[2] not in FEED_ROOTS and (real := _REAL_START.search(text)):
        text = text[real.start() :]  # something with markup of its own got before it, a PHP warning say
        notes.append("text before the document")
        before = prolog_of(text)
    elif before.first_at > 0 and text[: before.first_at].strip():
        notes.append("text before the document")
    if before.doctype is not None:
        start, end = before.doctype
        text = text[max(before.first_at, 0) : start] + _with_entities(text[end:], _declared(text[start:end]))
    elif before.first_at > 0:
        text = text[before.first_at :]
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub("", text)
        notes.append("control characters")
    if "&#" in text:
        text = _character_references(text, notes)
    if "&" in text:
        text = _NAMED.sub(_html_entity, text)
    if len(text) > 4000:
        text = _LONG_PERSON.sub(r"\1", text)
    return text, notes


def with_ampersands_escaped(text: str) -> str:
    """Return the text with every "&" that begins no reference written as "&amp;", CDATA left alone."""
    pieces: list[str] = []
    at = 0
    while True:
        start = text.find("<![CDATA[", at)
        end = text.find("]]>", start) if start >= 0 else -1
        if start < 0 or end < 0:
            pieces.append(_BARE.sub("&amp;", text[at:]))
            return "".join(pieces)
        pieces.append(_BARE.sub("&amp;", text[at:start]))
        pieces.append(text[start : end + 3])
        at = end + 3


def _character_references(text: str, notes: list[str]) -> str:
    bad = False

    def mend(found: re.Match[str]) -> str:
        nonlocal bad
        digits = found.group(1)
        number = int(digits, 16) if digits else int(found.group(2))
        if (number >= 32 or number in (9, 10, 13)) and number < 0xD800 and found.group(0)[-1] == ";":
            return found.group(0)
        if 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF:
            return found.group(0) if found.group(0)[-1] == ";" else found.group(0) + ";"
        bad = True
        if 0xD800 <= number <= 0xDFFF:
            return chr(number)  # halves of a pair; joined below
        return "" if number < 32 else html.unescape(found.group(0)) if number < 0xD800 else "\ufffd"

    text = _CHARACTER.sub(mend, text)
    if bad:
        notes.append("bad character references")
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _html_entity(found: re.Match[str]) -> str:
    name = found.group(1)
    if name in _XML_NAMES:
        return found.group(0)
    value = html5.get(name + ";")
    return found.group(0) if value is None or value in ("<", "&") else value


def _declared(subset: str) -> dict[str, str]:
    subset = subset[:200_000]
    # Entities that are no short text (files, addresses, parameters) stand for nothing.
    declared = dict.fromkeys(_ANY_ENTITY.findall(subset), "")
    return declared | {name: double or single for name, double, single in _ENTITY.findall(subset)}


def _with_entities(text: str, declared: dict[str, str]) -> str:
    """Write out simple entities; nested, external and costly ones leave nothing behind."""
    if not declared:
        return text
    spent = 0

    def expand(found: re.Match[str]) -> str:
        nonlocal spent
        name = found.group(1)
        if name in _XML_NAMES or name not in declared:
            return found.group(0)
        value = declared[name]
        spent += len(value)
        if spent > _ENTITY_BUDGET or any(word not in _XML_NAMES for word in re.findall(r"&(\w+);", value)):
            return ""
        return value

    return re.compile(r"&([A-Za-z_][\w.-]{0,60});").sub(expand, text)
