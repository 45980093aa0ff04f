"""Reads every file of a config and puts them together; all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from claimwatch.config.alert_tests import read_alert_tests
from claimwatch.config.claim_advice import look_at_claims
from claimwatch.config.claims import ClaimEntry, read_claims
from claimwatch.config.feeds import read_feeds, twice
from claimwatch.config.fields import Fields
from claimwatch.config.hosts import with_paces
from claimwatch.config.names import read_names
from claimwatch.config.nodes import Mapping, Node, Scalar, Sequence, Source
from claimwatch.config.plain import KEYS as PLAIN_KEYS
from claimwatch.config.plain import read_plain
from claimwatch.config.problems import Problems, did_you_mean
from claimwatch.config.reach import look_at_routes, look_at_scripts
from claimwatch.config.receivers import channel_models, read_operators, read_receivers
from claimwatch.config.routes import read_routes
from claimwatch.config.secrets import Vault
from claimwatch.config.settings import Mail, Receiver, Settings
from claimwatch.config.topic_names import NameCheck
from claimwatch.config.topics import read_topics
from claimwatch.config.yaml_reader import MAX_BYTES, read_yaml
from claimwatch.core.collecting import uncollected
from claimwatch.core.model import Band, Relation, Route
from claimwatch.errors import ConfigError
from claimwatch.storage.place import Place

LISTS = ("feed", "route", "must_not_confuse", "test")
MAPS = ("topic", "claim", "channel", "name")
ALERTS_FILE = "var/alerts.jsonl"
MAX_FILES = 50_000
# what people call sections, where the spelling is not near
_MEANT = {
    "source": "feed", "sources": "feed", "rss": "feed", "urls": "feed", "subject": "topic", "story": "topic",
    "stories": "topic", "statement": "claim", "statements": "claim", "receiver": "channel",
    "receivers": "channel", "recipients": "channel", "notify": "channel", "smtp": "mail", "email": "mail",
    "mailserver": "mail", "rule": "route", "rules": "route", "alert": "route", "alerts": "route",
    "alias": "name", "aliases": "name", "tz": "timezone", "zone": "timezone", "lang": "languages",
    "database": "storage", "db": "storage", "tests": "test",
}  # fmt: skip


@dataclass(slots=True)
class _Draft:
    """Every section of every file, before anything is made of it."""

    lists: dict[str, list[tuple[int, Node]]] = field(default_factory=lambda: {name: [] for name in LISTS})
    maps: dict[str, dict[str, tuple[Scalar, Node]]] = field(
        default_factory=lambda: {name: {} for name in MAPS}
    )
    claim_topics: dict[str, str] = field(default_factory=dict)  # claim id -> the one topic of its file
    operator: tuple[Scalar, Node] | None = None
    plain: Mapping | None = None


def load(path: Path, *, environ: AnyMapping[str, str], today: date | None = None) -> Settings:
    """Return the settings that a directory (or one file) holds.

    Relative paths in it start at the directory that holds the config directory (or the file). Secrets come
    from files and from `environ`. With `today`, the dates of claims are checked against it. Raises:
    ConfigError, with every problem found.
    """
    settings, problems = read(path, environ=environ, today=today)
    if settings is None:
        errors = [problem for problem in problems.all() if problem.severity == "error"]
        raise ConfigError([problem.render() for problem in errors])
    return settings


def read(
    path: Path,
    *,
    environ: AnyMapping[str, str],
    today: date | None = None,
    instead: AnyMapping[Path, bytes] | None = None,
) -> tuple[Settings | None, Problems]:
    """Return the settings, or None when there are errors, and all findings.

    `instead` holds what some files shall contain: the config is read as it would be with them.
    """
    with uncollected():
        return _read(path, environ, today, instead or {})


def storage_of(path: Path, *, environ: AnyMapping[str, str]) -> Place:
    """Return where the config at `path` puts its database, also while other things in it are wrong."""
    problems, draft = Problems(), _Draft()
    base = path.resolve().parent
    main = path / "claimwatch.yaml" if path.is_dir() else path
    if main.is_file():
        _read_file(main, path, draft, problems)
    return read_plain(draft.plain, Vault(base, environ), problems).storage


def names_in(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the names each section of the config at `path` defines, also while other things in it are wrong."""
    problems, draft = Problems(), _Draft()
    for file in files_of(path, problems):
        _read_file(file, path, draft, problems)
    listed = {
        section: tuple(
            name.text
            for _, node in entries
            if isinstance(node, Mapping) and isinstance(name := node.get("name"), Scalar) and name.text
        )
        for section, entries in draft.lists.items()
    }
    return listed | {section: tuple(entries) for section, entries in draft.maps.items()}


