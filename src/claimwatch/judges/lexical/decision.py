"""What the fitted model makes of a claim and a text in one language, with the words and features that decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from claimwatch.core.model import Change, Stance
from claimwatch.judges.lexical.align import Alignment
from claimwatch.judges.lexical.features import Seen, observe, said_words
from claimwatch.judges.lexical.finding import Finding
from claimwatch.judges.lexical.frame import Frame
from claimwatch.judges.lexical.model import QUESTIONS, features_of, key_of, model
from claimwatch.judges.lexical.turns import speaker_of
from claimwatch.language.polarity import cues_of
from claimwatch.language.reading import Reading, Sentence

_NEARLY_THE_SAME = 0.3  # share of the claim's words that a sentence must have
_SAME_BUT_ONE = 0.5  # share of the words, from which on their order says nothing
_IN_ORDER = 0.3  # share of the claim's words that a text has in the claim's order
_CONFIRMED = 0.7  # share of the claim's words beside a confirming word
_OPPOSITE = 0.6  # of the strength of an opposite: how much else is the same
_LESS = 0.75  # what these take off the limit
_WHY = {
    "opening_no": "opening no", "negation_turned": "negation", "negation_near": "negation", "denial": "denial",
    "refutation": "refutation", "refutation_far": "refutation", "denial_far": "denial", "disclaimer": "disclaimer",
    "opposite": "opposite", "other_of_set": "another of the same kind", "other_name": "another name",
    "numbers_differ": "another number", "negation_far": "negation", "doubt": "doubt",
}  # fmt: skip


_TURNING = ("negation_turned", "opening_no", "denial", "refutation", "disclaimer", "opposite", "other_of_set",
            "ordinal_differs", "other_name")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """The model's answers for one pair: a probability a question, the limits from which they count, the features."""

    seen: Seen
    key: str
    values: dict[str, float]
    limits: dict[str, float]
    _chances: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def chance(self, question: str) -> float:
        """Return the probability; worked out when first asked: most texts are not related, and asked no more."""
        known = self._chances.get(question)
        if known is None:
            known = model().questions[question].probability(self.values, self.key)
            self._chances[question] = known
        return known

    def holds(self, question: str) -> bool:
        return self.chance(question) >= self.limits[question]

    def parts(self, question: str) -> list[tuple[str, float]]:
        """Return each feature's part of one question's sum, the greatest first."""
        return model().questions[question].parts(self.values, self.key)


def weigh(frame: Frame, reading: Reading) -> Weighed | None:
    """Return the model's answers; None when the texts have no common language or nothing to compare."""
    if frame.reading.language != reading.language:
        return None
    seen = observe(frame, reading)
    if seen.sentence is None:
        return None
    fitted = model()
    key = key_of(seen.values, reading.language)
    known = fitted.words[key]
    values = features_of(seen.values, key, said_words(frame, reading) if known else set(), known)
    limits = {question: fitted.questions[question].thresholds[key] for question in QUESTIONS}
    return Weighed(seen, key, values, limits)


def by_model(frame: Frame, reading: Reading, whole: Alignment) -> list[Finding]:
    """Return what the fitted model says of a claim and a text in one language."""
    if frame.names and len(frame.things) + len(frame.deeds) >= 2 and not frame.booked:
        return []  # the rules read such claims better
    weighed = weigh(frame, reading)
    if weighed is None:
        return []
    if weighed.holds("related") and _turned(weighed) and _tied(frame, reading, weighed.seen.values):
        return _against(frame, reading, weighed)
    related = weighed.chance("related") >= weighed.limits["related"] / 2  # what is told may share less
    if related and _told(weighed) and _close(frame, weighed.seen.values, whole):
        chance = weighed.chance("supports")
        if weighed.seen.values.get("numbers_differ") and not weighed.seen.values.get("numbers_same"):
            return [_other_figure(weighed.seen, chance)]
        reason = f"model ({weighed.key}): supports {chance:.2f}"
        return [Finding(Stance.SUPPORTS, chance, "model", reason, _read_from(weighed.seen), (), "happened")]
    return []


def _turned(weighed: Weighed) -> bool:
    """True when the text speaks against the claim; an opposite with all else the same need not be so likely."""
    opposite = weighed.seen.values.get("opposite", 0.0) >= _OPPOSITE
    return weighed.chance("contradicts") >= weighed.limits["contradicts"] * (_LESS if opposite else 1)


def _of_something_else(values: dict[str, float]) -> bool:
    """True when a text has less than half of the claim's words, and these in another order."""
    return values.get("cover", 0.0) < _SAME_BUT_ONE and values.get("in_order", 0.0) < _IN_ORDER


