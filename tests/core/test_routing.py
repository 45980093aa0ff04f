from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.core.model import Alert, Band, Entry, Relation, Report, Route
from claimwatch.core.routing import misfit, route
from tests.core.stories import NOW, alert

ADDRESSES = {"desk": ("desk/a@x.example", "desk/b@x.example"), "boss": ("boss/a@x.example",)}

routes = st.lists(
    st.builds(
        Route,
        name=st.text("abc", min_size=1, max_size=3),
        to=st.lists(st.sampled_from(["desk", "boss", "file"]), min_size=1, max_size=4).map(tuple),
        topics=st.sampled_from([("*",), ("troops",), ("t*", "arms"), ("none",)]),
        gather=st.integers(0, 600).map(lambda s: timedelta(seconds=s)),
        band=st.sampled_from(list(Band)),
    ),
    max_size=5,
)
alerts = st.builds(
    alert,
    st.sampled_from([Relation.CONTRADICTS, Relation.NEW]),
    st.sampled_from(["troops", "arms"]),
    band=st.sampled_from([Band.STRONG, Band.GOOD]),
)


@settings(max_examples=40)
@given(alerts, routes)
def test_two_routes_never_bring_one_address_an_alert_twice(one: Alert, rules: list[Route]) -> None:
    reached = [d.receiver for d in route(one, rules, ADDRESSES)]
    assert len(reached) == len(set(reached))


@settings(max_examples=40)
@given(alerts, routes)
def test_everybody_a_fitting_route_names_is_reached_at_its_earliest_time(
    one: Alert, rules: list[Route]
) -> None:
    reached = {d.receiver: d for d in route(one, rules, ADDRESSES)}
    fitting = [r for r in rules if misfit(r, one) is None]
    wanted = {a for r in fitting for name in r.to for a in ADDRESSES.get(name, (name,))}
    assert reached.keys() == wanted
    for address, delivery in reached.items():
        gathers = [r.gather for r in fitting if any(address in ADDRESSES.get(n, (n,)) for n in r.to)]
        assert delivery.due_at == NOW + min(gathers)


def test_all_routes_that_reach_an_address_are_named() -> None:
    rules = [Route("a", ("desk",)), Route("b", ("boss", "desk"))]
    assert {d.receiver: d.routes for d in route(alert(), rules, {})} == {"desk": ("a", "b"), "boss": ("b",)}


def test_one_route_that_names_an_address_twice_is_named_once() -> None:
    (delivery,) = route(alert(), [Route("a", ("desk", "team"))], {"desk": ("x",), "team": ("x",)})
    assert delivery.routes == ("a",)


def test_a_route_says_why_it_does_not_take_an_alert() -> None:
    only = Route("r", ("desk",), relations=(Relation.CONTRADICTS,), topics=("arms",), band=Band.STRONG)
    assert misfit(only, alert()) == "relation NEW is not one of CONTRADICTS"
    assert misfit(only, alert(Relation.CONTRADICTS)) == "topic troops does not fit arms"
    assert misfit(only, alert(Relation.CONTRADICTS, "arms", band=Band.GOOD)) == "match good is below strong"
    assert misfit(only, alert(Relation.CONTRADICTS, "arms")) is None


def test_readers_of_another_topic_the_item_is_on_are_told_too() -> None:
    assert misfit(Route("r", ("desk",), topics=("arms",)), alert(also=("arms",))) is None


def test_readers_of_a_relation_to_another_claim_are_told_too() -> None:
    only = Route("r", ("desk",), relations=(Relation.CORROBORATES,))
    assert misfit(only, alert(Relation.UPDATES, also_relations=(Relation.CORROBORATES,))) is None


def test_a_summary_goes_to_who_asked_for_any_relation_in_it() -> None:
    from dataclasses import replace

    summary = replace(alert(Relation.CONTRADICTS), entries=(Entry(Relation.NEW, Report("t", "o")),))
    assert misfit(Route("r", ("desk",), relations=(Relation.NEW,)), summary) is None
