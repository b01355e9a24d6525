"""Classes of partners by their level."""

from __future__ import annotations

import math

import pytest

from fourseas.reports.partner import standing


@pytest.mark.parametrize(
    ("own", "theirs", "said"),
    [
        (0.010, 0.020, "ahead"),
        (0.020, 0.010, "behind"),
        (0.020, 0.016, "close and high"),
        (0.020, 0.015, "close and high"),
        (0.020, 0.0149, "behind"),
        (0.008, 0.009, "close"),
        (math.nan, 0.01, "not published"),
    ],
)
def test_a_quarter_of_the_greater_level_is_still_close(
    own: float, theirs: float, said: str
) -> None:
    assert standing(own, theirs) == said
