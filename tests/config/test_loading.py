"""Files become settings: from a folder or from one file, with defaults for all but what only people know."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.config import Settings, load
from claimwatch.core.model import Band, Relation
from claimwatch.errors import ConfigError
from tests.config.conftest import Write

FEEDS = """
feed:
  - name: Example Wire
    url: https://wire.example.com/world.rss
    language: en
    every: 5m
    reliability: B
    wire: true
  - {name: Own, url: "http://127.0.0.1:8000/a.xml", every: 1s, private: true, reliability: C, source: Home}
"""
TOPIC = """
topic:
  nk-troops:
    title: North Korean troops in Russia
    who: [North Korea, no, "010"]
    what: {names: [troops, soldiers], at_least: 2, within: sentence}
    not: World Cup
    at_least: 1
    tlp: amber
claim:
  nk-30k:
    text: Up to 30,000 more North Korean soldiers may be sent.
    wordings: {fr: "Jusqu'à 30 000 soldats de plus."}
    quantity: up to 30,000 soldiers
    said_by: [Kyiv, Seoul]
    reported: 2025-07-02
    example:
      - {headline: "No plan known", language: en, expect: CONTRADICTS}
"""
ROUTES = """
route:
  - name: desk-now
    when: {topic: "nk-*", relation: [CONTRADICTS, updates, CORROBORATES, NEW, WITHDRAWN], match: good}
    to: [desk]
    gather: 3m
channel:
  desk: {type: email, to: desk@example.org}
"""


def loaded(path: Path, **environ: str) -> Settings:
    return load(path, environ=environ)


def refused(path: Path, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ=environ)
    return str(caught.value)


@pytest.fixture
def whole(write: Write) -> Settings:
    return loaded(
        write(
            {
                "config/claimwatch.yaml": "timezone: Europe/Paris\nlanguages: [fr, pt_br]\n",
                "config/feeds.yaml": FEEDS,
                "config/topics/nk.yaml": TOPIC,
                "alerts/routes.yaml": ROUTES,
            }
        )
    )


def test_feeds_are_read_with_all_that_is_said_of_them(whole: Settings) -> None:
    wire, own = whole.feeds
    assert (wire.name, wire.url, wire.language) == (
        "Example Wire",
        "https://wire.example.com/world.rss",
        "en",
    )
    assert (wire.every, wire.reliability, wire.wire) == (timedelta(minutes=5), "B", True)
    assert (own.every, own.private, own.publisher) == (timedelta(seconds=1), True, "Home")


def test_topics_are_read_with_their_lines_as_written(whole: Settings) -> None:
    (topic,) = whole.topics
    who, what = topic.lines
    assert who.names == ("North Korea", "no", "010")
    assert (what.names, what.at_least, what.within) == (("troops", "soldiers"), 2, "sentence")
    assert (topic.vetoes, topic.at_least, topic.tlp) == (("World Cup",), 1, "AMBER")


def test_a_claim_alone_with_one_topic_in_a_file_is_on_that_topic(whole: Settings) -> None:
    (claim,) = whole.claims
    assert claim.topic == "nk-troops"
    assert claim.reported == date(2025, 7, 2)
    assert claim.said_by == ("Kyiv", "Seoul")
    assert claim.wordings[0].language == "fr"
    assert claim.examples[0].expect == "CONTRADICTS"


def test_a_claim_without_a_short_is_called_by_its_text(whole: Settings) -> None:
    assert whole.claims[0].short == "Up to 30,000 more North Korean soldiers may be sent."


def test_routes_name_receivers_and_relations_in_any_case(whole: Settings) -> None:
    (route,) = whole.routes
    assert route.topics == ("nk-*",)
    assert route.relations[1] is Relation.UPDATES
    assert (route.band, route.gather, route.to) == (Band.GOOD, timedelta(minutes=3), ("desk",))
    assert whole.receivers["desk"].type == "email"
    assert whole.receivers["desk"].settings.model_dump()["to"] == ("desk@example.org",)


def test_relative_paths_start_beside_the_config_folder(whole: Settings, tmp_path: Path) -> None:
    assert whole.storage == tmp_path / "var/claimwatch.db"


def test_one_file_can_hold_everything(write: Write, tmp_path: Path) -> None:
    write({"all.yaml": "timezone: Europe/Kyiv\n" + FEEDS + TOPIC + ROUTES})
    settings = loaded(Path("all.yaml"))
    assert (settings.timezone, len(settings.feeds), len(settings.claims)) == ("Europe/Kyiv", 2, 1)
    assert settings.storage == tmp_path / "var/claimwatch.db"


def test_the_config_is_found_the_same_from_inside_its_folder(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"config/topics/nk.yaml": TOPIC, "alerts/routes.yaml": ROUTES})
    monkeypatch.chdir(tmp_path / "config")
    settings = loaded(Path())
    assert settings.storage == tmp_path / "var/claimwatch.db"
    assert list(settings.receivers) == ["desk"]


def test_without_any_channel_alerts_go_to_the_terminal_and_a_file(write: Write, tmp_path: Path) -> None:
    settings = loaded(write({"config/topics/nk.yaml": TOPIC}))
    assert {name: receiver.type for name, receiver in settings.receivers.items()} == {
        "terminal": "terminal",
        "file": "jsonl",
    }
    assert settings.receivers["file"].settings.model_dump()["path"] == tmp_path / "var/alerts.jsonl"
    (route,) = settings.routes
    assert route.to == ("terminal", "file")
    assert set(route.relations) == set(Relation)


def test_with_channels_and_no_route_everything_goes_to_all_of_them(write: Write) -> None:
    settings = loaded(
        write(
            {"alerts/routes.yaml": "channel:\n  a: {type: terminal}\n  b: {type: email, to: d@example.org}\n"}
        )
    )
    (route,) = settings.routes
    assert (route.to, set(route.relations)) == (("a", "b"), set(Relation))


def test_an_empty_config_is_no_error(write: Write) -> None:
    settings = loaded(write({"config/claimwatch.yaml": "# nothing yet\n", "config/feeds.yaml": "feed:\n"}))
    assert (settings.feeds, settings.timezone, settings.mail.host) == ((), "UTC", "localhost")


def test_a_config_that_is_not_there_is_told_with_what_to_do(write: Write) -> None:
    write()
    assert "There is no config at nowhere" in refused(Path("nowhere"))


def test_names_of_things_are_read_and_may_be_referred_to(write: Write) -> None:
    names = """
