"""Catch-up: whether those behind rise more where they are open, given what they can absorb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fourseas.errors import NotComputableError
from fourseas.models.level import COMPARISONS, Comparison, Place, few
from fourseas.models.openness import (
    LEVEL_MEASURES,
    OPENNESS_MEASURES,
    STEP,
    LevelMeasure,
    OpennessMeasure,
    Panel,
)
from fourseas.models.regression import Coefficient, Design, fit_ols
from fourseas.models.separation import Booleans, Floats, Integers, combined, n_levels, renumbered
from fourseas.models.verdict import Estimate
from fourseas.schema.model import Model

GapForm = Literal["logistic", "exponential"]
GAP_FORMS: dict[GapForm, str] = {
    "logistic": "1 - L / frontier",
    "exponential": "frontier / L - 1",
}
GAP_FORM, COUNTING, OPENNESS, COMPARED, PLACE = (
    "form of the gap",
    "counting",
    "openness",
    "comparison",
    "fields",
)
"""Names of the choices of an estimate."""

OPEN, GAP, CAPACITY = "openness", "gap", "capacity"
OPEN_X_GAP, GAP_X_CAPACITY = "openness_x_gap", "gap_x_capacity"
REGRESSORS = (OPEN, GAP, OPEN_X_GAP, CAPACITY, GAP_X_CAPACITY)

COUNTED: tuple[LevelMeasure, ...] = ("fractional", "full")
AHEAD = 5
"""Countries whose mean level is the frontier of a field and period; one alone moves too much."""
PER_OPENNESS = 10.0
PER_CAPACITY = 100.0
LEAST_ROWS = 60
LEAST_COUNTRIES = 12
FOLDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One estimate of the grid with all its coefficients.

    Attributes
    ----------
    interaction
        Of openness x gap: how much more growth goes with ten points of openness where the gap is
        larger by one.
    coefficients
        Of all regressors that could be told apart.
    """

    interaction: Estimate
    coefficients: tuple[Coefficient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How well either form of the gap foretells growth of countries that were not fitted on.

    Attributes
    ----------
    choices
        Counting, openness and fields.
    error
        Root of the mean squared error of growth, in logs, by form; `none` is without any gap.
    n, n_countries
        Rows and countries, each foretold from the others.
    """

    choices: Mapping[str, str]
    error: Mapping[GapForm | Literal["none"], float]
    n: int
    n_countries: int

    @property
    def better(self) -> GapForm:
        """The form with the smaller error."""
        return min(GAP_FORMS, key=lambda form: self.error[form])


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """Whether those behind rise more where they are open.

    Attributes
    ----------
    rows
        The grid.
    forecasts
        Forms of the gap compared out of sample.
    untested
        What could not be estimated, each with its reason.
    n_countries, n_fields, n_periods
        Over how many.
    n_zero, n_without_capacity
        Rows of the largest panel that were left out: without an excellent work, whose log does not
        exist, and otherwise of countries whose capacity is not known.
    """

    rows: tuple[Row, ...]
    forecasts: tuple[Forecast, ...]
    untested: tuple[str, ...]
    n_countries: int
    n_fields: int
    n_periods: int
    n_zero: int
    n_without_capacity: int


def catch_up(panels: Mapping[Place, Panel], capacity: Mapping[Place, Floats]) -> CatchUp:
    r"""Estimate how growth of level goes with openness, gap, and capacity.

    .. math::

        \log L_{cf,t+1} - \log L_{cft} = b_1\, open + b_2\, gap + b_3\, open \times gap
        + b_4\, cap + b_5\, gap \times cap + d_{ft} + a_{cf} + u_{cft}

    where openness, gap and capacity are those of the period *before* t: an error of measurement in
    :math:`L_t` lowers growth and would raise the gap, so that they must not share it. The gap is
    that to the mean of the five highest levels of the field and period, 0 for those above it:
    :math:`1 - L/L^*` (logistic) or :math:`L^*/L - 1` (exponential). All three are less their means.
    Between countries there are no :math:`a_{cf}`. Errors are clustered by country.

    Parameters
    ----------
    panels
        All fields together, single fields, or both.
    capacity
        R&D expenditure by GDP of each row of these, from 0 to 1, shape (n,); NaN if unknown.

    Raises
    ------
    NotComputableError
        Where no combination has enough rows and countries.

    References
    ----------
    Benhabib & Spiegel (2005), "Human Capital and Technology Diffusion", Handbook of Economic
    Growth 1A, 935-966.
    """
    rows: list[Row] = []
    forecasts: list[Forecast] = []
    untested: list[str] = []
    n_zero = n_without_capacity = 0
    for place, panel in panels.items():
        reason = few(panel)
        if reason:
            untested.append(f"{place}: {reason}")
            continue
        for openness, words in OPENNESS_MEASURES.items():
            if not np.isfinite(panel.openness[openness]).any():
                untested.append(f"{place}, {words}: the register does not publish it")
                continue
            for measure in COUNTED:
                choices = {
                    COUNTING: LEVEL_MEASURES[measure],
                    OPENNESS: words,
                    PLACE: place,
                }
                grown = _grown(panel, capacity[place], measure, openness)
                reason = _hindrance(grown)
                if reason:
                    untested.append(f"{place}, {words}: {reason}")
                    continue
                n_zero = max(n_zero, grown.n_zero)
                n_without_capacity = max(n_without_capacity, grown.n_without_capacity)
                compared = COMPARISONS if _is_repeated(grown) else COMPARISONS[:1]
                if compared != COMPARISONS:
                    untested.append(f"{place}, {COMPARISONS[1]}: no country has two changes")
                rows += [
                    _row(grown, form, comparison, choices)
                    for form in GAP_FORMS
                    for comparison in compared
                ]
                forecasts.append(_forecast(grown, choices))
    if not rows:
        question = "Catch-up"
        raise NotComputableError.because(
            question,
            "; ".join(dict.fromkeys(untested)) or "there is no panel",
            "Add a register with impact of many countries over ten years or more, such as ncses.",
        )
    return CatchUp(
        rows=tuple(rows),
        forecasts=tuple(forecasts),
        untested=tuple(dict.fromkeys(untested)),
        n_countries=max(row.interaction.n_clusters for row in rows),
        n_fields=max(n_levels(panel.field) for panel in panels.values()),
        n_periods=max(n_levels(panel.period) for panel in panels.values()),
        n_zero=n_zero,
        n_without_capacity=n_without_capacity,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grown:
    """Growth with what went before it, shape (n,) each."""

    growth: Floats
    openness: Floats
    gap: Mapping[GapForm, Floats]
    capacity: Floats
    country: Integers
    country_field: Integers
    field_period: Integers
    n_zero: int
    n_without_capacity: int


def gaps(level: Floats, cell: Integers) -> dict[GapForm, Floats]:
    """Return how far each level is behind the frontier of its cell, in either form.

    Shape (n,) each; NaN where the level is not known, and in the exponential form where it is 0.
    """
    frontier = np.full(len(level), np.nan)
    for one in np.unique(cell):
        of_cell = cell == one
        known = np.sort(level[of_cell & np.isfinite(level)])
        if len(known):
            frontier[of_cell] = known[-AHEAD:].mean()
    positive = np.where(level > 0, level, np.nan)
    return {
        "logistic": np.maximum(1.0 - level / frontier, 0.0),
        "exponential": np.maximum(frontier / positive - 1.0, 0.0),
    }


def _grown(
    panel: Panel, capacity: Floats, measure: LevelMeasure, openness: OpennessMeasure
) -> _Grown:
    """Return growth from each period to the next with openness, gap and capacity before it."""
    level = panel.level[measure]
    cell = combined(panel.field, panel.period)
    log_level = np.log(np.where(level > 0, level, np.nan))
    growth = panel.at(log_level, 1) - log_level
    before = {form: panel.at(values, -1) for form, values in gaps(level, cell).items()}
    open_before = panel.at(panel.openness[openness], -1)
    capacity_before = panel.at(capacity, -1)
    is_whole = np.isfinite(growth) & np.isfinite(open_before)
    for values in before.values():
        is_whole &= np.isfinite(values)
    has_levels = np.isfinite(level) & np.isfinite(panel.at(level, 1))
    used = is_whole & np.isfinite(capacity_before)
    return _Grown(
        growth=growth[used],
        openness=PER_OPENNESS * open_before[used],
        gap={form: values[used] for form, values in before.items()},
        capacity=PER_CAPACITY * capacity_before[used],
        country=panel.country[used],
        country_field=combined(panel.country[used], panel.field[used]),
        field_period=cell[used],
        n_zero=int((has_levels & ~np.isfinite(growth)).sum()),
        n_without_capacity=int((is_whole & ~used).sum()),
    )


def _hindrance(grown: _Grown) -> str:
    """Say why an estimate cannot be made, or nothing."""
    n = len(grown.growth)
    n_countries = n_levels(grown.country)
    if n < LEAST_ROWS or n_countries < LEAST_COUNTRIES:
        return (
            f"{n} changes of {n_countries} countries have a level in three periods, openness and "
            f"R&D expenditure, and it takes {LEAST_ROWS} of {LEAST_COUNTRIES}"
        )
    return ""


def _is_repeated(grown: _Grown) -> bool:
    """Say whether some country has more than one change in a field."""
    return n_levels(grown.country_field) < len(grown.growth)


def _regressors(grown: _Grown, form: GapForm) -> dict[str, Floats]:
    openness, gap, capacity = (
        values - values.mean() for values in (grown.openness, grown.gap[form], grown.capacity)
    )
    return {
        OPEN: openness,
        GAP: gap,
        OPEN_X_GAP: openness * gap,
        CAPACITY: capacity,
        GAP_X_CAPACITY: gap * capacity,
    }


def _row(grown: _Grown, form: GapForm, comparison: Comparison, choices: Mapping[str, str]) -> Row:
    effects = {"field_period": grown.field_period}
    if comparison == "within countries":
        effects["country_field"] = grown.country_field
    fit = fit_ols(
        Design(
            outcome=grown.growth,
            regressors=_regressors(grown, form),
            effects=effects,
            clusters={"country": grown.country},
        )
    )
    if OPEN_X_GAP in fit.collinear:
        question = "Whether those behind rise more where they are open"
        raise NotComputableError.because(
            question,
            "openness x gap is determined by openness, gap and the effects",
            "Take more periods or countries.",
        )
    return Row(
        interaction=Estimate(
            choices={**choices, GAP_FORM: form, COMPARED: comparison},
            coefficient=fit.of(OPEN_X_GAP),
            n=fit.n,
            n_clusters=fit.n_clusters,
        ),
        coefficients=fit.coefficients,
    )


def _forecast(grown: _Grown, choices: Mapping[str, str]) -> Forecast:
    """Foretell growth of each tenth of the countries from the others, by either form."""
    fold = np.random.default_rng(0).permutation(int(grown.country.max()) + 1) % FOLDS
    test_fold = fold[grown.country]
    error: dict[GapForm | Literal["none"], float] = {}
    forms: tuple[GapForm | Literal["none"], ...] = (*GAP_FORMS, "none")
    for form in forms:
        regressors = _regressors(grown, "logistic" if form == "none" else form)
        kept = (OPEN, CAPACITY) if form == "none" else REGRESSORS
        matrix = np.column_stack([regressors[name] for name in kept])
        missed = [_missed(grown, matrix, test_fold == one) for one in range(FOLDS)]
        error[form] = float(np.sqrt(np.mean(np.concatenate(missed) ** 2)))
    return Forecast(
        choices=choices,
        error=error,
        n=len(grown.growth),
        n_countries=n_levels(grown.country),
    )


def _missed(grown: _Grown, matrix: Floats, is_test: Booleans) -> Floats:
    """Return by how much growth of some rows differs from what the others lead to expect."""
    cell = renumbered(grown.field_period)
    is_fitted = ~is_test
    n = np.bincount(cell[is_fitted], minlength=n_levels(cell))
    both = np.column_stack([grown.growth, matrix])
    means = np.stack(
        [
            np.bincount(cell[is_fitted], weights=column[is_fitted], minlength=len(n))
            / np.maximum(n, 1)
            for column in both.T
        ],
        axis=1,
    )
    rest = both - means[cell]
    beta, *_ = np.linalg.lstsq(rest[is_fitted, 1:], rest[is_fitted, 0], rcond=None)
    foretold = is_test & (n[cell] > 0)
    missed: Floats = rest[foretold, 0] - rest[foretold, 1:] @ beta
    return missed


MODEL = Model(
    name="catch-up",
    title="Catch-up and capacity",
    meaning="Whether those behind rise more where they are open, given what they spend on R&D.",
    formula="ln L_t+1 / L_t = b1 open + b2 gap + b3 open gap + b4 cap + b5 gap cap + d_ft (+ a_cf)",
    observations=STEP,
    estimate=catch_up,
    result=CatchUp,
    source="https://doi.org/10.1016/S1574-0684(05)01013-0",
    caveats=(
        "An association: who is open and who rises may have the same reasons.",
        "Who is low by chance rises by chance; that the gap is of an earlier period lessens it.",
        "Capacity is R&D expenditure by GDP of the whole country, in all fields alike.",
    ),
)
