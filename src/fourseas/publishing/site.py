"""The site of a lake: pages that lead to each other, with data beside each, as files."""

from __future__ import annotations

import io
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html import unescape
from urllib.parse import quote

import pyarrow.parquet as pq

from fourseas.catalog import INDICATORS
from fourseas.lake.progress import Progress
from fourseas.publishing import listings
from fourseas.publishing.addresses import (
    ANCHOR,
    COUNTRIES,
    HOME,
    SCRIPT,
    SHAPES,
    STYLE,
    Link,
    linked,
    read,
    stem,
)
from fourseas.publishing.crate import FILE, crate
from fourseas.publishing.listings import DataFile
from fourseas.publishing.shapes import Shapes
from fourseas.web import rendering
from fourseas.web.app import MISSING, PAGES, Page, page_of
from fourseas.web.reader import Opened, Reader
from fourseas.web.view import Asked, View

DATA = "data"
OF_SITE: tuple[tuple[str, Page], ...] = (("/licences", listings.licences),)
ALLOWED: dict[str, frozenset[str]] = {
    "world": frozenset({"indicator", "year"}),
    "standards": frozenset({"year"}),
}
"""Parameters by which a page is published once for each value, by the first part of its path."""

ASKING = ("field", "find", "organization", "partners", "what-if")
"""First parts of addresses that answer what a reader writes or chooses, as no file can."""

ABOUT = "/about"
OF_FILES = (
    "Written from the registers below: pages that ask nothing of anybody and keep nothing.",
    "Beside each page stand its tables (.csv, .xlsx where it has no map) and .metadata.json.",
)
"""What a site says of itself in place of what a server says."""

HOVER = ".drawing a:hover use{stroke:var(--ink);stroke-width:1.4}\n"
"""What a map shows of a country under a pointer, whose outline stands in another file."""

FURTHER = (
    (COUNTRIES, "Countries"),
    ("/indicator", "Indicators"),
    ("/data", "Data dictionary and files"),
    ("/licences", "Licences"),
)
"""Where the pages `World` and `About` lead besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is published.

    Attributes
    ----------
    countries
        Code and name of those with pages of their own, in order.
    n_partners
        Pairs of each country: those with whom it has most joint works.
    codes
        Code of every country by its name.
    n_years
        Maps of each indicator: of its last years.
    url
        Where the site will be; null where that is not known, and then there is no site map.
    """

    countries: tuple[tuple[str, str], ...]
    codes: Mapping[str, str]
    n_partners: int
    n_years: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Beside:
    """A file beside a page: its ending, which tables it is of, and what names it apart."""

    content: bytes
    ending: str
    parts: tuple[str, ...] = ("",)
    more: str = ""

    @property
    def name(self) -> str:
        """What its name adds to that of its page."""
        return f"{self.more}{self.ending}"


@dataclass(slots=True)
class _Found:
    """Pages that were made and pairs that may be, while links are followed.

    Attributes
    ----------
    pages
        Text of each page, and what is beside it by ending.
    same
        Pages of a year that are those of no year: the last one that is whole.
    pairs
        Pages of two countries that are wanted.
    shapes
        Outlines that maps draw.
    """

    pages: dict[Asked, tuple[str, tuple[_Beside, ...]]] = field(default_factory=dict)
    same: dict[Asked, Asked] = field(default_factory=dict)
    pairs: set[Asked] = field(default_factory=set)
    shapes: Shapes = field(default_factory=Shapes)


