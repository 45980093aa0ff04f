from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from claimwatch.app import now
from claimwatch.cli.main import main
from claimwatch.config import load
from claimwatch.core.ledger import Evidence
from claimwatch.core.model import (
    Alert,
    Assessment,
    Band,
    Found,
    Item,
    Match,
    PollState,
    Receipt,
    Relation,
    Report,
    Stance,
)
from claimwatch.core.novelty import content_hash
from claimwatch.core.work import Finding, Findings, NewDelivery, NewItem, PollOutcome
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.delivering import SqlDispatchStore
from claimwatch.storage.polling import SqlPollStore
from tests.cli.world import World, built_world
from tests.storage.conftest import built

__all__ = ["built"]

NOW = now().replace(microsecond=0)  # status compares with the clock
# No claim on the first topic: what its headlines give does not hang on how good the judge is.
TOPICS = """
topic:
  border-troops:
    title: Border troops
    who: [Avaria]
    what: [troops, soldiers]
  harbour:
    title: The harbour
    what: [harbour]
claim:
  harbour-ships:
    topic: harbour
    short: Ten ships in the harbour
    text: Ten ships of the Avarian navy lie in the harbour.
    said_by: [Norland intelligence]
"""


@dataclass
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


Claimwatch = Callable[..., Said]


@pytest.fixture
def claimwatch(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Claimwatch]:
    """Runs a command line as `main` does, in this process."""

    def run(*args: str | Path, stdin: str = "") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, said.out, said.err)

    yield run
    structlog.reset_defaults()  # `run` logs to this test's standard error, which is closed in the next


@pytest.fixture(scope="session")
def first_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with built_world(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture
def world(first_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A copy of the world, with us in it and at home there."""
    base = tmp_path / "world"
    shutil.copytree(first_world.base, base)
    monkeypatch.chdir(base)
    monkeypatch.setenv("HOME", str(base / "home"))
    return World(base, first_world.codes)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config with one topic, one claim, two feeds and one receiver."""
    folder = tmp_path / "config"
    folder.mkdir()
    (tmp_path / "alerts").mkdir()
    (folder / "feeds.yaml").write_text(
        "feed:\n"
        "  - {name: Alpha, url: 'https://alpha.example/rss', language: en, reliability: B}\n"
        "  - {name: Beta, url: 'https://beta.example/rss', language: fr, reliability: C}\n"
    )
    (folder / "topic.yaml").write_text(TOPICS)
    (tmp_path / "alerts" / "routes.yaml").write_text(
        "channel:\n  desk: {type: jsonl, path: desk.jsonl}\nroute:\n  - {name: all, to: [desk]}\n"
    )
    return folder


@dataclass
class Past:
    """What a daemon has stored for that config."""

    database: Database

    def __post_init__(self) -> None:
        self.polls, self.ledger = SqlPollStore(self.database), SqlAssessStore(self.database)
        self.outbox = SqlDispatchStore(self.database)

    def polled(self, feed: str, error: str | None = None, *, next_in: timedelta = timedelta(hours=1)) -> None:
        state = PollState(
            feed, NOW + next_in, last_poll_at=NOW, last_ok_at=None if error else NOW, error=error,
            outcome="timed out" if error else "ok, 1 new of 1", polls=1, items=0 if error else 1,
        )  # fmt: skip
        item = Item(f"{feed} 1", title="Avarian troops")
        match = Match(
            "border-troops", 0.9, Band.STRONG, (Found("who", "Avaria", "Avarian", "title", "exact"),)
        )
        new = () if error else (NewItem(item, item.id, content_hash(item), (match,), "live"),)
        self.polls.commit(PollOutcome(state, new), now=NOW)

    def alerted(
        self,
        code: str,
        relation: Relation = Relation.NEW,
        *,
        title: str = "Avarian troops",
        to: Sequence[str] = ("desk",),
    ) -> None:
        alert = Alert(
            f"fp-{code}", code, relation, "first", "border-troops", "Border troops",
            Report(title, "Alpha", url="https://alpha.example/1", item=1), NOW,
        )  # fmt: skip
        piece = Evidence("harbour-ships", 1, 1, Stance.SUPPORTS, "Seoul", "Alpha", NOW)
        finding = Finding(1, 1, 1, "alert", ((piece, Assessment(Stance.SUPPORTS, 0.8)),))
        deliveries = tuple(NewDelivery(receiver, NOW, ("all",)) for receiver in to)
        self.ledger.commit(Findings((finding,), ((alert, deliveries),)), now=NOW)

    def sent(self, delivery: int) -> None:
        self.outbox.commit_sent(delivery, Receipt("250 Ok"), now=NOW)


@pytest.fixture
def past(config: Path, built: Path) -> Past:
    settings = load(config, environ={})
    settings.var.mkdir(parents=True)
    shutil.copy(built, settings.storage)
    past = Past(Database(settings.storage))
    past.polls.register(PollState(f.name, next_poll_at=NOW) for f in settings.feeds)
    past.ledger.register(settings.claims, now=NOW)
    return past
