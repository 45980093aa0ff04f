"""`claimwatch claims adopt`: what an alert reports becomes what is followed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.cli import completing
from claimwatch.cli.claims_add import add_claim
from claimwatch.cli.claims_understood import show_understood
from claimwatch.cli.edits import DRY_RUN, change_config, file_of_claim
from claimwatch.cli.judging import LINE
from claimwatch.cli.options import CONFIG, load_settings, no_alert, opened, typed
from claimwatch.cli.output import say
from claimwatch.core.figures import figure_of, phrase_of, with_figure
from claimwatch.core.model import Alert, Claim, Example, Relation, Report, Stance
from claimwatch.core.pasting import slug, unused
from claimwatch.core.suggesting import OnTopic, Suggestion, statements_of
from claimwatch.errors import ClaimwatchError
from claimwatch.language.detect import detect
from claimwatch.language.quantities import find_quantities
from claimwatch.language.quantity import Quantity, comparable

if TYPE_CHECKING:
    from claimwatch.config import Settings
    from claimwatch.storage.life import Life, SaidThen

SHORT_LIMIT = 55


@click.command("adopt")
@click.argument("code", shell_complete=completing.alert_codes)
@CONFIG
@LINE
@DRY_RUN
def adopt(code: str, config_path: Path, line: int | None, dry_run: bool) -> int:
    """Make the figure of the UPDATES alert CODE the claim's own, or a claim of a NEW one.

    The claim's text, figure, date and source change in its file; comments and layout stay. What was said of
    the text before is kept with it: the claim begins a new revision. Examples of the claim that give another
    relation now are told, and expect that.

    \b
    Examples:
      claimwatch claims adopt 3TWX8R --dry-run
      claimwatch claims adopt 3TWX8R
    """
    settings = load_settings(config_path)
    alert, life = _find(settings, code, line)
    if life.said and (told := _update_of(alert, life)):
        _adopt_figure(settings, config_path, alert, life, told, dry_run=dry_run)
    elif alert.relation is Relation.NEW or not life.said:
        _adopt_statement(settings, config_path, alert, life, dry_run=dry_run)
    else:
        raise ClaimwatchError(f"{alert.code} brings no figure that its claim could take.")
    return 0


def _find(settings: Settings, code: str, line: int | None) -> tuple[Alert, Life]:
    """Return the alert and the item it tells (of several, that of the line). Raises: ClaimwatchError."""
    from claimwatch.storage.judging import SqlJudgementStore
    from claimwatch.storage.life import SqlLives

    with opened(settings) as database:
        alert = SqlJudgementStore(database).find(code) if database else None
        if database is None or alert is None:
            raise no_alert(code)
        number = _report(alert, line).item
        life = SqlLives(database).life(number) if number is not None else None
    if life is None:
        raise ClaimwatchError(f"The item that {alert.code} tells of is not stored any more.")
    return alert, life


def _report(alert: Alert, line: int | None) -> Report:
    if not alert.entries:
        return alert.report
    if line is None or line > len(alert.entries):
        raise ClaimwatchError(
            f"{alert.code} tells {len(alert.entries)} reports. Say which, by its number:  "
            + typed(f"claims adopt {alert.code} --line 1")
        )
    return alert.entries[line - 1].report


def _update_of(alert: Alert, life: Life) -> SaidThen | None:
    said = [s for s in life.said if s.assessment.stance is Stance.UPDATES and s.assessment.change]
    mine = [s for s in said if alert.claim and s.claim == alert.claim.id]
    return next(iter(reversed(mine or said)), None)


# ---------------------------------------------------------------- a figure


@dataclass(frozen=True, slots=True)
class _New:
    """What the claim says from now on."""

    text: str
    quantity: str
    said_by: str
    reported: date
    short: str | None


def _adopt_figure(
    settings: Settings, config: Path, alert: Alert, life: Life, told: SaidThen, *, dry_run: bool
) -> None:
    claim = next((c for c in settings.claims if c.id == told.claim), None)
    if claim is None:
        raise ClaimwatchError(f'The config has no claim "{told.claim}" any more.')
    new = _with_figure(claim, life, told)
    edited = replace(
        claim, text=new.text, quantity=new.quantity, said_by=(new.said_by,), reported=new.reported,
        short=new.short or claim.short,
    )  # fmt: skip
    expected = _expected_now(settings, edited)

    def change(tree: dict[str, Any]) -> None:
        entry = tree["claim"][claim.id]
        entry |= {
            "text": new.text, "quantity": new.quantity, "said_by": [new.said_by],
            "reported": new.reported.isoformat(),
        }  # fmt: skip
        if "short" in entry and new.short:
            entry["short"] = new.short
        written = entry.get("example") or []
        for example in written if isinstance(written, list) else [written]:
            if (relation := expected.get(" ".join(str(example["headline"]).split()))) is not None:
                example["expect"] = relation

    change_config(config, file_of_claim(settings, claim.id), change, dry_run=dry_run)
    show_understood(edited, settings)
    for headline, relation in expected.items():
        say(f'this example gives {relation} now: "{headline}"', first="note  ", indent=" " * 6)
    for wording in claim.wordings:
        if with_figure(wording.text, wording.language, _figure(claim), "") is not None:
            say(f"the {wording.language} wording still has the figure of before; edit it.", first="note  ",
                indent=" " * 6)  # fmt: skip


def _with_figure(claim: Claim, life: Life, told: SaidThen) -> _New:
    """Return the claim's new words. Raises: ClaimwatchError when a person has to find them."""
    old, language = _figure(claim), detect(claim.text, claim.language) or "en"
    said = find_quantities(told.assessment.evidence, life.item.language)
    figure = next((q for q in said if comparable(q, old)), None)
    phrase = phrase_of(figure) if figure and language == "en" else None
    if figure and phrase is None and (detect(told.assessment.evidence, life.item.language) == language):
        phrase = figure.text
    text = with_figure(claim.text, language, old, phrase) if phrase else None
    if phrase is None or text is None:
        raise ClaimwatchError(
            f'I cannot put "{figure.text if figure else told.assessment.evidence}" into '
            f'"{claim.text}". Please edit the claim yourself.'
        )
    short = with_figure(claim.short, language, old, phrase)
    at = life.item.published_at or life.first_seen_at
    return _New(
        text, phrase, told.origin, at.date(), short if short and len(short) <= SHORT_LIMIT else None
    )  # fmt: skip


