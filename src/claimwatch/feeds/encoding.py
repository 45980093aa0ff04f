"""Bytes of a feed -> text, whatever the headers, the declaration and the bytes themselves claim."""

from __future__ import annotations

import codecs
import re

from claimwatch.feeds.guess import likely_encoding

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:\- ]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:\-]{1,40})""", re.IGNORECASE)
# Encodings are declared by a name whose superset is what publishers really send.
_SUPERSET = {
    "iso8859-1": "cp1252", "ascii": "utf-8", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "iso8859-9": "cp1254", "tis-620": "cp874", "big5": "big5hkscs",
    "iso8859-11": "cp874",
}  # fmt: skip
# Text in these is ASCII bytes, so "valid UTF-8" proves nothing against the declaration.
_SEVEN_BIT = ("iso2022", "hz")
# Never: they carry markup past every check (utf-7), or are no character encodings at all.
_REFUSED = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHAPES = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)


def _singly(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not UTF-8 as windows-1252, one by one: half the lines of some feeds are that."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.start + 1]
    return bad.decode("cp1252", "replace"), error.start + 1


codecs.register_error("claimwatch.singly", _singly)


def text_of(body: bytes, content_type: str | None = None) -> tuple[str, str | None]:
    """Return the document as text, and in words what was wrong with its encoding (or None).

    Strength of evidence: byte order mark, bytes that are valid UTF-8, the charset of the header, the XML
    declaration, the shape of the first bytes; what fits none is read byte by byte. Never raises.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            errors = "claimwatch.singly" if codec == "utf-8" else "replace"
            return body[len(bom) :].decode(codec, errors), None
    for shape, codec in _SHAPES:
        if body.startswith(shape):
            return body.decode(_known(_declaration(body.decode(codec, "replace"))) or codec, "replace"), None
    declared = _DECLARED.search(body, 0, 1000)
    header = _CHARSET.search(content_type or "")
    names = [_known(header.group(1)) if header else None,
             _known(declared.group(1).decode("ascii")) if declared else None]  # fmt: skip
    named = [name for name in names if name]
    for name in named:
        if name.startswith(_SEVEN_BIT) and b"\x1b" in body:
            return body.decode(name, "replace"), None
    try:
        return body.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    for name in named:
        if name == "utf-8":
            continue
        try:
            return body.decode(name), None
        except (UnicodeError, ValueError):
            continue
    for name in named:
        # A stray byte in a multi-byte encoding must not turn the whole feed into windows-1252.
        if name != "utf-8" and not name.startswith(("cp125", "iso8859", "latin")):
            text = body.decode(name, "replace")
            if text.count("\ufffd") * 50 <= len(text):
                return text, "bytes that are no " + name
    return _guessed(body)


def _guessed(body: bytes) -> tuple[str, str | None]:
    name = likely_encoding(body)
    if name is not None:
        return body.decode(name, "replace"), f"an encoding nobody named (read as {name})"
    return body.decode("utf-8", "claimwatch.singly"), "bytes that are no UTF-8"


def _declaration(text: str) -> str | None:
    found = _DECLARED.search(text[:1000].encode("ascii", "replace"))
    # UTF-16 without a mark declares itself as "utf-16"; only single-byte families (EBCDIC) are of use here.
    name = found.group(1).decode("ascii") if found else None
    return name if name and name.lower().startswith(("cp", "ibm", "ebcdic")) else None


def _known(name: str | None) -> str | None:
    """Return Python's codec for a declared name, its superset where that is meant, or None."""
    if not name:
        return None
    try:
        info = codecs.lookup(name.strip().replace(" ", ""))
    except (LookupError, ValueError):
        return None
    if info.name in _REFUSED or not getattr(info, "_is_text_encoding", True):
        return None
    return _SUPERSET.get(info.name, info.name)
