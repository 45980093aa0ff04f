"""The section `feed:` -> feeds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from claimwatch.config.fields import Fields, spoken
from claimwatch.config.languages import read_tag
from claimwatch.config.nodes import Mapping, Node, Scalar
from claimwatch.config.pages import full_text, read_select
from claimwatch.config.problems import Problems
from claimwatch.config.secrets import Vault
from claimwatch.core.addresses import NO_ADDRESS, why_special
from claimwatch.core.model import Feed

KEYS = (
    "name", "url", "language", "every", "reliability", "source", "wire", "near", "tags",
    "full_text", "select", "private", "user", "password", "password_file", "password_env",
)  # fmt: skip
_DAY = timedelta(days=1)


def read_feeds(
    nodes: Iterable[tuple[int, Node]], vault: Vault, places: dict[str, Node], problems: Problems
) -> list[Feed]:
    """Return the feeds that can be used; `places` is filled with where they stand."""
    feeds: list[Feed] = []
    names: dict[str, Node] = {}
    addresses: dict[str, Feed] = {}
    unrated: list[tuple[Feed, Node]] = []
    for number, node in nodes:
        if not isinstance(node, Mapping):
            problems.error(
                1, node, f"feed {number}", 'A feed takes settings:  - {name: ..., url: "https://..."}'
            )
            continue
        feed, fields = _read_feed(number, node, vault, problems)
        if feed is None:
            continue
        place = fields.value("name")
        if feed.name in names:
            twice(feed.name, names[feed.name], place, f'feed "{feed.name}"', problems)
            continue
        names[feed.name] = places[f"feed {feed.name}"] = place
        same = addresses.setdefault(normal_address(feed.url), feed)
        if same is not feed:
            problems.error(
                8, fields.value("url"), f'feed "{feed.name}", url',
                f'Feeds "{same.name}" and "{feed.name}" read the same address. Keep one.',
            )  # fmt: skip
        if not fields.has("reliability"):
            unrated.append((feed, place))
        feeds.append(feed)
    if unrated:
        named = ", ".join(feed.name for feed, _ in unrated[:4]) + (", ..." if len(unrated) > 4 else "")
        count = "1 feed has" if len(unrated) == 1 else f"{len(unrated)} feeds have"
        counts = "it counts" if len(unrated) == 1 else "they count"
        problems.warn(
            11, unrated[0][1], "", f"{count} no reliability; {counts} as F (cannot be judged): {named}"
        )
    return feeds


def twice(name: str, first: Node, second: Node, what: str, problems: Problems) -> None:
    """Say that a name is taken, with both places."""
    if first.source is second.source:
        where = f"lines {first.line} and {second.line}"
    else:
        where = f"{first.source.name}:{first.line} and {second.source.name}:{second.line}"
    problems.error(3, second, what, f"{name} is defined twice, {where}. Rename one.")


def _read_feed(number: int, node: Mapping, vault: Vault, problems: Problems) -> tuple[Feed | None, Fields]:
    named = node.get("name")
    what = f'feed "{named.text}"' if isinstance(named, Scalar) and named.text.strip() else f"feed {number}"
    fields = Fields(node, what, KEYS, problems)
    name = fields.text("name")
    if not fields.has("name"):
        fields.missing("name", "Example Wire", spoken=f"Feed {number}")
    if not fields.has("url"):
        fields.missing("url", '"https://..."', spoken=f"Feed {number}")
    url = _address(fields)
    private = fields.flag("private")
    password = vault.take(fields, "password", "password of the feed")
    user = fields.text("user")
    if password is not None and user is None and not fields.has("user"):
        fields.missing("user", "the name that goes with the password")
    feed_language = language(fields, "language")
    if url is not None and not private:
        _look_at_host(url, fields)
    every = _every(fields, private)
    letter = _reliability(fields)
    source, wire, near = fields.text("source"), fields.flag("wire"), fields.text("near")
    whole, select = full_text(fields), read_select(fields)
    if name is None or url is None:
        return None, fields
    return Feed(
        name=name, url=url, language=feed_language, every=every, reliability=letter,
        source=source, wire=wire, near=near, tags=fields.texts("tags"), full_text=whole, select=select,
        private=private, user=user, password=password,
    ), fields  # fmt: skip


def language(fields: Fields, key: str) -> str | None:
    """Return a language tag in its usual spelling."""
    written = fields.text(key)
    if written is None:
        return None
    tag, complaint = read_tag(written)
    if tag is None:
        fields.error(12, fields.value(key), key, complaint)
    return tag


def _address(fields: Fields) -> str | None:
    url = fields.text("url")
    if url is None:
        return None
    parts = split_address(url)
    if parts is None or not parts.scheme or not parts.hostname:
        bare = parts is not None and not parts.scheme and re.match(r"[\w-]+(\.[\w-]+)+(/|$)", url)
        hint = f'Write:  url: "https://{url}"' if bare else 'An address looks like "https://example.org/rss".'
        fields.error(7, fields.value("url"), "url", f'"{url}" is not an address. {hint}')
        return None
    if parts.password is not None or parts.username is not None:
        if parts.password:
            fields.problems.hide(parts.password)
        message = (
            "A password stands in the address. Use password_file."
            if parts.password is not None
            else "A user name stands in the address. Use user."
        )
        fields.error(7, fields.value("url"), "url", message)
        return None
    if parts.scheme.lower() not in ("http", "https"):
        hint = " Write https:// in its place." if parts.scheme.lower() == "feed" else ""
        fields.error(
            7, fields.value("url"), "url",
            f'A feed is fetched by http or https, not by "{parts.scheme}".{hint}',
        )  # fmt: skip
        return None
    if re.search(r"[\s<>\"\\^`{|}]", url):
        fields.error(
            7, fields.value("url"), "url", "A space or a sign that no address may hold stands in it."
        )
        return None
    return url


def _look_at_host(url: str, fields: Fields) -> None:
    """Note an address that no public feed has: the daemon would refuse to connect to it."""
    host = urlsplit(url).hostname or ""
    why = "loopback" if host == "localhost" else why_special(host)
    if why is not None and why != NO_ADDRESS:
        fields.problems.warn(
            7, fields.value("url"), f"{fields.what}, url",
            f"{host} is not public ({why}) and is never connected to. If it is yours, add:  private: true",
        )  # fmt: skip


def split_address(url: str) -> SplitResult | None:
    """Return the parts of an address, or None when it is none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def normal_address(url: str) -> str:
    """Return what two spellings of one address share (no scheme, default port, fragment)."""
    parts = split_address(url)
    if parts is None:
        return url
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{(parts.hostname or '').rstrip('.')}{port}{parts.path.rstrip('/')}{query}"