name:
  north-korea: {names: [North Korea, DPRK], also_as_actor: [Pyongyang]}
  south-korea: {names: [ROK]}
must_not_confuse:
  - [north-korea, south-korea]
"""
    topic = 'topic:\n  nk:\n    who: ["@north-korea"]\n'
    settings = loaded(write({"config/names.yaml": names, "config/topics/nk.yaml": topic}))
    assert settings.aliases.names_of("north-korea") == ("North Korea", "DPRK", "Pyongyang")
    assert settings.aliases.confusable_with("south-korea") == {"north-korea"}


def test_a_reference_to_a_name_nobody_wrote_down_is_told(write: Write) -> None:
    names = "name:\n  north-korea: {names: [North Korea, DPRK]}\n"
    said = refused(
        write({"config/names.yaml": names, "config/nk.yaml": 'topic:\n  nk:\n    who: ["@north-corea"]\n'})
    )
    assert 'There is no entry "north-corea" in names.yaml. Did you mean "@north-korea"?' in said


def test_all_problems_of_all_files_are_told_at_once(write: Write) -> None:
    said = refused(
        write(
            {
                "config/claimwatch.yaml": "timezone: Mars/Olympus\n",
                "config/feeds.yaml": "feed:\n  - {name: One}\n  - {name: Two, url: nowhere}\n",
                "config/topics/a.yaml": "topic:\n  a: {title: A}\n",
                "config/topics/b.yaml": 'topic:\n  b: {who: ["x]}\n',
            }
        )
    )
    for place in (
        "claimwatch.yaml:1:11",
        "feeds.yaml:2:6",
        "feeds.yaml:3:22",
        "topics/a.yaml:2:3",
        "topics/b.yaml:2:13",
    ):
        assert f"config/{place}" in said


def test_an_unreadable_file_does_not_make_what_refers_to_it_wrong(write: Write) -> None:
    said = refused(
        write(
            {
                "config/topics/a.yaml": 'topic:\n  a: {who: ["x]}\n',
                "config/topics/b.yaml": "topic:\n  b: {who: [KN-23]}\nclaim:\n  c: {topic: a, text: Some.}\n",
            }
        )
    )
    assert "never closed" in said
    assert "There is no topic" not in said


def test_the_same_name_in_two_files_is_told_with_both_places(write: Write) -> None:
    topic = "topic:\n  a: {who: [Pantsir]}\n"
    said = refused(write({"config/topics/one.yaml": topic, "config/topics/two.yaml": topic}))
    assert "a is defined twice, config/topics/one.yaml:2 and config/topics/two.yaml:2." in said


def test_general_settings_belong_into_their_file(write: Write) -> None:
    assert '"timezone" belongs into claimwatch.yaml.' in refused(
        write({"config/feeds.yaml": "timezone: UTC\n"})
    )


def test_a_file_that_ends_in_yml_is_not_passed_over_in_silence(write: Write) -> None:
    settings = loaded(write({"config/topics/nk.yml": TOPIC}))
    assert settings.warnings == ("config/topics/nk.yml  This file is not read. Name it .yaml.",)


def test_what_is_hidden_is_not_read(write: Write) -> None:
    assert (
        loaded(write({"config/topics/.#nk.yaml": "what: [is", "config/.old/nk.yaml": "what: ["})).topics == ()
    )


def test_a_control_character_written_as_an_escape_is_refused(write: Write) -> None:
    said = refused(
        write({"config/feeds.yaml": 'feed:\n  - {name: "A\\e[31m", url: "https://a.example.org"}\n'})
    )
    assert "An invisible control character (U+001B) stands in name." in said


def test_a_text_over_several_lines_is_one_line(write: Write) -> None:
    topic = "topic:\n  nk:\n    title: |\n      North Korean\n      troops\n    who: [DPRK]\n"
    assert loaded(write({"config/nk.yaml": topic})).topics[0].title == "North Korean troops"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_told(write: Write) -> None:
    path = write({"config/feeds.yaml": FEEDS})
    (path / "feeds.yaml").chmod(0)
    assert "config/feeds.yaml\n\n  I cannot read this file: permission denied." in refused(path)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("limits: {fetches: 0}", "fetches takes a number from 1 to 1,000, not 0."),
        ("limits: {fetches: many}", 'fetches takes a whole number, not "many".'),
        ("limits: {timeout: 1h}", "timeout takes 1s to 10m."),
        ("limits: {timeout: 30}", "timeout: 30 of what? Write a unit:  timeout: 30m"),
        ("limits: {speed: 3}", 'There is no setting "speed".'),
        ("mail: {tls: ssl}", 'tls "ssl" is not known.'),
        ("mail: {port: 70000}", "port takes a number from 1 to 65,535, not 70,000."),
        ("mail: {from: nobody}", '"nobody" is not a mail address.'),
        ("mail: smtp.example.org", 'mail takes settings, not "smtp.example.org".'),
        ("storage: {file: x.db}", 'There is no setting "file".'),
        ("timezone: [UTC]", "timezone takes a text, not a list."),
        ("timezone: ../../etc/passwd", "is not a time zone"),
        ("timezone:", "Nothing stands after timezone. Write a value or remove the line."),
    ],
)
def test_a_wrong_general_setting_is_told(write: Write, setting: str, said: str) -> None:
    assert said in refused(write({"config/claimwatch.yaml": setting + "\n"}))


def test_mail_and_limits_are_read(write: Write) -> None:
    text = """
