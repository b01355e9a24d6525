"""Where each page of a site is, and how links of the server's pages become links between files."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from fourseas.web.app import OF_RENDERING, SQL, split
from fourseas.web.view import CHOSEN, Asked

OF_COUNTRIES = ("country", "position", "pair")
"""First parts of addresses that go on with names of countries."""

COUNTRIES = "/countries"
HOME = "/"
WORLD = "/world"
FIRST_INDICATOR = "volume"
"""What the map shows where an address names no indicator."""

STYLE = "static/observatory.css"
SCRIPT = "static/observatory.js"
SHAPES = "static/shapes.svg"
ANCHOR = re.compile(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
NAVIGATION = re.compile(r"<nav\b.*?</nav>", re.DOTALL)
HEAD = '<meta charset="utf-8">\n'
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'\">\n"
)
UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page leads to: which page, and what of it.

    Attributes
    ----------
    page
        The page, in the one way in which it is written here.
    ending
        Of data beside it, such as ``.csv``; empty for the page.
    part
        Name of the table or picture, where the address has one.
    fragment
        Place on the page.
    is_sorted
        Whether it asks for an order of rows, which files cannot give.
    """

    page: Asked
    ending: str = ""
    part: str = ""
    fragment: str = ""
    is_sorted: bool = False


def read(address: str, codes: Mapping[str, str]) -> Link:
    """Return what an address of the server means; countries by their codes."""
    parts = urlsplit(address)
    path, ending = split(unquote(parts.path))
    given = parse_qsl(parts.query)
    chosen = dict(given)
    kept = sorted((name, value) for name, value in given if name not in OF_RENDERING)
    return Link(
        page=_page(path, tuple(kept), codes),
        ending=ending,
        part=chosen.get("sheet") or chosen.get("picture") or "",
        fragment=parts.fragment,
        is_sorted="sort" in chosen,
    )


def _page(path: str, parameters: tuple[tuple[str, str], ...], codes: Mapping[str, str]) -> Asked:
    first, *names = path.strip("/").split("/")
    chosen = dict(parameters).get(CHOSEN)
    if chosen:
        # A file answers no choice: what is told of a country, or of two, stands on its own page.
        of_it = f"/pair/{names[0]}/{chosen}" if first == "position" else f"/country/{chosen}"
        return _page(of_it, (), codes)
    if first in OF_COUNTRIES:
        known = [codes.get(name, name) for name in names if name]
        # What two countries are to each other is one page, whoever is named first.
        ordered = sorted(known) if first == "pair" else known
        return Asked("/".join(["", first, *ordered]) if ordered else COUNTRIES, parameters)
    if path in (HOME, WORLD):
        if not parameters:
            return Asked(HOME, ())
        named = {"indicator": FIRST_INDICATOR} | dict(parameters)
        return Asked(WORLD, tuple(sorted(named.items())))
    return Asked(path.rstrip("/"), parameters)


def stem(page: Asked) -> str:
    """Return the name of a page's files, without ending: path, then values of parameters."""
    if page.path == HOME:
        return "index"
    parts = [*page.path.strip("/").split("/"), *(value for _, value in page.parameters)]
    return "/".join(UNSAFE.sub("-", part).strip(".") or "-" for part in parts)


def linked(page: str, file: str, files: Mapping[Link, str], codes: Mapping[str, str]) -> str:
    """Return a page whose links lead to files of the site; what leads elsewhere is text.

    Data that no file holds are not offered.

    Parameters
    ----------
    page
        As the server sends it.
    file
        Where it will be.
    files
        Every file of the site by what it is.
    codes
        Codes of countries by name.
    """

    def to_file(found: re.Match[str]) -> str:
        address, more, inside = html.unescape(found[1]), found[2], found[3]
        if address.startswith("#") or urlsplit(address).scheme:
            return found[0]
        if urlsplit(address).path.endswith(SQL):
            return ""
        link = read(address, codes)
        wanted = Link(page=link.page, ending=link.ending, part=link.part)
        if link.is_sorted or wanted not in files:
            return "" if link.ending else inside
        target = quote(relative(files[wanted], file))
        place = f"#{link.fragment}" if link.fragment else ""
        return f'<a href="{target}{place}"{more}>{inside}</a>'

    def to_pages(found: re.Match[str]) -> str:
        """Leave in the navigation what there is."""
        shown = ANCHOR.finditer(found[0])
        gone = [one[0] for one in shown if Link(read(one[1], codes).page) not in files]
        return reduce(lambda text, one: text.replace(one, ""), gone, found[0])

    quiet = page.replace(HEAD, HEAD + POLICY, 1)
    for shared in (STYLE, SHAPES, SCRIPT):
        for name in ("href", "src"):
            quiet = quiet.replace(f'{name}="/{shared}', f'{name}="{relative(shared, file)}')
    return ANCHOR.sub(to_file, NAVIGATION.sub(to_pages, quiet))


def relative(target: str, file: str) -> str:
    """Return the way from a file to another one."""
    return posixpath.relpath(target, posixpath.dirname(file) or ".")
