"""Edits by command: only the lines concerned change, and nothing wrong replaces what was right."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.config.editing import edit, file_for
from claimwatch.config.rewriting import Layout
from claimwatch.errors import ClaimwatchError, ConfigError
from tests.config.conftest import Write

NEW = {"name": "Lake Post", "url": "https://lake.example/rss", "source": "Lake: one"}
FEEDS = """\
# what we read

feed:

  # Korean
  - name: "Hill  News"   # two blanks
    url: 'https://hill.example/rss'
    every:   15m

  # French
  - {name: Coast,   url: https://coast.example/rss}
  - url: https://bay.example/rss
    name: Bay     \t
    tags: [ports,
           "ships"]   # of two lines
  # - name: Off
  #   url: https://off.example

# the end
"""


def rewritten(text: str, change: Callable[[Any], Any]) -> str:
    layout = Layout(text)
    change(layout.tree)
    return layout.rewritten()


def add(tree: Any) -> None:
    tree["feed"] = [*(tree.get("feed") or []), dict(NEW)]


def test_a_new_entry_stands_below_the_last_in_the_manner_of_the_others() -> None:
    after = rewritten(FEEDS, add)
    new = '  - name: Lake Post\n    url: "https://lake.example/rss"\n    source: "Lake: one"\n'
    assert after == FEEDS.replace("# of two lines\n", f"# of two lines\n{new}")


def test_an_entry_goes_and_the_heading_above_the_next_stays() -> None:
    after = rewritten(FEEDS, lambda tree: tree["feed"].pop(0))
    gone = "  - name: \"Hill  News\"   # two blanks\n    url: 'https://hill.example/rss'\n    every:   15m\n"
    assert after == FEEDS.replace(gone, "")


def test_the_last_entry_goes_and_the_comments_below_it_stay() -> None:
    after = rewritten(FEEDS, lambda tree: tree["feed"].pop())
    assert after == FEEDS[: FEEDS.index("  - url: https://bay")] + FEEDS[FEEDS.index("  # - name: Off") :]


def test_one_value_changes_and_its_comment_and_quotes_stay() -> None:
    def rename(tree: Any) -> None:
        tree["feed"][0]["name"] = 'The "Hill"'
        tree["feed"][0]["every"] = "30m"
        tree["feed"][1]["url"] = "https://coast.example/new"

    after = rewritten(FEEDS, rename)
    expected = FEEDS.replace('"Hill  News"   #', '"The \\"Hill\\""   #').replace("15m", "30m")
    assert after == expected.replace("https://coast.example/rss", '"https://coast.example/new"')


def test_settings_are_added_and_taken_away_in_place() -> None:
    def turn(tree: Any) -> None:
        del tree["feed"][0]["every"]
        tree["feed"][0]["language"] = "ko"
        tree["feed"][1]["private"] = True
        del tree["feed"][2]["url"]
        tree["feed"][2]["tags"].append("piers")

    after = rewritten(FEEDS, turn)
    expected = FEEDS.replace("    every:   15m\n", "    language: ko\n")
    expected = expected.replace("coast.example/rss}", "coast.example/rss, private: true}")
    expected = expected.replace("- url: https://bay.example/rss\n    name", "- name")
    assert after == expected.replace('"ships"]', '"ships", piers]')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "feed:\n  - name: X\n"),
        ("# only a comment\n", "# only a comment\n\nfeed:\n  - name: X\n"),
        ("# no end", "# no end\n\nfeed:\n  - name: X\n"),
        ("feed:", "feed:\n  - name: X\n"),
        ("feed:   # none yet\n  # - name: Y\n", "feed:   # none yet\n  - name: X\n  # - name: Y\n"),
        ("feed: ~\ntopic:\n", "feed:\n  - name: X\ntopic:\n"),
        ("feed: []  # none\n", "feed:  # none\n  - name: X\n"),
        ("topic:\n  a:\n    who: b\n", "topic:\n  a:\n    who: b\n\nfeed:\n  - name: X\n"),
        ("{topic: {a: b}}\n", "{topic: {a: b}, feed: [{name: X}]}\n"),
        ("feed: [{name: Y}]\n", "feed: [{name: Y}, {name: X}]\n"),
        ("feed: [\n  {name: Y},  # y\n]\n", "feed: [\n  {name: Y},  # y\n  {name: X},\n]\n"),
        ("feed: [\n  {name: Y}  # y\n]\n", "feed: [\n  {name: Y},  # y\n  {name: X}\n]\n"),
        ("feed:\n- name: Y", "feed:\n- name: Y\n- name: X\n"),
        ("feed:\n-   name: Y\n    url: Z\n# end\n", "feed:\n-   name: Y\n    url: Z\n-   name: X\n# end\n"),
        ("feed:\n    - {name: Y}\n", "feed:\n    - {name: Y}\n    - {name: X}\n"),
        ("feed:\r\n  - name: Y\r\n# z\r\n", "feed:\r\n  - name: Y\r\n  - name: X\r\n# z\r\n"),
        ("feed:\n  - name: Y\n    text: |\n      a\n      b\n\n# z\n",
         "feed:\n  - name: Y\n    text: |\n      a\n      b\n  - name: X\n\n# z\n"),
        ("feed:\n  - # first\n    name: Y\t#\ttab\n", "feed:\n  - # first\n    name: Y\t#\ttab\n  - name: X\n"),
    ],
)  # fmt: skip
def test_a_list_grows_however_it_is_laid_out(text: str, expected: str) -> None:
    def put(tree: Any) -> None:
        tree["feed"] = [*(tree.get("feed") or []), {"name": "X"}]

    assert rewritten(text, put) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feed:\n  - name: A\n", "feed:\n"),
        ("feed: [{name: A}]\n", "feed: []\n"),
        ("feed: [{name: A}, {name: B}]\n", "feed: [{name: B}]\n"),
        ("feed:\n- name: A\n\n# Bees\n- name: B\n", "feed:\n\n# Bees\n- name: B\n"),
        ("feed: [\n  {name: A}, # a\n  {name: B}, # b\n]\n", "feed: [\n  {name: B}, # b\n]\n"),
    ],
)
def test_a_list_shrinks_however_it_is_laid_out(text: str, expected: str) -> None:
    assert rewritten(text, lambda tree: tree["feed"].pop(0)) == expected


def test_a_claim_is_added_to_a_topic_file_and_a_value_becomes_a_list() -> None:
    text = "topic:\n    dam:\n        who: Orsa # lake\nclaim:\n    safe:\n        text: It is safe.\n"

    def put(tree: Any) -> None:
        tree["topic"]["dam"]["who"] = ["Orsa", "Lac d'Orsa"]
        tree["claim"]["old"] = {"text": "It is old.", "example": [{"headline": "No!", "expect": "NEW"}]}

    assert rewritten(text, put) == (
        "topic:\n    dam:\n        who: [Orsa, Lac d'Orsa] # lake\nclaim:\n    safe:\n        text: It is safe.\n"
        '    old:\n        text: It is old.\n        example:\n          - headline: "No!"\n            expect: NEW\n'
    )


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12
) | st.sampled_from(
    [
        "true",
        "no",
        "~",
        "22:30",
        "010",
        "- a",
        "# b",
        "a: b",
        "[x",
        "{y",
        "!t",
        "&a",
        "*a",
        "|",
        ">",
        "%",
        "@",
        "`",
        "'",
        '"',
        " a ",
        "a #b",
        "null",
    ]
)
FEED = st.dictionaries(
    st.sampled_from(["name", "url", "tags", "every", "near"]),
    WORDS | st.lists(WORDS, max_size=3),
    min_size=1,
    max_size=4,
)


@settings(deadline=None)
@given(
    st.lists(FEED, max_size=4), st.lists(FEED, max_size=3), st.sets(st.integers(0, 3)), st.data(),
    st.sampled_from(["\n", "\r\n"]), st.booleans(),
)  # fmt: skip
def test_whatever_is_added_taken_away_or_changed_reads_back_and_the_rest_stays(
    feeds: list[dict[str, Any]], new: list[dict[str, Any]], gone: set[int], data: st.DataObject,
    newline: str, end: bool,
) -> None:  # fmt: skip
    """Built with our own writer from empty, then edited: read back each time; lines of kept entries are kept."""
    text = rewritten("# heading\n", lambda tree: tree.update(feed=[dict(feed) for feed in feeds]))
    text = text.replace("\n", newline)
    text = text if end else text.rstrip("\r\n")
    layout = Layout(text)
    listed = layout.tree.get("feed") or []
    assert [{key: value or None for key, value in feed.items()} for feed in listed] == [
        {key: value or None for key, value in feed.items()} for feed in feeds
    ] or any(None in feed.values() for feed in listed)
    kept = [feed for number, feed in enumerate(listed) if number not in gone]
    layout.tree["feed"] = [*kept, *new]
    blocks = text.split("  - ")[1:] if len(text.split("  - ")) == len(listed) + 1 else []
    untouched = [block for number, block in enumerate(blocks) if number not in gone]
    for feed in kept:
        if data.draw(st.booleans()):
            feed["language"] = data.draw(WORDS)
            untouched = []
    after = layout.rewritten()
    assert "".join(untouched).rstrip() in after.replace("  - ", "")
    assert clean(Layout(after).tree) == clean(layout.tree)
    assert after.startswith("# heading")
    assert newline == "\n" or "\n" not in after.replace("\r\n", "")


def clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: clean(each) for key, each in value.items()} or None
    if isinstance(value, list):
        return [clean(each) for each in value] or None
    return value


# ---------------------------------------------------------------- files


def test_a_missing_file_is_made_and_an_old_one_keeps_its_rights(write: Write) -> None:
    config = write({})
    place = file_for(config, "feeds.yaml")
    done = edit(config, place, add, environ={})
    assert done.lines[0] == "+ feed:"
    place.chmod(0o640)
    edit(config, place, lambda tree: tree["feed"][0].update(language="en"), environ={})
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    assert place.read_text().endswith("    language: en\n")
    assert os.listdir(config) == ["feeds.yaml"]


def test_a_byte_order_mark_and_a_link_stay(write: Write, tmp_path: Path) -> None:
    config = write({"elsewhere.yaml": "\ufefffeed:\n"})
    place = config / "feeds.yaml"
    place.symlink_to(tmp_path / "elsewhere.yaml")
    edit(config, place, add, environ={})
    assert place.is_symlink()
    assert (tmp_path / "elsewhere.yaml").read_bytes().startswith(b"\xef\xbb\xbffeed:\n  - name: Lake Post\n")


def test_what_would_be_wrong_is_refused_with_the_loaders_words_and_nothing_changes(write: Write) -> None:
    config = write({"config/feeds.yaml": FEEDS})
    with pytest.raises(ConfigError, match=r'There is no setting "naem"\. Did you mean "name"\?'):
        edit(config, config / "feeds.yaml", lambda tree: tree["feed"][0].update(naem="x"), environ={})
    assert (config / "feeds.yaml").read_text() == FEEDS


def test_a_file_that_somebody_changed_meanwhile_is_left_alone(write: Write) -> None:
    config = write({"config/feeds.yaml": FEEDS})

    def slowly(tree: Any) -> None:
        add(tree)
        (config / "feeds.yaml").write_text("# mine\n")

    with pytest.raises(ClaimwatchError, match="was changed by somebody else meanwhile"):
        edit(config, config / "feeds.yaml", slowly, environ={})
    assert (config / "feeds.yaml").read_text() == "# mine\n"


def test_an_edit_that_changes_nothing_writes_nothing(write: Write) -> None:
    config = write({"config/feeds.yaml": FEEDS})
    before = (config / "feeds.yaml").stat()
    assert not edit(config, config / "feeds.yaml", lambda tree: None, environ={})
    assert not edit(config, config / "new.yaml", lambda tree: None, environ={})
    assert edit(config, config / "feeds.yaml", lambda tree: tree["feed"].pop(), environ={}, dry_run=True)
    after = (config / "feeds.yaml").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_config_of_one_file_is_edited_too(write: Write, tmp_path: Path) -> None:
    write({"all.yaml": "timezone: Europe/Paris\nfeed:\n"})
    edit(Path("all.yaml"), file_for(Path("all.yaml"), "feeds.yaml"), add, environ={})
    assert (
        (tmp_path / "all.yaml").read_text().startswith("timezone: Europe/Paris\nfeed:\n  - name: Lake Post\n")
    )
