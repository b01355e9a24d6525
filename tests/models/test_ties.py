"""Closeness of fields and movement of persons: numbers by hand, and what is left unknown."""

from __future__ import annotations

import numpy as np
import pytest

from fourseas.models.ties import movers, proximity


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
    arrived[5, 1, 0] = 3  # 2005
    arrived[6, 1, 0] = 7  # 2006 itself

    assert movers(arrived, years, 2006).tolist() == [[0, 5], [5, 0]]


@pytest.mark.parametrize("year", [2004, 2013])
def test_years_before_and_after_all_that_is_known_have_no_number_of_movers(year: int) -> None:
    assert np.isnan(movers(np.zeros((12, 2, 2)), np.arange(2000, 2012), year)).all()
