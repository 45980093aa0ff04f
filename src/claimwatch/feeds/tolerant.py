"""feedparser, called so that one entry it stumbles over does not cost the others."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from claimwatch.feeds.entries import entry_spans
from claimwatch.feeds.prolog import prolog_of

_MOST_TRIES = 64  # of parsing parts of a document in search of the entries that can be read


def parsed_feed(text: str, notes: list[str]) -> Any:
    """Return what feedparser reads in a document without an XML declaration; `notes` says what was left out.

    Raises: whatever feedparser does, when it stumbles outside the entries.
    """
    try:
        return _feedparser(text)
    except MemoryError:
        raise
    except Exception:  # it raises KeyError, TypeError, ValueError ... for odd values in single entries
        spans = entry_spans(text).whole
        if not spans:
            raise
        return _Salvage(text, spans).result(notes)


def _feedparser(text: str) -> Any:
    import feedparser

    feedparser.api.PREFERRED_XML_PARSERS = []  # it would look for a libxml2 driver at each document
    return feedparser.parse(
        BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )


class _Salvage:
    """Halves a document until the entries that cannot be read stand alone."""

    def __init__(self, text: str, spans: tuple[tuple[int, int], ...]) -> None:
        self._text = text
        self._spans = spans
        self._tries = 0
        self._before = text[: spans[0][0]]
        self._after = text[spans[-1][1] :]

    def result(self, notes: list[str]) -> Any:
        try:
            parsed = self._with("")
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - over the head, then: the root alone gives entries their meaning
            root = prolog_of(self._text)
            start = self._text[root.root_at : self._text.find(">", root.root_at) + 1]
            self._before = start + ("<channel>" if root.root.lower() == "rss" else "")
            self._after = ""
            parsed = self._with("")  # what raises now is not to be saved
            notes.append("the head cannot be read")
        parsed.entries = self._entries(0, len(self._spans))
        parsed.bozo = 1
        if missing := len(self._spans) - len(parsed.entries):
            notes.append(f"{missing} entries cannot be read")
        return parsed

    def _with(self, entries: str) -> Any:
        return _feedparser(self._before + entries + self._after)

    def _entries(self, begin: int, end: int) -> list[Any]:
        if self._tries >= _MOST_TRIES:
            return []
        self._tries += 1
        try:
            return list(
                self._with("".join(self._text[slice(*span)] for span in self._spans[begin:end])).entries
            )
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - the same ones, narrowed down
            if end - begin == 1:
                return []
            middle = (begin + end) // 2
            return self._entries(begin, middle) + self._entries(middle, end)
