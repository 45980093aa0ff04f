"""Markup and hostile characters out, plain text in.

Everything here is linear in the length of its input: feed text is written by strangers.
"""

from __future__ import annotations

import html
import re

TITLE_CHARS = 1000  # longer titles are cut here with an ellipsis; alerts cut further
LEAD_CHARS = 1000  # of a content that also serves as summary
TEXT_CHARS = 100_000  # of one summary or content; a long article has some 30,000

_BLOCKS = frozenset(
    """
    address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hr li main nav ol p pre section table td th tr ul
    """.split()  # noqa: SIM905
)
_TAGS = _BLOCKS | frozenset(
    """
    a abbr acronym applet area audio b base basefont bdi bdo big body button canvas caption center
    cite code col colgroup content data datalist del details dfn dialog dir em embed figcaption font
    frame frameset head html i iframe image img input ins kbd label legend link map mark math menu
    menuitem meta meter nobr noembed noframes noscript object optgroup option output param picture
    plaintext portal progress q rb rp rt rtc ruby s samp script select shadow slot small source span
    strike strong style sub summary sup svg tbody template textarea tfoot thead time title track tt u
    var video wbr xmp animate set path g use foreignobject desc marquee blink isindex layer bgsound
    mglyph mtext mi mo mn ms annotation-xml polygon circle rect line text tspan
    """.split()  # noqa: SIM905
)
_UNSEEN = frozenset(
    """
    script style template svg math textarea
    """.split()  # noqa: SIM905
)
# An attribute may hold ">" inside quotes. No part matches "<", so all tries together read the text once.
_TAG = re.compile(
    r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?=[\s/>])"""
    r"""[^<>"']{0,2000}(?:"[^"<]{0,2000}"[^<>"']{0,200}|'[^'<]{0,2000}'[^<>"']{0,200}){0,40}>"""
)
_LOOSE_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})(?=[\s/>])[^<>]*>")
_INSTRUCTION = re.compile(r"<(?:![A-Za-z]|\?)[^<>]*>")
_LIVE = re.compile(r"<(?=[a-zA-Z/!?])")
_ENTITY = re.compile(r"&(?:#|[a-zA-Z])")
# C0 and C1 controls except tab, line feed, carriage return; bidi marks, embeddings, overrides, isolates;
# zero-width space, word joiner, soft hyphen, byte order mark, invisible operators, tags, noncharacters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)
_BREAK = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def clean_characters(text: str) -> str:
    """Return `text` without controls, bidi overrides, zero-width characters, half characters, mark towers."""
    if text.isascii() and text.isprintable():
        return text
    if _SURROGATE.search(text):
        # Two halves of one character are joined, a half alone becomes U+FFFD.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _BREAK.sub("\n", text)
    text = _UNWANTED.sub("", text)
    return _MARKS.sub(r"\1", text)


def without_markup(text: str, *, known_tags_only: bool = False) -> str:
    """Return the text a reader of this HTML would see, blocks on lines of their own, entities resolved.

    Markup that was escaped twice goes too. What is left and could still open a tag is parted from its "<"
    by a space, so that no field of an item is ever live markup; "a < b" and "<3" stay as they are.
    """
    for _ in range(3):
        before = text
        if "<" in text:
            text = _strip_tags(text, known_tags_only)
        if "&" in text and _ENTITY.search(text):
            text = html.unescape(text)
        if text == before or "<" not in text:
            break
    return _LIVE.sub("< ", text) if "<" in text else text


def _strip_tags(text: str, known_tags_only: bool) -> str:
    pieces: list[str] = []
    at = 0
    pending = 0  # where text not yet taken begins
    ended: set[str] = set()  # closing marks known not to come any more: each is searched in vain once
    while (start := text.find("<", at)) >= 0:
        if text.startswith(("<!--", "<![CDATA["), start):
            is_comment = text[start + 2] == "-"
            end = -1 if "-->" in ended or not is_comment else text.find("-->", start + 4)
            if is_comment and end < 0:
                ended.add("-->")
            pieces.append(text[pending:start])
            at = pending = end + 3 if end >= 0 else start + (4 if is_comment else 9)
            continue
        found = _TAG.match(text, start) or _LOOSE_TAG.match(text, start)
        if found is None and (other := _INSTRUCTION.match(text, start)):
            pieces.append(text[pending:start])
            at = pending = other.end()
            continue
        local = found.group(2).lower().rpartition(":")[2] if found else ""
        if found is None or (known_tags_only and local not in _TAGS):
            at = start + 1
            continue
        pieces.append(text[pending:start])
        at = pending = found.end()
        if local in _BLOCKS:
            pieces.append("\n")
        if (
            local in _UNSEEN
            and not found.group(1)
            and not found.group(0).endswith("/>")
            and local not in ended
        ):
            close = re.compile("</" + local + r"(?=[\s/>])", re.IGNORECASE).search(text, at)
            if close is None:
                ended.add(local)
            else:
                at = pending = close.start()
    pieces.append(text[pending:])
    return "".join(pieces)


def plain_text(text: str, limit: int = TEXT_CHARS) -> str:
    """Return HTML or text as plain text of at most `limit` characters, paragraphs kept as lines."""
    # Four times the limit is read: markup is at most that much of any honest text.
    text = clean_characters(without_markup(text[: 4 * limit]))
    text = _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
    return shortened(text, limit)


def plain_title(text: str) -> str:
    """Return a title as one clean line of at most `TITLE_CHARS` characters."""
    text = clean_characters(without_markup(text[: 4 * TITLE_CHARS], known_tags_only=True))
    return shortened(" ".join(text.split()), TITLE_CHARS)


def shortened(text: str, limit: int) -> str:
    """Return `text` cut to `limit` characters, the last an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def title_from(text: str, limit: int = 120) -> str:
    """Return the first line of a text as a title, cut at a word."""
    return beginning_of(text.strip().partition("\n")[0].strip(), limit)


def beginning_of(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters, cut at a word, with an ellipsis when cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = max(head.rfind(" "), head.rfind("\n"))
    return (head[:cut] if cut >= limit // 3 else head).rstrip(" \n,;:") + "…"
