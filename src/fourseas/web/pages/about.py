"""`/about`: what the lake holds: registers, definitions and tables, with dates and terms."""

from __future__ import annotations

from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.rows import rows
from fourseas.schema.definition import DEFINITIONS
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, View

OFFLINE = (
    "Everything here is computed on this machine from the registers below. No request leaves it, "
    "and nothing about a reader is kept."
)
ADDRESSES = (
    "Every address answers data too: put .csv, .xlsx, .parquet, .svg, .png, .citation or "
    ".metadata.json at the end of its path, before the question mark; the page of an indicator "
    "also answers .sql."
)
REGISTERS = (
    Heading("title", "register"),
    Heading("register", "name"),
    Heading("snapshot_on", "snapshot of"),
    Heading("scope", "scope"),
    Heading("licence", "licence"),
    Heading("url", "address"),
)
CHOICES = (
    Heading("title", "definition"),
    Heading("definition_id", "name"),
    Heading("territory", "territories"),
    Heading("denominator", "a share is of"),
    Heading("reproduces", "keeps of its model"),
    Heading("omits", "does not keep"),
    Heading("source", "source"),
)


def about(opened: Opened, _asked: Asked) -> View:
    """Return what the lake holds and how it is counted."""
    ws = opened.ws
    listed = ws.table("registers").order_by("register").to_pandas()
    listed["snapshot_on"] = listed.snapshot_on.astype(str)
    definitions = [
        {heading.field: str(getattr(one, heading.field)) for heading in CHOICES}
        for one in DEFINITIONS
    ]
    none = "None: this is a list."
    card = Card(
        title="About the data",
        lead=(
            OFFLINE,
            ADDRESSES,
        ),
        sheets=(
            Sheet(
                name="registers",
                title="The registers of this lake.",
                headings=REGISTERS,
                rows=rows(listed[[heading.field for heading in REGISTERS]]),
                reading=Reading(
                    definition="A census holds all works of its kind, a sample some drawn at "
                    "random, a corpus some that were chosen.",
                    counting="Numbers of two registers never meet in one ratio.",
                    source="Each register, at its address.",
                    n=f"{len(listed)} registers.",
                    bounds=none,
                    coverage="What was added to this lake, and nothing else.",
                ),
            ),
            Sheet(
                name="definitions",
                title="The definitions by which works are counted.",
                headings=CHOICES,
                rows=[dict(one) for one in definitions],
                reading=Reading(
                    definition="The choices behind a number. Every row says by which it was "
                    "counted.",
                    counting="Full: a work counts once for each country. Fractional: it is "
                    "divided among its authors' countries.",
                    source="As named in each row.",
                    n=f"{len(definitions)} definitions.",
                    bounds=none,
                    coverage="All that fourseas knows, used in this lake or not.",
                ),
            ),
        ),
        sources=(),
        citation=citation(ws),
    )
    return View(card=card, section="About")
