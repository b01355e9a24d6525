"""Pages that only a site has: its countries, its data, and their terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fourseas.catalog import SOURCES
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, View

NO_NUMBER = "None: this is a list."
COUNTRIES = (Heading("country", "country"), Heading("code", "code"))
TABLES = (
    Heading("name", "indicator"),
    Heading("title", "title"),
    Heading("grain", "grain"),
    Heading("n_rows", "rows", "count"),
)
FILES = (Heading("file", "file"), Heading("n_bytes", "bytes", "count"))
TERMS = (
    Heading("title", "register"),
    Heading("licence", "licence"),
    Heading("snapshot_on", "snapshot of"),
    Heading("url", "address"),
    Heading("citation", "to cite"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A table of the site as a file."""

    name: str
    title: str
    grain: str
    n_rows: int
    n_bytes: int

    @property
    def file(self) -> str:
        """Its name below the directory of data."""
        return f"{self.name}.parquet"


def countries(opened: Opened, chosen: Sequence[tuple[str, str]]) -> View:
    """Return the countries of the site, each with its page."""
    listed: Rows = [{"country": name, "code": code} for code, name in chosen]
    sheets = (
        _sheet("positions", "Where each stands.", COUNTRIES, listed, "Countries of this site."),
        _sheet("countries", "Every measure of each.", COUNTRIES, listed, "Countries of this site."),
    )
    return View(
        card=_card(
            opened,
            f"{len(listed)} countries",
            ("Each has a page of its position beside its partners, and one of every measure.",),
            sheets,
        ),
        section="Country",
        rows_lead_to={"positions": "/position/", "countries": "/country/"},
    )


def data(opened: Opened, files: Sequence[DataFile]) -> View:
    """Return what each file of data holds; its columns are on the page of its indicator."""
    tables: Rows = [
        {"name": one.name, "title": one.title, "grain": one.grain, "n_rows": one.n_rows}
        for one in files
    ]
    listed: Rows = [{"file": one.file, "n_bytes": one.n_bytes} for one in files]
    about = "Aggregates: every indicator of countries and groups, as it was computed."
    return View(
        card=_card(
            opened,
            "Data dictionary",
            (
                "Indicators of countries and groups as Parquet, for DuckDB, R, Python or Arrow.",
                "The page of an indicator says unit and meaning of each column.",
            ),
            (
                _sheet("tables", "What each table holds.", TABLES, tables, about),
                _sheet("files", "The files.", FILES, listed, about),
            ),
        ),
        section="About",
        rows_lead_to={"tables": "/indicator/", "files": "/data/"},
        steps=(("/indicator", "All indicators"), ("/licences", "Licences")),
    )


def licences(opened: Opened, _asked: Asked) -> View:
    """Return under which terms the registers behind this site are."""
    cited = {one.name: one.citation for one in SOURCES}
    listed = opened.ws.table("registers").order_by("register").to_pyarrow().to_pylist()
    rows: Rows = [
        {
            "title": row["title"],
            "licence": row["licence"],
            "snapshot_on": str(row["snapshot_on"]),
            "url": row["url"],
            "citation": cited.get(row["register"], ""),
        }
        for row in listed
    ]
    about = "Who uses numbers of a register keeps its terms and cites it."
    return View(
        card=_card(
            opened,
            "Licences",
            (
                (
                    "Each register has terms of its own. Pages and tables name the registers they "
                    "are from; numbers computed here add no terms to those."
                ),
            ),
            (_sheet("licences", "Terms of each register.", TERMS, rows, about),),
        ),
        section="About",
    )


def _card(opened: Opened, title: str, lead: tuple[str, ...], sheets: tuple[Sheet, ...]) -> Card:
    cited = citation(opened.ws, has_sources=False)
    return Card(title=title, lead=lead, sheets=sheets, sources=(), citation=cited)


def _sheet(
    name: str, title: str, headings: tuple[Heading, ...], rows: Rows, definition: str
) -> Sheet:
    return Sheet(
        name=name,
        title=title,
        headings=headings,
        rows=rows,
        reading=Reading(
            definition=definition,
            counting="Nothing is counted here.",
            source="As named in each row, or declared in fourseas itself.",
            n=f"{len(rows)} rows.",
            bounds=NO_NUMBER,
            coverage="All of this site.",
        ),
    )
