"""Whether what a text says of a claim is news to readers, or only counts.

In doubt it is news: an alert too many costs a minute, one missing costs the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimwatch.core.ledger import ONE_DEVELOPMENT, Evidence, attributed, voices
from claimwatch.core.model import Claim, Stance
from claimwatch.core.origins import same_origin

NOTED_ORIGINS = 5  # from the sixth independent origin on, one more is a count, not news
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
        return _support(claim, piece, told)
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


def _support(claim: Claim, piece: Evidence, told: Sequence[Evidence]) -> News | Counted:
    supporting = [e for e in told if e.stance is Stance.SUPPORTS]
    if not supporting:
        return News("first")
    known = voices(supporting, known=claim.said_by)
    if any(same_origin(piece.voice, name) for name in known):
        if _turned(piece, told):
            return News("status-changed")
        return Counted(f"{piece.voice} is among the claim's origins already")
    if len(known) >= len(claim.said_by) + NOTED_ORIGINS:
        return Counted("one more origin, counted")
    return News("new-origin")


def _turned(piece: Evidence, told: Sequence[Evidence]) -> bool:
    """Whether the last thing this voice said of the claim was the opposite."""
    last = next((e for e in reversed(told) if same_origin(e.voice, piece.voice)), None)
    return last is not None and last.stance is Stance.CONTRADICTS
