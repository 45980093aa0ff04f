"""`claimwatch claims add`: a sentence becomes a claim, and is told back as it was understood."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from claimwatch.cli import completing
from claimwatch.cli.claims_understood import say_alike, show_understood
from claimwatch.cli.edits import DRY_RUN, change_config, file_of_topic
from claimwatch.cli.options import CONFIG, load_settings, refuse_unknown, typed
from claimwatch.config import Settings
from claimwatch.core.model import Claim
from claimwatch.core.pasting import slug, unused
from claimwatch.errors import ClaimwatchError


@click.command("add")
@click.argument("sentence")
@CONFIG
@click.option(
    "--topic", help="Its topic; not needed where there is only one.", shell_complete=completing.topics
)
@click.option("--id", "name", help="What commands call it; else made of the sentence.")
@click.option("--short", help="At most 55 characters: the subject of every mail on it.")
@click.option("--quantity", help='Its figure, such as "up to 30,000 soldiers"; else read from the sentence.')
@click.option("--said-by", multiple=True, help="Who says so; may be repeated. They do not corroborate it.")
@click.option(
    "--reported", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="When it was said: 2026-07-02."
)
@click.option("--language", help="Of the sentence, such as fr; detected when not given.")
@DRY_RUN
def add(
    sentence: str,
    config_path: Path,
    topic: str | None,
    name: str | None,
    short: str | None,
    quantity: str | None,
    said_by: tuple[str, ...],
    reported: datetime | None,
    language: str | None,
    dry_run: bool,
) -> int:
    """Follow a claim: SENTENCE, one statement that is true or false.

    It goes below the other claims of its topic's file, whose comments and layout stay, and is told back
    as it was understood. Nothing is written unless the whole config is right with it.

    \b
    Examples:
      claimwatch claims add "The dam at Lake Orsa will be closed."
      claimwatch claims add "About 300 people work at the Orsa dam." \\
        --topic lake-dam --said-by ministry --reported 2026-07-02 --dry-run
    """
    settings = load_settings(config_path)
    given = {
        "short": short,
        "language": language,
        "quantity": quantity,
        "said_by": list(said_by),
        "reported": reported.date().isoformat() if reported else None,
    }
    claim = {"text": " ".join(sentence.split()), **{key: value for key, value in given.items() if value}}
    chosen = _topic(settings, topic)
    ident = name or unused(slug(short or sentence), {c.id for c in settings.claims})
    add_claim(settings, config_path, chosen, ident, claim, dry_run=dry_run)
    return 0


def add_claim(
    settings: Settings, config: Path, topic: str, name: str, written: dict[str, Any], *, dry_run: bool
) -> None:
    """Write a claim below those of its topic and tell it back. Raises: ClaimwatchError."""
    if any(claim.id == name for claim in settings.claims):
        raise ClaimwatchError(f'There is a claim "{name}" already. Give another with --id.')

    def change(tree: dict[str, Any]) -> None:
        alone = list(tree.get("topic") or ()) == [topic]
        entry = written if alone else {"topic": topic, **written}
        tree["claim"] = {**(tree.get("claim") or {}), name: entry}

    change_config(config, file_of_topic(settings, topic), change, dry_run=dry_run)
    claim = Claim(
        name, topic, written["text"], written["text"], language=written.get("language"),
        quantity=written.get("quantity"),
    )  # fmt: skip
    show_understood(claim, settings)
    say_alike(claim, (c for c in settings.claims if c.topic == topic), settings)


def _topic(settings: Settings, given: str | None) -> str:
    known = [topic.id for topic in settings.topics]
    if given is not None:
        refuse_unknown("topic", given, known)
        return given
    if len(known) == 1:
        return known[0]
    if not known:
        raise ClaimwatchError(f"There is no topic yet. Make one:  {typed('topics add')}")
    raise ClaimwatchError(f"Say on which topic it is, with --topic: {', '.join(known)}")
