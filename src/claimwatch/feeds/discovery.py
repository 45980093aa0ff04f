"""Where the feed of a page may be: what the page says, what its site is known for, and where most have it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from claimwatch.feeds.sniff import advertised_feeds

HEAD = 300_000  # characters of a page that are searched for links
MOST_LINKS = 12  # of one page
_SLUG = r"([A-Za-z0-9_.~@-]{1,100})"
_ANCHOR = re.compile(r"""<a\s[^<>]{0,300}?href\s*=\s*["']([^"'<>\s]{1,500})["']""", re.IGNORECASE)
_FEEDISH = re.compile(r"(?i)(?:^|[/._?=-])(?:rss|atom|feeds?)(?:$|[/._?=-]|\d)|\.(?:rss|atom|rdf)(?:$|\?)")
_BORING = re.compile(r"(?i)comment|/author/|/tag/")
_PATHS = (
    "feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "feeds/posts/default", "index.rdf",
)  # fmt: skip
_NEWS_SITEMAPS = ("news-sitemap.xml", "sitemap-news.xml")


def as_address(text: str) -> str:
    """Return what a person typed as an address: "example.org" and "feed://example.org" are https."""
    text = text.strip()
    if re.match(r"(?i)feed:(?://)?", text):
        rest = re.sub(r"(?i)^feed:(?://)?", "", text)
        return rest if re.match(r"(?i)https?:", rest) else f"https://{rest}"
    return text if re.match(r"(?i)[a-z][a-z0-9+.-]*://", text) else f"https://{text}"


def by_shape(url: str) -> list[str]:
    """Return the feeds that an address of a known site has, without asking it; none for other sites."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("old.")
    path, query = parts.path.rstrip("/"), parse_qs(parts.query)

    def found(pattern: str) -> str | None:
        match = re.match(pattern, path)
        return match[1] if match else None

    if host == "youtube.com":
        videos = "https://www.youtube.com/feeds/videos.xml?"
        if channel := found(r"/channel/(UC[\w-]{10,40})"):
            return [f"{videos}channel_id={channel}"]
        if user := found(rf"/user/{_SLUG}"):
            return [f"{videos}user={user}"]
        return [f"{videos}playlist_id={quote(lists[0])}"] if (lists := query.get("list")) else []
    if host == "reddit.com" and (place := found(rf"/((?:r|u|user)/{_SLUG})")):
        return [f"https://www.reddit.com/{place}/.rss"]
    if host in ("t.me", "telegram.me") and (name := found(r"/(?:s/)?(\w{4,40})")):
        # Telegram has no feeds; these bridges, run by others, make them.
        return [f"https://rsshub.app/telegram/channel/{name}", f"https://tg.i-c-a.su/rss/{name}"]
    if host == "github.com" and (project := found(rf"/({_SLUG}/{_SLUG})")):
        return [f"https://github.com/{project}/releases.atom"]
    if host == "bsky.app" and (who := found(rf"/profile/{_SLUG}$")):
        return [f"https://bsky.app/profile/{who}/rss"]
    if host == "medium.com" and (who := found(rf"/{_SLUG}$")):
        return [f"https://medium.com/feed/{who}"]
    if host == "news.google.com" and not path.startswith("/rss"):
        return [f"https://news.google.com/rss{path}" + (f"?{parts.query}" if parts.query else "")]
    if who := found(r"/(@\w{1,60})$"):  # Mastodon and its kin
        return [f"{parts.scheme}://{parts.netloc}/{who}.rss"]
    return []


def on_page(page: str, url: str) -> list[str]:
    """Return the feeds a page names: those of its head first, then links that look like feeds."""
    head = page[:HEAD]
    named = advertised_feeds(head)
    linked = [html.unescape(link) for link in _ANCHOR.findall(head)] if not named else []
    addresses = [*named, *(link for link in linked if _FEEDISH.search(link))]
    return _whole(addresses, url)[:MOST_LINKS]


def well_known(url: str) -> list[str]:
    """Return where most sites have their feed: below the page's own path first, then at the root."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = parts.path.rstrip("/").lstrip("/")
    below = [f"{root}{folder}/{path}" for path in ("feed", "rss")] if folder else []
    return [*below, *(root + path for path in _PATHS)]


def news_sitemaps(robots: str, url: str) -> list[str]:
    """Return the news sitemaps that a robots.txt names, else where most have theirs."""
    listed = re.findall(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,500})", robots[:HEAD])
    news = [address for address in listed if re.search(r"(?i)news", address)]
    return _whole(news, url)[:3] or [urljoin(url, f"/{path}") for path in _NEWS_SITEMAPS]


def _whole(addresses: Iterable[str], url: str) -> list[str]:
    """Return addresses as http addresses, each once, those of comments last."""
    found: dict[str, None] = {}
    for address in addresses:
        try:
            whole = urljoin(url, as_address(address) if address.lower().startswith("feed:") else address)
            parts = urlsplit(whole)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            found[whole.partition("#")[0]] = None
    return sorted(found, key=lambda address: bool(_BORING.search(address)))
