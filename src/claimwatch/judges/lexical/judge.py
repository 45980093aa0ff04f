"""The default judge: reads both texts, aligns them, applies named rules, and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claimwatch.core.aliases import AliasBook
from claimwatch.core.model import Assessment, Claim, Pair, Stance
from claimwatch.judges.lexical.align import Alignment, align
from claimwatch.judges.lexical.claimed import frame_of
from claimwatch.judges.lexical.decision import by_model
from claimwatch.judges.lexical.figures import compare_figures
from claimwatch.judges.lexical.finding import Finding
from claimwatch.judges.lexical.frame import Frame
from claimwatch.judges.lexical.known_names import KnownNames
from claimwatch.judges.lexical.turns import find_telling, find_turns
from claimwatch.judges.lexical.when import compare_dates
from claimwatch.language.detect import detect
from claimwatch.language.opposites import opposites_for
from claimwatch.language.polarity import cues_of
from claimwatch.language.reading import Reading, keyer, read

NAME = "lexical-1"
EVIDENCE = 280  # letters of a quotation
ALIGNED = 0.8  # a rule fires only where names, deed and thing were found: never less sure than this


def _quotation(text: str, marks: tuple[str, ...]) -> str:
    if len(text) <= EVIDENCE:
        return text
    place = text.find(marks[0]) if marks else 0
    start = max(0, min(place - EVIDENCE // 3, len(text) - EVIDENCE)) if place > EVIDENCE // 2 else 0
    piece = text[start : start + EVIDENCE]
    if start and " " in piece:
        piece = piece[piece.index(" ") + 1 :]
    if " " in piece and start + EVIDENCE < len(text):
        piece = piece[: piece.rindex(" ")]
    return piece.strip()


def _hedge(finding: Finding) -> str | None:
    hits = finding.sentence.cues.get("hedge", [])
    return finding.sentence.verbatim(hits[0].start, hits[0].end) if hits else None


def _speaks_of(frame: Frame, reading: Reading, whole: Alignment) -> bool:
    if whole.names < 0.5 or not whole.actor or whole.others < 0.6:
        return False
    ahead = frame.planned and any("future" in sentence.cues for sentence in reading.sentences)
    if not (whole.aspects or ahead):
        return False
    tolls = frame.quantity is not None and frame.quantity.measure in ("casualties", "killed", "wounded")
    if tolls and whole.head_action >= 0.6:
        return True  # "casualties" need not say of whom when the doer is named
    return whole.head_thing >= 0.5 and whole.things >= 0.4


def _choose(frame: Frame, findings: list[Finding], modelled: list[Finding]) -> Finding | None:
    """Rules that name their words come first; the model speaks where no rule does."""
    if findings:
        order = {Stance.CONTRADICTS: 3, Stance.UPDATES: 2, Stance.SUPPORTS: 1, Stance.NEUTRAL: 0}
        best = max(findings, key=lambda finding: (finding.strength, order[finding.stance]))
        if best.stance is not Stance.SUPPORTS or not modelled:
            return best
    return modelled[0] if modelled else None


def _relevance(frame: Frame, whole: Alignment, same: bool) -> float:
    """Return how surely the text speaks of the claim (0..1): what of the claim's parts occurs in it.

    Claims whose names or deeds no lexicon knows are measured by their names and their other words.
    """
    if frame.names and frame.things and frame.actions:
        parts = [whole.names, whole.things, whole.actions, *([whole.words] if same else [])]
    else:
        known = [(frame.names, whole.names), (frame.others, whole.others), (frame.plain, whole.plain)]
        parts = [share for asked, share in known if asked]
    return round(sum(parts) / len(parts), 3) if parts else 0.0


def _denies_opposite(frame: Frame, finding: Finding, language: str) -> str | None:
    """Return the word whose denial speaks for the claim: "denies it is unsafe", where the claim says "safe"."""
    if finding.rule not in ("denial", "refutation") and finding.rule != "model":
        return None
    sentence = finding.sentence
    cues = [cue for cue in cues_of(sentence, language) if cue.kind in ("denial", "refutation")]
    if not cues:
        return None
    opposites = opposites_for(language, keyer(language))
    claimed = {word.key for part in frame.reading.sentences for word in part.words} - sentence.keys
    for word in sentence.words:
        if any(cue.start <= word.start < cue.end for cue in cues):
            continue
        if any(opposites.opposed(key, word.key) for key in claimed):
            return sentence.verbatim(word.start, word.end)
    return None


def _confused(frame: Frame, reading: Reading, known: KnownNames | None) -> bool:
    """True when the text names a party that must not be confused with one of the claim's, and not that one."""
    lost = [name for name in frame.names if name not in reading.names]
    if known is None or not lost:
        return False
    return not known.rivals(lost, reading.language).isdisjoint(reading.names)


def _assess(frame: Frame, reading: Reading, known: KnownNames | None, published: date | None) -> Assessment:
    same = frame.reading.language == reading.language
    whole = align(frame, reading.concepts, reading.names, reading.keys, same)
    relevance = _relevance(frame, whole, same)
    findings: list[Finding] = []
    if reading.sentences:
        findings.extend(find_turns(frame, reading, same))
        if _speaks_of(frame, reading, whole):
            findings.extend(compare_figures(frame, reading))
        findings.extend(find_telling(frame, reading, same))
        findings.extend(compare_dates(frame, reading, same, published))
    modelled = by_model(frame, reading, whole) if same and not _confused(frame, reading, known) else []
    best = _choose(frame, findings, modelled)
    if best is None:
        return Assessment(Stance.NEUTRAL, 0.5, "", (), NAME, relevance=relevance)
    if (
        same
        and best.stance is Stance.CONTRADICTS
        and (word := _denies_opposite(frame, best, reading.language))
    ):
        best = replace(best, stance=Stance.SUPPORTS, strength=0.5, form="denies the opposite",
                       reason=f'{best.reason}, of the opposite: "{word}"', rule="denial of the opposite")  # fmt: skip
        findings.append(best)
    if best in findings:
        relevance = max(relevance, ALIGNED)
    evidence = _quotation(best.sentence.text, best.marks)
    same_stance = [f.reason for f in (*findings, *modelled) if f.stance is best.stance]
    return Assessment(
        best.stance,
        round(best.strength, 3),
        evidence,
        tuple(dict.fromkeys((best.reason, *same_stance))),
        NAME,
        form=best.form,
        change=best.change,
        speaker=best.speaker,
        hedge=_hedge(best),
        marks=tuple(mark for mark in best.marks if mark and mark in evidence),
        relevance=relevance,
    )


class LexicalJudge:
    """Judges by lexicons, numbers and named rules; offline; any language it has a lexicon for.

    Names that the alias book has for one party are one name to it, and what the book sets apart is not.
    """

    name = NAME

    def __init__(self, aliases: AliasBook | None = None) -> None:
        """Raises: ValueError, when the book holds a name that cannot be looked for."""
        self._known = KnownNames(aliases) if aliases and aliases.entities else None

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        """Return one assessment a pair, in order; never fails on a text."""
        found: list[Assessment] = []
        for pair in pairs:
            language = detect(pair.text, pair.language)
            frame = frame_of(pair.claim, language, self._known)
            reading = read(pair.text, language, self._known)
            published = pair.published_at.date() if pair.published_at else None
            found.append(_assess(frame, reading, self._known, published))
        return found


def judge(claim: str, text: str, *, language: str | None = None) -> Assessment:
    """Return what the text says of the claim; `language` is the text's, when known."""
    pair = Pair(Claim("claim", "", claim, claim[:55]), text, language)
    return LexicalJudge().assess([pair])[0]
