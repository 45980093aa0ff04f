"""Numbers in running text: digits with any grouping, number words, and both mixed ("30 mille", "3만 5천")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from claimwatch.language.lexicon import Lexicon, lexicon_for
from claimwatch.language.normalize import fold

_DIGITS = re.compile(
    r"(?<![\d])(?:[1-9]\d{0,2}(?:[ ,.'](?=\d{3}(?!\d))\d{3})+(?:[.,]\d{1,2}(?!\d))?|\d{1,15}(?:[.,]\d{1,6}(?!\d))?)"
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_GLUE = re.compile(r"[ -]{0,2}")
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


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its place in the folded text. `scaled`: a multiplier word belongs to it."""

    start: int
    end: int
    value: float
    kind: str  # "cardinal" | "ordinal" | "year" | "label" (part of a name, a time or a date)
    scaled: bool = False
    worded: bool = False


def read_digits(text: str, *, scaled: bool = False) -> float | None:
    """Return the value of one run of digits with separators; `scaled` when a multiplier follows."""
    groups = re.split(r"[ ,.']", text)
    separators = re.findall(r"[ ,.']", text)
    if not separators:
        return float(groups[0])
    last_is_group = len(groups[-1]) == 3 and groups[0] != "0"
    if len(separators) == 1 and (separators[0] in ".,") and (scaled or not last_is_group):
        return float(f"{groups[0]}.{groups[1]}")
    if last_is_group and all(len(group) == 3 for group in groups[1:]):
        return float("".join(groups))
    if separators[-1] in ".," and all(len(group) == 3 for group in groups[1:-1]):
        return float("".join(groups[:-1]) + "." + groups[-1])
    return None


def read_counting_signs(text: str) -> float | None:
    """Return the value of a run of Han or Hangul counting signs, digits among them ("1만 2천", "三万")."""
    total = section = current = 0.0
    seen = False
    index = 0
    text = text.replace(" ", "").replace("'", "")
    while index < len(text):
        letter = text[index]
        if letter.isascii() and letter.isdigit():
            match = _DIGITS.match(text, index)
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


