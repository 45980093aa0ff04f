"""`claimwatch test`: what would this text do, and why."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.output import say
from claimwatch.config import Settings
from claimwatch.core.alerting import speaks
from claimwatch.core.model import Assessment, Claim, Item, NearMiss, Stance
from claimwatch.core.safety import clean
from claimwatch.core.trial import OFF_TOPIC, Trial

RELATIONS = ["CONTRADICTS", "UPDATES", "CORROBORATES", "NEW", OFF_TOPIC]


@click.command()
@click.argument("headline", required=False)
@CONFIG
@click.option("--summary", default="", help="The text below the headline.")
@click.option("--language", help="Its language (en, fr, uk ...); detected when not given.")
@click.option("--expect", type=click.Choice(RELATIONS, case_sensitive=False), help="Exit 1 on anything else.")
@click.option("--why", is_flag=True, help="Each feature's part of the judge's answers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a text.")
def command(
    headline: str | None,
    config_path: Path,
    summary: str,
    language: str | None,
    expect: str | None,
    why: bool,
    as_json: bool,
) -> int:
    """Say what a text would do under the config, and why. Stores and sends nothing.

    HEADLINE is one headline, or "-" to read many: plain headlines one a line, or with --json
    JSON Lines {"id","title","summary","language","published_at","source"}.

    \b
    Examples:
      claimwatch test "Engineers deny that the Orsa dam is safe"
      claimwatch test "Engineers deny that the Orsa dam is safe" --why
      claimwatch test "..." --expect CONTRADICTS
      claimwatch test --json - < items.jsonl > answers.jsonl
    """
    if headline is None:
        if sys.stdin.isatty():
            raise click.UsageError('Give a headline, or "-" to read from standard input.')
        headline = "-"
    # whatever the locale says, and whatever bytes come: one bad line must not cost the others
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    settings = load_settings(config_path)
    from claimwatch.app import Trier

    trier = Trier(settings)
    if headline == "-":
        items = _read_json(sys.stdin) if as_json else _read_lines(sys.stdin, language)
    else:
        items = iter([(None, Item(id="1", title=headline, summary=summary, language=language))])
    missed = 0
    for name, item in items:
        trial = trier.try_item(item)
        missed += expect is not None and trial.relation != expect.upper()
        if as_json:
            row = as_row(trial)
            click.echo(json.dumps({"id": name, **row} if name is not None else row, ensure_ascii=False))
        else:
            if headline == "-":
                say(clean(item.title), first="headline  ", indent=" " * 10)
            _show(trial, trier, [t.id for t in settings.topics])
            if why:
                _show_parts(trial, item, settings)
            if headline == "-":
                click.echo()
    if missed and expect:
        click.echo(f"expected {expect.upper()}", err=True)
    return 1 if missed else 0


def as_row(trial: Trial) -> dict[str, Any]:
    """Return a trial in the JSON shape of `test --json`."""
    return {
        "topics": [
            {
                "topic": m.topic,
                "score": round(m.score, 3),
                "band": m.band.value,
                "found": [
                    {
                        "line": f.line, "name": f.name, "text": f.text,
                        "field": f.field, "how": f.how, "ratio": round(f.ratio, 3),
                    }
                    for f in m.found
                ],
            }
            for m in trial.matches
        ],
        "claims": [_claim_row(c, a) for c, a in trial.assessed],
        "relation": trial.relation,
        "routes": list(trial.routes),
    }  # fmt: skip


def _claim_row(claim: Claim, a: Assessment) -> dict[str, Any]:
    relation = {
        Stance.CONTRADICTS: "CONTRADICTS",
        Stance.UPDATES: "UPDATES",
        Stance.SUPPORTS: "CORROBORATES",
        Stance.NEUTRAL: None,
    }[a.stance]
    return {
        "claim": claim.id,
        "topic": claim.topic,
        "relation": relation,
        "stance": a.stance.value,
        "confidence": round(a.confidence, 3),
        "evidence": a.evidence,
        "reasons": list(a.reasons),
    }


def _read_json(lines: Iterable[str]) -> Iterator[tuple[Any, Item]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError("not an object")
        except (ValueError, TypeError) as error:
            raise click.UsageError(f"standard input, line {number}: not a JSON object ({error})") from error
        title, summary, content = (_whole(row.get(key)) for key in ("title", "summary", "content"))
        yield (
            row.get("id"),
            Item(
                id=str(row.get("id") or hashlib.sha256(line.encode()).hexdigest()[:12]),
                title=title,
                summary=summary,
                content=content,
                language=row.get("language") if isinstance(row.get("language"), str) else None,
                published_at=_time(row.get("published_at")),
                source=row.get("source") if isinstance(row.get("source"), str) else None,
            ),
        )


def _whole(value: object) -> str:
    """Return the text, half characters replaced: JSON can write them, nothing can print them."""
    return str(value or "").encode("utf-8", "replace").decode()


def _time(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _read_lines(lines: Iterable[str], language: str | None) -> Iterator[tuple[None, Item]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield None, Item(id=str(number), title=line.strip(), language=language)


def _show(trial: Trial, trier: Any, topics: list[str]) -> None:
    for match in trial.matches:
        found: dict[str, list[str]] = {}
        for f in match.found:
            written = f.text if f.how == "exact" else f"{f.text} ({f.how} {f.name})"
            if written not in found.setdefault(f.line, []):
                found[f.line].append(written)
        lines = " | ".join(f"{line}: {', '.join(names[:3])}" for line, names in found.items())
        _row("topic", f"{match.topic} {match.score:.2f} {match.band}: {lines}")
    if not trial.matches:
        _show_misses(trial, trier, topics)
    speaking = [(c, a) for c, a in trial.assessed if a.stance is not Stance.NEUTRAL]
    neutral = [(c, a) for c, a in trial.assessed if a.stance is Stance.NEUTRAL]
    for claim, a in sorted(speaking, key=lambda pair: -pair[1].confidence):
        _row("claim", f"{claim.id} {a.stance} {a.confidence:.2f}" + (f" ({a.form})" if a.form else ""))
        if not speaks(a):
            _row("", f"not told: the text is hardly on this claim (relevance {a.relevance:.2f})")
        if a.change:
            _row("", f"{a.change.old} -> {a.change.new}")
        _row("", _marked(a))
        for reason in a.reasons:
            _row("", f"because {reason}")
    if neutral:
        claim, a = max(neutral, key=lambda pair: pair[1].relevance)
        why = f": {a.reasons[0]}" if a.reasons else ""
        more = "1 more claim" if len(neutral) == 1 else f"{len(neutral)} more claims"
        _row("neutral", f"{more}, nearest {claim.id} {a.relevance:.2f}{why}")
    _row("result", trial.relation)
    for name in trial.routes:
        _row("route", name)
    for name, why in trial.misfits.items():
        _row("route", f"{name}: no, {why}")


def _show_parts(trial: Trial, item: Item, settings: Settings) -> None:
    from claimwatch.judges.lexical import KnownNames
    from claimwatch.judges.lexical.parts import parts_in_words

    known = KnownNames(settings.aliases)
    for claim, _ in trial.assessed:
        for line in parts_in_words(claim, item.text, item.language, known):
            _row("why", f"{claim.id} {line}")


def _show_misses(trial: Trial, trier: Any, topics: list[str]) -> None:
    misses = []
    for topic in topics:
        miss = trier.explain(trial.item, topic)
        if isinstance(miss, NearMiss) and (miss.found or miss.vetoed_by):
            misses.append(miss)
    misses.sort(key=lambda m: (m.vetoed_by is None, len(m.empty)))
    for miss in misses[:3]:
        found = "".join(f"{f.line}: {f.text} | " for f in miss.found[:4])
        if miss.vetoed_by:
            why = f'"not" names {miss.vetoed_by}'
        else:
            why = f"nothing found for {', '.join(miss.empty)}" + (
                f" (nearest: {miss.nearest})" if miss.nearest else ""
            )
        _row("topic", f"{miss.topic} no: {found}{why}")
    if not misses:
        _row("topic", "none: no name of any topic was found")


def _row(label: str, text: str) -> None:
    say(clean(text, limit=4000), first=f"{label:8}", indent=" " * 8)


def _marked(a: Assessment) -> str:
    text = a.evidence
    for mark in a.marks:
        text = text.replace(mark, f">>{mark}<<", 1)
    return f'"{text}"'
