"""Asks an endpoint, within its time, its number of requests at once, and its budget."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from claimwatch.core.model import Assessment, Pair, Stance
from claimwatch.errors import JudgeError
from claimwatch.judges.llm.question import believe, content_of, messages
from claimwatch.language.detect import detect

VERSION = "llm-1"
HOUR = 3600.0
MOST_BYTES = 1_000_000  # of an answer
MOST_TOKENS = 400
HIDDEN = "***"


class LlmJudge:
    """Judges by a language model's answer, thrown away unless it quotes the text.

    `url` is the endpoint up to /v1; it is the operator's own choice and may be private. `per_hour` bounds the
    requests of any 60 minutes. The key is sent to that endpoint alone and never shown.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        timeout: float = 20.0,
        per_hour: int = 200,
        at_once: int = 2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"{VERSION} ({model})"
        self._url, self._model, self._key = url.rstrip("/"), model, key
        self._timeout, self._per_hour, self._clock = timeout, per_hour, clock
        self._asked: deque[float] = deque()
        self._places = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._plain = False  # the endpoint knows no response_format

    def assess(self, pairs: Sequence[Pair]) -> list[Assessment]:
        """Return one assessment a pair, in order; one that could not be had has confidence 0 and says why.

        Raises: JudgeError, when the endpoint answered none of them.
        """
        found: list[Assessment] = []
        failures: list[JudgeError] = []
        for pair in pairs:
            try:
                written = self._complete(messages(pair))
            except JudgeError as error:
                failures.append(error)
                found.append(self._none(error))
                continue
            try:
                found.append(believe(written, pair, detect(pair.text, pair.language), self.name))
            except JudgeError as error:
                found.append(self._none(error))
        if failures and len(failures) == len(pairs):
            raise failures[-1]
        return found

    def try_out(self) -> None:
        """Ask the endpoint one small question. Raises: JudgeError, saying what is wrong."""
        self._complete(
            [{"role": "user", "content": 'Answer with this JSON object and nothing else: {"ok": true}'}]
        )

    def _none(self, error: JudgeError) -> Assessment:
        return Assessment(Stance.NEUTRAL, 0.0, reasons=(str(error),), judge=self.name)

    def _complete(self, asked: list[dict[str, str]]) -> str:
        if not self._places.acquire(timeout=self._timeout):
            raise JudgeError("the endpoint is busy with earlier questions")
        try:
            self._spend()
            status, body = self._post(asked, formatted=not self._plain)
            if status == 400 and not self._plain and b"response_format" in body:
                self._plain = True
                self._spend()
                status, body = self._post(asked, formatted=False)
        finally:
            self._places.release()
        if status != 200:
            raise JudgeError(self._clean(f"the endpoint answered {status}{_message(body)}"))
        try:
            return content_of(json.loads(body))
        except ValueError as error:
            raise JudgeError("the endpoint answered something else than JSON") from error

    def _spend(self) -> None:
        """Take one request out of the hour's budget. Raises: JudgeError when it is used up."""
        now = self._clock()
        with self._lock:
            while self._asked and now - self._asked[0] >= HOUR:
                self._asked.popleft()
            if len(self._asked) >= self._per_hour:
                raise JudgeError(f"the budget of {self._per_hour} requests an hour is used up")
            self._asked.append(now)

    def _post(self, asked: list[dict[str, str]], *, formatted: bool) -> tuple[int, bytes]:
        import httpx

        sent: dict[str, Any] = {
            "model": self._model,
            "messages": asked,
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
        }
        if formatted:
            sent["response_format"] = {"type": "json_object"}
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        until = self._clock() + self._timeout
        body = b""
        try:
            with (
                httpx.Client(timeout=self._timeout, follow_redirects=False) as client,
                client.stream("POST", f"{self._url}/chat/completions", json=sent, headers=headers) as answer,
            ):
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise JudgeError("the endpoint's answer is too long")
                    if self._clock() > until:
                        raise JudgeError(f"the endpoint took longer than {self._timeout:g} s")
                return answer.status_code, body
        except httpx.TimeoutException as error:
            raise JudgeError(f"the endpoint took longer than {self._timeout:g} s") from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise JudgeError(self._clean(f"the endpoint cannot be reached: {error}")) from None

    def _clean(self, text: str) -> str:
        """Return a text to be shown: one line, and never the key, should a server have repeated it."""
        shown = " ".join(text.split())
        return shown.replace(self._key, HIDDEN)[:300] if self._key else shown[:300]


def _message(body: bytes) -> str:
    """Return what an error's body says, ": ..." or ""."""
    try:
        said = json.loads(body)
        message = said["error"]["message"] if isinstance(said["error"], dict) else said["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f": {message}" if isinstance(message, str) else ""
