"""Writes whole numbers in words, language by language: the other direction of what the program reads."""

from __future__ import annotations

from collections.abc import Callable

EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
EN_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _groups(number: int) -> tuple[int, int, int, int]:
    return number // 10**9, number // 10**6 % 1000, number // 1000 % 1000, number % 1000


def english(number: int) -> str:
    def below(n: int) -> str:
        if n < 20:
            return EN_SMALL[n]
        if n < 100:
            return EN_TENS[n // 10] + (f"-{EN_SMALL[n % 10]}" if n % 10 else "")
        return f"{EN_SMALL[n // 100]} hundred" + (f" and {below(n % 100)}" if n % 100 else "")

    if number < 1000:
        return below(number)
    names = ("billion", "million", "thousand", "")
    return " ".join(f"{below(g)} {name}".strip() for g, name in zip(_groups(number), names, strict=True) if g)


FR_SMALL = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
FR_TENS = ["_", "_", "vingt", "trente", "quarante", "cinquante", "soixante"]


def french(number: int) -> str:
    def below100(n: int) -> str:
        if n < 20:
            return FR_SMALL[n]
        if n < 70:
            rest = n % 10
            link = " et " if rest == 1 else "-"
            return FR_TENS[n // 10] + (link + FR_SMALL[rest] if rest else "")
        if n < 80:
            return "soixante" + (" et " if n == 71 else "-") + FR_SMALL[n - 60]
        return "quatre-vingt" + ("s" if n == 80 else f"-{FR_SMALL[n - 80]}")

    def below(n: int) -> str:
        if n < 100:
            return below100(n)
        head = "cent" if n // 100 == 1 else f"{FR_SMALL[n // 100]} cent" + ("s" if n % 100 == 0 else "")
        return head + (f" {below100(n % 100)}" if n % 100 else "")

    if number < 1000:
        return below(number)
    billions, millions, thousands, rest = _groups(number)
    parts = []
    if billions:
        parts.append(f"{below(billions)} milliard" + ("s" if billions > 1 else ""))
    if millions:
        parts.append(f"{below(millions)} million" + ("s" if millions > 1 else ""))
    if thousands:
        parts.append("mille" if thousands == 1 else f"{below(thousands)} mille")
    if rest:
        parts.append(below(rest))
    return " ".join(parts)


def _slavic(
    number: int,
    small: list[str],
    tens: list[str],
    hundreds: list[str],
    feminine: dict[int, str],
    scales: list[tuple[str, str, str]],
) -> str:
    def below(n: int, female: bool) -> list[str]:
        words = []
        if n >= 100:
            words.append(hundreds[n // 100])
            n %= 100
        if n >= 20:
            words.append(tens[n // 10])
            n %= 10
        if n:
            words.append(feminine.get(n, small[n]) if female else small[n])
        return words

    def form(n: int, forms: tuple[str, str, str]) -> str:
        if n % 10 == 1 and n % 100 != 11:
            return forms[0]
        return forms[1] if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else forms[2]

    if number == 0:
        return small[0]
    words: list[str] = []
    for group, forms in zip(_groups(number)[:3], scales, strict=True):
        if group:
            words += [*below(group, forms is scales[2]), form(group, forms)]
    return " ".join(words + below(number % 1000, False))


def russian(number: int) -> str:
    small = [
        "ноль",
        "один",
        "два",
        "три",
        "четыре",
        "пять",
        "шесть",
        "семь",
        "восемь",
        "девять",
        "десять",
        "одиннадцать",
        "двенадцать",
        "тринадцать",
        "четырнадцать",
        "пятнадцать",
        "шестнадцать",
        "семнадцать",
        "восемнадцать",
        "девятнадцать",
    ]
    tens = [
        "_",
        "_",
        "двадцать",
        "тридцать",
        "сорок",
        "пятьдесят",
        "шестьдесят",
        "семьдесят",
        "восемьдесят",
        "девяносто",
    ]
    hundreds = [
        "_",
        "сто",
        "двести",
        "триста",
        "четыреста",
        "пятьсот",
        "шестьсот",
        "семьсот",
        "восемьсот",
        "девятьсот",
    ]
    scales = [
        ("миллиард", "миллиарда", "миллиардов"),
        ("миллион", "миллиона", "миллионов"),
        ("тысяча", "тысячи", "тысяч"),
    ]
    return _slavic(number, small, tens, hundreds, {1: "одна", 2: "две"}, scales)


def ukrainian(number: int) -> str:
    small = [
        "нуль",
        "один",
        "два",
        "три",
        "чотири",
        "п'ять",
        "шість",
        "сім",
        "вісім",
        "дев'ять",
        "десять",
        "одинадцять",
        "дванадцять",
        "тринадцять",
        "чотирнадцять",
        "п'ятнадцять",
        "шістнадцять",
        "сімнадцять",
        "вісімнадцять",
        "дев'ятнадцять",
    ]
    tens = [
        "_",
        "_",
        "двадцять",
        "тридцять",
        "сорок",
        "п'ятдесят",
        "шістдесят",
        "сімдесят",
        "вісімдесят",
        "дев'яносто",
    ]
    hundreds = [
        "_",
        "сто",
        "двісті",
        "триста",
        "чотириста",
        "п'ятсот",
        "шістсот",
        "сімсот",
        "вісімсот",
        "дев'ятсот",
    ]
    scales = [
        ("мільярд", "мільярди", "мільярдів"),
        ("мільйон", "мільйони", "мільйонів"),
        ("тисяча", "тисячі", "тисяч"),
    ]
    return _slavic(number, small, tens, hundreds, {1: "одна", 2: "дві"}, scales)


def german(number: int) -> str:
    small = [
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
    ]
    tens = ["_", "_", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]

    def inside(n: int) -> str:
        return "ein" if n == 1 else small[n]

    def below(n: int, last: bool) -> str:
        if n == 0:
            return ""
        if n < 20:
            return small[n] if last else inside(n)
        if n < 100:
            return (f"{inside(n % 10)}und" if n % 10 else "") + tens[n // 10]
        return f"{inside(n // 100)}hundert{below(n % 100, last)}"

    if number == 0:
        return small[0]
    billions, millions, thousands, rest = _groups(number)
    parts = []
    if billions:
        parts.append("eine Milliarde" if billions == 1 else f"{below(billions, False)} Milliarden")
    if millions:
        parts.append("eine Million" if millions == 1 else f"{below(millions, False)} Millionen")
    tail = (f"{below(thousands, False)}tausend" if thousands else "") + below(rest, True)
    return " ".join([*parts, tail] if tail else parts)


def spanish(number: int) -> str:
    small = [
        "cero",
        "uno",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintidós",
        "veintitrés",
        "veinticuatro",
        "veinticinco",
        "veintiséis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
    ]
    tens = ["_", "_", "_", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
    hundreds = [
        "_",
        "ciento",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "seiscientos",
        "setecientos",
        "ochocientos",
        "novecientos",
    ]

    def below(n: int, before_noun: bool = False) -> str:
        if n == 100:
            return "cien"
        words = []
        if n >= 100:
            words.append(hundreds[n // 100])
            n %= 100
        if n >= 30:
            words.append(tens[n // 10] + (f" y {small[n % 10]}" if n % 10 else ""))
        elif n:
            words.append(small[n])
        text = " ".join(words)
        if before_noun:
            text = text.replace("veintiuno", "veintiún")
            text = text.removesuffix("uno") + "un" if text.endswith(" uno") or text == "uno" else text
        return text

    if number == 0:
        return small[0]
    if number == 10**9:
        return "mil millones"
    _, millions, thousands, rest = _groups(number)
    parts = []
    if millions:
        parts.append("un millón" if millions == 1 else f"{below(millions, True)} millones")
    if thousands:
        parts.append("mil" if thousands == 1 else f"{below(thousands, True)} mil")
    if rest:
        parts.append(below(rest))
    return " ".join(parts)


def _myriads(number: int, digits: str, small: tuple[str, ...], big: tuple[str, ...], one_small: bool) -> str:
    """Numbers by ten thousands; `one_small`: "one ten" is written with its one."""
    if number == 0:
        return digits[0]

    def below(n: int) -> str:
        text = ""
        gap = False
        for place in (3, 2, 1, 0):
            digit = n // 10**place % 10
            if digit:
                if gap and text and one_small:
                    text += digits[0]
                gap = False
                one = "" if digit == 1 and place and not one_small else digits[digit]
                text += one + (small[place] if place else "")
            else:
                gap = True
        return text

    parts = []
    for power, name in zip((8, 4, 0), big, strict=True):
        group = number // 10**power % 10000
        if group:
            parts.append(below(group) + name)
    return "".join(parts)


def chinese(number: int) -> str:
    return _myriads(number, "零一二三四五六七八九", ("", "十", "百", "千"), ("亿", "万", ""), True)


def japanese(number: int) -> str:
    return _myriads(number, "〇一二三四五六七八九", ("", "十", "百", "千"), ("億", "万", ""), False)


def korean(number: int) -> str:
    return _myriads(number, "영일이삼사오육칠팔구", ("", "십", "백", "천"), ("억", "만", ""), False)


WRITERS: dict[str, Callable[[int], str]] = {
    "en": english,
    "fr": french,
    "ru": russian,
    "uk": ukrainian,
    "ko": korean,
    "de": german,
    "es": spanish,
    "zh": chinese,
    "ja": japanese,
}
