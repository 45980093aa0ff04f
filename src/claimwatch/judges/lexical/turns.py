"""What turns a claim: denials, refutations, negations over it, and acts that undo it."""

from __future__ import annotations

import re

from claimwatch.core.model import Stance
from claimwatch.judges.lexical.align import Alignment, align, around, own
from claimwatch.judges.lexical.finding import Finding
from claimwatch.judges.lexical.frame import PLACES, Frame
from claimwatch.language.concepts import is_action, is_light, near, opposite
from claimwatch.language.lexicon import Hit
from claimwatch.language.polarity import Cue, cues_of
from claimwatch.language.reading import Reading, Sentence

_ARTICLES = ("the", "a", "an", "le", "la", "les", "el", "los", "las", "der", "die", "das")
_SUBJECT = 4  # words of a name with its title ("Prime Minister Brentano")
_FORMS = {"denial": "denies", "refutation": "refutes", "disclaimer": "disclaims", "negation": "denies"}


def speaker_of(sentence: Sentence, cue: Cue) -> str | None:
    """Return who says so, as the sentence names them: the last name before the word, else the first after."""
    hits = sorted((hit for hits in sentence.names.values() for hit in hits), key=lambda hit: hit.start)
    before = [hit for hit in hits if hit.end <= cue.start]
    if before:
        return sentence.verbatim(before[0].start, before[0].end)
    subject = _subject(sentence, cue)
    if subject:
        return subject
    after = [hit for hit in hits if hit.start >= cue.end]
    return sentence.verbatim(after[-1].start, after[-1].end) if after else None


def _subject(sentence: Sentence, cue: Cue) -> str | None:
    """Return the few words before a denial that begin its clause: who denies, when no lexicon knows the name."""
    if cue.kind == "negation" or not cue.start:
        return None
    before = sentence.verbatim(0, cue.start)
    clause = re.split(r"[,;:–—|]\s", before)[-1].strip(" \"'«»“”")
    words = clause.split()
    while words and words[0].lower() in _ARTICLES:
        words = words[1:]
    named = [word for word in words if word[:1].isupper()]
    return " ".join(words) if named and len(words) <= _SUBJECT else None


def _about(frame: Frame, reading: Reading, index: int, same: bool) -> tuple[Alignment, Alignment, Alignment]:
    sentence = reading.sentences[index]
    return (
        align(frame, *own(sentence), same),
        align(frame, *around(reading, index), same),
        align(frame, reading.concepts, reading.names, reading.keys, same),
    )


def _core(frame: Frame, here: Alignment, close: Alignment, whole: Alignment, undone: bool) -> bool:
    """True when the sentence speaks of the claim's subject matter, doer and deed."""
    if not (frame.names and frame.things and frame.actions):
        return _core_of_any(frame, here, close, whole, undone)
    if frame.booked and _core_of_any(frame, here, close, whole, undone):
        return True
    if whole.others < 0.6:
        return False
    if whole.names < (0.99 if len(frame.names) <= 2 else 0.6) or not whole.actor:
        return False
    if not whole.aspects:
        return False
    if frame.deeds[:1] == ("acknowledge",) and here.head_action < 1:
        return False
    if len(frame.names) < 2 and close.things < 0.99:
        return False
    if close.things < 0.45 or close.head_thing < 0.5 or (close.head_action < 0.5 and not undone):
        return False
    return here.head_thing >= 0.5 or here.head_action >= 0.5 or here.names > 0


def _core_of_any(frame: Frame, here: Alignment, close: Alignment, whole: Alignment, undone: bool) -> bool:
    """The same for claims whose names or things no lexicon knows: all its names and half of its other words."""
    if not frame.surely or not frame.plain or undone:
        return False
    if whole.others < 0.75 or whole.names < 0.99:
        return False
    return close.plain >= 0.5 and here.plain > 0


