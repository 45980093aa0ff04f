"""The digest station: at its time, sum up what came since the last one; remind of what nobody answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from claimwatch.core.digest import digest
from claimwatch.core.hours import latest
from claimwatch.core.model import Route
from claimwatch.core.reminding import remind
from claimwatch.core.work import NewDelivery
from claimwatch.protocols import DigestStore

log = structlog.get_logger("claimwatch.digest")


class DigestStation:
    """Sends each digest once, at its time; one that was missed while nothing ran covers the whole gap."""

    def __init__(
        self,
        *,
        store: DigestStore,
        routes: Sequence[Route],
        addresses: Mapping[str, Sequence[str]],
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._clock = clock
        self.unit = asyncio.Lock()  # held while digests are made
        self.use(store=store, routes=routes, addresses=addresses, zone=zone)

    def use(
        self,
        *,
        store: DigestStore,
        routes: Sequence[Route],
        addresses: Mapping[str, Sequence[str]],
        zone: ZoneInfo,
    ) -> None:
        """Follow these from now on; call it holding `unit`."""
        self._store = store
        self._routes = [rule for rule in routes if rule.digest]
        self._reminding = [rule for rule in routes if rule.remind]
        self._addresses = addresses
        self._zone = zone

    async def run_due(self) -> int:
        """Make the digests and reminders whose time has come; return how many."""
        async with self.unit:
            await asyncio.to_thread(self.end_claims)
            made = await asyncio.to_thread(self.make_due) if self._routes else 0
            return made + (await asyncio.to_thread(self.remind_due) if self._reminding else 0)

    def end_claims(self) -> None:
        """Ask, in the next digest, how claims ended whose time is over. Raises: StorageError."""
        now = self._clock()
        for alert in self._store.ask_how_ended(now.astimezone(self._zone).date(), now):
            log.info("claim ended", claim=alert.claim.id if alert.claim else None, code=alert.code)

    def make_due(self) -> int:
        """Make the digests whose time has come; return how many. Raises: StorageError."""
        made = 0
        for rule in self._routes:
            if self._make(rule):
                made += 1
        return made

    def remind_due(self) -> int:
        """Make the reminders whose time has come; return how many. Raises: StorageError."""
        now, made = self._clock(), 0
        for each in self._store.unacknowledged(now):
            if due := remind(each, self._reminding, now=now, zone=self._zone):
                self._store.commit_reminder(*due)
                log.info("reminder", code=due[0].code, to=[d.receiver for d in due[1]])
                made += 1
        return made

    def _make(self, rule: Route) -> bool:
        until = latest(self._clock(), rule.digest or "", self._zone)
        since = self._store.told_until(rule.name)
        if since is None:  # a new route: its first digest comes at the next time
            self._store.start(rule.name, until)
            return False
        if since >= until:
            return False
        alert = digest(rule, self._store.period(since, until), self._zone)
        names = dict.fromkeys(a for name in rule.to for a in self._addresses.get(name, (name,)))
        self._store.commit(
            rule.name, alert, [NewDelivery(address, alert.created_at, (rule.name,)) for address in names]
        )
        log.info("digest", route=rule.name, code=alert.code, to=list(names))
        return True
