"""The `claimwatch` command: a list of commands, each loaded only when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click
from click.shell_completion import CompletionItem

from claimwatch import __version__
from claimwatch.errors import ClaimwatchError, ConfigError

# name -> (module, one line for --help); grouped as people meet them
COMMANDS = {
    "demo": ("demo", "See it work: invented news through the real pipeline; no network, no set-up."),
    "run": ("run", "Watch the feeds and send alerts, until stopped (--once for cron)."),
    "init": ("init", "A commented starter config for your own story."),
    "check": ("check", "Validate the config and run its example headlines."),
    "test": ("test", "What would this headline do, and why?"),
    "explain": ("explain", "Why an alert came, or why an item became none."),
    "replay": ("replay", "Stored items through another config: alerts gained and lost."),
    "status": ("status", "Feeds, queues, deliveries; exit 1 when something is wrong."),
    "alerts": ("alerts", "List alerts, show one, judge one: ack, right, wrong."),
    "digest": ("digest", "When digests come; --preview shows the next one as it stands."),
    "mute": ("mute", "Send nothing on a claim or topic for a while, with a reason."),
    "unmute": ("unmute", "End a mute before its time."),
    "mutes": ("mutes", "List what is muted, until when, by whom and why."),
    "feeds": ("feeds", "List the feeds with their state; look at one now."),
    "topics": ("topics", "List the topics; show the names of one; add one."),
    "claims": ("claims", "List the claims and where they stand; show, add, adopt, settle, suggest."),
    "parse": ("parse", "A feed document to items, one JSON object a line."),
    "judge": ("judge", "What does a text say of a claim? JSON Lines in, JSON Lines out."),
    "eval": ("eval", "Measure the judge on labelled pairs."),
    "completion": ("completion", "Have the shell complete commands, names and codes."),
    "worker": ("worker", "One more worker, where storage is PostgreSQL."),
    "backup": ("backup", "Copy all that is stored into a file."),
    "restore": ("restore", "Put a backup in the place of what is stored."),
    "move": ("move", "Move all that is stored to PostgreSQL, or back."),
    "db": ("db", "The database itself: check it, upgrade its tables."),
    "bench": ("bench", "Figures anyone can repeat, as ratios."),
}

EPILOG = """\b
First steps:
  claimwatch demo                        see alerts at once, without set-up
  claimwatch init my-watch               a config for your own story
  claimwatch check                       is the config right?
  claimwatch test "Kyiv denies ..."      what would this headline do?
  claimwatch run                         watch

Files: config/claimwatch.yaml, config/feeds.yaml, config/topics/*.yaml, alerts/routes.yaml.
Exit codes: 0 fine, 1 the answer is no or something is wrong, 2 wrong usage."""


class LazyGroup(click.Group):
    """Commands by name; the module of a command is imported when it is used, so --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"claimwatch.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """Propose commands without loading them."""
        commands = [
            CompletionItem(name, help=about)
            for name, (_, about) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from rapidfuzz import process

            near = process.extractOne(args[0], list(COMMANDS), score_cutoff=60)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise click.UsageError(f'There is no command "{args[0]}".{hint}', ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="claimwatch")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
@click.pass_context
def cli(ctx: click.Context, debug: bool) -> None:
    """Watch news feeds and be told, with the words that prove it, when a report
    corroborates, updates or contradicts a claim you follow.
    """
    ctx.obj = {"debug": debug}


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with 0, 1 or 2; errors are one clear text, never a traceback."""
    debug = "--debug" in (args if args is not None else sys.argv)
    try:
        code: Any = cli.main(args=args, prog_name="claimwatch", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(1)
    except ClaimwatchError as error:
        if debug:
            raise
        click.echo(error_text(error), err=True)
        sys.exit(1)
    except Exception as error:
        if debug:
            raise
        click.echo(
            f"claimwatch: unexpected {type(error).__name__}: {error}\n"
            "This is a bug. Run the same with  claimwatch --debug ...  to see where, and report it.",
            err=True,
        )
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def error_text(error: ClaimwatchError) -> str:
    """Return what a person reads of an error; all problems of a config at once."""
    if isinstance(error, ConfigError):
        count = len(error.problems)
        return f"{error}\n\n{count} error{'s' * (count != 1)}. Nothing was started."
    from claimwatch.cli.output import fitted

    lines = f"claimwatch: {error}".split("\n")
    return "\n".join("\n".join(fitted(line)) if not line.startswith(" ") else line for line in lines)
