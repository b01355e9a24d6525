"""Lines over the years: one for each series, named at its end, its bounds as a band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fourseas.reports.panel import FORMS, Form, Rows, text
from fourseas.reports.theme import LINES, PAPER, QUIET, ROOMY, Spec, figure

MOST_LINES = len(LINES)
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
WORLD = "world"
HEADROOM = 1.08
"""Room above the greatest value."""

NAME_HEIGHT = 15
AXIS_HEIGHT = 34
LETTER = 7
"""Height of a line's name, of what is below a chart, and width of a letter, in points."""

MOST_SIGNS = 5
"""Signs of a number on the axis that there is room for at least."""


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a line: its value, and the least and greatest that it may be, where known."""

    year: int
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A series of one register and definition.

    Attributes
    ----------
    name
        What stands at its end.
    points
        Its years.
    look
        Place of its color and shape among those of lines.
    """

    name: str
    points: tuple[Point, ...]
    look: int


def lines(series: Sequence[Line], form: Form, *, height: int, world: float | None = None) -> Spec:
    """Return lines over the years; one is broken where a year of its own is missing.

    Parameters
    ----------
    series
        Of unlike look, each with a point at least.
    form
        How values are written.
    world
        The world's value, which a dashed line marks; None where there is none.
    """
    looks = [line.look for line in series]
    names = [line.name for line in series]
    drawn = [row for line in series for row in _rows(line, form)]
    reached = [one.high or one.value for line in series for one in line.points]
    top = HEADROOM * max([*reached, world or 0.0]) or 1.0
    last = max(one.year for line in series for one in line.points)
    y: Spec = {
        "type": "quantitative",
        "axis": {"title": None, "format": FORMS[form], "tickCount": 5},
        "scale": {"domain": [0, top], "nice": False},
    }
    color: Spec = {
        "field": "line",
        "scale": {"domain": [*names, WORLD], "range": [*(LINES[one] for one in looks), QUIET]},
        "legend": None,
    }
    shape = color | {"scale": {"domain": names, "range": [SHAPES[one] for one in looks]}}
    ends = [(max(line.points, key=lambda one: one.year).value, line.name) for line in series]
    ends += [(world, WORLD)] if world is not None else []
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "strokeWidth": 2, "aria": False},
            "encoding": {"y": {"field": "value"} | y, "color": color, "detail": {"field": "run"}},
        },
        {
            "mark": {"type": "point", "filled": True, "stroke": PAPER, "opacity": 1, "size": 64},
            "encoding": {
                "y": {"field": "value"} | y,
                "color": color,
                "shape": shape,
                "description": {"field": "says"},
            },
        },
        {
            "data": {"values": _names(ends, last, top, height)},
            "mark": {"type": "text", "align": "left", "dx": 11, "aria": False},
            "encoding": {"y": {"field": "at"} | y, "text": {"field": "line"}, "color": color},
        },
    ]
    if any(row["low"] is not None for row in drawn):
        band: Spec = {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "area", "opacity": 0.18, "aria": False},
            "encoding": {
                "y": {"field": "low"} | y,
                "y2": {"field": "high"},
                "color": color,
                "detail": {"field": "run"},
            },
        }
        layers.insert(0, band)
    if world is not None:
        first = min(one.year for line in series for one in line.points)
        layers.insert(0, _of_world(world, first, last, y))
    return figure(
        {
            "datasets": {"rows": drawn},
            "data": {"name": "rows"},
            "padding": {
                "left": 16 + LETTER * max(len(text(top, form)), MOST_SIGNS),
                "right": 16 + LETTER * max(map(len, names)),
                "top": 8,
                "bottom": 24,
            },
            "encoding": {
                "x": {
                    "field": "year",
                    "type": "quantitative",
                    "scale": {"zero": False, "nice": False, "padding": 10},
                    "axis": {"title": None, "format": "d", "grid": False, "tickMinStep": 1},
                },
            },
            "layer": layers,
        },
        height=height,
    ) | {"autosize": ROOMY}


def by_year(values: Mapping[str, Mapping[int, float]]) -> Rows:
    """Return values by column and year as rows of a table, the last year first."""
    years = sorted({year for of_years in values.values() for year in of_years}, reverse=True)
    return [
        {"year": year} | {name: of_years.get(year) for name, of_years in values.items()}
        for year in years
    ]


def _rows(line: Line, form: Form) -> Rows:
    """Return the points of a line; those of following years are of one run."""
    found: Rows = []
    run, before = 0, None
    for point in sorted(line.points, key=lambda one: one.year):
        run += before is not None and point.year != before + 1
        before = point.year
        bounds = ""
        if point.low is not None and point.high is not None:
            bounds = f", {text(point.low, form)} to {text(point.high, form)}"
        found.append(
            {
                "year": point.year,
                "value": point.value,
                "low": point.low,
                "high": point.high,
                "line": line.name,
                "run": f"{line.name} {run}",
                "says": f"{line.name}, {point.year}: {text(point.value, form)}{bounds}",
            }
        )
    return found


def _names(ends: Sequence[tuple[float, str]], last: int, top: float, height: int) -> Rows:
    """Return where the name of each line stands: at its last value, none upon another."""
    apart = top * NAME_HEIGHT / (height - AXIS_HEIGHT)
    found: Rows = []
    free = -top
    for value, name in sorted(ends):
        at = max(value, free)
        free = at + apart
        found.append({"year": last, "at": at, "line": name})
    return found


def _of_world(world: float, first: int, last: int, y: Spec) -> Spec:
    """Return a dashed line at the world's value."""
    return {
        "data": {"values": [{"year": year, "world": world} for year in (first, last)]},
        "mark": {"type": "line", "color": QUIET, "strokeDash": [4, 3], "aria": False},
        "encoding": {"y": {"field": "world"} | y},
    }
