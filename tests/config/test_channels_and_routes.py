"""Channels of every type, and routes with all that can be said of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from claimwatch.channels.registry import SETTINGS
from claimwatch.config import Settings, load
from claimwatch.core.model import Relation
from claimwatch.errors import ConfigError
from tests.config.conftest import Write

CHANNELS = {
    "email": "to: [desk@example.org, night@example.org]",
    "webhook": "url_env: HOOK, secret_env: TOKEN, private: true",
    "terminal": "",
    "jsonl": "path: out/alerts.jsonl",
    "atom": "path: out/alerts.atom, entries: 50",
    "matrix": "server: 'https://matrix.example.org', room: '!abc:example.org', token_env: TOKEN",
    "slack": "url_env: SLACK",
    "mattermost": "url_env: MATTERMOST",
    "discord": "url_env: DISCORD",
    "telegram": "token_env: TELEGRAM, chat: '-100123'",
    "ntfy": "topic: claimwatch-editor, token_env: TOKEN",
    "teams": "url_env: TEAMS",
    "pushover": "user_env: TOKEN, token_env: TOKEN",
    "gotify": "server: 'https://push.example.org', token_env: TOKEN",
    "rocketchat": "url_env: ROCKET",
    "apprise": "url_env: APPRISE",
}
ENVIRONMENT = {
    "TOKEN": "tk-swordfish0123456789",
    "TELEGRAM": "123456789:AAEabcdefghijklmnopqrstuvwxyz012345",
    "HOOK": "https://hooks.example.org/swordfish",
    "SLACK": "https://hooks.slack.com/services/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",
    "MATTERMOST": "https://chat.example.org/hooks/3ccxsx5c4tgkb8rdyhfm1fswordfish",
    "DISCORD": "https://discord.com/api/webhooks/1234567890/swordfishswordfishswordfish",
    "TEAMS": "https://prod-1.westeurope.logic.azure.com:443/workflows/643e69f83c8944438d68119179a10a64/triggers/"
    "manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=swordfish",
    "ROCKET": "https://rocket.example.org/hooks/6Hxj9F3kLm/swordfish",
    "APPRISE": "json://example.org/swordfish",
}
TOPIC = "topic:\n  nk-troops: {who: [North Korea]}\n"


def loaded(write: Write, text: str) -> Settings:
    write({"all.yaml": text})
    return load(Path("all.yaml"), environ=ENVIRONMENT)


def refused(write: Write, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(write, text)
    return " ".join(str(caught.value).split())


def test_there_is_an_example_of_every_channel() -> None:
    assert set(CHANNELS) == set(SETTINGS)


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_channel_of_each_type_is_read_with_its_secrets(write: Write, kind: str) -> None:
    settings = loaded(write, f"channel:\n  desk: {{type: {kind}, {CHANNELS[kind]}}}\n")
    receiver = settings.receivers["desk"]
    assert (receiver.type, type(receiver.settings)) == (kind, SETTINGS[kind])
    assert "swordfish" not in repr(settings)


def test_a_file_to_write_to_is_meant_from_beside_the_config(write: Write, tmp_path: Path) -> None:
    settings = loaded(write, f"channel:\n  file: {{type: jsonl, {CHANNELS['jsonl']}}}\n")
    assert settings.receivers["file"].settings.model_dump()["path"] == tmp_path / "out/alerts.jsonl"


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("{type: email, to: nobody}", 'all.yaml:2:27 channel desk, to'),
        ("{type: email, to: nobody}", '"nobody" is not a mail address. Write it like desk@example.org.'),
        ("{type: email, to: []}", "channel desk, to"),
        ("{type: telegram, token_env: TELEGRAM}", "Channel desk has no chat."),
        ("{type: ntfy, topic: x, priority: loud}", "channel desk, priority"),
        ("{type: slack, url_env: SLACK, urls: x}", 'There is no setting "urls".'),
        ("{type: teams}", "Channel desk has no url_file. Add: url_file: secrets/desk"),
        ("{type: webhook, url_env: HOOK, private: [true]}", "channel desk, private"),
        ("slack", "Channel desk has no type. Add: type: email"),
    ],
)  # fmt: skip
def test_a_channel_that_cannot_work_is_told(write: Write, channel: str, said: str) -> None:
    assert said in refused(write, f"channel:\n  desk: {channel}\n")


ROUTE = (
    TOPIC
    + """
route:
  - name: desk-now
    when: {topic: "nk-*", relation: [CONTRADICTS, UPDATES], match: strong}
    to: [desk]
    gather: 3m
    limit: 6
    storm: 10
    remind: true
    quiet: "22:00-6:30"
    wake: [CONTRADICTS]
  - name: daily
    digest: "07:00"
    to: [desk]
