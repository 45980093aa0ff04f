"""`claimwatch check --online`: does each feed answer, is it a feed, how old is it, in which language?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from claimwatch.cli.asking import open_fetching
from claimwatch.cli.progress import progress
from claimwatch.config import Settings
from claimwatch.config.languages import name_of
from claimwatch.config.problems import Problem, Problems
from claimwatch.core.feed_facts import SAMPLE, written_in
from claimwatch.core.model import Document, Feed, Fetched, Item, PollState
from claimwatch.errors import FetchError, JudgeError, ParseError
from claimwatch.protocols import Fetcher, Parser

OLD = timedelta(days=30)  # a news feed without anything younger is probably abandoned


async def ask_feeds(settings: Settings, *, now: datetime) -> tuple[int, list[Problem]]:
    """Return how many feeds are as they should be, and what is odd about the others; nothing is stored."""
    problems = Problems()
    places = asyncio.Semaphore(settings.limits.fetches)
    told: dict[str, str | None] = {}
    unreached: set[str] = set()

    with progress("feeds", len(settings.feeds)) as tick:
        async with open_fetching(settings) as (fetcher, parser):

            async def ask(feed: Feed) -> None:
                async with places:
                    try:
                        told[feed.name] = await odd(feed, fetcher, parser, now)
                    except FetchError as error:
                        told[feed.name] = f"{str(error).rstrip('.')}."
                        if error.kind in ("dns", "offline"):
                            unreached.add(feed.name)
                tick()

            await asyncio.gather(*(ask(feed) for feed in settings.feeds))
    if len(unreached) == len(settings.feeds) > 1:
        down = f"None of the {len(unreached)} feeds could be reached: the network seems to be down."
        problems.warn(34, None, "", down)
        return 0, list(problems.all())
    for feed in settings.feeds:
        message = told[feed.name]
        if message:
            problems.warn(
                34,
                settings.places.get(f"feed {feed.name}"),
                f'feed "{feed.name}"',
                f'Feed "{feed.name}": {message}',
            )
    return sum(not message for message in told.values()), list(problems.all())


def ask_endpoint(settings: Settings) -> list[Problem]:
    """Return what is wrong with the endpoint of the judge `llm`; asks it one small question."""
    from claimwatch.app import open_llm

    problems = Problems()
    try:
        open_llm(settings.judge).try_out()
    except JudgeError as error:
        problems.warn(34, None, "judge, llm", f"The judge llm: {str(error).rstrip('.')}.")
    return list(problems.all())


async def odd(feed: Feed, fetcher: Fetcher, parser: Parser, now: datetime) -> str | None:
    """Return what is odd about a feed in one sentence, or None when it is as it should be.

    Raises: FetchError.
    """
    fetched = await fetcher.fetch(feed, PollState(feed.name, next_poll_at=now))
    try:
        document = await parser.parse(
            fetched.body or b"", content_type=fetched.content_type, url=fetched.url, select=feed.select
        )
    except ParseError as error:
        return f"{str(error).rstrip('.')}."
    return describe(feed, fetched, document, now)


def describe(feed: Feed, fetched: Fetched, document: Document, now: datetime) -> str | None:
    """Return what is odd about what a feed answered, or None."""
    items = document.items
    count = f"{len(items)} entr{'y' if len(items) == 1 else 'ies'}"
    notes: list[str] = []
    strange = not items
    if fetched.moved_to:
        notes.append(f"301 to {fetched.moved_to}")
        strange = True
    notes.append(count)
    dates = [date for item in items if (date := item.published_at or item.updated_at)]
    if items and not dates:
        notes.append("none with a date")
        strange = True
    elif dates:
        age = now - max(dates)
        notes.append(f"newest {_age(age)} old")
        strange |= age > OLD
    if document.damaged:
        notes.append(f"damaged: {document.damaged}")
        strange = True
    other = _other_language(feed, items[:SAMPLE])
    if other:
        notes.append(f"written in {name_of(other)}, not {name_of(feed.language or '')}")
        strange = True
    return f"{', '.join(notes)}." if strange else None


def _age(age: timedelta) -> str:
    if age < timedelta(0):
        return "0 hours"
    number, unit = (age.days, "day") if age >= timedelta(days=2) else (int(age / timedelta(hours=1)), "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _other_language(feed: Feed, items: Sequence[Item]) -> str | None:
    """Return the language most entries are written in, when it is not the one the config says."""
    tag = written_in(items)
    return tag if tag and feed.language and tag != feed.language.split("-")[0] else None
