"""`volume` against plain SQL."""

from __future__ import annotations

from hypothesis import given, settings

from fourseas.indicators.volume import INDICATOR
from tests.flat import differences
from tests.random_worlds import RandomWorld, worlds

KEY = (
    "definition_id",
    "register",
    "unit_type",
    "unit_id",
    "scheme",
    "field_id",
    "year",
    "counting",
)


@settings(max_examples=15)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    found, expected = random_world.both(INDICATOR)

    assert differences(found, expected, KEY) == []
