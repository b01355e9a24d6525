"""A panel and its charts, and how rows of tables become what a page shows."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from fourseas.reports.figures import Rows
from fourseas.reports.theme import Spec
from fourseas.workspace import Workspace

TABLE_ROWS = 15


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with everything a reader must know of it.

    Attributes
    ----------
    name
        By which the page finds it.
    title
        What it shows, in one sentence.
    notes
        Definition, counting, register, snapshot, coverage and caveats.
    spec
        Vega-Lite specification.
    is_wide
        Whether it needs the whole width of the page.
    header, rows
        The table behind it.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    spec: Spec
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the five verbs.

    Attributes
    ----------
    name, question
        The verb and what it asks.
    charts
        Its charts.
    header, rows
        A table that stands by itself; empty where there is none.
    text
        Paragraphs before it.
    code
        A block of text as it is written.
    """

    name: str
    question: str
    charts: tuple[Chart, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: tuple[str, ...] = ()
    code: str = ""


def names_of_countries(ws: Workspace) -> dict[str, str]:
    """Return the short name of each country by its code."""
    table = ws.table("countries").select("country_code", "country_name").to_pandas()
    return dict(zip(table.country_code, table.country_name, strict=True))


def with_names(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Add the name of the unit of each row."""
    return table.assign(country_name=table.unit_id.map(names).fillna(table.unit_id))


def source_line(ws: Workspace, name: str) -> str:
    """Say from which register a number is, from when, and what of it."""
    registers = ws.table("registers")
    (row,) = registers.filter(registers.register == name).to_pyarrow().to_pylist()
    return f"Source: {row['title']}, snapshot of {row['snapshot_on']}, a {row['scope']}."


def records(table: pd.DataFrame) -> Rows:
    """Return rows as a chart reads them, missing values as null."""
    return list(json.loads(table.to_json(orient="records", double_precision=5)))


def text_cells(
    table: pd.DataFrame, columns: tuple[str, ...], form: str
) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table as text."""
    return tuple(
        tuple(
            value if isinstance(value, str) else "-" if pd.isna(value) else form.format(value)
            for value in row
        )
        for row in table[list(columns)].itertuples(index=False, name=None)
    )
