"""Balancing: closed forms, laws, and the published conditional equilibrium without borders."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.balancing import balance, balance_symmetric
from fourseas.models.regression import Fit, fit_ppml
from fourseas.models.separation import Floats
from tests.models.samples import SAMPLES, trade, trade_of_2006


def test_a_matrix_of_ones_becomes_the_product_of_its_margins() -> None:
    found = balance(np.ones((2, 2)), np.array([3.0, 7.0]), np.array([4.0, 6.0]))

    assert found.flows == pytest.approx(np.array([[1.2, 1.8], [2.8, 4.2]]))


def test_flows_that_keep_their_margins_already_stay() -> None:
    seed = np.array([[5.0, 1.0], [2.0, 8.0]])
    found = balance(seed, seed.sum(axis=1), seed.sum(axis=0))

    assert found.flows == pytest.approx(seed)


def test_a_closed_tie_stays_closed_and_its_flow_goes_elsewhere() -> None:
    seed = np.array([[5.0, 1.0, 2.0], [1.0, 8.0, 3.0], [2.0, 3.0, 9.0]])
    closed = seed.copy()
    closed[0, 1] = closed[1, 0] = 0.0
    found = balance(closed, seed.sum(axis=1), seed.sum(axis=0)).flows

    assert found[0, 1] == 0
    assert found.sum(axis=1) == pytest.approx(seed.sum(axis=1))
    assert found == pytest.approx(found.T)
    # What the seed says of two rows and two columns that are open is kept.
    odds = seed[0, 0] * seed[2, 2] / (seed[0, 2] * seed[2, 0])
    assert found[0, 0] * found[2, 2] / (found[0, 2] * found[2, 0]) == pytest.approx(odds)


def test_margins_that_no_flows_have_are_refused() -> None:
    # The first country could send to itself alone, which is less than it sends in all.
    seed = np.array([[0.0, 0.0], [1.0, 1.0]])

    with pytest.raises(NotComputableError, match="no flows add up"):
        balance(seed, np.array([1.0, 1.0]), np.array([1.0, 1.0]))


def test_of_a_symmetric_matrix_both_ways_find_the_same() -> None:
    seed = np.array([[5.0, 1.0, 2.0], [1.0, 8.0, 0.0], [2.0, 0.0, 9.0]])
    sums = np.array([10.0, 7.0, 12.0])

    assert balance_symmetric(seed, sums).flows == pytest.approx(balance(seed, sums, sums).flows)


def test_exports_without_borders_are_those_of_the_published_conditional_equilibrium() -> None:
    fit = fit_ppml(trade_of_2006("log_distance", "CNTG", "border"))
    table = trade(at_home=True)
    trades = table.pivot_table(index="exporter", columns="importer", values="trade").to_numpy()
    sums = trades.sum(axis=1), trades.sum(axis=0)
    before, after = (
        balance(ties_of(table, fit, *names), *sums).flows
        for names in (("log_distance", "CNTG", "border"), ("log_distance", "CNTG"))
    )
    abroad = ~np.eye(len(trades), dtype=bool)
    change = 100 * ((after * abroad).sum(axis=1) / (before * abroad).sum(axis=1) - 1)
    published = pd.read_csv(SAMPLES / "tradepolicy" / "without_border.csv", index_col="country")
    countries = sorted(table.exporter.unique())

    assert len(countries) == 69
    assert change == pytest.approx(published.change_Xi_CDL.loc[countries].to_numpy(), abs=1e-6)


def ties_of(table: pd.DataFrame, fit: Fit, *names: str) -> Floats:
    """Return what named regressors make of each pair of countries, as a matrix."""
    logs = sum(fit.of(name).estimate * table[name].to_numpy(dtype=np.float64) for name in names)
    square = table.assign(ties=np.exp(logs)).pivot_table(
        index="exporter", columns="importer", values="ties"
    )
    return square.to_numpy()


def test_a_country_that_keeps_nothing_has_no_flows_and_the_others_share_theirs() -> None:
    # Of two equal countries with four each every flow is two; the third has none.
    sums = np.array([4.0, 4.0, 0.0])
    expected = np.array([[2.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 0.0]])

    assert balance_symmetric(np.ones((3, 3)), sums).flows == pytest.approx(expected)
    assert balance(np.ones((3, 3)), sums, sums).flows == pytest.approx(expected)
    # Nor where it has no tie at all.
    tied = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert balance_symmetric(tied, sums).flows == pytest.approx(expected)
    assert balance(tied, sums, sums).flows == pytest.approx(expected)


def test_sums_are_met_to_a_part_of_the_greatest_however_small_others_are() -> None:
    # A country of a millionth beside great ones: 1e-12 of its own sum is no number of theirs.
    seed = np.random.default_rng(0).uniform(0.5, 2.0, (6, 6))
    sums = np.array([1e9, 3e8, 2e7, 5e3, 2.0, 1e-6])
    for found in (balance_symmetric(seed + seed.T, sums), balance(seed, sums, sums)):
        missed = np.abs(found.flows.sum(axis=1) - sums).max() / 1e9

        assert found.gap == pytest.approx(missed)
        assert found.gap <= 1e-12
        assert found.flows.sum(axis=0) == pytest.approx(sums, abs=1e9 * 1e-11)


def test_the_greatest_margin_may_be_of_a_row_or_of_a_column() -> None:
    # Nothing has to be scaled here: one round shows that each margin is met.
    seed = np.array([[9.0], [1.0]])
    for flows in (seed, seed.T):
        found = balance(flows, flows.sum(axis=1), flows.sum(axis=0))

        assert (found.iterations, found.gap) == (1, 0.0)
        assert found.flows == pytest.approx(flows)
    same = balance_symmetric(np.array([[1.0, 2.0], [2.0, 5.0]]), np.array([3.0, 7.0]))
    assert (same.iterations, same.gap) == (1, 0.0)
