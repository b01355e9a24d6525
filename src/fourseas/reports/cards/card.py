"""What a card is made of, and how it is written as a page or as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources

import jinja2

from fourseas import __version__
from fourseas.reports.marked import marked
from fourseas.reports.panel import Heading, Reading, Rows, text
from fourseas.reports.still import still
from fourseas.reports.theme import Spec, dark_rules

PICTURE_WIDTH = 960
SHARPNESS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of a card with all that must be said of it.

    Attributes
    ----------
    name
        By which data call it.
    title
        What it shows, in one sentence.
    headings
        Its columns.
    rows
        Its rows, in order.
    reading
        How to read it.
    """

    name: str
    title: str
    headings: tuple[Heading, ...]
    rows: Rows
    reading: Reading

    def __post_init__(self) -> None:
        """Refuse two columns of one title: on a screen the second would stand in both places."""
        titles = [heading.title for heading in self.headings]
        assert len(set(titles)) == len(titles), f"{self.name} has two columns of one title"

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Return its rows as a reader should see them."""
        return tuple(
            tuple(text(row[heading.field], heading.form) for heading in self.headings)
            for row in self.rows
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart of a card with all that must be said of it.

    Attributes
    ----------
    name, title
        As of a sheet.
    spec
        What is drawn, in Vega-Lite.
    reading
        How to read it.
    """

    name: str
    title: str
    spec: Spec
    reading: Reading

    def still(self) -> str:
        """Return it as the address of a picture."""
        return still(self.spec, PICTURE_WIDTH, scale=SHARPNESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of one country or two.

    Attributes
    ----------
    title, lead
        What it is about, and its reading in a sentence or two.
    pictures
        Its charts, before its tables; a screen and data do without them.
    sheets
        Its tables, in order.
    sources
        Registers behind it, with date, scope and licence.
    citation
        How to cite it.
    """

    title: str
    lead: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    sources: tuple[str, ...]
    citation: str
    pictures: tuple[Picture, ...] = ()


def as_html(card: Card) -> str:
    """Return a card as one page that needs no network and no script."""
    templates = resources.files("fourseas.reports") / "templates"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["marked"] = marked
    template = environment.from_string((templates / "card.html").read_text(encoding="utf-8"))
    style = (templates / "overview.css").read_text(encoding="utf-8") + dark_rules()
    return template.render(card=card, style=style, fourseas_version=__version__)


def as_json(card: Card) -> str:
    """Return a card as data, numbers as they are."""
    whole = {
        "title": card.title,
        "lead": card.lead,
        "sheets": [
            {
                "name": sheet.name,
                "title": sheet.title,
                "columns": {heading.field: heading.title for heading in sheet.headings},
                "reading": dict(sheet.reading.lines),
                "rows": sheet.rows,
            }
            for sheet in card.sheets
        ],
        "sources": card.sources,
        "citation": card.citation,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
