"""An honest guess at the encoding of bytes that declare none, or a wrong one."""

from __future__ import annotations

import re

from claimwatch.feeds.languages import language_code

_SAMPLE = 60_000  # bytes looked at
_LANGUAGE = re.compile(
    rb"""<(?:\w{1,10}:)?language>\s{0,20}([A-Za-z_-]{2,12})|xml:lang\s*=\s*["']([A-Za-z_-]{2,12})"""
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
_BY_LANGUAGE = {
    "ko": ("cp949",), "ja": ("cp932", "euc_jp"), "zh": ("gb18030", "big5hkscs"), "ru": ("cp1251", "koi8_r"),
    "uk": ("cp1251", "koi8_u"), "bg": ("cp1251",), "sr": ("cp1251",), "be": ("cp1251",), "el": ("cp1253",),
    "he": ("cp1255",), "ar": ("cp1256",), "fa": ("cp1256",), "tr": ("cp1254",), "pl": ("cp1250", "iso8859_2"),
    "cs": ("cp1250",), "sk": ("cp1250",), "hu": ("cp1250",), "ro": ("cp1250",), "hr": ("cp1250",),
    "th": ("cp874",),
    "lt": ("cp1257",), "lv": ("cp1257",), "et": ("cp1257",), "vi": ("cp1258",),
}  # fmt: skip
_ANY = (
    "cp949",
    "euc_jp",
    "cp932",
    "gb18030",
    "big5hkscs",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1255",
    "cp1256",
    "cp874",
)
# What nearly every text of a language holds, to tell it from the same bytes read as another's.
_COMMON = {
    "cp949": re.compile("[가-힣]"),
    "euc_jp": re.compile("[ぁ-んァ-ヶー]"),
    "cp932": re.compile("[ぁ-んァ-ヶー]"),
    "gb18030": re.compile(
        "[的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下]"
    ),
    "big5hkscs": re.compile(
        "[的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下]"
    ),
    "cp1251": re.compile("[оеаинтсрвлкмдпуяыі]"),
    "koi8_r": re.compile("[оеаинтсрвлкмдпуяы]"),
    "cp1253": re.compile("[αοιετσνηυρπκμλς]"),
    "cp1255": re.compile("[יוהלאתמרבשנ]"),
    "cp1256": re.compile("[اليمونرتبة]"),
    "cp874": re.compile("[กขคงจชดตถทนบปพมยรลวสหอะาิีึืุูเแโใไ่้็ั]"),
}
_ENOUGH = {
    "cp949": 0.8,
    "cp874": 0.85,
    "gb18030": 0.05,
    "big5hkscs": 0.05,
    "euc_jp": 0.25,
    "cp932": 0.25,
}  # else 0.5


def likely_encoding(body: bytes) -> str | None:
    """Return the encoding these bytes most likely have, or None for UTF-8 with damage or foreign lines."""
    sample = body[:_SAMPLE]
    as_utf8 = sample.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    whole = sum(letter > "\x7f" for letter in as_utf8) - broken
    if broken <= whole:
        return None  # more characters are whole than broken: UTF-8 with foreign lines in it
    if (found := _LANGUAGE.search(sample)) is not None:
        language = language_code((found.group(1) or found.group(2)).decode("ascii"))
        for name in _BY_LANGUAGE.get(language or "", ()):
            if _share(sample, name) is not None:
                return name
    if sum(len(run) for run in _HIGH_RUN.findall(sample)) * 3 < sum(byte > 0x7F for byte in sample):
        # Lone high bytes between ASCII letters: a Latin script. What looks like UTF-8 there is an accent
        # followed by punctuation.
        return "cp1252" if broken > 10 * whole else None
    shares = {name: share for name in _ANY if (share := _share(sample, name)) is not None}
    likely = {name: share for name, share in shares.items() if share >= _ENOUGH.get(name, 0.5)}
    return max(likely, key=lambda name: likely[name] / _ENOUGH.get(name, 0.5)) if likely else None


def _share(sample: bytes, name: str) -> float | None:
    """Return the share of common letters among what is not ASCII; None when the bytes are no such text."""
    text = sample.decode(name, "replace")
    foreign = [letter for letter in text if letter > "\x7f"]
    if not foreign or text.count("\ufffd") * 50 > len(foreign):
        return None
    common = _COMMON.get(name)
    return len(common.findall(text)) / len(foreign) if common else 1.0
