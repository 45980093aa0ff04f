"""A claim told back as it was understood: its parts, its figure, and which claims say nearly the same."""

from __future__ import annotations

from collections.abc import Iterable

import click

from claimwatch.cli.output import say
from claimwatch.config import Settings
from claimwatch.core.model import Claim


def show_understood(claim: Claim, settings: Settings) -> None:
    """Print how the judge reads a claim, a part a line."""
    from claimwatch.judges.lexical.claimed import describe_frame
    from claimwatch.judges.lexical.known_names import KnownNames

    click.echo("understood as")
    for line in describe_frame(claim, KnownNames(settings.aliases)).splitlines():
        say(line, first="  ", indent=" " * 12)


def say_alike(claim: Claim, others: Iterable[Claim], settings: Settings) -> None:
    """Print which of the other claims an item in the words of this one would be told of."""
    from claimwatch.app import open_first_judge
    from claimwatch.core.alerting import speaks
    from claimwatch.core.model import Pair

    listed = list(others)
    assessed = open_first_judge(settings.aliases).assess(
        [Pair(each, claim.text, claim.language) for each in listed]
    )
    for other, said in zip(listed, assessed, strict=True):
        if speaks(said):
            say(f'{other.id} is near: it {_SAYS[said.stance]} "{other.text}"', first="note  ", indent=" " * 6)


_SAYS = {"supports": "would support", "contradicts": "would contradict", "updates": "would update"}
