"""Openness and level of a lake's countries, read as the panels that models are estimated on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.models.catch_up import Forecast
from fourseas.models.level import COMPARED, COUNTING, OPENNESS, PLACE, Place
from fourseas.models.openness import (
    LEAST_CREDIT,
    OPENNESS_MEASURES,
    PERIOD_YEARS,
    SCORES,
    STEP,
    Panel,
    pooled,
)
from fourseas.models.separation import Floats
from fourseas.models.verdict import Estimate
from fourseas.reports.panel import Reading
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace

TOGETHER: Place = "all fields together"
SINGLE: Place = "single fields"


ABROAD = {words: f"{name} share" for name, words in OPENNESS_MEASURES.items()}
"""Measures of openness by their words, as a table has room for them."""
LONG = {COUNTING: "counting", COMPARED: "countries", PLACE: "together"}
"""What need not be said again beside the name of a choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """The panels of one register and definition.

    Attributes
    ----------
    register, definition_id
        Where they come from.
    of
        By whether fields stand together or one by one.
    """

    register: str
    definition_id: str
    of: Mapping[Place, Panel]

    @property
    def first(self) -> Panel:
        """The panel of all fields together where there is one."""
        return next(iter(self.of.values()))


def openness_panels(ws: Workspace, question: str, register: str | None = None) -> Panels:
    """Return openness and level of countries, of the register with most output that has levels.

    Raises
    ------
    NotComputableError
        Where no register has levels of countries, or not the one that is asked for.
    """
    table = STEP.compute(*(ws.table(spec.name) for spec in STEP.reads))
    defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
    observed: pd.DataFrame = table.filter(table.definition_id.isin(defaults)).to_pandas()
    has_level = (observed.top_10_frac.notna() | observed.top_1_frac.notna()) & (
        observed.credit_scored > 0
    )
    output = observed[has_level].groupby(["register", "definition_id"]).credit.sum()
    there = sorted({str(name) for name in output.index.get_level_values("register")})
    if register is not None:
        output = output[output.index.get_level_values("register") == register]
    if output.empty:
        asked = question if register is None else f"{question} by {register}"
        raise NotComputableError.because(
            asked,
            "no census there has the share of excellent works of countries",
            f"Those that have: {', '.join(there)}."
            if there
            else "Add the register ncses, or build the embedded registers with `fourseas demo`.",
        )
    chosen, definition_id = output.index[int(output.to_numpy().argmax())]
    rows = observed[(observed.register == chosen) & (observed.definition_id == definition_id)]
    single = rows[rows.scheme != ALL]
    if not single.empty:
        single = single[single.scheme == single.groupby("scheme").credit.sum().idxmax()]
    parts: dict[Place, pd.DataFrame] = {TOGETHER: rows[rows.scheme == ALL], SINGLE: single}
    return Panels(
        register=str(chosen),
        definition_id=str(definition_id),
        of={
            place: pooled(part)
            for place, part in parts.items()
            if (part.top_10_frac.notna() | part.top_1_frac.notna()).any()
        },
    )


def labeled(one: Estimate | Forecast) -> str:
    """Return what was chosen for an estimate, as a table has room for it."""
    parts = (
        one.choices[COUNTING].removesuffix(f" {LONG[COUNTING]}"),
        one.choices.get(COMPARED, "").removesuffix(f" {LONG[COMPARED]}"),
        ABROAD[one.choices[OPENNESS]],
        one.choices[PLACE].removesuffix(f" {LONG[PLACE]}"),
    )
    return "; ".join(part for part in parts if part)


def chosen_in_short(estimates: Iterable[Estimate]) -> tuple[Estimate, ...]:
    """Return estimates with their choices as a table has room for them."""
    return tuple(
        replace(
            one,
            choices={
                name: ABROAD.get(value, value.removesuffix(f" {LONG.get(name)}"))
                for name, value in one.choices.items()
            },
        )
        for one in estimates
    )


def by_period(ws: Workspace, panel: Panel, column: str) -> Floats:
    """Return a column of `country_years` as its mean over each row's period, NaN if unknown."""
    known: pd.DataFrame = ws.table("country_years").to_pandas()
    first, last = panel.years
    chosen = known[known.year.between(first, last)]
    means = (
        chosen.assign(period=-((last - chosen.year) // PERIOD_YEARS))
        .groupby(["country_code", "period"])[column]
        .mean()
    )
    codes = np.array(panel.countries)[panel.country]
    rows = pd.MultiIndex.from_arrays([codes, panel.period])
    return means.reindex(rows).to_numpy(np.float64)


def panel_reading(panels: Panels, *, definition: str, source: str, n: str, bounds: str) -> Reading:
    """Return how to read an estimate on these panels."""
    first, last = panels.first.years
    score = SCORES[panels.first.score]
    small = "; ".join(f"{panel.n_small:,} of {place}" for place, panel in panels.of.items())
    measures = "; ".join(f"{name}, the {words}" for name, words in OPENNESS_MEASURES.items())
    return Reading(
        definition=(
            f"{definition} Level: share of works among the world's {score} by citations, by field "
            f"and year. Openness: {measures}. {first}-{last} in periods of {PERIOD_YEARS} years."
        ),
        counting=(
            "Level in fractional counting, a work divided among its authors' countries, and in "
            "full counting, the whole for each, side by side. The share with another country is "
            "full; "
            "works whose countries are not all known count there as not international."
        ),
        source=source,
        n=n,
        bounds=bounds,
        coverage=(
            f"Countries in fields and periods with {LEAST_CREDIT:g} fractional works a year or "
            f"more; left out as smaller: {small} (country, field and period each)."
        ),
    )
