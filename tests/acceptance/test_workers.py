"""Several workers on one PostgreSQL: killed and cut off at random, they lose nothing and send nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.acceptance.conftest import Watch, rss
from tests.acceptance.servers import FeedServer, MailSink, Page
from tests.acceptance.shared_worker import REST
from tests.acceptance.test_kills import copies
from tests.acceptance.test_the_whole_way import NEWS
from tests.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("CLAIMWATCH_WORKER_KILLS", "5"))
ITEMS = int(os.environ.get("CLAIMWATCH_WORKER_ITEMS", "40"))
SEED = int(os.environ.get("CLAIMWATCH_SEED", "1"))
HOSTS = ("127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5")
ON_A_PAGE = 40


@dataclass
class Fleet:
    """Processes that watch feeds on four hosts, one feed each, over one database."""

    watch: Watch
    hosts: dict[str, FeedServer]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    titles: dict[str, list[str]] = field(default_factory=dict)
    planted: int = 0

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        log = (self.watch.base / "log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.shared_worker", *command, "--config", str(self.watch.config)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
        log.close()
        process.command = command  # type: ignore[attr-defined]
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def again(self, process: subprocess.Popen[bytes]) -> None:
        self.kill(process)
        self.start(*process.command)  # type: ignore[attr-defined]

    def plant(self) -> None:
        host = HOSTS[self.planted % len(HOSTS)]
        self.planted += 1
        said = self.titles.setdefault(host, [])
        said.insert(0, f"CWID-{self.planted} {NEWS} number {self.planted}")
        self.hosts[host].pages["rss"] = Page(rss(*said[:ON_A_PAGE], "Weather: sunny"))

    @property
    def expected(self) -> set[str]:
        return {f"CWID-{n}" for n in range(1, self.planted + 1)}

    @property
    def said(self) -> str:
        return (self.watch.base / "log").read_text("utf-8", "replace")

    def wait(self, until: Callable[[], bool], seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, f"waited in vain:\n{self.said[-3000:]}"
            time.sleep(0.1)

    def stop(self) -> list[int]:
        for process in self.running:
            process.terminate()
        codes = []
        for process in self.running:
            try:
                codes.append(process.wait(15))
            except subprocess.TimeoutExpired:
                process.kill()
                codes.append(process.wait())
        self.running.clear()
        return codes


@contextmanager
def fleet(base: Path, url: str) -> Iterator[Fleet]:
    with ExitStack() as servers:
        mail = servers.enter_context(MailSink().running())
        hosts = {host: servers.enter_context(FeedServer(host).running()) for host in HOSTS}
        watch = Watch(base, next(iter(hosts.values())), mail)
        watch.write("rss")
        general = watch.config / "claimwatch.yaml"
        general.write_text(general.read_text() + f"storage: {url}\n")
        feeds = "".join(
            f"  - {{name: {n}, url: '{server.url('rss')}', language: en, reliability: B, private: true, every: 1s}}\n"
            for n, server in enumerate(hosts.values())
        )
        (watch.config / "feeds.yaml").write_text(f"feed:\n{feeds}")
        for server in hosts.values():
            server.pages["rss"] = Page(rss("Weather: sunny"))
        made = Fleet(watch, hosts)
        try:
            yield made
        finally:
            for process in list(made.running):
                made.kill(process)


def polled(fleet: Fleet) -> bool:
    return all(server.visits for server in fleet.hosts.values())


def test_a_scheduler_and_workers_share_the_work_and_stop_when_told(cluster: Cluster, tmp_path: Path) -> None:
    cluster.create("shared", template="built")
    with fleet(tmp_path, cluster.url("shared")) as few:
        few.start("run", "--no-work")
        few.start("run", "--no-work")
        few.start("worker", "--stations", "poll")
        few.start("worker", "--stations", "assess,dispatch")
        few.wait(lambda: polled(few))
        for _ in range(8):
            few.plant()
        few.wait(lambda: few.expected <= copies(few.watch.mail).keys())
        assert few.stop() == [0, 0, 0, 0]
        assert all(len(ids) == 1 for ids in copies(few.watch.mail).values())
    cluster.drop("shared")


@pytest.mark.slow
def test_workers_killed_and_a_server_restarted_at_random_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    own = Cluster.start(owner=os.getpid(), settings={"shared_buffers": "32MB"})
    own.create("news")
    with fleet(tmp_path, own.url("news")) as four:
        four.start("run")
        for _ in range(3):
            four.start("worker")
        four.wait(lambda: polled(four))
        kills = restarts = 0
        while kills < KILLS or four.planted < ITEMS:
            for _ in range(max(1, ITEMS // (KILLS + 1))):
                if four.planted < ITEMS:
                    four.plant()
            time.sleep(chance.uniform(0.1, 1.5))
            if kills < KILLS:
                if kills % 5 == 2:
                    own.down(chance.choice(["immediate", "fast"]))
                    time.sleep(chance.uniform(0, 1))
                    own.up()
                    restarts += 1
                four.again(chance.choice(four.running))
                kills += 1
            # what leaves the page before it was read was never shown to us: wait for the readers
            four.wait(lambda: len(four.expected - copies(four.watch.mail).keys()) < ON_A_PAGE, 120)
        four.wait(lambda: four.expected <= copies(four.watch.mail).keys(), 120)
        codes = four.stop()
        found = copies(four.watch.mail)
        gaps = [
            after[0] - before[1]
            for server in four.hosts.values()
            for before, after in zip(sorted(server.visits), sorted(server.visits)[1:], strict=False)
        ]
        repeated = [ids for ids in found.values() if len(ids) > 1]
        print(
            f"\n{kills} kills, {restarts} restarts of PostgreSQL, {len(four.expected)} alerts due: "
            f"{len(four.expected - found.keys())} lost, {len(repeated)} with a copy, "
            f"{sum(len(set(ids)) > 1 for ids in repeated)} of them not recognisable; {len(gaps)} polls, "
            f"smallest gap {min(gaps):.2f} s where {REST.total_seconds()} s are asked"
        )
        assert codes == [0, 0, 0, 0]
        assert four.expected <= found.keys()
        assert all(len(set(ids)) == 1 for ids in found.values())
        assert len(repeated) <= kills + restarts
        assert min(gaps) >= 0, "a feed was polled by two at once"
        assert min(gaps) >= REST.total_seconds() * 0.9
    own.down()
