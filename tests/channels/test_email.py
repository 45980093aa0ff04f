import email
import email.policy
import re
import shutil
import ssl
import subprocess
import unicodedata
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from claimwatch.channels.email import EmailSettings
from claimwatch.channels.mime import identifier
from claimwatch.channels.registry import expand, open_channel
from claimwatch.core.columns import width
from claimwatch.core.model import Alert, Thread
from claimwatch.core.safety import clean
from claimwatch.errors import DeliveryError
from claimwatch.protocols import Channel
from tests.channels.examples import (
    ALERTS,
    CONTRADICTS,
    HOSTILE_TITLES,
    KEY,
    NEW,
    SUMMARY,
    context,
    titled,
)
from tests.channels.servers import MailSink, mail_sink

ONCE = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}


def channel(port: int = 25, to: str = "desk@example.org", **mail: object) -> Channel:
    return open_channel("desk", "email", EmailSettings(to=(to,)), context(port=port, **mail))


def parsed(message: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(message, policy=email.policy.default))


def worded(alert: Alert, key: str = KEY) -> EmailMessage:
    return parsed(channel().word(alert, key=key))


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


# ------------------------------------------------------------------ what it says


@pytest.mark.parametrize("alert", ALERTS.values(), ids=list(ALERTS))
def test_no_line_of_the_text_is_wider_than_72_columns(alert: Alert) -> None:
    assert all(width(line) <= 72 for line in part(worded(alert), "plain").splitlines())


def test_a_long_link_stands_alone_and_whole() -> None:
    url = "https://news.example.com/" + "x" * 200
    alert = replace(CONTRADICTS, report=replace(CONTRADICTS.report, url=url))
    assert url in part(worded(alert), "plain").splitlines()


def test_the_fields_stand_in_their_order() -> None:
    text = part(worded(CONTRADICTS), "plain")
    labels = [
        "CONTRADICTS:",
        "CLAIM",
        "CHANGED",
        "NOTE",
        "EVIDENCE",
        "SOURCE",
        "STANDING",
        "TIMES",
        "WHY",
        "ACT",
    ]
    places = [text.index(f"{label} ") for label in [*labels, "Article"]]
    assert places == sorted(places)
    assert places[0] == 0


def test_both_parts_show_the_words_that_decided() -> None:
    mail = worded(CONTRADICTS)
    assert ">>has no information" in part(mail, "plain")
    assert "<mark>has no information regarding plans to increase the contingent</mark>" in part(mail, "html")


def test_the_from_name_is_the_relation_and_the_subject_is_the_claim_s_for_life() -> None:
    mail = worded(CONTRADICTS)
    assert mail["From"] == "CONTRADICTS claimwatch <alerts@cw.example.org>"
    assert mail["Subject"] == "NK troops: up to 30,000 more to Russia"
    assert mail["References"] == mail["In-Reply-To"] == "<claim.nk-troops-30k.1@cw.example.org>"


def test_two_alerts_of_one_claim_are_one_thread_and_two_messages() -> None:
    first, second = worded(CONTRADICTS, "k1"), worded(CONTRADICTS, "k2")
    assert first["Subject"] == second["Subject"]
    assert first["References"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]


def test_a_mail_answers_the_one_before_it_and_the_root_that_was_never_sent() -> None:
    thread = Thread(count=3, last_key="fp.16")
    mail = parsed(channel().word(CONTRADICTS, key=KEY, thread=thread))
    assert mail["In-Reply-To"] == "<fp.16@cw.example.org>"
    assert mail["References"] == "<claim.nk-troops-30k.1@cw.example.org> <fp.16@cw.example.org>"
    assert mail["Subject"] == worded(CONTRADICTS)["Subject"]


@pytest.mark.parametrize(("count", "root"), [(0, 1), (89, 1), (90, 2), (91, 2), (180, 3)])
def test_a_thread_has_a_new_root_after_90_mails(count: int, root: int) -> None:
    mail = parsed(channel().word(CONTRADICTS, key=KEY, thread=Thread(count, "fp.16" if count else None)))
    references = str(mail["References"]).split()
    assert references[0] == f"<claim.nk-troops-30k.{root}@cw.example.org>"
    assert len(references) == (1 if count % 90 == 0 else 2)  # a new root does not lead into the old thread


