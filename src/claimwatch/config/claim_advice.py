"""What a look at a claim alone does not show: figures, dates against today, examples, rivals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from claimwatch.config.nodes import Node
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.core.figures import figure_of
from claimwatch.core.model import Claim

TRY = 'Try: "up to 30,000 soldiers", "about 4,000 killed", "25,000 to 30,000", "at least 1".'
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def written_day(day: date) -> str:
    """Return a day as people read it: 31 Dec 2025."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def look_at_claims(
    claims: Mapping[str, Claim], places: Mapping[str, Node], problems: Problems, today: date | None
) -> None:
    """Note what is doubtful about claims; with `today`, also whether their dates still make sense."""
    for claim in claims.values():
        if claim.quantity is not None:
            _figure(claim, places, problems)
        if claim.parts:
            _parts(claim, places, problems)
        _days(claim, places, problems, today)
        for rival in claim.rivals:
            _rival(claim, rival, claims, places, problems)
    _without_example(list(claims.values()), places, problems)


def _parts(claim: Claim, places: Mapping[str, Node], problems: Problems) -> None:
    from claimwatch.judges.lexical.claimed import (
        unread_part,  # few claims have parts: their words load only then
    )

    for part, phrase in claim.parts:
        complaint = unread_part(claim, part, phrase)
        if complaint:
            problems.error(19, places.get(f"{claim.id}.{part}"), f"claim {claim.id}, {part}", complaint)


def _figure(claim: Claim, places: Mapping[str, Node], problems: Problems) -> None:
    place, what = places.get(f"{claim.id}.quantity"), f"claim {claim.id}, quantity"
    quantity = figure_of(claim)
    if quantity is None:
        year = re.search(r"\b(1[89]|20)(\d\d)\b", claim.quantity or "")
        hint = f"Write {int(year[0]):,}, so that it is not taken for a year." if year else TRY
        problems.error(19, place, what, f'I cannot read "{claim.quantity}".\n{hint}')
    elif quantity.measure is None and quantity.role not in ("ratio", "share"):
        problems.warn(
            20,
            place,
            what,
            f'"{claim.quantity}": of what? Killed, wounded and soldiers are compared separately.',
        )


def _days(claim: Claim, places: Mapping[str, Node], problems: Problems, today: date | None) -> None:
    if claim.reported and claim.until and claim.until < claim.reported:
        problems.error(
            22, places.get(f"{claim.id}.until"), f"claim {claim.id}, until",
            f"{claim.id} ends on {written_day(claim.until)}, before it was reported.",
        )  # fmt: skip
    if today is None:
        return
    if claim.until and claim.until < today:
        problems.warn(
            22, places.get(f"{claim.id}.until"), f"claim {claim.id}, until",
            f"{claim.id} ended on {written_day(claim.until)}. Settle it: claimwatch claims settle {claim.id}",
        )  # fmt: skip
    # A day of grace: the newsroom may be east of us.
    if claim.reported and (claim.reported - today).days > 1:
        problems.error(
            22, places.get(f"{claim.id}.reported"), f"claim {claim.id}, reported",
            f"{claim.id} was reported on {written_day(claim.reported)}, which is still to come.",
        )  # fmt: skip


def _rival(
    claim: Claim, rival: str, claims: Mapping[str, Claim], places: Mapping[str, Node], problems: Problems
) -> None:
    place, what = places.get(f"{claim.id}.rivals.{rival}"), f"claim {claim.id}, rivals"
    other = claims.get(rival)
    if other is None or other is claim:
        if not problems.incomplete:
            hint = did_you_mean(rival, [name for name in claims if name != claim.id])
            message = (
                f'There is no claim "{rival}".{hint}' if other is None else f"{rival} names itself as rival."
            )
            problems.error(13, place, what, message)
        return
    if claim.id not in other.rivals:
        problems.warn(
            33, places.get(rival), f"claim {rival}",
            f"{rival} does not name {claim.id} as rival.",
        )  # fmt: skip
    mine, its = figure_of(claim), figure_of(other)
    if mine and its and mine.measure and its.measure and mine.measure != its.measure and claim.id < rival:
        problems.warn(
            33, place, what,
            f"Rivals {claim.id} and {rival} count different things: {mine.measure} and {its.measure}.",
        )  # fmt: skip


def _without_example(claims: Sequence[Claim], places: Mapping[str, Node], problems: Problems) -> None:
    bare = [claim for claim in claims if f"{claim.id}.example" not in places]
    if not bare:
        return
    number = f"{len(bare)} of {len(claims)} claims have"
    if len(claims) == 1:
        number = "The claim has"
    elif len(bare) == 1:
        number = f"1 of {len(claims)} claims has"
    them = "it" if len(bare) == 1 else "them"
    problems.warn(
        24, places.get(bare[0].id), "", f"{number} no example; a later edit could break {them} unnoticed."
    )
