"""Which items of a document are news: new ones, and later texts of known ones.

What the poll station does, for one document of one feed:

    hashes = [content_hash(item) for item in document.items]
    known = storage's rows of this feed whose key is in [entry_key(item) ...] or whose hash is in hashes,
            as {key: hash}
    for novelty in select_new(document.items, known):
        store novelty.item under novelty.key with novelty.hash, as a new item or as a revision of that key

Ids, links, dates and order may change at every poll; an item whose words are known is known. An id that
suddenly carries another story is a new item under a key of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from claimwatch.core.model import Item

FUTURE_TOLERATED = timedelta(hours=1)  # publishers' clocks run fast; worldmonitor tolerates the same
SAME_STORY = 0.3  # share of title words that an edited headline keeps; another story's headline shares fewer
_SPEAKING = 20  # characters of title and text from which on equal words mean an equal item
_SKETCH_WORDS = 24
_KEY_CHARS = 500
_WORD = re.compile(r"\w+")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|yclid|mc_[ce]id|ref|ref_src|cmpid|ocid|icid|phpsessid|jsessionid|sid|sessionid|"
    r"session|at_\w+|rss|source|src|ns_\w+|xtor|partner|feed",
    re.IGNORECASE,
)
_PATH_SESSION = re.compile(r";[jp]\w*sessionid=[^/?#]*", re.IGNORECASE)


class NoveltyKind(StrEnum):
    """New to us, or a later text of an item we know."""

    NEW = "new"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Novelty:
    """An item to store, under which key, and why it is news."""

    item: Item
    key: str
    hash: str
    kind: NoveltyKind
    reason: str  # for people: "first seen", "the text changed", "its id was used for another story"


def entry_key(item: Item) -> str:
    """Return what identifies the item within its feed: its id, without what servers change about addresses.

    Scheme, "www.", tracking and session parameters and the fragment do not count. At most 500 characters.
    """
    name = item.id
    if not name.lower().startswith(("http://", "https://")):
        return name if len(name) <= _KEY_CHARS else _digest(name)
    try:
        parts = urlsplit(name)
        host = (parts.hostname or "").removeprefix("www.")
        asked = [pair for pair in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(pair[0])]
    except ValueError:
        return name if len(name) <= _KEY_CHARS else _digest(name)
    path = _PATH_SESSION.sub("", parts.path).rstrip("/")
    key = host + path + ("?" + urlencode(asked) if asked else "")
    # A fragment is kept where it looks like an id of its own ("page#entry-12"), as some hand-made feeds do.
    if parts.fragment and any(letter.isdigit() for letter in parts.fragment):
        key += "#" + parts.fragment
    return key if len(key) <= _KEY_CHARS else _digest(key)


def content_hash(item: Item) -> str:
    """Return a text that is equal for equal words, and tells how much of a title stayed when they differ.

    The hash of the title, summary and content (of the address too, when there is next to no text), then a
    sketch of the title's words. Dates, authors and ids do not count: many servers make them new each time.
    """
    title = _folded(item.title)
    parts = [title, item.summary, item.content]
    if sum(map(len, parts)) < _SPEAKING:
        parts.append(entry_key(item))
    return _digest(*parts) + "." + _sketch(title)


def select_new(items: Iterable[Item], known: Mapping[str, str]) -> list[Novelty]:
    """Return what of `items` is news, in their order. `known` maps keys to content hashes of this feed.

    An item known word for word is none, whatever its id is now. A known key with other words is a revision,
    or, when the title became a different one, a new item under a new key.
    """
    hashes = {value.partition(".")[0] for value in known.values()}
    read = [(item, entry_key(item), content_hash(item)) for item in items]
    # Keys of items that stand in this document as we know them: whoever shares one is another item.
    here = {key for _, key, words in read if words.partition(".")[0] in hashes}
    news: list[Novelty] = []
    for item, key, words in read:
        exact = words.partition(".")[0]
        if exact in hashes:
            continue
        hashes.add(exact)
        kind, reason = NoveltyKind.NEW, "first seen"
        before = known.get(key)
        if key in here or (before is not None and title_likeness(before, words) < SAME_STORY):
            key, reason = f"{key[: _KEY_CHARS - 20]}~{exact[:16]}", "its id was used for another story"
        elif before is not None:
            kind, reason = NoveltyKind.REVISION, "the text changed"
        here.add(key)
        news.append(Novelty(item, key, words, kind, reason))
    return news


def title_likeness(one: str, other: str) -> float:
    """Return the share (0..1) of title words two content hashes have in common; 1 when one has no title."""
    first, second = (_words_of(text) for text in (one, other))
    if not first or not second:
        return 1.0
    return len(first & second) / len(first | second)


def with_sane_dates(item: Item, now: datetime) -> Item:
    """Return the item, dates that lie in the future replaced by `now`: it was first seen then."""
    latest = now + FUTURE_TOLERATED
    if item.published_at is not None and item.published_at > latest:
        item = replace(item, published_at=now)
    if item.updated_at is not None and item.updated_at > latest:
        item = replace(item, updated_at=now)
    return item


def shares_no_item(items: Iterable[Item], known: Mapping[str, str]) -> bool:
    """Return whether a document that has items shares none with what is stored: some may have been missed.

    `known` is what storage knows of these items. On a feed's first poll nothing was missed: do not ask then.
    """
    hashes = {value.partition(".")[0] for value in known.values()}
    any_item = False
    for item in items:
        any_item = True
        if entry_key(item) in known or content_hash(item).partition(".")[0] in hashes:
            return False
    return any_item


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _sketch(title: str) -> str:
    """Return four hexadecimal digits for each of the title's words (pairs of characters where CJK)."""
    words: set[str] = set()
    for word in title.split()[:100]:
        if _CJK.search(word):
            words.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        else:
            words.add(word)
    digests = sorted({blake2b(word.encode("utf-8", "replace"), digest_size=2).hexdigest() for word in words})
    # The smallest ones: of two titles the same words are dropped, so that their likeness stays comparable.
    return "".join(digests[:_SKETCH_WORDS])


def _words_of(content: str) -> set[str]:
    sketch = content.partition(".")[2]
    return {sketch[at : at + 4] for at in range(0, len(sketch), 4)}


def _digest(*parts: str) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        raw = part.encode("utf-8", "replace")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()