def find_turns(frame: Frame, reading: Reading, same: bool) -> list[Finding]:
    """Return the denials, negations and undoing acts that stand over the claim."""
    found: list[Finding] = []
    told_first = _asserts(frame, reading, same)
    for index, sentence in enumerate(reading.sentences):
        cues = cues_of(sentence, reading.language)
        undone = _undoing(frame, sentence)
        if not cues and undone is None:
            continue
        here, close, whole = _about(frame, reading, index, same)
        if _elsewhere(frame, reading, index):
            continue
        if not _core(frame, here, close, whole, undone is not None):
            continue
        if index and told_first:
            cues = []
        for cue in cues:
            if _only_more(frame, sentence, cue) or not _right_thing(frame, sentence, cue, reading.language):
                continue
            if cue.kind == "negation" and not _over(frame, sentence, cue):
                continue
            words = sentence.verbatim(cue.start, cue.end)
            if cue.rejected:
                found.append(
                    Finding(
                        Stance.SUPPORTS,
                        0.6,
                        "denial rejected",
                        f'denial rejected: "{words}"',
                        sentence,
                        (words,),
                    )
                )
                continue
            stance = Stance.SUPPORTS if frame.negated else Stance.CONTRADICTS
            speaker = speaker_of(sentence, cue)
            by = f" by {speaker}" if speaker else ""
            strength = 0.9 if cue.kind in ("denial", "disclaimer") else 0.8
            found.append(
                Finding(
                    stance,
                    strength,
                    cue.kind,
                    f'{cue.kind}: "{words}"{by}',
                    sentence,
                    (words,),
                    _FORMS[cue.kind],
                    None,
                    speaker,
                )
            )
        if undone is not None and _undoes(frame, reading, undone[0], here, close):
            found.append(_undone(frame, sentence, *undone))
    return found


def _asserts(frame: Frame, reading: Reading, same: bool) -> bool:
    """True when the headline itself tells the claim: later denials are then background."""
    if len(reading.sentences) < 2:
        return False
    first = reading.sentences[0]
    if cues_of(first, reading.language) or "question" in first.cues or "no_comment" in first.cues:
        return False
    if "\n" not in reading.text and ("hedge" in first.cues or "denial" in first.cues):
        return False
    told = align(frame, *own(first), same)
    return (
        bool(frame.names) and told.actor and told.head_thing >= 1 and told.head_action >= 0.6 and told.aspects
    )


def _only_more(frame: Frame, sentence: Sentence, cue: Cue) -> bool:
    """True when only *additional* ones are denied and the claim is not about those."""
    if frame.aspects:
        return False
    return any(0 <= hit.start - cue.end <= 25 for hit in sentence.concepts.get("more", []) if hit.end)


def _right_thing(frame: Frame, sentence: Sentence, cue: Cue, language: str) -> bool:
    """True unless the thing nearest to the cue, where its object stands, is another thing than the claim's."""
    wanted = set(frame.things)
    for thing in frame.things:
        wanted |= near(thing)
    spans: list[tuple[int, str]] = []
    for concept, hits in sentence.concepts.items():
        if is_action(concept) or is_light(concept) or concept in ("more", "frontline", "factory"):
            continue
        for hit in hits:
            after = hit.start >= cue.end
            distance = hit.start - cue.end if after else cue.start - hit.end
            if distance < 0:
                continue
            against = after if language in ("ko", "ja", "zh") else not after
            spans.append((distance + (1000 if against else 0), concept))
    if not spans:
        return True
    nearest = min(spans)[0]
    return any(concept in wanted for distance, concept in spans if distance <= nearest + 12)


def _elsewhere(frame: Frame, reading: Reading, index: int) -> bool:
    """True when the sentence is about another place than the claim's."""
    places = {name for name in reading.sentences[index].names if name in PLACES}
    return bool(frame.places and places) and not places & set(frame.places)


def _undoes(frame: Frame, reading: Reading, counter: str, here: Alignment, close: Alignment) -> bool:
    if here.head_thing < 0.5 or close.names < 0.99:
        return False
    if counter in ("reduce", "exhaust") and not here.actor:
        return False
    placed = not frame.places or bool(set(frame.places) & reading.names)
    return placed or bool({"frontline", "combat"} & reading.concepts)


def _over(frame: Frame, sentence: Sentence, cue: Cue) -> bool:
    """True when one of the claim's deeds stands in the negation's scope."""
    deeds = set(frame.deeds[:1])
    if deeds & {"send", "supply"}:
        deeds |= {"send", "supply"}  # "has never exported", "sent no arms"
    return any(
        cue.scope_start <= hit.start < cue.scope_end
        for deed in deeds
        for hit in sentence.concepts.get(deed, [])
    )


