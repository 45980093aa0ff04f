import pytest

from claimwatch.channels.email import EmailSettings
from claimwatch.channels.registry import SETTINGS, expand
from claimwatch.channels.terminal import TerminalSettings


def test_a_receiver_with_several_addresses_becomes_one_for_each() -> None:
    settings = EmailSettings(to=("a@example.org", "b@example.org", "a@example.org"), html=False)
    parts = expand("desk", "email", settings)
    assert list(parts) == ["desk/a@example.org", "desk/b@example.org"]
    assert parts["desk/b@example.org"] == EmailSettings(to=("b@example.org",), html=False)


def test_a_receiver_with_one_address_keeps_its_name() -> None:
    mail = EmailSettings.model_validate({"to": "a@example.org"})
    assert expand("desk", "email", mail) == {"desk": mail}
    assert expand("screen", "terminal", TerminalSettings()) == {"screen": TerminalSettings()}


@pytest.mark.parametrize("kind", SETTINGS)
def test_settings_refuse_what_they_do_not_know_and_cannot_be_changed(kind: str) -> None:
    model = SETTINGS[kind]
    assert model.model_config.get("extra") == "forbid"
    assert model.model_config.get("frozen") is True
