"""Named features of a claim and a text in one language, for the small model. All are numbers near 0..1."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from claimwatch.judges.lexical.contrasts import contrast
from claimwatch.judges.lexical.cover import (
    cover,
    in_order,
    letters,
    matched,
    meanings_of,
    name_groups,
    neighbours,
    rare_cover,
    sides_of,
    similar,
)
from claimwatch.judges.lexical.frame import Frame
from claimwatch.language.concepts import is_light
from claimwatch.language.frequency import RARE, rarity
from claimwatch.language.opposites import opposites_for
from claimwatch.language.polarity import Cue, cues_of
from claimwatch.language.reading import Reading, Sentence, Word, keyer

_QUOTED = re.compile(r"(?<!\w)['\"][\w -]{3,40}['\"](?!\w)")
_STYLED = ("rumour", "claiming", "sourced", "no_comment", "doubt", "question", "hedge", "reporting", "confirmation",
           "instead", "contrast")  # fmt: skip
_STRONG = ("denial", "denial_far", "refutation", "refutation_far", "opening_no", "disclaimer")
_TWO_LETTERS = ("ko", "zh", "ja")  # a syllable or sign says as much there as two letters elsewhere
_COMMON = 0.5
_TOKEN = re.compile(r"[^\W_]+(?:'[a-z]+)?|\?")
_TOKENS = 40  # words of a text whose presence may count by itself


@dataclass(slots=True)
class Seen:
    """The features of one pair with the words behind them, and the sentence they were read from."""

    values: dict[str, float]
    words: dict[str, str] = field(default_factory=dict)
    sentence: Sentence | None = None
    turning: Sentence | None = None


@dataclass(slots=True)
class _Claimed:
    """The claim's sentence against a whole text and against the sentence of it that has most of it."""

    claim: Sentence
    best: Sentence
    language: str
    whole: dict[str, float]
    here: dict[str, float]
    covers: list[float]


def _gate(claim: Sentence, plain: list[Word], whole: dict[str, float], share: float) -> float:
    """1 when a head word is shared, or two names that stand apart; words as common in news as "video" do not count."""
    heavy = [
        word
        for word in plain
        if whole[word.key] > 0.7 and not any(is_light(m) for m in claim.meaning.get(word.key, ()))
    ]
    if heavy and share >= 0.3:
        return 1.0
    return 1.0 if name_groups(claim, whole) >= 2 and share >= 0.4 else 0.0


def _near(cue: Cue, sentence: Sentence, present: frozenset[str]) -> bool:
    """True when one of the claim's words stands where the cue reaches."""
    return any(
        word.key in present and cue.scope_start <= word.start <= cue.scope_end for word in sentence.words
    )


def said_words(frame: Frame, reading: Reading) -> set[str]:
    """Return the words of the text's beginning, folded, that the claim does not have."""
    said: list[str] = []
    for sentence in reading.sentences:
        said.extend(_TOKEN.findall(sentence.folded))
        if len(said) >= _TOKENS:
            break
    claimed = {token for sentence in frame.reading.sentences for token in _TOKEN.findall(sentence.folded)}
    return set(said[:_TOKENS]) - claimed


def observe(frame: Frame, reading: Reading) -> Seen:
    """Return the features of a claim and a text that share a language; only those that are not 0."""
    seen = Seen({})
    if not reading.sentences or not frame.reading.sentences:
        return seen
    claim = max(frame.reading.sentences, key=lambda sentence: len(sentence.words))
    opposites = opposites_for(reading.language, keyer(reading.language))
    best, best_cover, best_matched = reading.sentences[0], -1.0, dict[str, float]()
    covers: list[float] = []
    all_meanings: set[str] = set()
    all_sides: set[tuple[int, int]] = set()
    for sentence in reading.sentences:
        sides = sides_of(sentence, opposites)
        meanings = meanings_of(sentence)
        all_meanings |= meanings
        all_sides |= sides
        found = matched(claim, sentence.keys, meanings, opposites, sides)
        covers.append(cover(claim.words, found))
        if covers[-1] > best_cover + 1e-9:
            best, best_cover, best_matched = sentence, covers[-1], found
    whole = matched(claim, reading.keys, frozenset(all_meanings), opposites, all_sides)
    claimed = _Claimed(claim, best, reading.language, whole, best_matched, covers)
    seen.sentence = best
    values = seen.values
    _shares(frame, reading, claimed, values)
    _anchors(claimed, values)
    _letters_and_order(reading, claimed, values)
    _cues(frame, reading, claimed, seen)
    contrast(frame, reading, claim, best, best_matched, opposites, values, seen.words)
    _products(values)
    seen.values = {name: value for name, value in values.items() if value}
    return seen


