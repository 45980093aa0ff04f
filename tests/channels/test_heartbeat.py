import pytest

from claimwatch.channels.heartbeat import Heartbeat
from claimwatch.errors import DeliveryError
from tests.channels.servers import web_sink


async def test_a_sign_of_life_is_given_at_the_address() -> None:
    async with web_sink() as sink:
        await Heartbeat(f"{sink.url}/ping/s3cret", private=True).ping()
        assert [(r.method, r.path) for r in sink.requests] == [("GET", "/ping/s3cret")]


@pytest.mark.parametrize("answer", [(404, {}, ""), (302, {"Location": "/"}, ""), (500, {}, ""), (0, {}, "")])
async def test_an_address_that_does_not_take_it_is_told_without_its_secret(
    answer: tuple[int, dict[str, str], str],
) -> None:
    async with web_sink() as sink:
        sink.answers = [answer]
        with pytest.raises(DeliveryError) as caught:
            await Heartbeat(f"{sink.url}/ping/s3cret", private=True).ping()
        assert "s3cret" not in str(caught.value)


async def test_a_private_address_is_asked_only_where_the_config_says_so() -> None:
    async with web_sink() as sink:
        with pytest.raises(DeliveryError, match="private: true"):
            await Heartbeat(f"{sink.url}/ping").ping()
        assert sink.requests == []
