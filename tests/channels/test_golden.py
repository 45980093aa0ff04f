import pytest

from tests.channels.examples import ALERTS, KEY
from tests.channels.golden import FOLDER, WRITTEN, channel, shown


@pytest.mark.parametrize("name", ALERTS)
@pytest.mark.parametrize("kind", WRITTEN)
def test_every_channel_words_every_relation_as_in_its_golden_file(kind: str, name: str) -> None:
    """If the words were meant to change: python -m tests.channels.golden, then read the difference."""
    message = channel(kind).word(ALERTS[name], key=KEY)
    assert shown(kind, message) == (FOLDER / f"{kind}-{name}.txt").read_text(encoding="utf-8")