def test_readers_can_stop_the_mails_where_the_config_says_how() -> None:
    assert worded(CONTRADICTS)["List-Unsubscribe"] is None
    stop = ("https://cw.example.org/u/{id}", "mailto:stop+{id}@cw.example.org")
    raw = channel(unsubscribe=stop).word(CONTRADICTS, key=KEY)
    mail = parsed(raw)
    web, by_mail = re.findall(r"<(.*?)>", mail["List-Unsubscribe"])
    mark = web.removeprefix("https://cw.example.org/u/")
    assert re.fullmatch("[0-9a-f]{8}", mark)
    assert by_mail == f"mailto:stop+{mark}@cw.example.org"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Stop: {web}" in part(mail, "plain").splitlines()
    assert f'<a href="{web}">Stop</a>' in part(mail, "html")
    assert b"=?" not in raw.split(b"\r\n\r\n")[0]
    other = parsed(channel(to="night@example.org", unsubscribe=stop).word(CONTRADICTS, key=KEY))
    assert mark not in other["List-Unsubscribe"]


def test_one_click_is_not_promised_by_mail_alone() -> None:
    mail = parsed(channel(unsubscribe=("mailto:stop@cw.example.org",)).word(CONTRADICTS, key=KEY))
    assert mail["List-Unsubscribe"] == "<mailto:stop@cw.example.org>"
    assert mail["List-Unsubscribe-Post"] is None


def test_a_desk_may_have_the_verb_first_and_a_reply_reaches_a_person() -> None:
    mail = parsed(channel(subject="verb-first", reply_to="lead@example.org").word(CONTRADICTS, key=KEY))
    assert mail["Subject"] == "CONTRADICTS: NK troops: up to 30,000 more to Russia"
    assert mail["Reply-To"] == "lead@example.org"


def test_a_report_without_a_claim_has_its_title_as_subject_and_starts_no_thread() -> None:
    mail = worded(NEW)
    assert str(mail["Subject"]).startswith("[TLP:AMBER] 북한, 쿠르스크")
    assert mail["References"] is None


def test_headers_tell_filters_what_it_is() -> None:
    mail = worded(CONTRADICTS)
    assert mail["List-Id"] == "North Korean troops in Russia <nk-troops-russia.topics.cw.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Claimwatch-Alert"] == CONTRADICTS.fingerprint
    assert mail["X-Claimwatch-Claim"] == "nk-troops-30k"
    assert mail["X-Claimwatch-Relation"] == "CONTRADICTS"
    assert mail["X-Claimwatch-Reason"] == "status-changed"
    assert mail["Date"] == "Mon, 14 Jul 2025 06:18:04 +0000"


def test_a_summary_lists_every_report_in_both_parts() -> None:
    entry = SUMMARY.entries[0]
    many = [replace(entry, report=replace(entry.report, title=f"CWID-s-{n} report {n}")) for n in range(300)]
    mail = worded(replace(SUMMARY, entries=tuple(many)))
    text = part(mail, "plain")
    assert all(f"CWID-s-{n} report {n}" in text for n in range(300))


def test_the_html_part_is_small_and_asks_nothing_of_the_network() -> None:
    for alert in ALERTS.values():
        html = part(worded(alert), "html")
        assert len(html.encode()) <= 20_000
        for remote in ("src=", "url(", "<img", "<link", "<script", "@import", "<form", "<iframe"):
            assert remote not in html