def _read(
    path: Path, environ: AnyMapping[str, str], today: date | None, instead: AnyMapping[Path, bytes]
) -> tuple[Settings | None, Problems]:
    problems = Problems()
    base = path.resolve().parent
    draft = _Draft()
    files = files_of(path, problems)
    files += [file for file in instead if file not in files]
    for file in files:
        _read_file(file, path, draft, problems, instead.get(file))
    vault = Vault(base, environ)
    aliases = read_names(draft.maps["name"], draft.lists["must_not_confuse"], problems)
    places: dict[str, Node] = {}
    plain = read_plain(draft.plain, vault, problems)
    feeds = read_feeds(draft.lists["feed"], vault, places, problems)
    topics = read_topics(draft.maps["topic"].values(), NameCheck(aliases, problems), places, problems)
    entries = [
        ClaimEntry(key, node, draft.claim_topics.get(key.text)) for key, node in draft.maps["claim"].values()
    ]
    claims = read_claims(entries, draft.maps["topic"], places, problems)
    receivers = read_receivers(draft.maps["channel"].values(), vault, problems, places)
    routes = read_routes(draft.lists["route"], draft.maps["topic"], draft.maps["channel"], places, problems)
    operators = read_operators(draft.operator, draft.maps["channel"], problems)
    look_at_claims(claims, places, problems, today)
    look_at_scripts(feeds, topics.values(), aliases, places, problems)
    if not problems.failed:
        look_at_routes(routes, topics, receivers, places, problems)
    if not draft.maps["channel"] and not problems.incomplete:
        receivers = _default_receivers(base)
    if not draft.lists["route"]:
        routes = [Route("all", tuple(receivers), relations=tuple(Relation), band=Band.GOOD)]
    tests = read_alert_tests(draft.lists["test"], claims, receivers, places, problems)
    if problems.failed:
        return None, problems
    findings = problems.all()
    settings = Settings(
        timezone=plain.timezone,
        languages=plain.languages,
        contact=plain.contact,
        storage=plain.storage,
        mail=plain.mail or Mail(),
        limits=plain.limits,
        keep=plain.keep,
        heartbeat=plain.heartbeat,
        websub=plain.websub,
        feeds=with_paces(feeds, plain.hosts),
        topics=tuple(topics.values()),
        claims=tuple(claims.values()),
        routes=tuple(routes),
        receivers=receivers,
        operators=operators,
        aliases=aliases,
        judge=plain.judge,
        alert_tests=tuple(tests),
        warnings=tuple(problem.brief() for problem in findings),
        templates=templates if (templates := _beside(path) / "alerts" / "templates").is_dir() else None,
        files=tuple(files),
        findings=findings,
        places=places,
    )
    return settings, problems


def _default_receivers(base: Path) -> dict[str, Receiver]:
    """Without any channel, alerts are shown in the terminal and kept in a file."""
    models = channel_models()
    return {
        "terminal": Receiver("terminal", models["terminal"].model_validate({})),
        "file": Receiver("jsonl", models["jsonl"].model_validate({"path": str(base / ALERTS_FILE)})),
    }