mail: {host: mail.example.org, tls: starttls, from: 'Watch <w@example.org>'}
limits: {fetches: 8, timeout: 90s}
"""
    settings = loaded(write({"config/claimwatch.yaml": text}))
    assert (settings.mail.port, settings.mail.sender) == (587, "Watch <w@example.org>")
    assert (settings.limits.fetches, settings.limits.timeout) == (8, timedelta(seconds=90))


def test_settings_are_the_same_each_time_they_are_read(write: Write) -> None:
    path = write({"config/feeds.yaml": FEEDS, "config/topics/nk.yaml": TOPIC, "alerts/routes.yaml": ROUTES})
    assert loaded(path) == loaded(path)


def test_the_shipped_config_loads_without_an_error() -> None:
    root = Path(__file__).resolve().parents[2]
    settings = load(root / "config", environ={})
    assert len(settings.feeds) >= 40
    assert len({feed.language for feed in settings.feeds}) >= 6
    assert len(settings.topics) >= 10
    assert all(len(claim.examples) >= 2 for claim in settings.claims)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 9),
            st.sampled_from(
                ["", "[", "]", "{", "- ", ": ", "#", '"', "'", "\n", "~", "&a ", "*a", ">", '"\\0"', "\t"]
            ),
        ),
        max_size=4,
    )
)
def test_any_damage_to_a_config_is_told_in_words(damages: list[tuple[float, int, str]]) -> None:
    text = FEEDS + TOPIC + ROUTES
    for where, cut, put in damages:
        at = int(where * len(text))
        text = text[:at] + put + text[at + cut :]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "all.yaml"
        path.write_text(text, "utf-8")
        told: tuple[str, ...] = ("",)
        try:
            told = tuple(load(path, environ={}).receivers)
        except ConfigError as error:
            told = error.problems
        assert all(each.strip() for each in told)
        assert told
