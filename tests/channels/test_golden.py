import pytest

from claimwatch.core.columns import width
from claimwatch.core.model import Relation
from tests.channels.examples import KEY, RELATIONS
from tests.channels.golden import FOLDER, WRITTEN, channel, in_a_thread, shown
from tests.channels.test_email import parsed, part


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("kind", WRITTEN)
def test_every_channel_words_every_relation_as_in_its_golden_file(kind: str, name: str) -> None:
    """If the words were meant to change: python -m tests.channels.golden, then read the difference."""
    message = channel(kind).word(RELATIONS[name], key=KEY)
    assert shown(kind, message) == (FOLDER / f"{kind}-{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [kind for kind in WRITTEN if channel(kind).place])
def test_a_later_message_of_a_claim_is_worded_as_in_its_golden_file(kind: str) -> None:
    assert shown(kind, in_a_thread(kind)) == (FOLDER / f"{kind}-thread.txt").read_text(encoding="utf-8")


def test_there_is_a_golden_file_for_every_relation_and_no_other() -> None:
    assert {alert.relation for alert in RELATIONS.values()} == set(Relation)
    threads = {f"{kind}-thread.txt" for kind in WRITTEN if channel(kind).place}
    named = {f"{kind}-{name}.txt" for kind in WRITTEN for name in RELATIONS} | threads
    assert {path.name for path in FOLDER.iterdir()} == named


@pytest.mark.parametrize("name", RELATIONS)
def test_no_line_of_a_mail_is_wider_than_72_columns_and_its_first_word_is_the_relation(name: str) -> None:
    text = part(parsed(channel("email").word(RELATIONS[name], key=KEY)), "plain")
    assert max(map(width, text.splitlines())) <= 72
    digests = {"digest": "claimwatch ", "notice": "claimwatch: "}
    assert text.startswith(digests.get(name, RELATIONS[name].relation.value))
