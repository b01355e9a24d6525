"""Openness and level: whether countries that work more with others stand higher.

A joint work lifts its countries' openness and, if it is excellent, their level too. How much
depends on how it is counted, so that every estimate stands there in both countings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy

from fourseas.errors import NotComputableError
from fourseas.models.openness import (
    LEAST_CREDIT,
    LEVEL_MEASURES,
    OPENNESS_MEASURES,
    STEP,
    LevelMeasure,
    OpennessMeasure,
    Panel,
)
from fourseas.models.regression import Design, fit_ols
from fourseas.models.separation import Booleans, Floats, Integers, combined, n_levels, renumbered
from fourseas.models.verdict import Estimate
from fourseas.schema.model import Model

Place = Literal["all fields together", "single fields"]
Comparison = Literal["between countries", "within countries"]
COMPARISONS: tuple[Comparison, ...] = ("between countries", "within countries")

COUNTING, OPENNESS, COMPARED, PLACE = "counting", "openness", "comparison", "fields"
"""Names of the choices of an estimate."""

NOW, LATER = "openness", "later_openness"
LEAST_COUNTRIES = 12
PER_OPENNESS = 10.0
"""Openness is told in steps of ten points, level in points."""
PER_LEVEL = 100.0
TOLERANCE = 1e-10
"""Means that effects may leave, as a part of the greatest value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How level goes with openness.

    Attributes
    ----------
    rows
        Points of level for ten points of openness, by counting, openness, comparison and fields.
    leads
        Points of level for ten points of the *next* period's openness, this period's held fixed;
        what openness did could not come before it.
    rank_correlation
        Spearman's, of openness and level in the last period, by the words of the counting; of all
        fields together and the first measure of openness that is known.
    n_ranked
        Countries behind it.
    untested
        What could not be estimated, each with its reason.
    n_countries, n_fields, n_periods
        Over how many.
    """

    rows: tuple[Estimate, ...]
    leads: tuple[Estimate, ...]
    rank_correlation: Mapping[str, float]
    n_ranked: int
    untested: tuple[str, ...]
    n_countries: int
    n_fields: int
    n_periods: int


def level(panels: Mapping[Place, Panel]) -> Level:
    r"""Estimate how the level of countries goes with their openness.

    .. math:: L_{cft} = b \, open_{cft} + d_{ft} + a_{cf} + u_{cft}

    with effects of each field in each period and, within countries, of each country in each field.
    Between countries there are no :math:`a_{cf}`. Errors are clustered by country. :math:`b` is in
    points of the share of excellent works for ten points of openness.

    Parameters
    ----------
    panels
        All fields together, single fields, or both.

    Raises
    ------
    NotComputableError
        Where no combination has enough countries.
    """
    rows: list[Estimate] = []
    leads: list[Estimate] = []
    untested: dict[str, None] = {}
    for place, panel in panels.items():
        reason = few(panel)
        if reason:
            untested[f"{place}: {reason}"] = None
            continue
        for measure in LEVEL_MEASURES:
            for openness in OPENNESS_MEASURES:
                known = np.isfinite(panel.level[measure]) & np.isfinite(panel.openness[openness])
                reason = _hindrance(panel, known)
                if reason:
                    untested[_untested(place, panel, measure, openness, reason)] = None
                    continue
                choices = {
                    COUNTING: LEVEL_MEASURES[measure],
                    OPENNESS: OPENNESS_MEASURES[openness],
                    PLACE: place,
                }
                for comparison in COMPARISONS:
                    if comparison == "within countries" and n_levels(panel.period[known]) == 1:
                        untested[f"{place}, {comparison}: there is one period"] = None
                        continue
                    rows.append(_row(panel, known, measure, openness, comparison, choices))
                lead = _lead(panel, known, measure, openness, choices)
                if lead is not None:
                    leads.append(lead)
    if not rows:
        question = "How level goes with openness"
        raise NotComputableError.because(
            question,
            "; ".join(untested),
            "Add a register with impact of many countries, such as ncses, or build the embedded "
            "registers with `fourseas demo`.",
        )
    ranked, n_ranked = _ranked(next(iter(panels.values())))
    return Level(
        rows=tuple(rows),
        leads=tuple(leads),
        rank_correlation=ranked,
        n_ranked=n_ranked,
        untested=tuple(untested),
        n_countries=max(n_levels(panel.country) for panel in panels.values()),
        n_fields=max(n_levels(panel.field) for panel in panels.values()),
        n_periods=max(n_levels(panel.period) for panel in panels.values()),
    )


def partialled(values: Floats, effects: Mapping[str, Integers]) -> Floats:
    """Return what effects leave of values, by taking out their means in turn until none is left.

    Shape (n,) in and out.
    """
    coded = [renumbered(codes) for codes in effects.values()]
    counts = [np.bincount(codes) for codes in coded]
    assert np.isfinite(values).all()
    rest = values.astype(np.float64)
    scale = float(np.abs(rest).max())
    while True:
        largest = 0.0
        for codes, n in zip(coded, counts, strict=True):
            means = np.bincount(codes, weights=rest) / n
            rest = rest - means[codes]
            largest = max(largest, float(np.abs(means).max()))
        if largest <= TOLERANCE * scale:
            return rest


def few(panel: Panel) -> str:
    """Say that a panel has too few countries, or nothing."""
    n = n_levels(panel.country)
    if n >= LEAST_COUNTRIES:
        return ""
    return f"{n} countries, {LEAST_COUNTRIES} needed, have {LEAST_CREDIT:g} fractional works a year"


def _hindrance(panel: Panel, known: Booleans) -> str:
    """Say why an estimate cannot be made, or nothing."""
    n = n_levels(panel.country[known])
    if n == 0:
        return "the register does not publish it"
    if n < LEAST_COUNTRIES:
        return f"{n} countries have it, and it takes {LEAST_COUNTRIES}"
    return ""


def _untested(
    place: Place, panel: Panel, measure: LevelMeasure, openness: OpennessMeasure, reason: str
) -> str:
    """Say what is not testable: the level if it is not known, else with which openness."""
    level_alone = f"{place}, level by {LEVEL_MEASURES[measure]}"
    if not np.isfinite(panel.level[measure]).any():
        return f"{level_alone}: {reason}"
    if not np.isfinite(panel.openness[openness]).any():
        return f"{place}, {OPENNESS_MEASURES[openness]}: {reason}"
    return f"{level_alone}, {OPENNESS_MEASURES[openness]}: {reason}"


def _row(
    panel: Panel,
    known: Booleans,
    measure: LevelMeasure,
    openness: OpennessMeasure,
    comparison: Comparison,
    choices: Mapping[str, str],
) -> Estimate:
    """Estimate one combination, and again without each country in turn."""
    effects = _effects(panel, known, comparison)
    country = panel.country[known]
    outcome = PER_LEVEL * panel.level[measure][known]
    regressor = PER_OPENNESS * panel.openness[openness][known]
    fit = fit_ols(
        Design(
            outcome=outcome,
            regressors={NOW: regressor},
            effects=effects,
            clusters={"country": country},
        )
    )
    without = []
    for left_out in np.unique(country):
        kept = country != left_out
        remaining = {name: codes[kept] for name, codes in effects.items()}
        x, y = partialled(regressor[kept], remaining), partialled(outcome[kept], remaining)
        without.append(float(x @ y / (x @ x)))
    return Estimate(
        choices={**choices, COMPARED: comparison},
        coefficient=fit.of(NOW),
        n=fit.n,
        n_clusters=fit.n_clusters,
        without_one=(min(without), max(without)),
    )


def _lead(
    panel: Panel,
    known: Booleans,
    measure: LevelMeasure,
    openness: OpennessMeasure,
    choices: Mapping[str, str],
) -> Estimate | None:
    """Return how level goes with the next period's openness, given this one's, within countries."""
    later = panel.at(panel.openness[openness], 1)
    both = known & np.isfinite(later)
    if not both.any() or n_levels(panel.period[both]) == 1 or _hindrance(panel, both):
        return None
    fit = fit_ols(
        Design(
            outcome=PER_LEVEL * panel.level[measure][both],
            regressors={
                NOW: PER_OPENNESS * panel.openness[openness][both],
                LATER: PER_OPENNESS * later[both],
            },
            effects=_effects(panel, both, "within countries"),
            clusters={"country": panel.country[both]},
        )
    )
    if LATER in fit.collinear:
        return None
    return Estimate(
        choices={**choices, COMPARED: "within countries"},
        coefficient=replace(fit.of(LATER), name=NOW),
        n=fit.n,
        n_clusters=fit.n_clusters,
    )


def _effects(panel: Panel, kept: Booleans, comparison: Comparison) -> dict[str, Integers]:
    field = panel.field[kept]
    effects = {"field_period": combined(field, panel.period[kept])}
    if comparison == "within countries":
        effects["country_field"] = combined(panel.country[kept], field)
    return effects


def _ranked(panel: Panel) -> tuple[dict[str, float], int]:
    """Return the rank correlation of the last period in either counting."""
    is_last = panel.period == panel.period.max()
    openness = next(
        (values for values in panel.openness.values() if np.isfinite(values[is_last]).any()), None
    )
    found: dict[str, float] = {}
    n_ranked = 0
    for measure, words in LEVEL_MEASURES.items():
        if openness is None:
            break
        kept = is_last & np.isfinite(openness) & np.isfinite(panel.level[measure])
        if int(kept.sum()) >= LEAST_COUNTRIES:
            found[words] = float(
                scipy.stats.spearmanr(openness[kept], panel.level[measure][kept]).statistic
            )
            n_ranked = int(kept.sum())
    return found, n_ranked


MODEL = Model(
    name="level",
    title="Openness and level",
    meaning="Whether countries that work more with others have more works among the world's best.",
    formula="L_cft = b open_cft + d_ft (+ a_cf)",
    observations=STEP,
    estimate=level,
    result=Level,
    source="https://doi.org/10.1016/j.joi.2015.08.001",
    caveats=(
        "An association: better work attracts partners, and means pay for both.",
        "An excellent joint work is in openness and in level; full counting takes it whole.",
        "Works without a partner abroad would show what is not circular; few registers have them.",
    ),
)
