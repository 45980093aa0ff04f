"""Cleaning hostile text: what feeds say is shown as dead, readable text on every channel.

`clean` removes what the eye cannot see or what orders text about; the `escape_*` functions take the life out
of one channel's mark-up. Nothing here ever drops the first 40 characters of a title: readers and machines
recognise an item by them.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

KEEP = 40  # characters of a title that stand in its alert whatever happens
MARKS_IN_A_ROW = 4  # decomposed Vietnamese needs 2, pointed Hebrew 3 to 4; more is defacement

# Unicode default-ignorable code points and blank fillers: nothing to see, much to hide behind.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("[\u200c\u200d]+")
_BLANK = re.compile("[\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]+")
_UNPRINTABLE = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_SCRIPT = re.compile(r"\b(javascript|vbscript|data):(?=\S)", re.IGNORECASE)
_MENTION = re.compile(r"@(?=[\w!&<\\])")


def clean(text: str, *, limit: int = 2000) -> str:
    """Return `text` as one line of visible characters, at most `limit` of them (cut with "…").

    No controls, line breaks, bidi controls, zero-width characters, tags, lone surrogates or towers of
    combining marks; runs of blanks are one blank. Costs time in proportion to `limit`, not to the text.
    """
    text = text[: limit * 8 + 1000]
    text = _UNPRINTABLE.sub("\ufffd", _INVISIBLE.sub("", text))
    text = _JOINERS.sub(_kept_joiner, text)
    text = _fewer_marks(_BLANK.sub(" ", text)).strip()
    return cut(text, limit)


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters, ending in "…" at a word's end if something was left out.

    The first 40 characters are kept whatever `limit` says, and a word's end is sought only behind them.
    """
    limit = max(limit, KEEP + 1)
    if len(text) <= limit:
        return text
    end = limit - 1
    space = text.rfind(" ", max(KEEP, end - 20), end + 1)
    if space > 0:
        end = space
    while end > KEEP and unicodedata.category(text[end]).startswith("M"):
        end -= 1  # never between a letter and its accent
    return text[:end].rstrip() + "…"


def header_text(text: str, *, limit: int = 200) -> str:
    """Return `text` fit for a header value: one clean line in which nothing looks like an encoded word.

    CPython decodes `=?UTF-8?Q?=0A?=` inside a value into a line break, hence into a new header.
    """
    return cut(
        clean(text, limit=limit).replace("=?", "= ?").replace("\u200c", "").replace("\u200d", ""), limit
    )


def isolate(text: str) -> str:
    """Wrap text that has right-to-left letters in Unicode isolates, so that it cannot reorder its line."""
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def direction(text: str) -> str:
    """Return "rtl" or "ltr", by the first strong character: for the `dir` of HTML."""
    for character in text[:200]:
        kind = unicodedata.bidirectional(character)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            break
    return "ltr"


def safe_link(url: str | None) -> str | None:
    """Return the address in ASCII if it may be shown as a link, else None.

    Only http and https, no user or password, the host as it is looked up (xn--), and every character that
    some channel's mark-up would read is percent-encoded.
    """
    if not url or len(url) > 2000:
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    try:
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+", name):
        return None
    place = f"[{name}]" if ":" in name else name
    if port is not None:
        place += f":{port}"
    tail = quote(_surrogate_free(parts.path), safe="/%:@~+,;=!$&-._")
    if parts.query:
        tail += "?" + quote(_surrogate_free(parts.query), safe="/%:@?~+,;=!$&-._")
    if parts.fragment:
        tail += "#" + quote(_surrogate_free(parts.fragment), safe="/%:@?~+,;=!$&-._")
    link = f"{parts.scheme.lower()}://{place}{tail}"
    return link if len(link) <= 2000 else None


def dead(text: str) -> str:
    """Break every `@name` and `javascript:` with a zero-width space: nobody is pinged, nothing can be run."""
    return _SCRIPT.sub("\\1\u200b:", _MENTION.sub("@\u200b", text))


def escape_html(text: str) -> str:
    """Escape for HTML text and quoted attributes (also Telegram's HTML mode)."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#39;")
    )


def escape_markdown(text: str) -> str:
    """Escape for CommonMark-like mark-up (Discord, Mattermost, Rocket.Chat, Teams)."""
    text = re.sub(r"([\\`*_\[\]<>|~])", r"\\\1", text)
    text = re.sub(r"^(\d*)([#+.)-])", r"\1\\\2", text)  # would begin a heading or a list
    return dead(text)


def _kept_joiner(found: re.Match[str]) -> str:
    """Keep a joiner only between two non-Latin letters or pictures, where scripts and emoji need it."""
    before = found.string[found.start() - 1 : found.start()]
    after = found.string[found.end() : found.end() + 1]
    needed = all(c and ord(c) >= 0x590 and unicodedata.category(c)[0] in "LMS" for c in (before, after))
    return found.group()[0] if needed else ""


def _fewer_marks(text: str) -> str:
    if text.isascii():
        return text
    out: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if run <= MARKS_IN_A_ROW:
            out.append(character)
    return "".join(out)


def _surrogate_free(text: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", text)
