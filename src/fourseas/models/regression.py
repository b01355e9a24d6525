"""Regressions with fixed effects: PPML and least squares by pyfixest, behind our own guard."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
import scipy

from fourseas.errors import NotComputableError
from fourseas.models.separation import Booleans, Floats, Integers, n_levels, renumbered, separation

Correction = Literal["fixest", "groups"]
"""Of standard errors: for parameters and clusters as fixest has it, or for clusters alone (rows
where there are none), as Stata's `ppml`."""

ITERATIONS = 100
OUTCOME = "outcome"
EFFECT, CLUSTER = "effect_", "cluster_"
LEAST_CLUSTERS = 2
CONFIDENCE = 0.95
NOTHING_FREE = "there are no more rows than regressors and levels of effects"
REMEDY = "Take other regressors, or more years, fields or countries."


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is regressed on what.

    Attributes
    ----------
    outcome
        Shape (n,).
    regressors
        By name, each of shape (n,).
    effects
        Fixed effects: level of each row, shape (n,), by name.
    clusters
        Groups within which errors may be related, shape (n,), by name; none for errors that are
        robust to unequal variance alone.
    """

    outcome: Floats
    regressors: Mapping[str, Floats]
    effects: Mapping[str, Integers]
    clusters: Mapping[str, Integers] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One estimate with its uncertainty.

    Attributes
    ----------
    name
        The regressor.
    estimate, se
        Of a regressor in logs of a log-linear model: an elasticity.
    low, high
        Ends of its 95% interval.
    """

    name: str
    estimate: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """An estimated equation.

    Attributes
    ----------
    coefficients
        Of the regressors that could be told apart, in their order.
    vcov
        Their covariance, shape (k, k).
    collinear
        Regressors that were left out because others and the effects determine them.
    is_used
        Rows of the design that were estimated on, shape (n,).
    fitted
        Expected outcome of these, in their order; 0 is expected of rows that were left out of
        PPML for being separated.
    log_likelihood
        Of the outcomes; null for least squares.
    n, n_clusters
        Rows and clusters; the fewest where errors are clustered in two ways, 0 for none.
    n_without_positive, n_separated, n_single
        Rows left out: in a level without a positive outcome, separated otherwise, alone in a level.
    guard_is_complete
        Whether no further separated row can be among those that were used.
    """

    coefficients: tuple[Coefficient, ...]
    vcov: Floats
    collinear: tuple[str, ...]
    is_used: Booleans
    fitted: Floats
    log_likelihood: float | None
    n: int
    n_clusters: int
    n_without_positive: int
    n_separated: int
    n_single: int
    guard_is_complete: bool

    def of(self, name: str) -> Coefficient:
        """Return the coefficient of a regressor."""
        return next(one for one in self.coefficients if one.name == name)


def fit_ppml(design: Design, *, correction: Correction = "fixest") -> Fit:
    r"""Fit :math:`E[y] = \exp(x'\beta + \text{effects})` by Poisson pseudo maximum likelihood.

    Separated rows are found and left out first (`separation`). Zeros are data.

    Raises
    ------
    NotComputableError
        Where there is nothing to estimate on, or no regressor varies, or it does not converge.

    References
    ----------
    Santos Silva & Tenreyro (2006), "The Log of Gravity", Review of Economics and Statistics
    88(4), 641-658.
    """
    _check(design)
    if (design.outcome < 0).any():
        raise _refused(
            reason="an outcome is below 0", remedy="Give counts or flows, which are 0 or more."
        )
    if not design.outcome.any():
        raise _refused(reason="no outcome is positive", remedy="Widen the years or the countries.")
    rows = _informative(design)
    _check_left(rows)
    import pyfixest  # noqa: PLC0415  (it takes seconds, which only an estimate should)

    return _fit(pyfixest.fepois, design, rows, correction, iwls_maxiter=ITERATIONS)


