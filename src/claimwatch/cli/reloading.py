"""How a running daemon reads its config anew: as `check` does, without asking any feed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from claimwatch.config import Settings, read
from claimwatch.config.changes import changes
from claimwatch.config.watching import Signature, signature
from claimwatch.errors import ConfigError

if TYPE_CHECKING:
    from claimwatch.config.problems import Problem
    from claimwatch.reload import ConfigSource


def config_source(path: Path, seen: Signature) -> ConfigSource:
    """Return the config at `path`, whose files looked as `seen` before the daemon read them."""
    from claimwatch.reload import ConfigSource

    return ConfigSource(look=partial(signature, path), load=partial(load_checked, path), seen=seen)


def load_checked(path: Path, running: Settings) -> Settings:
    """Return the config at `path`, its examples and tests tried out. Raises: ConfigError, a line a problem.

    Only what the change may have touched is tried, and what is wrong under the running config already is no
    fault of the change.
    """
    new, problems = read(path, environ=os.environ)
    if new is None:
        raise ConfigError([p.brief() for p in problems.all() if p.severity == "error"])
    touched = changes(running, new)
    if not touched.words:
        return new
    some = replace(new, claims=tuple(c for c in new.claims if c.id in touched.claims))
    wrong = _try_out(some)
    if wrong:
        known = {claim.id for claim in some.claims}
        before = replace(running, claims=tuple(c for c in running.claims if c.id in known))
        already = {problem.what for problem in _try_out(before)}
        wrong = [problem for problem in wrong if problem.what not in already]
    if wrong:
        raise ConfigError([problem.brief() for problem in wrong])
    return new


def _try_out(settings: Settings) -> Sequence[Problem]:
    from claimwatch import app
    from claimwatch.cli.check_alerts import Rehearsal, example_outcome
    from claimwatch.config.alert_tests import check_alert_tests
    from claimwatch.config.examples import check_examples
    from claimwatch.core.matching import TopicIndex

    used = {claim.topic for claim in settings.claims}
    topics = settings.topics if settings.alert_tests else [t for t in settings.topics if t.id in used]
    index, judge = TopicIndex(topics, settings.aliases), app.open_first_judge(settings.aliases)
    wrong = list(check_examples(settings, example_outcome(index, judge)))
    rehearse = Rehearsal(settings, index, judge, now=app.now())
    return [*wrong, *check_alert_tests(settings.alert_tests, settings.places, rehearse)]
