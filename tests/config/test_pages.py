"""`select:` and `full_text:` of a feed: what is wrong with them is told at its place."""

from __future__ import annotations

from typing import Any

import pytest

from claimwatch.config import load, pages
from claimwatch.core.model import Select
from claimwatch.errors import ConfigError
from tests.config.conftest import Write

FEED = 'feed:\n  - name: Council\n    url: "https://council.example/news"\n'


def test_a_page_without_a_feed_names_selectors(write: Write) -> None:
    config = write(
        {
            "config/feeds.yaml": FEED
            + '    full_text: true\n    select: {item: "article.news", link: a, title: h2}\n'
        }
    )
    (feed,) = load(config, environ={}).feeds
    assert feed.full_text
    assert feed.select == Select("article.news", title="h2", link="a")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('    select: {item: "li", title: "h2 > !b"}\n', 'feeds.yaml:4:39  feed "Council", select, title'),
        ('    select: {item: "li", title: "h2 > !b"}\n', "not a CSS selector: it breaks off at character 6."),
        ("    select: {item: 'article['}\n", "something is missing at its end."),
        ("    select: {title: h2}\n", 'select has no item. Add:  item: "article.news"'),
        ("    select: {item: li, tilte: h2}\n", 'There is no setting "tilte". Did you mean "title"?'),
        ("    select: article\n", 'select takes settings, not "article".'),
        ("    full_text: yes\n", "full_text: true"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_with_its_place(write: Write, line: str, words: str) -> None:
    config = write({"config/feeds.yaml": FEED + line})
    with pytest.raises(ConfigError) as wrong:
        load(config, environ={})
    assert words in " ".join(str(wrong.value).split()) or words in str(wrong.value)


def test_the_extra_to_install_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> Any:
        return None

    monkeypatch.setattr(pages, "find_spec", gone)
    config = write({"config/feeds.yaml": FEED + "    full_text: true\n    select: {item: li}\n"})
    with pytest.raises(ConfigError) as wrong:
        load(config, environ={})
    assert len(wrong.value.problems) == 2
    assert str(wrong.value).count("pip install 'claimwatch[pages]'") == 2
