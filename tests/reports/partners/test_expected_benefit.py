"""What first ties would bring, on the embedded RFCs, against SQL and other parts of the program."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pytest

from fourseas.partners.hold_out import Split
from fourseas.reports.backtest.benefits import benefits
from fourseas.reports.backtest.card import Question as Asking
from fourseas.reports.backtest.card import backtest_card
from fourseas.reports.partners.expected import Expected, expected, expected_sheet
from fourseas.reports.partners.find import Question, find_card
from fourseas.reports.partners.gathering import Gathered, gathered
from fourseas.reports.partners.place import Asked, place
from fourseas.reports.partners.scored import scored_ties
from fourseas.workspace import Workspace

EARLY = Asked(years=(1990, 2023), register="rfc")


@pytest.fixture(scope="module")
def pool(lake: Workspace) -> Gathered:
    """Return countries that have written RFCs."""
    return gathered(lake, place(lake, "country", EARLY))


@pytest.fixture(scope="module")
def told(lake: Workspace) -> Expected:
    """Return what first ties would bring by RFCs."""
    found = expected(lake, "rfc")
    assert found is not None
    return found


def test_gains_of_ties_that_there_are_equal_the_indicator(lake: Workspace) -> None:
    ties = scored_ties(lake, "rfc")
    assert ties is not None
    ours = ties.of((2015, 2019)).gain
    table = lake.table("benefit_balance")
    rows = (
        table.filter(
            (table.register == "rfc")
            & (table.scheme == "all")
            & (table.year == 2019)
            & table.gain.notnull()
        )
        .select("unit_id", "partner_id", "gain")
        .to_pandas()
    )
    numbers = {unit: i for i, unit in enumerate(ties.units)}
    known = [row for row in rows.itertuples() if np.isfinite(ours[numbers[str(row.unit_id)]]).any()]

    assert len(known) > 3
    for row in known:
        found = ours[numbers[str(row.unit_id)], numbers[str(row.partner_id)]]
        assert found == pytest.approx(row.gain, rel=1e-9)


def test_premiums_are_those_of_plain_sql(lake: Workspace, told: Expected) -> None:
    path = lake.lake.versions / lake.version
    first, last = told.years
    with duckdb.connect() as con:
        rows = con.execute(
            """
            WITH home AS (
                SELECT unit_id, sum(ncs_frac) / sum(credit_scored) AS d FROM read_parquet($cells)
                WHERE register = 'rfc' AND unit_type = 'country' AND scheme = 'all'
                  AND collaboration_class = 'domestic' AND year BETWEEN $first AND $last
                GROUP BY ALL HAVING sum(n_scored) >= 10
            ), sides AS (
                SELECT unit_id, sum(n_scored) AS n, sum(ncs_frac - d * credit_scored) AS g,
                    sum(ncs_frac2 - 2 * d * ncs_cross + d * d * credit2_scored) AS q
                FROM read_parquet($pairs) JOIN home USING (unit_id)
                WHERE register = 'rfc' AND unit_type = 'country' AND scheme = 'all'
                  AND unit_id <> partner_id AND year BETWEEN $first AND $last
                GROUP BY ALL HAVING sum(n_scored) > 0
            ), sums AS (
                SELECT sum(n) AS total, count(*) AS k, sum(g) / sum(n) AS m, sum(n * n) AS n2,
                    sum(q - g * g / n) AS within
                FROM sides
            ), parts AS (
                SELECT m, within / (total - k) AS s2, greatest(
                    ((SELECT sum(n * (g / n - m) * (g / n - m)) FROM sides)
                     - (k - 1) * within / (total - k)) / (total - n2 / total), 0) AS t2
                FROM sums
            )
            SELECT unit_id, n,
                (n * t2 / (n * t2 + s2)) * g / n + (s2 / (n * t2 + s2)) * m, s2
            FROM sides, parts
            """,
            {
                "cells": str(path / "unit_cells.parquet"),
                "pairs": str(path / "pair_cells.parquet"),
                "first": first,
                "last": last,
            },
        ).fetchall()
    place_of = {unit: i for i, unit in enumerate(told.ties.units)}

    assert len(rows) >= 3
    assert int((told.premium.n > 0).sum()) == len(rows)
    for unit, n, mean, spread in rows:
        i = place_of[str(unit)]
        assert told.premium.n[i] == n
        assert told.premium.mean[i] == pytest.approx(mean)
        assert told.premium.spread[i] == pytest.approx(spread)


def test_a_first_tie_has_ranges_alone_and_ties_that_there_are_no_row(
    lake: Workspace, pool: Gathered, told: Expected
) -> None:
    seeker = pool.units.index("FR")
    every = [one for one in range(len(pool.units)) if one != seeker]

    sheet, why = expected_sheet(lake, pool, seeker, every)

    assert sheet is not None
    assert why == ""
    new = {pool.names[i] for i in every if pool.units[i] not in told.is_tied["FR"]}
    assert {str(row["name"]) for row in sheet.rows} == new
    known = [row for row in sheet.rows if row["gain_low"] is not None]
    assert known
    for row in known:
        assert row["gain"] is None
        low, high = float(str(row["gain_low"])), float(str(row["gain_high"]))
        works = float(str(row["works"]))
        mean = told.premium.mean[told.ties.units.index("FR")]
        assert works >= 1
        assert (low + high) / 2 == pytest.approx(works * mean)
        assert high - low > 2 * 1.96 * math.sqrt(
            works * told.premium.spread[told.ties.units.index("FR")]
        ) * (1 - 1e-9)


def test_a_register_without_scores_says_so_on_the_card(lake: Workspace) -> None:
    card = find_card(lake, Question(seeker="Kenya", asked=Asked(register="ncses")))

    assert "expected-benefit" not in {sheet.name for sheet in card.sheets}
    assert any("ncses has none of joint works" in line for line in card.lead)


def test_a_back_test_says_why_benefit_is_not_tested(lake: Workspace) -> None:
    split = Split(train_to=2015, first=2016, last=2018)

    assert "too few have both" in benefits(lake, "rfc", split)[1]
    assert "no census of records with scores" in benefits(lake, "matrix", split)[1]
    card = backtest_card(lake, Asking(split=split, units="organizations"))
    assert card.lead[-1].startswith("Predicted benefit is not tested: joint works of organizations")
