"""Verdicts by a table of estimates."""

from __future__ import annotations

import pytest

from fourseas.models.regression import Coefficient
from fourseas.models.verdict import Estimate, judged

Interval = tuple[float, float]


def estimates(*given: tuple[str, Interval]) -> list[Estimate]:
    """Return estimates with a counting and an interval each."""
    return [
        Estimate(
            choices={"counting": counting, "fields": "all"},
            coefficient=Coefficient(
                name="x", estimate=(low + high) / 2, se=0.1, low=low, high=high
            ),
            n=100,
            n_clusters=20,
        )
        for counting, (low, high) in given
    ]


@pytest.mark.parametrize(
    ("fractional", "full", "placebo", "word", "depends_on"),
    [
        ((0.1, 0.2), (0.1, 0.3), (-0.1, 0.1), "supported", ""),
        ((0.1, 0.2), (0.1, 0.3), (0.1, 0.2), "mixed", ""),
        ((0.1, 0.2), (-0.1, 0.3), (-0.1, 0.1), "mixed", "counting"),
        ((0.1, 0.2), (-0.3, -0.1), (-0.1, 0.1), "mixed", "counting"),
        ((-0.1, 0.2), (-0.1, 0.3), (-0.1, 0.1), "not supported", ""),
        ((-0.2, -0.1), (-0.3, -0.1), (0.1, 0.2), "not supported", ""),
    ],
)
def test_a_verdict_takes_every_estimate_and_every_placebo(
    fractional: Interval, full: Interval, placebo: Interval, word: str, depends_on: str
) -> None:
    grid = estimates(("fractional", fractional), ("full", full))
    verdict = judged(grid, estimates(("full", placebo)), 1)

    assert (verdict.word, verdict.depends_on) == (word, depends_on)


def test_a_claim_of_less_is_judged_on_the_other_side() -> None:
    grid = estimates(("fractional", (-0.3, -0.1)))

    assert judged(grid, [], -1).word == "supported"
    assert judged(grid, [], 1).word == "not supported"


def test_the_reason_counts_and_names_what_divides() -> None:
    grid = estimates(
        ("fractional", (-0.1, 0.1)), ("full", (0.1, 0.3)), ("fractional", (-0.3, -0.1))
    )

    assert judged(grid, [], 1).reason == (
        "1 of 3 estimates are on the claimed side of 0, 1 on the other, and 1 cannot be told "
        "from 0; by counting: 0 of 2 with fractional, 1 of 1 with full"
    )
