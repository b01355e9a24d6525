"""Integrate: which registers are in the lake, from when, and how complete they are."""

from __future__ import annotations

import math

import pandas as pd

from fourseas.reports.panel import Heading, Panel, Table
from fourseas.reports.rows import rows
from fourseas.reports.wording import Wording
from fourseas.workspace import Workspace

HEADINGS = (
    Heading("title", "register"),
    Heading("snapshot_on", "snapshot"),
    Heading("scope", "scope"),
    Heading("years", "years; complete to"),
    Heading("n_records", "records", "count"),
    Heading("works", "works", "count"),
    Heading("placed_share", "with a country", "share"),
    Heading("units", "countries", "count"),
    Heading("references", "references that lead to a work here"),
    Heading("licence", "terms"),
)


def integrate(ws: Workspace, words: Wording) -> Panel:
    """Return the registers with their dates, rows and gaps."""
    del words
    registers = ws.table("registers").order_by("register").to_pandas().set_index("register")
    counts = _counts(ws)
    table = (
        registers.join(counts)
        .join(_reach(ws))
        .join(_countries(ws))
        .join(_references(ws))
        .reset_index(drop=False)
    )
    table["placed_share"] = table.placed / table.works
    years = table.first_year.map(_whole) + "-" + table.last_year.map(_whole)
    table["years"] = years.where(table.first_year.notna(), "-")
    table["years"] += "; " + table.last_complete_year.map(_whole)
    return Panel(
        name="Integrate",
        question="What is there, from when, and how complete?",
        text=(
            (
                "One lake holds all registers under one numbering of works, people and "
                "organisations. They meet in codes of countries, fields and years; a reference "
                "leads to a work where it is in the lake. Figures that others publish stand "
                "beside works and are never mixed with them. Names of people are not kept. Years "
                "after the last complete one are provisional."
            ),
            *(_gaps(str(name), found) for name, found in counts.iterrows()),
        ),
        table=Table(headings=HEADINGS, rows=rows(table[[heading.field for heading in HEADINGS]])),
    )


def _counts(ws: Workspace) -> pd.DataFrame:
    """Return what is known and missing in the works of each register."""
    works = ws.table("works")
    found: pd.DataFrame = (
        works.group_by("register")
        .agg(
            works=works.count(),
            placed=(works.country_set_id > 0).sum(),
            open_ended=(works.n_authors_unknown > 0).sum(),
            truncated=works.is_authors_truncated.sum(),
            conflicts=works.n_country_conflicts.sum(),
            impossible=works.is_year_impossible.sum(),
        )
        .order_by("register")
        .to_pandas()
        .set_index("register")
    )
    return found


def _reach(ws: Workspace) -> pd.DataFrame:
    """Return the years of which each register says something."""
    cells = ws.table("unit_cells")
    found: pd.DataFrame = (
        cells.group_by("register")
        .agg(
            first_year=cells.year.min(),
            last_year=cells.year.max(),
        )
        .to_pandas()
        .set_index("register")
    )
    return found


def _countries(ws: Workspace) -> pd.DataFrame:
    """Return how many countries each register names: in its works, or in what it publishes."""
    works, sets, cells = ws.table("works"), ws.table("country_sets"), ws.table("unit_cells")
    placed = works.inner_join(sets, "country_set_id")
    of_works = placed.select("register", unit_id=placed.country_codes.unnest())
    published = cells.filter(cells.unit_type == "country").anti_join(works, "register")
    named = of_works.union(published.select("register", "unit_id"))
    found: pd.DataFrame = (
        named.group_by("register").agg(units=named.unit_id.nunique()).to_pandas()
    ).set_index("register")
    return found


def _references(ws: Workspace) -> pd.DataFrame:
    table = ws.table("unresolved_citations").to_pandas()
    texts = [f"{row.n_resolved:,} of {row.n_references:,}" for row in table.itertuples()]
    return pd.DataFrame({"references": texts}, index=table.register)


def _gaps(register: str, found: pd.Series[int]) -> str:
    return (
        f"{register}: of {found.works:,} works {found.open_ended:,} have an author without a known "
        f"country, {found.truncated:,} a list of authors that was cut off and "
        f"{found.impossible:,} an impossible year; address and institution of "
        f"{found.conflicts:,} authors name different countries."
    )


def _whole(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:.0f}"
