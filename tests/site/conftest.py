"""One site for all tests that only read it."""

from __future__ import annotations

import pytest

from tests.site.sites import Published, make_county_site


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Published:
    return make_county_site(tmp_path_factory.mktemp("county-site"))
