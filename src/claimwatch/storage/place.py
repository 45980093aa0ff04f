"""Where a database is: a file of our own, or a PostgreSQL server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from claimwatch.errors import StorageError

SCHEMES = ("postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL database. Its URL may hold a password, so only what `str` returns is ever shown.

    `beside` is the place of the files that would lie beside a database file: notes, locks.
    """

    url: str = field(repr=False)
    beside: Path

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        user = f"{parts.username}@" if parts.username else ""
        port = f":{_port(self.url)}" if _port(self.url) else ""
        return f"postgresql://{user}{parts.hostname or ''}{port}{parts.path}"

    @property
    def password(self) -> str | None:
        """The password that stands in the URL."""
        return password_in(self.url)

    def exists(self) -> bool:
        """Say whether claimwatch has stored anything there. Raises: StorageError."""
        from claimwatch.storage.server import has_schema

        return has_schema(self)


Place = Path | Server


def is_server(written: str) -> bool:
    """Say whether a text is a server's URL, not the path of a file."""
    return written.partition("://")[0] in SCHEMES and "://" in written


def password_in(url: str) -> str | None:
    """Return the password that stands in a URL, as it stands there; None when there is none."""
    parts = urlsplit(url)
    return parts.password or next(iter(parse_qs(parts.query).get("password", [])), None)


def beside(place: Place, end: str) -> Path:
    """Return a file that belongs to a database: its name with `end` behind it."""
    file = place.beside if isinstance(place, Server) else place
    return file.with_name(file.name + end)


def make_room(server: Server) -> None:
    """Make the folder of the files that belong to a server's database. Raises: StorageError."""
    try:
        server.beside.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot write {server.beside.parent}: {error.strerror}") from error


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None
