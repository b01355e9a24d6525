"""A card as a report: a first page that can stand alone, then every chart and table."""

from __future__ import annotations

from importlib import resources

import jinja2

from fourseas import __version__
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.marked import marked
from fourseas.reports.theme import dark_rules

WIDE = 7
"""Columns from which a table is printed across the page."""


SHOWN = (6, 5)
"""Rows and columns of the first table that the first page shows."""


def report(card: Card) -> str:
    """Return a card as one page of HTML that needs no network and no script.

    Printed on A4 its pages are numbered, rows and charts stay whole, and the first page says
    what it is, of which data and when, what was found, and what to know before quoting it.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("fourseas.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    templates = resources.files("fourseas.reports") / "templates"
    styles = [
        (templates / name).read_text(encoding="utf-8") for name in ("overview.css", "report.css")
    ]
    return environment.get_template("report.html").render(
        card=card,
        caveats=caveats(card),
        style=styles[0] + dark_rules() + styles[1],
        wide=WIDE,
        shown=SHOWN,
        fourseas_version=__version__,
    )


def caveats(card: Card) -> tuple[tuple[str, str], ...]:
    """Return what charts and tables say is not in them: title and sentence, each sentence once."""
    parts: tuple[Picture | Sheet, ...] = (*card.pictures, *card.sheets)
    told: dict[str, str] = {}
    for part in parts:
        told.setdefault(part.reading.coverage, part.title)
    return tuple((title, line) for line, title in told.items())
