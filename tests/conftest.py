"""Settings of all tests."""

import os

import pytest
from hypothesis import settings

# The same examples on every run, so that a red test is always due to a change of the code;
# `pytest --hypothesis-profile explore` looks further afield.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _a_cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What builds remember must not pile up in the home of whoever runs the tests."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
