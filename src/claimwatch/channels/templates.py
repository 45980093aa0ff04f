"""People's own words for alerts: Jinja2 files in alerts/templates, sandboxed; a broken one costs no alert."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import jinja2
import structlog
from jinja2.sandbox import ImmutableSandboxedEnvironment

from claimwatch.core.columns import wrap
from claimwatch.core.markup import DISCORD, HTML, MARKDOWN, PLAIN, SLACK, TELEGRAM, Markup
from claimwatch.core.safety import KEEP, escape_html
from claimwatch.core.wording import Reading
from claimwatch.core.wording_text import marked

log = structlog.get_logger("claimwatch.templates")


class Ready(str):
    """Text that is in the channel's mark-up already: not to be escaped again."""

    __slots__ = ()


class _Unfit(Exception):
    """What the file gives cannot be sent."""


class Template:
    """One file, and how its channel wants text escaped."""

    def __init__(self, path: Path, escape: Callable[[str], str], markup: Markup | None = None) -> None:
        self.path = path
        self._escape = escape
        self._markup = markup
        self._told: set[str] = set()
        self.problem = ""  # why the last rendering did not do
        self.line: int | None = None  # and where
        self._compiled: tuple[str, jinja2.Template] = "", jinja2.Template("")

    def render(self, reading: Reading, receiver: str, *, limit: int) -> str | None:
        """Return the alert in the file's words; None where there is no file or it does not do.

        What is wrong with a file is logged once. A result without the relation word or without the first 40
        characters of every title, or over `limit` characters, does not do. A digest has the built-in words
        unless the file speaks of `sections`.
        """
        text = self.attempt(reading, receiver, limit=limit)
        if self.problem and self.problem not in self._told:
            self._told.add(self.problem)
            log.error(
                "template not used, the built-in words are sent",
                template=str(self.path),
                problem=self.problem,
            )
        return text

    def attempt(self, reading: Reading, receiver: str, *, limit: int) -> str | None:
        """Return what `render` does; `problem` and `line` say why there is nothing, for those who only try."""
        line, self.problem = None, ""
        try:
            return self._written(reading, receiver, limit)
        except FileNotFoundError:
            return None
        except _Unfit as error:
            why = str(error)
        except (OSError, UnicodeDecodeError) as error:
            why = f"cannot be read: {error}"
        except jinja2.TemplateSyntaxError as error:
            line, why = error.lineno, error.message or "cannot be read"
        except Exception as error:  # noqa: BLE001 - a template can raise whatever Python can
            line, why = _line_of(error), f"{type(error).__name__}: {error}"
        self.line = line
        self.problem = f"line {line}: {why}" if line else why
        return None

    def _written(self, reading: Reading, receiver: str, limit: int) -> str | None:
        source = self.path.read_text(encoding="utf-8")
        if reading.sections and "sections" not in source:
            return None
        if source != self._compiled[0]:
            self._compiled = source, self._environment().from_string(source)
        text = self._compiled[1].render(self._values(reading, receiver))
        if len(text) > limit:
            raise _Unfit(f"gives {len(text)} characters; {limit} is the limit")
        if missing := self._missing(text, reading):
            raise _Unfit(f"leaves out {missing}")
        return text

    def _environment(self) -> ImmutableSandboxedEnvironment:
        environment = ImmutableSandboxedEnvironment(
            undefined=jinja2.StrictUndefined,
            finalize=self._finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters["wrap"] = _wrapped
        return environment

    def _finalize(self, value: Any) -> str:
        return value if isinstance(value, Ready) else self._escape(str(value))

    def _values(self, reading: Reading, receiver: str) -> dict[str, Any]:
        values = {field.name: getattr(reading, field.name) for field in fields(reading)}
        before, after = self._markup.bold if self._markup else (">>", "<<")
        if self._markup:
            shown = "".join(
                f"{before}{self._escape(s.text)}{after}" if s.marked else self._escape(s.text)
                for s in reading.quote
            )
            values["quote"] = Ready(shown)
            values["link"] = Ready(self._markup.link(reading.link)) if reading.link else ""
        else:
            values["quote"] = marked(reading.quote, before, after)
            values["link"] = reading.link or ""
        return values | {"receiver": receiver}

    def _missing(self, text: str, reading: Reading) -> str | None:
        flat = "".join(text.split())
        if reading.relation not in flat:
            return f'the relation word "{reading.relation}" (write {{{{ relation }}}} or {{{{ headline }}}})'
        for title in [line.title for line in reading.lines] or [reading.title]:
            if "".join(self._escape(title[:KEEP]).split()) not in flat:
                return f'the title "{title[:KEEP]}" (write {{{{ title }}}} or {{{{ headline }}}})'
        return None


def text_template(folder: Path | None, name: str) -> Template:
    """Return the template of a plain text: a mail's text part, or the terminal."""
    return Template(_place(folder, f"{name}.txt"), str)


def html_template(folder: Path | None, name: str) -> Template:
    """Return the template of a mail's HTML part."""
    return Template(_place(folder, f"{name}.html"), escape_html)


def chat_template(folder: Path | None, name: str, markup: Markup) -> Template:
    """Return the template of a chat message."""
    return Template(_place(folder, f"{name}.txt"), markup.escape, markup)


# Every name of a file that words alerts, with how feed text in it is made safe.
NAMES: Mapping[str, Markup | None] = {
    "email": None, "terminal": None, "slack": HTML, "slack-bot": SLACK, "telegram": TELEGRAM,
    "discord": DISCORD, "mattermost": MARKDOWN, "rocketchat": MARKDOWN, "teams": MARKDOWN,
    "ntfy": PLAIN, "gotify": PLAIN, "pushover": PLAIN, "apprise": PLAIN,
}  # fmt: skip


def templates_in(folder: Path) -> Iterator[tuple[Path, Template | None]]:
    """Return every file that is meant as a template; without one where no channel goes by that name."""
    for path in sorted([*folder.glob("*.txt"), *folder.glob("*.html")]):
        markup = NAMES.get(path.stem)
        if path.name == "email.html":
            yield path, html_template(folder, "email")
        elif path.suffix == ".html" or path.stem not in NAMES:
            yield path, None
        elif markup is None:
            yield path, text_template(folder, path.stem)
        else:
            yield path, chat_template(folder, path.stem, markup)


def complaint(*templates: Template) -> str:
    """Return what was wrong with the templates of a channel when it worded its last message, or ""."""
    return "\n".join(f"{each.path.name}: {each.problem}" for each in templates if each.problem)


def _line_of(error: Exception) -> int | None:
    """Return the line of the template that an error came from."""
    lines = [at.lineno for at in traceback.extract_tb(error.__traceback__) if at.filename == "<template>"]
    return lines[-1] if lines else None


def _place(folder: Path | None, name: str) -> Path:
    return (folder or Path("no-templates")) / name


def _wrapped(text: object, indent: int = 0, columns: int = 72) -> str:
    """Break text into lines; those after the first are indented by so many blanks."""
    margin = " " * indent
    return "\n".join(wrap(str(text), first=margin, indent=margin, columns=columns))[indent:]
