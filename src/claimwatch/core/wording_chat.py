"""An alert in chat (one screenful, with mark-up) and as a push (a title and one or two lines)."""

from __future__ import annotations

import re

from claimwatch.core.markup import Markup
from claimwatch.core.model import Alert
from claimwatch.core.safety import KEEP, cut
from claimwatch.core.wording import Line, Reading

PUSH_TITLE = 50  # characters a phone shows of a title
PUSH_BODY = 178  # and of the text on its lock screen; the first 45 carry the news

# What is left out first when a service takes little: (title, quotation, each note, each side of the change).
_LEVELS = (
    (200, 280, 200, 120),
    (200, 280, 0, 120),
    (200, 140, 0, 80),
    (200, 0, 0, 60),
    (100, 0, 0, 41),
    (41, 0, 0, 0),
)


def chat(reading: Reading, markup: Markup, *, limit: int) -> tuple[str, ...]:
    """Return the alert as one message of at most `limit` characters; a summary may need several.

    The relation word comes first, and at least the first 40 characters of every title are in it.
    """
    if reading.sections:
        return _digest(reading, markup, limit)
    if reading.lines:
        return _summary(reading, markup, limit)
    text = ""
    for level in _LEVELS:
        text = markup.newline.join(_rows(reading, markup, *level))
        text = text.replace("</blockquote><br>", "</blockquote>")
        if len(text) <= limit:
            break
    return (text,)


def push(reading: Reading, *, limit: int = 3500) -> tuple[str, tuple[str, ...]]:
    """Return title and text; a summary lists every report, in several texts when it must."""
    if reading.sections:
        rows = [
            row for title, lines in reading.sections for row in (title, *(cut(line, 120) for line in lines))
        ]
        return cut(reading.headline, PUSH_TITLE), _parts([], rows, "\n", limit)
    if reading.lines:
        counts, _, topic = reading.headline.partition(": ")
        rows = [f"{line.relation}: {cut(line.title, 80)} ({line.source})" for line in reading.lines]
        rows += [reading.again.strip()] if reading.again else []
        return cut(f"{counts}: {topic}", PUSH_TITLE), _parts([], rows, "\n", limit)
    title = cut(f"{reading.relation}: {reading.short}", PUSH_TITLE)
    tail = ", ".join(part for part in (*_standing(reading), reading.outlet, reading.time) if part)
    tail += reading.again
    room = max(KEEP + 1, PUSH_BODY - len(tail) - 2)
    if reading.blocks:  # the tail may fall to the cut, what is taken back may not
        return title, (f'{reading.title}: "{cut(reading.taken_back, 80)}". {tail}',)
    body = f"{cut(reading.title, room)}. {tail}"
    if reading.changed and reading.changed.old and not reading.status_alone:
        change = f" {cut(reading.changed.old, 41)} → {cut(reading.changed.new, 60)}."
        if len(body) + len(change) <= PUSH_BODY:
            body = f"{cut(reading.title, room)}.{change} {tail}"
    return title, (body,)


def moves(alert: Alert) -> bool:
    """Say whether an alert moved its claim's status: then the room is told too, not the thread alone."""
    now = alert.standing.status if alert.standing else None
    return bool(alert.status_was and now and now != alert.status_was)


def status_line(reading: Reading, markup: Markup) -> str:
    """Return one line that says in the room what moved, where the message itself stands in a thread."""
    facts = (_headline(reading, markup, 120), markup.escape(" ".join(_standing(reading)[1:])))
    code = f"{markup.code[0]}{markup.escape(reading.code)}{markup.code[1]}"
    first = f"{markup.bold[0]}{reading.relation}{markup.bold[1]} {markup.escape(reading.short)}"
    return " · ".join(part for part in (first, *facts, code) if part)


