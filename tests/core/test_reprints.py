"""Is a text a print of another? In any order, cut, credited, under another headline."""

from __future__ import annotations

from itertools import islice, permutations

from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.model import Stance
from claimwatch.core.reprints import first_told, own_reporting, same_text
from tests.core.stories import CLAIM, Desk, matched, says
from tests.core.wire_copies import COPIES, LEAD, MORE
from tests.core.wire_copies import WIRE as AGENCY

WIRE = (
    "Avaria denies plan to send soldiers to Norland\n"
    "The foreign ministry of Avaria said on Monday that no plan existed to send up to 5,000 more soldiers to "
    "Norland, and called a report of the Norland intelligence service an invention."
)

texts = st.text(alphabet="abcde ABC 0123456789.,\n北朝鮮軍派遣否定", max_size=60)


@given(texts, texts)
def test_same_text_does_not_depend_on_the_order_of_its_arguments(one: str, other: str) -> None:
    assert same_text(one, other) == same_text(other, one)


@given(texts)
def test_a_text_that_says_anything_is_the_same_as_itself(text: str) -> None:
    assert same_text(text, text) == bool(text.strip())


def test_a_reprint_with_other_white_space_and_a_new_last_line_is_the_same_text() -> None:
    assert same_text(WIRE, WIRE.replace(" ", "  ") + " (Reuters)")


def test_another_number_makes_another_text() -> None:
    assert not same_text(WIRE, WIRE.replace("5,000", "500"))


def test_a_number_that_was_added_makes_another_text_unless_one_is_a_cut_of_the_other() -> None:
    assert not same_text(
        "CWID-l1-1 koba riten mulsav gedpon xidru felhak", "CWID-l1-11 koba riten mulsav gedpon xidru felhak"
    )
    assert same_text(WIRE.partition("\n")[0], WIRE)


def test_short_headlines_that_differ_in_one_word_are_two() -> None:
    assert not same_text("Kyiv denies troop plan", "Seoul denies troop plan")
    assert not same_text("Avaria sends troops", "Avaria sends trucks")


def test_japanese_and_chinese_texts_are_compared_by_characters() -> None:
    told = "朝鮮民主主義人民共和国はロシアに部隊を派遣する計画を否定した。外務省の報道官が月曜日に述べた。"
    assert same_text(told, told.replace("月曜日に", "月曜に"))
    assert not same_text(
        told, "韓国政府は新しい防空システムの導入計画を発表した。国防省の報道官が火曜日に述べた。"
    )


def test_a_cut_of_an_earlier_text_is_a_reprint() -> None:
    assert first_told(WIRE.partition("\n")[0], [(7, WIRE)]) == 7


def test_the_whole_text_after_its_headline_alone_is_a_reprint() -> None:
    assert first_told(WIRE, [(7, WIRE.partition("\n")[0])]) == 7


def test_a_longer_text_that_only_quotes_an_earlier_headline_tells_more_than_was_told() -> None:
    earlier = "Avaria to send soldiers to Norland next month"
    longer = (
        "Norland halts the landing of foreign units\n"
        "Avaria to send soldiers to Norland next month, it was said last week. The government in Norland has "
        "now withdrawn its invitation and closed the port to all of them."
    )
    assert same_text(earlier, longer)
    assert first_told(longer, [(7, earlier)]) is None


def test_the_first_of_several_tellings_is_named() -> None:
    assert first_told(WIRE, [(3, "something else entirely"), (5, WIRE), (9, WIRE)]) == 5


def test_a_hostile_text_costs_no_more_than_a_long_one() -> None:
    assert not same_text("a" * 5_000_000, "b " * 2_000_000)


def test_prints_of_one_text_are_one_alert_of_one_origin_in_every_order() -> None:
    """Every sixth of the 720 orders of a wire's original and five prints, two under other headlines."""
    prints = [AGENCY, *COPIES]
    for order in islice(permutations(prints), 0, None, 6):
        desk = Desk()
        for id, (title, body) in enumerate(order, 1):
            verdict = desk.sees(
                matched(id, title, summary=body, feed=("alpha", "beta", "gamma")[id % 3]),
                (CLAIM, says(Stance.CONTRADICTS, speaker="foreign ministry of Avaria")),
            )
        assert [a.report.item for a in desk.alerts] == [1]
        assert verdict.finding.story == 1


def test_a_print_that_adds_its_outlets_own_reporting_is_a_newsroom_and_no_alert() -> None:
    desk = Desk()
    denial = says(Stance.CONTRADICTS, speaker="foreign ministry of Avaria")
    desk.sees(matched(1, AGENCY[0], summary=f"{LEAD} {MORE}"), (CLAIM, denial))
    added = f"{LEAD} {MORE} A border guard told Beta Times that no columns had been seen for weeks."
    item = matched(2, "Ministry: soldiers stay", summary=added, feed="beta")
    assert desk.sees(item, (CLAIM, denial)).alert is None
    pieces = desk.evidence["t-5k"]
    assert [p.own_reporting for p in pieces] == [False, True]
    assert pieces[1].reprint_of == 1


def test_a_print_that_adds_a_named_origin_is_told() -> None:
    desk = Desk()
    desk.sees(
        matched(1, AGENCY[0], summary=f"{LEAD} {MORE}"),
        (CLAIM, says(Stance.CONTRADICTS, speaker="foreign ministry of Avaria")),
    )
    added = f"{LEAD} {MORE} The government of Norland said that it had asked for nobody."
    item = matched(2, "Norland asked for nobody", summary=added, feed="beta")
    told = desk.sees(item, (CLAIM, says(Stance.CONTRADICTS, speaker="government of Norland"))).alert
    assert told is not None
    assert (told.reason, told.standing and told.standing.origins_against) == ("new-origin", 2)


def test_own_reporting_is_known_by_the_outlets_name_or_its_correspondent() -> None:
    assert own_reporting(f"{LEAD} Our correspondent saw no columns.", LEAD, "Beta Times")
    assert own_reporting(f"{LEAD} Наш корреспондент колонн не видел.", LEAD, "Beta Times")
    assert not own_reporting(f"{LEAD} (Example Wire)", LEAD, "Beta Times")


def test_another_story_under_the_same_words_of_background_is_none() -> None:
    other = f"Norland closes its ports to all foreign units from midnight, its government decided. {MORE}"
    assert first_told(f"Norland closes its ports\n{other}", [(1, "\n".join(AGENCY))]) is None
