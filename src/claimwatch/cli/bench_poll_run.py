"""Running a contestant of `claimwatch bench poll` and measuring it from outside: CPU time and memory of its tree."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from claimwatch.errors import ClaimwatchError

_LOOK_EVERY = 0.05  # seconds between two looks at the memory in use
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one round cost: wall and CPU seconds, and the items stored after it."""

    seconds: float
    cpu: float
    items: int


class Process:
    """A child that answers each line on its standard input with one line."""

    def __init__(self, command: Sequence[str], *, isolated: bool = False) -> None:
        path = {} if isolated else {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._child = subprocess.Popen(  # noqa: S603 - our own modules
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **path},
        )
        self.greeting = self._answer()

    def ask(self, line: str = "") -> Turn:
        """Have a round made and return what it cost."""
        cpu, begun = cpu_of(self._child.pid), time.perf_counter()
        if self._child.stdin is None:
            raise ClaimwatchError("the contestant has no standard input")
        self._child.stdin.write(line + "\n")
        self._child.stdin.flush()
        items = int(self._answer())
        return Turn(time.perf_counter() - begun, cpu_of(self._child.pid) - cpu, items)

    @contextmanager
    def watched(self) -> Iterator[Peak]:
        """Note the most memory that the child and its children use meanwhile."""
        peak = Peak(self._child.pid)
        thread = threading.Thread(target=peak.watch, daemon=True)
        thread.start()
        try:
            yield peak
        finally:
            peak.done.set()
            thread.join()

    def end(self) -> None:
        """Close its standard input and wait for its end."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            self._child.wait(20)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _answer(self) -> str:
        line = self._child.stdout.readline() if self._child.stdout is not None else ""
        if not line:
            raise ClaimwatchError(f"{' '.join(map(str, self._child.args[:4]))} ended before its time")  # type: ignore[index]
        return line.strip()


class Peak:
    """The most memory seen in use by a process and its descendants."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.megabytes = 0.0
        self.done = threading.Event()

    def watch(self) -> None:
        """Look until `done` is set."""
        while not self.done.wait(_LOOK_EVERY):
            self.megabytes = max(self.megabytes, sum(map(_resident, tree(self._pid))) / 1e6)


class Server:
    """The feeds, in a process of their own."""

    def __init__(self, places: Sequence[str] = ()) -> None:
        self._process = Process([sys.executable, "-m", "claimwatch.cli.bench_poll_server", *places])
        self.port = int(self._process.greeting)

    def turn(self, mode: str, step: int = 0, *, prepare: int = 0) -> None:
        """Have the feeds show something else; see the server."""
        urlopen(f"http://127.0.0.1:{self.port}/turn/{mode}/{step}/{prepare}", timeout=600).close()

    def end(self) -> None:
        """Stop serving."""
        self._process.end()


def tree(pid: int) -> list[int]:
    """Return a process and its descendants (Linux; elsewhere the process alone)."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += (int(child) for child in (task / "children").read_text().split())
        except OSError:
            continue
    return found


def cpu_of(pid: int) -> float:
    """Return the CPU seconds a process and its descendants have used, those that ended included."""
    total = 0
    for each in tree(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))  # utime stime cutime cstime
    return total / _TICKS


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
