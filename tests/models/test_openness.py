"""Panels of openness and level: sums over years by hand, and what is not published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fourseas.models.openness import OBSERVATIONS, STEP, pooled
from fourseas.models.separation import Floats
from tests.models.observing import observed
from tests.world import Row


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


HOME: Row = {"stratum": "core", "collaboration_class": "domestic"}
ABROAD: Row = {"stratum": "core", "collaboration_class": "international"}


def country(code: str, *cells: Row) -> list[Row]:
    """Return cells of a country, with as much credit as works where nothing else is said."""
    return [{"credit": cell["n"]} | cell | {"unit_id": code} for cell in cells]


def test_works_of_a_country_are_added_up_over_how_they_were_done() -> None:
    # 6 works at home, 5 of them with scores, and 4 and 3 with others, of whose credit it has less.
    home: Row = {"n": 6.0, "n_scored": 5.0, "credit_scored": 5.0}
    core: Row = {"n": 4.0, "credit": 1.5, "n_scored": 4.0, "credit_scored": 1.5}
    more: Row = {"n": 3.0, "credit": 1.0, "n_scored": 2.0, "credit_scored": 0.5}
    cells = country(
        "KE",
        HOME | home | {"top_10_full": 2.0, "top_10_frac": 2.0, "top_1_full": 1.0},
        ABROAD | core | {"top_10_full": 3.0, "top_10_frac": 1.25, "top_1_full": 2.0},
        ABROAD | more | {"stratum": "xpac", "top_10_full": 1.0, "top_10_frac": 0.5},
    )
    others = [
        *({**cell, "unit_type": "group", "unit_id": "EU"} for cell in cells),
        *({**cell, "scope": "sample", "register": "s"} for cell in cells),
    ]
    table = observed(STEP, {"unit_cells": [*cells, *others]})

    assert table.unit_id.tolist() == ["KE"]
    expected = {
        "p": 13,
        "p_international": 7,
        "credit": 8.5,
        "n_scored": 11,
        "credit_scored": 7,
        "home_scored": 5,
        "top_10_full": 6,
        "top_10_frac": 3.75,
        "top_10_home": 2,
        "top_1_full": 3,
        "top_1_home": 1,
    }
    assert table.iloc[0][list(expected)].to_dict() == expected


def test_works_with_others_are_known_where_all_are_divided_and_some_are_placed() -> None:
    unstated, unknown = (
        {"stratum": "core", "collaboration_class": x} for x in ("unstated", "unknown")
    )
    cells = [
        *country("AA", HOME | {"n": 1.0}),
        *country("BB", ABROAD | {"n": 1.0}),
        *country("CC", HOME | {"n": 2.0}, ABROAD | {"n": 2.0}),
        *country("DD", HOME | {"n": 2.0}, ABROAD | {"n": 2.0}, unstated | {"n": 1.0}),
        *country("EE", unstated | {"n": 5.0}),
        *country("FF", unknown | {"n": 5.0}),
    ]
    found = observed(STEP, {"unit_cells": cells}).set_index("unit_id").p_international

    assert found.sort_index().tolist() == pytest.approx([0, 1, 2, *[np.nan] * 3], nan_ok=True)


def test_countries_and_fields_have_numbers_in_the_order_of_their_codes() -> None:
    # The first country has no work in the first field.
    some = [
        rows().assign(unit_id=u, field_id=f) for u, f in (("KE", "9"), ("AA", "2"), ("KE", "1"))
    ]
    panel = pooled(pd.concat(some))

    assert (panel.countries, panel.fields) == (("AA", "KE"), ("1", "2", "9"))
    assert panel.country.tolist() == [0, 0, 1, 1, 1, 1]
    assert panel.field.tolist() == [1, 1, 0, 0, 2, 2]


def test_years_before_the_first_whole_period_are_left_out() -> None:
    long = pd.concat([rows().assign(year=lambda table: table.year - 2, p=999.0), rows()])
    panel = pooled(long.drop_duplicates("year", keep="last"))

    assert panel.years == (2015, 2020)
    assert panel.period.tolist() == [-1, 0]


def test_fewer_years_than_a_period_are_one_period() -> None:
    panel = pooled(rows().query("year > 2018"), least_credit=1)

    assert panel.period.tolist() == [0]
    assert panel.years == (2018, 2020)
    assert panel.output.tolist() == [400]


def test_years_after_the_last_level_tell_nothing_and_a_share_of_the_top_10_comes_first() -> None:
    top = np.where(rows().year < 2018, 8.0, np.nan)
    panel = pooled(rows().assign(top_10_frac=top, top_10_full=top))

    assert (panel.score, panel.years) == ("top_10", (2015, 2017))
    assert panel.level["full"] == pytest.approx([0.02])
    assert pooled(rows()).score == "top_1"


def test_who_has_just_enough_works_stays() -> None:
    # 200 a year in works of which it has half: 100 of credit, which is the least.
    panel = pooled(rows(works=200.0))

    assert (len(panel.country), panel.n_small) == (2, 0)
    assert len(pooled(rows(works=199.0)).country) == 0


def test_of_no_country_nothing_is_read() -> None:
    panel = pooled(rows(works=150.0))

    assert panel.at(panel.output, 1).tolist() == []


def test_a_value_is_read_over_a_period_that_is_missing() -> None:
    # In the second of three periods there is too little.
    years = pd.concat([rows(), rows().assign(year=lambda table: table.year - 3)])
    table = years.drop_duplicates("year", keep="first").sort_values("year")
    gap = np.where(table.year.between(2015, 2017), 1.0, table.credit)
    panel = pooled(table.assign(credit=gap, top_1_frac=0.01 * gap))

    assert panel.period.tolist() == [-2, 0]
    assert panel.at(panel.output, 1) == pytest.approx([np.nan, np.nan], nan_ok=True)
    assert panel.at(panel.output, 2) == pytest.approx([600, np.nan], nan_ok=True)


def test_who_works_at_home_alone_has_no_level_of_joint_works() -> None:
    table = rows()
    alone = table.assign(credit=table.p, credit_scored=table.n_scored, top_1_frac=table.top_1_full)
    panel = pooled(alone)

    assert np.isnan(panel.joint_level).all()
    assert panel.openness["abroad"].tolist() == [0, 0]


def test_a_period_of_which_one_year_is_published_has_the_level_of_that_year() -> None:
    table = rows()
    scored = ["n_scored", "credit_scored", "top_1_full", "top_1_frac"]
    table.loc[table.year.isin([2018, 2020]), scored] = np.nan
    table.loc[table.year == 2020, "top_1_frac"] = 0.0
    panel = pooled(table)

    assert panel.period.tolist() == [-1, 0]
    assert panel.level["full"] == pytest.approx([0.01, 0.02])
