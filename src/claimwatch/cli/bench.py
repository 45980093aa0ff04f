"""`claimwatch bench`: figures anyone can repeat, as ratios within one run."""

from __future__ import annotations

import importlib

import click

BENCHES = {
    "match": "bench_match",
    "alerts": "bench_alerts",
    "poll": "bench_poll",
    "reload": "bench_reload",
    "scale": "bench_scale",
}


class Benches(click.Group):
    """The benchmarks, each loaded when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(BENCHES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in BENCHES:
            return None
        command: click.Command = importlib.import_module(f"claimwatch.cli.{BENCHES[cmd_name]}").command
        return command


@click.command(cls=Benches)
def command() -> None:
    """Measure, side by side in one run: machines differ, ratios do not."""
