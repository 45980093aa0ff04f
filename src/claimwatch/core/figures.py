"""The figure a claim is about."""

from __future__ import annotations

from claimwatch.core.model import Claim
from claimwatch.language.quantities import Quantity, find_quantities, read_quantity


def figure_of(claim: Claim) -> Quantity | None:
    """Return the claim's figure: the phrase under `quantity`, else the first with a measure in its text."""
    if claim.quantity is not None:
        return read_quantity(claim.quantity, claim.language)
    for found in find_quantities(claim.text, claim.language):
        if found.measure is not None:
            return found
    return None
