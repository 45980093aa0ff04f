"""What a reader of an alert may trip over: the form of what is said, and how it differs from what the claim says."""

from __future__ import annotations

from datetime import date, datetime

from claimwatch.core.model import Assessment, Change, Claim, Stance
from claimwatch.core.times import MONTHS
from claimwatch.language.concepts import is_light, near
from claimwatch.language.dates import find_dates
from claimwatch.language.quantities import find_quantities, read_quantity
from claimwatch.language.quantity import Quantity, includes
from claimwatch.language.reading import Reading, read

_DENIALS = ("denies", "disclaims", "refutes")
_TIMES = ("years", "months", "weeks", "days", "hours", "minutes")
_SHOWS = "show"  # a concept: images, photographs, footage


def form_of(claim: Claim, assessment: Assessment, text: str, language: str | None) -> str | None:
    """Return the form of what a text says of a claim, in the words of ALERTS.md 1.5.

    denies, disclaims, refutes, excludes; raises, lowers, narrows, widens, dates, happened; independent, partial,
    physical. The judge names most; None for a neutral text.
    """
    match assessment.stance:
        case Stance.CONTRADICTS:
            return assessment.form if assessment.form in _DENIALS else "excludes"
        case Stance.UPDATES:
            return _narrower_or_wider(assessment.change) or assessment.form
        case Stance.SUPPORTS:
            seen = read(assessment.evidence, language).concepts if assessment.evidence else frozenset()
            if _SHOWS in seen:
                return "physical"
            return "partial" if covers(claim, text, language)[1] else "independent"
    return None


def traps(
    claim: Claim, assessment: Assessment, text: str, language: str | None, published_at: datetime | None
) -> tuple[str, ...]:
    """Return notes on what may mislead: an older figure or report, another measure, a part left unsaid."""
    found = []
    if (older := _older(claim, assessment, language, published_at)) is not None:
        found.append(older)
    if assessment.stance is not Stance.SUPPORTS and (other := _other_measure(claim, assessment, language)):
        found.append(other)
    if assessment.stance is Stance.SUPPORTS:
        said, unsaid = covers(claim, text, language)
        if unsaid:
            yes = f"{', '.join(said)}: yes; " if said else ""
            found.append(f"Covers only a part. {yes}{', '.join(unsaid)}: not stated.")
    return tuple(found)


def covers(claim: Claim, text: str, language: str | None) -> tuple[list[str], list[str]]:
    """Return the parts of a claim, in its words, that a text speaks of and those it does not.

    Only what the lexicons know can be compared across languages; of a claim of other words nothing is said.
    """
    whole = read(text, language)
    known = whole.concepts | whole.names
    said: list[str] = []
    unsaid: list[str] = []
    for part, words in _parts(read(claim.text, claim.language)):
        there = part in known or bool(near(part) & whole.concepts)
        (said if there else unsaid).append(words)
    return said, unsaid if said else []


def _parts(reading: Reading) -> list[tuple[str, str]]:
    """Return the names, deeds and things of a claim with the words that say them, in order."""
    found: dict[str, tuple[int, str]] = {}
    for number, sentence in enumerate(reading.sentences):
        for table in (sentence.names, sentence.concepts):
            for key, hits in table.items():
                hit = min(hits, key=lambda each: each.start)
                if hit.end > hit.start and not (table is sentence.concepts and is_light(key)):
                    place = number * 10_000 + hit.start
                    found.setdefault(key, (place, sentence.verbatim(hit.start, hit.end)))
    return [(key, words) for key, (_, words) in sorted(found.items(), key=lambda each: each[1][0])]


def _narrower_or_wider(change: Change | None) -> str | None:
    """Say how a span changed that goes on or is gone into by another: "25,000 to 30,000" narrows "up to 30,000"."""
    if change is None:
        return None
    old, new = read_quantity(change.old), read_quantity(change.new)
    if old is None or new is None or "range" not in (old.bound, new.bound):
        return None
    if new.bound == "range" and _within(new, old):
        return "narrows"
    if old.bound == "range" and _within(old, new):
        return "widens"
    return None


def _within(inner: Quantity, outer: Quantity) -> bool:
    return (
        outer.low <= inner.low
        and inner.high <= outer.high
        and (inner.low, inner.high) != (outer.low, outer.high)
    )


def _older(
    claim: Claim, assessment: Assessment, language: str | None, published_at: datetime | None
) -> str | None:
    if claim.reported is None:
        return None
    year = published_at.year if published_at else claim.reported.year
    dated = [d for d in find_dates(assessment.evidence, language, year=year) if d.precision != "year"]
    if assessment.change is not None and dated and dated[0].last < claim.reported:
        return f"The figure is dated {dated[0].text}; the claim was reported {_day(claim.reported)}: it is older."
    if published_at is not None and published_at.date() < claim.reported:
        return f"The report ({_day(published_at.date())}) is older than the claim ({_day(claim.reported)})."
    return None


def _other_measure(claim: Claim, assessment: Assessment, language: str | None) -> str | None:
    figure = read_quantity(claim.quantity, claim.language) if claim.quantity else None
    asked = figure or next(iter(find_quantities(claim.text, claim.language)), None)
    if asked is None or asked.measure is None:
        return None
    counted = [q for q in find_quantities(assessment.evidence, language) if q.measure not in (None, *_TIMES)]
    if not counted or any(q.measure == asked.measure for q in counted):
        return None
    q = counted[0]
    if includes(asked.measure, q.measure) or includes(q.measure, asked.measure):
        return f'"{q.text}" counts {q.measure}, the claim counts {asked.measure}: not the same measure.'
    return None


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
