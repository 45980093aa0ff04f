"""Numbers in running text: digits with any grouping, number words, and both mixed ("30 mille", "3만 5천")."""

from __future__ import annotations

import re
from functools import lru_cache

from claimwatch.language.counting_signs import sign_numbers
from claimwatch.language.digits import DIGITS, WORD, Number, kind_of, read_digits
from claimwatch.language.lexicon import Lexicon, lexicon_for
from claimwatch.language.normalize import fold

_GLUE = re.compile(r"[ -]{0,2}")
_DIGIT = re.compile(r"\d")


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
        is_candidate = digits is not None or word in lexicon.number_words
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
            elif w in lexicon.number_words or w in lexicon.joiners:
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
        found.append(Number(start, finish, value, kind_of(folded, start, finish, value, lexicon, scaled, words_only),
                            scaled, words_only))  # fmt: skip
        position = last_token + 1
    return found


@lru_cache(maxsize=2)
def _token_pattern(apostrophes: bool) -> re.Pattern[str]:
    word = r"[^\W\d_]+(?:'[^\W\d_]+)?" if apostrophes else WORD.pattern
    return re.compile(DIGITS.pattern + "|" + word)


@lru_cache(maxsize=1024)
def find_numbers(folded: str, lexicon: Lexicon) -> tuple[Number, ...]:
    """Return the numbers of a folded text in order, each with what kind of number it is."""
    if lexicon.language in ("ko", "zh", "ja"):
        return tuple(sign_numbers(folded, lexicon))
    return tuple(_spaced_numbers(folded, lexicon))


def read_number(text: str, language: str | None = None) -> float | None:
    """Return the value when the whole text is one number, else None."""
    folded = fold(text).strip()
    found = find_numbers(folded, lexicon_for(language))
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(folded):
        return found[0].value
    return None
