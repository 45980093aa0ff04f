import warnings

import pytest


@pytest.fixture(scope="session", autouse=True)
def _apprise_loaded() -> None:
    """Apprise imports a module that Python 3.11 calls deprecated: not ours to fail on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        apprise.Apprise.instantiate("json://localhost")
