"""`claimwatch bench match`: how fast, how big, how complete matching is, against a naive rapidfuzz loop.

Everything is measured in one run on invented topics and items (`bench_match_material`), so that the ratios
hold where the absolute figures do not.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from claimwatch.cli.bench_match_material import Material, Planted
from claimwatch.cli.progress import progress
from claimwatch.core.model import Item, Match, NameLine, Topic

ALIKE = 85  # of 100: the usual threshold of partial_ratio loops
NAIVE_SECONDS = 4.0  # given to each naive loop at each size


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured with so many topics."""

    topics: int
    items_per_s: float
    naive_per_s: float  # every name of every topic compared
    naive_early_per_s: float  # the same, leaving a topic at its first empty line
    times_naive: float
    times_naive_early: float
    megabytes: float
    build_s: float
    planted_recall: float
    exhaustive_recall: float  # every word compared with every word, by the same meaning
    of_windows: float  # of what word-aligned windows at ratio 85 find, the part that is found
    cut_words: int


@click.command(name="match")
@click.option("--topics", "sizes", default="10,100,1000,10000", show_default=True, metavar="N,N,...",
              help="How many topics, each size in turn.")  # fmt: skip
@click.option("--items", "item_count", default=2_000, show_default=True, help="Items measured at each size.")
@click.option("--planted", "planted_count", default=700, show_default=True, help="Disguised names to find.")
@click.option("--seed", default=4, show_default=True, help="Of the invented material.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on standard output.")
def command(sizes: str, item_count: int, planted_count: int, seed: int, as_json: bool) -> None:
    """Items per second, memory and recall of matching, against a naive rapidfuzz loop.

    \b
    Examples:
      claimwatch bench match --topics 10 --items 50 --planted 20
    """
    try:
        wanted = sorted({int(size) for size in sizes.split(",")})
    except ValueError as error:
        raise click.BadParameter(
            f'"{sizes}": numbers with commas are wanted', param_hint="--topics"
        ) from error
    rows: list[Row] = []
    with progress("Measuring", len(wanted)) as step:
        for size in wanted:
            rows.append(measure(size, item_count, planted_count, seed))
            step()
            if as_json:
                click.echo(json.dumps(asdict(rows[-1])))
    if not as_json:
        _show(rows)


def measure(size: int, item_count: int, planted_count: int, seed: int) -> Row:
    """Return the figures for `size` topics."""
    from claimwatch.core.matching import TopicIndex

    material = Material(seed)
    topics = material.topics(size)
    before, items = material.items(item_count, topics), material.items(item_count, topics)
    begun = time.perf_counter()
    index = TopicIndex(topics)
    build = time.perf_counter() - begun
    for item in before:  # a running daemon knows the common words of its feeds
        index.match(item)
    gc.collect()
    begun = time.perf_counter()
    matches = [index.match(item) for item in items]
    rate = len(items) / (time.perf_counter() - begun)
    naive = _rate(lambda item: naive_matches(item, topics, early=False), items)
    early = _rate(lambda item: naive_matches(item, topics, early=True), items)
    recall = _recall(list(material.planted(planted_count, topics)), topics, index.explain)
    return Row(
        size,
        round(rate, 1),
        round(naive, 2),
        round(early, 2),
        round(rate / naive, 1),
        round(rate / early, 1),
        _megabytes(size, item_count, seed),
        round(build, 2),
        *recall,
        cut_words=_cut_words(items, matches),
    )


def naive_matches(item: Item, topics: Sequence[Topic], *, early: bool) -> list[str]:
    """Return the topics a plain loop over all names finds: a name counts at `partial_ratio` of 85."""
    from rapidfuzz import fuzz

    text = f"{item.title} {item.summary}".lower()
    found = []
    for topic in topics:
        lines = (
            any(fuzz.partial_ratio(name.lower(), text, score_cutoff=ALIKE) for name in line.names)
            if early
            else max(fuzz.partial_ratio(name.lower(), text) for name in line.names) >= ALIKE
            for line in topic.lines
        )
        if all(lines if early else list(lines)):
            found.append(topic.id)
    return found


def _rate(match: Callable[[Item], object], items: Sequence[Item]) -> float:
    begun = time.perf_counter()
    done = 0
    for item in items:
        match(item)
        done += 1
        if time.perf_counter() - begun > NAIVE_SECONDS:
            break
    return done / (time.perf_counter() - begun)


