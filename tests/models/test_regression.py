"""PPML and least squares against published estimates, closed forms and laws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pyfixest
import pytest
from scipy import stats

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


def unbalanced(seed: int) -> pd.DataFrame:
    """Return rows of few countries, partners and years, some of which are missing."""
    rng = np.random.default_rng(seed)
    country, partner, year = (part.ravel() for part in np.indices((6, 5, 4)))
    kept = rng.random(len(country)) < 0.8
    table = pd.DataFrame({"country": country, "partner": partner, "year": year})[kept]
    x, z = rng.normal(size=(2, len(table)))
    shared = rng.normal(size=6)[table.country]
    return table.assign(
        x=x + shared, z=z, y=rng.poisson(np.exp(0.5 + 0.3 * x - 0.2 * z + 0.4 * shared))
    ).reset_index(drop=True)


@pytest.mark.parametrize("estimator", [fit_ols, fit_ppml])
@pytest.mark.parametrize(
    ("effects", "clusters"),
    [
        ((), ()),
        (("year",), ()),
        (("country", "year"), ()),
        ((), ("country",)),
        (("country",), ("country",)),
        (("year",), ("country",)),
        (("country", "year"), ("country",)),
        (("country", "partner", "year"), ("partner",)),
        (("partner", "year"), ("country",)),
        (("country", "year"), ("country", "partner")),
    ],
)
def test_errors_and_intervals_are_those_of_fixest(
    estimator: Callable[[Design], Fit], effects: tuple[str, ...], clusters: tuple[str, ...]
) -> None:
    table = unbalanced(4)
    fit = estimator(
        Design(
            outcome=table.y.to_numpy(dtype=np.float64),
            regressors=numbers(table, "x", "z"),
            effects={name: table[name].to_numpy() for name in effects},
            clusters={name: table[name].to_numpy() for name in clusters},
        )
    )
    # The port of fixest to Python, with its own corrections for small samples.
    peer = (pyfixest.feols if estimator is fit_ols else pyfixest.fepois)(
        "y ~ x + z" + (f" | {' + '.join(effects)}" if effects else ""),
        table,
        vcov={"CRV1": " + ".join(clusters)} if clusters else "HC1",
    )
    names = [one.name for one in fit.coefficients if one.name != "Intercept"]

    assert names == ["x", "z"]
    assert [fit.of(name).se for name in names] == pytest.approx(peer.se()[names], rel=1e-6)
    assert np.sqrt(np.diag(fit.vcov)[-2:]) == pytest.approx(peer.se()[names], rel=1e-6)
    if estimator is fit_ols:  # of PPML it takes the normal distribution
        ends = np.array([[fit.of(name).low, fit.of(name).high] for name in names])
        assert ends == pytest.approx(peer.confint().loc[names].to_numpy(), rel=1e-5)
    assert fit.n == len(table)
    assert fit.n_clusters == min((table[name].nunique() for name in clusters), default=0)


def test_the_error_of_a_difference_of_means_by_hand() -> None:
    # Squares off the means are 2 and 26 of three each; six rows tell two means.
    fit = fit_ols(small([1, 2, 3, 5, 0, 7]))

    assert fit.of("x").estimate == pytest.approx(2.0)
    assert fit.of("x").se == pytest.approx(np.sqrt((2 / 9 + 26 / 9) * 6 / 4))
    groups = fit_ols(small([1, 2, 3, 5, 0, 7]), correction="groups")
    assert groups.of("x").se == pytest.approx(np.sqrt((2 / 9 + 26 / 9) * 6 / 5))
    # Tables of Student's t have 2.776 for four degrees of freedom.
    assert fit.of("x").high - fit.of("x").low == pytest.approx(
        2 * 2.776445 * fit.of("x").se, rel=1e-6
    )


def test_a_row_by_itself_may_leave_levels_without_a_positive_outcome() -> None:
    # Three effects of more levels than can be examined. The first row is the only one of its
    # origin; it had the only flow to its destination, whose two other rows then tell nothing.
    rng = np.random.default_rng(3)
    effects = {name: rng.permutation(4000) % 600 for name in ("origin", "destination", "year")}
    effects["origin"][:3] = [999, 1, 2]
    effects["destination"][:3] = 999
    outcome = rng.poisson(4.0, 4000).astype(np.float64)
    outcome[:3] = [4, 0, 0]
    fit = fit_ppml(
        Design(outcome=outcome, regressors={"x": rng.normal(size=4000)}, effects=effects)
    )

    assert np.flatnonzero(~fit.is_used).tolist() == [0, 1, 2]
    assert (fit.n_single, fit.n_without_positive, fit.n_separated, fit.n) == (1, 2, 0, 3997)
    assert not fit.guard_is_complete


def test_rows_left_out_for_each_reason_are_counted_apart() -> None:
    # Two rows of a group without a positive outcome, one that x separates, and one by itself.
    group = np.array([1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4])
    outcome = np.array([2.0, 3.0, 1.0, 0.0, 0.0, 5.0, 2.0, 6.0, 1.0, 0.0, 0.0, 8.0])
    x = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    z = np.array([0.1, 0.9, 0.4, 0.3, 0.2, 0.8, 0.5, 0.6, 0.7, 0.1, 0.2, 0.3])
    fit = fit_ppml(Design(outcome=outcome, regressors={"x": x, "z": z}, effects={"g": group}))

    assert fit.collinear == ("x",)
    assert (fit.n_without_positive, fit.n_separated, fit.n_single, fit.n) == (2, 1, 1, 8)
    assert fit.guard_is_complete
    assert np.flatnonzero(~fit.is_used).tolist() == [4, 9, 10, 11]
    assert len(fit.fitted) == fit.n
    # The effects of groups give each its sum.
    sums = np.bincount(group[fit.is_used], weights=fit.fitted)
    assert sums[1:3] == pytest.approx([6, 14])


def test_least_squares_leaves_no_row_out_but_those_by_themselves() -> None:
    design = replace(small([0, 0, 3, 5, 1, 0]), effects={"g": np.array([1, 2, 2, 1, 1, 2])})
    fit = fit_ols(design)

    assert (fit.n, fit.n_single, fit.n_without_positive, fit.n_separated) == (6, 0, 0, 0)
    assert fit.log_likelihood is None
    assert fit.guard_is_complete


def test_a_likelihood_is_that_of_poisson() -> None:
    fit = fit_ppml(small([1, 2, 3, 5, 0, 7]))
    outcome, mean = np.array([1, 2, 3, 5, 0, 7]), np.array([2, 2, 2, 4, 4, 4])

    assert fit.log_likelihood == pytest.approx(stats.poisson.logpmf(outcome, mean).sum())


def test_two_rows_cannot_tell_two_regressors_apart_and_four_can() -> None:
    def of(n: int) -> Design:
        x, z = np.array([0.0, 1.0, 0.0, 1.0])[:n], np.array([0.0, 1.0, 1.0, 1.0])[:n]
        return Design(
            outcome=np.array([1.0, 4.0, 2.0, 5.0])[:n], regressors={"x": x, "z": z}, effects={}
        )

    with pytest.raises(NotComputableError, match="2 rows cannot tell 2 regressors apart"):
        fit_ols(of(2))
    assert fit_ols(of(4)).of("x").estimate == pytest.approx(2.5)


def test_rows_that_leave_nothing_free_are_refused() -> None:
    design = Design(
        outcome=np.array([1.0, 4.0, 2.0]),
        regressors={"x": np.array([0.0, 1.0, 0.0]), "z": np.array([0.0, 1.0, 1.0])},
        effects={},
    )

    with pytest.raises(NotComputableError, match="no more rows than"):
        fit_ols(design)
    with pytest.raises(NotComputableError, match="no more rows than"):
        fit_ols(replace(design, effects={"g": np.array([0, 0, 0])}))
    with_effects = replace(small([1, 2, 3, 5, 1, 7]), effects={"g": np.array([0, 1, 2, 0, 1, 2])})
    assert fit_ols(with_effects).n == 6


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ([1e300] * 3 + [1e-300] * 3, "it does not converge in 100 steps"),
        ([1e308] * 3 + [1.0, 2.0, 3.0], r"it does not converge \(array"),
    ],
)
def test_what_does_not_converge_is_no_estimate(outcome: list[float], reason: str) -> None:
    with np.errstate(all="ignore"), pytest.raises(NotComputableError, match=reason):
        fit_ppml(small(outcome))


@pytest.mark.parametrize("estimator", [fit_ols, fit_ppml])
def test_rows_that_are_each_by_themselves_are_refused(estimator: Callable[[Design], Fit]) -> None:
    design = replace(small([1, 2, 3, 5, 1, 7]), effects={"g": np.arange(6), "h": np.arange(6) // 2})

    with pytest.raises(NotComputableError, match="effects fit every row"):
        estimator(design)


def test_errors_of_two_clusters_are_told() -> None:
    design = replace(small([1, 2, 3, 5, 1, 7]), clusters={"c": np.array([0, 0, 1, 1, 1, 0])})

    assert fit_ppml(design).n_clusters == 2


def test_rows_that_are_by_themselves_once_others_are_left_out_are_left_out_too() -> None:
    # A path that hangs on a block of three by three: its end is by itself, and then the next row.
    path = [(20, 20), (21, 20), (21, 21), (22, 21), (22, 22), (23, 22), (23, 23), (24, 23), (24, 0)]
    rows = [(i, j) for i in range(3) for j in range(3) for _ in range(2)]
    origin, destination = np.array([*path, *rows]).T
    rng = np.random.default_rng(0)
    design = Design(
        outcome=rng.uniform(1.0, 2.0, len(origin)),
        regressors={"x": rng.normal(size=len(origin))},
        effects={"o": origin, "d": destination},
    )
    for fit in (fit_ols(design), fit_ppml(design)):
        assert fit.n_single == len(path)
        assert np.flatnonzero(~fit.is_used).tolist() == list(range(len(path)))


@pytest.mark.parametrize("estimator", [fit_ols, fit_ppml])
@pytest.mark.parametrize("effects", [(), ("year",)])
def test_a_regressor_that_others_determine_changes_no_error(
    estimator: Callable[[Design], Fit], effects: tuple[str, ...]
) -> None:
    table = unbalanced(4)
    design = Design(
        outcome=table.y.to_numpy(dtype=np.float64),
        regressors=numbers(table, "x", "z"),
        effects={name: table[name].to_numpy() for name in effects},
    )
    more = replace(design, regressors={**design.regressors, "twice": 2 * table.x.to_numpy()})

    assert estimator(more).collinear == ("twice",)
    assert errors(estimator(more)) == pytest.approx(errors(estimator(design)), rel=1e-6)
