from __future__ import annotations

from claimwatch.core.model import Band, Item, Relation, Route, Stance
from claimwatch.core.trial import OFF_TOPIC, conclude
from tests.core.stories import CLAIM, CONTRADICTS, GUNS, NEUTRAL, SUPPORTS, Desk, match, matched, says

ITEM = Item("1", title="A headline")
ROUTES = [Route("all", ("desk",)), Route("denials", ("boss",), relations=(Relation.CONTRADICTS,))]
TITLES = {"troops": "Border troops"}


def test_a_text_on_no_topic_is_off_topic_and_goes_nowhere() -> None:
    trial = conclude(ITEM, [], [], ROUTES, TITLES)
    assert (trial.relation, trial.routes, trial.misfits) == (OFF_TOPIC, (), {})


def test_a_weak_match_is_off_topic() -> None:
    weak = [match(band=Band.WEAK)]
    assert conclude(ITEM, weak, [(CLAIM, CONTRADICTS)], ROUTES, TITLES).relation == OFF_TOPIC


def test_a_text_no_claim_speaks_of_is_new() -> None:
    trial = conclude(ITEM, [match()], [(CLAIM, NEUTRAL)], ROUTES, TITLES)
    assert (trial.relation, trial.routes) == ("NEW", ("all",))
    assert trial.misfits == {"denials": "relation NEW is not one of CONTRADICTS"}


def test_the_strongest_relation_decides_and_names_its_routes() -> None:
    trial = conclude(ITEM, [match()], [(CLAIM, CONTRADICTS), (CLAIM, SUPPORTS)], ROUTES, TITLES)
    assert (trial.relation, trial.routes) == ("CONTRADICTS", ("all", "denials"))


def test_a_claim_of_a_weak_topic_decides_nothing() -> None:
    matches = [match("troops"), match("arms", Band.WEAK)]
    assert conclude(ITEM, matches, [(GUNS, CONTRADICTS)], ROUTES, TITLES).relation == "NEW"


def test_a_trial_concludes_what_a_desk_without_memory_would_be_told() -> None:
    for stance in Stance:
        for matches in ([match()], [match("troops"), match("arms", Band.GOOD)], [match("arms", Band.WEAK)]):
            pairs = [(CLAIM, says(stance)), (GUNS, SUPPORTS)]
            told = Desk().sees(matched(matches=matches), *pairs).alert
            trial = conclude(ITEM, matches, pairs, ROUTES, TITLES)
            assert trial.relation == (told.relation.value if told else OFF_TOPIC)
