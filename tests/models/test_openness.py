"""Panels of openness and level: sums over years by hand, and what is not published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fourseas.models.openness import OBSERVATIONS, pooled
from fourseas.models.separation import Floats


def rows(*, works: float = 400.0, divided: bool = True) -> pd.DataFrame:
    """Return one country of 2015-2020 with a level that doubles after 2017."""
    table = pd.DataFrame({"year": range(2015, 2021)})
    top = np.where(table.year > 2017, 0.02, 0.01)
    chosen: dict[str, str | float | Floats] = {
        "register": "r",
        "definition_id": "d",
        "scheme": "all",
        "field_id": "all",
        "unit_id": "KE",
        "p": works,
        "p_international": works / 4 if divided else np.nan,
        "credit": works / 2,
        "n_scored": works,
        "credit_scored": works / 2,
        "top_1_full": top * works,
        "top_1_frac": top * works / 4,
    }
    for column in OBSERVATIONS.columns:
        if column.name != "year":
            table[column.name] = chosen.get(column.name, np.nan)
    return table


def test_three_years_are_added_up_and_counted_back_from_the_last() -> None:
    panel = pooled(rows())

    assert panel.period.tolist() == [-1, 0]
    assert panel.years == (2015, 2020)
    assert panel.level["full"] == pytest.approx([0.01, 0.02])
    assert panel.level["fractional"] == pytest.approx([0.005, 0.01])
    assert panel.openness["international"] == pytest.approx([0.25, 0.25])
    assert panel.openness["abroad"] == pytest.approx([0.5, 0.5])


def test_the_level_of_joint_works_is_what_the_two_countings_differ_by() -> None:
    # Of 100 works 50 are at home, 1 of them excellent, and 50 are shared by halves with others, 5
    # of them excellent: full 6 of 100, fractional 1 + 5/2 of 75, joint works 5 of 50.
    one = rows().assign(p=100, credit=75, n_scored=100, credit_scored=75)
    panel = pooled(one.assign(top_1_full=6, top_1_frac=3.5), least_credit=1)

    assert panel.joint_level == pytest.approx([0.1, 0.1])


def test_a_share_that_is_not_published_is_unknown_and_not_0() -> None:
    panel = pooled(rows(divided=False))

    assert np.isnan(panel.openness["international"]).all()
    assert np.isnan(panel.level["home"]).all()


def test_countries_with_few_works_are_left_out_and_counted() -> None:
    panel = pooled(rows(works=150.0))

    assert len(panel.country) == 0
    assert panel.n_small == 2


def test_a_value_is_read_of_the_same_country_and_field_alone() -> None:
    both = pd.concat([rows(), rows().assign(unit_id="CN")])
    panel = pooled(both)
    later = panel.at(panel.level["full"], 1)

    assert later == pytest.approx([0.02, np.nan, 0.02, np.nan], nan_ok=True)
    assert panel.at(panel.level["full"], -1) == pytest.approx(
        [np.nan, 0.01, np.nan, 0.01], nan_ok=True
    )
