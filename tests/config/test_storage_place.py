"""`storage:` names a file or a PostgreSQL server; its password never stands in the config or in any output."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimwatch.config import load
from claimwatch.config.load import storage_of
from claimwatch.errors import ConfigError
from claimwatch.storage.place import Server
from tests.config.conftest import Write

SECRET = "swordfish-9F3x"
URL = f"postgresql://desk:{SECRET}@db.example/news"


def storage(write: Write, text: str, **environ: str) -> Path | Server:
    return load(write({"config/claimwatch.yaml": f"storage: {text}\n"}), environ=environ).storage


def refused(write: Write, text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        storage(write, text, **environ)
    return str(caught.value)


@pytest.mark.parametrize("text", ["data/x.db", "{path: data/x.db}"])
def test_a_file_is_named_alone_or_as_a_path(write: Write, tmp_path: Path, text: str) -> None:
    assert storage(write, text) == tmp_path / "data/x.db"


@pytest.mark.parametrize(
    "text", ["postgresql://desk@db.example/news", "{url: postgres://desk@db.example/news}"]
)
def test_a_server_is_named_by_its_url(write: Write, tmp_path: Path, text: str) -> None:
    place = storage(write, text)
    assert isinstance(place, Server)
    assert str(place) == "postgresql://desk@db.example/news"
    assert place.beside.parent == tmp_path / "var"


def test_a_url_with_a_password_comes_from_a_file_or_the_environment(write: Write) -> None:
    kept = Path("secrets/url")
    kept.parent.mkdir()
    kept.write_text(URL + "\n")
    kept.chmod(0o600)
    for place in (
        storage(write, "{url_file: secrets/url}"),
        storage(write, "{url_env: NEWS_DB}", NEWS_DB=URL),
    ):
        assert isinstance(place, Server)
        assert place.url == URL
        assert SECRET not in str(place) + repr(place)
    found = storage_of(
        write({"config/claimwatch.yaml": "storage: {url_env: NEWS_DB}"}), environ={"NEWS_DB": URL}
    )
    assert found == place


@pytest.mark.parametrize(
    "text", [URL, f"{{url: '{URL}'}}", f"postgresql:///news?user=desk&password={SECRET}"]
)
def test_a_password_in_the_config_is_refused_and_not_shown(write: Write, text: str) -> None:
    said = refused(write, text)
    assert "The password stands in the file" in said
    assert "url_file: secrets/database-url" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mysql://desk@db.example/news", "Write:  postgresql://user@host/claimwatch"),
        ("{url: news.db}", '"news.db" is no PostgreSQL URL'),
        ("postgresql://desk@db.example", "The URL names no database"),
        ("{path: x.db, url: 'postgresql://db.example/x'}", "Both path and url are written. Keep one."),
        ("{adress: x}", 'There is no setting "adress".'),
        ("[x]", "storage takes a text"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_to_write(write: Write, text: str, says: str) -> None:
    assert says in refused(write, text)


def test_a_secret_that_is_no_url_is_not_shown(write: Write) -> None:
    said = refused(write, "{url_env: NEWS_DB}", NEWS_DB=SECRET)
    assert "That is no URL of a PostgreSQL database" in said
    assert SECRET not in said
