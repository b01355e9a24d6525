"""Openness and level of countries over time: what the models of both are estimated on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from fourseas.models.separation import Floats, Integers
from fourseas.schema.cells import UNIT_CELLS
from fourseas.schema.step import Step
from fourseas.schema.table import Column, TableSpec, conform

OpennessMeasure = Literal["international", "abroad"]
OPENNESS_MEASURES: dict[OpennessMeasure, str] = {
    "international": "share of its works with another country",
    "abroad": "share of the credit in its works that others hold",
}
LevelMeasure = Literal["fractional", "full", "home"]
LEVEL_MEASURES: dict[LevelMeasure, str] = {
    "fractional": "fractional counting",
    "full": "full counting",
    "home": "works at home alone",
}
Score = Literal["top_10", "top_1"]
SCORES: dict[Score, str] = {"top_10": "top 10%", "top_1": "top 1%"}

PERIOD_YEARS = 3
"""Years that are added up, since published shares of a year have two decimals and move."""
LEAST_CREDIT = 100.0
"""A year of a country in a field, in fractional works; below, one work moves the share."""

KEY = ("register", "definition_id", "scheme", "field_id", "unit_id", "year")

OBSERVATIONS = TableSpec(
    name="openness_and_level",
    grain="one row per country, field, year and definition",
    key=KEY,
    columns=(
        Column("register", "string", "code", "The register that the numbers come from."),
        Column("definition_id", "string", "code", "The definition by which works were counted."),
        Column("scheme", "string", "code", "Classification of fields."),
        Column("field_id", "string", "id", "Field within the scheme."),
        Column("unit_id", "string", "code", "The country."),
        Column("year", "int16", "year", "Year of publication."),
        Column("p", "float64", "works", "Works with an author in the country."),
        Column(
            "p_international",
            "float64",
            "works",
            "Of these, with another country; null where works are not divided.",
            nullable=True,
        ),
        Column("credit", "float64", "credit", "Its credit in its works.", nullable=True),
        Column("n_scored", "float64", "works", "Works with scores.", nullable=True),
        Column("credit_scored", "float64", "credit", "Credit in these.", nullable=True),
        Column("home_scored", "float64", "works", "Domestic works with scores.", nullable=True),
        *(
            Column(f"{score}_{suffix}", "float64", "score", f"{meaning} {words}.", nullable=True)
            for score, words in SCORES.items()
            for suffix, meaning in (
                ("full", "Works in the world's"),
                ("frac", "Credit in the world's"),
                ("home", "Domestic works in the world's"),
            )
        ),
    ),
)


def observations(unit_cells: ir.Table) -> ir.Table:
    """Return works, international works, credit and excellent works of each country and year.

    Where a register does not divide works by collaboration, what would need it is null. Only a
    census has the world that excellent works are the best of: other registers have no row.
    """
    is_of_world = unit_cells.scope == "census"
    cells = unit_cells.filter((unit_cells.unit_type == "country") & is_of_world)
    is_home = cells.collaboration_class == "domestic"
    is_international = cells.collaboration_class == "international"
    sums = cells.group_by(*KEY).agg(
        p=cells.n.sum(),
        p_unstated=cells.n.sum(where=cells.collaboration_class == "unstated").fill_null(0.0),
        n_home=cells.n.sum(where=is_home).fill_null(0.0),
        n_international=cells.n.sum(where=is_international).fill_null(0.0),
        credit=cells.credit.sum(),
        n_scored=cells.n_scored.sum(),
        credit_scored=cells.credit_scored.sum(),
        home_scored=cells.n_scored.sum(where=is_home),
        **{
            f"{score}_{suffix}": value
            for score in SCORES
            for suffix, value in (
                ("full", cells[f"{score}_full"].sum()),
                ("frac", cells[f"{score}_frac"].sum()),
                ("home", cells[f"{score}_full"].sum(where=is_home)),
            )
        },
    )
    is_divided = (sums.p_unstated == 0) & (sums.n_home + sums.n_international > 0)
    stated = sums.mutate(
        p_international=ibis.ifelse(is_divided, sums.n_international, ibis.null("float64"))
    )
    return conform(stated, OBSERVATIONS)


STEP = Step(compute=observations, reads=(UNIT_CELLS,), writes=OBSERVATIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Countries in fields and periods, as arrays; NaN where something is not known.

    Attributes
    ----------
    country, field, period
        Numbers, shape (n,); periods are consecutive, the last one 0, and before it below 0.
    openness
        Shares from 0 to 1, shape (n,), by measure.
    level
        Shares of works that are excellent, from 0 to 1, shape (n,), by measure.
    joint_level
        That of joint works, each by the credit that others hold in it, shape (n,).
    output
        Fractional works, shape (n,).
    years
        First and last year.
    score
        What excellent means.
    n_small
        Rows that were left out because their output is too small.
    countries, fields
        Codes of the numbers.
    """

    country: Integers
    field: Integers
    period: Integers
    openness: Mapping[OpennessMeasure, Floats]
    level: Mapping[LevelMeasure, Floats]
    joint_level: Floats
    output: Floats
    years: tuple[int, int]
    score: Score
    n_small: int
    countries: tuple[str, ...]
    fields: tuple[str, ...]

    def at(self, values: Floats, later: int) -> Floats:
        """Return the values of the same country and field so many periods later, or NaN."""
        here, there = (
            pd.MultiIndex.from_arrays([self.country, self.field, period])
            for period in (self.period, self.period + later)
        )
        return np.array(pd.Series(values, index=here).reindex(there), dtype=np.float64)


