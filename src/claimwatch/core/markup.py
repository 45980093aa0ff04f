"""The mark-up of chat services: how each writes bold, code, quotation and link, and what must be escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from claimwatch.core.safety import dead, escape_html, escape_markdown


@dataclass(frozen=True, slots=True)
class Markup:
    """`escape` takes hostile text; `link` takes a safe address and says where it leads by its host."""

    name: str  # "text" | "markdown" | "html": as Apprise calls them
    escape: Callable[[str], str]
    bold: tuple[str, str]
    code: tuple[str, str]
    quote: tuple[str, str]
    newline: str
    link: Callable[[str], str]


def _host(url: str) -> str:
    return url.split("/")[2]


def _plain(text: str) -> str:
    """Text that a service may take for Markdown after all: no pings, no link that hides its address."""
    return dead(re.sub(r"\](?=[(\[<])", "]\u200b", text).replace("<", "<\u200b"))


def _html(text: str) -> str:
    return escape_html(dead(text))


def _telegram(text: str) -> str:
    return dead(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _markdown_link(url: str) -> str:
    return f"[{escape_markdown(_host(url))}]({url})"


def _discord_link(url: str) -> str:
    return f"[{escape_markdown(_host(url))}](<{url}>)"  # <...>: no preview of the page


def _html_link(url: str) -> str:
    return f'<a href="{escape_html(url)}">{escape_html(_host(url))}</a>'


def _slack(text: str) -> str:
    """Text of Slack's mrkdwn, which has no escape for its marks: a zero-width space keeps them from pairing."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return dead(re.sub(r"([*_~`])", "\u200b\\1\u200b", text))


def _slack_link(url: str) -> str:
    return f"<{url.replace('&', '&amp;')}|{_host(url)}>"


SLACK = Markup("mrkdwn", _slack, ("*", "*"), ("`", "`"), (">", ""), "\n", _slack_link)
PLAIN = Markup("text", _plain, ("", ""), ("", ""), ('"', '"'), "\n", lambda url: url)
MARKDOWN = Markup("markdown", escape_markdown, ("**", "**"), ("`", "`"), ("> ", ""), "\n", _markdown_link)
DISCORD = Markup("markdown", escape_markdown, ("**", "**"), ("`", "`"), ("> ", ""), "\n", _discord_link)
HTML = Markup(
    "html",
    _html,
    ("<b>", "</b>"),
    ("<code>", "</code>"),
    ("<blockquote>", "</blockquote>"),
    "<br>",
    _html_link,
)
TELEGRAM = Markup(
    "html",
    _telegram,
    ("<b>", "</b>"),
    ("<code>", "</code>"),
    ("<blockquote>", "</blockquote>"),
    "\n",
    _html_link,
)
