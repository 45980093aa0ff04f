"""What every answer of the embedded judge must be, whatever the text."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.core.model import Claim, Pair, Stance, Wording
from claimwatch.judges.lexical import LexicalJudge, describe_frame, judge

CLAIM = "North Korea has sent about 4,000 soldiers to Russia."
WORDS = st.sampled_from(
    [
        "North",
        "Korea",
        "denies",
        "that",
        "it",
        "has",
        "sent",
        "never",
        "no",
        "4,000",
        "6,000",
        "soldiers",
        "to",
        "Russia",
        ".",
        "Kremlin",
        "fake",
        "not",
        "only",
        "withdrew",
        "부인",
        "否认",
        "отрицает",
        "n'a",
        "pas",
        "envoyé",
        "killed",
        "wounded",
        "?",
        ",",
        "“",
        "”",
        "-",
        "30",
        "000",
        "another",
        "up",
        "to",
        "reportedly",
        "\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=120)))
def test_the_quotation_occurs_in_the_text_and_the_marks_in_the_quotation(text: str) -> None:
    found = judge(CLAIM, text)
    assert found.evidence in text
    assert len(found.evidence) <= 280
    assert all(mark in found.evidence for mark in found.marks)
    assert 0.0 <= found.confidence <= 1.0
    assert found.judge == "lexical-1"
    assert found.reasons or found.stance is Stance.NEUTRAL


def test_a_long_sentence_is_quoted_around_the_words_that_decide() -> None:
    text = "word " * 90 + "the Kremlin denies that North Korea has sent soldiers to Russia " + "word " * 60
    found = judge(CLAIM, text, language="en")
    assert found.stance is Stance.CONTRADICTS
    assert "denies" in found.evidence
    assert len(found.evidence) <= 280


def test_a_figure_is_shown_as_old_and_new_with_the_percentage() -> None:
    found = judge("About 4,000 North Korean soldiers were killed or wounded in Russia.",
                  "6,000 North Korean soldiers were killed or wounded in Russia")  # fmt: skip
    assert found.stance is Stance.UPDATES
    assert found.form == "raises"
    assert found.change is not None
    assert (found.change.old, found.change.new, found.change.percent) == (
        "about 4,000 (3,600 to 4,400) soldiers killed or wounded", "6,000 soldiers killed or wounded", 50.0,
    )  # fmt: skip


def test_who_denies_is_named() -> None:
    assert judge(CLAIM, "Pyongyang denies that it has sent soldiers to Russia").speaker == "Pyongyang"


def test_the_wording_in_the_language_of_the_text_is_used() -> None:
    wording = Wording("fr", "La Zorbie a ouvert un zoo à Kaltan.")
    claim = Claim("c", "t", "Zorbia has opened a menagerie in Kaltan.", "c", "en", (wording,))
    text = "La Zorbie dément avoir ouvert un zoo à Kaltan"
    (found,) = LexicalJudge().assess([Pair(claim, text, "fr")])
    assert found.stance is Stance.CONTRADICTS


def test_answers_come_in_the_order_of_the_pairs() -> None:
    claim = Claim("c", "t", CLAIM, "c", "en")
    texts = ["The Kremlin denies that North Korea has sent soldiers to Russia", "Rain in Lima"]
    found = LexicalJudge().assess([Pair(claim, text, "en") for text in texts])
    assert [entry.stance for entry in found] == [Stance.CONTRADICTS, Stance.NEUTRAL]


def test_a_claim_is_told_back_part_by_part() -> None:
    words = describe_frame(
        Claim("c", "t", "Up to 30,000 more North Korean soldiers may be sent to Russia.", "c")
    )
    assert "who:      North Korean, Russia" in words
    assert "does:     sent" in words
    assert "how many: at most another 30,000 soldiers" in words
    assert "stage:    possible or planned" in words


@pytest.mark.parametrize(
    "text",
    ["1 " * 20_000, "not " * 10_000, "a" * 100_000, "(" * 50_000, "ни " * 20_000, "否" * 30_000, "\u0301" * 20_000,
     "9,9" * 20_000, "denies " * 10_000, "...!!!???" * 5_000],
)  # fmt: skip
def test_hostile_texts_cost_bounded_time(text: str) -> None:
    start = time.perf_counter()
    judge(CLAIM, text)
    assert time.perf_counter() - start < 5  # a guard against quadratic reading, not a measure of speed


def test_all_languages_together_stay_within_150_megabytes() -> None:
    program = (
        "from claimwatch.judges.lexical import judge\n"
        "from claimwatch.language.lexicon import LANGUAGES, lexicon_for\n"
        "[lexicon_for(language) for language in LANGUAGES]\n"
        "for language in LANGUAGES:\n"
        "    [judge('A has sent soldiers.', f'Text {n} denies it', language=language) for n in range(50)]\n"
        "print(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 150 * 1024


SHARED = Path(os.environ.get("CLAIMWATCH_SHARED", Path(__file__).resolve().parents[2] / "../shared"))
NEWS = SHARED / "data/news"


@pytest.mark.skipif(not NEWS.exists(), reason="the shared evaluation data lie not beside this checkout")
def test_real_news_holds_the_figures_of_the_design() -> None:
    from claimwatch.cli.eval import _claims, evaluate

    summary, _ = evaluate(NEWS / "dev.jsonl", _claims(NEWS / "claims.jsonl", "en"), LexicalJudge())
    news = summary["news"]
    assert news["alert_recall"] >= 0.85
    assert news["alert_precision"] >= 0.9
    assert news["swapped"] <= 0.01 * news["swappable"]
