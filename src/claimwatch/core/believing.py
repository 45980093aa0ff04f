"""What a model's answer must stand before it is believed: its words occur, and a figure alone denies nothing."""

from __future__ import annotations

import re

from claimwatch.core.model import Change, Claim
from claimwatch.language.detect import detect
from claimwatch.language.digits import Number
from claimwatch.language.normalize import fold_with_offsets
from claimwatch.language.numbers import find_numbers
from claimwatch.language.polarity import cues_of
from claimwatch.language.quantity import comparable, compatible, describe
from claimwatch.language.reading import Reading, Sentence, read

SHORTEST_QUOTE = 6  # signs; less occurs in any text
_QUOTE_SIGNS = frozenset("\"'")
_ELLIPSIS = re.compile(r"^(?:…|\.\.\.)+|(?:…|\.\.\.)+$")


def find_quotation(quotation: str, text: str) -> str | None:
    """Return the stretch of `text` that a quotation repeats, verbatim; None when it does not occur.

    White space, case, and the kind of quotation marks and dashes may differ.
    """
    wanted, _ = _plain(_ELLIPSIS.sub("", quotation.strip()))
    if len(wanted) < SHORTEST_QUOTE:
        return None
    plain, places = _plain(text)
    at = plain.find(wanted)
    if at < 0:
        return None
    return text[places[at] : places[at + len(wanted) - 1] + 1].strip()


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the folded text without quotation marks, white space as single blanks, with each sign's place."""
    folded, offsets = fold_with_offsets(text)
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(folded):
        if sign in _QUOTE_SIGNS or (sign.isspace() and (not signs or signs[-1] == " ")):
            continue
        signs.append(" " if sign.isspace() else sign)
        places.append(at if offsets is None else offsets[at])
    while signs and signs[-1] == " ":
        signs.pop()
        places.pop()
    return "".join(signs), places


def speaks_of(claim: Claim, quotation: str, language: str | None) -> bool:
    """Say whether a quotation shares a word, a name, a deed or a thing with the claim.

    Across languages without a common word for either, this cannot be told: then yes.
    """
    said = read(quotation, language)
    claimed = _wording(claim, said.language)
    if (said.names | said.concepts) & (claimed.names | claimed.concepts):
        return True
    return said.language != claimed.language or bool(said.keys & claimed.keys)


def figure_instead(claim: Claim, quotation: str, language: str | None) -> Change | None:
    """Return the change when a quotation only puts another figure or date where the claim has one.

    None when they agree, when either has none, or when a denial or negation stands beside it ("only 1,000,
    not 30,000"): DESIGN section 2, another value without a denial is UPDATES.
    """
    said = read(quotation, language)
    claimed = _wording(claim, said.language)
    if any(not cue.rejected for sentence in said.sentences for cue in cues_of(sentence, said.language)):
        return None
    mine = [q for sentence in claimed.sentences for q in sentence.quantities]
    theirs = [q for sentence in said.sentences for q in sentence.quantities]
    for old in mine:
        others = [new for new in theirs if comparable(old, new)]
        if others and not any(compatible(old, new) for new in others):
            return Change(describe(old), describe(others[0]))
    return _number_instead(claimed, said)


def _number_instead(claimed: Reading, said: Reading) -> Change | None:
    mine, theirs = _numbers(claimed), _numbers(said)
    for kind in ("cardinal", "year"):
        old = {value: text for (each, value), text in mine.items() if each == kind}
        new = {value: text for (each, value), text in theirs.items() if each == kind}
        if old and new and not old.keys() & new.keys():
            return Change(next(iter(old.values())), next(iter(new.values())))
    return None


def _numbers(reading: Reading) -> dict[tuple[str, float], str]:
    found: dict[tuple[str, float], str] = {}
    for sentence in reading.sentences:
        for number in find_numbers(sentence.folded, reading.lexicon):
            found.setdefault((number.kind, number.value), _verbatim(sentence, number))
    return found


def _verbatim(sentence: Sentence, number: Number) -> str:
    return sentence.verbatim(number.start, number.end)


def _wording(claim: Claim, language: str) -> Reading:
    """Return the claim read in its wording of a language, when there is one, else in its own."""
    for wording in claim.wordings:
        if wording.language.split("-")[0].lower() == language:
            return read(wording.text, language)
    return read(claim.text, claim.language or detect(claim.text))
