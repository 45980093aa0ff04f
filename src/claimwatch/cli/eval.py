"""`claimwatch eval`: labelled pairs in, measures of the judge out."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import click

from claimwatch.cli.options import CONFIG, JUDGE, judge_of
from claimwatch.cli.output import say
from claimwatch.cli.progress import progress
from claimwatch.core.evaluation import Judged, false_alarms, precision_at_recall, score, swapped
from claimwatch.core.model import Assessment, Claim, Pair
from claimwatch.core.safety import clean
from claimwatch.protocols import Judge

ALARMS = ("contradicts", "updates")


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _claims(path: Path, field: str) -> list[Claim]:
    return [Claim(row["id"], row.get("topic", ""), row[field], row["id"]) for row in _rows(path)]


def _news_pairs(rows: list[dict[str, Any]], claims: list[Claim]) -> list[tuple[dict[str, Any], Pair, Judged]]:
    """Every item against every claim; unlabelled pairs are neutral, unlabelled items unrelated."""
    pairs = []
    for row in rows:
        text = "\n".join(part for part in (row.get("title"), row.get("summary")) if part)
        told = {entry["claim_id"]: entry["relation"] for entry in row.get("labels", [])}
        others: dict[str, list[str]] = {}
        for entry in row.get("alt_labels", []):
            others.setdefault(entry["claim_id"], []).append(entry["relation"])
        for claim in claims:
            label = told.get(claim.id, "neutral" if "labels" in row else "unrelated")
            label = "neutral" if label == "related" else label
            pair = Pair(claim, text, row.get("lang"))
            accepted = tuple("neutral" if o == "related" else o for o in others.get(claim.id, []))
            pairs.append((row, pair, Judged(label, "", 0.0, "news", accepted)))
    return pairs


def _stance_pairs(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Pair, Judged]]:
    found = []
    for row in rows:
        claim = Claim("claim", "", row["claim"], row["claim"][:55])
        pair = Pair(claim, row["text"], row.get("lang") or row.get("language"))
        found.append((row, pair, Judged(row["label"], "", 0.0, row.get("scheme", "3way"))))
    return found


def _judge(pairs: list[Pair], judge: Judge) -> list[Assessment]:
    found: list[Assessment] = []
    spans: list[tuple[float, float]] = []
    with progress("pairs", len(pairs)) as tick:
        for pair in pairs:
            clock, busy = time.perf_counter(), time.process_time()
            found.extend(judge.assess([pair]))
            spans.append((time.process_time() - busy, time.perf_counter() - clock))
            tick()
    if spans:  # beside the answer, which is the same whenever it is asked
        busy, clock = (1000 * median(times) for times in zip(*spans, strict=True))
        click.echo(f"median {busy:.2f} ms of processor time a pair ({clock:.2f} ms by the clock)", err=True)
    return found


def _news_summary(rows: list[dict[str, Any]], judged: list[Judged]) -> dict[str, float]:
    """Alert measures: of pairs labelled contradicts or updates, how many got one of these; how many were right."""
    wanted = [pair for pair in judged if pair.label in ALARMS and "neutral" not in pair.accepted]
    told = [pair for pair in judged if pair.stance in ALARMS]
    right = sum(pair.label in ALARMS or any(a in ALARMS for a in pair.accepted) for pair in told)
    wrong, either = swapped(judged)
    flagged = {id(row) for row, pair in zip(rows, judged, strict=True) if pair.stance in ALARMS}
    items = {id(row) for row, pair in zip(rows, judged, strict=True) if pair.label == "unrelated"}
    return {
        "alert_recall": sum(pair.stance in ALARMS for pair in wanted) / len(wanted) if wanted else 0.0,
        "alert_precision": right / len(told) if told else 0.0,
        "wanted": len(wanted),
        "told": len(told),
        "swapped": wrong,
        "swappable": either,
        "unrelated_items": len(items),
        "unrelated_items_flagged": len(flagged & items),
    }


def _print(name: str, summary: dict[str, Any]) -> None:
    say(
        f"{name}: {summary['pairs']} pairs, macro-F1 {summary['macro_f1']:.3f}, "
        f"accuracy {summary['accuracy']:.3f}"
    )
    for label, entry in summary["classes"].items():
        click.echo(
            f"  {label:12} precision {entry['precision']:.3f}  recall {entry['recall']:.3f}  "
            f"F1 {entry['f1']:.3f}  ({entry['support']})"
        )
    steps = [f"{p:.2f} at {r:.1f}" for r, p in summary["precision_at_recall"] if p is not None]
    if steps:
        say("contradicts: precision " + ", ".join(steps) + " recall", first="  ", indent="    ")
    rate = summary["false_contradictions"]
    if rate["size"]:
        say(
            f"false contradictions on unrelated pairs: {rate['count']} of {rate['size']} = "
            f"{rate['per_thousand']:.1f} per 1,000 (95 %: {rate['low']:.1f} to {rate['high']:.1f})",
            first="  ",
            indent="    ",
        )
    for key, entry in summary.get("slices", {}).items():
        say(f"{key}: " + ", ".join(f"{k} {v}" for k, v in entry.items()), first="  ", indent="    ")
    if "news" in summary:
        news = summary["news"]
        say(
            f"contradicts or updates: recall {news['alert_recall']:.3f} of {news['wanted']}, "
            f"precision {news['alert_precision']:.3f} of {news['told']}; "
            f"swapped {news['swapped']} of {news['swappable']}; unrelated items flagged "
            f"{news['unrelated_items_flagged']} of {news['unrelated_items']}",
            first="  ",
            indent="    ",
        )
    for row in summary["confusion"]:
        click.echo(f"    {row['label']:12} -> {row['stance']:12} {row['count']}")


def _slices(rows: list[dict[str, Any]], judged: list[Judged]) -> dict[str, dict[str, Any]]:
    """Per `source` (sets with parts, e.g. antonyms and ordinals): recall and precision of contradicts."""
    parts: dict[str, list[Judged]] = {}
    for row, pair in zip(rows, judged, strict=True):
        if ":" in str(row.get("source", "")):
            parts.setdefault(str(row["source"]), []).append(pair)
    found: dict[str, dict[str, Any]] = {}
    for name, pairs in sorted(parts.items()):
        told = [pair for pair in pairs if pair.stance == "contradicts"]
        meant = [pair for pair in pairs if pair.label == "contradicts"]
        right = sum(pair.label == "contradicts" for pair in told)
        found[name] = {
            "pairs": len(pairs),
            "contradicts": len(meant),
            "told": len(told),
            "precision": round(right / len(told), 3) if told else None,
            "recall": round(right / len(meant), 3) if meant else None,
        }
    return found


def evaluate(
    path: Path, claims: list[Claim], judge: Judge
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], Pair, Judged, Assessment]]]:
    """Return the measures of one file and every pair with its answer."""
    rows = _rows(path)
    is_news = bool(rows) and "claim" not in rows[0]
    if is_news and not claims:
        raise click.UsageError(f"{path}: items without claims need --claims FILE")
    pairs = _news_pairs(rows, claims) if is_news else _stance_pairs(rows)
    found = _judge([pair for _, pair, _ in pairs], judge)
    judged = [
        Judged(entry.label, str(answer.stance), answer.confidence, entry.scheme, entry.accepted)
        for (_, _, entry), answer in zip(pairs, found, strict=True)
    ]
    owners = [row for row, _, _ in pairs]
    scores = score(judged)
    summary: dict[str, Any] = {
        "file": str(path),
        "pairs": scores.size,
        "scheme": scores.scheme,
        "macro_f1": round(scores.macro_f1, 4),
        "accuracy": round(scores.accuracy, 4),
        "classes": {name: asdict(entry) for name, entry in scores.classes.items()},
        "confusion": [
            {"label": label, "stance": said, "count": count}
            for (label, said), count in sorted(scores.confusion.items())
        ],
        "precision_at_recall": precision_at_recall(judged),
        "false_contradictions": asdict(false_alarms(judged)),
    }
    slices = _slices(owners, judged)
    if slices:
        summary["slices"] = slices
    if is_news:
        summary["news"] = _news_summary(owners, judged)
    answers = [
        (row, pair, entry, answer) for (row, pair, _), entry, answer in zip(pairs, judged, found, strict=True)
    ]
    return summary, answers


@click.command(name="eval")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--claims", "claims_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Claims (JSON Lines with id and text) for files of items with labels by claim id.")  # fmt: skip
@click.option("--claim-field", default="en", show_default=True, help="The field of --claims to judge by.")
@click.option("--errors", default=0, show_default=True, help="Print so many of the worst errors.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@CONFIG
@JUDGE
def command(
    files: tuple[Path, ...],
    claims_file: Path | None,
    claim_field: str,
    errors: int,
    as_json: bool,
    config_path: Path,
    judge_name: str,
) -> None:
    """Measure the judge on labelled pairs: macro-F1, precision and recall per class, false alarms.

    \b
    Examples:
      claimwatch eval pairs.jsonl --errors 5
      claimwatch eval pairs.jsonl --json | jq .macro_f1
      claimwatch eval pairs.jsonl --judge lexical
    """
    claims = _claims(claims_file, claim_field) if claims_file else []
    judge = judge_of(judge_name, config_path)
    for path in files:
        summary, answers = evaluate(path, claims, judge)
        if as_json:
            click.echo(json.dumps(summary, ensure_ascii=False))
        else:
            _print(f"{path.parent.name}/{path.name}", summary)
        if errors:
            wrong = [entry for entry in answers if entry[2].label != entry[2].stance]
            wrong = [e for e in wrong if not (e[2].label == "unrelated" and e[2].stance == "neutral")]
            wrong.sort(
                key=lambda entry: (
                    "contradicts" not in (entry[2].label, entry[2].stance),
                    -entry[2].confidence,
                )
            )
            for row, pair, judged, answer in wrong[:errors]:
                said = f"labelled {judged.label}, said {judged.stance} ({answer.confidence:.2f}; "
                say(f"{row.get('id')}: {said}{'; '.join(answer.reasons)})", first="  ", indent="    ")
                say(pair.claim.text, first="    claim: ", indent=" " * 11)
                say(clean(pair.text, limit=300), first="    text:  ", indent=" " * 11)


if __name__ == "__main__":
    command()
