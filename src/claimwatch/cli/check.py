"""`claimwatch check`: is the config right, and does it do what its examples say?"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.cli.options import CONFIG, typed
from claimwatch.cli.output import say

if TYPE_CHECKING:
    from claimwatch.config import Settings
    from claimwatch.config.problems import Problem

_ASKED = (("fetched", "--online"), ("sent", "--send"))


@click.command(name="check")
@CONFIG
@click.option("--strict", is_flag=True, help="Warnings count as errors: exit 1.")
@click.option(
    "--online",
    is_flag=True,
    help="Also ask every feed (does it answer, is it a feed, how old is it?) and the endpoint of the judge llm.",
)
@click.option("--send", is_flag=True, help="Also send one test message through every channel.")
@click.option("--json", "as_json", is_flag=True, help="One finding a line, and a last line with the result.")
def command(config_path: Path, strict: bool, online: bool, send: bool, as_json: bool) -> int:
    """Read every file of the config, say all that is wrong at once, and run the example headlines.

    Fetches nothing and sends nothing unless asked to; the examples are judged by the embedded judge alone.
    Exit 0 when all is well (warnings allowed), 1 when something must be mended.

    \b
    Examples:
      claimwatch check
      claimwatch check --strict --config new/config
      claimwatch check --online            asks every feed
      claimwatch check --send              one test message through every channel
    """
    from claimwatch import app
    from claimwatch.config import read
    from claimwatch.config.summary import count_lines, report, summary

    now = app.now()
    settings, found = read(config_path, environ=os.environ, today=now.date())
    findings = list(found.all())
    examples = tests = None
    tried: list[str] = []
    if settings is not None:
        wrong, examples, tests = _try_out(settings, now=now)
        findings += wrong
        if settings.templates is not None:
            from claimwatch.cli.check_templates import look_at_templates

            findings += look_at_templates(settings.templates, now=now)
        if online:
            from claimwatch.cli.check_online import ask_feeds

            answers, odd = asyncio.run(ask_feeds(settings, now=now))
            tried.append(f"  {answers:,} of {len(settings.feeds):,} feeds answer as they should")
            findings += odd
            if settings.judge.llm:
                from claimwatch.cli.check_online import ask_endpoint

                refused = ask_endpoint(settings)
                tried.append(f"  the endpoint of the judge llm {'does not answer' if refused else 'answers'}")
                findings += refused
        if send:
            from claimwatch.cli.check_send import send_tests

            took, refused = asyncio.run(send_tests(settings, now=now))
            tried.append(f"  {took:,} of {took + len(refused):,} channels took the test message")
            findings += refused
    errors = any(finding.severity == "error" for finding in findings)
    failed = errors or (strict and bool(findings))
    if as_json:
        _print_json(settings, findings, failed=failed, examples=examples, tests=tests)
        return 1 if failed else 0
    if settings is not None and not errors:
        name, lines = config_path.name or str(config_path), count_lines(settings.files)
        click.echo(summary(settings, name=name, lines=lines, examples=examples, tests=tests))
    for line in tried:
        click.echo(line)
    if findings:
        click.echo(report(findings, strict=strict))
    if not failed:
        click.echo(_fine(online=online, send=send))
        for line in _nothing_watched(settings):
            say(line)
    return 1 if failed else 0


def _nothing_watched(settings: Settings | None) -> list[str]:
    """Return what to do about a config that is right and watches nothing."""
    if settings is None:
        return []
    return [
        *([] if settings.feeds else [f"But no feed is read yet. Add one:  {typed('feeds add ADDRESS')}"]),
        *([] if settings.topics else [f"But no topic is followed yet. Add one:  {typed('topics add')}"]),
    ]


def _fine(*, online: bool, send: bool) -> str:
    left = [asked for asked, done in zip(_ASKED, (online, send), strict=True) if not done]
    if not left:
        return "ok"
    nothing = ", ".join(f"nothing was {word}" for word, _ in left)
    return f"ok ({nothing}; try {' and '.join(option for _, option in left)})"


def _try_out(settings: Settings, *, now: datetime) -> tuple[list[Problem], int, int]:
    """Return what went wrong with the examples and tests, and how many of either went right."""
    from claimwatch import app
    from claimwatch.cli.check_alerts import Rehearsal, example_outcome
    from claimwatch.cli.progress import progress
    from claimwatch.config.alert_tests import check_alert_tests
    from claimwatch.config.examples import check_examples
    from claimwatch.core.collecting import uncollected
    from claimwatch.core.matching import TopicIndex

    examples, tests = sum(len(claim.examples) for claim in settings.claims), len(settings.alert_tests)
    if not examples + tests:
        return [], 0, 0
    with uncollected(), progress("examples", examples + tests) as tick:
        index, judge = TopicIndex(settings.topics, settings.aliases), app.open_first_judge(settings.aliases)
        unlike = check_examples(settings, example_outcome(index, judge), tick=tick)
        rehearse = Rehearsal(settings, index, judge, now=now)
        wrong = check_alert_tests(settings.alert_tests, settings.places, rehearse, tick=tick)
    return [*unlike, *wrong], examples - len(unlike), tests - len(wrong)


def _print_json(
    settings: Settings | None,
    findings: Sequence[Problem],
    *,
    failed: bool,
    examples: int | None,
    tests: int | None,
) -> None:
    for finding in findings:
        click.echo(json.dumps(finding.as_dict(), ensure_ascii=False))
    result: dict[str, Any] = {
        "ok": not failed,
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "examples": examples,
        "tests": tests,
        "watching": settings is not None and bool(settings.feeds and settings.topics),
    }
    if settings is not None:
        for part in ("feeds", "topics", "claims", "routes", "receivers"):
            result[part] = len(getattr(settings, part))
    click.echo(json.dumps(result, ensure_ascii=False))
