"""What the shell proposes after Tab: the names of a config and the codes of stored alerts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from claimwatch.errors import ClaimwatchError

if TYPE_CHECKING:
    from claimwatch.storage.reading import StoredAlert

CODES = 50  # the latest alerts; who looks for an older one types its code

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem[Any]]]


def names_of(*sections: str) -> Completer:
    """Return what proposes the names of these sections of the config ("topic", "claim", "feed" ...)."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
        from claimwatch.config.load import names_in

        names = names_in(_config(ctx))
        return _fitting(((name, "") for section in sections for name in names.get(section, ())), incomplete)

    return _quiet(complete)


def codes(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
    """Propose the codes of the latest alerts, each with what it tells."""
    from claimwatch.cli.options import open_reader
    from claimwatch.config.load import storage_of

    reader = open_reader(storage_of(_config(ctx), environ=os.environ))
    found: list[StoredAlert] = reader.alerts(limit=CODES) if reader else []
    told = ((s.alert.code, f"{s.alert.relation} {s.alert.report.title}"[:60]) for s in found)
    return _fitting(told, incomplete.upper())


def _quiet(complete: Completer) -> Completer:
    """A config or database that cannot be read proposes nothing: nobody asked for its errors."""

    def completed(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[Any]]:
        try:
            return complete(ctx, param, incomplete)
        except (ClaimwatchError, OSError):
            return []

    return completed


alert_codes = _quiet(codes)
topics = names_of("topic")
claims = names_of("claim")
feeds = names_of("feed")
claims_and_topics = names_of("claim", "topic")


def _config(ctx: click.Context) -> Path:
    return Path(ctx.params.get("config_path") or "config")


def _fitting(named: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem[Any]]:
    return [CompletionItem(name, help=about or None) for name, about in named if name.startswith(incomplete)]
