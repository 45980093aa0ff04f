"""A claim's frame: read from its text, with the parts that its config says in place of that; and it in words."""

from __future__ import annotations

from dataclasses import replace

from claimwatch.core.model import Claim
from claimwatch.judges.lexical.frame import PLACES, Frame, frame_as_written, ordered, other_names
from claimwatch.language.concepts import is_action, is_light
from claimwatch.language.dates import find_dates
from claimwatch.language.quantity import describe
from claimwatch.language.reading import NameFinder, Reading, read

STAGES = {"planned": True, "under way": False, "done": False}  # stage -> is it still to come


def frame_of(claim: Claim, language: str | None, known: NameFinder | None = None) -> Frame:
    """Return the claim's frame for a text in a language.

    `known` finds the names that the alias book knows.
    """
    frame = frame_as_written(claim, language, known)
    return _overridden(frame, claim, known) if claim.parts else frame


def _overridden(frame: Frame, claim: Claim, known: NameFinder | None) -> Frame:
    """Return the frame with the parts that the claim's config says; a name of an old part goes with it."""
    said = dict(claim.parts)
    for part, phrase in said.items():
        if part == "stage":
            frame = replace(frame, planned=STAGES.get(phrase.casefold(), frame.planned))
        elif part == "when":
            frame = replace(frame, when=phrase)
        else:
            frame = _with(frame, part, read(phrase, claim.language, known))
    return frame


def _with(frame: Frame, part: str, said: Reading) -> Frame:
    names, concepts = ordered(said, "names"), ordered(said, "concepts")
    if part == "does":
        return replace(frame, actions=tuple(c for c in concepts if is_action(c)))
    if part == "what":
        things = tuple(c for c in concepts if not is_action(c) and not is_light(c))
        return replace(frame, things=things, names=tuple(dict.fromkeys((*frame.names, *_no_places(names)))))
    others = (
        tuple(dict.fromkeys((*frame.others, *other_names(said)))) if part == "where" else other_names(said)
    )
    if part == "where":
        places = tuple(name for name in names if name in PLACES)
        countries = _no_places(names)
        return replace(
            frame, places=places, others=others, names=tuple(dict.fromkeys((*frame.names, *countries)))
        )
    return replace(frame, names=_no_places(names), others=others, surely=bool(others))


def _no_places(names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in PLACES)


def unread_part(claim: Claim, part: str, phrase: str) -> str | None:
    """Return what is wrong with a part of a claim's config and what to write instead; None when it can be read."""
    said = read(phrase, claim.language)
    concepts, names = ordered(said, "concepts"), [*ordered(said, "names"), *other_names(said)]
    if part == "stage" and phrase.casefold() not in STAGES:
        return f'"{phrase}" is no stage. One of: {", ".join(STAGES)}.'
    if part == "when" and not find_dates(phrase, said.language):
        return f'I cannot read the date "{phrase}". Try: March 2027, 2027-03-14.'
    if part == "does" and not any(map(is_action, concepts)):
        return f'I know no action in "{phrase}". Try: sends, builds, signs, supplies, withdraws, closes.'
    if part == "what" and not any(not is_action(c) and not is_light(c) for c in concepts) and not names:
        return f'I know no thing in "{phrase}". Try: soldiers, missiles, containers, a factory, a treaty.'
    if part in ("who", "where") and not names:
        return f'I see no name in "{phrase}". Names begin with a capital: {part}: North Korea'
    return None


def describe_frame(claim: Claim, known: NameFinder | None = None) -> str:
    """Return the claim's parts in words, one line a part, for `claims show`."""
    frame = frame_of(claim, claim.language, known)
    said = frame.reading
    first: dict[str, str] = {}
    for sentence in said.sentences:
        for table in (sentence.names, sentence.concepts):
            for key, hits in table.items():
                first.setdefault(key, sentence.verbatim(hits[0].start, hits[0].end))
    words = {
        word.key: sentence.verbatim(word.start, word.end)
        for sentence in reversed(said.sentences)
        for word in reversed(sentence.words)
    }
    others = [" ".join(words[key] for key in keys[::2] if key in words) for keys in frame.others]
    plain = [words[key] for key, meaning in frame.plain if key in words and not meaning]
    overridden = dict(claim.parts)
    read_as = {
        "who": ", ".join(first.get(name, name) for name in frame.names),
        "does": ", ".join(first.get(action, action) for action in frame.actions),
        "what": ", ".join(first.get(thing, thing) for thing in frame.things),
        "where": ", ".join(first.get(place, place) for place in frame.places),
        "names": ", ".join(others),
        "words": ", ".join(plain),
        "when": ", ".join(span.text for span in find_dates(claim.text, said.language)),
        "how many": describe(frame.quantity) if frame.quantity else "",
        "stage": "possible or planned" if frame.planned else "stated as a fact",
    }
    lines = [
        f"{part + ':':9} " + (f"{overridden[part]}  (as the config says)" if part in overridden else value)
        for part, value in read_as.items()
        if value or part in overridden
    ]
    if frame.negated:
        lines.append("says that it is not so")
    return "\n".join(lines)
