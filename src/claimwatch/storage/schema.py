"""The tables, one for each thing claimwatch remembers; the migrations build exactly these."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from claimwatch.storage.portable import clean

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC in and out, also on SQLite, which forgets the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Text(sa.types.TypeDecorator[str]):
    """Text of the outside world: what databases do not take (NUL, half characters) is taken out."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else clean(value)


def _at(name: str, **options: Any) -> sa.Column[datetime]:
    return sa.Column(name, UtcDateTime, **options)


feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("feed", Text, primary_key=True),  # the name in the config
    _at("next_poll_at", nullable=False, index=True),
    _at("leased_until_at"),
    _at("last_poll_at"),
    _at("last_ok_at"),
    _at("last_new_at"),
    sa.Column("outcome", Text, nullable=False),
    sa.Column("error", Text),
    _at("failing_since_at"),
    sa.Column("failures", sa.Float, nullable=False),
    sa.Column("etag", Text),
    sa.Column("last_modified", Text),
    sa.Column("body_hash", Text),
    sa.Column("polls", sa.Integer, nullable=False),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("url", Text),
    sa.Column("address", Text),  # asked in place of the config's
    sa.Column("moved_of", Text),
    sa.Column("moved_to", Text),
    sa.Column("moved_polls", sa.Integer, nullable=False, server_default="0"),
    _at("moved_since_at"),
    sa.Column("hub", Text),  # that pushes it (WebSub)
    sa.Column("topic", Text),
)

items = sa.Table(
    "items",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("feed", Text, nullable=False),
    sa.Column("key", Text, nullable=False),  # identity within the feed
    sa.Column("hash", Text, nullable=False),  # of what the reader sees: another hash is a revision
    sa.Column("words", Text, nullable=False),  # the hash's part that is equal for equal words
    sa.Column("revision", sa.Integer, nullable=False, default=1),
    sa.Column("entry_id", Text, nullable=False),
    sa.Column("url", Text),
    sa.Column("title", Text, nullable=False),
    sa.Column("summary", Text, nullable=False),
    sa.Column("content", Text, nullable=False),
    sa.Column("language", Text),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("source", Text),
    _at("published_at"),
    _at("updated_at"),
    _at("first_seen_at", nullable=False, index=True),
    sa.UniqueConstraint("feed", "key"),
    sa.Index("ix_items_words", "feed", "words"),
)

# what a publisher changed later; the item holds the latest text
edits = sa.Table(
    "edits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item", sa.ForeignKey("items.id"), nullable=False, index=True),
    sa.Column("revision", sa.Integer, nullable=False),  # the one that came of it
    sa.Column("changed", Text, nullable=False),  # in words
    _at("seen_at", nullable=False),
)

