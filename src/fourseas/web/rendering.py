"""A page as HTML, and what is behind it as CSV, XLSX, SVG and metadata."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources

import jinja2
import pyarrow as pa
import pyarrow.parquet
import vl_convert

from fourseas import __version__
from fourseas.reports import spreadsheets, vega
from fourseas.reports.cards.card import PICTURE_WIDTH, Card, Picture, Sheet
from fourseas.reports.cards.world import absent
from fourseas.reports.marked import marked
from fourseas.reports.panel import Heading
from fourseas.reports.paper.workbook import workbook
from fourseas.reports.theme import PAPER, Spec, dark_rules
from fourseas.web import linked
from fourseas.web.making import StillMadeError
from fourseas.web.view import Asked, Drawing, View

SECTIONS = (
    ("World", "/"),
    ("Position", "/position"),
    ("Country", "/country"),
    ("Pair", "/pair"),
    ("Standards", "/standards"),
    ("Partners", "/partners"),
    ("Challenges", "/challenge"),
    ("Organizations", "/organization"),
    ("What if", "/what-if"),
    ("Claims", "/claims"),
    ("Policy", "/policy"),
    ("Quality", "/quality"),
    ("Find", "/find"),
    ("About", "/about"),
)
"""The navigation: title and address."""

MOST_LISTED = 60
"""Rows that a phone can show one below the other."""

MOST_DRAWN = 16
"""Charts that are kept as drawn, up to half a megabyte each."""

SHARPNESS = 2
"""Pixels of a picture to a pixel of a page."""

IDENTITY = re.compile(r'(\bid="|url\(#)')
UNNAMED = re.compile(r'role="graphics-symbol" aria-roledescription="[^"]*"(?=>)')
"""A group of marks without a name, which a reader of screens could say nothing of."""

SIGNS_OF_TEX = re.compile(r"[{}\\]")

LINE = re.compile(r' d="[^"]*"')
NUMBER = re.compile(r"-?\d+\.\d{2,}")


def style() -> str:
    """Return the style sheet: that of all reports, and what only a server's pages have."""
    reports = resources.files("fourseas.reports") / "templates" / "overview.css"
    own = resources.files("fourseas.web") / "static" / "observatory.css"
    return reports.read_text("utf-8") + dark_rules() + own.read_text("utf-8")


def script() -> str:
    """Return the script without which all can be read too."""
    place = resources.files("fourseas.web") / "static" / "observatory.js"
    return place.read_text("utf-8")


def as_page(view: View, asked: Asked, template: str = "page.html", **more: object) -> str:
    """Return a page of HTML that holds no script and no style of its own.

    Parameters
    ----------
    template, more
        The template of a page that has parts of its own, and these.
    """
    card = sorted_card(view.card, asked)
    return _template(template).render(
        view=view,
        card=card,
        asked=asked,
        sections=SECTIONS,
        drawings=_drawings(view, asked),
        rows_of=lambda sheet: linked.rows_of(sheet, view, asked),
        stands_for=linked.stands_for,
        order=asked.first("sort") or "",
        next_order=_next_order,
        is_listed=is_listed,
        fourseas_version=__version__,
        **more,
    )


def as_error(status: int, problem: str, remedy: str) -> str:
    """Return a page that says what is wrong and what to do."""
    return _template("error.html").render(
        status=status,
        problem=problem,
        remedy=remedy,
        sections=SECTIONS,
        fourseas_version=__version__,
    )


def as_waiting(told: StillMadeError, seconds: int) -> str:
    """Return a page that says what is being made, and asks again by itself."""
    return _template("waiting.html").render(
        problem=told.problem,
        remedy=told.remedy,
        seconds=seconds,
        sections=SECTIONS,
        fourseas_version=__version__,
    )


def as_csv(view: View, asked: Asked) -> bytes:
    """Return the rows of a table, numbers as they are; the first one where none is named."""
    sheet = _sheet(sorted_card(view.card, asked), asked.first("sheet"))
    names = [heading.field for heading in sheet.headings]
    rows = ([row[name] for name in names] for row in sheet.rows)
    return spreadsheets.lines([names, *rows]).encode()


def as_parquet(view: View, asked: Asked) -> bytes:
    """Return the rows of a table as Parquet, with what must be said of it as metadata."""
    sheet = _sheet(sorted_card(view.card, asked), asked.first("sheet"))
    columns = {one.field: [row[one.field] for row in sheet.rows] for one in sheet.headings}
    told = {"title": sheet.title, **_read(sheet), "citation": view.card.citation}
    table = pa.table(columns).replace_schema_metadata(told)
    sink = io.BytesIO()
    pyarrow.parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def as_png(view: View, asked: Asked) -> bytes:
    """Return a picture as pixels; the first one where none is named."""
    drawn: bytes = vl_convert.svg_to_png(as_svg(view, asked).decode(), scale=SHARPNESS)
    return drawn


def as_citation(view: View, asked: Asked) -> bytes:
    """Return how to cite a page, in words and for BibTeX."""
    card = view.card
    key = re.sub(r"[^a-z0-9]+", "-", f"fourseas{asked.address()}".lower()).strip("-")
    title, note = (SIGNS_OF_TEX.sub("", one) for one in (card.title, card.citation))
    lines = [
        f"{card.title}. {card.citation}",
        f"Address: {asked.address()}",
        *(f"Source: {line}" for line in card.sources),
        "",
        f"@misc{{{key},",
        f"  title = {{{{{title}}}}},",
        f"  howpublished = {{fourseas {__version__}, {asked.path}}},",
        f"  note = {{{note}}},",
        "}",
    ]
    return ("\n".join(lines) + "\n").encode()


