"""PPML and least squares against published estimates, closed forms and laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.regression import Design, Fit, fit_ols, fit_ppml
from tests.models.samples import SAMPLES, codes, numbers, trade, trade_of_2006

TRADITIONAL = ("log_distance", "CNTG", "LANG", "CLNY")


def estimates(fit: Fit) -> list[float]:
    """Return the estimates in the order of the regressors."""
    return [one.estimate for one in fit.coefficients]


def errors(fit: Fit) -> list[float]:
    """Return the standard errors in the order of the regressors."""
    return [one.se for one in fit.coefficients]


def test_trade_of_2006_is_as_stata_has_it() -> None:
    fit = fit_ppml(trade_of_2006("log_distance", "CNTG", "border"), correction="groups")

    # Log of the Advanced Guide, Stata `ppml`.
    assert estimates(fit) == pytest.approx([-0.7912879, 0.6736456, -2.47445], abs=1e-6)
    assert errors(fit) == pytest.approx([0.0501494, 0.1073719, 0.1193816], abs=1e-6)
    assert fit.n == 4761
    assert fit.log_likelihood == pytest.approx(-2284121.5, abs=0.1)


def traditional(table: pd.DataFrame, outcome: str) -> Design:
    """Return the traditional gravity equation over six years."""
    return Design(
        outcome=table[outcome].to_numpy(dtype=np.float64),
        regressors=numbers(table, *TRADITIONAL),
        effects={
            "exporter_year": codes(table.exporter, table.year),
            "importer_year": codes(table.importer, table.year),
        },
        clusters={"pair": table.pair_id.to_numpy(dtype=np.int64)},
    )


def test_traditional_gravity_is_as_published() -> None:
    table = trade(at_home=False)
    ppml = fit_ppml(traditional(table, "trade"))
    positive = table[table.trade > 0]
    ols = fit_ols(traditional(positive.assign(log_trade=np.log(positive.trade)), "log_trade"))

    # Advanced Guide, table of traditional gravity estimates.
    assert estimates(ppml) == pytest.approx([-0.840927, 0.437443, 0.247477, -0.222490], abs=1e-5)
    assert estimates(ols) == pytest.approx([-1.215573, 0.223159, 0.660912, 0.670451], abs=1e-5)
    assert (ppml.n, ols.n) == (28152, 25689)


def test_a_sample_that_separation_hides_in_is_as_stata_has_it() -> None:
    table = pd.read_csv(SAMPLES / "ppmlhdfe" / "fe1.csv")
    fit = fit_ppml(
        Design(
            outcome=table.y.to_numpy(dtype=np.float64),
            regressors=numbers(table, "x1", "x2"),
            effects={"i": table.i.to_numpy(), "j": table.j.to_numpy()},
        )
    )

    # Documentation of ppmlhdfe.
    assert estimates(fit) == pytest.approx([-0.4845469], abs=1e-6)
    assert fit.collinear == ("x2",)
    assert fit.n_separated == 4


def test_three_effects_give_the_effect_of_trade_agreements_as_published() -> None:
    table = pd.read_parquet(SAMPLES / "ppmlhdfe" / "trade_fta.parquet")
    pair = codes(table.isoexp, table.isoimp)
    fit = fit_ppml(
        Design(
            outcome=table.trade.to_numpy(dtype=np.float64),
            regressors=numbers(table, "fta"),
            effects={
                "exporter_year": codes(table.isoexp, table.year),
                "importer_year": codes(table.isoimp, table.year),
                "pair": pair,
            },
            clusters={"pair": pair},
        )
    )

    # Vignette of the R package capybara.
    assert estimates(fit) == pytest.approx([0.192445], abs=1e-5)
    assert errors(fit) == pytest.approx([0.04324], abs=1e-5)
    assert fit.n == 5950


def test_the_sample_of_gegravity_is_as_stata_has_it() -> None:
    table = pd.read_csv(SAMPLES / "gegravity" / "sample_data_set.dlm")
    names = ("lndist", "contiguity", "common_language", "pta", "international")
    fit = fit_ppml(
        Design(
            outcome=table.trade.to_numpy(dtype=np.float64),
            regressors=numbers(table, *names),
            effects={"exporter": codes(table.exporter), "importer": codes(table.importer)},
        )
    )

    # Printed in the example of the package, from Stata.
    assert estimates(fit) == pytest.approx(
        [-0.3898623, 0.891577, 0.0326249, 0.4711383, -3.412584], abs=1e-5
    )


def small(outcome: list[float]) -> Design:
    """Return two groups by one regressor."""
    return Design(
        outcome=np.array(outcome), regressors={"x": np.array([0.0, 0, 0, 1, 1, 1])}, effects={}
    )


def test_two_groups_differ_by_the_log_of_the_ratio_of_their_means() -> None:
    fit = fit_ppml(small([1, 2, 3, 5, 0, 7]))

    assert fit.of("x").estimate == pytest.approx(np.log(12 / 6))
    assert fit.fitted == pytest.approx([2, 2, 2, 4, 4, 4])


def test_counting_in_other_units_changes_no_effect() -> None:
    design = trade_of_2006("log_distance", "border")
    scaled = replace(design, outcome=design.outcome * 1000)

    assert estimates(fit_ppml(scaled)) == pytest.approx(estimates(fit_ppml(design)), abs=1e-6)


def test_rows_that_stand_twice_change_no_clustered_error() -> None:
    design = replace(small([1, 2, 3, 5, 1, 7]), clusters={"row": np.arange(6)})
    twice = Design(
        outcome=np.tile(design.outcome, 2),
        regressors={"x": np.tile(design.regressors["x"], 2)},
        effects={},
        clusters={"row": np.tile(np.arange(6), 2)},
    )

    assert errors(fit_ppml(twice, correction="groups")) == pytest.approx(
        errors(fit_ppml(design, correction="groups"))
    )


def test_a_row_alone_in_a_level_is_left_out_and_counted() -> None:
    design = replace(small([1, 2, 3, 5, 1, 7]), effects={"g": np.array([1, 1, 1, 1, 1, 2])})

    assert (fit_ppml(design).n_single, fit_ols(design).n_single) == (1, 1)


@pytest.mark.parametrize(
    ("design", "reason"),
    [
        (small([0, 0, 0, 0, 0, 0]), "no outcome is positive"),
        (small([1, 2, -3, 5, 0, 7]), "an outcome is below 0"),
        (small([1, 2, float("nan"), 5, 0, 7]), "a value is missing or infinite"),
        (
            replace(small([1, 2, 3, 5, 1, 7]), effects={"g": np.array([0, 0, 0, 1, 1, 1])}),
            "effects",
        ),
        (replace(small([1, 2, 3, 5, 1, 7]), clusters={"c": np.zeros(6, dtype=int)}), "all rows"),
        (Design(outcome=np.zeros(0), regressors={"x": np.zeros(0)}, effects={}), "no row"),
    ],
)
def test_what_cannot_be_estimated_is_refused_with_a_reason(design: Design, reason: str) -> None:
    with pytest.raises(NotComputableError, match=reason):
        fit_ppml(design)
