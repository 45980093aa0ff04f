"""The HTML part of a mail: one column for phones, inline styles, no images, nothing remote, at most 20 kB."""

from __future__ import annotations

from claimwatch.core.quoting import Segment
from claimwatch.core.safety import direction, escape_html
from claimwatch.core.wording import Changed, Line, Reading

BUDGET = 20_000  # bytes; Gmail clips a mail near 102 kB and people scroll far less

_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    "<title>{title}</title></head>\n"
    '<body style="margin:0;padding:16px;font:16px/1.45 -apple-system,Segoe UI,Roboto,sans-serif">\n'
    '<div role="article" style="max-width:600px;margin:0 auto;overflow-wrap:anywhere">\n'
    "{body}</div></body></html>\n"
)
_SMALL = "margin:0 0 12px;font-size:14px;opacity:.75"


def mail_html(reading: Reading, receiver: str, stop: str = "") -> str | None:
    """Return the page, or None when it cannot be kept within 20 kB (the text part then stands alone).

    `stop` is the web address where the reader can have the mails stopped.
    """
    for full in (True, False):
        body = _article(reading, receiver, stop, full=full)
        page = _PAGE.format(title=escape_html(reading.headline), body=body)
        if len(page.encode()) <= BUDGET:
            return page
    return None


def _article(reading: Reading, receiver: str, stop: str, *, full: bool) -> str:
    head, _, tail = reading.headline.partition(": ")
    parts = [
        _p(f"<b>{escape_html(head)}</b>: {_span(tail, reading.language)}", "margin:0 0 12px;font-size:18px")
    ]
    if reading.tlp != "CLEAR":
        parts.append(_p(f"<b>TLP:{escape_html(reading.tlp)}</b>"))
    if reading.several:
        parts += [_entry(line, full=full) for line in reading.lines]
        parts += [_section(title, lines) for title, lines in reading.sections]
    else:
        parts += _single(reading)
    parts += [_p(" · ".join(escape_html(time) for time in reading.times), _SMALL)]
    if reading.why and full:
        parts.append(
            _p("Why this matched: " + "<br>".join(escape_html(each) for each in reading.why), _SMALL)
        )
    commands = "<br>".join(f"<code>{escape_html(each)}</code>" for each in reading.commands)
    footer = f"Alert {reading.code}, TLP:{reading.tlp}. Sent because {reading.reason} (receiver {receiver})."
    ending = f' <a href="{escape_html(stop)}">Stop</a>' if stop else ""
    return "".join([*parts, _p(commands, _SMALL), _p(escape_html(footer) + ending, _SMALL)])


def _single(reading: Reading) -> list[str]:
    parts = []
    if reading.blocks:
        parts = [_p(f"<b>{title.capitalize()}</b> {_span(said)}") for title, said in reading.blocks]
        if reading.link:
            parts.append(_p(_article_link(reading.link)))
        return parts
    if reading.claim.startswith("none matches"):
        parts.append(_p(f"<b>Topic</b> {escape_html(reading.topic)}"))
    parts.append(_p(f"<b>Claim</b> {_span(reading.claim)}"))
    if reading.changed:
        parts.append(_was_now(reading.changed))
    parts += [_p(f"<b>Note</b> {escape_html(note)}") for note in reading.notes]
    if reading.quote:
        tag = f"[{reading.quote_language or 'language unknown'}, original]"
        parts.append(_quote(reading.quote, reading.quote_language, tag))
    if reading.hedge:
        parts.append(_p(f"Hedge kept: &quot;{_span(reading.hedge)}&quot;", _SMALL))
    source = f"<b>Source</b> {_span(reading.source)}"
    if reading.link:
        source += f"<br>{_article_link(reading.link)}"
    parts.append(_p(source))
    standing = "<br>".join(escape_html(each) for each in (reading.standing, reading.status) if each)
    if standing:
        parts.append(_p(f"<b>Standing</b> {standing}"))
    return parts


def _article_link(link: str) -> str:
    return f'<a href="{escape_html(link)}">{escape_html(_host(link))}: the article</a>'


def _entry(line: Line, *, full: bool) -> str:
    title = _span(line.title)
    if line.link:
        title = f'<a href="{escape_html(line.link)}">{title}</a>'
    out = f"<b>{escape_html(line.relation)}</b>: {title}"
    if full and line.claim:
        out += f"<br>claim: {_span(line.claim)}"
    if full and line.changed:
        out += f"<br>{escape_html(str(line.changed))}"
    source = f"{line.source}, {line.time}" + (f" ({_host(line.link)})" if line.link else "")
    out += f'<br><span style="font-size:14px;opacity:.75">{_span(source)}</span>'
    return _p(out)


def _section(title: str, lines: tuple[str, ...]) -> str:
    rows = "".join(f"<li>{_span(line)}</li>" for line in lines)
    return _p(f"<b>{escape_html(title)}</b>", "margin:0") + f'<ul style="margin:0 0 12px">{rows}</ul>'


def _was_now(changed: Changed) -> str:
    percent = f" ({escape_html(changed.percent)})" if changed.percent else ""
    rows = f"<tr><td>now&nbsp;</td><td><b>{_span(changed.new)}</b>{percent}</td></tr>"
    if changed.old:
        rows = f"<tr><td>was&nbsp;</td><td>{_span(changed.old)}</td></tr>{rows}"
    return f'<table role="presentation" style="margin:0 0 12px;border-spacing:0">{rows}</table>\n'


def _quote(quote: tuple[Segment, ...], language: str, tag: str) -> str:
    text = "".join(f"<mark>{escape_html(s.text)}</mark>" if s.marked else escape_html(s.text) for s in quote)
    lang = f' lang="{escape_html(language)}"' if language else ""
    style = "margin:0 0 12px;padding-left:12px;border-left:3px solid #888"
    way = direction("".join(s.text for s in quote))
    text += f"<br><small>{escape_html(tag)}</small>"
    return f'<blockquote{lang} dir="{way}" style="{style}">{text}</blockquote>\n'


def _span(text: str, language: str = "") -> str:
    """Return foreign text that keeps its own direction."""
    if not language and text.isascii():
        return escape_html(text)
    lang = f' lang="{escape_html(language)}"' if language else ""
    return f'<span dir="auto"{lang}>{escape_html(text)}</span>'


def _p(content: str, style: str = "margin:0 0 12px") -> str:
    return f'<p style="{style}">{content}</p>\n'


def _host(link: str) -> str:
    return link.split("/")[2]
