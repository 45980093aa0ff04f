"""What `claimwatch replay` prints: the table of before and new, the lists below it, mails, JSON Lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import click

from claimwatch.cli.output import COLUMNS, echo_json, say
from claimwatch.cli.replay_difference import RIGHT, WRONG, Difference, Told
from claimwatch.core.columns import wrap
from claimwatch.core.safety import clean
from claimwatch.core.wording import read
from claimwatch.core.wording_text import mail_text

_LABEL = 21
_NUMBER = 8
_NOTE = " " * (_LABEL + 2 * _NUMBER + 3)


def print_table(found: Difference, *, begin: str, most: int | None) -> None:
    """Print what the two configs made of the items, then the alerts that differ, at most so many of each."""
    before, now = found.before, found.now
    items, stories = _count(found.items, "item"), _count(now.stories, "story")
    say(f"{items} since {begin}, {stories} on topic (before: {before.stories:,}). Nothing is sent.")
    click.echo(f"{'':{_LABEL}}{'before':>{_NUMBER}}{'new':>{_NUMBER}}")
    _row("alerts at once", len(before.at_once), len(now.at_once))
    _row("  judged right", *found.judged(RIGHT), note=_lost_right(found))
    _row("  judged wrong", *found.judged(WRONG), note=_gone(found))
    _row("  not judged", *found.judged(None))
    _row("digest lines", before.digest_lines, now.digest_lines)
    _row("new alerts, unknown", None, len(found.gained))
    _row("status changed", len(before.moved), len(now.moved), note=f"claims, {_moved(found)}")
    _list("lost", found.lost, most, hint="look at these first")
    _list("gained", found.gained, most)
    click.echo(f"changed {len(found.changed):,}")
    for was, is_ in found.changed[:most]:
        _line(f"  {was.code}  ", f'{was.relation} {was.about} -> {is_.relation} {is_.about}  "{is_.title}"')
    _more(len(found.changed), most)
    if not (found.lost or found.gained or found.changed):
        click.echo("The same alerts as before.")


def print_mails(found: Difference, kinds: Iterable[str], zone: ZoneInfo) -> None:
    """Print the lost alerts as readers got them, and the new ones as they would get them, each once."""
    shown = {"lost": found.lost, "new": found.gained}
    for kind in kinds:
        shown_once: set[str] = set()
        for one in shown[kind]:
            if one.alert.fingerprint not in shown_once:
                shown_once.add(one.alert.fingerprint)
                judged = f", judged {one.judged}" if one.judged else ""
                click.echo(f"\n{f'--- {kind}{judged} ':-<{COLUMNS}}\n")
                click.echo(mail_text(read(one.alert, zone), ""), nl=False)


def print_json(found: Difference) -> None:
    """Print a line for each difference, lost ones first, and one that sums up."""
    before, now = found.before, found.now
    rows: list[dict[str, Any]] = []
    rows += [{"difference": "lost", **_told(one), "now": one.why_lost} for one in found.lost]
    rows += [{"difference": "gained", **_told(one), "code": None} for one in found.gained]
    rows += [
        {"difference": "changed", **_told(was), "now": {"relation": is_.relation.value, "about": is_.about}}
        for was, is_ in found.changed
    ]
    pairs = {
        "stories": (before.stories, now.stories),
        "at_once": (len(before.at_once), len(now.at_once)),
        "judged_right": found.judged(RIGHT),
        "judged_wrong": found.judged(WRONG),
        "not_judged": found.judged(None),
        "digest_lines": (before.digest_lines, now.digest_lines),
        "status_changed": (before.moved, now.moved),
    }
    rows.append(
        {
            "items": found.items,
            **{name: {"before": was, "now": is_} for name, (was, is_) in pairs.items()},
            "lost": len(found.lost),
            "lost_right": len(found.lost_right),
            "gained": len(found.gained),
            "changed": len(found.changed),
        }
    )
    echo_json(rows)


def _row(label: str, before: int | None, now: int, *, note: str = "") -> None:
    was = "-" if before is None else f"{before:,}"
    first = f"{label:{_LABEL}}{was:>{_NUMBER}}{now:>{_NUMBER},}   "
    for line in wrap(note, first=first, indent=_NOTE, columns=COLUMNS):
        click.echo(line.rstrip())


def _lost_right(found: Difference) -> str:
    codes = dict.fromkeys(told.code for told in found.lost_right)
    return f"lost: {', '.join(codes)} (look at these first)" if codes else ""


def _gone(found: Difference) -> str:
    """Return what the wrong alerts were about that are gone, with how many of how many."""
    wrong = Counter(told.about for told in found.before.at_once.values() if told.judged == WRONG)
    gone = Counter(told.about for told in found.lost if told.judged == WRONG)
    return ", ".join(
        f'{"" if n else "gone: "}"{clean(about, limit=55)}" {times} of {wrong[about]}'
        for n, (about, times) in enumerate(sorted(gone.items(), key=lambda each: (-each[1], each[0])))
    )


def _moved(found: Difference) -> str:
    was, is_ = found.before.moved, found.now.moved
    return "; ".join(_moves(found)) if was != is_ else "same"


def _moves(found: Difference) -> Iterator[str]:
    was, is_ = found.before.moved, found.now.moved
    for claim in sorted(was.keys() | is_.keys()):
        old, new = was.get(claim, "as it was"), is_.get(claim, "as it was")
        if old != new:
            yield f"{claim}: {old} -> {new}"


def _list(label: str, told: Sequence[Told], most: int | None, *, hint: str = "") -> None:
    click.echo(f"{label} {len(told):,}" + (f"  ({hint})" if hint and told else ""))
    for one in told[:most]:
        judged = f" [judged {one.judged}]" if one.judged else ""
        why = f"  now: {one.why_lost}" if one.why_lost else ""
        name = one.code if label == "lost" else f"item {one.item}"
        _line(f"  {name}  ", f'{one.relation} {one.about}{judged}  "{one.title}"{why}')
    _more(len(told), most)


def _line(first: str, text: str) -> None:
    for line in wrap(clean(text), first=first, indent=" " * len(first), columns=COLUMNS):
        click.echo(line)


def _more(number: int, most: int | None) -> None:
    if most is not None and number > most:
        click.echo(f"  and {number - most:,} more (--all lists them)")


def _told(one: Told) -> dict[str, Any]:
    return {
        "item": one.item, "code": one.code, "relation": one.relation.value, "about": one.about,
        "title": one.title, "judged": one.judged,
    }  # fmt: skip


def _count(number: int, word: str) -> str:
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number:,} {word if number == 1 else many}"
