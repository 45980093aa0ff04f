"""The files `init` writes: short, commented, and ready to be edited."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from claimwatch.core.pasting import slug


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody wants to follow."""

    title: str
    lines: Mapping[str, tuple[str, ...]]
    claims: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


def files_of(story: Story) -> dict[str, str]:
    """Return path -> text of the config."""
    name = slug(story.title)
    return {
        "config/claimwatch.yaml": _GENERAL,
        "config/feeds.yaml": _feeds(story),
        f"config/topics/{name}.yaml": _topic(name, story),
        "alerts/routes.yaml": _ROUTES,
    }


def _quoted(text: str) -> str:
    """Return the text as YAML reads it back, whatever signs stand in it."""
    return json.dumps(text, ensure_ascii=False)


def _feeds(story: Story) -> str:
    entries = []
    taken: set[str] = set()
    for feed in story.feeds:
        named, given, address = feed.partition("=")
        if not given or "://" in named:  # the sign belongs to the address
            named, address = "", feed
        name = named.strip() or (urlsplit(address).hostname or address).removeprefix("www.")
        number, unique = 1, name
        while unique in taken:
            number += 1
            unique = f"{name} {number}"
        taken.add(unique)
        entries.append(
            f"  - name: {_quoted(unique)}\n    url: {_quoted(address.strip())}\n    reliability: F\n"
        )
    return _FEEDS + ("".join(entries) or _NO_FEED)


def _topic(name: str, story: Story) -> str:
    lines = "".join(
        f"    {line}: [{', '.join(_quoted(each) for each in names)}]\n" for line, names in story.lines.items()
    )
    taken: set[str] = set()
    claims = ""
    for number, sentence in enumerate(story.claims, 1):
        ident = slug(sentence)
        if ident in taken or ident == name:
            ident = f"{ident}-{number}"
        taken.add(ident)
        claims += f"  {ident}:\n    text: {_quoted(sentence)}\n"
        claims += _CLAIM if number == 1 else ""
    return (
        f"{_TOPIC}topic:\n  {name}:\n    title: {_quoted(story.title)}\n{lines}"
        '    # not: ["World Cup"]        # names that take an item off the topic\n\n'
        + (f"{_CLAIMS}claim:\n{claims}" if claims else _NO_CLAIM)
    )


_GENERAL = """\
# General settings; everything has a default. After each edit run:  claimwatch check
# Put quotes round times, numbers with commas and anything starting with > ~ # @ *
timezone: UTC
# languages: [en, fr]        # what the readers of alerts read, best first
# contact: desk@example.org  # sites see it with every request and can reach you
# mail:
#   {host: smtp.example.org, port: 587, tls: starttls, user: me, password_file: /run/secrets/smtp,
#    from: me@example.org}
# judge:                      # who is asked about what the embedded judge is not sure of; an item waits so long
#   wait: 20s
#   nli: {model: MoritzLaurer/mDeBERTa-v3-base-xnli-multilingual-nli-2mil7}  # pip install "claimwatch[nli]"
#   llm: {url: "http://127.0.0.1:11434/v1", model: the name there, key_file: secrets/llm, per_hour: 200}
"""

_FEEDS = """\
# The feeds that are read. reliability: A (reliable) to F (cannot be judged), yours to judge.
# Also:  language: en   every: 15m   source: the publisher, where several feeds are of one   wire: true
feed:
"""

_NO_FEED = """\
  # - name: Example Wire
  #   url: "https://wire.example.com/world.rss"
  #   language: en
  #   reliability: B
"""

_TOPIC = """\
# An item is on topic when EVERY line names something found in it: fill the lines with all names that
# count, in all languages you read. Inflected, misspelt and transliterated names are found too.
"""

_CLAIMS = """\
# What is claimed. Reports are compared with these sentences; nothing here says what is true.
"""

_CLAIM = """\
    # short: at most 55 characters, the subject of every mail on this claim
    # said_by: [who says so]      # these do not corroborate it
    # quantity: up to 30,000 soldiers   # also who, does, what, where, when, stage: see `claims show`
    # Headlines and what they must give; `claimwatch check` runs them after every edit:
    # example:
    #   - {headline: "Engineers deny that ...", expect: CONTRADICTS}
    #   - {headline: "...", expect: OFF-TOPIC}
"""

_NO_CLAIM = """\
# What is claimed, if anything; without a claim, every item on the topic is told as NEW.
# claim:
#   dam-safe:
#     text: The dam is safe.
#     said_by: [ministry]
"""

_ROUTES = """\
# Who is told what. Without a receiver, alerts are shown in the terminal and kept in var/alerts.jsonl.
# channel:
#   desk-mail: {type: email, to: [desk@example.org]}
#   desk-chat: {type: slack, url_file: /run/secrets/slack-webhook}
# route:
#   - name: everything
#     to: [desk-mail]
#   - name: urgent
#     when: {relation: [CONTRADICTS, UPDATES], match: good}
#     to: [desk-chat]
"""
