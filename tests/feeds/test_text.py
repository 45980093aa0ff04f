from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claimwatch.feeds.dates import from_text
from claimwatch.feeds.languages import language_code
from claimwatch.feeds.links import safe_link
from claimwatch.feeds.plain import plain_text, plain_title, title_from
from tests.feeds.documents import entry, only, rss


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Up to <b>5,000</b> troops", "Up to 5,000 troops"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; after", "after"),
        ("5 < 7 and 9 > 3, I <3 it", "5 < 7 and 9 > 3, I <3 it"),
        ("AT&amp;T &quot;quoted&quot;", 'AT&T "quoted"'),
        ('<img alt="a > b" src=x>kept', "kept"),
        ("<<b>script>x", "x"),
        ("one<br>two", "one two"),
        ("a\u202egnp.exe\u202c b\u200bc\ufeff", "agnp.exe bc"),
        ("line\r\nbreak\u2028too", "line break too"),
        ("\x1b[31mred\x07", "[31mred"),
        ("\ud83d\ude00 and \ud83d alone", "😀 and \ufffd alone"),
        ("e" + "\u0301" * 400, "e" + "\u0301" * 4),
    ],
)
def test_a_title_is_one_clean_line(markup: str, text: str) -> None:
    assert plain_title(markup) == text


def test_words_in_angle_brackets_that_are_no_html_stay_in_a_title() -> None:
    assert "CW-1" in plain_title("<CW-1> report")
    assert plain_title("Vote <yes@no.example> today").startswith("Vote < yes@no.example")


def test_no_field_is_ever_live_markup() -> None:
    for hostile in (
        "<scr<script>ipt>x",
        "<img alt='<' onerror=x>",
        "&amp;lt;svg onload=x&amp;gt;",
        "<!--><img src=x>",
    ):
        item = only(rss(entry(f"<![CDATA[{hostile}]]>", "1", f"<![CDATA[{hostile}]]>")))
        for text in (item.title, item.summary):
            assert "<script" not in text
            assert "<img" not in text
            assert "<svg" not in text


def test_paragraphs_are_lines_and_what_no_reader_sees_is_gone() -> None:
    markup = (
        "<p>One.</p>\n<p>Two <a href='x'>linked</a>.</p><style>p{}</style><script>var a = '<p>';</script>End"
    )
    assert plain_text(markup) == "One.\nTwo linked .\nEnd".replace(" .", ".")


def test_long_texts_are_cut_with_an_ellipsis() -> None:
    assert len(plain_title("x" * 100_000)) == 1000
    assert plain_text("y" * 500_000).endswith("…")
    assert title_from("word " * 100).endswith("word…")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Wed, 01 Jul 2026 24:00:00 GMT", datetime(2026, 7, 2, tzinfo=UTC)),
        ("2026-07-01T08:59:60Z", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ("2026-07-01T10:00:00.123456789+02:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("1 juillet 2026 10:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("Mi, 1. Juli 2026 10:00:00 +0200", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("1 июля 2026", datetime(2026, 7, 1, tzinfo=UTC)),
        ("01/07/2026 10:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("1782900000000", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-07-01T10:00:00-99:99", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T23:59:59Z", None),
        ("31 Feb 2026 10:00", None),
        ("not a date", None),
        ("", None),
    ],
)
def test_dates_are_utc_or_none(written: str, meant: datetime | None) -> None:
    assert from_text(written) == meant


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-gb", "en"), ("pt_BR", "pt"), ("ua", "uk"), ("zh-Hans-CN", "zh"), ("English", "en"), ("rus", "ru"),
     ("en-US, fr", "en"), ("", None), ("und", None), ("x" * 100, None), ("12", None)],
)  # fmt: skip
def test_language_tags_become_codes(tag: str, code: str | None) -> None:
    assert language_code(tag if "," not in tag else tag.split(",")[0]) == code


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("http://a.example/x?y=1#z", "http://a.example/x?y=1#z"),
        (" https://a.example/a b\"c'<d>", "https://a.example/a%20b%22c'%3Cd%3E"),
        ("/x", "http://base.example/x"),
        ("//c.example/x", "http://c.example/x"),
        (
            "https://пример.example/путь",
            "https://xn--e1afmkfd.example/%D0%BF%D1%83%D1%82%D1%8C",
        ),
        ("http://a.example\\@b.example/", None),
        ("http://a.example:99999999/", None),
        ("http://[::1", None),
        ("ftp://a.example/", None),
        ("http://" + "a" * 5000, None),
    ],
)
def test_links_are_http_without_tricks(link: str, safe: str | None) -> None:
    assert safe_link(link, "http://base.example/feed") == safe
