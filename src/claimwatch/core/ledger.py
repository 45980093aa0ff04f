"""What has been said of a claim so far, and the standing computed from it.

Articles are not counted, origins are: who is the ultimate source. Outlets that print the same origin's
words are a number behind it (in one Dutch year up to 75 % of online news came from one agency: Boumans et
al. 2018, International Journal of Communication 12). Outlets that name nobody may all have it from one
place: they count as one origin, and only where nobody is named at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from claimwatch.core.model import Claim, Stance, Standing
from claimwatch.core.origins import is_wire, same_origin


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item's assessed stance on a claim, with who is behind it. Append-only.

    `told` says whether readers were sent an alert of the item, `retracted` that it no longer counts.
    """

    claim: str
    item: int
    item_revision: int
    stance: Stance
    origin: str
    outlet: str
    at: datetime
    figure: str | None = None
    reprint_of: int | None = None
    told: bool = True
    retracted: bool = False

    @property
    def names_somebody(self) -> bool:
        """Whether the origin is more than the outlet that printed it."""
        return self.origin != self.outlet or is_wire(self.origin)


def voices(evidence: Iterable[Evidence], *, known: Sequence[str] = ()) -> list[str]:
    """Return the different origins of the evidence, in order, after those `known` already."""
    names = list(known)
    for piece in evidence:
        if not any(same_origin(piece.origin, name) for name in names):
            names.append(piece.origin)
    return names


def counting(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return what counts: of each item its latest text; nothing retracted, and no reprint of such.

    An edit that leaves stance and figure as they were brings nothing retracted back.
    """
    latest: dict[int, Evidence] = {}
    for piece in sorted(evidence, key=lambda e: (e.item, e.item_revision)):
        before = latest.get(piece.item)
        same = before is not None and (before.stance, before.figure) == (piece.stance, piece.figure)
        gone = same and before is not None and before.retracted
        latest[piece.item] = replace(piece, retracted=True) if gone else piece
    gone_items = {item for item, piece in latest.items() if piece.retracted}
    return [p for p in latest.values() if p.item not in gone_items and p.reprint_of not in gone_items]


def standing(claim: Claim, evidence: Iterable[Evidence], *, settled: str | None = None) -> Standing:
    """Return the claim's origins for and against, newsrooms and outlets, and the status that follows.

    `settled` is the status a person gave the claim: no rule moves it.
    """
    pieces = counting(evidence)
    supporting = [e for e in pieces if e.stance is Stance.SUPPORTS]
    contradicting = [e for e in pieces if e.stance is Stance.CONTRADICTS]
    origins_for = voices((e for e in supporting if e.names_somebody), known=claim.said_by)
    origins_against = voices(e for e in contradicting if e.names_somebody)
    return Standing(
        origins_for=len(origins_for) or min(1, len(supporting)),
        origins_against=len(origins_against) or min(1, len(contradicting)),
        newsrooms=len({e.outlet for e in pieces if e.reprint_of is None}),
        outlets=len({e.outlet for e in pieces}),
        status=settled or _status(claim, supporting, contradicting, origins_for),
    )


def _status(
    claim: Claim, supporting: list[Evidence], contradicting: list[Evidence], origins_for: list[str]
) -> str:
    if contradicting:
        return "disputed"
    # the origins a claim was taken from do not corroborate it: somebody else has to be seen saying so
    if len(origins_for) >= 2 and len(origins_for) > len(claim.said_by):
        return "corroborated"
    others = [e for e in supporting if not any(same_origin(e.origin, name) for name in claim.said_by)]
    return "partly corroborated" if claim.said_by and others else "unverified"
