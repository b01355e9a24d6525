"""The limits that pages on indicators state are those by which the numbers are computed."""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy.stats import norm

from fourseas.indicators import (
    affinity,
    benefit_balance,
    field_profiles,
    leadership_trajectory,
    mobility,
    position,
    resampling,
    stability,
)

PAGES = Path(__file__).parents[2] / "docs" / "indicators"
IN_WORDS = {4: "four", 5: "five"}


@pytest.mark.parametrize(
    ("page", "stated"),
    [
        ("affinity", f"is on over {affinity.DOMINANT:.0%} of the other's international works"),
        (
            "affinity",
            f"joint works grew over {affinity.JUMP:g} times as much since the year before",
        ),
        ("affinity", f"of either, of {affinity.FEWEST} works or more"),
        (
            "benefit_balance",
            f"joint works of *i* and *j* in {IN_WORDS[benefit_balance.YEARS]} years",
        ),
        ("benefit_balance", f"Of fewer than {benefit_balance.FEWEST} joint works with a score"),
        (
            "leadership_trajectory",
            f"international works *w* of {IN_WORDS[leadership_trajectory.PERIOD]} years",
        ),
        (
            "leadership_trajectory",
            f"the interval of $`P`$ is below {leadership_trajectory.LITTLE:.0%};",
        ),
        ("mobility", f"No count of one to {IN_WORDS[mobility.LEAST_PERSONS - 1]} persons is shown"),
        ("mobility", f"where they are none, or {IN_WORDS[mobility.LEAST_PERSONS]} or more"),
        ("position", f"L_j - L_i > 1/{1 / position.CLOSE:g} max(L_i, L_j)"),
        ("position", f"authorship of RFCs of {IN_WORDS[position.STANDARDS_YEARS]} years"),
        ("relatedness", f"those below {field_profiles.LEAST_WORKS:g} works are left out"),
    ],
)
def test_a_page_states_the_limit_that_is_applied(page: str, stated: str) -> None:
    text = " ".join((PAGES / f"{page}.md").read_text(encoding="utf-8").split())

    assert stated in text


def test_a_unit_leads_as_expected_between_two_thirds_and_one_and_a_half() -> None:
    assert pytest.approx((2 / 3, 3 / 2)) == leadership_trajectory.EXPECTED


def test_intervals_leave_a_fortieth_on_either_side() -> None:
    assert pytest.approx(1 / 40) == resampling.TAIL
    assert pytest.approx(norm.ppf(1 - 1 / 40), abs=1e-12) == stability.NORMAL_975
