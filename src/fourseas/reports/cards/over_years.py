"""One country among all: a measure of it year by year, and its place in one of them."""

from __future__ import annotations

import pandas as pd

from fourseas.reports.cards.card import Picture
from fourseas.reports.cards.headlines import FORMS, ends, number
from fourseas.reports.panel import FORMS as WRITTEN
from fourseas.reports.panel import Reading, Rows, text
from fourseas.reports.theme import FIRST, MUTED, PAPER, Spec, figure
from fourseas.schema.table import Column

HEIGHT = 220


def place(of_series: pd.DataFrame, column: Column, unit: str, name: str, year: int) -> str:
    """Return in a sentence a country's value of a year, and how many countries have a greater one.

    Parameters
    ----------
    of_series
        Rows of all countries and years of one series.
    unit, name
        Code and name of the country.
    """
    values = of_series[of_series.year == year].set_index("unit_id")[column.name].dropna()
    if unit not in values.index:
        return f"{name} has no value in {year}."
    own = float(values[unit])
    greater = int((values.astype(float) > own).sum())
    value = text(own, FORMS.get(column.unit, "text"))
    return f"{name} in {year}: {value}; place {greater + 1} of {len(values)} from the greatest."


def over_years(
    of_series: pd.DataFrame,
    column: Column,
    unit: str,
    name: str,
    year: int,
    *,
    beside: Reading,
) -> Picture | None:
    """Return a country's values year by year before the median of all countries.

    Nothing where it has none. The median of a year is of the countries that have a value in it.

    Parameters
    ----------
    of_series, unit, name
        As of `place`.
    year
        The year that is shown beside it.
    beside
        How to read the table of that year, of the same series.
    """
    known = of_series[of_series[column.name].notna()]
    own = known[known.unit_id == unit].sort_values("year")
    if own.empty:
        return None
    form = FORMS.get(column.unit, "text")
    medians = known.groupby("year")[column.name].median().astype(float)
    found = ends(own, column.name)
    drawn: Rows = [
        {
            "year": int(row["year"]),
            "value": float(row[column.name]),
            "median": float(medians[row["year"]]),
            "low": number(row[found.low]) if found else None,
            "high": number(row[found.high]) if found else None,
            "is_shown": int(row["year"]) == year,
            "says": f"{name}, {int(row['year'])}: {text(float(row[column.name]), form)}; "
            f"median of countries: {text(float(medians[row['year']]), form)}",
        }
        for row in own.to_dict("records")
    ]
    return Picture(
        name="over-years",
        title=f"{name} year by year, before the median of all countries.",
        spec=_spec(drawn, WRITTEN[form]),
        reading=Reading(
            definition=f"{column.meaning} Blue: {name}. Gray: the median of the countries that "
            "have a value in the year.",
            counting=beside.counting,
            source=beside.source,
            n=f"{len(own)} years with a value, {int(own.year.min())} to {int(own.year.max())}.",
            bounds=f"The band: {found.told}."
            if found
            else "None published or computed for this measure.",
            coverage="A register's growth is in it; a year without a value is left out.",
        ),
    )


def _spec(drawn: Rows, form: str) -> Spec:
    """Return lines of the country and of the median, a point for each year of its own."""
    y: Spec = {
        "type": "quantitative",
        "axis": {"title": None, "format": form, "tickCount": 5},
        "scale": {"zero": True},
    }
    return figure(
        {
            "datasets": {"rows": drawn},
            "data": {"name": "rows"},
            "encoding": {
                "x": {
                    "field": "year",
                    "type": "quantitative",
                    "scale": {"zero": False, "nice": False, "padding": 14},
                    "axis": {"title": None, "format": "d", "grid": False, "tickMinStep": 1},
                },
            },
            "layer": [
                {
                    "transform": [{"filter": "isValid(datum.low)"}],
                    "mark": {"type": "area", "color": FIRST, "opacity": 0.14, "aria": False},
                    "encoding": {"y": {"field": "low"} | y, "y2": {"field": "high"}},
                },
                {
                    "mark": {
                        "type": "line",
                        "color": MUTED,
                        "strokeDash": [4, 3],
                        "aria": False,
                    },
                    "encoding": {"y": {"field": "median"} | y},
                },
                {
                    "mark": {"type": "line", "color": FIRST, "strokeWidth": 2, "aria": False},
                    "encoding": {"y": {"field": "value"} | y},
                },
                {
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "color": FIRST,
                        "stroke": PAPER,
                        "opacity": 1,
                    },
                    "encoding": {
                        "y": {"field": "value"} | y,
                        "size": {
                            "condition": {"test": "datum.is_shown", "value": 190},
                            "value": 64,
                        },
                        "description": {"field": "says"},
                    },
                },
            ],
        },
        height=HEIGHT,
    )
