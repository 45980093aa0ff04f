"""`claimwatch demo`: invented news through the real pipeline, within seconds, without network."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from claimwatch.cli.demo_play import Stage, Theatre, load_play
from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.output import say
from claimwatch.config.settings import Mail, Receiver, Settings
from claimwatch.core.model import Feed, Relation, Route
from claimwatch.errors import ClaimwatchError

READER = "you@desk.example"
SILENT = ("OFF-TOPIC", "REPRINT")


@click.command()
@CONFIG
@click.option("--out", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True,
              metavar="DIR", help="Where the alerts and mails are left.")  # fmt: skip
def command(config_path: Path, out: Path) -> int:
    """Play an hour of invented news through the real pipeline and show the alerts.

    The outlets and every sentence are invented; topics and claims are those of the config. Feeds are served
    on this machine, polled over HTTP, matched, judged, and the alerts sent to this terminal, to a file and by
    mail to a folder. Nothing leaves the machine.

    \b
    Examples:
      claimwatch demo
      claimwatch demo --out /tmp/demo
    """
    from claimwatch.app import now

    settings = load_settings(config_path)
    mails = out / "mail"
    _sweep(out, mails)
    mails.mkdir(parents=True, exist_ok=True)
    theatre = Theatre(load_play(), now())
    with theatre.open(), _post_office(mails) as port:
        asyncio.run(_play(_demo_settings(settings, theatre, out, port), theatre))
    (out / "demo.yaml").write_text("storage: {path: claimwatch.db}\n", encoding="utf-8")
    count = len(list(mails.glob("*.eml")))
    say(f"{count} mails lie in {mails}/ as .eml files: open one in your mail program.")
    say(f"Look closer:  claimwatch alerts show CODE --config {out / 'demo.yaml'}")
    click.echo(
        "\nNext, to watch your own story:\n"
        "  1. claimwatch init mine                  asks for names, a claim and a feed\n"
        "  2. claimwatch check --config mine/config\n"
        '     claimwatch test --config mine/config "a headline"\n'
        "  3. edit mine/config/feeds.yaml and mine/alerts/routes.yaml (who is told)\n"
        "  4. claimwatch run --config mine/config\n"
        "(claimwatch is .venv/bin/claimwatch; . .venv/bin/activate saves the typing)"
    )
    return 0


def _sweep(out: Path, mails: Path) -> None:
    """Remove what an earlier demo left, and nothing else: people may name any folder."""
    for left in (
        *out.glob("claimwatch.db*"),
        *mails.glob("[0-9]*.eml"),
        out / "alerts.jsonl",
        out / "demo.yaml",
    ):
        left.unlink(missing_ok=True)


def _demo_settings(settings: Settings, theatre: Theatre, out: Path, port: int) -> Settings:
    from claimwatch.channels.registry import SETTINGS

    receivers = {
        "terminal": Receiver("terminal", SETTINGS["terminal"]()),
        "file": Receiver("jsonl", SETTINGS["jsonl"].model_validate({"path": str(out / "alerts.jsonl")})),
        "mail": Receiver("email", SETTINGS["email"].model_validate({"to": [READER]})),
    }
    return replace(
        settings,
        storage=out / "claimwatch.db",
        mail=Mail(host="127.0.0.1", port=port, sender="claimwatch@demo.example"),
        feeds=tuple(
            Feed(
                name=stage.name,
                url=theatre.url(stage),
                language=stage.language,
                reliability=stage.reliability,
                every=timedelta(seconds=1),
                private=True,
            )
            for stage in theatre.stages
        ),
        routes=(
            Route("desk", to=("terminal", "file")),
            Route("mail", to=("mail",), relations=(Relation.CONTRADICTS, Relation.UPDATES)),
        ),
        receivers=receivers,
    )


async def _play(settings: Settings, theatre: Theatre) -> None:
    from claimwatch.app import open_app
    from claimwatch.cli.logs import silence_logs
    from claimwatch.daemon import run_once

    silence_logs()
    acts = [act for stage in theatre.stages for act in stage.acts]
    say(
        f"{len(acts)} invented items in {len(theatre.stages)} feeds ({_languages(theatre.stages)}), "
        f"{len(settings.topics)} topics, {len(settings.claims)} claims."
    )
    click.echo()
    async with open_app(settings, terminal=sys.stdout) as app:
        for round_, about in enumerate(
            ("first poll: what is there already comes as one summary a topic", "new items", "new items"), 1
        ):
            theatre.round = round_
            click.secho(f"-- round {round_}: {about} --\n", dim=True)
            await run_once(app)
            if failing := [state for state in app.reader.feeds() if state.error]:
                raise ClaimwatchError(f"the demo's own feed {failing[0].feed} failed: {failing[0].error}")
        told = {title for stored in app.reader.alerts(limit=1000) for title in _titles(stored.alert)}
    silent = [act for act in acts if act.title not in told]
    likes = [act for act in silent if act.expect == "OFF-TOPIC"]
    click.secho("-- what stayed silent --\n", dim=True)
    for act in likes[:5]:
        say(act.title, first="  ", indent="    ")
    say(
        f"{len(likes)} look-alikes (other armies, football, other Kursks) and "
        f"{len(silent) - len(likes)} reprints or repetitions raised nothing."
    )
    click.echo('Ask why of any headline:  claimwatch test "..."\n')


def _titles(alert: object) -> list[str]:
    report, entries = alert.report, alert.entries  # type: ignore[attr-defined]
    return [entry.report.title for entry in entries] or [report.title]


def _languages(stages: tuple[Stage, ...]) -> str:
    return ", ".join(dict.fromkeys(stage.language for stage in stages))


@contextmanager
def _post_office(folder: Path) -> Iterator[int]:
    """Take mail on loopback by SMTP and drop each message into `folder`; gives the port."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, Envelope, Session

    class Drop:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
            number = len(list(folder.glob("*.eml"))) + 1
            content = envelope.content or b""
            (folder / f"{number:02}.eml").write_bytes(
                content.encode() if isinstance(content, str) else content
            )
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Drop(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