def _shares(frame: Frame, reading: Reading, claimed: _Claimed, values: dict[str, float]) -> None:
    claim, best, whole, here = claimed.claim, claimed.best, claimed.whole, claimed.here
    plain = [
        word for word in claim.words if not word.capital and (word.start > 0 or word.key in claim.meaning)
    ]
    plain = plain or claim.words
    values["cover"] = max(claimed.covers)
    values["cover_text"] = cover(claim.words, whole)
    values["cover_first"] = claimed.covers[0]
    values["plain_cover"] = cover(plain, whole)
    values["rare_cover"] = rare_cover(claim.words, here, claimed.language)
    values["rare_cover_text"] = rare_cover(claim.words, whole, claimed.language)
    values["gate"] = _gate(claim, plain, whole, values["cover_text"])
    meanings = meanings_of(claim)
    back = [
        key in claim.keys or bool(best.meaning.get(key, frozenset()) & meanings) or similar(key, claim.keys)
        for key in best.keys
    ]
    values["told_back"] = sum(back) / len(back) if back else 0.0
    said = sum(rarity(word.key, claimed.language) for word in best.words)
    fresh = sum(rarity(word.key, claimed.language) for word in best.words if word.key not in claim.keys)
    values["rare_told_back"] = 1 - fresh / said if said else 0.0
    capitals = [word.key for word in claim.words if word.capital]
    values["has_names"] = float(bool(capitals))
    values["capitals"] = sum(whole[key] > 0 for key in capitals) / len(capitals) if capitals else 0.5
    values["missing"] = min(1.0, sum(1 for value in here.values() if value == 0) / 4)
    values["names_missing"] = float(bool(set(frame.names) - reading.names))
    values["cover_high"] = max(0.0, values["cover"] - 0.7) / 0.3
    values["headline"] = float(reading.sentences[0].text[-1:] not in ".。" and len(reading.sentences) <= 2)
    values["exact"] = float(values["cover"] > 0.97)
    values["long_text"] = min(1.0, len(reading.sentences) / 8)
    values["short_claim"] = float(len(claim.words) <= 4)
    values["claim_length"] = min(len(claim.words), 20) / 20
    values["text_length"] = min(sum(len(sentence.words) for sentence in reading.sentences), 60) / 60


def _anchors(claimed: _Claimed, values: dict[str, float]) -> None:
    """What ties the text to the claim: names and rare words that both have, and what the text lacks."""
    claim, language = claimed.claim, claimed.language
    shared = [
        word
        for word in claim.words
        if not word.capital
        and claimed.whole[word.key] > 0.7
        and not any(is_light(meaning) for meaning in claim.meaning.get(word.key, ()))
    ]
    rare = sum(rarity(word.key, language) >= RARE and len(word.key) > 2 for word in shared)
    known = sum(rarity(word.key, language) >= _COMMON for word in shared)
    names = name_groups(claim, claimed.whole)
    values["rare_shared"] = min(rare, 3) / 3
    values["known_shared"] = min(known, 4) / 4
    values["rare_one"], values["rare_two"] = float(rare >= 1), float(rare >= 2)
    values["names_one"], values["names_two"] = float(names >= 1), float(names >= 2)
    values["anchors"] = min(4, rare + names) / 4
    values["anchors_known"] = min(4.0, rare + names + 0.5 * (known - rare)) / 4
    lost = [word for word in claim.words if claimed.here[word.key] == 0]
    fresh = [word for word in claimed.best.words if word.key not in claim.keys]
    values["lost_rare"] = min(3, sum(rarity(word.key, language) >= RARE for word in lost)) / 3
    values["lost_rarest"] = max((rarity(word.key, language) for word in lost), default=0.0)
    for name, test in (("capital", lambda word: word.capital), ("number", lambda word: word.key.isdigit())):
        values[f"lost_{name}"] = float(any(map(test, lost)))
        values[f"fresh_{name}"] = float(any(map(test, fresh)))
        values[f"swap_{name}"] = values[f"lost_{name}"] * values[f"fresh_{name}"]


def _letters_and_order(reading: Reading, claimed: _Claimed, values: dict[str, float]) -> None:
    claim, best = claimed.claim, claimed.best
    size = 2 if claimed.language in _TWO_LETTERS else 3
    mine, its = letters(claim.folded, size), letters(best.folded, size)
    if mine and its:
        everywhere = frozenset().union(*(letters(sentence.folded, size) for sentence in reading.sentences))
        values["letters_text"] = len(mine & everywhere) / len(mine)
        values["letters"] = len(mine & its) / len(mine)
        values["letters_back"] = len(mine & its) / len(its)
    values["order"] = neighbours(claim, best)
    keys = [word.key for word in claim.words]
    if not keys:
        return
    run = in_order(keys, [word.key for word in best.words][:40])
    common = sum(key in best.keys for key in keys)
    values["in_order"] = run / len(keys)
    values["disorder"] = 1 - run / common if common else 0.0
    values["first_word"] = float(claimed.here[keys[0]] > 0)
    values["last_word"] = float(claimed.here[keys[-1]] > 0)
    values["lost_at_end"] = sum(claimed.here[key] == 0 for key in keys[-3:]) / 3


