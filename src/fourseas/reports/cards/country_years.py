"""How open a country is and at what level, year by year, beside others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from fourseas.reports.cards.card import Picture, Sheet
from fourseas.reports.cards.headlines import FEWEST_WORKS, ends, latest, number
from fourseas.reports.cards.lines import MOST_LINES, Line, Point, by_year, lines
from fourseas.reports.panel import Form, Heading, Reading, text
from fourseas.reports.wording import Wording

HEIGHT = 210
YEARS = "by-year"
"""Name of the table behind the charts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A measure that is drawn by year.

    Attributes
    ----------
    indicator, column
        Where it stands.
    name
        Of its chart.
    title
        Of its chart, the country's name to be put in.
    definition
        What it is, in the reader's words.
    column_title
        What a column of the table behind it says after the country's name.
    form
        How it is written.
    world
        The world's own value; None where it has none.
    """

    indicator: str
    column: str
    name: str
    title: str
    definition: str
    column_title: str
    form: Form
    world: float | None = None


DRAWN = (
    Drawn(
        indicator="collaboration",
        column="pp_int_collab",
        name="openness-by-year",
        title="How open is {} over the years? Share of its works with other countries.",
        definition="Works with authors in two countries or more by all works whose countries are "
        "known, or by all works where that is how it is published.",
        column_title="with other countries",
        form="share",
    ),
    Drawn(
        indicator="impact",
        column="pp_top_1",
        name="level-by-year",
        title="At what level is {} over the years? Share of its works in the world's top 1%.",
        definition="Works among the world's 1% most cited of field and year by all works; the "
        "world's is 1%, dashed.",
        column_title="in the top 1%",
        form="finer_share",
        world=0.01,
    ),
)
"""What the card of a country draws by year, each in a chart of its own."""


def country_years(
    found: Mapping[str, pd.DataFrame], named: Mapping[str, str], words: Wording
) -> tuple[tuple[Picture, ...], tuple[Sheet, ...]]:
    """Return openness and level by year as charts, and the table behind both.

    Each is of one register, definition and counting, the first of those that the card lists.

    Parameters
    ----------
    found
        Rows by indicator, over all fields together.
    named
        Code and name of the country, then of those beside it.
    """
    unit, name = next(iter(named.items()))
    pictures, readings = [], []
    columns: dict[Heading, dict[int, float]] = {}
    for one in DRAWN:
        rows = _series(found[one.indicator], one, unit)
        if rows.empty:
            continue
        drawn = [
            _line(rows[rows.unit_id == code], one, called, look)
            for look, (code, called) in enumerate(list(named.items())[:MOST_LINES])
            if (rows.unit_id == code).any()
        ]
        reading = _reading(rows, one, drawn, named, words)
        readings.append(reading)
        pictures.append(
            Picture(
                name=one.name,
                title=one.title.format(name),
                spec=lines(drawn, one.form, height=HEIGHT, world=one.world),
                reading=reading,
            )
        )
        columns |= {
            Heading(f"{line.name}-{one.column}", f"{line.name}, {one.column_title}", one.form): {
                point.year: point.value for point in line.points
            }
            for line in drawn
        }
    return tuple(pictures), (_table(columns, readings, name),) if columns else ()


def told_of_year(years: Sheet, year: int) -> str:
    """Return in a sentence what is known of the country, and those beside it, in a year."""
    row = next((one for one in years.rows if one["year"] == year), None)
    if row is None:
        return f"Neither openness nor level of {year} is known."
    known = "; ".join(
        f"{one.title}: {text(row[one.field], one.form)}"
        for one in years.headings[1:]
        if row[one.field] is not None
    )
    return f"{year}. {known}."


def _series(table: pd.DataFrame, one: Drawn, unit: str) -> pd.DataFrame:
    """Return the rows of the first series that tells a measure of the country in final years."""
    is_told = table[one.column].notna() & ~(table.n < FEWEST_WORKS) & ~table.is_provisional
    for series in latest(table, one.column, unit):
        is_of_it = is_told.copy()
        for name, value in series.names.items():
            is_of_it &= table[name] == value
        if (table.unit_id[is_of_it] == unit).any():
            return table[is_of_it].sort_values("year")
    return table.head(0)


def _line(rows: pd.DataFrame, one: Drawn, name: str, look: int) -> Line:
    """Return the line of one country."""
    found = ends(rows, one.column)
    points = tuple(
        Point(
            int(row["year"]),
            float(row[one.column]),
            number(row[found.low]) if found else None,
            number(row[found.high]) if found else None,
        )
        for row in rows.to_dict("records")
    )
    return Line(name, points, look)


def _table(
    columns: Mapping[Heading, Mapping[int, float]], readings: Sequence[Reading], name: str
) -> Sheet:
    """Return the numbers of both charts, the last year first."""
    rows = by_year({one.field: of_years for one, of_years in columns.items()})
    return Sheet(
        name=YEARS,
        title=f"Openness and level of {name}, year by year.",
        headings=(Heading("year", "year", "year"), *columns),
        rows=rows,
        reading=Reading(
            definition=_told(readings, "definition"),
            counting=_told(readings, "counting"),
            source=_told(readings, "source"),
            n=f"{len(rows)} years.",
            bounds="In the charts, where there are any.",
            coverage=_told(readings, "coverage"),
        ),
    )


def _told(readings: Sequence[Reading], part: str) -> str:
    """Return what both charts say of a part, each sentence once."""
    return " ".join(dict.fromkeys(str(getattr(one, part)) for one in readings))


def _reading(
    rows: pd.DataFrame, one: Drawn, drawn: Sequence[Line], named: Mapping[str, str], words: Wording
) -> Reading:
    first = rows.iloc[0]
    own = drawn[0].points
    n_works = rows.n[rows.unit_id == next(iter(named))].iloc[-1]
    found = ends(rows, one.column)
    known = rows.coverage.dropna()
    part = f" What it needs is known of {known.min():.1%} of works or more." if len(known) else ""
    left_out = [called for called in named.values() if called not in {line.name for line in drawn}]
    beside = f" Not drawn, for want of data or of room: {', '.join(left_out)}."
    return Reading(
        definition=f"{one.definition} All fields together, {first.definition_id}.",
        counting=f"{str(first.counting).capitalize()}.",
        source=words.sources.get(str(first.register), str(first.register)),
        n=f"{len(own)} years, {own[0].year} to {own[-1].year}; {n_works:,.0f} works in the last.",
        bounds=f"The band: {found.told}." if found else "None published for this measure.",
        coverage="A year of fewer than "
        f"{FEWEST_WORKS} works, or not yet final, is left out.{part}{beside if left_out else ''}",
    )
