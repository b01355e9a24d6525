"""Joint works with an impact score by pair and year, read from a lake's census of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from fourseas.errors import FourseasError
from fourseas.models.separation import Booleans, Floats
from fourseas.partners.benefit import LEAST_AT_HOME, Scored
from fourseas.partners.forecasts import fitted_works
from fourseas.reports.backtest.material import apart
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace

Years = tuple[int, int]

SUMS = {
    "works": "n_scored",
    "credit": "credit_scored",
    "credit2": "credit2_scored",
    "ncs": "ncs_frac",
    "cross": "ncs_cross",
    "ncs2": "ncs_frac2",
}
"""What `Scored` calls the sums of cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredTies:
    """Joint works of each two countries by year, and works at home.

    Attributes
    ----------
    register
        A census.
    last_year
        The last complete one.
    units
        Countries with a joint work in any year, sorted.
    pairs, at_home
        A row per ordered pair and year, and per country and year.
    apart
        What gravity knows of each two, by name.
    """

    register: str
    last_year: int
    units: tuple[str, ...]
    pairs: pd.DataFrame
    at_home: pd.DataFrame
    apart: Mapping[str, Floats]

    def of(self, years: Years) -> Scored:
        """Return the sums of some years."""
        rows = self.pairs[self.pairs.year.between(*years)]
        home = self.at_home[self.at_home.year.between(*years)].groupby("unit_id")
        sums = home[["n_scored", "credit_scored", "ncs_frac"]].sum().reindex(self.units)
        level = (sums.ncs_frac / sums.credit_scored).where(sums.n_scored >= LEAST_AT_HOME)
        return Scored(
            **{name: self._square(rows, column) for name, column in SUMS.items()},
            level=level.to_numpy(dtype=np.float64),
        )

    def is_tied(self, years: Years) -> Booleans:
        """Return which pairs have a joint work in some years, with a score or without."""
        found: Booleans = self._square(self.pairs[self.pairs.year.between(*years)], "p") > 0
        return found

    def expected(self, years: Years, n_years: int) -> Floats:
        """Return joint works with a score that gravity, of some years, expects in as many others.

        NaN where gravity cannot tell: of pairs whose distance is not known, and of all where
        there are too few joint works.
        """
        works = self.of(years).works
        try:
            fitted = fitted_works(sparse.csr_array(works), self.apart)
        except FourseasError:
            return np.full(works.shape, np.nan)
        return fitted * n_years / (years[1] - years[0] + 1)

    def _square(self, rows: pd.DataFrame, column: str) -> Floats:
        n = len(self.units)
        found = np.zeros((n, n))
        numbers = {unit: i for i, unit in enumerate(self.units)}
        places = (rows[name].map(numbers).to_numpy(np.int64) for name in ("unit_id", "partner_id"))
        np.add.at(found, tuple(places), rows[column].fillna(0).to_numpy(dtype=np.float64))
        return found


def scored_ties(ws: Workspace, register: str) -> ScoredTies | None:
    """Return joint works of all fields of a register; none where it is no census, or scores none.

    Where a register has several definitions that stand by themselves, that of most works.
    """
    registers = ws.table("registers")
    listed = registers.filter(registers.register == register).to_pyarrow().to_pylist()
    if not listed or listed[0]["scope"] != "census":
        return None
    defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
    cells, home = ws.table("pair_cells"), ws.table("unit_cells")
    pairs: pd.DataFrame = (
        cells.filter(
            (cells.register == register)
            & (cells.unit_type == "country")
            & (cells.scheme == ALL)
            & cells.definition_id.isin(defaults)
            & (cells.p > 0)
        )
        .select("definition_id", "unit_id", "partner_id", "year", "p", *SUMS.values())
        .to_pandas()
    )
    pairs = pairs[pairs.unit_id != pairs.partner_id]
    if not (pairs.n_scored > 0).any():
        return None
    definition = pairs.groupby("definition_id").n_scored.sum().idxmax()
    pairs = pairs[pairs.definition_id == definition]
    at_home = (
        home.filter(
            (home.register == register)
            & (home.unit_type == "country")
            & (home.scheme == ALL)
            & (home.definition_id == str(definition))
            & (home.collaboration_class == "domestic")
        )
        .select("unit_id", "year", "n_scored", "credit_scored", "ncs_frac")
        .to_pandas()
    )
    units = tuple(sorted({str(one) for one in pairs.unit_id}))
    last = listed[0]["last_complete_year"]
    return ScoredTies(
        register=register,
        last_year=min(int(last), int(pairs.year.max())) if last else int(pairs.year.max()),
        units=units,
        pairs=pairs,
        at_home=at_home,
        apart=apart(ws, {unit: i for i, unit in enumerate(units)}),
    )