def site(reader: Reader, choice: Choice, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site of a lake: its path, and what is in it.

    Pages are those of `fourseas serve`: the first one, and each that a published page leads to.
    Forms are left out, since files answer no question; what they would lead to is text.
    """
    tables = reader.once(lambda opened: list(_tables(opened, choice.countries)))
    files = [one for one, _ in tables]
    found = _Found()
    progress.start(0, "Pages")
    _follow(reader, choice, files, found, progress)
    progress.finish()
    links = _links(found, files)
    for page, (text, beside) in found.pages.items():
        name = stem(page)
        yield f"{name}.html", linked(text, f"{name}.html", links, choice.codes).encode()
        for data in beside:
            yield f"{name}{data.name}", data.content
    for one, content in tables:
        yield f"{DATA}/{one.file}", content
    yield STYLE, (rendering.style() + HOVER).encode()
    yield SCRIPT, rendering.script().encode()
    yield SHAPES, found.shapes.file()
    title = "Openness of science and technology, from open registers"
    yield FILE, reader.once(lambda opened: crate(opened.ws, files, title))
    if choice.url is not None:
        yield "sitemap.xml", _sitemap(choice.url, found.pages).encode()


def _follow(
    reader: Reader, choice: Choice, files: list[DataFile], found: _Found, progress: Progress
) -> None:
    """Make the first page, and then every page that is led to and wanted."""
    codes = {code for code, _ in choice.countries}
    waiting = deque([(Asked(HOME, ()), 1)])
    seen = {page for page, _ in waiting}
    while waiting:
        page, nth_year = waiting.popleft()
        try:
            view = reader.once(partial(_view, page=page, choice=choice, files=files))
        except MISSING:
            continue
        if page.path.startswith("/position/"):
            found.pairs.update(_pairs(view, page, choice))
        year = _year(view)
        if year and page.first("year") is None:
            found.same[_of_year(page, year)] = page
        drawings = tuple(replace(one, svg=found.shapes.meant(one.svg)) for one in view.drawings)
        text = rendering.as_page(replace(view, drawings=drawings, forms=()), page)
        found.pages[page] = (text, _beside(view, page))
        progress.advance(1, stem(page))
        for address, _, _ in ANCHOR.findall(text):
            link = read(unescape(address), choice.codes)
            of_page = found.same.get(link.page, link.page)
            if link.ending or link.is_sorted or of_page in seen:
                continue
            nth = nth_year + 1 if of_page.first("year") else 1
            if nth <= choice.n_years and _is_wanted(of_page, codes, found.pairs):
                seen.add(of_page)
                waiting.append((of_page, nth))


def _year(view: View) -> str:
    """Return the year of a map, which its form tells."""
    return next((one.value for form in view.forms for one in form.inputs if one.name == "year"), "")


def _of_year(page: Asked, year: str) -> Asked:
    """Return the page of a map in a year, as links name it."""
    return read(page.address(year=year), {}).page


def _view(opened: Opened, page: Asked, choice: Choice, files: list[DataFile]) -> View:
    """Return a page without what a file cannot answer, and with what only a site has."""
    if page.path == COUNTRIES:
        return listings.countries(opened, choice.countries)
    if page.path == "/data":
        return listings.data(opened, files)
    make, names = page_of(page.path, (*PAGES, *OF_SITE))
    view = make(opened, page, *names)
    if page.path == ABOUT:
        view = replace(view, card=replace(view.card, lead=OF_FILES))
    further = FURTHER if page.path in (HOME, ABOUT) else ()
    return replace(view, steps=(*view.steps, *further))


def _is_wanted(page: Asked, codes: set[str], pairs: set[Asked]) -> bool:
    """Return whether a page is one of the site."""
    first, *names = page.path.strip("/").split("/")
    if first in ("country", "position"):
        return not page.parameters and set(names) <= codes
    if first == "pair":
        return page in pairs
    if not {name for name, _ in page.parameters} <= ALLOWED.get(first, frozenset()):
        return False
    known = (*(pattern for pattern, _ in (*PAGES, *OF_SITE)), COUNTRIES, "/data")
    return first not in ASKING and any(
        first == pattern.strip("/").split("/")[0] for pattern in known
    )


def _pairs(view: View, page: Asked, choice: Choice) -> Iterable[Asked]:
    """Return the pairs of a country with those it has most joint works with."""
    (partners,) = (sheet for sheet in view.card.sheets if sheet.name == "partners")
    known = [row for row in partners.rows if row["joint"] is not None]
    known.sort(key=lambda row: (-float(str(row["joint"])), str(row["partner_name"])))
    own = page.path.removeprefix("/position/")
    for row in known[: choice.n_partners]:
        yield read(f"/pair/{own}/{quote(str(row['partner_name']))}", choice.codes).page


def _beside(view: View, page: Asked) -> tuple[_Beside, ...]:
    """Return the data of a page; pictures are in the page."""
    tables = [
        _Beside(
            content=rendering.as_csv(view, replace_part(page, sheet=sheet.name)),
            ending=".csv",
            parts=(sheet.name,) if at else ("", sheet.name),
            more=f".{sheet.name}" if at else "",
        )
        for at, sheet in enumerate(view.card.sheets)
    ]
    # A map has one table: a workbook would hold it once more.
    workbooks = () if view.drawings else (_Beside(rendering.as_workbook(view, page), ".xlsx"),)
    return (*tables, *workbooks, _Beside(_metadata(view, page, tables), ".metadata.json"))


def replace_part(page: Asked, **part: str) -> Asked:
    """Return the address of a table or picture of a page."""
    return Asked(page.path, (*page.parameters, *part.items()))


def _metadata(view: View, page: Asked, beside: Iterable[_Beside]) -> bytes:
    """Return what a page says of its numbers, with the names of the files beside it."""
    told = json.loads(rendering.as_metadata(view, page))
    name = stem(page).rpartition("/")[2]
    told["address"] = f"{name}.html"
    for table, file in zip(told["tables"], beside, strict=True):
        table["data"] = f"{name}{file.name}"
    for picture in told["pictures"]:
        picture["picture"] = f"{name}.html#{picture['name']}"
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _links(found: _Found, files: Iterable[DataFile]) -> dict[Link, str]:
    """Return every file by the address that leads to it."""
    links = {Link(Asked(f"/{DATA}/{one.file}", ())): f"{DATA}/{one.file}" for one in files}
    for page, (_, beside) in found.pages.items():
        links[Link(page)] = f"{stem(page)}.html"
        for one in beside:
            file = f"{stem(page)}{one.name}"
            links |= {Link(page, one.ending, part): file for part in one.parts}
    for of_year, page in found.same.items():
        links |= {
            replace(link, page=of_year): file for link, file in links.items() if link.page == page
        }
    return links


def _tables(
    opened: Opened, countries: Sequence[tuple[str, str]]
) -> Iterator[tuple[DataFile, bytes]]:
    """Yield every indicator of countries and groups that has rows, as Parquet in order of keys.

    Tables of two countries would be most of a site: they hold pairs of its own countries alone.
    """
    for one in INDICATORS:
        table = opened.ws.table(one.name)
        if "unit_type" in table.columns:
            table = table.filter(table.unit_type != "organization")
        grain = one.writes.grain
        if "partner_id" in table.columns:
            table = table.filter(table.unit_id.isin([code for code, _ in countries]))
            grain = f"{grain}; the unit is one of the {len(countries)} countries of this site"
        rows = table.order_by(one.writes.key).to_pyarrow()
        if not rows.num_rows:
            continue
        sink = io.BytesIO()
        pq.write_table(rows.replace_schema_metadata(None), sink, compression="zstd")
        content = sink.getvalue()
        about = DataFile(
            name=one.name,
            title=one.title,
            grain=grain,
            n_rows=rows.num_rows,
            n_bytes=len(content),
        )
        yield about, content


def _sitemap(url: str, pages: Iterable[Asked]) -> str:
    lines = [f"<url><loc>{url.rstrip('/')}/{quote(stem(page))}.html</loc></url>" for page in pages]
    whole = "\n".join(lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{whole}\n</urlset>\n'
    )
