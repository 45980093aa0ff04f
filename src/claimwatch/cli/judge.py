"""`claimwatch judge`: pairs in, stances out, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import click

from claimwatch.cli.options import CONFIG, JUDGE, judge_of
from claimwatch.core.model import Assessment, Claim, Pair

BATCH = 256  # pairs judged at a time, so that a long stream answers as it comes


def _pairs(stream: TextIO) -> Iterator[tuple[str | None, Pair]]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            claim, text = row["claim"], row["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise click.ClickException(
                f'line {number}: not a JSON object with "claim" and "text" ({error})'
            ) from error
        if not isinstance(claim, str) or not isinstance(text, str):
            raise click.ClickException(f'line {number}: "claim" and "text" must be texts')
        identity = row.get("id")
        language = row.get("language")
        claim_language = row.get("claim_language")
        pair = Pair(
            Claim(
                "claim", "", claim, claim[:55], claim_language if isinstance(claim_language, str) else None
            ),
            text,
            language if isinstance(language, str) else None,
        )
        yield identity, pair


def as_row(identity: str | None, found: Assessment) -> dict[str, Any]:
    """Return the JSON object of one answer; empty parts are left out."""
    row: dict[str, Any] = {} if identity is None else {"id": identity}
    row |= {
        "stance": str(found.stance),
        "confidence": round(found.confidence, 3),
        "evidence": found.evidence,
        "reasons": list(found.reasons),
    }
    if found.form:
        row["form"] = found.form
    if found.speaker:
        row["speaker"] = found.speaker
    if found.hedge:
        row["hedge"] = found.hedge
    if found.change:
        row["change"] = {"old": found.change.old, "new": found.change.new, "percent": found.change.percent}
    return row


@click.command(name="judge")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@CONFIG
@JUDGE
def command(file: TextIO, config_path: Path, judge_name: str) -> None:
    """Say what texts say of claims: {"claim","text"} a line in, {"stance",...} a line out.

    `id` and `language` (of the text) are optional; answers come in the order of the input.

    \b
    Examples:
      claimwatch judge pairs.jsonl
      claimwatch judge < pairs.jsonl | jq .stance
    """
    judge = judge_of(judge_name, config_path)
    batch: list[tuple[str | None, Pair]] = []

    def answer() -> None:
        for (identity, _), found in zip(batch, judge.assess([pair for _, pair in batch]), strict=True):
            click.echo(json.dumps(as_row(identity, found), ensure_ascii=False))
        batch.clear()

    for entry in _pairs(file):
        batch.append(entry)
        if len(batch) >= BATCH:
            answer()
    answer()


if __name__ == "__main__":
    command()