channel:
  desk: {type: terminal}
"""
)


def test_all_that_can_be_said_of_a_route_is_read(write: Write) -> None:
    now, daily = loaded(write, ROUTE).routes
    assert (now.storm, now.remind) == (10, True)
    assert (now.limit, now.quiet, now.wake) == (6, "22:00-06:30", (Relation.CONTRADICTS,))
    assert (daily.digest, daily.topics, set(daily.relations)) == ("07:00", ("*",), set(Relation))


def test_alerts_that_reach_nobody_may_go_into_a_digest(write: Write) -> None:
    text = ROUTE.replace('  - name: daily\n    digest: "07:00"\n    to: [desk]\n', "")
    said = refused(write, text.replace("match: strong", "match: good"))
    assert 'CORROBORATES, WITHDRAWN and NEW reach nobody. Add a route with digest: "07:00".' in said


def test_two_channels_with_different_secrets_are_not_taken_for_one(write: Write) -> None:
    text = TOPIC + (
        "route:\n  - {name: r, to: [a, b, c]}\nchannel:\n  a: {type: webhook, url_env: HOOK}\n"
        "  b: {type: webhook, url_env: SLACK}\n  c: {type: webhook, url_env: HOOK}\n"
    )
    assert loaded(write, text).warnings == ("all.yaml:4  The same webhook address gets r twice, by a and c.",)


def test_a_route_without_contradictions_has_nothing_to_remind_of(write: Write) -> None:
    text = ROUTE.replace("[CONTRADICTS, UPDATES]", "[UPDATES]").replace("    wake: [CONTRADICTS]\n", "")
    assert "remind is for CONTRADICTS, but the route never takes CONTRADICTS." in refused(write, text)


@pytest.mark.parametrize("written", ["desk", "[desk]", "[desk, desk]"])
def test_an_operator_is_one_channel_or_several(written: str, write: Write) -> None:
    path = write(
        {"config/claimwatch.yaml": f"{TOPIC}channel:\n  desk: {{type: terminal}}\noperator: {written}\n"}
    )
    assert load(path, environ={}).operators == ("desk",)


def mail(write: Write, line: str) -> Settings:
    return load(write({"config/claimwatch.yaml": f"{TOPIC}mail: {{host: localhost, {line}}}\n"}), environ={})


def test_mail_says_where_it_can_be_stopped_and_what_stands_in_its_subject(write: Write) -> None:
    read = mail(write, "unsubscribe: ['mailto:stop+{id}@x.org', 'https://x.org/u/{id}'], subject: verb-first")
    assert read.mail.unsubscribe == ("https://x.org/u/{id}", "mailto:stop+{id}@x.org")
    assert read.mail.subject == "verb-first"


@pytest.mark.parametrize(
    "written",
    ["http://x.org/u", "stop@x.org", "javascript:x", "https://x.org/a b", "https://x.org/<x>",
     "https://x.org/" + "x" * 80],
)  # fmt: skip
def test_what_cannot_stop_a_mail_is_refused(written: str, write: Write) -> None:
    with pytest.raises(ConfigError, match="unsubscribe"):
        mail(write, f"unsubscribe: '{written}'")


def test_a_heartbeat_has_a_secret_address_and_a_rhythm(write: Write) -> None:
    text = f"{TOPIC}heartbeat: {{url_env: BEAT, every: 10m, private: true}}\n"
    beat = load(
        write({"config/claimwatch.yaml": text}), environ={"BEAT": "https://beat.example.org/s3cret"}
    ).heartbeat
    assert beat is not None
    assert beat.url.get_secret_value() == "https://beat.example.org/s3cret"
    assert (beat.every, beat.private) == (timedelta(minutes=10), True)
    assert "s3cret" not in repr(beat)


@pytest.mark.parametrize(
    "written",
    ["url: 'https://beat.example.org/s3cret'", "every: 5m", "url_env: BEAT, every: 1s", "url_env: NOT",
     "url_env: FTP"],
)  # fmt: skip
def test_a_heartbeat_that_cannot_beat_is_refused(written: str, write: Write) -> None:
    path = write({"config/claimwatch.yaml": f"{TOPIC}heartbeat: {{{written}}}\n"})
    with pytest.raises(ConfigError, match="heartbeat") as caught:
        load(path, environ={"BEAT": "https://beat.example.org/s3cret", "FTP": "ftp://x"})
    assert "s3cret" not in str(caught.value)
