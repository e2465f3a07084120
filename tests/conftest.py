"""Settings of all tests."""

import os
import sys

import pytest
from hypothesis import settings

# Tools and scripts that run on Linux alone.
LINUX = ["ci", "test_bench.py", "test_faults.py", "test_fuzz.py"]
collect_ignore = [] if sys.platform == "linux" else LINUX

# The same examples on every run, so that a failure is due to a change of the code;
# `pytest --hypothesis-profile explore` draws new ones.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the manifests of builds out of the home folder."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
