"""Secrets come from files and the environment, and never come out again."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.errors import ConfigError
from tests.config.conftest import Write

SECRET = "swordfish-9F3x"
HOOK = f"https://hooks.example.org/T0/{SECRET}"


def refused(path: Path, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ=environ)
    return str(caught.value)


def keep(text: str, mode: int = 0o600) -> None:
    path = Path("secrets/one")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(mode)


def test_a_secret_is_read_from_its_file_beside_the_config_folder(write: Write) -> None:
    path = write({"alerts/routes.yaml": "channel:\n  hook: {type: webhook, url_file: secrets/one}\n"})
    keep(HOOK + "\n")
    receiver = load(path, environ={}).receivers["hook"]
    assert receiver.settings.url.get_secret_value() == HOOK  # type: ignore[attr-defined]


def test_a_secret_is_read_from_the_environment(write: Write) -> None:
    path = write({"alerts/routes.yaml": "channel:\n  hook: {type: webhook, url_env: HOOK}\n"})
    receiver = load(path, environ={"HOOK": HOOK}).receivers["hook"]
    assert receiver.settings.url.get_secret_value() == HOOK  # type: ignore[attr-defined]


def test_settings_do_not_show_their_secrets(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = write(
        {
            "alerts/routes.yaml": "channel:\n  h: {type: webhook, url_env: HOOK, secret_file: secrets/one}\n",
            "config/claimwatch.yaml": "mail: {user: desk, password_env: PASS}\n",
            "config/feeds.yaml": "feed:\n  - {name: A, url: http://a.test, user: u, password_env: PASS}\n",
        }
    )
    keep(SECRET)
    settings = load(path, environ={"HOOK": HOOK, "PASS": SECRET})
    assert settings.feeds[0].password == SECRET
    assert settings.mail.password is not None
    assert settings.mail.password.get_secret_value() == SECRET
    assert SECRET not in repr(settings) + str(settings) + caplog.text


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        (SECRET, 0o644, "Everyone on this machine can read secrets/one. Type:  chmod o-rwx secrets/one"),
        ("", 0o600, "secrets/one must hold the secret alone, on one line."),
        (f"{SECRET}\nsecond line", 0o600, "secrets/one must hold the secret alone, on one line."),
    ],
)
def test_a_file_that_does_not_keep_a_secret_is_refused(write: Write, text: str, mode: int, said: str) -> None:
    path = write({"alerts/routes.yaml": "channel:\n  hook: {type: webhook, url_file: secrets/one}\n"})
    keep(text, mode)
    told = refused(path)
    assert said in told
    assert SECRET not in told


def test_a_secret_from_two_places_is_refused(write: Write) -> None:
    path = write({"alerts/routes.yaml": "channel:\n  hook: {type: webhook, url_file: a, url_env: B}\n"})
    assert "Both url_file and url_env are written. Keep one." in refused(path, B=HOOK)


@pytest.mark.parametrize(
    "text",
    [
        f"channel:\n  hook: {{type: webhook, url: '{HOOK}', colour: red}}\n",
        f"channel:\n  hook: {{type: webhook, urll: '{HOOK}', url: '{HOOK}'}}\n",
        f"channel:\n  hook: {{type: webhok, url: '{HOOK}'}}\n",
        f"channel:\n  hook: {{type: webhook, url_file: x, secret: {SECRET}}}\n",
        f"channel:\n  hook: {{type: webhook, url_file: x, secrets: {SECRET}}}\n",
        f"channel:\n  hook: {{url: '{HOOK}'}}\n",
        f"channel:\n  hook: {{type: webhook, secret: {SECRET}, x: @y}}\n",
        f'channel:\n  hook: {{type: webhook, secret: "{SECRET}}}\n',
        f"mail: {{host: a.example.org, pasword: {SECRET}}}\n",
        f"mail: {{host: a.example.org, password: {SECRET}, tls: maybe}}\n",
        f"mail:\n  password: >{SECRET}\n",
        f"mail:\n  password: x,{SECRET}: y\n",
        f'mail: {{password: "x,{SECRET}", tls: @}}\n',
        f'feed:\n  - {{name: A, url: "https://u:{SECRET}@a.example.org/f", relability: B}}\n',
        f'feed:\n  - {{name: A, url: "https://u:{SECRET}@a.example.org/f", name: B}}\n',
        f'feed:\n  - {{nam: A, url: "ftp://u:{SECRET}@a.example.org/f"}}\n',
        f'feed:\n  - {{name: A, url: "https://u:{SECRET}@a.example.org/f}}\n',
        f"feed:\n  - {{name: A, url: 'https://a.example.org/f', password: {SECRET}}}\n",
    ],
)
def test_a_secret_in_a_wrong_file_is_blotted_out_of_the_line_that_is_shown(write: Write, text: str) -> None:
    write({"all.yaml": text})
    said = refused(Path("all.yaml"))
    assert SECRET not in said
    assert "all.yaml:" in said


def test_a_password_that_would_cross_the_network_in_clear_is_warned_of(write: Write) -> None:
    text = "mail: {host: mail.example.org, user: desk, password_env: PASS}\n"
    settings = load(write({"config/claimwatch.yaml": text}), environ={"PASS": SECRET})
    assert "unencrypted. Write:  tls: starttls" in " ".join(settings.findings[0].message.split("\n"))


def test_a_webhook_on_ones_own_machine_may_stand_in_the_file(write: Write) -> None:
    text = "channel:\n  hook: {type: webhook, url: 'http://127.0.0.1:9/x', private: true}\n"
    settings = load(write({"alerts/routes.yaml": text}), environ={})
    assert settings.receivers["hook"].type == "webhook"
    assert "127.0.0.1" not in repr(settings)
