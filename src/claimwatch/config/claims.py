"""The section `claim:` -> claims with their example headlines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claimwatch.config.feeds import language
from claimwatch.config.fields import Fields
from claimwatch.config.languages import read_tag
from claimwatch.config.nodes import Mapping, Node, Scalar, Sequence
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.config.topics import good_id
from claimwatch.core.model import Claim, Example, Relation, Wording

KEYS = (
    "topic", "short", "text", "language", "wordings", "quantity", "who", "does", "what", "where", "when", "stage",
    "said_by", "reported", "until", "rivals", "example",
)  # fmt: skip
PARTS = ("who", "does", "what", "where", "when", "stage")
EXAMPLE_KEYS = ("headline", "language", "summary", "expect")
SHORT_LIMIT = 55  # a mail subject that phones and thread lists still show
EXPECTED = (*(relation.value for relation in Relation), "OFF-TOPIC")


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim as it stands in a file, and the topic that file is about (when it holds exactly one)."""

    key: Scalar
    node: Node
    topic: str | None


def read_claims(
    entries: Iterable[ClaimEntry], topics: Iterable[str], places: dict[str, Node], problems: Problems
) -> dict[str, Claim]:
    """Return the claims that can be used, by id; `places` is filled with where claims and examples stand."""
    known = set(topics)
    claims: dict[str, Claim] = {}
    shorts: dict[str, str] = {}
    for entry in entries:
        claim = _read_claim(entry, known, places, problems)
        if claim is None:
            continue
        other = shorts.setdefault(claim.short.casefold(), claim.id)
        if other != claim.id:
            at = entry.node.get("short") if isinstance(entry.node, Mapping) else None
            problems.error(
                21, at or entry.key, f"claim {claim.id}, short",
                f'Claims {other} and {claim.id} have the same short "{claim.short}"; '
                "their mails would fall into one thread. Change one.",
            )  # fmt: skip
        claims[claim.id] = claim
    return claims


def _read_claim(
    entry: ClaimEntry, topics: set[str], places: dict[str, Node], problems: Problems
) -> Claim | None:
    key, node = entry.key, entry.node
    what = f"claim {key.text}"
    if not good_id(key, "claim", problems):
        return None
    if not isinstance(node, Mapping):
        problems.error(
            5, key, what, f"Claim {key.text} has no text. Add:  text: what is claimed, in one sentence"
        )
        return None
    fields = Fields(node, what, KEYS, problems)
    topic = _topic(fields, entry.topic, topics)
    text = fields.text("text")
    if not fields.has("text"):
        fields.missing("text", "what is claimed, in one sentence")
    short = _short(fields, text)
    tag = language(fields, "language")
    wordings = _wordings(fields)
    quantity = fields.text("quantity")
    parts = tuple((name, said) for name in PARTS if (said := fields.text(name)) is not None)
    said_by, rivals = fields.texts("said_by"), dict(fields.placed_texts("rivals"))
    reported, until = fields.day("reported"), fields.day("until")
    places[key.text] = key
    for name in ("quantity", "until", "reported", "example", *PARTS):
        if fields.has(name):
            places[f"{key.text}.{name}"] = fields.value(name)
    for rival, place in rivals.items():
        places[f"{key.text}.rivals.{rival}"] = place
    examples = _examples(fields, key.text, places)
    if topic is None or text is None or short is None:
        return None
    return Claim(
        id=key.text, topic=topic, text=text, short=short, language=tag, wordings=wordings, quantity=quantity,
        parts=parts, said_by=said_by, reported=reported, until=until, rivals=tuple(rivals), examples=examples,
    )  # fmt: skip


def _topic(fields: Fields, default: str | None, topics: set[str]) -> str | None:
    if not fields.has("topic"):
        if default is None:
            fields.missing("topic", next(iter(sorted(topics)), "the id of its topic"))
        return default
    topic = fields.text("topic")
    if topic is None or topic in topics:
        return topic
    if not fields.problems.incomplete:
        hint = did_you_mean(topic, topics)
        fields.error(13, fields.value("topic"), "topic", f'There is no topic "{topic}".{hint}')
    return None


def _short(fields: Fields, text: str | None) -> str | None:
    short = fields.text("short")
    if short is None:
        if fields.has("short") or text is None:
            return None
        if len(text) <= SHORT_LIMIT:
            return text
        return text[: SHORT_LIMIT - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    if len(short) > SHORT_LIMIT:
        fields.error(
            21, fields.value("short"), "short",
            f"short has {len(short)} characters; phones show about 40 and {SHORT_LIMIT} is the limit.",
        )  # fmt: skip
        return None
    return short


def _wordings(fields: Fields) -> tuple[Wording, ...]:
    node = fields.mapping("wordings")
    if node is None:
        return ()
    inner = Fields(node, f"{fields.what}, wordings", (), fields.problems, others=True)
    found: list[Wording] = []
    for key, (place, _) in inner.values.items():
        tag, complaint = read_tag(key)
        text = inner.text(key)
        if tag is None:
            inner.error(12, place, "", complaint)
        elif text is not None:
            found.append(Wording(tag, text))
    return tuple(found)


def _examples(fields: Fields, claim: str, places: dict[str, Node]) -> tuple[Example, ...]:
    if not fields.has("example"):
        return ()
    node = fields.value("example")
    examples: list[Example] = []
    for number, item in enumerate(node.items if isinstance(node, Sequence) else [node], 1):
        what = f"{fields.what}, example {number}"
        if not isinstance(item, Mapping):
            fields.problems.error(
                1, item, what, 'An example takes settings:  - {headline: "...", expect: CONTRADICTS}'
            )
            continue
        inner = Fields(item, what, EXAMPLE_KEYS, fields.problems)
        headline = inner.text("headline")
        if not inner.has("headline"):
            inner.missing("headline", '"..."', spoken=f"Example {number}")
        expect = _expected(inner, number)
        tag, summary = language(inner, "language"), inner.text("summary") or ""
        if headline is None or expect is None:
            continue
        places[f"{claim}/{len(examples)}"] = inner.value("expect")
        examples.append(Example(headline=headline, expect=expect, language=tag, summary=summary))
    return tuple(examples)


def _expected(fields: Fields, number: int) -> str | None:
    written = fields.text("expect")
    if written is None:
        if not fields.has("expect"):
            fields.missing("expect", "CONTRADICTS", spoken=f"Example {number}")
        return None
    if written in EXPECTED:
        return written
    fields.error(25, fields.value("expect"), "", unknown_relation(written, EXPECTED))
    return None


def unknown_relation(written: str, known: Iterable[str]) -> str:
    """Return the message for a relation nobody knows."""
    choices = list(known)
    hint = did_you_mean(written, choices).lstrip()
    if hint:
        return f'relation "{written}": {hint[0].lower()}{hint[1:]}'
    return f'relation "{written}" is not known. One of: {", ".join(choices)}.'