def _every(fields: Fields, private: bool) -> timedelta | None:
    span = fields.span("every")
    if span is None:
        return None
    least = timedelta(seconds=1) if private else timedelta(minutes=1)
    if span < least:
        often = f"{int(_DAY / span):,} times a day" if span else "without a pause"
        fields.error(
            9, fields.value("every"), "every",
            f"every: {spoken(span)} would ask the site {often}. The least is {spoken(least)}.",
        )  # fmt: skip
        return None
    if span > _DAY:
        fields.problems.warn(
            9, fields.value("every"), f"{fields.what}, every",
            f"every: {spoken(span)} is less than once a day; entries may be gone before they are seen.",
        )  # fmt: skip
    return span


def _reliability(fields: Fields) -> str:
    written = fields.text("reliability")
    if written is None:
        return "F"
    if written in ("A", "B", "C", "D", "E", "F"):
        return written
    if re.fullmatch(r"[A-Fa-f][1-6]", written):
        message = f'"{written}" grades a report. A feed takes one letter, A to F.'
    elif written in ("a", "b", "c", "d", "e", "f"):
        message = f"Write the letter large:  reliability: {written.upper()}"
    else:
        message = (
            f'"{written}" is not a grade. A feed takes one letter, A (reliable) to F (cannot be judged).'
        )
    fields.error(10, fields.value("reliability"), "reliability", message)
    return "F"
