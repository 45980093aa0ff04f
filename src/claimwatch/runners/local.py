"""The runner of one machine: this process takes all due work and does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from claimwatch.protocols import AssessWork, DispatchWork, PollWork, Tick

EVERY = timedelta(seconds=1)


class LocalRunner:
    """Ticks the three stations."""

    def __init__(self, poll: PollWork, assess: AssessWork, dispatch: DispatchWork) -> None:
        self._poll, self._assess, self._dispatch = poll, assess, dispatch
        self._stopping = False

    def ticks(self) -> list[Tick]:
        """Return what is to be called again and again."""
        return [
            ("poll", EVERY, self._poll.start_due),
            ("assess", EVERY, self._assess_due),
            ("dispatch", EVERY, self._dispatch.start_due),
        ]

    def alone(self, name: str, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """Return work that only one process may do at a time: here there is one."""
        return work

    async def once(self) -> None:
        """Poll every feed once, assess and deliver what came of it."""
        await self._poll.poll_all()
        await self._assess.run_out()

    async def send_all(self) -> None:
        """Deliver what waits, also what waits for company."""
        while await self._dispatch.start_due(hurry=True):
            await self._dispatch.idle()

    async def stop(self) -> None:
        """Take no new work."""
        self._stopping = True

    async def _assess_due(self) -> None:
        while not self._stopping and await self._assess.run_live():
            pass
        if not self._stopping:
            done = await self._poll.first_polls_done()
            await self._assess.run_summaries(first_polls_done=done)