matches = sa.Table(
    "matches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item", sa.ForeignKey("items.id"), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("topic", Text, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("band", Text, nullable=False),
    sa.Column("found", sa.JSON, nullable=False),
    # "live": alerts as it comes; "young": from a feed's first poll, alerts in the topic's summary;
    # "old": from a first poll and over 48 h old, counted only
    sa.Column("mode", Text, nullable=False),
    _at("matched_at", nullable=False),
    _at("assessed_at"),
    sa.Column("gate", Text),  # in words: what became of it
    sa.Column("story", sa.Integer),  # the first item telling this development
    sa.UniqueConstraint("item", "revision", "topic"),
    sa.Index("ix_matches_due", "assessed_at", "mode"),
    sa.Index("ix_matches_topic", "topic", "matched_at"),
)

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("topic", Text, nullable=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("status", Text, nullable=False),
    _at("status_at"),
    _at("added_at", nullable=False),
    _at("archived_at"),
)

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("claim", Text, nullable=False),
    sa.Column("claim_revision", sa.Integer, nullable=False),
    sa.Column("item", sa.ForeignKey("items.id"), nullable=False),
    sa.Column("item_revision", sa.Integer, nullable=False),
    sa.Column("stance", Text, nullable=False),
    sa.Column("origin", Text, nullable=False),
    sa.Column("outlet", Text, nullable=False),
    sa.Column("figure", Text),
    sa.Column("reprint_of", sa.Integer),
    sa.Column("wire", sa.Boolean, nullable=False, server_default=sa.false()),  # a news agency is behind it
    sa.Column("own_reporting", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("assessment", sa.JSON, nullable=False),
    _at("at", nullable=False),
    sa.Index("ix_evidence_claim", "claim", "at"),
    sa.Index(
        "ix_evidence_voices",
        "claim",
        "claim_revision",
        "stance",
        "origin",
        "outlet",
        "figure",
        "id",
        "item",
        "reprint_of",
    ),
    sa.Index("ix_evidence_recent", "claim", "claim_revision", "id"),
    sa.Index("ix_evidence_item", "item"),
    sa.Index("ix_evidence_reprint_of", "reprint_of"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("fingerprint", Text, primary_key=True),
    sa.Column("code", Text, nullable=False, unique=True),
    sa.Column("relation", Text, nullable=False),
    sa.Column("topic", Text, nullable=False),
    sa.Column("claim", Text),
    sa.Column("item", sa.Integer, index=True),
    sa.Column("body", sa.JSON, nullable=False),  # the whole Alert
    _at("created_at", nullable=False, index=True),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("alert", sa.ForeignKey("alerts.fingerprint"), nullable=False),
    sa.Column("receiver", Text, nullable=False),
    sa.Column("routes", sa.JSON, nullable=False),
    sa.Column("state", Text, nullable=False),  # due sent dead held bundled (told in a summary) dropped muted
    sa.Column("held", Text),  # why it was held back: limit | quiet
    _at("due_at", nullable=False),
    _at("leased_until_at"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("message", sa.LargeBinary),  # rendered once, resent unchanged
    sa.Column("answer", Text),
    sa.Column("remote_id", Text),  # what the service calls the message, where it says so
    sa.Column("error", Text),
    _at("settled_at"),
    sa.Column("thread", Text),  # the messages of one claim at one address: they answer each other
    sa.Column("resent", sa.Integer, nullable=False, server_default="0"),  # times it was asked for again
    sa.Column("reprints", sa.Integer, nullable=False, server_default="0"),  # that came after the words
    sa.UniqueConstraint("alert", "receiver"),
    sa.Index("ix_deliveries_due", "state", "due_at"),
    sa.Index("ix_deliveries_thread", "thread", "settled_at"),
    sa.Index("ix_deliveries_receiver", "receiver", "state", "settled_at"),
)

judgements = sa.Table(
    "judgements",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("alert", sa.ForeignKey("alerts.fingerprint"), nullable=False, index=True),
    sa.Column("line", sa.Integer),  # of a summary: the report that was judged
    sa.Column("word", Text, nullable=False),  # ack | right | wrong
    sa.Column("why", Text),  # of wrong: topic | relation | figure | independence | old
    sa.Column("note", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    _at("at", nullable=False),
)

# evidence that no longer counts; lifted when it counts again
retractions = sa.Table(
    "retractions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("claim", Text, nullable=False),
    sa.Column("item", sa.ForeignKey("items.id"), nullable=False),
    sa.Column("item_revision", sa.Integer, nullable=False),
    sa.Column("alert", sa.ForeignKey("alerts.fingerprint")),  # the one judged wrong; none: the publisher's
    _at("at", nullable=False),
    _at("lifted_at"),
    sa.Index("ix_retractions_item", "item", "claim"),
)

mutes = sa.Table(
    "mutes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", Text, nullable=False),  # claim | topic
    sa.Column("name", Text, nullable=False),
    _at("since", nullable=False),
    _at("until", nullable=False),
    sa.Column("reason", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    _at("lifted_at"),
    sa.Column("lifted_by", Text),
)

demotions = sa.Table(
    "demotions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("route", Text, nullable=False),
    sa.Column("relation", Text, nullable=False),
    _at("at", nullable=False),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("judged", sa.Integer, nullable=False),
    _at("lifted_at"),
    sa.Column("lifted_by", Text),
)

# origins of a claim that a person knows to be one; lifted when they are two after all
same_origins = sa.Table(
    "same_origins",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("claim", Text, nullable=False, index=True),
    sa.Column("origin", Text, nullable=False),
    sa.Column("same_as", Text, nullable=False),
    sa.Column("alert", sa.ForeignKey("alerts.fingerprint"), nullable=False),
    sa.Column("by", Text, nullable=False),
    _at("at", nullable=False),
    sa.Column("note", Text, nullable=False),
    _at("lifted_at"),
    sa.Column("lifted_by", Text),
)

# what people closed (settled-true, settled-false) or opened again (open); the last word counts
settlements = sa.Table(
    "settlements",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("claim", Text, nullable=False, index=True),
    sa.Column("claim_revision", sa.Integer, nullable=False),
    sa.Column("status", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    _at("at", nullable=False),
    sa.Column("note", Text, nullable=False),
)

# what is left of items that were deleted: they do not come back as news
tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("feed", Text, nullable=False),
    sa.Column("key", Text, nullable=False),
    sa.Column("hash", Text, nullable=False, server_default=""),  # of its last text
    sa.UniqueConstraint("feed", "key"),
)

# what hubs were asked to push
subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("token", Text, primary_key=True),  # ends the address the hub calls
    sa.Column("feed", Text, nullable=False),
    sa.Column("hub", Text, nullable=False),
    sa.Column("topic", Text, nullable=False),
    sa.Column("callback", Text, nullable=False),
    sa.Column("secret", Text, nullable=False),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("standing", Text, nullable=False),
    _at("next_at", nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    _at("until_at"),
    _at("pushed_at"),
    sa.Column("error", Text),
    sa.Column("push_waits", sa.Boolean, nullable=False, index=True),  # its feed is still to be polled for it
)

# who works on what, among processes that share a server: "host x", "topic y", "receiver z"
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("holder", Text, nullable=False),
    _at("until_at", nullable=False),
)

digests = sa.Table(
    "digests",
    metadata,
    sa.Column("route", Text, primary_key=True),
    _at("told_until_at", nullable=False),  # the next digest begins here
)
