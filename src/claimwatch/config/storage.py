"""Where the config says that the database is: a file, or a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from claimwatch.config.fields import Fields
from claimwatch.config.nodes import Mapping, Node
from claimwatch.config.secrets import Vault
from claimwatch.storage.place import Place, Server, is_server, password_in

KEYS = ("path", "url", "url_file", "url_env")
STORAGE = "var/claimwatch.db"


def read_storage(fields: Fields, vault: Vault) -> Place:
    """Return where the database is; relative paths start beside the config directory."""
    default = vault.base / STORAGE
    if not fields.has("storage"):
        return default
    node = fields.value("storage")
    if not isinstance(node, Mapping):
        written = fields.text("storage")
        return default if written is None else _place(fields, "storage", written, node, vault.base)
    inner = Fields(node, "storage", KEYS, fields.problems)
    given = [key for key in KEYS if inner.has(key)]
    if len(given) > 1:
        inner.error(
            1, inner.key(given[1]), given[1], f"Both {given[0]} and {given[1]} are written. Keep one."
        )
        return default
    if inner.has("url_file") or inner.has("url_env"):
        secret = vault.take(inner, "url", "database's URL", "can read and change all that is stored")
        return default if secret is None else _server(inner, given[0], secret, vault.base)
    for key in ("path", "url"):
        written = inner.text(key)
        if written is not None:
            return _place(inner, key, written, inner.value(key), vault.base)
    return default


def _place(fields: Fields, key: str, written: str, node: Node, base: Path) -> Place:
    if not is_server(written):
        if key == "url" or "://" in written:
            fields.error(
                1,
                node,
                key,
                f"{_kind(written)} is no PostgreSQL URL. Write:  postgresql://user@host/claimwatch",
            )
        return base / Path(written).expanduser()
    if password := password_in(written):
        fields.problems.hide(password)
        fields.error(
            30, node, key,
            "The password stands in the file; anyone who reads it can read and change all that is stored.\n"
            "Move the URL to a file and write:  storage: {url_file: secrets/database-url}\n"
            "(or leave the password to ~/.pgpass).",
        )  # fmt: skip
    return _server(fields, key, written, base)


def _server(fields: Fields, key: str, url: str, base: Path) -> Place:
    if not is_server(url):
        fields.error(30, fields.value(key), key, "That is no URL of a PostgreSQL database: postgresql://...")
    elif not urlsplit(url).path.strip("/"):
        fields.error(
            1, fields.value(key), key, "The URL names no database. Write:  postgresql://user@host/claimwatch"
        )
    if password := password_in(url):
        fields.problems.hide(password)
    return Server(url, base / STORAGE)


def _kind(written: str) -> str:
    return f'"{written.partition("://")[0]}://..."' if "://" in written else f'"{written}"'