@lru_cache(maxsize=4096)
def _compound(word: str, language: str, parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Split a German compound ("dreissigtausend") into its words, or None."""
    found: list[str] = []
    rest = word
    while rest:
        for part in parts:
            if rest.startswith(part):
                found.append(part)
                rest = rest[len(part) :]
                break
        else:
            return None
    return tuple(found)


@lru_cache(maxsize=16)
def _compound_parts(lexicon: Lexicon) -> tuple[str, ...]:
    words = {*lexicon.numbers, *lexicon.multipliers, *lexicon.joiners}
    return tuple(sorted((word for word in words if len(word) > 2), key=len, reverse=True))


def sum_words(words: list[tuple[str, float | None]], lexicon: Lexicon) -> tuple[float, int] | None:
    """Return (value, words used) of the longest number at the start of the list; None: no number.

    Each item is a word and, where it was written in digits, its value.
    """
    total = group = 0.0
    last = 0.0  # what was added last: a smaller number may follow a greater one
    biggest = float("inf")
    used = best = 0
    started = False
    units_first = lexicon.language == "de"
    for position, (word, digits) in enumerate(words):
        value = digits if digits is not None else lexicon.numbers.get(word)
        if value is not None:
            if not started or group == 0:
                group += value
            elif word in ("vingt", "vingts") and group % 100 == 4 and last == 4:
                group += 76
                value = 80
            elif digits is None and (
                (last >= 100 and value < 100)
                or (20 <= last < 100 and value < 10)
                or (lexicon.language == "fr" and last in (60, 80) and value < 20)
                or (lexicon.language == "fr" and last == 10 and value in (7, 8, 9))
                or (units_first and last < 10 and 20 <= value < 100 and words[position - 1][0] == "und")
            ):
                group += value
            else:
                break
            last = value
            started = True
            used = best = position + 1
            continue
        scale = lexicon.multipliers.get(word)
        if scale is not None:
            if scale < 1000:
                if group >= 100:
                    break
                group = group * scale if group else scale
                last = scale
            elif scale > biggest:
                total = (total + group) * scale
                group, last, biggest = 0.0, scale, scale
            elif scale < biggest:
                total += (group or (1 if not started or group == 0 else 0)) * scale
                group, last, biggest = 0.0, scale, scale
            else:
                break
            started = True
            used = best = position + 1
            continue
        if word in lexicon.joiners and started:
            continue
        if word in lexicon.ones and not started and position + 1 < len(words):
            continue
        break
    return (total + group, best) if started and used else None


def _spaced_numbers(folded: str, lexicon: Lexicon) -> list[Number]:
    found: list[Number] = []
    parts = _compound_parts(lexicon) if lexicon.language in ("de", "it") else ()
    pattern = _token_pattern(lexicon.language == "uk")
    if not parts and lexicon.number_words.isdisjoint(pattern.findall(folded)) and not _DIGIT.search(folded):
        return found
    tokens: list[tuple[int, int, str, float | None]] = []  # start, end, word, digits' value
    for match in pattern.finditer(folded):
        word = match.group()
        tokens.append((*match.span(), word, -1.0 if word[0].isdigit() else None))
    position = 0
    while position < len(tokens):
        start, _end, word, digits = tokens[position]
        is_candidate = digits is not None or word in lexicon.numbers or word in lexicon.multipliers
        is_candidate = is_candidate or word in lexicon.ones
        split = None
        if not is_candidate and parts and len(word) > 5:
            split = _compound(word, lexicon.language, parts)
            is_candidate = split is not None
        if not is_candidate:
            position += 1
            continue
        run: list[tuple[str, float | None]] = []
        owner: list[int] = []
        index = position
        while index < len(tokens):
            s, e, w, d = tokens[index]
            if index > position:
                gap = folded[tokens[index - 1][1] : s]
                if not _GLUE.fullmatch(gap) or (d is not None and gap != " "):
                    break
                if d is not None:
                    break
            if d is not None:
                after = tokens[index + 1] if index + 1 < len(tokens) else None
                follows = after is not None and after[2] in lexicon.multipliers
                near = follows and after is not None and _GLUE.fullmatch(folded[e : after[0]]) is not None
                value = read_digits(w, scaled=near)
                if value is None:
                    break
                run.append((w, value))
                owner.append(index)
            elif (
                w in lexicon.numbers or w in lexicon.multipliers or w in lexicon.joiners or w in lexicon.ones
            ):
                run.append((w, None))
                owner.append(index)
            else:
                pieces = _compound(w, lexicon.language, parts) if parts and len(w) > 5 else None
                if pieces is None:
                    break
                for piece in pieces:
                    run.append((piece, None))
                    owner.append(index)
            index += 1
        got = sum_words(run, lexicon) if run else None
        if got is None:
            position += 1
            continue
        value, used = got
        if split is not None and used and owner[used - 1] == position and used < len(split):
            position += 1
            continue
        last_token = owner[used - 1]
        finish = tokens[last_token][1]
        words_only = digits is None
        scaled = any(run[k][0] in lexicon.multipliers for k in range(used))
        if words_only and used == 1 and word in lexicon.multipliers and word not in lexicon.bare:
            position += 1  # a bare "million", "m", "k"
            continue
        found.append(Number(start, finish, value, _kind(folded, start, finish, value, lexicon, scaled, words_only),
                            scaled, words_only))  # fmt: skip
        position = last_token + 1
    return found


@lru_cache(maxsize=2)
def _token_pattern(apostrophes: bool) -> re.Pattern[str]:
    word = r"[^\W\d_]+(?:'[^\W\d_]+)?" if apostrophes else _WORD.pattern
    return re.compile(_DIGITS.pattern + "|" + word)


_ORDINAL_AFTER = re.compile(
    r"(?:st|nd|rd|th|eme|ere|er|e|re|ieme|º|ª|\.(?= [a-z])|-(?:я|й|е|го|му|ом|ая|ой|ої|ий|та|го|ти))(?![^\W\d_])"
)
_CLOCK = re.compile(r"[:h]\d\d")


def _kind(
    folded: str, start: int, end: int, value: float, lexicon: Lexicon, scaled: bool, worded: bool
) -> str:
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if worded:
        return "cardinal"
    if before.isalpha() and not before.isascii() and not lexicon.spaced:
        before = " "
    if before.isalpha() or before == "_" or before == "#":
        return "label"
    if before == "-" and start > 1 and folded[start - 2].isalpha():
        return "label"
    if before in ":/" and start > 1 and folded[start - 2].isdigit():
        return "label"
    if not scaled and after == "-" and end + 1 < len(folded) and folded[end + 1].isalpha():
        tail = _WORD.match(folded, end + 1)
        word = tail.group() if tail else ""
        if _ORDINAL_AFTER.match(folded, end):
            return "ordinal"
        if word in ("ish", "odd"):
            return "label"
        return "cardinal"
    if scaled and after == "-" and folded[end + 1 : end + 4] == "ish":
        return "label"
    if (
        not scaled
        and lexicon.language != "de"
        and after.isalpha()
        and after.isascii()
        and _ORDINAL_AFTER.match(folded, end)
    ):
        return "ordinal"
    if _CLOCK.match(folded, end) or (after == "/" and end + 1 < len(folded) and folded[end + 1].isdigit()):
        return "label"
    if after.isalpha() and after.isascii() and lexicon.spaced and not _unit_follows(folded, end):
        return "label"
    if not scaled and end - start == 4 and 1900 <= value <= 2100:
        return "year"
    if not scaled and value <= 31 and _month_near(folded, start, end, lexicon):
        return "label"
    return "cardinal"


def _unit_follows(folded: str, end: int) -> bool:
    word = _WORD.match(folded, end)
    return word is not None and word.group() in (
        "km",
        "kg",
        "m",
        "h",
        "t",
        "usd",
        "eur",
        "ml",
        "cm",
        "mm",
        "g",
    )


def _month_near(folded: str, start: int, end: int, lexicon: Lexicon) -> bool:
    if not lexicon.months:
        return False
    after = _WORD.search(folded, end, end + 16)
    if after and after.start() - end <= 5 and after.group() in lexicon.months:
        return True
    tail = folded[max(0, start - 14) : start].rstrip(" .,").split(" ")
    return bool(tail) and tail[-1].strip(".,(") in lexicon.months


def _sign_numbers(folded: str, lexicon: Lexicon) -> list[Number]:
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
        kind = _kind(folded, start, end, value, lexicon, scaled, not has_digit)
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


@lru_cache(maxsize=1024)
def find_numbers(folded: str, lexicon: Lexicon) -> tuple[Number, ...]:
    """Return the numbers of a folded text in order, each with what kind of number it is."""
    if lexicon.language in ("ko", "zh", "ja"):
        return tuple(_sign_numbers(folded, lexicon))
    return tuple(_spaced_numbers(folded, lexicon))


def read_number(text: str, language: str | None = None) -> float | None:
    """Return the value when the whole text is one number, else None."""
    folded = fold(text).strip()
    found = find_numbers(folded, lexicon_for(language))
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(folded):
        return found[0].value
    return None
