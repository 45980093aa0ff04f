"""Whether what a text says of a claim is news to readers, or only counts.

In doubt it is news: an alert too many costs a minute, one missing costs the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from claimwatch.core.ledger import ONE_DEVELOPMENT, Evidence, attributed, voices
from claimwatch.core.model import Claim, Stance
from claimwatch.core.origins import same_origin

NOTED_ORIGINS = 5  # from the sixth independent origin on, one more is a count, not news
TOLD_AT = (2, 3, 5)  # independent origins for a claim at which readers are told (ALERTS.md 1.5)
FAMILY_WAITS = timedelta(
    hours=6
)  # who supported a claim before goes on doing so for hours after a contradiction
_OPPOSITE = {Stance.SUPPORTS: Stance.CONTRADICTS, Stance.CONTRADICTS: Stance.SUPPORTS}


@dataclass(frozen=True, slots=True)
class News:
    """Why readers are told: a reason code (see core/wording)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Why readers are not told, in words."""

    why: str


def newness(claim: Claim, piece: Evidence, earlier: Sequence[Evidence]) -> News | Counted:
    """Return whether a piece of evidence is news, given all earlier evidence on the claim, oldest first.

    What readers were never told (it was there at a feed's first poll, or hardly on the topic) does not make
    anything old news but its own reprints.
    """
    *earlier, piece = attributed([*earlier, piece])
    gone = {e.item for e in earlier if e.retracted}
    others = [e for e in earlier if e.item != piece.item and e.item not in gone and e.reprint_of not in gone]
    own = [e for e in earlier if e.item == piece.item and e.item_revision < piece.item_revision]
    if piece.reprint_of is not None:
        return Counted(f"reprint of item {piece.reprint_of}")
    if own and says_the_same(own[-1], piece):
        return Counted("it said so before it was edited")
    if (before := _said_before(piece, others)) is not None:
        return Counted(f"{piece.voice} said so before (item {before})")
    told = [e for e in others if e.told]
    if piece.stance is Stance.SUPPORTS:
        return _support(claim, piece, told, others)
    alike = [e for e in told if says_the_same(e, piece)]
    if len(voices(e for e in alike if piece.at - e.at <= ONE_DEVELOPMENT)) >= NOTED_ORIGINS:
        return Counted("one more origin, counted")
    if piece.stance is Stance.UPDATES:
        return News("figure-changed" if piece.figure else "state-changed")
    if not alike:
        return News("status-changed")
    return News("said-again" if any(same_origin(e.voice, piece.voice) for e in alike) else "new-origin")


def says_the_same(one: Evidence, other: Evidence) -> bool:
    """Say whether two pieces take the same stance, with the same figure if any."""
    return one.stance is other.stance and one.figure == other.figure


def _said_before(piece: Evidence, others: Sequence[Evidence]) -> int | None:
    """The item in which this voice told the same within a week, and nothing opposite since.

    An outlet that names nobody may print two different denials in a week: only origins it names (a speaker,
    an agency it credits) are held to have said a thing already.
    """
    if piece.voice == piece.outlet:
        return None
    for e in reversed(others):
        if not same_origin(e.voice, piece.voice):
            continue
        if e.stance is _OPPOSITE.get(piece.stance):
            return None
        if e.told and says_the_same(e, piece) and piece.at - e.at <= ONE_DEVELOPMENT:
            return e.item
    return None


def _support(
    claim: Claim, piece: Evidence, told: Sequence[Evidence], others: Sequence[Evidence]
) -> News | Counted:
    """News when an independent origin is the second, third or fifth; `others` was told or only counted."""
    supporting = [e for e in told if e.stance is Stance.SUPPORTS]
    known = voices((e for e in supporting if e.names_somebody), known=claim.said_by)
    denied = any(e.stance is Stance.CONTRADICTS and piece.at - e.at < FAMILY_WAITS for e in told)
    if any(same_origin(piece.voice, name) for name in known):
        if denied:
            return Counted(f"{piece.voice} was for it before it was contradicted, less than 6 h ago")
        if _turned(piece, told):
            return News("status-changed")
        if any(same_origin(piece.voice, name) for name in claim.said_by):
            return Counted(f"{piece.voice} is the claim's own source (self): no independent origin")
        return Counted(f"{piece.voice} is among the claim's origins already")
    if not supporting:
        return News("first")
    if not piece.names_somebody:
        return Counted(f"{piece.outlet} names nobody: it may have it from an origin that was counted")
    counted = [e for e in others if e.stance is Stance.SUPPORTS and e.names_somebody]
    before = voices(counted, known=claim.said_by)
    if any(same_origin(piece.voice, name) for name in before):
        return Counted(f"{piece.voice} is among the claim's origins already")
    count = len(before) + 1
    if count not in TOLD_AT:
        return Counted(f"origin number {count}: readers are told at {', '.join(map(str, TOLD_AT))}")
    return News("new-origin")


def _turned(piece: Evidence, told: Sequence[Evidence]) -> bool:
    """Whether the last thing this voice said of the claim was the opposite."""
    last = next((e for e in reversed(told) if same_origin(e.voice, piece.voice)), None)
    return last is not None and last.stance is Stance.CONTRADICTS
