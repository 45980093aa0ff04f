"""Does every alert reach someone, and nobody twice? Can the readers' scripts be found at all?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from claimwatch.config.languages import name_of
from claimwatch.config.nodes import Node
from claimwatch.config.problems import Problems
from claimwatch.config.settings import Receiver
from claimwatch.core.aliases import AliasBook
from claimwatch.core.model import Band, Feed, Relation, Route, Topic

# CORRECTION goes to those who got the alert, SETTLED closes a thread: they need no route of their own.
MUST_REACH = (
    Relation.CONTRADICTS, Relation.UPDATES, Relation.CORROBORATES, Relation.WITHDRAWN, Relation.NEW,
)  # fmt: skip
_SCRIPTS = {
    "Cyrillic": ("[\u0400-\u052f]", "uk ru bg be mk sr kk ky mn tg tt ba ce cv"),
    "Korean": ("[\uac00-\ud7a3\u1100-\u11ff]", "ko"),
    "Chinese": ("[\u3400-\u9fff]", "zh"),
    "Japanese": ("[\u3040-\u30ff\u3400-\u9fff]", "ja"),
    "Arabic": ("[\u0600-\u06ff]", "ar fa ur ps ug sd"),
    "Hebrew": ("[\u0590-\u05ff]", "he yi"),
    "Greek": ("[\u0370-\u03ff]", "el"),
    "Devanagari": ("[\u0900-\u097f]", "hi mr ne sa"),
    "Thai": ("[\u0e00-\u0e7f]", "th"),
    "Georgian": ("[\u10a0-\u10ff]", "ka"),
    "Armenian": ("[\u0530-\u058f]", "hy"),
    "Latin": ("[A-Za-z]", "en fr de es it pt nl pl cs sk sv no nb nn da fi et lv lt hu ro tr vi id ms hr sl"),
}
_LETTERS = {name: re.compile(letters) for name, (letters, _) in _SCRIPTS.items()}
_SCRIPT_OF = {language: name for name, (_, languages) in _SCRIPTS.items() for language in languages.split()}


def look_at_scripts(
    feeds: Iterable[Feed],
    topics: Iterable[Topic],
    aliases: AliasBook,
    places: Mapping[str, Node],
    problems: Problems,
) -> None:
    """Note the lines of names in which nothing is written in a script that a feed is written in."""
    first: dict[str, Feed] = {}
    count: dict[str, int] = {}
    for feed in feeds:
        script = _SCRIPT_OF.get((feed.language or "").split("-")[0])
        if script:
            first.setdefault(script, feed)
            count[script] = count.get(script, 0) + 1
    if not first:
        return
    for topic in topics:
        missing: dict[str, list[str]] = {}  # script -> the lines without a name in it
        for line in topic.lines:
            if any(name.startswith("regex") for name in line.names):
                continue
            text = " ".join(_written_out(line.names, aliases))
            for script in first:
                if not _LETTERS[script].search(text):
                    missing.setdefault(script, []).append(line.name)
        if not missing:
            continue
        line_name = next(iter(missing.values()))[0]
        problems.warn(
            16,
            places.get(f"topic {topic.id}.{line_name}"),
            f"topic {topic.id}, {line_name}",
            _unwritten(topic, missing, first, count),
        )


def _unwritten(
    topic: Topic, missing: Mapping[str, Sequence[str]], first: Mapping[str, Feed], count: Mapping[str, int]
) -> str:
    if len(missing) == 1 and len(lines := next(iter(missing.values()))) == 1:
        (script,) = missing
        feed, more = first[script], count[script] - 1
        like = f" (and {more} more like it)" if more else ""
        return (
            f'Feed "{feed.name}"{like} is {name_of(feed.language or "")}, '
            f'but "{lines[0]}" of topic {topic.id} has no {script} name.'
        )
    feeds = sum(count[script] for script in missing)
    by_lines: dict[tuple[str, ...], list[str]] = {}
    for script, lines in missing.items():
        by_lines.setdefault(tuple(lines), []).append(script)
    parts = [
        f"{_listed([_quoted(line) for line in lines])} {'has' if len(lines) == 1 else 'have'} "
        f"no {_listed(scripts, 'or')} name"
        for lines, scripts in by_lines.items()
    ]
    return (
        f"{feeds} feed{'s' * (feeds != 1)} can hardly match topic {topic.id}: {'; '.join(parts)} "
        f'(feed "{first[next(iter(missing))].name}" is one).'
    )


def _written_out(names: Iterable[str], aliases: AliasBook) -> Iterable[str]:
    for name in names:
        if name.startswith("@"):
            yield from aliases.names_of(name[1:]) if name[1:] in aliases.entities else ()
        else:
            yield name.split(":", 1)[1] if name.lower().startswith("exact:") else name


def look_at_routes(
    routes: Sequence[Route],
    topics: Iterable[str],
    receivers: Mapping[str, Receiver],
    places: Mapping[str, Node],
    problems: Problems,
) -> None:
    """Note alerts that reach nobody, and people whom one alert reaches twice."""
    if not routes:
        return
    unreached: dict[tuple[Relation, ...], list[str]] = {}
    known: dict[tuple[str, ...], tuple[Relation, ...]] = {}
    for topic in topics:
        fitting = [route for route in routes if any(fnmatchcase(topic, each) for each in route.topics)]
        key = tuple(route.name for route in fitting)
        if key not in known:
            taken = {
                relation
                for route in fitting
                if route.band is not Band.STRONG and route.to
                for relation in route.relations
            }
            known[key] = tuple(relation for relation in MUST_REACH if relation not in taken)
        # a withdrawal also goes to those who got the alert: alone it is no reason to refuse
        if known[key] not in ((), (Relation.WITHDRAWN,)):
            unreached.setdefault(known[key], []).append(topic)
    place = places.get(f"route {routes[0].name}")
    total = sum(map(len, unreached.values()))
    for missing, where in unreached.items():
        problems.error(
            28, place, "", _nobody(missing, where, everywhere=total == len(where) and len(known) == 1)
        )
    for route in routes:
        _twice(route, receivers, places.get(f"route {route.name}"), problems)


def _nobody(missing: Sequence[Relation], topics: Sequence[str], *, everywhere: bool) -> str:
    named = _listed([relation.value for relation in missing]) if len(missing) < len(MUST_REACH) else "Alerts"
    on = (
        ""
        if everywhere
        else f" on {_listed(topics[:3])}" + (f" and {len(topics) - 3} more topics" * (len(topics) > 3))
    )
    verb = "reaches" if len(missing) == 1 else "reach"
    return f'{named}{on} {verb} nobody. Add a route with digest: "07:00".'


def _quoted(name: str) -> str:
    return f'"{name}"'


def _listed(words: Sequence[str], link: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {link} {words[-1]}"


def _twice(route: Route, receivers: Mapping[str, Receiver], place: Node | None, problems: Problems) -> None:
    named = [(name, receivers[name]) for name in route.to if name in receivers]
    ways: dict[str, list[str]] = {}
    for name, receiver in named:
        if receiver.type == "email":
            for address in getattr(receiver.settings, "to", ()):
                ways.setdefault(str(address), []).append(name)
            continue
        # Compared as settings, never as text: their text hides the secrets that tell them apart.
        same = [other for other, its in named if its == receiver]
        ways.setdefault(f"The same {receiver.type} address", same)
    for who, names in ways.items():
        if len(names) > 1:
            problems.warn(
                29, place, f"route {route.name}", f"{who} gets {route.name} twice, by {_listed(names)}."
            )