def fit_ols(design: Design, *, correction: Correction = "fixest") -> Fit:
    r"""Fit :math:`y = x'\beta + \text{effects} + u` by least squares.

    Raises
    ------
    NotComputableError
        Where there is nothing to estimate on, or no regressor varies.
    """
    _check(design)
    rows = _Rows(is_used=~_alone(design, np.ones(len(design.outcome), dtype=bool)))
    _check_left(rows)
    import pyfixest  # noqa: PLC0415  (it takes seconds, which only an estimate should)

    return _fit(pyfixest.feols, design, rows, correction)


def _check(design: Design) -> None:
    """Refuse what cannot be estimated."""
    n = len(design.outcome)
    parts = [*design.regressors.values(), *design.effects.values(), *design.clusters.values()]
    assert all(len(part) == n for part in parts)
    if n == 0:
        raise _refused(
            reason="there is no row", remedy="Widen the years, the field or the countries."
        )
    if not all(np.isfinite(part).all() for part in (design.outcome, *design.regressors.values())):
        raise _refused(
            reason="a value is missing or infinite", remedy="Leave such rows out and say so."
        )
    if n <= len(design.regressors):
        raise _refused(
            reason=f"{n} rows cannot tell {len(design.regressors)} regressors apart",
            remedy="Widen the years, the field or the countries.",
        )
    for name, codes in design.clusters.items():
        if n_levels(codes) < LEAST_CLUSTERS:
            raise _refused(
                reason=f"all rows are of one {name}, within which errors may be related",
                remedy="Take more countries or years.",
            )