def _figure(claim: Claim) -> Quantity:
    figure = figure_of(claim)
    if figure is None:
        raise ClaimwatchError(f"The claim {claim.id} has no figure that could be replaced.")
    return figure


def _expected_now(settings: Settings, claim: Claim) -> dict[str, str]:
    """Return the headlines of examples that give another relation with the claim as it is now."""
    from claimwatch.app import open_first_judge
    from claimwatch.cli.check_alerts import example_outcome
    from claimwatch.core.matching import TopicIndex

    topics = [topic for topic in settings.topics if topic.id == claim.topic]
    outcome = example_outcome(TopicIndex(topics, settings.aliases), open_first_judge(settings.aliases))

    def gives(example: Example) -> str:
        return outcome(claim, example).relation

    return {e.headline: now for e in claim.examples if (now := gives(e)) != e.expect}


# ---------------------------------------------------------------- a statement


def _adopt_statement(settings: Settings, config: Path, alert: Alert, life: Life, *, dry_run: bool) -> None:
    """Make a claim of what an item on no claim says: its sentence with a figure, else its headline."""
    item, publisher = life.item, next((f.publisher for f in settings.feeds if f.name == life.feed), life.feed)
    at = item.published_at or life.first_seen_at
    found = tuple(f for then in life.matched for f in then.match.found)
    said = OnTopic(life.id, (alert.topic,), item.text, item.language, item.source or publisher, at, found)
    statement = next(iter(statements_of(said)), None)
    text = statement.sentence if statement else item.title
    written = {
        "text": text,
        "language": statement.language if statement else item.language,
        "quantity": Suggestion(alert.topic, (statement,), ()).quantity if statement else None,
        "said_by": [statement.origin if statement else said.publisher],
        "reported": at.date().isoformat(),
    }
    name = unused(slug(text), {claim.id for claim in settings.claims})
    written = {key: value for key, value in written.items() if value}
    add_claim(settings, config, alert.topic, name, written, dry_run=dry_run)
