"""What turns a claim: denials, refutations, negations over it, and acts that undo it."""

from __future__ import annotations

from claimwatch.core.model import Stance
from claimwatch.judges.lexical.align import Alignment, align, around, own
from claimwatch.judges.lexical.finding import Finding
from claimwatch.judges.lexical.frame import PLACES, Frame
from claimwatch.language.concepts import near, opposite
from claimwatch.language.lexicon import Hit
from claimwatch.language.polarity import Cue, cues_of
from claimwatch.language.reading import Reading, Sentence

_FORMS = {"denial": "denies", "refutation": "refutes", "disclaimer": "disclaims", "negation": "denies"}


def speaker_of(sentence: Sentence, cue: Cue) -> str | None:
    """Return who says so, as the sentence names them: the last name before the word, else the first after."""
    hits = sorted((hit for hits in sentence.names.values() for hit in hits), key=lambda hit: hit.start)
    before = [hit for hit in hits if hit.end <= cue.start]
    if before:
        return sentence.verbatim(before[0].start, before[0].end)
    after = [hit for hit in hits if hit.start >= cue.end]
    return sentence.verbatim(after[-1].start, after[-1].end) if after else None


def _about(frame: Frame, reading: Reading, index: int, same: bool) -> tuple[Alignment, Alignment, Alignment]:
    sentence = reading.sentences[index]
    return (
        align(frame, *own(sentence), same),
        align(frame, *around(reading, index), same),
        align(frame, reading.concepts, reading.names, reading.keys, same),
    )


def _core(frame: Frame, here: Alignment, close: Alignment, whole: Alignment) -> bool:
    """True when the sentence speaks of the claim's subject matter, doer and deed."""
    if not frame.names or not (frame.things and frame.actions):
        return False
    if whole.names < 0.5 or not whole.actor:
        return False
    if not whole.aspects:
        return False
    if frame.deeds[:1] == ("acknowledge",) and here.head_action < 1:
        return False
    if close.things < 0.45 or close.head_thing < 0.5 or close.head_action < 0.5:
        return False
    return here.head_thing >= 0.5 or here.head_action >= 0.5 or here.names > 0


def find_turns(frame: Frame, reading: Reading, same: bool) -> list[Finding]:
    """Return the denials, negations and undoing acts that stand over the claim."""
    found: list[Finding] = []
    for index, sentence in enumerate(reading.sentences):
        cues = cues_of(sentence, reading.language)
        undone = _undoing(frame, sentence)
        if not cues and undone is None:
            continue
        here, close, whole = _about(frame, reading, index, same)
        if _elsewhere(frame, reading, index):
            continue
        if not _core(frame, here, close, whole):
            continue
        for cue in cues:
            if cue.kind == "negation" and not _over(frame, sentence, cue):
                continue
            words = sentence.verbatim(cue.start, cue.end)
            if cue.rejected:
                found.append(
                    Finding(Stance.SUPPORTS, 0.6, "denial rejected", f'denial rejected: "{words}"', sentence,
                            (words,))  # fmt: skip
                )
                continue
            stance = Stance.SUPPORTS if frame.negated else Stance.CONTRADICTS
            speaker = speaker_of(sentence, cue)
            by = f" by {speaker}" if speaker else ""
            strength = 0.9 if cue.kind in ("denial", "disclaimer") else 0.8
            found.append(
                Finding(stance, strength, cue.kind, f'{cue.kind}: "{words}"{by}', sentence, (words,),
                        _FORMS[cue.kind], None, speaker)  # fmt: skip
            )
        if undone is not None:
            found.append(_undone(frame, sentence, *undone))
    return found


def _elsewhere(frame: Frame, reading: Reading, index: int) -> bool:
    """True when the sentence is about another place than the claim's."""
    places = {name for name in reading.sentences[index].names if name in PLACES}
    return bool(frame.places and places) and not places & set(frame.places)


def _over(frame: Frame, sentence: Sentence, cue: Cue) -> bool:
    """True when one of the claim's deeds stands in the negation's scope."""
    deeds = set(frame.deeds[:1])
    for deed in frame.deeds[:1]:
        deeds |= near(deed)
    return any(
        cue.scope_start <= hit.start < cue.scope_end
        for deed in deeds
        for hit in sentence.concepts.get(deed, [])
    )


def _undoing(frame: Frame, sentence: Sentence) -> tuple[str, Hit] | None:
    for deed in frame.deeds:
        for counter in opposite(deed):
            if counter == "return" and "more" not in frame.aspects:
                continue  # who came home had been there
            hits = sentence.concepts.get(counter)
            if hits:
                return counter, hits[0]
    return None


def _undone(frame: Frame, sentence: Sentence, counter: str, hit: Hit) -> Finding:
    words = sentence.verbatim(hit.start, hit.end)
    planned = frame.planned and counter == "halt"
    stance = Stance.CONTRADICTS if planned else Stance.UPDATES
    return Finding(stance, 0.7, "opposite action", f'opposite action: "{words}"', sentence, (words,),
                   "ended" if not planned else "cancelled")  # fmt: skip
