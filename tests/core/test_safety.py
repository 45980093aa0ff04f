import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.safety import (
    clean,
    cut,
    dead,
    direction,
    escape_html,
    escape_markdown,
    header_text,
    isolate,
    safe_link,
)

ANY_TEXT = st.text(alphabet=st.characters(), max_size=400)  # surrogates too


@given(ANY_TEXT)
def test_clean_text_is_one_line_that_hides_nothing(text: str) -> None:
    result = clean(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in result)
    assert not set(result) & set(
        "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    )
    assert "  " not in result
    assert result == result.strip()


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=300), st.integers(0, 300))
def test_the_first_40_characters_always_stand(text: str, limit: int) -> None:
    assert cut(text, limit)[:40] == text[:40]
    assert len(cut(text, limit)) <= max(limit, 41)


def test_a_megabyte_of_title_costs_no_more_than_its_beginning() -> None:
    assert clean("a b" * 400_000, limit=200) == clean(("a b" * 400_000)[:3000], limit=200)


def test_line_breaks_of_every_kind_become_one_blank() -> None:
    assert clean("a\r\nb\u2028c\u2029d\u0085e\x0bf\x0cg\th") == "a b c d e f g h"


def test_a_tower_of_accents_is_cut_down_and_real_accents_are_kept() -> None:
    assert clean("z" + "\u0301" * 100) == "z" + "\u0301" * 4
    assert clean("Vie\u0323\u0302t") == "Vie\u0323\u0302t"


def test_joiners_stay_where_scripts_and_emoji_need_them_and_nowhere_else() -> None:
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("👩\u200d💻") == "👩\u200d💻"
    assert clean("pass\u200dword\u200c") == "password"


@pytest.mark.parametrize("text", ["=?UTF-8?Q?=0A?=", "=?=?utf-8?b?Cg==?=", "=\u200b?x?q?y?="])
def test_a_header_value_never_looks_like_an_encoded_word(text: str) -> None:
    assert "=?" not in header_text(f"title {text}")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a b?q=ä#x", "https://example.org/a%20b?q=%C3%A4#x"),
        ("HTTP://Example.org:8080/%41", "http://example.org:8080/%41"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/a)b](c)>d|e\"f'g`h*i\\j{k}", None),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_a_link_is_ascii_and_carries_no_markup(url: str, shown: str | None) -> None:
    link = safe_link(url)
    assert link is not None
    assert link.isascii()
    assert not set(link) & set("()<>|\"'`*\\{} ")
    if shown:
        assert link == shown


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org/x",
        "https://user:password@example.org/",
        "https://good.example@evil.example/",
        "https://",
        "https://exa mple.org/",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/" + "x" * 3000,
        "https://a..b.example/",
        "https://\u202eexample.org/",
    ],
)
def test_what_is_no_plain_web_address_is_no_link(url: str | None) -> None:
    assert safe_link(url) is None


@given(ANY_TEXT)
def test_any_text_as_link_is_refused_or_safe(text: str) -> None:
    link = safe_link("https://" + text)
    assert link is None or (link.isascii() and not set(link) & set("<>()|\"'` \r\n"))


@pytest.mark.parametrize("name", ["everyone", "here", "channel", "all", "room", "someone", "!123", "&7"])
def test_no_mention_survives(name: str) -> None:
    assert f"@{name}" not in dead(f"hello @{name} and <@{name}>")


@pytest.mark.parametrize("scheme", ["javascript", "JavaScript", "vbscript", "data"])
def test_no_address_that_runs_something_survives(scheme: str) -> None:
    assert f"{scheme}:" not in dead(f"<{scheme}:alert(1)> [x]({scheme}:text/html,x)")


@given(ANY_TEXT)
def test_escaped_html_has_no_tag_and_no_way_out_of_an_attribute(text: str) -> None:
    assert not set(escape_html(text)) & set("<>\"'")


@pytest.mark.parametrize("text", ["# head", "- item", "+ item", "1. item", "12) item"])
def test_a_title_does_not_begin_a_heading_or_a_list(text: str) -> None:
    escaped = escape_markdown(text)
    assert escaped.count("\\") == 1
    assert escaped.replace("\\", "") == text


def test_markdown_brackets_do_not_make_a_link() -> None:
    assert escape_markdown("[bank](http://evil.example)") == r"\[bank\](http://evil.example)"


def test_right_to_left_text_is_isolated_and_only_that() -> None:
    assert isolate("plain") == "plain"
    assert isolate("שלום") == "\u2068שלום\u2069"
    assert direction("12 שלום") == "rtl"
    assert direction("hello שלום") == "ltr"