class Balanced(HTMLParser):
    """Fails on a tag that is closed wrongly, and on an attribute or link that could act."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert name in {"lang", "charset", "name", "content", "style", "role", "dir", "href"}
            assert name != "href" or (value or "").startswith("https://")
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
def test_the_html_part_is_well_formed_and_nothing_in_it_acts(title: str) -> None:
    for alert in ALERTS.values():
        reader = Balanced()
        reader.feed(part(worded(titled(title, alert)), "html"))
        reader.close()
        assert reader.open == []


# ------------------------------------------------------------------ hostile text


def check_clean(alert: Alert) -> EmailMessage:
    raw = channel().word(alert, key=KEY)
    assert raw == channel().word(alert, key=KEY)
    assert raw.isascii()
    assert b"\0" not in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    head = raw.split(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 90
    mail = parsed(raw)
    names = [name.lower() for name in mail]
    assert all(names.count(name.lower()) == 1 for name in ONCE)
    assert not {"bcc", "cc", "sender", "x-evil"} & set(names)
    assert not mail.defects
    for value in mail.values():
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in str(value))
    text = part(mail, "plain")
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in text)
    assert text.startswith(alert.relation.value) or alert.entries
    return mail


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=range(len(HOSTILE_TITLES)))
@pytest.mark.parametrize("alert", [CONTRADICTS, NEW, SUMMARY], ids=["claim", "new", "summary"])
def test_hostile_titles_stay_text(title: str, alert: Alert) -> None:
    check_clean(titled(title, alert))


@given(st.text(alphabet=st.characters(), max_size=300))
@settings(max_examples=60, deadline=None)
@example("=?UTF-8?Q?=0ABcc:_x?=")
def test_any_title_gives_a_clean_mail(title: str) -> None:
    check_clean(titled(title))
    check_clean(titled(title, NEW))


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=120))
@settings(max_examples=60, deadline=None)
def test_the_first_40_characters_of_any_title_stand_in_the_text(title: str) -> None:
    text = part(worded(titled(title)), "plain")
    assert clean(title)[:40].replace(" ", "") in "".join(text.split())


def test_an_ordinary_title_s_beginning_stands_on_one_line() -> None:
    title = "CWID-l12-3455 " + "Ammunitionswarehouseinspectorates and then some more"
    assert title[:40] in part(worded(titled(title)), "plain")


def test_text_that_looks_like_a_part_s_border_ends_nothing() -> None:
    raw = channel().word(CONTRADICTS, key=KEY)
    border = raw.split(b'boundary="')[1].split(b'"')[0].decode()
    mail = worded(titled(f"--{border}-- {border}"))
    assert border in part(mail, "plain").replace("\n", " ")
    assert len(list(mail.iter_parts())) == 2


def test_ids_are_short_and_of_safe_characters() -> None:
    assert identifier("abc-DEF_1.2") == "abc-DEF_1.2"
    for bad in ("", "a b", "a>b", "a..b", ".a", "x" * 41, "ü", "a\r\nb"):
        assert len(identifier(bad)) == 24
    assert identifier("a b") != identifier("a  b")


def test_a_very_long_domain_does_not_make_a_long_id() -> None:
    alert_channel = channel(domain="mail." + "x" * 80 + ".example.org")
    mail = parsed(alert_channel.word(CONTRADICTS, key="k" * 40))
    assert len(mail["Message-ID"]) < 78
    assert len(mail["References"]) < 78


# ------------------------------------------------------------------ handing over


@pytest.fixture
async def sink():
    async with mail_sink() as server:
        yield server


async def test_what_arrives_is_what_was_worded(sink: MailSink) -> None:
    desk = channel(sink.port)
    message = desk.word(CONTRADICTS, key=KEY)
    receipt = await desk.send(message, key=KEY)
    await desk.close()
    assert sink.taken == [("desk@example.org", message)]
    assert receipt.answer == "250 2.0.0 Ok"


async def test_one_refused_address_of_three_neither_loses_nor_repeats_the_others(sink: MailSink) -> None:
    sink.refuse["b@example.org"] = "550 5.1.1 no such user"
    to = ("a@example.org", "b@example.org", "c@example.org")
    results = {}
    for name, own in expand("desk", "email", EmailSettings(to=to)).items():
        one = open_channel(name, "email", own, context(port=sink.port))
        try:
            results[name] = (await one.send(one.word(CONTRADICTS, key=name), key=name)).answer
        except DeliveryError as error:
            results[name] = f"permanent={error.permanent} {error}"
        await one.close()
    assert [to for to, _ in sink.taken] == ["a@example.org", "c@example.org"]
    assert results["desk/a@example.org"] == "250 2.0.0 Ok"
    assert "permanent=True" in results["desk/b@example.org"]
    assert "550 5.1.1 no such user" in results["desk/b@example.org"]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("451 4.3.0 try again", False),
        ("452 4.2.2 full", False),
        ("554 5.6.0 rejected", True),
        ("drop", False),
    ],
)
async def test_an_answer_after_the_text_says_whether_to_try_again(
    sink: MailSink, answer: str, *, permanent: bool
) -> None:
    sink.answers = [answer]
    desk = channel(sink.port)
    message = desk.word(CONTRADICTS, key=KEY)
    with pytest.raises(DeliveryError) as caught:
        await desk.send(message, key=KEY)
    assert caught.value.permanent is permanent
    await desk.send(message, key=KEY)
    await desk.close()
    assert {copy for _, copy in sink.taken} == {message}  # any copy is the same, with the same Message-ID


async def test_greylisting_is_waited_out(sink: MailSink) -> None:
    sink.refuse["desk@example.org"] = "451 4.7.1 come back later"
    desk = channel(sink.port)
    with pytest.raises(DeliveryError, match="come back later") as caught:
        await desk.send(desk.word(NEW, key=KEY), key=KEY)
    assert not caught.value.permanent
    await desk.close()


async def test_a_relay_that_never_answers_is_left_after_a_while(sink: MailSink) -> None:
    sink.answers = ["hang"]
    desk = channel(sink.port, timeout=timedelta(seconds=0.1))
    with pytest.raises(DeliveryError, match="handing over the text") as caught:
        await desk.send(desk.word(NEW, key=KEY), key=KEY)
    assert not caught.value.permanent
    await desk.close()


async def test_a_relay_that_is_down_is_tried_again_later() -> None:
    async with mail_sink() as gone:
        port = gone.port
    desk = channel(port)
    with pytest.raises(DeliveryError, match=f"127.0.0.1:{port}, connecting") as caught:
        await desk.send(b"", key=KEY)
    assert not caught.value.permanent


async def test_many_messages_take_one_connection(sink: MailSink) -> None:
    desk = channel(sink.port)
    for number in range(30):
        await desk.send(desk.word(NEW, key=f"k{number}"), key=f"k{number}")
    await desk.close()
    assert sink.connections == 1
    assert len(sink.taken) == 30


async def test_a_kept_connection_that_has_gone_is_opened_again(sink: MailSink) -> None:
    desk = channel(sink.port)
    await desk.send(desk.word(NEW, key="k1"), key="k1")
    for one in sink.open:
        one.transport.abort()
    await desk.send(desk.word(NEW, key="k2"), key="k2")
    await desk.close()
    assert (sink.connections, len(sink.taken)) == (2, 2)


async def test_a_wrong_password_is_not_the_message_s_fault_and_is_not_told() -> None:
    async with mail_sink(login=("desk", "right")) as sink:
        secret = SecretStr("wr0ng-pa55")
        desk = channel(sink.port, user="desk", password=secret)
        with pytest.raises(DeliveryError) as caught:
            await desk.send(desk.word(NEW, key=KEY), key=KEY)
        assert not caught.value.permanent
        assert "wr0ng-pa55" not in str(caught.value)
        await desk.close()
        desk = channel(sink.port, user="desk", password=SecretStr("right"))
        await desk.send(desk.word(NEW, key=KEY), key=KEY)
        await desk.close()
        assert len(sink.taken) == 1


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate nobody vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: no certificate for the test server")
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    command = f"{openssl} req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(
        [*command.split(), "-keyout", str(pem), "-out", f"{pem}.crt"], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{pem}.crt", pem)
    return context


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_mail_goes_over_tls_and_not_to_a_server_nobody_vouches_for(
    how: str, certificate: ssl.SSLContext
) -> None:
    async with mail_sink(tls=certificate, at_once=how == "tls") as sink:
        careful = channel(sink.port, tls=how)
        with pytest.raises(DeliveryError, match="certificate") as caught:
            await careful.send(careful.word(NEW, key=KEY), key=KEY)
        assert not caught.value.permanent
        await careful.close()
        desk = channel(sink.port, tls=how, verify=False)
        await desk.send(desk.word(NEW, key=KEY), key=KEY)
        await desk.close()
        assert len(sink.taken) == 1


async def test_a_relay_without_tls_gets_no_mail_when_tls_is_asked_for(sink: MailSink) -> None:
    desk = channel(sink.port, tls="starttls")
    with pytest.raises(DeliveryError) as caught:
        await desk.send(desk.word(NEW, key=KEY), key=KEY)
    assert not caught.value.permanent
    await desk.close()
    assert sink.taken == []


@pytest.mark.parametrize(
    "address",
    ["", "desk", "a b@example.org", "<a@example.org>", "a@b@c", "a@example.org\r\nBcc: x@y", "ä@example.org"],
)
def test_an_address_that_is_none_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(ValidationError, match=r"desk@example\.org"):
        EmailSettings(to=(address,))
