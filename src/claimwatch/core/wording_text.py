"""An alert as plain text in columns: the text part of a mail, and its short form for a terminal."""

from __future__ import annotations

from claimwatch.core.columns import GLUE, MAIL_COLUMNS, wrap
from claimwatch.core.quoting import Segment, quotation_marks
from claimwatch.core.safety import KEEP, isolate
from claimwatch.core.wording import Line, Reading

_INDENT = " " * 10


def mail_text(reading: Reading, receiver: str, stop: str = "") -> str:
    """Return the text part: lines of at most 72 columns, but a link is never broken.

    `stop` is where the reader can have the mails stopped.
    """
    blocks = [_head(reading, MAIL_COLUMNS), *_body(reading, MAIL_COLUMNS)]
    if reading.lines:
        blocks += [entry(number, line, MAIL_COLUMNS) for number, line in enumerate(reading.lines, 1)]
    blocks += [section(title, lines, MAIL_COLUMNS) for title, lines in reading.sections]
    why = [*_field("TIMES", reading.times), *_field("WHY", reading.why)]
    act = [*_field("ACT", reading.commands), *_link("Article", reading.link, MAIL_COLUMNS)]
    to = f" (receiver {receiver})" if receiver else ""
    footer = f"Alert {reading.code}, TLP:{reading.tlp}. Sent because {reading.reason}{to}."
    ending = [f"Stop: {stop}"] if stop else []
    blocks += [why, act, ["-- ", *wrap(footer), *ending]]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def terminal_text(reading: Reading, columns: int = 79) -> str:
    """Return a compact form: no judge's reasons, one line of source and time."""
    blocks = _head(reading, columns)
    if reading.lines:
        for number, line in enumerate(reading.lines, 1):
            blocks += entry(number, line, columns)
    for title, lines in reading.sections:
        blocks += section(title, lines, columns)
    for block in _body(reading, columns, compact=True):
        blocks += block
    blocks += _link("Article", reading.link, columns)
    blocks += [f"{'Alert':10}{reading.code}   {reading.commands[0]}"]
    return "\n".join(blocks) + "\n"


def marked(quote: tuple[Segment, ...], before: str = ">>", after: str = "<<") -> str:
    """Return the quotation with its decisive words between marks."""
    return "".join(f"{before}{s.text}{after}" if s.marked else s.text for s in quote)


def entry(number: int, line: Line, columns: int) -> list[str]:
    """Return one report of a summary as lines."""
    first = f"{number:>3}  {line.relation}: "
    out = wrap(glued(line.title), first=first, indent=" " * 5, columns=columns)
    if line.claim:
        out += wrap(line.claim, first="     claim    ", indent=" " * 14, columns=columns)
    if line.changed:
        out += wrap(str(line.changed), first="     changed  ", indent=" " * 14, columns=columns)
    quote = marked(line.quote)
    if quote and quote != line.title:
        out += wrap(_quoted(quote), first="     ", indent=" " * 5, columns=columns)
    out += wrap(f"{line.source}, {line.time}", first="     ", indent=" " * 5, columns=columns)
    if line.link:
        out.append(f"     {line.link}" if len(line.link) + 5 <= columns else line.link)
    return out


def section(title: str, lines: tuple[str, ...], columns: int) -> list[str]:
    """Return a digest's section: its title, its lines below."""
    return [title, *(row for line in lines for row in wrap(line, first="  ", indent="    ", columns=columns))]


def glued(title: str) -> str:
    """Return the title with its first 40 characters held together on one line."""
    return isolate(title[:KEEP].replace(" ", GLUE) + title[KEEP:])


def _quoted(text: str) -> str:
    opening, closing = quotation_marks(text)
    return f"{opening}{isolate(text)}{closing}"


def _head(reading: Reading, columns: int) -> list[str]:
    before = reading.headline.removesuffix(reading.title)
    if before == reading.headline:
        lines = wrap(reading.headline, columns=columns)
    else:
        lines = wrap(before.replace(" ", GLUE) + glued(reading.title), columns=columns)
    return lines if reading.tlp == "CLEAR" else [*lines, f"TLP:{reading.tlp}"]


def _body(reading: Reading, columns: int, *, compact: bool = False) -> list[list[str]]:
    if reading.several:
        return []
    if reading.blocks:
        return [[row for title, said in reading.blocks for row in _field(title, (said,), columns)]]
    about: list[str] = []
    if reading.claim.startswith("none matches"):
        about += _field("TOPIC", (reading.topic,), columns)
    about += _field("CLAIM", (reading.claim,), columns)
    if reading.changed:
        about += _field("CHANGED", (str(reading.changed),), columns)
    about += _field("NOTE", reading.notes, columns)
    evidence: list[str] = []
    if reading.quote and not (compact and marked(reading.quote) == reading.title):
        language = reading.quote_language or "language unknown"
        quote = _quoted(marked(reading.quote))
        hedge = (f'Hedge kept: "{isolate(reading.hedge)}"',) if reading.hedge and not compact else ()
        tag = () if compact else (f"[{language}, original]",)
        evidence = _field("EVIDENCE", (*tag, quote, *hedge), columns)
    source = (f"{reading.source}, {reading.time}",) if compact else (reading.source,)
    where = _field("SOURCE", source, columns)
    standing = tuple(each for each in (reading.standing, reading.status) if each)
    where += _field("STANDING", ("; ".join(standing),) if compact and standing else standing, columns)
    return [about, evidence, where]


def _field(label: str, paragraphs: tuple[str, ...], columns: int = MAIL_COLUMNS) -> list[str]:
    out: list[str] = []
    for paragraph in paragraphs:
        if paragraph:
            first = _INDENT if out else f"{label:10}"
            out += wrap(paragraph, first=first, indent=_INDENT, columns=columns)
    return out


def _link(label: str, link: str | None, columns: int) -> list[str]:
    if link is None:
        return []
    return [f"{label:10}{link}"] if len(link) + 10 <= columns else [label, link]