def _undoing(frame: Frame, sentence: Sentence) -> tuple[str, Hit] | None:
    for deed in frame.deeds[:1]:
        for counter in sorted(opposite(deed)):
            if counter == "return" and (frame.quantity is None or frame.quantity.role != "increment"):
                continue  # who came home had been there
            if counter == "withdraw" and frame.planned:
                continue  # what is still planned is not undone by leaving
            hits = sentence.concepts.get(counter)
            if hits and not _earlier(sentence, hits[0]):
                return counter, hits[0]
    return None


def _earlier(sentence: Sentence, hit: Hit) -> bool:
    """True when the act is told as past background ("had withdrawn")."""
    return sentence.folded[max(0, hit.start - 5) : hit.start].strip() in ("had", "its")


def _undone(frame: Frame, sentence: Sentence, counter: str, hit: Hit) -> Finding:
    words = sentence.verbatim(hit.start, hit.end)
    planned = frame.planned and counter == "halt"
    stance = Stance.CONTRADICTS if planned else Stance.UPDATES
    return Finding(stance, 0.7, "opposite action", f'opposite action: "{words}"', sentence, (words,),
                   "ended" if not planned else "cancelled")  # fmt: skip


def find_telling(frame: Frame, reading: Reading, same: bool) -> list[Finding]:
    """Return the sentence that tells the claim's doer, deed and thing with nothing turning it."""
    structured = bool(frame.names) and len(frame.things) + len(frame.deeds) >= 2
    if not structured and (same or not frame.surely or not frame.deeds):
        return []  # in one language the model reads such claims
    if frame.quantity is not None and frame.quantity.measure in ("casualties", "killed", "wounded"):
        return []  # a toll without its figure tells nothing of the claimed one
    best: tuple[float, Finding] | None = None
    for index, sentence in enumerate(reading.sentences):
        if (
            cues_of(sentence, reading.language)
            or "no_comment" in sentence.cues
            or "question" in sentence.cues
        ):
            continue
        if _elsewhere(frame, reading, index):
            continue
        here = align(frame, *own(sentence), same)
        close = align(frame, *around(reading, index), same)
        if close.names < 0.99 or not here.actor or not close.aspects or close.others < 0.75:
            continue
        if not structured and close.plain < 0.6:
            continue
        if here.head_thing < 0.6 or here.head_action < 0.6 or close.things < 0.6 or close.actions < 0.6:
            continue
        if _by_another(frame, sentence, reading.language):
            continue
        told = (here.names + here.things + here.head_action) / 3
        marks = _marks(frame, sentence)
        finding = Finding(Stance.SUPPORTS, round(0.3 + 0.4 * told, 3), "told",
                          "told: " + ", ".join(f'"{mark}"' for mark in marks), sentence, marks, "happened")  # fmt: skip
        if best is None or told > best[0]:
            best = (told, finding)
    return [best[1]] if best else []


def _by_another(frame: Frame, sentence: Sentence, language: str) -> bool:
    """True when another does the deed: names stand before it, none of the claim's, and its doer owns no thing.

    "South Korea sends soldiers to the North Korean border" tells nothing of North Korean soldiers, "Russia
    deploys North Korean soldiers" does.
    """
    if language not in ("en", "fr", "es", "de", "ru", "uk", "it"):
        return False
    deeds = [
        hit
        for deed in frame.deeds[:1]
        for key in (deed, *sorted(near(deed)))
        for hit in sentence.concepts.get(key, [])
    ]
    if not deeds:
        return False
    deed = min(deeds, key=lambda hit: hit.start)
    before = {name for name, hits in sentence.names.items() if any(hit.end <= deed.start for hit in hits)}
    if not before or before & set(frame.names):
        return False
    things = [
        hit
        for thing in frame.things
        for key in (thing, *sorted(near(thing)))
        for hit in sentence.concepts.get(key, [])
    ]
    return not any(
        -2 <= thing.start - own_name.end <= 12 or -2 <= own_name.start - thing.end <= 12
        for own_name in sentence.names.get(frame.names[0], [])
        for thing in things
    )


def _marks(frame: Frame, sentence: Sentence) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for concept in (*frame.deeds[:1], *frame.things[:1]):
        for key in (concept, *sorted(near(concept))):
            for hit in sentence.concepts.get(key, [])[:1]:
                if hit.end:
                    found.setdefault(sentence.verbatim(hit.start, hit.end))
    return tuple(found)[:3]
