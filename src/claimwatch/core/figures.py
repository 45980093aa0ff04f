"""The figure a claim is about."""

from __future__ import annotations

from claimwatch.core.model import Claim
from claimwatch.language.quantities import find_quantities, read_quantity
from claimwatch.language.quantity import Quantity, comparable


def figure_of(claim: Claim) -> Quantity | None:
    """Return the claim's figure: the phrase under `quantity`, else the first with a measure in its text."""
    if claim.quantity is not None:
        return read_quantity(claim.quantity, claim.language)
    for found in find_quantities(claim.text, claim.language):
        if found.measure is not None:
            return found
    return None


_BOUNDS = {
    "exact": "", "about": "about ", "nearly": "nearly ", "at_most": "up to ", "at_least": "at least ",
    "more_than": "more than ", "less_than": "less than ",
}  # fmt: skip
_NOUNS = {"casualties": "killed or wounded", "percent": "%"}


def phrase_of(figure: Quantity) -> str | None:
    """Return a figure as an analyst would write it in English, None when that would be read otherwise."""
    if figure.bound in _BOUNDS:
        number = f"{_BOUNDS[figure.bound]}{_plain(figure.value)}"
    else:
        number = f"{_plain(figure.low)} to {_plain(figure.high)}"
    noun = _NOUNS.get(figure.measure or "", figure.measure or "")
    who = figure.noun if figure.noun and figure.measure in ("killed", "wounded", "casualties") else ""
    more = "another " if figure.role == "increment" else ""
    phrase = " ".join(f"{more}{number} {who} {noun}".split()).replace(" %", "%")
    again = read_quantity(phrase, "en")
    same = again is not None and (again.low, again.high, again.measure, again.role) == (
        figure.low, figure.high, figure.measure, figure.role,
    )  # fmt: skip
    return phrase if same else None


def with_figure(text: str, language: str | None, old: Quantity, phrase: str) -> str | None:
    """Return a sentence with its figure of the kind of `old` replaced, None when it has none such."""
    for found in find_quantities(text, language):
        if comparable(found, old):
            begins = text[: found.start].strip() == ""
            return text[: found.start] + (_capital(phrase) if begins else phrase) + text[found.end :]
    return None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"
