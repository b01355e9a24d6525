"""The last final headline of each indicator for some units, whatever indicators there are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from fourseas.catalog import INDICATORS
from fourseas.reports.panel import Form, text
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.source import SCOPES
from fourseas.schema.step import Indicator
from fourseas.workspace import Workspace

DEFAULTS = tuple(d.definition_id for d in DEFINITIONS if d.is_default)
FORMS: dict[str, Form] = {
    "share": "share",
    "works": "count",
    "credit": "count",
    "count": "count",
    "index": "ratio",
    "ratio": "ratio",
    "score": "ratio",
    "km": "count",
}
"""How values of a unit are written; others as they are."""

SERIES = ("register", "definition_id", "counting", "role")
"""What tells the series of an indicator apart, where it has them."""

SMALL = 0.01
LARGE = 100
BOUNDS = (("_low", "_high", "95% interval"), ("_min", "_max", "bounds for the unknown"))
ENDS = tuple(end for low, high, _ in BOUNDS for end in (low, high))


@dataclass(frozen=True, slots=True)
class Series:
    """A year of an indicator: what names it, the measure that is shown, and its rows."""

    names: dict[str, object]
    measure: str
    rows: pd.DataFrame

    @property
    def title(self) -> str:
        """Return definition, counting and role in one line."""
        return ", ".join(str(value) for name, value in self.names.items() if name != "register")

    @property
    def year(self) -> int:
        """Return the year that it is of."""
        return int(self.rows.year.iloc[0])

    @property
    def order(self) -> tuple[int, str]:
        """Return its place among series: a census before a sample, then by register."""
        return SCOPES.index(str(self.rows.scope.iloc[0])), str(self.names["register"])


def indicators_of(*, pairs: bool) -> tuple[Indicator, ...]:
    """Return the indicators of pairs, or those of single units, in the order of the catalogue."""
    return tuple(
        found
        for found in INDICATORS
        if "unit_id" in found.writes.key and ("partner_id" in found.writes.key) is pairs
    )


def selected(
    ws: Workspace, indicator: Indicator, units: Sequence[str], partners: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the rows of units by default definitions over all fields together."""
    table: ir.Table = ws.table(indicator.name)
    rows = table.filter(
        table.unit_id.isin(units) & table.definition_id.isin(DEFAULTS) & (table.scheme == ALL)
    )
    if partners:
        rows = rows.filter(rows.partner_id.isin(partners))
    found: pd.DataFrame = rows.to_pandas()
    return found


def last_final(rows: pd.DataFrame, headline: str, unit: str) -> list[Series]:
    """Return each series in the last final year in which the unit has a value of it.

    A series is what register, definition, counting and role name. Where the headline is null
    in all years, the first other measure of its unit that is there stands for it; one that has
    no measure at all keeps the last year of the unit, with the reason that stands there.
    """
    if rows.empty:
        return []
    names = [name for name in SERIES if name in rows]
    final = rows[~rows.is_provisional] if "is_provisional" in rows else rows
    found = []
    for key, series in (final if not final.empty else rows).groupby(names, sort=False):
        own = series[series.unit_id == unit]
        if own.empty:
            continue
        measure = next((name for name in _measures(series, headline) if _is_told(own[name])), None)
        told = own if measure is None else own[own[measure].notna()]
        found.append(
            Series(
                names=dict(zip(names, key, strict=True)),
                measure=measure or headline,
                rows=series[series.year == told.year.max()],
            )
        )
    return found


def _measures(rows: pd.DataFrame, headline: str) -> list[str]:
    """Return the headline and what is named as it is: pp_top_1 beside pp_top_10."""
    stem = headline.rsplit("_", 1)[0]
    alike = [
        name
        for name in rows.columns
        if name != headline and name.startswith(f"{stem}_") and not name.endswith(ENDS)
    ]
    return [headline, *alike]


def _is_told(values: pd.Series[Any]) -> bool:
    return bool(values.notna().any())


def written(value: float | str | None, form: Form) -> str:
    """Return a value as a reader should see it; what is near 0 keeps two digits."""
    if isinstance(value, str):
        return value
    if value is None or math.isnan(value):
        return "-"
    number = float(value)
    if form == "ratio" and 0 < abs(number) < SMALL:
        return f"{number:.2g}"
    if form == "count" and abs(number) < LARGE and not number.is_integer():
        return f"{number:.2f}"
    return text(number, form)


def bounds(row: pd.Series[Any], headline: str) -> str:
    """Return the interval and the bounds of a headline where they are known."""
    parts = []
    for low, high, name in BOUNDS:
        ends = [row.get(f"{headline}{end}") for end in (low, high)]
        if all(pd.notna(end) for end in ends):
            parts.append(f"{_short(ends[0])} to {_short(ends[1])} ({name})")
    return "; ".join(parts)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
