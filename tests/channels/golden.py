"""How every channel words every relation, byte for byte; `python -m tests.channels.golden` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from claimwatch.channels.registry import SETTINGS, open_channel
from claimwatch.core.model import Thread
from claimwatch.protocols import Channel
from tests.channels.examples import KEY, RELATIONS, context

FOLDER = Path(__file__).parent / "golden_files"

HOOK = "abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789abcd"
WRITTEN: dict[str, dict[str, object]] = {
    "email": {"to": "desk@example.org"},
    "terminal": {},
    "jsonl": {},
    "atom": {},
    "webhook": {"url": "https://hooks.example.org/x"},
    "matrix": {"server": "https://matrix.example.org", "room": "!abc:example.org", "token": "t"},
    "slack": {"url": "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"},
    "mattermost": {"url": "https://chat.example.org/hooks/3ccdd113474722377935511fc85d3dd4"},
    "discord": {"url": f"https://discord.com/api/webhooks/123456789/{HOOK}"},
    "telegram": {"token": "123456789:abcdefg_hijklmnop", "chat": -100123},
    "ntfy": {"topic": "claimwatch-editor"},
    "slack-bot": {"token": "xoxb-1-s3cretT0ken", "channel": "C0123456789"},
    "mattermost-bot": {"server": "https://chat.example.org", "token": "s3cretT0ken", "channel": "a" * 26},
    "discord-bot": {"token": "s3cretT0ken", "channel": "1234567890"},
    "pushover": {"user": "u" * 30, "token": "a" * 30},
    "gotify": {"server": "https://gotify.example.org", "token": "abcdefghijklmnop"},
    "rocketchat": {"url": "https://chat.example.org/hooks/6Hxj9F3kLm/TIiajkdnlazkcOXrIdevi7FQ"},
    "teams": {
        "url": "https://prod-1.westeurope.logic.azure.com:443/workflows/643db72ec0e74a0aac9a/triggers/manual"
        "/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=c2hvcnQtc2lnbmF0"
    },
    "apprise": {"url": "gotify://gotify.example.org/abcdefghijklmnop"},
}


def channel(kind: str) -> Channel:
    """Return a channel of a type, or of a service's bot ("slack-bot")."""
    type_ = kind.removesuffix("-bot")
    return open_channel("desk", type_, SETTINGS[type_].model_validate(WRITTEN[kind]), context())


def in_a_thread(kind: str) -> bytes:
    """Return what a channel says of a claim it spoke of before, whose status moves."""
    thread = Thread(3, "fp.16", "C1/1700000000.1", "C1/1700000000.3")
    return channel(kind).word(RELATIONS["contradicts"], key=KEY, thread=thread)


def shown(kind: str, message: bytes) -> str:
    """Return a message as people can read it in a file; JSON is laid out, nothing else is changed."""
    text = message.decode()
    if text.startswith(("{", "[")):
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
    return text.replace("\r\n", "\n")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for kind in WRITTEN:
        for name, alert in RELATIONS.items():
            message = channel(kind).word(alert, key=KEY)
            (FOLDER / f"{kind}-{name}.txt").write_text(shown(kind, message), encoding="utf-8", newline="\n")
        if channel(kind).place:
            text = shown(kind, in_a_thread(kind))
            (FOLDER / f"{kind}-thread.txt").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
