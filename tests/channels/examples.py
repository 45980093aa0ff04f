"""Alerts by invented outlets, one a relation, and titles that mean harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from claimwatch.channels.context import ChannelContext, MailServer
from claimwatch.core.digest import ClaimNews, Held, Period, digest
from claimwatch.core.model import (
    Alert,
    Band,
    Change,
    Claim,
    Correction,
    Entry,
    Found,
    Match,
    Record,
    Relation,
    Report,
    Route,
    Standing,
)
from claimwatch.core.resending import resent
from claimwatch.core.settling import Settlement, settled_alert
from claimwatch.core.trouble import refused

NOW = datetime(2025, 7, 14, 6, 18, 4, tzinfo=UTC)
KEY = "xunaix5yuom47fltgdpw.17"

TROOPS = Claim(
    id="nk-troops-30k",
    topic="nk-troops-russia",
    text="Up to 30,000 more North Korean soldiers may be sent to Russia in the coming months.",
    short="NK troops: up to 30,000 more to Russia",
    language="en",
    said_by=("Ukrainian intelligence", "Western security source"),
    reported=date(2025, 7, 2),
)
LOSSES = Claim(
    id="nk-casualties-kursk",
    topic="nk-troops-russia",
    text="About 4,000 North Korean soldiers were killed or wounded in the Kursk region.",
    short="NK casualties in Kursk: about 4,000",
    said_by=("Western officials",),
    reported=date(2025, 7, 2),
)
PANTSIR = Claim(
    id="pantsir-pyongyang",
    topic="nk-russia-arms",
    text="North Korea already uses Russian-supplied Pantsir-S1 systems to protect Pyongyang.",
    short="Pantsir-S1 already protects Pyongyang",
    said_by=("Ukrainian military intelligence",),
    reported=date(2025, 7, 1),
)


def _match(topic: str, score: float, band: Band, *names: tuple[str, str]) -> Match:
    return Match(topic, score, band, tuple(Found(line, n, n, "title", "exact") for line, n in names))


CONTRADICTS = Alert(
    fingerprint="xunaix5yuom47fltgdpw",
    code="K7Q2MD",
    relation=Relation.CONTRADICTS,
    reason="status-changed",
    topic="nk-troops-russia",
    topic_title="North Korean troops in Russia",
    report=Report(
        title='GUR says it has "no information" on a plan for 30,000 North Korean troops',
        outlet="Example Times",
        url="https://times.example.com/2025/07/14/north-korea-russia",
        reliability="B",
        language="en",
        published_at=NOW - timedelta(minutes=8, seconds=4),
        seen_at=NOW - timedelta(minutes=4),
    ),
    created_at=NOW,
    form="disclaims",
    claim=TROOPS,
    change=Change("up to 30,000 soldiers", "GUR knows of no such plan; 1,500-3,000 at a time, 2-3 times"),
    notes=(
        "The claim rests on Ukrainian intelligence. GUR is part of it: the claim's own source now disowns "
        "the figure.",
    ),
    evidence="The agency has no information regarding plans to increase the contingent to 30,000 military "
    "personnel in the coming months.",
    evidence_language="en",
    marks=("has no information regarding plans to increase the contingent",),
    speaker="GUR",
    confidence=0.94,
    why=('stance "knows of no such": cue "has no information", rule S-12',),
    judge="lexical-1",
    match=_match(
        "nk-troops-russia",
        0.94,
        Band.STRONG,
        ("who", "North Korean"),
        ("where", "Russia"),
        ("what", "troops"),
    ),
    standing=Standing(2, 1, 1, 43, "disputed"),
    status_was="unverified",
    record=Record(37, 40),
)

UPDATES = replace(
    CONTRADICTS,
    fingerprint="p3trsm2c5v6c5oxpfsvx",
    code="3TWX8R",
    relation=Relation.UPDATES,
    reason="figure-changed",
    form="raises",
    claim=LOSSES,
    report=Report(
        title="Londres évalue à plus de 6 000 les pertes nord-coréennes à Koursk",
        outlet="Exemple Matin",
        url="https://matin.example.fr/monde/pertes-koursk",
        reliability="C",
        language="fr",
        published_at=datetime(2025, 7, 9, 15, 40, tzinfo=UTC),
        seen_at=datetime(2025, 7, 9, 15, 52, tzinfo=UTC),
    ),
    created_at=datetime(2025, 7, 9, 15, 55, tzinfo=UTC),
    change=Change("about 4,000", "more than 6,000 killed or wounded", 50.0),
    notes=("Same measure (killed and wounded). It may be another estimate, not a later count.",),
    evidence="Les forces nord-coréennes ont très probablement subi plus de 6 000 pertes, selon le "
    "renseignement britannique.",
    evidence_language="fr",
    marks=("très probablement", "plus de 6 000 pertes"),
    hedge="très probablement",
    speaker="UK Ministry of Defence",
    why=('quantity: "plus de 6 000" read as > 6,000, unit casualties',),
    match=_match(
        "nk-troops-russia",
        0.91,
        Band.STRONG,
        ("who", "nord-coréennes"),
        ("where", "Koursk"),
        ("what", "pertes"),
    ),
    standing=Standing(1, 0, 1, 2, "unverified"),
)

CORROBORATES = replace(
    CONTRADICTS,
    fingerprint="q27dcm3yrkl5i2mfldtq",
    code="9HDM4C",
    relation=Relation.CORROBORATES,
    reason="new-origin",
    topic="nk-russia-arms",
    topic_title="Arms and technology between North Korea and Russia",
    form="independent",
    claim=PANTSIR,
    report=Report(
        title="Imagery group sees a Pantsir-S1 in Pyongyang",
        outlet="Приклад Новини",
        url="https://news.example.ua/pantsir",
        reliability="C",
        near="Ukraine",
        language="uk",
        published_at=datetime(2025, 7, 25, 9, 2, tzinfo=UTC),
        seen_at=datetime(2025, 7, 25, 9, 6, tzinfo=UTC),
    ),
    created_at=datetime(2025, 7, 25, 9, 9, tzinfo=UTC),
    change=None,
    notes=("Covers Pantsir-S1 in Pyongyang; not: supplied by Russia.",),
    evidence="Машина, схожа на «Панцир-С1», стоїть біля річки в Пхеньяні на знімку від 22 липня.",
    evidence_language="uk",
    marks=("схожа на «Панцир-С1»",),
    speaker=None,
    standing=Standing(2, 0, 2, 68, "corroborated"),
)

NEW = Alert(
    fingerprint="zx6oy2v7a4n5e6xkxk3q",
    code="T7M2KA",
    relation=Relation.NEW,
    reason="first",
    topic="nk-troops-russia",
    topic_title="North Korean troops in Russia",
    report=Report(
        title="북한, 쿠르스크 지역에 공병 1천 명과 군사 건설 인력 5천 명을 "
        "보내기로 했다고 러시아 안보회의 서기가 밝혔다",
        outlet="예시일보",
        url="https://daily.example.kr/2025/06/17/kursk",
        reliability="D",
        language="ko",
        seen_at=datetime(2025, 6, 17, 14, 27, tzinfo=UTC),
    ),
    created_at=datetime(2025, 6, 17, 14, 28, tzinfo=UTC),
    nearest="NK troops: up to 30,000 more to Russia (0.41, soldiers not builders)",
    match=_match(
        "nk-troops-russia", 0.83, Band.GOOD, ("who", "북한"), ("where", "쿠르스크"), ("what", "공병")
    ),
    tlp="AMBER",
)

SUMMARY = replace(
    CONTRADICTS,
    fingerprint="sum7dcm3yrkl5i2mfldt",
    code="8QFP2N",
    reason="first-poll",
    entries=(
        Entry(Relation.NEW, NEW.report),
        Entry(
            Relation.CONTRADICTS,
            CONTRADICTS.report,
            claim=TROOPS.short,
            change=CONTRADICTS.change,
            evidence=CONTRADICTS.evidence,
        ),
        Entry(Relation.UPDATES, UPDATES.report, claim=LOSSES.short, change=UPDATES.change),
    ),
)

CORRECTION = Alert(
    fingerprint="corrm3yrkl5i2mfldt27",
    code="9HDM4C-c1",
    relation=Relation.CORRECTION,
    reason="correction",
    topic=CORROBORATES.topic,
    topic_title=CORROBORATES.topic_title,
    report=CORROBORATES.report,
    created_at=datetime(2025, 7, 26, 7, 31, tzinfo=UTC),
    claim=PANTSIR,
    standing=Standing(1, 0, 1, 63, "unverified"),
    status_was="corroborated",
    correction=Correction(
        of="9HDM4C",
        alert=CORROBORATES.fingerprint,
        relation=Relation.CORROBORATES,
        said_at=CORROBORATES.created_at,
        what="the origin is not independent",
        fact="The imagery group relied on the GUR interview; the wire corrected its story.",
        by="a.lemoine",
        standing=CORROBORATES.standing,
    ),
    answers=(("desk", "q27dcm3yrkl5i2mfldtq.5"),),
)

ALERTS = {
    "contradicts": CONTRADICTS,
    "updates": UPDATES,
    "corroborates": CORROBORATES,
    "new": NEW,
    "summary": SUMMARY,
    "correction": CORRECTION,
}

assert CORRECTION.correction is not None
OTHERS = {
    "withdrawn": replace(
        CORRECTION,
        fingerprint="withm3yrkl5i2mfldt27",
        relation=Relation.WITHDRAWN,
        reason="withdrawn",
        correction=replace(
            CORRECTION.correction,
            what="Example Times withdrew its report",
            fact='"WITHDRAWN: Pantsir-S1 seen in Pyongyang"',
            by=None,
        ),
    ),
    "settled": settled_alert(
        PANTSIR,
        Settlement(PANTSIR.id, "settled-true", "a.lemoine", NOW, note="two images, one site"),
        now=Standing(2, 0, 2, 68, "settled-true"),
        was="corroborated",
    ),
    "reminder": replace(
        CONTRADICTS,
        fingerprint="remim3yrkl5i2mfldt27",
        code=f"{CONTRADICTS.code}-r1",
        reason="reminder",
        notes=("Reminder: nobody has acknowledged this alert yet.",),
        answers=(("desk", "fp.9"),),
    ),
    "resent": resent(CONTRADICTS),
    "carried": replace(
        CONTRADICTS,
        carriers=(
            replace(CONTRADICTS.report, outlet="Lake Post", reliability="C", item=91),
            replace(CONTRADICTS.report, outlet="Hill Daily", reliability="D", item=92),
        ),
    ),
    "digest": digest(
        Route("daily", ("desk",), relations=tuple(Relation), digest="07:00"),
        Period(
            since=NOW - timedelta(days=1),
            until=NOW,
            claims=(
                ClaimNews(TROOPS.id, TROOPS.topic, TROOPS.short, "disputed", True, 1, 1, 0, 3),
                ClaimNews(LOSSES.id, LOSSES.topic, LOSSES.short, "unverified", False, 0, 0, 1, 0),
            ),
            alerts=(CONTRADICTS, NEW),
            held=(Held("8QFP2N", "desk-mail", "limit"),),
            failed=(Held("5KJV7A", "desk-chat", "404 no_service"),),
            sent=5,
            feeds=3,
            items=140,
            on_topic=19,
            possible=4,
            failing=("Hill Daily: timed out",),
        ),
        ZoneInfo("Europe/Paris"),
    ),
    "notice": refused("desk-chat", "K7Q2MD", "desk-chat (slack) answered 404 no_service", NOW),
}
RELATIONS = {**ALERTS, **OTHERS}

HOSTILE_TITLES = (
    "CWID-a-1\r\nBcc: thief@evil.example\r\n\r\nbody of another mail",
    "CWID-a-2 =?UTF-8?Q?=0ABcc:_thief@evil.example?=",
    "CWID-a-3 @everyone @here @channel @all @room <!channel> <@123456> <@U012345> @someone",
    "CWID-a-4 \u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u200d\ufeff zero \U000e0041 tags",
    "CWID-a-5 [bank](http://evil.example) <a href='javascript:alert(1)'>x</a> ](http://e) `code` **b** __u__",
    "CWID-a-6 nul \x00 bell \x07 escape \x1b[31mred\x1b[0m backspace \x08 C1 \x9b31m",
    "CWID-a-7 " + "word " * 50_000,
    "CWID-a-8 " + "x" * 100_000,
    "CWID-a-9 lone \ud83d surrogate \udc00 and \ufffe \uffff",
    "CWID-a-10 z" + "\u0300\u0301\u0302\u0303" * 100 + "algo",
    "CWID-a-11 {{7*7}} %s {0.__class__} $(id) ${x} <%= 1 %>",
    "CWID-a-12 שלום עולם \u202e חדשות مرحبا بالعالم",
    "# CWID-a-13 heading",
    "1. CWID-a-14 list",
    "> CWID-a-15 quote",
    ".",
    "-- \r\n.\r\nMAIL FROM:<x>",
    "북한군 " * 40,
    "",
    "\u200b\u2800\u3164",
)


def titled(title: str, alert: Alert = CONTRADICTS) -> Alert:
    """Return the alert with another title, and in a summary with it on every line."""
    entries = tuple(replace(e, report=replace(e.report, title=title)) for e in alert.entries)
    return replace(alert, report=replace(alert.report, title=title), entries=entries)


def context(var: Path = Path("var"), **mail: object) -> ChannelContext:
    """Return what channels get, with a clock that stands still."""
    server = MailServer(**{"host": "127.0.0.1", "sender": "alerts@cw.example.org", **mail})  # type: ignore[arg-type]
    return ChannelContext(now=lambda: NOW, zone="Europe/Paris", var=var, stream=StringIO(), mail=server)
