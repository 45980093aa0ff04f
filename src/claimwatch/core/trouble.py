"""Trouble of claimwatch's own that a person must know of: whom it is told, and in which words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.model import Alert, Relation, Report, Section

REASON = "trouble"
TOPIC = "claimwatch"  # of what concerns the program, not the news
STUCK_TRIES = 8  # failed tries after which the operator is told: 36 minutes, by our own waits
STUCK_WAIT = timedelta(hours=1)  # or a wait this long that a service asks for
CALM = timedelta(hours=1)  # a receiver that refuses now and then is told of once in this time


@dataclass(frozen=True, slots=True)
class Operators:
    """Addresses that are told: the `named` ones; while none of them can be reached, one of the `others`."""

    named: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def choose(self, *, about: str | None = None, broken: Collection[str] = ()) -> tuple[str, ...]:
        """Return who is told of trouble with the receiver `about`: never itself, a `broken` one only at need."""
        for avoid in ({about, *broken}, {about}):
            if named := tuple(name for name in self.named if name not in avoid):
                return named
            if others := tuple(name for name in self.others if name not in avoid):
                return others[:1]
        return ()


NOBODY = Operators()


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told to whom; `about` is the receiver that has the trouble."""

    alert: Alert
    to: Operators
    about: str | None = None


def notice(subject: str, text: str, now: datetime, *, once: str | None = None) -> Alert:
    """Return the message to the operator. What has the same `once` is the same notice: stored once."""
    mark = once if once is not None else f"{subject}\n{text}\n{now.isoformat()}"
    title = f"claimwatch: {subject}"
    return coded(
        Alert(
            fingerprint=fingerprint(REASON, mark),
            code="",
            relation=Relation.NEW,
            reason=REASON,
            topic=TOPIC,
            topic_title=title,
            report=Report(title=title, outlet="claimwatch"),
            created_at=now,
            sections=(Section("WHAT", tuple(line for line in text.splitlines() if line.strip())),),
        )
    )


def refused(receiver: str, code: str, error: str, now: datetime) -> Alert:
    """Return the notice that a receiver refused a message for good."""
    text = (
        f"Alert {code} was refused for good: {error}\n"
        f"It is not tried again; later alerts still are. This is said once until {receiver} works again.\n"
        f"When it is mended:  claimwatch alerts resend {code} --to {receiver}"
    )
    return notice(f"{receiver} refuses messages", text, now, once=f"refused {receiver}")


def stuck(receiver: str, code: str, error: str, tries: int, due_at: datetime, now: datetime) -> Alert:
    """Return the notice that messages to a receiver wait for long."""
    text = (
        f"Alert {code} could not be handed over in {tries} {'try' if tries == 1 else 'tries'}: {error}\n"
        f"It is kept and tried again, next on {due_at:%d %b at %H:%M} UTC; so is all that comes after it."
    )
    return notice(f"{receiver} takes no messages", text, now, once=f"stuck {receiver}")


def is_stuck(tries: int, wait: timedelta) -> bool:
    """Say whether a message that failed so often, and waits so long now, is the operator's business."""
    return tries == STUCK_TRIES or (tries < STUCK_TRIES and wait >= STUCK_WAIT)
