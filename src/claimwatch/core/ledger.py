"""What has been said of a claim so far, and the standing computed from it.

Articles are not counted, origins are: who is the ultimate source. Outlets that print the same origin's
words are a number behind it (in one Dutch year up to 75 % of online news came from one agency: Boumans et
al. 2018, International Journal of Communication 12). Outlets that name nobody may all have it from one
place: they count as one origin, and only where nobody is named at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from claimwatch.core.model import Claim, Stance, Standing
from claimwatch.core.origins import is_wire, same_origin

ONE_DEVELOPMENT = timedelta(days=7)  # the same voice saying the same later than this is news again


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item's assessed stance on a claim, with who is behind it. Append-only.

    `wire` says that a news agency is behind it, `own_reporting` that a reprint adds its outlet's own. What
    follows is not stored with it: `told` whether readers were sent an alert of the item, `retracted` that it no
    longer counts, `same_as` whom the origin is counted as (a person said so, or one text tells both).
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
    wire: bool = False
    own_reporting: bool = False
    told: bool = True
    retracted: bool = False
    same_as: str | None = None

    @property
    def voice(self) -> str:
        """Whose voice it is counted as."""
        return self.same_as or self.origin

    @property
    def names_somebody(self) -> bool:
        """Whether the origin is more than the outlet that printed it."""
        return self.voice != self.outlet or self.wire or is_wire(self.voice)


def attributed(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence with the prints of one text under one voice, whichever came first.

    Somebody whom the text names, else the agency that wrote it, else the outlet that had it first. What rests
    on an outlet ("citing Example Times") has the voice of what that outlet printed.
    """
    latest: dict[int, Evidence] = {}
    for piece in evidence:
        if piece.item not in latest or latest[piece.item].item_revision <= piece.item_revision:
            latest[piece.item] = piece
    roots = {item: e.reprint_of for item, e in latest.items() if e.reprint_of is not None}
    families: dict[int, list[Evidence]] = {}
    for piece in latest.values():
        families.setdefault(_root(piece.item, roots), []).append(piece)
    prints = {root: _voice_of(pieces) for root, pieces in families.items() if len(pieces) > 1}

    def voice(piece: Evidence) -> str:
        return prints.get(_root(piece.item, roots), piece.voice)

    by_outlet: dict[tuple[str, Stance], list[Evidence]] = {}
    for piece in latest.values():
        by_outlet.setdefault((piece.outlet, piece.stance), []).append(piece)
    found = []
    for piece in evidence:
        named = voice(piece)
        if named != piece.outlet:
            cited = by_outlet.get((named, piece.stance), ())
            named = next((voice(e) for e in cited if abs(piece.at - e.at) <= ONE_DEVELOPMENT), named)
        found.append(piece if named == piece.voice else replace(piece, same_as=named))
    return found


def _root(item: int, roots: Mapping[int, int | None]) -> int:
    for _ in range(20):
        if (above := roots.get(item)) is None or above == item:
            return item
        item = above
    return item


def _voice_of(family: Sequence[Evidence]) -> str:
    spoken = (e for e in family if e.voice != e.outlet and not e.wire)
    wired = (e for e in family if e.wire)
    return next(spoken, next(wired, family[0])).voice


def voices(evidence: Iterable[Evidence], *, known: Sequence[str] = ()) -> list[str]:
    """Return the different origins of the evidence, in order, after those `known` already."""
    names = list(known)
    for piece in evidence:
        if not any(same_origin(piece.voice, name) for name in names):
            names.append(piece.voice)
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

    Newsrooms are those that support it in their own words: what the origins came through.
    `settled` is the status a person gave the claim: no rule moves it.
    """
    pieces = attributed(counting(evidence))
    supporting = [e for e in pieces if e.stance is Stance.SUPPORTS]
    contradicting = [e for e in pieces if e.stance is Stance.CONTRADICTS]
    origins_for = voices((e for e in supporting if e.names_somebody), known=claim.said_by)
    origins_against = voices(e for e in contradicting if e.names_somebody)
    return Standing(
        origins_for=len(origins_for) or min(1, len(supporting)),
        origins_against=len(origins_against) or min(1, len(contradicting)),
        newsrooms=len({e.outlet for e in supporting if e.reprint_of is None or e.own_reporting}),
        outlets=len({e.outlet for e in pieces}),
        status=settled or _status(claim, pieces, origins_for),
    )


def _status(claim: Claim, pieces: Sequence[Evidence], origins_for: Sequence[str]) -> str:
    """Return the status that follows, by rule: what a person settled is not asked here.

    Withdrawn: every origin it had now speaks against it. Superseded: its own source, or two independent
    origins, give another figure. In all else one contradiction makes it disputed.
    """
    supporting = [e for e in pieces if e.stance is Stance.SUPPORTS]
    contradicting = [e for e in pieces if e.stance is Stance.CONTRADICTS]
    if contradicting:
        last = {name: _last_word(name, pieces) for name in origins_for}
        gone = last and all(word is Stance.CONTRADICTS for word in last.values())
        return "withdrawn" if gone else "disputed"
    if _superseded(claim, pieces):
        return "superseded"
    # the origins a claim was taken from do not corroborate it: somebody else has to be seen saying so
    if len(origins_for) >= 2 and len(origins_for) > len(claim.said_by):
        return "corroborated"
    others = [e for e in supporting if not any(same_origin(e.voice, name) for name in claim.said_by)]
    return "partly corroborated" if claim.said_by and others else "unverified"


def _last_word(name: str, pieces: Sequence[Evidence]) -> Stance | None:
    own = [e for e in pieces if same_origin(e.voice, name) and e.stance is not Stance.UPDATES]
    return max(own, key=lambda e: (e.at, e.item)).stance if own else None


def _superseded(claim: Claim, pieces: Sequence[Evidence]) -> bool:
    figures: dict[str, list[Evidence]] = {}
    for piece in pieces:
        if piece.stance is Stance.UPDATES and piece.figure and piece.names_somebody:
            figures.setdefault(piece.figure, []).append(piece)
    return any(
        len(voices(given)) >= 2 or any(same_origin(e.voice, name) for e in given for name in claim.said_by)
        for given in figures.values()
    )
