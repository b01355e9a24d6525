"""Where each country lies on the map of the world: drawn once, then painted in any colors."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from fourseas.reports import vega
from fourseas.reports.map_shapes import map_shapes
from fourseas.reports.theme import FAINT, LAND, QUIET, RULE, SEA, Spec, figure
from fourseas.reports.world_map import FEATURES

WIDTH, HEIGHT = 960, 470
DOT_RADIUS = 3.2

NUMBER = re.compile(r"-?\d+\.\d+")
SHAPE = re.compile(r'aria-label="shape (\d+)"[^>]*? d="([^"]+)"')
PLACE = re.compile(r'aria-label="place (\w+)"[^>]*?transform="translate\(([-\d.]+),([-\d.]+)\)"')
SPHERE = re.compile(r'aria-label="sphere"[^>]*? d="([^"]+)"')
MARGIN = re.compile(r'<g fill="none" stroke-miterlimit="10" transform="translate\((\d+),(\d+)\)"')

Place = tuple[float, float]
"""Degrees east and north."""


@dataclass(frozen=True, slots=True)
class Painted:
    """How a country is shown.

    Attributes
    ----------
    color
        Its fill; the color of land where nothing is known.
    says
        What it is and its value, for a pointer that rests on it and for those who listen.
    address
        Where a click leads.
    code
        Of the country, by which charts and tables of a page know each other's marks.
    """

    color: str
    says: str
    address: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Outlines:
    """The map of the world as lines.

    Attributes
    ----------
    sphere
        The outline of the Earth.
    shapes
        Outline of each country by its M49 number.
    dots
        Where a small state is shown, by its code.
    """

    sphere: str
    shapes: dict[str, str]
    dots: dict[str, Place]

    def painted(
        self, shapes: Mapping[str, Painted], dots: Mapping[str, Painted], *, title: str
    ) -> str:
        """Return a picture of the world; countries by number, small states besides by code."""
        size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        told = f'role="group" aria-label="{html.escape(title)}"'
        drawn = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {told}>',
            f'<path d="{self.sphere}" fill="{SEA}" stroke="{RULE}"/>',
        ]
        for number, line in self.shapes.items():
            found = shapes.get(number)
            paint = f'fill="{found.color if found else LAND}" stroke="{FAINT}" stroke-width="0.4"'
            drawn.append(_linked(f'<path d="{line}" {paint}', "path", found))
        for code, (x, y) in self.dots.items():
            if code in dots:
                paint = f'fill="{dots[code].color}" stroke="{QUIET}" stroke-width="0.7"'
                circle = f'<circle cx="{x}" cy="{y}" r="{DOT_RADIUS}" {paint}'
                drawn.append(_linked(circle, "circle", dots[code]))
        return "".join([*drawn, "</svg>"])


def _linked(mark: str, name: str, found: Painted | None) -> str:
    if found is None:
        return f"{mark}/>"
    address, says = html.escape(found.address), html.escape(found.says)
    if found.code:
        mark = f'{mark} data-country="{html.escape(found.code)}"'
    # A reader with a keyboard goes through the table, not through two hundred shapes.
    return f'<a href="{address}" tabindex="-1">{mark}><title>{says}</title></{name}></a>'


@cache
def outlines(places: tuple[tuple[str, Place], ...]) -> Outlines:
    """Return the outlines of all countries and where places lie, drawn once."""
    picture = vega.as_svg(_spec(places))
    margin = MARGIN.search(picture)
    assert margin is not None
    left, top = int(margin.group(1)), int(margin.group(2))
    sphere = SPHERE.search(picture)
    assert sphere is not None
    return Outlines(
        sphere=_short(sphere.group(1)),
        shapes={number: _short(line) for number, line in SHAPE.findall(picture)},
        dots={
            code: (round(float(x) + left, 1), round(float(y) + top, 1))
            for code, x, y in PLACE.findall(picture)
        },
    )


def _short(line: str) -> str:
    """Return an outline to a tenth of a point."""
    return NUMBER.sub(lambda found: f"{float(found.group()):.1f}".removesuffix(".0"), line)


def _spec(places: tuple[tuple[str, Place], ...]) -> Spec:
    layers: list[Spec] = [
        {
            "data": {"sphere": True},
            "mark": {"type": "geoshape"},
            "encoding": {"description": {"value": "sphere"}},
        },
        {
            "data": FEATURES,
            "transform": [{"calculate": "'shape ' + datum.id", "as": "told"}],
            "mark": {"type": "geoshape"},
            "encoding": {"description": {"field": "told"}},
        },
        {
            "data": {"name": "places"},
            "mark": {"type": "circle"},
            "encoding": {
                "longitude": {"field": "east", "type": "quantitative"},
                "latitude": {"field": "north", "type": "quantitative"},
                "description": {"field": "told"},
            },
        },
    ]
    told = [
        {"told": f"place {code}", "east": east, "north": north} for code, (east, north) in places
    ]
    drawn = figure(
        {
            "datasets": {"shapes": map_shapes(), "places": told},
            "projection": {"type": "equalEarth", "rotate": [-11, 0]},
            "layer": layers,
        },
        height=HEIGHT,
    )
    return drawn | {"width": WIDTH, "padding": 0}
