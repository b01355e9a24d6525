"""A lake that was built once, for tests that copy it."""

from __future__ import annotations

import pytest

from fourseas.lake.layout import Lake
from tests.lake import small


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake of two registers with one version."""
    return small.settled(tmp_path_factory.mktemp("settled"))
