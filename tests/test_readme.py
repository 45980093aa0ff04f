"""The README stays true: its commands exist, its YAML is understood, its figures of speech are files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from claimwatch.app import Trier
from claimwatch.cli.main import COMMANDS, cli
from claimwatch.config import load
from claimwatch.core.model import Item

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def test_every_command_in_the_readme_exists() -> None:
    named = set(re.findall(r"^ {4}claimwatch (\w+)", README, re.MULTILINE)) | set(
        re.findall(r"`claimwatch ([a-z]+)", README)
    )
    assert {"check", "test", "status"} <= named <= COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"make ([a-z-]+)", README))
    asked = subprocess.run(
        ["make", "--dry-run", "--question", "--no-print-directory", *sorted(targets)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "No rule to make target" not in asked.stderr


def test_the_readmes_topic_and_claim_are_understood_and_match(tmp_path: Path) -> None:
    topic, claim = (next(text for text in YAML if text.startswith(key)) for key in ("topic:", "claim:"))
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "topic.yaml").write_text(topic + claim, "utf-8")
    settings = load(tmp_path / "config", environ={})
    trial = Trier(settings).try_item(
        Item("1", title="Engineers deny that the Orsa dam is safe", language="en")
    )
    assert trial.relation == "CONTRADICTS"
    assert Trier(settings).try_item(Item("2", title="Orsa wins the cup")).relation == "OFF-TOPIC"


def test_the_readmes_mail_and_chat_are_understood(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "alerts").mkdir()
    secret = tmp_path / "secret"
    secret.write_text("https://hooks.slack.com/services/T0000000/B0000000/aaaaaaaaaaaaaaaaaaaaaaaa")
    secret.chmod(0o600)
    mail, routes = (
        re.sub(r"/run/secrets/[\w-]+", str(secret), next(text for text in YAML if text.startswith(key)))
        for key in ("mail:", "channel:")
    )
    (tmp_path / "config" / "claimwatch.yaml").write_text(mail, "utf-8")
    (tmp_path / "alerts" / "routes.yaml").write_text(routes, "utf-8")
    settings = load(tmp_path / "config", environ={})
    assert settings.receivers.keys() == {"desk-mail", "desk-chat"}
    assert settings.mail.host == "smtp.example.org"


def test_the_tree_in_the_readme_is_the_tree() -> None:
    for name in ("cli", "config", "feeds", "judges", "channels", "storage", "core", "language"):
        assert (ROOT / "src" / "claimwatch" / name).is_dir()
        assert f"{name}/" in README