def _told(weighed: Weighed) -> bool:
    """True when the text tells what the claim says; a confirming word makes up for a headline's brevity."""
    values = weighed.seen.values
    doubtful = ("polarity_turned", "denial", "refutation", "doubt", "question", "hedge", "no_comment")
    confirmed = values.get("confirmation") and values.get("cover", 0.0) >= _CONFIRMED
    if confirmed and not any(values.get(name) for name in doubtful):
        return weighed.chance("supports") >= weighed.limits["supports"] * _LESS
    return weighed.holds("supports")


def _tied(frame: Frame, reading: Reading, values: dict[str, float]) -> bool:
    """True unless the claim has names and the text none of them: the same words may be said of anything."""
    named = bool(frame.names or values.get("has_names"))
    if not named or values.get("capitals", 0.0) > 0 or set(frame.names) & reading.names:
        return True
    return values.get("cover", 0.0) >= _NEARLY_THE_SAME  # a name put in the place of another


def _against(frame: Frame, reading: Reading, weighed: Weighed) -> list[Finding]:
    seen, chance = weighed.seen, weighed.chance("contradicts")
    if _only_figures(seen.values):
        return [_other_figure(seen, chance)]
    reasons, marks = [], []
    parts = weighed.parts("contradicts")
    for name, why in _WHY.items():
        word = seen.words.get(name)
        if word and sum(part for other, part in parts if name.split("_")[0] in other) > 0:
            reasons.append(f'{why}: "{word}"')
            marks.append(word)
    if not marks:  # no turning word: only what says nearly the same may contradict by what it puts instead
        if seen.values.get("cover", 0.0) < _NEARLY_THE_SAME or _of_something_else(seen.values):
            return []
        reasons, marks = _instead(frame, seen)
    reasons.append(f"model ({weighed.key}): contradicts {chance:.2f}")
    sentence = seen.turning or _read_from(seen)
    cue = next((c for c in cues_of(sentence, reading.language) if c.kind != "negation"), None)
    return [
        Finding(
            Stance.CONTRADICTS,
            chance,
            "model",
            "; ".join(dict.fromkeys(reasons)),
            sentence,
            tuple(dict.fromkeys(marks)),
            "denies" if cue and cue.kind == "denial" else "refutes",
            None,
            speaker_of(sentence, cue) if cue else None,
        )
    ]


def _read_from(seen: Seen) -> Sentence:
    assert seen.sentence is not None  # noqa: S101 - `weigh` looked
    return seen.sentence


def _only_figures(values: dict[str, float]) -> bool:
    """True when nothing but another number or date speaks against the claim: no denial, so no contradiction."""
    differ = values.get("numbers_differ") or values.get("year_differs")
    return bool(differ) and not any(values.get(name, 0.0) >= 0.3 for name in _TURNING)


def _other_figure(seen: Seen, strength: float) -> Finding:
    sentence = _read_from(seen)
    old, _, new = seen.words.get("numbers_differ", "").partition(" / ")
    change = Change(old, new) if new else None
    form = "changes" if seen.values.get("numbers_differ") else "dates"
    return Finding(Stance.UPDATES, strength, "quantity", f'quantity: "{new or "another date"}" without a denial',
                   sentence, (), form, change)  # fmt: skip


def _close(frame: Frame, values: dict[str, float], whole: Alignment) -> bool:
    """True when enough is shared to call the text the claim's: its words, or its names and a good part of them."""
    if len(frame.names) > 1 and values.get("names_missing"):
        return False
    if (frame.others or frame.names) and whole.plain == 0:
        return False
    return values.get("cover_text", 0.0) >= 0.2 or values.get("capitals") == 1


def _instead(frame: Frame, seen: Seen) -> tuple[list[str], list[str]]:
    """Return the reason and the words for a text that puts something else where the claim says otherwise."""
    sentence = _read_from(seen)
    claimed = {key for part in frame.reading.sentences for key in part.keys}
    fresh = [
        sentence.verbatim(w.start, w.end)
        for w in sentence.words
        if w.key not in claimed and not w.key.isdigit()
    ][:2]
    if seen.values.get("claim_negated") or seen.values.get("refutation_claim"):
        return ["the claim says that it is not so, the text tells it"], fresh[:1]
    lost = [key for key in frame.keys if key not in sentence.keys][:2]
    words = ", ".join(f'"{word}"' for word in fresh)
    return [f"nearly the same words, but {words or 'nothing'} for {', '.join(lost)}"], fresh
