"""A judge by natural language inference: does a sentence of the text entail or contradict the claim?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from claimwatch.core.believing import figure_instead
from claimwatch.core.model import Assessment, Change, Claim, Pair, Stance
from claimwatch.judges.nli.calibration import DEFAULT, Calibration, probabilities
from claimwatch.judges.nli.hub import DEFAULT_MODEL, fetch, is_hub_name
from claimwatch.judges.nli.model import NliModel
from claimwatch.language.detect import detect
from claimwatch.language.sentences import split_sentences

VERSION = "nli-1"
SENTENCES = 8  # of a text that are read: the headline and what follows it
EVIDENCE = 280  # letters of a quotation


class NliJudge:
    """Judges each sentence of a text by a cross-encoder; the sentence that decides is the quotation.

    The model is loaded at the first question. Only a denial makes a contradiction: where nothing but a figure
    differs, the model's "contradiction" is an update.
    """

    def __init__(
        self,
        model: str = DEFAULT_MODEL,
        calibration: Calibration = DEFAULT,
        *,
        fetch: Callable[[str], Path] = fetch,
    ) -> None:
        self.name = f"{VERSION} ({model.rstrip('/').rsplit('/', 1)[-1]})"
        self._model, self._calibration, self._fetch = model, calibration, fetch
        self._loaded: NliModel | None = None
        self._alone = threading.Lock()  # two at once would only share the same cores

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        """Return one assessment a pair, in order. Raises: JudgeError."""
        languages = [detect(pair.text, pair.language) for pair in pairs]
        read = [
            split_sentences(pair.text, language)[:SENTENCES]
            for pair, language in zip(pairs, languages, strict=True)
        ]
        asked = [
            (sentence, _hypothesis(pair.claim, language))
            for pair, language, sentences in zip(pairs, languages, read, strict=True)
            for sentence in sentences
        ]
        with self._alone:
            logits = iter(self._opened().logits(asked))
        return [
            self._conclude(pair, language, [(each, next(logits)) for each in sentences])
            for pair, language, sentences in zip(pairs, languages, read, strict=True)
        ]

    def _opened(self) -> NliModel:
        if self._loaded is None:
            local = Path(self._model)
            hub = is_hub_name(self._model) and not local.is_dir()
            self._loaded = NliModel(self._fetch(self._model) if hub else local)
        return self._loaded

    def _conclude(
        self, pair: Pair, language: str | None, told: Sequence[tuple[str, tuple[float, float, float]]]
    ) -> Assessment:
        calibration = self._calibration
        read = [(text, probabilities(logits, calibration.temperature)) for text, logits in told]
        if not read:
            return Assessment(Stance.NEUTRAL, 0.5, judge=self.name)
        against, says_not = max(((each[2], text) for text, each in read), key=lambda found: found[0])
        for_it, says_so = max(((each[0], text) for text, each in read), key=lambda found: found[0])
        if against >= calibration.contradicts and against >= for_it:
            change = figure_instead(pair.claim, says_not, language)
            if change is not None:
                reason = f'nli: only a figure differs, "{change.old}" and "{change.new}" ({against:.2f})'
                return self._answer(Stance.UPDATES, against, says_not, reason, "changes", change)
            return self._answer(Stance.CONTRADICTS, against, says_not, f"nli: contradiction {against:.2f}")
        if for_it >= calibration.supports:
            return self._answer(Stance.SUPPORTS, for_it, says_so, f"nli: entailment {for_it:.2f}", "happened")
        reason = f"nli: at most entailment {for_it:.2f}, contradiction {against:.2f}"
        return Assessment(
            Stance.NEUTRAL, round(1 - max(for_it, against), 3), reasons=(reason,), judge=self.name
        )

    def _answer(
        self,
        stance: Stance,
        sure: float,
        sentence: str,
        reason: str,
        form: str | None = None,
        change: Change | None = None,
    ) -> Assessment:
        return Assessment(
            stance,
            round(sure, 3),
            sentence[:EVIDENCE].strip(),
            (reason,),
            self.name,
            form=form,
            change=change,
        )


def _hypothesis(claim: Claim, language: str | None) -> str:
    """Return the claim in the text's language, when it has such a wording."""
    for wording in claim.wordings:
        if language and wording.language.split("-")[0].lower() == language:
            return wording.text
    return claim.text
