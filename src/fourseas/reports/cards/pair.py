"""A pair's card: what two countries are to each other, from both sides."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.indicators.position import AHEAD, BEHIND, CLOSE_AND_HIGH, CLOSE_BY
from fourseas.reports.cards.by_field import levels_by_field
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.headlines import (
    FORMS,
    OF_PAIRS,
    Asked,
    Line,
    Question,
    bounds,
    indicator_of,
    latest,
    silent_sheet,
    tables_of_pairs,
    value_of,
    why_silent,
    written,
)
from fourseas.reports.cards.joint_works import joint_works
from fourseas.reports.cards.position import (
    FLOWS,
    REGISTER_YEARS,
    STANDING,
    STANDINGS_KNOWN,
    told_in_most,
)
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.cards.schemes import by_one_scheme
from fourseas.reports.panel import Heading, Reading, text
from fourseas.reports.rows import rows
from fourseas.reports.wording import Wording, wording
from fourseas.schema.cells import ALL
from fourseas.selection import chosen
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
    found = tables_of_pairs(ws, OF_PAIRS, [a, b])
    lines = {
        question: [line for one in question.asked for line in _lines(found, one, a, b)]
        for question in OF_PAIRS
    }
    every = [line for answers in lines.values() for line in answers]
    told = [line for line in every if not line["reason"]]
    fields = _fields(ws, a, b, words)
    if not told and fields.empty:
        question = f"The pair {names[0]} and {names[1]}"
        raise NotComputableError.because(
            question,
            "no joint work and no flow between them is known here",
            "Ask for one of them with `fourseas position`.",
        )
    sheets = [_by_field(fields, names, words)] if not fields.empty else []
    of_levels = _levels(fields, names, words)
    affinity = found["affinity"]
    joint = joint_works(affinity[affinity.unit_id == a], names, words)
    sheets += [
        _measures(question, [line for line in answers if not line["reason"]], names)
        for question, answers in lines.items()
        if any(not line["reason"] for line in answers)
    ]
    sheets += [joint[1]] if joint else []
    silent = [line for line in every if line["reason"]]
    if silent:
        sheets.append(silent_sheet(silent))
    return Card(
        title=f"{names[0]} and {names[1]}",
        lead=_lead(fields, names),
        pictures=tuple(one for one in (of_levels, joint and joint[0]) if one),
        sheets=tuple(sheets),
        sources=sources(
            ws, {str(line["register"]) for line in every} | set(fields.get("register", []))
        ),
        citation=citation(ws),
    )


def field_told(fields: Sheet, field: str, names: tuple[str, str]) -> str:
    """Return in a sentence where the second stands in a field, by the table of all fields."""
    row = next((one for one in fields.rows if one["field_name"] == field), None)
    if row is None:
        return f"No levels of both are known in {field}."
    own, level = (text(row[name], "finer_share") for name in ("level", "partner_level"))
    gap = text(row["gap"], "points")
    return (
        f"{field}: {names[1]} is {row['standing']}, at a level of {level}, {gap} points from the "
        f"{own} of {names[0]}."
    )


def _lead(fields: pd.DataFrame, names: tuple[str, str]) -> tuple[str, ...]:
    """Say who is ahead in how many fields, and what the measures do not say."""
    lines = ["Each measure stands from both sides; none of them says why."]
    of_fields = fields[fields.field_id != ALL] if not fields.empty else fields
    if not of_fields.empty:
        counts = of_fields.standing.value_counts()
        lines.insert(
            0,
            f"In {len(of_fields)} fields {names[1]} is ahead in {counts.get(AHEAD, 0)}, behind in "
            f"{counts.get(BEHIND, 0)}, close in {counts.get(CLOSE_BY, 0)}, and close and high in "
            f"{counts.get(CLOSE_AND_HIGH, 0)}.",
        )
    return tuple(lines)


def _lines(found: Mapping[str, pd.DataFrame], asked: Asked, a: str, b: str) -> list[Line]:
    """Return a line for each series of a measure, in its last year."""
    indicator = indicator_of(asked.indicator)
    column = indicator.writes.column(asked.column)
    form = FORMS.get(column.unit, "text")
    lines: list[Line] = []
    for series in latest(found[asked.indicator], asked.column, a):
        row, other = series.rows[a], series.rows.get(b)
        values = [value_of(side, asked.column) for side in (row, other)]
        if values == [None, None] and form == "text":
            continue
        told = row if values[0] is not None or other is None else other
        lines.append(
            {
                "words": asked.words,
                "measure": f"{indicator.name}: {asked.column}",
                "a": written(values[0], form),
                "b": written(values[1], form),
                "bounds_a": bounds(row, asked.column),
                "bounds_b": "" if other is None else bounds(other, asked.column),
                "counting": series.counting,
                "definition": series.definition,
                "year": series.year,
                "register": str(series.names["register"]),
                "reason": why_silent(series, told, column),
            }
        )
    return lines


def _measures(question: Question, lines: list[Line], names: tuple[str, str]) -> Sheet:
    """Return the answers to a question, from both sides."""
    headings = (
        Heading("words", "measure"),
        Heading("a", f"{names[0]} to {names[1]}"),
        Heading("b", f"{names[1]} to {names[0]}"),
        Heading("counting", "counting"),
        Heading("year", "year", "year"),
        Heading("register", "register"),
        Heading("definition", "definition"),
        Heading("bounds_a", f"interval, {names[0]}"),
        Heading("bounds_b", f"interval, {names[1]}"),
        Heading("measure", "indicator: column"),
    )
    return Sheet(
        name=question.name,
        title=f"{question.title} All fields together, each measure in its last year.",
        headings=tuple(
            one for one in headings if "bounds" not in one.field or any(x[one.field] for x in lines)
        ),
        rows=lines,
        reading=Reading(
            definition="`fourseas explain` with the name of the indicator says how it is computed.",
            counting="As named in each row.",
            source="The registers below.",
            n=f"{len(lines)} measure{'s' * (len(lines) > 1)}.",
            bounds="95% stability intervals where records allow them.",
            coverage="A dash where it is not published or not computable.",
        ),
    )


def _fields(ws: Workspace, a: str, b: str, words: Wording) -> pd.DataFrame:
    """Return the positions of both sides by field, of the register that tells of most fields."""
    found = ws.of_pairs(STANDINGS_KNOWN, [a, b])
    if found.empty:
        return found
    _, of_year = chosen(found, REGISTER_YEARS, told_in_most)
    last = by_one_scheme(of_year)
    own = last[last.unit_id == a]
    shown: pd.DataFrame = own.assign(
        field_name=own.field_id.map(words.fields).fillna(own.field_id), gap=own.level_gap
    ).sort_values("field_name")
    return shown


def _levels(fields: pd.DataFrame, names: tuple[str, str], words: Wording) -> Picture | None:
    """Return the levels of both in each field of their table, as a chart."""
    if fields.empty:
        return None
    levels = fields.assign(own=fields.level, theirs=fields.partner_level)
    known = levels[levels.own.notna() & levels.theirs.notna()]
    reading = _by_field(fields, names, words).reading
    return levels_by_field(rows(known[["field_name", "own", "theirs"]]), *names, beside=reading)


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
            f"{STANDING} {FLOWS}",
            counting="Fractional.",
            source=words.sources[str(fields.register.iloc[0])],
            n=f"{len(fields)} fields, {int(fields.year.iloc[0])}.",
            bounds="None published where a dash stands in `fourseas show position`.",
            coverage="What the source indexes.",
        ),
    )