def pooled(
    rows: pd.DataFrame, *, period_years: int = PERIOD_YEARS, least_credit: float = LEAST_CREDIT
) -> Panel:
    r"""Add up years and return openness and level of each country, field and period.

    .. math::

        open^{int} = \frac{p_{int}}{p}, \quad open^{abroad} = 1 - \frac{credit}{p}, \quad
        L^{full} = \frac{top_{full}}{p}, \quad L^{frac} = \frac{top_{frac}}{credit}, \quad
        L^{joint} = \frac{top_{full} - top_{frac}}{p - credit}

    Periods are counted back from the last year with a level; the years before the first whole
    period are left out. Works whose countries are not all known count as not international. The
    level of joint works follows from the other two since a work at home, all of whose credit is
    the country's, is the same in both: what is left is :math:`\sum_w (1 - a_w) top_w` by
    :math:`\sum_w (1 - a_w)`. Works at home with incomplete addresses are in it too.

    Parameters
    ----------
    rows
        `OBSERVATIONS` of one register, definition and scheme, with a year that has a level.
    period_years
        Years of a period.
    least_credit
        Fractional works a year below which a country is left out in a field and period.
    """
    score: Score = "top_10" if rows.top_10_frac.notna().any() else "top_1"
    last = int(rows.year[rows[f"{score}_frac"].notna()].max())
    n_periods = max((last - int(rows.year.min()) + 1) // period_years, 1)
    first = last - n_periods * period_years + 1
    chosen = rows[rows.year.between(first, last)]
    measures = [column.name for column in OBSERVATIONS.columns if column.name not in KEY]
    sums = (
        chosen.assign(period=-((last - chosen.year) // period_years))
        .groupby(["unit_id", "field_id", "period"])[measures]
        .sum(min_count=1)
        .reset_index()
    )
    is_large = (sums.credit >= least_credit * period_years).to_numpy()
    kept = sums[is_large]
    country, countries = pd.factorize(kept.unit_id)  # in order, as sums come
    field, fields = pd.factorize(kept.field_id, sort=True)
    number = {name: kept[name].to_numpy(np.float64) for name in measures}
    full, frac = number[f"{score}_full"], number[f"{score}_frac"]
    return Panel(
        country=country.astype(np.int64),
        field=field.astype(np.int64),
        period=kept.period.to_numpy(np.int64),
        openness={
            "international": _ratio(number["p_international"], number["p"]),
            "abroad": 1.0 - _ratio(number["credit"], number["p"]),
        },
        level={
            "fractional": _ratio(frac, number["credit_scored"]),
            "full": _ratio(full, number["n_scored"]),
            "home": _ratio(number[f"{score}_home"], number["home_scored"]),
        },
        joint_level=_ratio(full - frac, number["n_scored"] - number["credit_scored"]),
        output=number["credit"],
        years=(first, last),
        score=score,
        n_small=int((~is_large).sum()),
        countries=tuple(map(str, countries)),
        fields=tuple(map(str, fields)),
    )


def _ratio(above: Floats, below: Floats) -> Floats:
    """Divide, NaN where there is nothing to divide by."""
    found: Floats = above / np.where(below > 0, below, np.nan)
    return found