def _rows(reading: Reading, markup: Markup, title: int, quote: int, note: int, change: int) -> list[str]:
    esc, bold, code = markup.escape, markup.bold, markup.code
    tlp = "" if reading.tlp == "CLEAR" else f"TLP:{esc(reading.tlp)} "
    rows = [
        f"{bold[0]}{reading.relation}{bold[1]} {tlp}{esc(reading.short)}",
        _headline(reading, markup, title),
    ]
    changed = reading.changed
    if changed and change and not reading.status_alone:
        new = f"{bold[0]}{esc(cut(changed.new, change))}{bold[1]}"
        old = f"{esc(cut(changed.old, change))} → " if changed.old else ""
        rows.append(f"{old}{new}" + (f" ({esc(changed.percent)})" if changed.percent else ""))
    if reading.blocks and note:
        rows += [f"{bold[0]}{word}{bold[1]} {esc(cut(said, note))}" for word, said in reading.blocks]
    if note:
        rows += [f"Note: {esc(cut(each, note))}" for each in reading.notes[:2]]
    if quote and reading.quote and "".join(s.text for s in reading.quote) != reading.title:
        rows.append(f"{markup.quote[0]}{_quote(reading, markup, quote)}{markup.quote[1]}")
    facts = [esc(reading.source)]
    if reading.link:
        facts.append(markup.link(reading.link))
    facts += [esc(each) for each in (*_standing(reading), reading.time) if each]
    if reading.band:
        facts.append(f"match {reading.band}")
    facts.append(f"{code[0]}{esc(reading.code)}{code[1]}")
    return [*rows, " · ".join(facts)]


def _headline(reading: Reading, markup: Markup, limit: int) -> str:
    """Return who says it (as in a mail) and the title."""
    who = (
        reading.headline.removesuffix(reading.title).removeprefix(reading.relation).removeprefix(":").lstrip()
    )
    return markup.escape(who + cut(reading.title, limit))


def _quote(reading: Reading, markup: Markup, limit: int) -> str:
    bold = markup.bold
    out, left = "", limit
    for segment in reading.quote:
        if left <= 0:
            break
        text = segment.text if len(segment.text) <= left else segment.text[: left - 1] + "…"
        left -= len(text)
        words = text.strip() if segment.marked else text
        out += (
            f"{bold[0]}{markup.escape(words)}{bold[1]}" if segment.marked and words else markup.escape(text)
        )
    return out


def _standing(reading: Reading) -> tuple[str, ...]:
    """Return ("2 for, 1 against", "unverified → DISPUTED") without what is not known."""
    count = re.sub(r" origins? for( \(.*?\))?", " for", reading.standing).partition(";")[0]
    status = reading.status.removeprefix("status ").removeprefix("was ").replace(", now ", " → ")
    return tuple(part for part in (count, status) if part)


def _summary(reading: Reading, markup: Markup, limit: int) -> tuple[str, ...]:
    counts, _, topic = reading.headline.partition(": ")
    head = f"{markup.bold[0]}{counts}{markup.bold[1]} {markup.escape(topic)}"
    head += f" {markup.code[0]}{markup.escape(reading.code)}{markup.code[1]}"
    return _parts([head], [_entry(line, markup, limit) for line in reading.lines], markup.newline, limit)


def _digest(reading: Reading, markup: Markup, limit: int) -> tuple[str, ...]:
    esc, bold = markup.escape, markup.bold
    rows = []
    for title, lines in reading.sections:
        rows += [f"{bold[0]}{esc(title)}{bold[1]}", *(esc(cut(line, 200)) for line in lines)]
    return _parts([f"{bold[0]}{esc(reading.headline)}{bold[1]}"], rows, markup.newline, limit)


def _entry(line: Line, markup: Markup, limit: int) -> str:
    esc = markup.escape
    for title, with_link in ((160, True), (80, True), (41, False)):
        text = f"{markup.bold[0]}{line.relation}{markup.bold[1]} {esc(cut(line.title, title))}"
        if line.claim and title == 160:
            text += f" · {esc(line.claim)}"
        if line.changed and title == 160:
            text += f" · {esc(cut(line.changed.old, 80))} → {esc(cut(line.changed.new, 80))}"
        text += f" · {esc(line.source)}"
        if line.link and with_link:
            text += f" · {markup.link(line.link)}"
        if len(text) <= limit // 2:
            break
    return text


def _parts(head: list[str], rows: list[str], newline: str, limit: int) -> tuple[str, ...]:
    """Join rows to as few messages as the limit allows; no row is split or left out."""
    parts: list[str] = []
    now = newline.join(head)
    for row in rows:
        if now and len(now) + len(newline) + len(row) > limit:
            parts.append(now)
            now = row
        else:
            now = f"{now}{newline}{row}" if now else row
    return (*parts, now)
