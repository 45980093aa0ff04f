"""`claimwatch completion`: what makes the shell complete commands, names and codes."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> int:
    """Print the script that makes SHELL complete commands, options, names and alert codes.

    Topics, claims and feeds are proposed as the config names them, alerts by the codes of the latest.

    \b
    Examples:
      claimwatch completion bash >> ~/.bashrc
      claimwatch completion zsh >> ~/.zshrc
      claimwatch completion fish > ~/.config/fish/completions/claimwatch.fish
    """
    from claimwatch.cli.main import cli

    click.echo(SHELLS[shell](cli, {}, "claimwatch", "_CLAIMWATCH_COMPLETE").source())
    return 0
