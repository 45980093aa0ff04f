"""Where feeds say which hub pushes them: in the Link header, and in the document."""

from __future__ import annotations

import pytest

from claimwatch.feeds.links import header_links, hub_and_topic

BASE = "https://herald.example/rss"


@pytest.mark.parametrize(
    ("header", "hub", "topic"),
    [
        (
            '<https://hub.example/>; rel="hub", <https://herald.example/rss>; rel="self"',
            "https://hub.example/",
            BASE,
        ),
        ("<https://hub.example/>;rel=hub,</rss>;rel=self", "https://hub.example/", BASE),
        ('<https://hub.example/>; title="a, b; c"; REL="first hub"', "https://hub.example/", None),
        ("<http://plain.example/>; rel=hub, <https://hub.example/>; rel=hub", "https://hub.example/", None),
        ("<ftp://hub.example/>; rel=hub", None, None),
        ("<https://u:p@hub.example/>; rel=hub", None, None),
        ("<https://style.example/>; rel=stylesheet", None, None),
        ("<" * 10_000 + "rel=hub" + ";" * 10_000, None, None),
    ],
)
def test_a_hub_in_the_link_header_is_found_one_with_https_first(
    header: str, hub: str | None, topic: str | None
) -> None:
    assert hub_and_topic(header_links(header), BASE) == (hub, topic)
