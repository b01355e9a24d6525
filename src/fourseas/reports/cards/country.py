"""A country's card: the last final value of every measure, beside peers, question by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.country_years import country_years
from fourseas.reports.cards.field_dots import field_dots
from fourseas.reports.cards.headlines import (
    COVERAGES,
    DEFAULTS,
    FORMS,
    OF_COUNTRIES,
    SIZES,
    Asked,
    Line,
    Question,
    Row,
    bounds,
    indicator_of,
    latest,
    number,
    silent_sheet,
    tables,
    value_of,
    why_silent,
    written,
)
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.cards.schemes import by_one_scheme
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.rows import rows
from fourseas.reports.wording import Wording, wording
from fourseas.selection import Slice
from fourseas.workspace import Workspace

OF_FIELD = ("register", "definition_id", "scheme", "field_id", "year")
"""What names a row of a country that is of a field."""

SPECIAL = Slice(
    indicator="specialization",
    columns=("unit_id", *OF_FIELD, "p", "activity_index"),
    among=(
        ("definition_id", DEFAULTS),
        ("counting", ("fractional",)),
        ("is_provisional", (False,)),
    ),
    known=("activity_index",),
)
NEAR = Slice(
    indicator="relatedness_density",
    columns=("unit_id", *OF_FIELD, "relatedness_density"),
    among=(("definition_id", DEFAULTS),),
)
LEVEL = Slice(
    indicator="impact",
    columns=("unit_id", *OF_FIELD, "pp_top_1"),
    among=(("definition_id", DEFAULTS), ("counting", ("fractional",))),
    known=("pp_top_1",),
)
DECIMALS = 9
"""Of an activity index; sums of the same works in another order differ after these."""

OF_FIELDS = (SPECIAL, NEAR, LEVEL)
"""What a card reads of the fields of a country."""


def country_card(ws: Workspace, country: str, *, against: Sequence[str] = ()) -> Card:
    """Return every measure of a country in its last final year, beside those of peers.

    Raises
    ------
    UnknownNameError
        For a country that is not known.
    """
    words = wording(ws)
    (unit,) = ws.unit_ids([country])
    peers = [peer for peer in ws.unit_ids(against) if peer != unit]
    name = words.countries.get(unit, unit)
    named = {peer: words.countries.get(peer, peer) for peer in (unit, *peers)}
    found = tables(ws, OF_COUNTRIES, [unit, *peers])
    lines = {
        question: [line for one in question.asked for line in _lines(found, one, unit, peers)]
        for question in OF_COUNTRIES
    }
    every = [line for answers in lines.values() for line in answers]
    told = [line for line in every if not line["reason"]]
    silent = [line for line in every if line["reason"]]
    sheets = [
        _sheet(question, [line for line in answers if not line["reason"]], named)
        for question, answers in lines.items()
        if any(not line["reason"] for line in answers)
    ]
    fields = _fields(ws, unit, words, name)
    over_years, of_years = country_years(found, named, words)
    dots = [field_dots(sheet, name) for sheet in fields]
    return Card(
        title=f"{name} in open registers",
        lead=(
            f"{len(told)} numbers; {len(silent)} more cannot be computed: the last table says why.",
            "No single score is made of them: they measure different things.",
            "Full counting gives a joint work to each country, fractional counting divides it.",
        ),
        pictures=(*over_years, *(one for one in dots if one)),
        sheets=(*sheets, *fields, *of_years, *([silent_sheet(silent)] if silent else [])),
        sources=sources(ws, {str(line["register"]) for line in every}),
        citation=citation(ws),
    )


def _lines(
    found: Mapping[str, pd.DataFrame], asked: Asked, unit: str, peers: Sequence[str]
) -> list[Line]:
    """Return a line for each series of a measure."""
    indicator = indicator_of(asked.indicator)
    column = indicator.writes.column(asked.column)
    form = FORMS.get(column.unit, "text")
    lines: list[Line] = []
    for series in latest(found[asked.indicator], asked.column, unit):
        row = series.rows[unit]
        values = {peer: value_of(series.rows.get(peer), asked.column) for peer in (unit, *peers)}
        lines.append(
            {peer: written(value, form) for peer, value in values.items()}
            | {
                "words": asked.words,
                "measure": f"{indicator.name}: {asked.column}",
                "counting": series.counting,
                "definition": series.definition,
                "year": series.year,
                "n": _number(row, SIZES),
                "coverage": _number(row, COVERAGES),
                "bounds": bounds(row, asked.column),
                "reason": why_silent(series, row, column),
                "register": str(row["register"]),
            }
        )
    return lines


def _number(row: Row, names: Sequence[str]) -> float | None:
    """Return the first of some columns that a row has a value of."""
    values = (number(row.get(name)) for name in names)
    return next((value for value in values if value is not None), None)


def _sheet(question: Question, lines: list[Line], named: Mapping[str, str]) -> Sheet:
    """Return the answers to a question."""
    return Sheet(
        name=question.name,
        title=question.title,
        headings=(
            Heading("words", "measure"),
            *(Heading(peer, name) for peer, name in named.items()),
            Heading("counting", "counting"),
            Heading("year", "year", "year"),
            Heading("register", "register"),
            Heading("definition", "definition"),
            Heading("n", "over", "count"),
            Heading("coverage", "of it known", "share"),
            Heading("bounds", "interval and bounds"),
            Heading("measure", "indicator: column"),
        ),
        rows=lines,
        reading=Reading(
            definition="`fourseas explain` with the name of the indicator says how it is computed.",
            counting="As named in each row; two countings never meet in one number.",
            source="The registers below.",
            n=f"{len(lines)} number{'s' * (len(lines) > 1)}, all fields together.",
            bounds="Over: works, of partners links, of mobility persons, of home bias citations. "
            "Intervals say how far a number would move if the works were drawn again; bounds what "
            "works of unknown country allow.",
            coverage="Part of the credit, works or leads there of which what is needed is known; a "
            "dash where none is published.",
        ),
    )


def _fields(ws: Workspace, unit: str, words: Wording, name: str) -> tuple[Sheet, ...]:
    """Return the country's fields in the last year of the register with the most works of it."""
    found = ws.of_units(SPECIAL, [unit])
    if found.empty:
        return ()
    chosen = of_most_works(found)
    special = by_one_scheme(found[found.register == chosen])
    by = ["unit_id", *OF_FIELD]
    beside = special.merge(ws.of_units(NEAR, [unit]), how="left", on=by)
    every = beside.merge(ws.of_units(LEVEL, [unit]), how="left", on=by)
    leveled = every[every.pp_top_1.notna()]
    year = int((every if leveled.empty else leveled).year.max())
    table = by_activity(every[every.year == year])
    table["field_name"] = table.field_id.map(words.fields).fillna(table.field_id)
    headings = (
        Heading("field_name", "field"),
        Heading("p", "works", "count"),
        Heading("activity_index", "activity index", "ratio"),
        Heading("pp_top_1", "of its works in the top 1%", "finer_share"),
        Heading("relatedness_density", "nearness", "share"),
    )
    return (
        Sheet(
            name="fields",
            title=f"In which fields does {name} do more than the world, and at what level?",
            headings=headings,
            rows=rows(table[[heading.field for heading in headings]]),
            reading=Reading(
                definition="Activity index: share of the field in the country's works by that in "
                "the world's; 1 where it does as the world. Nearness: part of the relatedness of "
                "the field that is with fields in which its index is 1 or more. Fields of "
                f"{table.scheme.iloc[0]}, {table.definition_id.iloc[0]}.",
                counting="Fractional.",
                source=words.sources[chosen],
                n=f"{len(table)} fields, {year}.",
                bounds="In the data of `fourseas show specialization`, of full counting.",
                coverage="Fields with a work of the country; a dash is not published.",
            ),
        ),
    )


def of_most_works(fields: pd.DataFrame) -> str:
    """Return the register that has most works of a country in a year.

    Working groups of standards are more than fields of papers, and tell of far fewer works.
    """
    of_years = fields.groupby(["register", "definition_id", "scheme", "year"]).p.sum()
    return str(of_years.groupby("register").max().idxmax())


def by_activity(fields: pd.DataFrame) -> pd.DataFrame:
    """Return fields of a country, those first that it does most of by the world.

    Fields that differ in the last digits of a sum alone are tied, and in the order of their ids.
    """
    rounded = fields.round({"activity_index": DECIMALS})
    ordered: pd.DataFrame = rounded.sort_values(
        ["activity_index", "field_id"], ascending=[False, True]
    )
    return ordered