def _recall(
    planted: list[Planted], topics: list[Topic], explain: Callable[[Item, str], Any]
) -> tuple[float, float, float]:
    """Return the part of planted names found by the index, by exhaustive comparison, and of the windows'."""
    from claimwatch.core.matching import TopicIndex

    home = {name: (topic.id, line.name) for topic in topics for line in topic.lines for name in line.names}
    counts: Counter[str] = Counter()
    for plant in planted:
        topic_id, label = home[plant.name]
        found = any(find.line == label for find in explain(plant.item, topic_id).found)
        alone = TopicIndex([Topic("one", "", (NameLine("who", (plant.name,)),))], exhaustive=True)
        by_windows = in_windows(plant.name, plant.item)
        counts["found"] += found
        counts["exhaustive"] += bool(alone.match(plant.item))
        counts["windows"] += by_windows
        counts["both"] += found and by_windows
    total = max(1, len(planted))
    return (
        round(counts["found"] / total, 4),
        round(counts["exhaustive"] / total, 4),
        round(counts["both"] / max(1, counts["windows"]), 4),
    )


def in_windows(name: str, item: Item) -> bool:
    """Say whether some run of whole words is like a name: word-aligned brute force, without any language."""
    from rapidfuzz import fuzz

    from claimwatch.language.words import HAS_CONTINUOUS, WORD, fold

    own = [fold(word) for word in WORD.findall(name)]
    words = [fold(word) for word in WORD.findall(f"{item.title} . {item.summary}")]
    if HAS_CONTINUOUS.search(name):
        return "".join(own) in "".join(words)
    lengths = {max(1, len(own) - 1), len(own), len(own) + 1}
    return any(
        fuzz.ratio(" ".join(own), " ".join(words[at : at + length])) >= ALIKE
        for length in lengths
        for at in range(len(words))
    )


def _cut_words(items: Sequence[Item], matches: Sequence[list[Match]]) -> int:
    """Return how many finds begin or end inside a run of letters (Chinese has no words to cut)."""
    cut = 0
    for item, found in zip(items, matches, strict=True):
        for find in (find for match in found for find in match.found):
            whole = re.compile(rf"(?<![^\W\d_]){re.escape(find.text)}(?![^\W\d_])")
            cut += find.text[0] < "\u3000" and whole.search(getattr(item, find.field)) is None
    return cut


def _megabytes(size: int, item_count: int, seed: int) -> float:
    """Return what the resident memory of a fresh process grows by, with the index built and used."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_growth, (size, item_count, seed))


def _growth(size: int, item_count: int, seed: int) -> float:
    from claimwatch.core.matching import TopicIndex

    material = Material(seed)
    topics = material.topics(size)
    items = material.items(item_count, topics)
    gc.collect()
    before = _resident()
    index = TopicIndex(topics)
    for item in items:
        index.match(item)
    gc.collect()
    return round(_resident() - before, 1)


def _resident() -> float:
    """Return this process's resident memory in MB; 0 where the system does not tell."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return 0.0
    return int(status.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _show(rows: list[Row]) -> None:
    from claimwatch.cli.output import echo_table

    columns = (
        "topics|items/s|naive|times|naive, early|times|MB|build s|planted|exhaustive|of windows|cut words"
    )
    echo_table(columns.split("|"), map(_cells, rows))
    if len(rows) > 1:
        slower = rows[0].items_per_s / rows[-1].items_per_s
        click.echo(
            f"{rows[0].topics:,} to {rows[-1].topics:,} topics: {slower:.1f} times the cost of an item"
        )
    click.echo("naive: partial_ratio of every name; early: leaves a topic at its first empty line.")
    click.echo("planted: disguised names found; exhaustive: by comparing every word with every word;")
    click.echo("of windows: of those that word-aligned windows at ratio 85 find, the part that is found.")


def _cells(row: Row) -> list[str]:
    speeds = (row.naive_per_s, row.times_naive, row.naive_early_per_s, row.times_naive_early)
    recalls = (row.planted_recall, row.exhaustive_recall, row.of_windows)
    return [
        f"{row.topics:,}",
        f"{row.items_per_s:,.0f}",
        *(f"{speed:,.1f}" for speed in speeds),
        f"{row.megabytes:,.0f}",
        f"{row.build_s:.1f}",
        *(f"{recall:.4f}" for recall in recalls),
        str(row.cut_words),
    ]
