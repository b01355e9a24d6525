"""Closeness of fields and movement of persons: numbers by hand, and what is left unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fourseas.models.ties import MOVE_LAGS, PROFILE_LAGS, movers, proximity


def test_countries_in_the_same_fields_are_at_1_and_in_different_ones_at_0() -> None:
    found = proximity(np.array([[100.0, 100.0], [50.0, 50.0], [400.0, 0.0], [0.0, 90.0]]))

    assert found[0, 1] == pytest.approx(1.0)
    assert found[2, 3] == 0.0
    assert found[0, 2] == pytest.approx(np.sqrt(0.5))
    assert np.isnan(np.diag(found)).all()


def test_what_two_wrote_together_does_not_make_them_alike() -> None:
    # All that the first has in the second field is joint work with the second country.
    credit = np.array([[300.0, 400.0], [0.0, 400.0]])
    joint = np.zeros((2, 2, 2))
    joint[0, 1] = [0.0, 400.0]
    joint[1, 0] = [0.0, 100.0]

    assert proximity(credit)[0, 1] == pytest.approx(0.8)
    assert proximity(credit, joint)[0, 1] == 0.0
    assert proximity(credit, joint)[1, 0] == 0.0


def test_a_profile_of_few_works_is_unknown() -> None:
    found = proximity(np.array([[20.0, 9.9], [100.0, 0.0], [0.0, 30.0]]))

    assert np.isnan(found[0]).all()
    assert found[1, 2] == 0.0


def test_movers_are_those_of_the_five_years_before_either_way() -> None:
    years = np.arange(2000, 2012)
    arrived = np.zeros((12, 2, 2))
    arrived[0, 0, 1] = 1  # 2000, six years before 2006
    arrived[1, 0, 1] = 2  # 2001
    arrived[3, 0, 1] = 4  # 2003
    arrived[5, 1, 0] = 3  # 2005
    arrived[6, 1, 0] = 7  # 2006 itself

    assert movers(arrived, years, 2006).tolist() == [[0, 9], [9, 0]]


@pytest.mark.parametrize("year", [2004, 2013])
def test_years_before_and_after_all_that_is_known_have_no_number_of_movers(year: int) -> None:
    found = movers(np.zeros((12, 2, 2)), np.arange(2000, 2012), year)

    assert found.shape == (2, 2)
    assert np.isnan(found).all()


def test_profiles_and_movers_are_of_the_years_that_pages_state() -> None:
    page = (Path(__file__).parents[2] / "docs" / "models" / "gravity.md").read_text(
        encoding="utf-8"
    )
    text = " ".join(page.split())
    words = {5: "five", 3: "three", 1: "one"}
    profile, moves = ([words.get(lag) for lag in lags] for lags in (PROFILE_LAGS, MOVE_LAGS))

    assert f"by field, {profile[0]} to {profile[1]} years before" in text
    assert f"either way, {moves[0]} years to {moves[1]} before" in text


def test_movers_of_one_year_between_three_countries_are_added_up_both_ways() -> None:
    arrived = np.zeros((5, 3, 3))
    arrived[4] = [[0, 1, 2], [4, 0, 8], [16, 32, 0]]

    assert movers(arrived, np.arange(2000, 2005), 2005).tolist() == [
        [0, 5, 18],
        [5, 0, 40],
        [18, 40, 0],
    ]
    assert movers(arrived, np.arange(2000, 2005), 2005).shape == (3, 3)
    assert np.isnan(movers(np.zeros((0, 3, 3)), np.arange(0), 2005)).all()


def test_what_was_written_together_is_taken_away_to_no_less_than_nothing() -> None:
    # Of the first country's 100 in the second field 130 are joint by another count: none is left.
    credit = np.array([[300.0, 100.0], [40.0, 30.0]])
    joint = np.zeros((2, 2, 2))
    joint[0, 1] = [0.0, 130.0]
    joint[1, 0] = [10.0, 0.0]

    # 300 and 0 against 30 and 30.
    assert proximity(credit, joint)[0, 1] == pytest.approx(np.sqrt(0.5))
    assert np.isnan(proximity(credit, joint, least=61.0)[0, 1])
    enough = proximity(credit, joint, least=60.0)
    assert (enough[0, 1], enough[1, 0]) == pytest.approx((np.sqrt(0.5), np.sqrt(0.5)))
