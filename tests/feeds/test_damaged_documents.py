from __future__ import annotations

import gzip
import time

import pytest

from claimwatch.errors import ParseError
from claimwatch.feeds.trim import MAX_ENTRIES
from tests.feeds.documents import entry, only, read, rss, titles

TWO = entry("First report", "1") + entry("Second report", "2")


def test_whole_items_of_a_cut_document_are_kept_and_the_cut_one_waits() -> None:
    whole = rss(TWO + entry("Third report", "3", "text that goes on"))
    document = read(whole[: whole.index(b"that goes")])
    assert [item.title for item in document.items] == ["First report", "Second report"]
    assert document.damaged is not None
    assert "cut off" in document.damaged


@pytest.mark.parametrize(
    ("body", "damage"),
    [
        (b"\xef\xbb\xbf\n\n  " + rss(TWO), None),
        (b"<br /><b>Warning</b>: mysql in /x.php on line 3\n" + rss(TWO), "text before"),
        (rss(TWO.replace("Second", "Se\x01\x0bcond")), "control characters"),
        (rss(TWO.replace("Second", "Se\x00cond")), "control characters"),
        (rss(TWO).replace(b"</rss>", b"</rss>junk after"), "not well-formed"),
        (rss(TWO.replace("<title>", '<title a="1" a="2" nope:b="3">')), "not well-formed"),
        (
            rss(
                TWO.replace(
                    "<description></description></item>", "<description><b></description></b></item>", 1
                )
            ),
            "not well",
        ),
    ],
)
def test_usual_damage_costs_no_item(body: bytes, damage: str | None) -> None:
    document = read(body)
    assert [item.title.replace(" ", "") for item in document.items] == ["Firstreport", "Secondreport"]
    assert document.damaged is None if damage is None else damage in (document.damaged or "")


def test_an_ampersand_alone_and_html_entities_are_no_damage_worth_a_word() -> None:
    document = read(rss(entry("Smith & Sons &ndash; caf&eacute; &amp; bar", "1")))
    assert document.items[0].title == "Smith & Sons – café & bar"
    assert document.damaged is None


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("&#55357;&#56832;", "😀"),
        ("&#xD800;", "\ufffd"),
        ("&#x110000;", "\ufffd"),
        ("&#0;", ""),
        ("&#xFFFF;", "\ufffd"),
        ("&#8211;", "–"),
        ("&#99999999999;", "\ufffd"),
    ],
)
def test_a_bad_character_reference_costs_one_character_and_not_the_feed(reference: str, meant: str) -> None:
    assert titles(rss(entry(f"a{reference}b", "1"))) == [f"a{meant}b"]


def test_declared_entities_are_written_out_and_external_ones_are_not() -> None:
    head = (
        '<!DOCTYPE rss [<!ENTITY co "Norland Wire"><!ENTITY file SYSTEM "file:///etc/hostname">'
        '<!ENTITY deep "&co;&co;"><!ENTITY % p SYSTEM "http://evil.example/x.dtd"> %p;]>'
    )
    body = f"{head}<rss version='2.0'><channel>{entry('&co;: &file;&deep; done', '1')}</channel></rss>"
    for declaration in ("", "<?xml version='1.0'?>\n<!-- a comment with > in it -->"):
        document = read(declaration + body)
        assert [item.title for item in document.items] == ["Norland Wire: done"]
        assert document.damaged is None


def test_a_billion_laughs_and_a_long_entity_used_often_stay_small() -> None:
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    long = '<!ENTITY a "' + "A" * 1500 + '">'
    items = entry("x &e9; y", "1", "&a;" * 5000)
    item = only(f"<?xml version='1.0'?><!DOCTYPE rss [{laughs}{long}]><rss><channel>{items}</channel></rss>")
    assert item.title == "x y"
    assert len(item.summary) <= 100_000


def test_items_in_comments_and_cdata_are_no_items() -> None:
    hidden = entry("hidden", "9")
    body = rss(f"<!-- {hidden} -->" + entry("real", "1", f"<![CDATA[{hidden}]]>"))
    assert titles(body) == ["real"]


def test_the_newest_of_too_many_items_are_read_whichever_end_they_stand_at() -> None:
    def dated(number: int) -> str:
        when = f"<pubDate>2026-07-01T{number // 120:02}:{number // 2 % 60:02}:00Z</pubDate>"
        return entry(f"n{number}", str(number), more=when)

    rising = [dated(number) for number in range(MAX_ENTRIES + 200)]
    oldest_first, newest_first = read(rss("".join(rising))), read(rss("".join(reversed(rising))))
    assert len(oldest_first.items) == len(newest_first.items) == MAX_ENTRIES
    assert oldest_first.items[-1].title == newest_first.items[0].title == f"n{MAX_ENTRIES + 199}"
    assert "only the newest" in (newest_first.damaged or "")


@pytest.mark.parametrize(
    "deep", ["<a>" * 3000 + "</a>" * 3000, "<x " + " ".join(f"a{n}='1'" for n in range(2000)) + "/>"]
)
def test_shapes_no_feed_needs_are_refused_before_they_cost(deep: str) -> None:
    with pytest.raises(ParseError, match="no honest feed"):
        read(rss(f"<item>{deep}<title>t</title></item>"))


def test_an_entry_the_parser_stumbles_over_costs_only_itself() -> None:
    stumble = "<item><title>bad</title></media:player></item>"
    good = [entry(f"Report {number}", str(number)) for number in range(20)]
    media = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Herald</title>'
    document = read(media + "".join(good[:7]) + stumble + "".join(good[7:]) + "</channel></rss>")
    assert [item.title for item in document.items] == [f"Report {number}" for number in range(20)]
    assert document.title == "Herald"
    assert "1 entries cannot be read" in (document.damaged or "")
    assert document.marks == b""


def test_a_head_the_parser_stumbles_over_costs_no_entry() -> None:
    head = "<title>Herald</title><image></height><url>x</url></image>"
    document = read(rss(TWO, head))
    assert [item.title for item in document.items] == ["First report", "Second report"]
    assert "the head cannot be read" in (document.damaged or "")


def test_deeply_nested_json_is_an_error_and_no_crash() -> None:
    with pytest.raises(ParseError, match="deeply"):
        read('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000)


@pytest.mark.parametrize(
    "costly",
    [
        "<author>" + "a" * 100_000 + "</author>",
        "<description>" + "&lt;!--" * 30_000 + "</description>",
        "<description>" + "<![CDATA[" * 10_000 + "</description>",
        "<!--" * 30_000,
        "<description>" + '&lt;a "' * 30_000 + "</description>",
        "<description>" + "&lt;script&gt;" * 30_000 + "</description>",
        "<title>" + "&" * 100_000 + "</title>",
    ],
)
def test_text_made_to_be_slow_is_read_in_moments(costly: str) -> None:
    began = time.process_time()
    try:
        document = read(rss(entry("kept", "1") + f"<item><title>t</title>{costly}<guid>2</guid></item>"))
    except ParseError:
        return
    finally:
        assert time.process_time() - began < 4  # seconds; quadratic work takes far longer
    assert document.items[0].title == "kept"


def test_a_gzip_file_is_read_as_what_it_holds() -> None:
    assert titles(gzip.compress(rss(TWO))) == ["First report", "Second report"]
    with pytest.raises(ParseError, match="larger than"):
        read(gzip.compress(b" " * 20_000_000))
