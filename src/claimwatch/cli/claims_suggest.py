"""`claimwatch claims suggest`: what several origins report and no claim covers, ready to be pasted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.cli import completing
from claimwatch.cli.options import CONFIG, JSON, load_settings, opened, refuse_unknown
from claimwatch.cli.output import echo_json
from claimwatch.cli.spans import Span
from claimwatch.core.columns import wrap
from claimwatch.core.pasting import slug, unused, written_claim
from claimwatch.core.safety import clean

if TYPE_CHECKING:
    from claimwatch.config import Settings
    from claimwatch.core.suggesting import Statement, Suggestion

WIDTH = 80
MOST = 20


@click.command("suggest")
@CONFIG
@JSON
@click.option("--topic", help="Only this topic.", shell_complete=completing.topics)
@click.option("--since", type=Span(), default="30d", show_default=True, help="How far back: 30d, 12h, 2w.")
def suggest_claims(config_path: Path, as_json: bool, topic: str | None, since: timedelta) -> int:
    """Suggest claims: sentences with an actor, an action and a number that no claim covers.

    They are taken from the stored items on your topics, and only when two or more origins say the same;
    reprints count once. What is printed can be pasted into a file of config/topics; read it first: that
    something is reported twice does not make it worth following, let alone true.

    \b
    Examples:
      claimwatch claims suggest
      claimwatch claims suggest --topic lake-dam --since 7d
      claimwatch claims suggest --json
    """
    settings = load_settings(config_path)
    if topic is not None:
        refuse_unknown("topic", topic, [t.id for t in settings.topics])
    found = list(_find(settings, topic, since))
    if as_json:
        echo_json(_row(name, suggestion) for name, suggestion in found)
    elif not found:
        click.echo("Nothing to suggest: no sentence with an actor, an action and a number")
        click.echo("that no claim covers was found in two or more origins.")
    else:
        for line in _lines(found):
            click.echo(line)
    return 0


def _find(settings: Settings, topic: str | None, since: timedelta) -> Iterator[tuple[str, Suggestion]]:
    """Give each suggestion with an id that no claim has."""
    from claimwatch import app
    from claimwatch.core.model import Pair
    from claimwatch.core.suggesting import covers, suggest
    from claimwatch.storage.on_topic import texts_on_topic

    judge = app.open_first_judge(settings.aliases)

    def covered(statement: Statement) -> bool:
        claims = [c for c in settings.claims if c.topic in statement.said.topics]
        pairs = [Pair(c, statement.sentence, statement.language) for c in claims]
        assessed = zip(claims, judge.assess(pairs), strict=True)
        return any(covers(claim, said, statement) for claim, said in assessed)

    with opened(settings) as database:
        if database is None:
            return
        texts = list(
            texts_on_topic(
                database,
                topics=[t.id for t in settings.topics],
                since=app.now() - since,
                publishers={f.name: f.publisher for f in settings.feeds},
                languages={f.name: f.language for f in settings.feeds},
            )
        )
    taken = {claim.id for claim in settings.claims}
    for suggestion in suggest(texts, covered, languages=settings.languages):
        if topic in (None, suggestion.topic):
            name = unused(slug(clean(suggestion.wording.sentence)), taken)
            taken.add(name)
            yield name, suggestion


def _lines(found: list[tuple[str, Suggestion]]) -> Iterator[str]:
    yield "# Paste what you want to follow into a file of config/topics, then run:"
    yield "#   claimwatch check"
    yield "claim:"
    for name, suggestion in found[:MOST]:
        said = suggestion.statements
        yield ""
        heading = f"{len(suggestion.origins)} origins: {', '.join(map(clean, suggestion.origins))}"
        yield from wrap(heading, first="  # ", indent="  #   ", columns=WIDTH)
        for one in said[1:4]:
            text = f'[{one.language}] "{clean(one.sentence)}" {clean(one.said.publisher)}'
            yield from wrap(text, first="  # ", indent="  #   ", columns=WIDTH)
        if len(said) > 4:
            yield f"  # and {len(said) - 4} more"
        yield from _claim(name, suggestion)
    if len(found) > MOST:
        yield f"\n# and {len(found) - MOST} more (--json lists them all)"


def _claim(name: str, suggestion: Suggestion) -> list[str]:
    wording = suggestion.wording
    first = min(statement.said.at for statement in suggestion.statements)
    return written_claim(
        name,
        topic=suggestion.topic,
        text=clean(wording.sentence),
        language=wording.language,
        quantity=suggestion.quantity,
        said_by=[clean(origin) for origin in suggestion.origins],
        reported=first.date(),
        columns=WIDTH,
    )


def _row(name: str, suggestion: Suggestion) -> dict[str, Any]:
    return {
        "claim": name,
        "topic": suggestion.topic,
        "text": suggestion.wording.sentence,
        "language": suggestion.wording.language,
        "quantity": suggestion.quantity,
        "origins": list(suggestion.origins),
        "statements": [
            {
                "item": one.said.item, "publisher": one.said.publisher, "at": one.said.at,
                "language": one.language, "sentence": one.sentence, "figure": one.quantity.text,
            }
            for one in suggestion.statements
        ],
        "yaml": "\n".join(["claim:", *_claim(name, suggestion)]) + "\n",
    }  # fmt: skip
