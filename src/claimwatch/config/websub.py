"""The section `websub:` of claimwatch.yaml -> where hubs reach us."""

from __future__ import annotations

from urllib.parse import urlsplit

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping
from claimwatch.config.problems import Problems
from claimwatch.config.settings import WebSubAddress

KEYS = ("callback", "listen")


def read_websub(node: Mapping | None, problems: Problems) -> WebSubAddress | None:
    """Return where hubs call and where we listen for that, None when nobody may push."""
    if node is None:
        return None
    fields = Fields(node, "websub", KEYS, problems)
    callback = fields.text("callback")
    if callback is None:
        if not fields.has("callback"):
            fields.missing("callback", '"https://cw.example.org/websub"', spoken="websub")
        return None
    host, port = _listen(fields)
    try:
        parts = urlsplit(callback)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or not callback.isascii() or " " in callback or any(letter in callback for letter in "?#@"):
        fields.error(
            7,
            fields.value("callback"),
            "callback",
            "callback is the public address where hubs reach this machine, without ? and #. Write:\n"
            '  callback: "https://cw.example.org/websub"',
        )
        return None
    return WebSubAddress(callback.rstrip("/"), host, port)


def _listen(fields: Fields) -> tuple[str, int]:
    written = fields.text("listen")
    if written is None:
        return WebSubAddress.host, WebSubAddress.port
    host, colon, port = written.rpartition(":")
    if colon and host and "/" not in host and port.isascii() and port.isdigit() and int(port[:6]) <= 65_535:
        return host.strip("[]"), int(port)
    fields.error(
        7,
        fields.value("listen"),
        "listen",
        "listen takes an address of this machine and a port, where your\n"
        'reverse proxy brings what hubs send. Write:  listen: "127.0.0.1:8765"',
    )
    return WebSubAddress.host, WebSubAddress.port