def as_svg(view: View, asked: Asked) -> bytes:
    """Return a picture; the first one where none is named.

    Raises
    ------
    UnknownNameError
        Where the page has no such picture.
    """
    pictures = [one.name for one in view.drawings] + [one.name for one in view.card.pictures]
    wanted = asked.first("picture") or next(iter(pictures), "any")
    for drawing in view.drawings:
        if drawing.name == wanted:
            return vega.without_forbidden(drawing.svg).encode()
    for picture in view.card.pictures:
        if picture.name == wanted:
            return _svg(picture.spec | {"background": PAPER}).encode()
    raise absent("picture", wanted, pictures)


def as_metadata(view: View, asked: Asked) -> bytes:
    """Return everything that a page says of its numbers, without them."""
    card = view.card
    read: tuple[Drawing | Picture, ...] = (*view.drawings, *card.pictures)
    whole = {
        "title": card.title,
        "lead": card.lead,
        "address": asked.address(),
        "tables": [
            {
                "name": sheet.name,
                "title": sheet.title,
                "data": asked.address(".csv", sheet=sheet.name),
                "n_rows": len(sheet.rows),
                "columns": [
                    {"name": one.field, "title": one.title, "form": one.form}
                    for one in sheet.headings
                ],
                **_read(sheet),
            }
            for sheet in card.sheets
        ],
        "pictures": [
            {
                "name": picture.name,
                "title": picture.title,
                "picture": asked.address(".svg", picture=picture.name),
                **_read(picture),
            }
            for picture in read
        ],
        "sources": card.sources,
        "citation": card.citation,
        "fourseas": __version__,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_workbook(view: View, asked: Asked) -> bytes:
    """Return all tables as a workbook that begins with a sheet on how to read them."""
    return workbook(sorted_card(view.card, asked))


def sorted_card(card: Card, asked: Asked) -> Card:
    """Return a card with the table sorted that an address names: `sort=-countries.p`."""
    order = asked.first("sort")
    if order is None:
        return card
    name, _, field = order.removeprefix("-").partition(".")
    return replace(
        card,
        sheets=tuple(
            _sorted(sheet, field, order.startswith("-")) if sheet.name == name else sheet
            for sheet in card.sheets
        ),
    )


def _sorted(sheet: Sheet, field: str, down: object) -> Sheet:
    """Return a table by one of its columns, what is missing last."""
    if field not in {heading.field for heading in sheet.headings}:
        known = (heading.field for heading in sheet.headings)
        raise absent("column", field, known)
    there = [row for row in sheet.rows if row[field] is not None]
    numbers = all(isinstance(row[field], int | float) for row in there)
    there.sort(
        key=lambda row: (float(str(row[field])), "") if numbers else (0.0, str(row[field])),
        reverse=bool(down),
    )
    return replace(sheet, rows=there + [row for row in sheet.rows if row[field] is None])


def is_listed(sheet: Sheet) -> bool:
    """Return whether a phone shows the rows of a table one below the other: few, and with text."""
    has_text = any(heading.form == "text" for heading in sheet.headings[1:])
    return has_text and len(sheet.rows) <= MOST_LISTED


def _next_order(sheet: Sheet, heading: Heading, order: str) -> str:
    """Return what a click on a heading sorts by: numbers the greatest first, then turned over."""
    whole = f"{sheet.name}.{heading.field}"
    down = order == whole if order in (whole, f"-{whole}") else heading.form != "text"
    return f"-{whole}" if down else whole


def _sheet(card: Card, name: str | None) -> Sheet:
    known = {sheet.name: sheet for sheet in card.sheets}
    wanted = name or next(iter(known), "any")
    if wanted not in known:
        raise absent("table", wanted, known)
    return known[wanted]


def _drawings(view: View, asked: Asked) -> list[Drawing]:
    """Return the pictures of a page, what is chosen marked in each."""
    drawings = (*view.drawings, *(_drawn(picture, view, asked) for picture in view.card.pictures))
    return [replace(one, svg=linked.marked(one.svg, view.chosen)) for one in drawings]


def _drawn(picture: Picture, view: View, asked: Asked) -> Drawing:
    """Return a chart as a part of a page, its marks named apart from those of other charts."""
    drawn = linked.at_address(_svg(linked.with_links(picture, view)), asked)
    return Drawing(
        name=picture.name,
        title=picture.title,
        svg=UNNAMED.sub('role="none"', IDENTITY.sub(rf"\g<1>{picture.name}-", drawn)),
        reading=picture.reading,
    )


def _svg(spec: Spec) -> str:
    return _svg_of(json.dumps(spec | {"width": PICTURE_WIDTH}))


@lru_cache(maxsize=MOST_DRAWN)
def _svg_of(spec: str) -> str:
    """Return a chart, drawn once for pages that mark different things in it."""
    drawn = vega.as_svg(json.loads(spec))
    return LINE.sub(lambda found: _rounded(found.group()), drawn)


def _rounded(line: str) -> str:
    """Return an outline to a tenth of a point, which is finer than a screen shows."""
    return NUMBER.sub(lambda found: f"{float(found.group()):.1f}", line)


def _read(of: Sheet | Picture | Drawing) -> dict[str, str]:
    return {name.lower(): line for name, line in of.reading.lines}


@cache
def _template(name: str) -> jinja2.Template:
    """Return a template of the package, compiled once."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("fourseas.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    return environment.get_template(name)
