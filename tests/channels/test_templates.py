import json
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from claimwatch.channels.registry import SETTINGS, open_channel
from claimwatch.channels.templates import NAMES
from claimwatch.protocols import Channel, TemplatedChannel
from tests.channels.examples import ALERTS, CONTRADICTS, HOSTILE_TITLES, KEY, SUMMARY, context, titled
from tests.channels.golden import WRITTEN, channel
from tests.channels.test_email import parsed, part

EXAMPLES = Path(__file__).resolve().parents[2] / "alerts" / "templates" / "examples"


def opened(kind: str, folder: Path) -> Channel:
    settings = SETTINGS[kind].model_validate(WRITTEN[kind])
    return open_channel("desk", kind, settings, replace(context(), templates=folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_file_words_the_mail_s_text_and_the_mail_is_then_text_alone(folder: Path) -> None:
    (folder / "email.txt").write_text("{{ relation }}! {{ title }}\n{{ quote }}\n{{ receiver }}\n")
    mail = parsed(opened("email", folder).word(CONTRADICTS, key=KEY))
    assert mail.get_content_type() == "text/plain"
    text = str(mail.get_content())
    assert text.startswith("CONTRADICTS! GUR says")
    assert ">>has no information" in text
    assert text.rstrip().endswith("desk")


def test_html_is_escaped_without_being_asked(folder: Path) -> None:
    (folder / "email.html").write_text("<p>{{ headline }}</p>")
    mail = parsed(opened("email", folder).word(titled("<script>alert('x')</script> & more"), key=KEY))
    assert "<script>" not in part(mail, "html")
    assert "&lt;script&gt;" in part(mail, "html")
    assert part(mail, "plain").startswith("CONTRADICTS: GUR: <script>")  # the built-in text


@pytest.mark.parametrize("kind", ["discord", "slack", "telegram", "mattermost", "teams", "terminal"])
@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
def test_a_hostile_title_in_an_own_template_pings_nobody_and_runs_nothing(
    kind: str, title: str, folder: Path
) -> None:
    (folder / f"{kind}.txt").write_text("{{ relation }} {{ title }} {{ headline }}")
    with capture_logs() as logs:
        message = opened(kind, folder).word(titled(title), key=KEY).decode()
    assert logs == []
    text = json.loads(message)["parts"][0] if kind != "terminal" else message
    assert "49" not in text  # {{7*7}}
    if kind != "terminal":
        assert "@everyone" not in text
        assert "<!channel>" not in text


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("{{ relation }} {% if %} {{ title }}", "line 1"),
        ("\n{{ relation }} {{ titel }}", "titel"),
        ("{{ relation }} {{ title }} {{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ relation }} {{ title.__class__.__mro__ }}", "SecurityError"),
        ("{{ relation }} only", "leaves out the title"),
        ("{{ title }} only", "leaves out the relation word"),
        ("{{ relation }} {{ title }} {{ 'x' * 5000 }}", "limit"),
        ("{{ relation }} {{ title }} {% for i in range(1000000000) %}x{% endfor %}", "OverflowError"),
    ],
)
def test_a_broken_template_costs_no_alert_and_says_what_is_wrong(
    source: str, problem: str, folder: Path
) -> None:
    (folder / "discord.txt").write_text(source)
    one = opened("discord", folder)
    with capture_logs() as logs:
        first = one.word(CONTRADICTS, key=KEY)
        second = one.word(CONTRADICTS, key=KEY)
    assert first == second == channel("discord").word(CONTRADICTS, key=KEY)
    assert len(logs) == 1  # told once, not with every alert
    assert problem in logs[0]["problem"]
    assert logs[0]["template"].endswith("discord.txt")


def test_an_edit_counts_from_the_next_alert_on(folder: Path) -> None:
    one = opened("discord", folder)
    built_in = one.word(CONTRADICTS, key=KEY)
    (folder / "discord.txt").write_text("{{ relation }} {{ title }} first")
    assert b"first" in one.word(CONTRADICTS, key=KEY)
    (folder / "discord.txt").write_text("{{ relation }} {{ title }} second")
    assert b"second" in one.word(CONTRADICTS, key=KEY)
    (folder / "discord.txt").unlink()
    assert one.word(CONTRADICTS, key=KEY) == built_in


@pytest.mark.parametrize("kind", ["email", "discord"])
def test_the_shipped_examples_word_every_alert(kind: str) -> None:
    for alert in ALERTS.values():
        with capture_logs() as logs:
            message = opened(kind, EXAMPLES).word(alert, key=KEY)
        assert logs == []
        assert message != channel(kind).word(alert, key=KEY)


def test_a_summary_too_long_for_a_template_is_sent_in_the_built_in_words(folder: Path) -> None:
    (folder / "discord.txt").write_text("{{ relation }}{% for line in lines %} {{ line.title }}{% endfor %}")
    many = replace(SUMMARY, entries=SUMMARY.entries * 20)
    with capture_logs():
        assert opened("discord", folder).word(many, key=KEY) == channel("discord").word(many, key=KEY)


BROKEN = "{{ relation }}\n{{ title }\n"
RUNS_NOT = "{{ relation }} {{ title }}\n\n{{ titel }}\n"


@pytest.mark.parametrize(("text", "line"), [(BROKEN, 2), (RUNS_NOT, 3)])
@pytest.mark.parametrize("kind", ["email", "discord", "slack", "ntfy", "terminal"])
def test_a_broken_file_is_named_with_its_line_and_the_built_in_words_go_out(
    kind: str, text: str, line: int, folder: Path
) -> None:
    desk = opened(kind, folder)
    before = desk.word(CONTRADICTS, key=KEY)
    assert isinstance(desk, TemplatedChannel)
    assert desk.template_problem == ""
    (folder / f"{kind}.txt").write_text(text)
    with capture_logs():
        assert desk.word(CONTRADICTS, key=KEY) == before
    assert desk.template_problem.startswith(f"{kind}.txt: line {line}: ")
    (folder / f"{kind}.txt").write_text("{{ relation }} {{ title }}")
    desk.word(CONTRADICTS, key=KEY)
    assert desk.template_problem == ""


def test_every_service_is_worded_by_a_file_of_its_name(folder: Path) -> None:
    for kind in WRITTEN:
        if kind in ("webhook", "jsonl", "atom", "matrix"):  # programs read these; Matrix has two bodies
            continue
        name = "slack-bot" if kind == "slack-bot" else kind.removesuffix("-bot")
        (folder / f"{name}.txt").write_text("{{ relation }} {{ title }} MINE")
        assert name in NAMES
        own = open_channel(
            "desk",
            kind.removesuffix("-bot"),
            SETTINGS[kind.removesuffix("-bot")].model_validate(WRITTEN[kind]),
            replace(context(), templates=folder),
        )
        assert b"MINE" in own.word(CONTRADICTS, key=KEY)
