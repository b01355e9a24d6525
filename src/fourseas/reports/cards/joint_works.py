"""Joint works of two countries year by year: a line for each register that counts them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fourseas.reports.cards.card import Picture, Sheet
from fourseas.reports.cards.headlines import FEWEST_WORKS, SERIES
from fourseas.reports.cards.lines import MOST_LINES, Line, Point, by_year, lines
from fourseas.reports.panel import Heading, Reading, text
from fourseas.reports.wording import Wording

HEIGHT = 260
YEARS = "joint-years"
"""Name of the table behind the chart."""

REGISTERS_APART = (
    "Two registers never meet in one line: each indexes other works. A line is broken where its "
    "register publishes no year between."
)


def joint_works(
    affinity: pd.DataFrame, names: tuple[str, str], words: Wording
) -> tuple[Picture, Sheet] | None:
    """Return joint works by year as a chart and as a table; nothing where none is counted.

    Counts of a census are facts; of a corpus or sample, years of fewer works than cards show are
    left out.

    Parameters
    ----------
    affinity
        Rows of one country with the other, over all fields together.
    names
        Of both countries.
    """
    is_told = (affinity.scope == "census") | (affinity.p >= FEWEST_WORKS)
    known = affinity[affinity.p.notna() & is_told].sort_values("year")
    if known.empty:
        return None
    series = _series(known)
    reading = _reading(known, words, [line.name for line in series])
    return (
        Picture(
            name="joint-by-year",
            title=f"Joint works of {names[0]} and {names[1]} by year, register by register.",
            spec=lines(series, "count", height=HEIGHT),
            reading=reading,
        ),
        _table(series, reading),
    )


def told_of_year(years: Sheet, year: int) -> str:
    """Return in a sentence how many joint works each register counts in a year."""
    row = next((one for one in years.rows if one["year"] == year), None)
    if row is None:
        return f"No register counts joint works of {year}."
    counts = ", ".join(
        f"{text(row[one.field], one.form)} ({one.title})"
        for one in years.headings[1:]
        if row[one.field] is not None
    )
    return f"Joint works of {year}: {counts}."


def _series(known: pd.DataFrame) -> list[Line]:
    """Return the lines that are drawn, those of most years first, each by its register."""
    apart = [name for name in SERIES if name in known]
    grouped = sorted(known.groupby(apart, dropna=False), key=lambda one: (-len(one[1]), one[0]))
    registers = [str(key[0]) for key, _ in grouped]
    return [
        Line(
            str(key[0]) if registers.count(str(key[0])) == 1 else ", ".join(map(str, key)),
            tuple(Point(int(year), float(p)) for year, p in zip(rows.year, rows.p, strict=True)),
            look,
        )
        for look, (key, rows) in enumerate(grouped[:MOST_LINES])
    ]


def _table(series: Sequence[Line], reading: Reading) -> Sheet:
    """Return the same numbers, the last year first, with a column for each line."""
    values = {line.name: {one.year: one.value for one in line.points} for line in series}
    return Sheet(
        name=YEARS,
        title="Joint works by year.",
        headings=(
            Heading("year", "year", "year"),
            *(Heading(line.name, line.name, "count") for line in series),
        ),
        rows=by_year(values),
        reading=reading,
    )


def _reading(known: pd.DataFrame, words: Wording, drawn: Sequence[str]) -> Reading:
    listed = sorted({str(one) for one in known.register})
    care = sorted({str(one) for one in known.artifact.dropna()})
    told = f" To be read with care: {'; '.join(care)}." if care else ""
    return Reading(
        definition="Works with authors of both countries, in all fields together. "
        f"{REGISTERS_APART}",
        counting="Full: each joint work counts once for either country.",
        source=" ".join(f"{one}: {words.sources.get(one, one)}" for one in listed),
        n=f"{len(known)} years of {len(drawn)} register{'s' * (len(drawn) > 1)}, "
        f"{int(known.year.min())} to {int(known.year.max())}.",
        bounds="None: counts of what a register holds, no sample of it.",
        coverage="What each register indexes, whose growth is in it; works whose authors' "
        f"countries it does not know are in none.{told}",
    )
