"""The default judge: reads both texts, aligns them, applies named rules, and says why."""

from __future__ import annotations

from collections.abc import Sequence

from claimwatch.core.model import Assessment, Claim, Pair, Stance
from claimwatch.judges.lexical.align import Alignment, align
from claimwatch.judges.lexical.figures import compare_figures
from claimwatch.judges.lexical.finding import Finding
from claimwatch.judges.lexical.frame import Frame, frame_of
from claimwatch.judges.lexical.turns import find_turns
from claimwatch.language.detect import detect
from claimwatch.language.reading import Reading, read

NAME = "lexical-1"
EVIDENCE = 280  # letters of a quotation


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


def _speaks_of(frame: Frame, whole: Alignment) -> bool:
    if whole.names < 0.5 or not whole.actor:
        return False
    return whole.head_thing >= 0.5 and whole.things >= 0.4 and whole.aspects


def _assess(frame: Frame, reading: Reading) -> Assessment:
    same = frame.reading.language == reading.language
    whole = align(frame, reading.concepts, reading.names, reading.keys, same)
    relevance = round((whole.names + whole.things + whole.actions + (whole.words if same else 0)) / (4 if same else 3), 3)
    findings: list[Finding] = []
    if reading.sentences:
        findings.extend(find_turns(frame, reading, same))
        if _speaks_of(frame, whole):
            findings.extend(compare_figures(frame, reading))
    if not findings:
        if same and whole.words >= 0.7 and reading.sentences:
            best = max(reading.sentences, key=lambda sentence: align(
                frame, frozenset(sentence.concepts), frozenset(sentence.names), sentence.keys, True).words)  # fmt: skip
            return Assessment(Stance.SUPPORTS, 0.5, _quotation(best.text, ()), ("same words",), NAME,
                              form="happened", relevance=relevance)  # fmt: skip
        return Assessment(Stance.NEUTRAL, 0.5, "", (), NAME, relevance=relevance)
    order = {Stance.CONTRADICTS: 3, Stance.UPDATES: 2, Stance.SUPPORTS: 1, Stance.NEUTRAL: 0}
    best_finding = max(findings, key=lambda finding: (finding.strength, order[finding.stance]))
    evidence = _quotation(best_finding.sentence.text, best_finding.marks)
    reasons = tuple(dict.fromkeys(f.reason for f in findings if f.stance is best_finding.stance))
    return Assessment(
        best_finding.stance,
        best_finding.strength,
        evidence,
        reasons,
        NAME,
        form=best_finding.form,
        change=best_finding.change,
        speaker=best_finding.speaker,
        hedge=_hedge(best_finding),
        marks=tuple(mark for mark in best_finding.marks if mark and mark in evidence),
        relevance=relevance,
    )


class LexicalJudge:
    """Judges by lexicons, numbers and named rules; offline; any language it has a lexicon for."""

    name = NAME

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        """Return one assessment a pair, in order; never fails on a text."""
        found: list[Assessment] = []
        for pair in pairs:
            language = detect(pair.text, pair.language)
            found.append(_assess(frame_of(pair.claim, language), read(pair.text, language)))
        return found


def judge(claim: str, text: str, *, language: str | None = None) -> Assessment:
    """Return what the text says of the claim; `language` is the text's, when known."""
    pair = Pair(Claim("claim", "", claim, claim[:55]), text, language)
    return LexicalJudge().assess([pair])[0]
