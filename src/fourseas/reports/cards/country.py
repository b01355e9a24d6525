"""A country's card: the last final value of every indicator, beside peers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.headlines import (
    FORMS,
    bounds,
    indicators_of,
    last_final,
    selected,
    written,
)
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.wording import wording
from fourseas.schema.step import Indicator
from fourseas.workspace import Workspace


def country_card(ws: Workspace, country: str, *, against: Sequence[str] = ()) -> Card:
    """Return every indicator of a country in its last final year, beside those of peers.

    Raises
    ------
    UnknownNameError
        For a country that is not known.
    """
    words = wording(ws)
    (unit,) = ws.unit_ids([country])
    peers = [peer for peer in ws.unit_ids(against) if peer != unit]
    found = indicators_of(pairs=False)
    lines = [line for indicator in found for line in _lines(ws, indicator, unit, peers)]
    name = words.countries.get(unit, unit)
    told = [line for line in lines if line["value"] != "-"]
    silent = [line for line in lines if line["value"] == "-"]
    headings = (
        Heading("title", "indicator"),
        Heading("value", name),
        *(Heading(peer, words.countries.get(peer, peer)) for peer in peers),
        Heading("measure", "what it is"),
        Heading("series", "definition and counting"),
        Heading("year", "year", "year"),
        Heading("n", "over works", "count"),
        Heading("coverage", "countries known", "share"),
        Heading("bounds", "interval and bounds"),
    )
    reading = Reading(
        definition="`fourseas explain` and the indicator's name say how each is computed.",
        counting="As named in each row; two countings never meet in one number.",
        source="The registers below.",
        n=f"{len(told)} numbers of {len(found)} indicators, all fields together.",
        bounds="Intervals say how far a number would move if the works were drawn again; bounds "
        "what works of unknown country allow.",
        coverage="Part of the credit there whose country is known; a dash where none is published.",
    )
    sheets = [
        Sheet(
            name="indicators",
            title=f"{name}, each indicator in its last final year.",
            headings=headings,
            rows=told,
            reading=reading,
        )
    ]
    if silent:
        sheets.append(_silent(silent))
    registers = {str(line["register"]) for line in lines}
    return Card(
        title=f"{name} in open registers",
        lead=(
            f"{len(told)} numbers; {len(silent)} more cannot be computed from what is here.",
            "No single score is made of them: they measure different things.",
        ),
        sheets=tuple(sheets),
        sources=sources(ws, registers),
        citation=citation(ws),
    )


def _lines(
    ws: Workspace, indicator: Indicator, unit: str, peers: Sequence[str]
) -> list[dict[str, object]]:
    """Return a line for each series of an indicator."""
    rows = selected(ws, indicator, [unit, *peers])
    lines: list[dict[str, object]] = []
    # Of several registers the most complete speaks first.
    found = sorted(last_final(rows, indicator.headline, unit), key=lambda one: one.order)
    for series in found:
        column = indicator.writes.column(series.measure)
        form = FORMS.get(column.unit, "text")
        row = series.rows[series.rows.unit_id == unit].iloc[0]
        of_units = {
            peer: _value(series.rows[series.rows.unit_id == peer], series.measure)
            for peer in (unit, *peers)
        }
        lines.append(
            {peer: written(value, form) for peer, value in of_units.items()}
            | {
                "title": f"{indicator.title}: {series.measure}",
                "value": written(of_units[unit], form),
                "measure": column.meaning,
                "series": series.title,
                "year": series.year,
                "n": _number(row.get("n")),
                "coverage": _number(row.get("coverage")),
                "bounds": bounds(row, series.measure),
                "reason": str(row.get("not_computable") or ""),
                "register": str(row["register"]),
            }
        )
    return lines


def _value(rows: pd.DataFrame, measure: str) -> float | str | None:
    """Return the measure of the one row there may be."""
    if rows.empty or pd.isna(rows[measure].iloc[0]):
        return None
    value = rows[measure].iloc[0]
    return value if isinstance(value, str) else float(value)


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _silent(lines: list[dict[str, object]]) -> Sheet:
    """Return what cannot be computed, and why."""
    return Sheet(
        name="not-computable",
        title="What cannot be computed from what is here, and why.",
        headings=(
            Heading("title", "indicator"),
            Heading("series", "definition and counting"),
            Heading("year", "year", "year"),
            Heading("reason", "because"),
        ),
        rows=[line | {"reason": line["reason"] or "no value is there"} for line in lines],
        reading=Reading(
            definition="Nothing is assumed where data are missing.",
            counting="As named in each row.",
            source="The registers below.",
            n=f"{len(lines)} numbers.",
            bounds="None.",
            coverage="Nothing.",
        ),
    )