def _cues(frame: Frame, reading: Reading, claimed: _Claimed, seen: Seen) -> None:
    """What turns the claim, and how it is told."""
    best, covers, values = claimed.best, claimed.covers, seen.values
    share = max(covers)
    claim_cues = [
        c for sentence in frame.reading.sentences for c in cues_of(sentence, frame.reading.language)
    ]
    negated = sum(c.kind == "negation" for c in claim_cues) % 2 == 1
    values["claim_negated"] = float(any(c.kind == "negation" for c in claim_cues))
    refuting_claim = any(c.kind == "refutation" for c in claim_cues)
    values["refutation_claim"] = float(refuting_claim)
    present = frozenset(key for key, value in claimed.here.items() if value > 0)
    near_negations = 0
    for sentence, its_cover in zip(reading.sentences, covers, strict=True):
        is_best = sentence is best
        related = is_best or its_cover >= 0.5 * share or len(reading.sentences) <= 2
        for cue in cues_of(sentence, reading.language):
            word = sentence.verbatim(cue.start, cue.end)
            if cue.rejected:
                values["denial_rejected"] = 1.0
                continue
            name = cue.kind
            if cue.kind == "negation":
                close = is_best and _near(cue, sentence, present)
                near_negations += close
                name = "negation_near" if close else "negation_far"
                if (
                    is_best
                    and cue.start <= 2
                    and sentence.folded[cue.end : cue.end + 1] in (",", ":", "!", ".")
                ):
                    values["opening_no"] = 1.0
                    seen.words.setdefault("opening_no", word)
            elif cue.kind in ("denial", "refutation") and not related:
                name = f"{cue.kind}_far"
            if cue.kind == "refutation" and refuting_claim:
                continue
            values[name] = 1.0
            seen.words.setdefault(name, word)
            if related or seen.turning is None:
                seen.turning = sentence if name not in ("negation_far",) else seen.turning
        if related or len(reading.sentences) <= 2:
            for name in _STYLED:
                hits = sentence.cues.get(name)
                if hits and not values.get(name):
                    values[name] = 1.0
                    seen.words.setdefault(name, sentence.verbatim(hits[0].start, hits[0].end))
    refused = bool(claim_cues)
    turned = any(
        values.get(name) for name in ("negation_near", "negation_far", "denial", "refutation", "disclaimer")
    )
    values["polarity_turned"] = float(refused != turned)
    values["polarity_both"] = float(refused and turned)
    values["cover_x_polarity"] = share * values["polarity_turned"]
    values["negation_turned"] = float((near_negations % 2 == 1) != negated)
    values["modal"] = float("future" in best.cues)
    values["quoted"] = float(bool(_QUOTED.search(best.folded)))
    claim_keys = {key for sentence in frame.reading.sentences for key in sentence.cues}
    for name in ("hedge", "reporting", "question", "rumour", "claiming", "sourced", "modal"):
        if name in claim_keys:
            values[name] = 0.0
    mine = any(c.kind == "negation" for c in cues_of(claimed.claim, frame.reading.language))
    here = any(c.kind == "negation" for c in cues_of(best, reading.language))
    anywhere = here or any(
        c.kind == "negation" for sentence in reading.sentences for c in cues_of(sentence, reading.language)
    )
    values["negated_here"], values["negated_text"] = float(here), float(anywhere)
    values["negated_one"] = float(mine != here)
    values["negated_both"] = float(mine and here)
    values["negated_claim_only"] = float(mine and not anywhere)
    values["negated_text_only"] = float(here and not mine)


def _products(values: dict[str, float]) -> None:
    """What a cue or a difference says depends on how much else is the same."""

    def value(name: str) -> float:
        return values.get(name, 0.0)

    share, rare, plain = value("cover"), value("rare_cover"), value("plain_cover")
    differs = max(map(value, ("opposite", "other_of_set", "ordinal_differs", "numbers_differ")))
    values["cover_x_differs"] = share * max(differs, value("year_differs"), value("other_name"))
    values["cover_x_negation"] = share * value("negation_turned")
    values["cover_x_denial"] = share * value("denial")
    values["cover_x_refutation"] = share * value("refutation")
    values["plain_x_refutation"] = plain * value("refutation")
    values["plain_x_denial"] = plain * value("denial")
    values["plain_x_polarity"] = plain * value("polarity_turned")
    strong = max(map(value, _STRONG))
    values["strong"] = strong
    values["strong_x_anchors"] = strong * value("anchors")
    values["strong_x_rare"] = strong * value("rare_cover_text")
    values["negated_x_rare_text"] = value("negated_text_only") * value("rare_cover_text")
    values["negated_x_rare"] = value("negated_one") * rare
    values["negated_x_letters"] = value("negated_one") * value("letters")
    values["opposed_x_rare"] = value("opposed") * rare
    values["swap_number_x_rare"] = value("swap_number") * rare
    values["swap_capital_x_rare"] = value("swap_capital") * rare
    values["other_of_set_x_rare"] = value("set_member") * rare
