"""A pair's card: what two countries are to each other, from both sides."""

from __future__ import annotations

import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.headlines import (
    ENDS,
    FORMS,
    indicators_of,
    last_final,
    selected,
    written,
)
from fourseas.reports.cards.position import FLOWS
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.rows import rows
from fourseas.reports.wording import Wording, wording
from fourseas.schema.step import Indicator
from fourseas.workspace import Workspace


def pair_card(ws: Workspace, first: str, second: str) -> Card:
    """Return every measure of a pair, seen from either side.

    Raises
    ------
    UnknownNameError
        For a country that is not known.
    NotComputableError
        For a country and itself, and for two of which nothing is known together.
    """
    words = wording(ws)
    a, b = ws.unit_ids([first, second])
    if a == b:
        question = f"A pair of {first} and {second}"
        raise NotComputableError.because(question, "both are one country", "Name two countries.")
    names = words.countries.get(a, a), words.countries.get(b, b)
    lines = [
        line
        for indicator in indicators_of(pairs=True)
        if indicator.name != "position"
        for line in _lines(ws, indicator, a, b)
    ]
    fields = _fields(ws, a, b, words)
    if not lines and fields.empty:
        question = f"The pair {names[0]} and {names[1]}"
        raise NotComputableError.because(
            question,
            "no joint work and no flow between them is known here",
            "Ask for one of them with `fourseas position`.",
        )
    sheets = [_measures(lines, names)]
    if not fields.empty:
        sheets.insert(0, _by_field(fields, names, words))
    return Card(
        title=f"{names[0]} and {names[1]}",
        lead=("Each measure from both sides; none of them says why.",),
        sheets=tuple(sheets),
        sources=sources(
            ws, {str(line["register"]) for line in lines} | set(fields.get("register", []))
        ),
        citation=citation(ws),
    )


def _lines(ws: Workspace, indicator: Indicator, a: str, b: str) -> list[dict[str, object]]:
    """Return a line for each measured column of an indicator in its last year."""
    lines: list[dict[str, object]] = []
    found = selected(ws, indicator, [a, b], [a, b])
    apart = found[found.unit_id != found.partner_id]
    for series in last_final(apart, indicator.headline, a):
        sides = [
            series.rows[(series.rows.unit_id == unit) & (series.rows.partner_id == partner)]
            for unit, partner in ((a, b), (b, a))
        ]
        for column in indicator.writes.columns:
            if column.dtype != "float64" or column.name.endswith(ENDS):
                continue
            form = FORMS.get(column.unit, "ratio")
            values = [
                written(None if side.empty else side[column.name].iloc[0], form) for side in sides
            ]
            if values != ["-", "-"]:
                lines.append(
                    {
                        "title": indicator.title,
                        "measure": f"{column.name}: {column.meaning}",
                        "a": values[0],
                        "b": values[1],
                        "series": series.title,
                        "year": series.year,
                        "register": str(series.names["register"]),
                    }
                )
    return lines


def _measures(lines: list[dict[str, object]], names: tuple[str, str]) -> Sheet:
    """Return the sheet of all measures of the pair."""
    return Sheet(
        name="measures",
        title="All fields together, each measure in its last year.",
        headings=(
            Heading("measure", "measure"),
            Heading("a", f"{names[0]} to {names[1]}"),
            Heading("b", f"{names[1]} to {names[0]}"),
            Heading("title", "indicator"),
            Heading("series", "definition and counting"),
            Heading("year", "year", "year"),
        ),
        rows=lines,
        reading=Reading(
            definition="`fourseas explain` and the indicator's name say how each is computed.",
            counting="As named in each row.",
            source="The registers below.",
            n=f"{len(lines)} measures.",
            bounds="Where records allow, in the data of `fourseas show`.",
            coverage="A dash where it is not published or not computable.",
        ),
    )


def _fields(ws: Workspace, a: str, b: str, words: Wording) -> pd.DataFrame:
    """Return the positions of both sides, field by field, in the last year with levels."""
    table = ws.table("position")
    both = table.filter(
        table.unit_id.isin([a, b]) & table.partner_id.isin([a, b]) & table.standing.notnull()
    )
    found: pd.DataFrame = both.to_pandas()
    if found.empty:
        return found
    register = found.register.value_counts().index[0]
    of_register = found[found.register == register]
    last = of_register[of_register.year == of_register.year.max()]
    own = last[last.unit_id == a]
    shown: pd.DataFrame = own.assign(
        field_name=own.field_id.map(words.fields).fillna(own.field_id), gap=own.level_gap
    ).sort_values("field_name")
    return shown


def _by_field(fields: pd.DataFrame, names: tuple[str, str], words: Wording) -> Sheet:
    """Return levels, standing and flows by field."""
    headings = (
        Heading("field_name", "field"),
        Heading("level", f"level, {names[0]}", "finer_share"),
        Heading("partner_level", f"level, {names[1]}", "finer_share"),
        Heading("gap", "gap in points", "points"),
        Heading("standing", f"{names[1]} is"),
        Heading("weight_in_top", f"of the world's top, {names[0]}", "share"),
        Heading("partner_weight_in_top", f"of the world's top, {names[1]}", "share"),
        Heading("cites_partner", f"{names[0]} cites", "ratio"),
        Heading("cited_by_partner", f"{names[1]} cites", "ratio"),
    )
    return Sheet(
        name="fields",
        title="Levels and citations, field by field.",
        headings=headings,
        rows=rows(fields[[heading.field for heading in headings]]),
        reading=Reading(
            definition="Level: works among the world's most cited of field and year by all works. "
            + FLOWS,
            counting="Fractional.",
            source=words.sources[str(fields.register.iloc[0])],
            n=f"{len(fields)} fields, {int(fields.year.iloc[0])}.",
            bounds="None published where a dash stands in `fourseas show position`.",
            coverage="What the source indexes.",
        ),
    )