def files_of(path: Path, problems: Problems) -> list[Path]:
    """Return the files to read: the one named, or all below the directory and the routes beside it."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        problems.error(
            1, None, "",
            f"There is no config at {path}. Name a directory or a file with --config, "
            "or make one:  claimwatch init .",
        )  # fmt: skip
        return []
    found: list[Path] = []
    for file in sorted(path.rglob("*.y*ml")):
        if any(part.startswith(".") for part in file.relative_to(path).parts) or not file.is_file():
            continue
        if file.suffix == ".yml":
            problems.warn(1, Source(str(file)), "", "This file is not read. Name it .yaml.")
        elif file.suffix == ".yaml":
            found.append(file)
    beside = _beside(path)
    routes = beside / "alerts" / "routes.yaml"
    if routes.is_file():
        found.append(routes)
    found += sorted(file for file in (beside / "alerts" / "tests").glob("*.yaml") if file.name[0] != ".")
    if len(found) > MAX_FILES:
        problems.error(1, None, "", f"There are more than {MAX_FILES:,} files below {path}.")
        return []
    return found


def _beside(path: Path) -> Path:
    """Return the folder that holds the config directory (or the file), as it was written where possible."""
    return path.parent if path.name not in ("", "..") else path.resolve().parent


def _read_file(
    file: Path, config: Path, draft: _Draft, problems: Problems, body: bytes | None = None
) -> None:
    source = Source(str(file))
    try:
        if body is None:
            with file.open("rb") as opened:
                body = opened.read(MAX_BYTES + 1)
    except OSError as error:
        problems.incomplete = True
        problems.error(
            1, source, "", f"I cannot read this file: {(error.strerror or 'unknown reason').lower()}."
        )
        return
    root = read_yaml(body, source, problems)
    if root is None or (isinstance(root, Scalar) and root.empty):
        return
    if not isinstance(root, Mapping):
        problems.incomplete = True
        problems.error(1, root, "", "A file begins with the name of a section, such as  feed:  or  topic:")
        return
    main = file == config or file == config / "claimwatch.yaml"
    _sections(root, main, draft, problems)


def _sections(root: Mapping, main: bool, draft: _Draft, problems: Problems) -> None:
    known = (*LISTS, *MAPS, "operator", *(PLAIN_KEYS if main else ()))
    plain: list[tuple[Scalar, Node]] = []
    sections: list[tuple[Scalar, Node]] = []
    for key, value in root.entries:
        if key.text in PLAIN_KEYS and not main:
            problems.error(2, key, "", f'"{key.text}" belongs into claimwatch.yaml.')
        elif key.text in PLAIN_KEYS:
            plain.append((key, value))
        elif key.text in known:
            sections.append((key, value))
        else:
            meant = _MEANT.get(key.text.lower())
            near = f' Did you mean "{meant}"?' if meant in known else did_you_mean(key.text, known)
            near = near or f" One of: {', '.join(known)}."
            problems.error(2, key, "", f'There is no setting "{key.text}".{near}')
    if main:
        draft.plain = Mapping(root.source, root.line, root.column, root.end, plain)
    fields = Fields(
        Mapping(root.source, root.line, root.column, root.end, sections),
        "",
        (*LISTS, *MAPS, "operator"),
        problems,
    )
    if operator := fields.values.pop("operator", None):
        if draft.operator:
            twice("operator", draft.operator[0], operator[0], "", problems)
        draft.operator = operator
    for name, (key, node) in fields.values.items():
        if isinstance(node, Scalar) and node.empty:
            continue  # a section with everything commented out
        if name in LISTS:
            _take_list(name, key, node, draft, problems)
        elif isinstance(node, Mapping):
            _take_map(name, node, draft, problems)
        else:
            problems.error(
                1, key, name, f"{name}: takes names with settings below them:\n  {name}:\n    some-name: ..."
            )
    topics = fields.values.get("topic")
    claims = fields.values.get("claim")
    if topics and claims and isinstance(topics[1], Mapping) and isinstance(claims[1], Mapping):
        names = {key.text for key, _ in topics[1].entries}
        if len(names) == 1:
            only = names.pop()
            for key, _ in claims[1].entries:
                draft.claim_topics.setdefault(key.text, only)


def _take_list(name: str, key: Scalar, node: Node, draft: _Draft, problems: Problems) -> None:
    if not isinstance(node, Sequence):
        problems.error(
            1,
            key,
            name,
            f"{name}: takes a list; begin each {name} with a hyphen:\n  {name}:\n    - name: ...",
        )
        return
    draft.lists[name].extend(enumerate(node.items, 1))


def _take_map(name: str, node: Mapping, draft: _Draft, problems: Problems) -> None:
    taken = draft.maps[name]
    for key, value in node.entries:
        first = taken.get(key.text)
        if first is not None:
            twice(key.text, first[0], key, f"{name} {key.text}", problems)
        else:
            taken[key.text] = (key, value)
