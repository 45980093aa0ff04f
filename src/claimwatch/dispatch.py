"""Third station: take due deliveries, word them, store the bytes, send, commit.

The bytes are stored before the first send and resent unchanged, so a copy that a crash causes carries the
same ids and can be recognised. One slow or broken receiver never holds up another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.model import NO_THREAD, Alert, Delivery, Receipt
from claimwatch.core.resending import resent
from claimwatch.core.retrying import wait_before_retry
from claimwatch.core.summary import summarise
from claimwatch.core.trouble import NOBODY, Notice, Operators, is_stuck, notice, refused, stuck
from claimwatch.core.work import DueDelivery, HeldDelivery
from claimwatch.errors import DeliveryError, StorageError
from claimwatch.protocols import Channel, DispatchStore, EditableChannel, TemplatedChannel

log = structlog.get_logger("claimwatch.dispatch")

SEND_DEADLINE = timedelta(minutes=2)  # no channel may take longer than this for one message
A_RECEIVER_AT_ONCE = 20
LEASE = SEND_DEADLINE * (A_RECEIVER_AT_ONCE + 1)  # a whole batch fits, so nobody takes what is in hand
EDITED_FOR = timedelta(hours=48)  # a message that old is not looked at again
EDITS_AT_ONCE = 20
UNKNOWN_RECEIVER_WAIT = timedelta(hours=1)


def _as_told(alert: Alert, delivery: Delivery) -> Alert:
    return resent(alert) if delivery.resent else alert


def _why_held(held: Sequence[HeldDelivery]) -> str:
    """Return the reason of a bundle: what held all of it, when that was one thing of its own."""
    kinds = {one.held for one in held}
    return kinds.pop() if kinds in ({"storm"}, {"demoted"}) else "held-until-morning"


class DispatchStation:
    """Sends what is due: each receiver's messages in order, receivers side by side."""

    def __init__(
        self,
        *,
        store: DispatchStore,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        operators: Operators = NOBODY,
    ) -> None:
        self._store = store
        self._channels = channels
        self._operators = operators
        self._clock = clock
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._taken: dict[str, int] = {}  # messages each receiver took
        self._draining = False
        self._unnoted: dict[int, Receipt] = {}  # taken by the receiver, not yet noted in the outbox

    def use(
        self, channels: Mapping[str, Channel], operators: Operators = NOBODY
    ) -> tuple[asyncio.Task[None], ...]:
        """Send through these from now on; return what still goes on through the channels before."""
        self._channels, self._operators = channels, operators
        return tuple(self._busy.values())

    async def tell_operator(
        self, subject: str, text: str, *, once: str | None = None, readers: bool = True
    ) -> bool:
        """Have whoever looks after claimwatch told, by an ordinary delivery that outlives a crash.

        `text` is lines. What bears the same `once` is told once, ever. Where no operator is named or can be
        reached, one of the `readers` is told. Return whether somebody is told now.
        Raises: StorageError.
        """
        to = self._operators if readers else replace(self._operators, others=())
        if not (to.named or to.others):
            return False
        alert = notice(subject, text, self._clock(), once=once)
        return await asyncio.to_thread(self._store.commit_notice, Notice(alert, to))

    async def start_due(self, *, hurry: bool = False) -> int:
        """Start sending what is due to receivers that are not busy; return how many deliveries were taken."""
        if self._draining:
            return 0
        await asyncio.to_thread(self.release_held)
        due = await asyncio.to_thread(
            self._store.take_due,
            now=self._clock(),
            lease=LEASE,
            each=A_RECEIVER_AT_ONCE,
            busy=tuple(self._busy),
            hurry=hurry,
        )
        by_receiver: dict[str, list[DueDelivery]] = {}
        for one in due:
            by_receiver.setdefault(one.delivery.receiver, []).append(one)
        for receiver, some in by_receiver.items():
            task = asyncio.create_task(self._send_all(receiver, some), name=f"dispatch {receiver}")
            self._busy[receiver] = task
            task.add_done_callback(partial(self._forget, receiver))
        return len(due)

    async def send_to(
        self, receiver: str, *, lease: timedelta, sure: Callable[[], bool], hurry: bool = False
    ) -> None:
        """Send what is due to a receiver, in order, while it is `sure` to be ours.

        Call it only while nobody else sends to this receiver: the deliveries' own `lease` may end before.
        """
        while not self._draining and receiver not in self._busy:
            await asyncio.to_thread(self.release_held, receiver)
            due = await asyncio.to_thread(
                self._store.take_due, now=self._clock(), lease=lease, each=A_RECEIVER_AT_ONCE,
                only=receiver, hurry=hurry,
            )  # fmt: skip
            if not due or not sure():
                return
            task = asyncio.create_task(self._send_in_order(due, sure), name=f"dispatch {receiver}")
            self._busy[receiver] = task
            task.add_done_callback(partial(self._forget, receiver))
            await asyncio.wait([task])

    def release_held(self, only: str | None = None) -> None:
        """Let go what was held back and may go now: several for one receiver are told in one summary.

        Raises: StorageError.
        """
        now = self._clock()
        by_receiver: dict[str, list[HeldDelivery]] = {}
        for one in self._store.take_held(now=now):
            if only is not None and one.receiver != only:
                continue
            by_receiver.setdefault(one.receiver, []).append(one)
        for receiver, held in by_receiver.items():
            summary = None
            if len(held) > 1:
                told = summarise([one.alert for one in held], now=now, reason=_why_held(held))
                # each receiver's bundle is its own, also when two were to get the same alerts
                summary = coded(replace(told, fingerprint=fingerprint(told.fingerprint, receiver)))
            self._store.commit_release([one.id for one in held], receiver, summary)
            log.info("held alerts released", receiver=receiver, alerts=len(held))

    async def edit_due(self) -> int:
        """Have messages that can be changed name the reprints that came after them; return how many.

        Nobody is rung for it, and none is owed: what cannot be changed is left as it was sent.
        """
        editable = {n: c for n, c in self._channels.items() if isinstance(c, EditableChannel)}
        if not editable or self._draining:
            return 0
        since = self._clock() - EDITED_FOR
        due = await asyncio.to_thread(
            self._store.take_edits, list(editable), since=since, limit=EDITS_AT_ONCE
        )
        for one in due:
            channel = self._channels[one.delivery.receiver]
            try:
                async with asyncio.timeout(SEND_DEADLINE.total_seconds()):
                    words = channel.word(_as_told(one.alert, one.delivery), key=one.delivery.key)
                    await editable[one.delivery.receiver].edit(words, one.remote_id)
            except (DeliveryError, TimeoutError) as error:
                log.info("message stays as it was sent", alert=one.alert.code, error=str(error))
            except Exception:  # a channel's bug must not hold up the messages behind it
                log.exception("message stays as it was sent", alert=one.alert.code)
            await asyncio.to_thread(self._store.commit_edit, one)
        return len(due)

    def _forget(self, receiver: str, _: asyncio.Task[None]) -> None:
        self._busy.pop(receiver, None)

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._busy:
            await asyncio.gather(*self._busy.values())

    async def drain(self, limit: timedelta) -> None:
        """Take nothing new, let messages in hand finish within `limit`, then let go of the rest.

        What is let go of stays in the outbox with its bytes.
        """
        self._draining = True
        tasks = list(self._busy.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=limit.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _send_all(self, receiver: str, due: list[DueDelivery]) -> None:
        """Send these and, while the receiver takes them, what else waits for it."""
        while due:
            before = self._taken.get(receiver, 0)
            await self._send_in_order(due)
            if self._draining or len(due) < A_RECEIVER_AT_ONCE or self._taken.get(receiver, 0) == before:
                return
            try:
                due = await asyncio.to_thread(
                    self._store.take_due,
                    now=self._clock(),
                    lease=LEASE,
                    each=A_RECEIVER_AT_ONCE,
                    only=receiver,
                )
            except StorageError:  # the next tick meets it too, and tells of it
                return

    async def _send_in_order(self, due: list[DueDelivery], sure: Callable[[], bool] = lambda: True) -> None:
        for one in due:
            if self._draining or not sure():
                return
            try:
                await self.send_delivery(one)
            except StorageError as error:
                # stop here: what was not sent is sent when the lease ends, what was is noted then
                log.error("outbox cannot be written", receiver=one.delivery.receiver, error=str(error))
                return
            except Exception:
                log.exception("delivery failed unexpectedly", receiver=one.delivery.receiver)

    async def send_delivery(self, due: DueDelivery) -> None:
        """Make one delivery and note what came of it. Raises: StorageError only."""
        delivery, alert = due.delivery, due.alert
        channel = self._channels.get(delivery.receiver)
        note = log.bind(alert=alert.code, receiver=delivery.receiver)
        if channel is None:
            error = f'there is no receiver "{delivery.receiver}" in the config any more'
            await asyncio.to_thread(
                self._store.commit_retry, delivery.id, error, due_at=self._clock() + UNKNOWN_RECEIVER_WAIT
            )
            note.warning("delivery held", error=error)
            return
        if (taken := self._unnoted.get(delivery.id)) is not None:
            await self._sent(delivery.id, taken)
            return
        key = delivery.key
        try:
            message = delivery.message
            if message is None:
                message = await asyncio.to_thread(self._worded, due, channel)
            async with asyncio.timeout(SEND_DEADLINE.total_seconds()):
                receipt = await channel.send(message, key=key)
        except StorageError:
            raise
        except DeliveryError as error:
            await self._failed(due, str(error), permanent=error.permanent, retry_after=error.retry_after)
        except TimeoutError:
            await self._failed(due, f"no answer within {SEND_DEADLINE.total_seconds():.0f} s")
        except Exception as error:  # noqa: BLE001 - a channel's bug must not lose the alert
            note.exception("channel failed unexpectedly")
            await self._failed(due, f"{type(error).__name__}: {error}")
        else:
            await self._sent(delivery.id, receipt)
            self._taken[delivery.receiver] = self._taken.get(delivery.receiver, 0) + 1
            note.info("sent", relation=alert.relation.value, answer=receipt.answer)

    def _worded(self, due: DueDelivery, channel: Channel) -> bytes:
        """Word a message, and keep it before anybody gets it."""
        delivery, alert = due.delivery, due.alert
        alert = _as_told(alert, delivery)
        name, thread = None, NO_THREAD
        if channel.place and alert.claim and not alert.entries:
            name = f"{channel.place} {alert.claim.id}"
            thread = self._store.thread(name)
        message = channel.word(alert, key=delivery.key, thread=thread)
        self._store.store_message(delivery.id, message, thread=name)
        if isinstance(channel, TemplatedChannel) and channel.template_problem:
            self._tell_of_template(delivery.receiver, channel.template_problem)
        return message

    def _tell_of_template(self, receiver: str, problem: str) -> None:
        """Tell the operator, once, that a file of their own words is not used."""
        text = f"{problem}\nAlerts go out in the built-in words meanwhile. See:  claimwatch check"
        once = f"template {receiver} {problem}"
        alert = notice(f"a template of {receiver} is not used", text, self._clock(), once=once)
        self._store.commit_notice(Notice(alert, self._operators))

    async def _sent(self, delivery: int, receipt: Receipt) -> None:
        """Note that the receiver has it; where that fails, remember it: it must not be sent again."""
        self._unnoted[delivery] = receipt
        await asyncio.to_thread(self._store.commit_sent, delivery, receipt, now=self._clock())
        del self._unnoted[delivery]

    async def _failed(
        self,
        due: DueDelivery,
        error: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        delivery, code, now = due.delivery, due.alert.code, self._clock()
        note = log.bind(alert=code, receiver=delivery.receiver, error=error)
        if permanent:
            tell = Notice(refused(delivery.receiver, code, error, now), self._operators, delivery.receiver)
            told = await asyncio.to_thread(self._store.commit_dead, delivery.id, error, now=now, tell=tell)
            note.error("delivery refused for good", operator_told=told)
            return
        tries = delivery.attempts + 1
        wait = wait_before_retry(tries, retry_after)
        late = None
        if is_stuck(tries, wait):
            words = stuck(delivery.receiver, code, error, tries, now + wait, now)
            late = Notice(words, self._operators, delivery.receiver)
        await asyncio.to_thread(self._store.commit_retry, delivery.id, error, due_at=now + wait, tell=late)
        note.warning("delivery failed, will be tried again", next_try_at=(now + wait).isoformat())
