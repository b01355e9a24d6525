"""Openness and level of a lake's countries, read as the panels that models are estimated on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.models.catch_up import Forecast
from fourseas.models.level import COMPARED, COUNTING, OPENNESS, PLACE, Place, few
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
from fourseas.reports.estimates.place import period
from fourseas.reports.panel import Reading
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.works import OVERLAPPING_SCHEMES
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which openness and levels are asked for.

    Attributes
    ----------
    register
        The one with most output that has levels where none is said.
    field
        By id or name; all together and each by itself where none is said.
    years
        First and last; all where none is said.
    """

    register: str | None = None
    field: str | None = None
    years: tuple[int, int] | None = None

    @property
    def words(self) -> str:
        """What is asked for, in brackets, or nothing."""
        parts = [
            *([f"register {self.register}"] if self.register else []),
            *([f"field {self.field}"] if self.field else []),
            *([period(self.years)] if self.years else []),
        ]
        return f" ({', '.join(parts)})" if parts else ""

    @property
    def of_field(self) -> str:
        """The field for a title, or nothing."""
        return f", field {self.field}" if self.field else ""


EVERYTHING = Asked()


def openness_panels(ws: Workspace, question: str, asked: Asked = EVERYTHING) -> Panels:
    """Return openness and level of countries.

    Raises
    ------
    UnknownNameError
        For a field that is not known.
    NotComputableError
        Where no census has levels there, or of too few countries or years.
    """
    observed = _observed(ws)
    there = observed[_has_level(observed)]
    kept = observed
    if asked.register is not None:
        kept = kept[kept.register == asked.register]
    if asked.field is not None:
        kept = kept[kept.field_id.isin(ws.field_ids([asked.field]))]
    if asked.years is not None:
        kept = kept[kept.year.between(*asked.years)]
    leveled = kept[_has_level(kept)]
    if leveled.year.nunique() < PERIOD_YEARS:
        reason = (
            f"{leveled.year.nunique()} years there have the share of excellent works of countries "
            f"by a census, and a period takes {PERIOD_YEARS}"
        )
        raise NotComputableError.because(question + asked.words, reason, _present(there))
    output = leveled.groupby(["register", "definition_id"]).credit.sum()
    chosen, definition_id = output.index[int(output.to_numpy().argmax())]
    rows = kept[(kept.register == chosen) & (kept.definition_id == definition_id)]
    single = rows[~rows.scheme.isin([ALL, *OVERLAPPING_SCHEMES])]
    if not single.empty:
        single = single[single.scheme == single.groupby("scheme").credit.sum().idxmax()]
    parts: dict[Place, pd.DataFrame] = {TOGETHER: rows[rows.scheme == ALL], SINGLE: single}
    of = {place: pooled(part) for place, part in parts.items() if _has_level(part).any()}
    if all(few(panel) for panel in of.values()):
        reason = "; ".join(f"{chosen}, {place}: {few(panel)}" for place, panel in of.items())
        raise NotComputableError.because(question + asked.words, reason, _present(there))
    return Panels(register=str(chosen), definition_id=str(definition_id), of=of)


_OBSERVED: WeakKeyDictionary[Workspace, pd.DataFrame] = WeakKeyDictionary()
"""What was read of a lake, while it is open: five claims read the same."""


def _observed(ws: Workspace) -> pd.DataFrame:
    """Return openness and levels by the default definitions, read once."""
    if ws not in _OBSERVED:
        table = STEP.compute(*(ws.table(spec.name) for spec in STEP.reads))
        defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
        _OBSERVED[ws] = table.filter(table.definition_id.isin(defaults)).to_pandas()
    return _OBSERVED[ws]


def _has_level(observed: pd.DataFrame) -> pd.Series[bool]:
    is_known = observed.top_10_frac.notna() | observed.top_1_frac.notna()
    return is_known & (observed.credit_scored > 0)


def _present(leveled: pd.DataFrame) -> str:
    """Say which registers have levels, of which years."""
    if leveled.empty:
        return "Add the register ncses, or build the embedded registers with `fourseas demo`."
    years = leveled.groupby("register").year.agg(["min", "max"])
    listed = "; ".join(
        f"{name}, {first}-{last}"
        for name, first, last in zip(years.index, years["min"], years["max"], strict=True)
    )
    return f"There is: {listed}."


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