def _refused(*, reason: str, remedy: str) -> NotComputableError:
    return NotComputableError.because("This regression", reason, remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Which rows are estimated on, and how many are not for which reason."""

    is_used: Booleans
    n_without_positive: int = 0
    n_separated: int = 0
    guard_is_complete: bool = True


def _check_left(rows: _Rows) -> None:
    """Refuse to estimate on nothing, which would end the process."""
    if not rows.is_used.any():
        raise _refused(reason="effects fit every row whatever it is", remedy=REMEDY)


def _informative(design: Design) -> _Rows:
    """Leave out separated rows and rows alone in a level, until there are none of either."""
    matrix = np.column_stack([np.zeros((len(design.outcome), 0)), *design.regressors.values()])
    kept = np.ones(len(design.outcome), dtype=bool)
    n_without_positive = n_separated = 0
    is_complete = True
    while True:
        of_rows = {name: codes[kept] for name, codes in design.effects.items()}
        found = separation(design.outcome[kept], matrix[kept], of_rows)
        n_without_positive += int(found.without_positive.sum())
        n_separated += int((found.is_separated & ~found.without_positive).sum())
        is_complete &= found.is_complete
        kept[np.flatnonzero(kept)[found.is_separated]] = False
        is_alone = _alone(design, kept)
        kept &= ~is_alone
        if not is_alone.any():
            return _Rows(
                is_used=kept,
                n_without_positive=n_without_positive,
                n_separated=n_separated,
                guard_is_complete=is_complete,
            )


def _alone(design: Design, kept: Booleans) -> Booleans:
    """Mark rows that are the only one of a level, which its effect fits whatever they are."""
    found = np.zeros(len(kept), dtype=bool)
    coded = [renumbered(codes) for codes in design.effects.values()]
    while True:
        before = int(found.sum())
        for codes in coded:
            present = kept & ~found
            found |= present & (np.bincount(codes, weights=present)[codes] == 1)
        if int(found.sum()) == before:
            return found


def _fit(
    estimator: Callable[..., Any],
    design: Design,
    rows: _Rows,
    correction: Correction,
    **options: int,
) -> Fit:
    """Have pyfixest estimate, and correct its standard errors as is wanted."""
    import pyfixest  # noqa: PLC0415

    kept = rows.is_used
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is collinear is told in the result
        try:
            fitted = estimator(
                _formula(design),
                _rows(design, kept),
                vcov=_errors(design),
                ssc=pyfixest.ssc(k_adj=False, G_adj=False),
                fixef_rm="none",
                store_data=False,
                copy_data=False,
                **options,
            )
        except (ValueError, ZeroDivisionError) as error:
            raise _refused(reason=_reason(error), remedy=REMEDY) from error
    if options and not fitted.convergence:  # it says nothing itself
        raise _refused(reason=f"it does not converge in {ITERATIONS} steps", remedy=REMEDY)
    n_clusters = min((n_levels(codes[kept]) for codes in design.clusters.values()), default=0)
    names = [str(name) for name in fitted._coefnames]
    collinear = tuple(name for name in design.regressors if name not in names)
    n = int(kept.sum())
    n_free = n - _n_parameters(design, kept, len(design.regressors) - len(collinear))
    if n_free <= 0:
        raise _refused(reason=NOTHING_FREE, remedy=REMEDY)
    factor = (n_clusters or n) / ((n_clusters or n) - 1)
    if correction == "fixest":
        factor *= (n - 1) / n_free
    vcov = np.asarray(fitted._vcov, dtype=np.float64) * factor
    degrees = n_clusters - 1 if n_clusters else n_free
    return Fit(
        coefficients=_coefficients(names, np.asarray(fitted._beta_hat), vcov, degrees),
        vcov=vcov,
        collinear=collinear,
        is_used=kept,
        fitted=np.asarray(fitted._Y_hat_response, dtype=np.float64).ravel(),
        log_likelihood=float(fitted._loglik) if options else None,
        n=n,
        n_clusters=n_clusters,
        n_without_positive=rows.n_without_positive,
        n_separated=rows.n_separated,
        n_single=len(kept) - n - rows.n_without_positive - rows.n_separated,
        guard_is_complete=rows.guard_is_complete,
    )


def _reason(error: Exception) -> str:
    """Say in our words what pyfixest refused."""
    if isinstance(error, ZeroDivisionError):
        return NOTHING_FREE
    told = str(error)
    if "collinear" in told.lower() or "empty" in told.lower():
        return "the fixed effects determine every regressor"
    return f"it does not converge ({told.splitlines()[0] if told else type(error).__name__})"


def _n_parameters(design: Design, kept: Booleans, k: int) -> int:
    """Count regressors, a constant, and of each effect all levels but one.

    Levels that lie within clusters do not count.
    """
    return (
        k
        + 1
        + sum(
            n_levels(codes[kept]) - 1
            for codes in design.effects.values()
            if not any(_lies_within(codes[kept], of[kept]) for of in design.clusters.values())
        )
    )


def _lies_within(levels: Integers, clusters: Integers) -> bool:
    """Say whether all rows of each level are of one cluster."""
    of_levels = pd.Series(clusters).groupby(levels)
    return bool((of_levels.min() == of_levels.max()).all())


def _coefficients(
    names: list[str], beta: Floats, vcov: Floats, degrees: int
) -> tuple[Coefficient, ...]:
    """Return estimates with their 95% intervals by Student's t."""
    errors = np.sqrt(np.diag(vcov))
    reach = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, degrees))
    return tuple(
        Coefficient(
            name=name,
            estimate=float(estimate),
            se=float(se),
            low=float(estimate - reach * se),
            high=float(estimate + reach * se),
        )
        for name, estimate, se in zip(names, beta, errors, strict=True)
    )


def _rows(design: Design, kept: Booleans) -> pd.DataFrame:
    """Return the rows of a design as pyfixest takes them."""
    columns: dict[str, Floats | Integers] = {OUTCOME: design.outcome, **design.regressors}
    columns |= {f"{EFFECT}{name}": codes for name, codes in design.effects.items()}
    columns |= {f"{CLUSTER}{name}": codes for name, codes in design.clusters.items()}
    return pd.DataFrame({name: column[kept] for name, column in columns.items()})


def _formula(design: Design) -> str:
    right = " + ".join(design.regressors)
    effects = " + ".join(f"{EFFECT}{name}" for name in design.effects)
    return f"{OUTCOME} ~ {right}" + (f" | {effects}" if effects else "")


def _errors(design: Design) -> str | dict[str, str]:
    """Return pyfixest's name of the standard errors."""
    names = [f"{CLUSTER}{name}" for name in design.clusters]
    return {"CRV1": " + ".join(names)} if names else "HC1"
