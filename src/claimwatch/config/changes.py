"""What differs between two configs, for those who swap one for the other while running."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from claimwatch.config.settings import Settings
from claimwatch.core.model import Topic

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Changes:
    """`words` is for people ("" when nothing changed); `next_start` names settings that cannot change now.

    `topics` are those that are new or look for other names; `claims` are those that are new, edited or on
    such a topic.
    """

    words: str
    next_start: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    claims: frozenset[str] = frozenset()


def changes(old: Settings, new: Settings) -> Changes:
    """Return what changed from `old` to `new`."""
    topics = _changed_topics(old, new)
    touched = {topic.id for topic in topics}
    claims = {claim.id: claim for claim in old.claims}
    parts = [
        *_counted("feed", {f.name: f for f in old.feeds}, {f.name: f for f in new.feeds}),
        *_counted("topic", {t.id: t for t in old.topics}, {t.id: t for t in new.topics}),
        *_counted("claim", claims, {c.id: c for c in new.claims}),
        *_counted("route", {r.name: r for r in old.routes}, {r.name: r for r in new.routes}),
        *_counted("channel", old.receivers, new.receivers),
        *(["names edited"] if old.aliases != new.aliases else []),
        *_plain(old, new),
    ]
    return Changes(
        words=", ".join(parts),
        next_start=_next_start(old, new),
        topics=topics,
        claims=frozenset(c.id for c in new.claims if c.topic in touched or claims.get(c.id) != c),
    )


def _changed_topics(old: Settings, new: Settings) -> tuple[Topic, ...]:
    if old.aliases != new.aliases:
        return new.topics
    before = {topic.id: _sought(topic) for topic in old.topics}
    return tuple(topic for topic in new.topics if before.get(topic.id) != _sought(topic))


def marks(settings: Settings) -> dict[str, str]:
    """Return for each topic a mark that changes with what it looks for."""
    aliases = settings.aliases
    confusable = sorted((name, sorted(others)) for name, others in aliases.confusable.items())
    names = repr((sorted(aliases.entities.items()), confusable))  # a set has another order in each process
    book = blake2b(names.encode(), digest_size=8).digest()
    return {
        topic.id: blake2b(repr(_sought(topic)).encode(), key=book, digest_size=8).hexdigest()
        for topic in settings.topics
    }


def _sought(topic: Topic) -> object:
    return (topic.lines, topic.vetoes, topic.at_least, topic.within)


def _counted(noun: str, old: Mapping[K, object], new: Mapping[K, object]) -> list[str]:
    added, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    edited = sum(old[name] != new[name] for name in old.keys() & new.keys())
    return [
        *([f"+{_number(added, noun)}"] if added else []),
        *([f"-{_number(gone, noun)}"] if gone else []),
        *([f"{_number(edited, noun)} edited"] if edited else []),
    ]


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _plain(old: Settings, new: Settings) -> list[str]:
    said = [
        ("timezone", old.timezone, new.timezone),
        ("languages", old.languages, new.languages),
        ("mail", old.mail, new.mail),
        ("limits", old.limits, new.limits),
        ("keep", old.keep, new.keep),
        ("judge", old.judge, new.judge),
        ("operator", old.operators, new.operators),
        ("templates", old.templates, new.templates),
    ]
    return [f"{name} edited" for name, before, after in said if before != after]


def _next_start(old: Settings, new: Settings) -> tuple[str, ...]:
    said = [
        ("storage", old.storage, new.storage),
        ("contact", old.contact, new.contact),
        ("limits: feed_size", old.limits.feed_size, new.limits.feed_size),
        ("heartbeat", old.heartbeat, new.heartbeat),
        ("websub", old.websub, new.websub),
        ("limits: timeout", old.limits.timeout, new.limits.timeout),
    ]
    return tuple(name for name, before, after in said if before != after)
