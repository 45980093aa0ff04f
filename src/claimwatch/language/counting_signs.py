"""Numbers in Han and Hangul signs, digits among them: "3만 5천", "三万"."""

from __future__ import annotations

import re

from claimwatch.language.digits import DIGITS, Number, kind_of, read_digits
from claimwatch.language.lexicon import Lexicon

_HAN = {
    letter: value
    for value, letters in enumerate(
        ("〇零영공", "一일", "二两両兩이", "三삼", "四사", "五오", "六육륙", "七칠", "八팔", "九구")
    )
    for letter in letters
}
_SMALL = {"十": 10, "百": 100, "千": 1000, "십": 10, "백": 100, "천": 1000}
_BIG = {
    "万": 10**4,
    "萬": 10**4,
    "億": 10**8,
    "亿": 10**8,
    "兆": 10**12,
    "만": 10**4,
    "억": 10**8,
    "조": 10**12,
}
_SPACED_GROUPS = "[1-9][0-9]{0,2}(?:[ '][0-9]{3}(?![0-9]))+|"
_HAN_RUN = re.compile(
    _SPACED_GROUPS
    + "[0-9〇零一二两両兩三四五六七八九十百千万萬億亿兆][0-9,.〇零一二两両兩三四五六七八九十百千万萬億亿兆]{0,30}"
)
_HANGUL_RUN = re.compile(
    _SPACED_GROUPS + "[0-9영공일이삼사오육륙칠팔구십백천만억][0-9,. 영공일이삼사오육륙칠팔구십백천만억]{0,40}"
)
_YEAR_AFTER = ("年", "년")


def read_counting_signs(text: str) -> float | None:
    """Return the value of a run of Han or Hangul counting signs, digits among them ("1만 2천", "三万")."""
    total = section = current = 0.0
    seen = False
    index = 0
    text = text.replace(" ", "").replace("'", "")
    while index < len(text):
        letter = text[index]
        if letter.isascii() and letter.isdigit():
            match = DIGITS.match(text, index)
            if match is None:
                return None
            follows = text[match.end()] if match.end() < len(text) else ""
            value = read_digits(match.group(), scaled=follows in _BIG)
            if value is None:
                return None
            current, index, seen = value, match.end(), True
            continue
        if letter in _HAN:
            current = (
                current * 10 + _HAN[letter] if seen and index and text[index - 1] in _HAN else _HAN[letter]
            )
            seen = True
        elif letter in _SMALL:
            section += (current if seen and current else 1) * _SMALL[letter]
            current = 0
            seen = True
        elif letter in _BIG:
            total += (section + current or 1) * _BIG[letter]
            section = current = 0
            seen = True
        else:
            return None
        index += 1
    return total + section + current if seen else None


def sign_numbers(folded: str, lexicon: Lexicon) -> list[Number]:
    """Return the numbers of a folded Korean, Chinese or Japanese text in order."""
    pattern = _HANGUL_RUN if lexicon.language == "ko" else _HAN_RUN
    found: list[Number] = []
    for match in pattern.finditer(folded):
        text = match.group().rstrip(" ,.")
        start, end = match.start(), match.start() + len(text)
        has_digit = any(letter.isascii() and letter.isdigit() for letter in text)
        if not has_digit:
            whole = folded.strip() == text
            scale = any(letter in _SMALL or letter in _BIG for letter in text)
            compact = text.replace(" ", "")
            if lexicon.language == "ko":
                free = start == 0 or not folded[start - 1].isalpha()
                if not whole and not (scale and len(compact) > 1 and free and " " not in text):
                    continue
            elif not whole and not (scale and len(compact) > 1) and not _counter(folded, end):
                continue
        else:
            while text and not text[0].isdigit() and lexicon.language == "ko":
                text = text[1:]
                start += 1
            spaced = re.split(r"(?<=\d) (?=\d)|(?<=[가-힣]) (?=[일이만사오구](?:[^십백천만억]|$))", text)
            text = spaced[0].rstrip(" ,.") if not re.fullmatch("[0-9 ']+", text) else text
            end = start + len(text)
            if lexicon.language == "ko":
                trailing = re.search(r"^(.*\d)[ ]?[일이사오영공구육칠팔삼]+$", text)
                if trailing:  # "3일" is a date
                    text = trailing.group(1)
                    end = start + len(text)
        value = read_counting_signs(text)
        if value is None:
            continue
        scaled = any(letter in _SMALL or letter in _BIG for letter in text)
        following = folded[end : end + 1]
        kind = kind_of(folded, start, end, value, lexicon, scaled, not has_digit)
        if kind in ("cardinal", "year") and following and following in "年년" and not scaled and value > 31:
            kind = "year"
        elif kind in ("cardinal", "year") and following and following in "月월日일号號時시点분分":
            kind = "label"
        elif kind == "year" and following not in _YEAR_AFTER:
            kind = "cardinal"
        if start and folded[start - 1] in "第제":
            kind = "ordinal"
        if folded[end : end + 2] == "번째":
            kind = "ordinal"
        found.append(Number(start, end, value, kind, scaled, not has_digit))
    return found


def _counter(folded: str, end: int) -> bool:
    return folded[end : end + 1] in tuple("人名個个艘枚发發次家架辆輛座件隻只匹頭杯")
