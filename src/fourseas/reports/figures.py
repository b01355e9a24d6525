"""Charts: rows of tables to Vega-Lite specifications. Nothing here reads a lake."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from fourseas.reports.color_classes import color_classes, step_reached
from fourseas.reports.panel import CHOSEN, Rows
from fourseas.reports.theme import (
    DIVERGING,
    FAINT,
    FIRST,
    INK,
    MUTED,
    PAPER,
    QUIET,
    SECOND,
    Spec,
    figure,
)
from fourseas.schema.table import Column

INDEX_STEPS = (0.4, 0.6, 0.8, 1.25, 1.7, 2.5)
LABEL_LETTERS = 22
MOST_LETTERS_ABOVE, MOST_LETTERS_BESIDE = 36, 20
"""Of names along a map of cells. A limit in pixels measures each once more, which takes as long as
all else that is done about it: two fifths of the time that a map of 600 cells takes to draw."""

TELLING = (
    *("definition_id", "unit_id", "partner_id", "field_id", "other_field_id"),
    *("counting", "role", "measure"),
)
"""Columns that tell the rows of one year apart."""

MOST_LINES = 8
MOST_BARS = 25
HEADROOM = 1.8
"""Room beside the longest bar, for its figure on a phone."""
A_OR_B = "datum.unit_id == a || datum.unit_id == b"
TOLD_OF_FLOW = (
    "datum.country_name + ' cites ' + datum.partner_name + ' in ' + datum.field_name + ': index ' "
    "+ format(datum.rci, '.2f') + ', the other way ' + format(datum.back, '.2f') + '; levels ' + "
    "format(datum.own, '.2%') + ' and ' + format(datum.theirs, '.2%') + '; ' + "
    "datum.partner_name + ' is ' + datum.standing"
)
"""What those are told who listen to a cell of the heat map."""

SIGNS = {"ahead": "triangle-up", "close and high": "diamond"}
"""Signs of a partner's standing in the heat map. As texts, which Vega measures one by one, they
took more than half of the time of the whole chart."""


def series(rows: Rows, *, title: str, form: str) -> Spec:
    """Return a line for each of two chosen countries before all others in gray.

    Where rows have `low` and `high`, a band spans them for the chosen two.
    """
    x: Spec = {
        "field": "year",
        "type": "quantitative",
        "scale": {"nice": False},
        "axis": {"format": "d", "title": None, "tickCount": 5, "grid": False},
    }
    y = {"field": "value", "type": "quantitative", "axis": {"format": form, "title": title}}
    tooltip: list[Spec] = [
        {"field": "country_name", "title": "country"},
        {"field": "year"},
        {"field": "value", "title": title, "format": ".2%"},
    ]
    band: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.low) && datum.high > datum.low"}],
            "mark": {"type": "area", "opacity": 0.25},
            "encoding": {
                "y": {"field": "low", "type": "quantitative"},
                "y2": {"field": "high"},
            },
        }
    ]
    is_banded = "low" in rows[0]
    chosen = [
        _of_choice(
            name,
            [
                *(band if is_banded else []),
                {"mark": {"type": "line", "strokeWidth": 2.5}},
                {"mark": {"type": "point", "filled": True, "size": 30, "opacity": 1}},
            ],
        )
        for name in ("a", "b")
    ]
    return figure(
        {
            "datasets": {"rows": rows},
            "params": _choices(),
            "data": {"name": "rows"},
            "encoding": {"x": x, "y": y, "tooltip": tooltip},
            "layer": [
                {
                    "mark": {"type": "line", "stroke": FAINT, "strokeWidth": 0.9},
                    "encoding": {"detail": {"field": "unit_id"}},
                },
                *chosen,
            ],
        },
        height=260,
    )


def headline(rows: Rows, name: str, *, title: Column) -> Spec | None:
    """Return the measure that rows are read for: by year where there are several, else ranked.

    None where no row has it, or rows cannot be told apart in one chart.
    """
    shown = [row for row in rows if row.get(name) is not None]
    several = [one for one in TELLING if len({row.get(one) for row in shown}) > 1]
    if not shown or len(several) > 1:
        return None
    y: Spec = {
        "field": name,
        "type": "quantitative",
        "axis": {"title": f"{name.replace('_', ' ')} ({title.unit})"},
    }
    kept = ("year", name, f"{name}_low", f"{name}_high", *several)
    values = [{one: row[one] for one in kept if one in row} for row in shown]
    by = several[0] if several else None
    if len({row["year"] for row in shown}) > 1:
        lines = {row[by] for row in shown} if by else set()
        if len(lines) > MOST_LINES:
            return None
        x: Spec = {"field": "year", "type": "quantitative", "scale": {"nice": False}}
        x["axis"] = {"format": "d", "title": None, "grid": False, "tickMinStep": 1}
        color: Spec = {"color": {"field": by, "type": "nominal", "title": None}} if by else {}
        mark: Spec = {"type": "line", "point": True, **({} if by else {"color": FIRST})}
        return figure(
            {
                "data": {"values": values},
                "mark": mark,
                "encoding": {"x": x, "y": y, **color},
                "width": 560,
            },
            height=280,
        )
    ranked = sorted(values, key=lambda row: float(str(row[name])), reverse=True)[:MOST_BARS]
    if by is None:
        return None
    return figure(
        {
            "data": {"values": ranked},
            "mark": {"type": "bar", "color": FIRST},
            "encoding": {
                "y": {
                    "field": by,
                    "type": "nominal",
                    "sort": "-x",
                    "axis": {"title": None, "labelLimit": 180},
                },
                "x": y,
            },
            "width": 560,
        },
        height=18 * len(ranked),
    )


def bounded_series(rows: Rows) -> Spec:
    """Return shares of documents by period with the bounds that unknown countries allow."""
    share: Spec = {
        "field": "share",
        "type": "quantitative",
        "axis": {"format": ".0%", "title": "share of documents"},
    }

    def chosen(name: str, shift: int) -> Spec:
        return _of_choice(
            name,
            [
                {
                    "mark": {"type": "rule", "xOffset": shift, "opacity": 0.4, "strokeWidth": 7},
                    "encoding": {
                        "y": {"field": "least", "type": "quantitative"},
                        "y2": {"field": "most"},
                    },
                },
                {
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "xOffset": shift,
                        "size": 90,
                        "opacity": 1,
                    },
                    "encoding": {"y": share},
                },
            ],
        )

    return figure(
        {
            "datasets": {"rows": rows},
            "params": _choices(),
            "data": {"name": "rows"},
            "encoding": {
                "x": {
                    "field": "period",
                    "type": "ordinal",
                    "axis": {"title": None, "labelAngle": -35, "ticks": False},
                },
                "tooltip": [
                    {"field": "country_name", "title": "country"},
                    {"field": "period"},
                    {"field": "documents", "title": "documents"},
                    {"field": "share", "title": "of documents with a country", "format": ".1%"},
                    {"field": "least", "title": "least, of all documents", "format": ".1%"},
                    {"field": "most", "title": "most, of all documents", "format": ".1%"},
                ],
            },
            "layer": [
                {
                    "mark": {"type": "line", "stroke": FAINT, "strokeWidth": 0.9},
                    "encoding": {"y": share, "detail": {"field": "unit_id"}},
                },
                chosen("a", -6),
                chosen("b", 6),
            ],
        },
        height=260,
    )


def openness_and_level(rows: Rows, *, title: str, greatest: float) -> Spec:
    """Return economies by international share and level, the two chosen ones by name."""
    tooltip: list[Spec] = [
        {"field": "country_name", "title": "economy"},
        {"field": "pp_int_collab", "title": "international share", "format": ".1%"},
        {"field": "pp_top_1", "title": title, "format": ".2%"},
    ]
    name: Spec = {
        "mark": {"type": "text", "dy": -13, "fontWeight": "bold"},
        "encoding": {"text": {"field": "country_name"}},
    }
    dot: Spec = {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1}}
    return figure(
        {
            "datasets": {"rows": rows},
            "params": _choices(),
            "data": {"name": "rows"},
            "encoding": {
                "x": {
                    "field": "pp_int_collab",
                    "type": "quantitative",
                    "scale": {"domain": [0, 0.85]},
                    "axis": {
                        "format": ".0%",
                        "title": "international share of works",
                        "tickCount": 5,
                    },
                },
                "y": {
                    "field": "pp_top_1",
                    "type": "quantitative",
                    "scale": {"domain": [0, greatest], "nice": False},
                    "axis": {"format": ".1%", "title": title},
                },
                "tooltip": tooltip,
            },
            "layer": [
                {
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "color": MUTED,
                        "size": 55,
                        "opacity": 1,
                    }
                },
                _of_choice("a", [dot, name]),
                _of_choice("b", [dot, name]),
            ],
        },
        height=320,
    )


def levels_of_pair(rows: Rows, fields: Sequence[str], *, high: float) -> Spec:
    """Return the levels of two countries by field, a line between them."""
    x: Spec = {
        "field": "level",
        "type": "quantitative",
        "axis": {"format": ".1%", "title": "share in the world's top 1%", "tickCount": 5},
    }
    tooltip: list[Spec] = [
        {"field": "country_name", "title": "country"},
        {"field": "field_name", "title": "field"},
        {"field": "level", "title": "top 1%", "format": ".2%"},
    ]
    between: Spec = {
        "transform": [{"filter": A_OR_B}],
        "mark": {"type": "line", "stroke": MUTED, "strokeWidth": 2},
        "encoding": {"detail": {"field": "field_name"}},
    }
    return _by_field(
        rows,
        fields,
        x=x,
        layers=[between, *(_dots(name, f"datum.unit_id == {name}", tooltip) for name in "ab")],
        mark_at=("level", high),
    )


def flows_of_pair(rows: Rows, fields: Sequence[str]) -> Spec:
    """Return citations between two countries by field, either way, against expectation."""
    x: Spec = {
        "field": "rci",
        "type": "quantitative",
        "scale": {"type": "log", "nice": False, "padding": 12},
        "axis": {
            "title": "citations against expectation",
            "values": [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
            "format": "~g",
        },
    }
    tooltip: list[Spec] = [
        {"field": "country_name", "title": "citing"},
        {"field": "partner_name", "title": "cited"},
        {"field": "field_name", "title": "field"},
        {"field": "rci", "title": "relative citation index", "format": ".2f"},
        {"field": "standing", "title": "the cited side's level"},
    ]
    directions = {
        "a": "datum.unit_id == a && datum.partner_id == b && datum.rci > 0",
        "b": "datum.unit_id == b && datum.partner_id == a && datum.rci > 0",
    }
    return _by_field(
        rows,
        fields,
        x=x,
        layers=[_dots(name, test, tooltip) for name, test in directions.items()],
        mark_at=("rci", 1),
    )


def flows_by_field(rows: Rows, fields: Sequence[str], partners: Sequence[str]) -> Spec:
    """Return a heat map of one country: partner by field, citations against expectation."""
    tooltip: list[Spec] = [
        {"field": "country_name", "title": "citing"},
        {"field": "partner_name", "title": "cited"},
        {"field": "field_name", "title": "field"},
        {"field": "rci", "title": "relative citation index", "format": ".2f"},
        {"field": "back", "title": "and the other way", "format": ".2f"},
        {"field": "own", "title": "level of the citing", "format": ".2%"},
        {"field": "theirs", "title": "level of the cited", "format": ".2%"},
        {"field": "standing", "title": "the cited side is"},
    ]
    quiet: Spec = {"title": None, "ticks": False, "domain": False, "labelFontSize": 11}
    short = json.dumps({name: _short(name) for name in fields})
    return figure(
        {
            "datasets": {"rows": rows},
            "params": _choices(),
            "data": {"name": "rows"},
            "transform": [
                {"filter": "datum.unit_id == a && datum.partner_id != a && isValid(datum.rci)"},
                {"calculate": step_reached("datum.rci", INDEX_STEPS), "as": "step"},
                {"calculate": TOLD_OF_FLOW, "as": "told"},
            ],
            "encoding": {
                "x": {
                    "field": "field_name",
                    "type": "nominal",
                    "sort": list(fields),
                    "axis": {
                        **quiet,
                        "orient": "top",
                        "labelAngle": {"expr": "width < 500 ? -90 : -50"},
                        "labelAlign": "left",
                        "labelBaseline": "middle",
                        "labelExpr": f"truncate(({short})[datum.label], {MOST_LETTERS_ABOVE})",
                    },
                },
                "y": {
                    "field": "partner_name",
                    "type": "nominal",
                    "sort": list(partners),
                    "axis": {**quiet, "labelExpr": f"truncate(datum.label, {MOST_LETTERS_BESIDE})"},
                },
                "tooltip": tooltip,
            },
            "layer": [
                {
                    "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1},
                    "encoding": {
                        "color": color_classes(INDEX_STEPS, DIVERGING),
                        "description": {"field": "told"},
                    },
                },
                {
                    "transform": [{"filter": {"field": "standing", "oneOf": list(SIGNS)}}],
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "size": 30,
                        "opacity": 0.6,
                        "color": INK,
                        "aria": False,
                    },
                    "encoding": {
                        "shape": {
                            "field": "standing",
                            "type": "nominal",
                            "scale": {"domain": list(SIGNS), "range": list(SIGNS.values())},
                            "legend": None,
                        }
                    },
                },
            ],
        },
        height=900,
    )


def both_sides(rows: Rows, *, title: str) -> Spec:
    """Return what a rule would touch as a share of each side's own, back to back."""
    shares = [float(str(row[name])) for row in rows for name in ("first_share", "second_share")]
    reach = HEADROOM * max(shares, default=1.0)
    x: Spec = {
        "field": "length",
        "type": "quantitative",
        "scale": {"domain": [-reach, reach], "nice": False},
        "axis": {
            "title": title,
            "labelExpr": "format(abs(datum.value), '.0%')",
            "tickCount": 5,
        },
    }
    return figure(
        {
            "datasets": {"rows": rows},
            "data": {"name": "rows"},
            "encoding": {
                "x": x,
                "y": {
                    "field": "pair",
                    "type": "nominal",
                    "sort": [row["pair"] for row in rows],
                    "axis": {
                        "title": None,
                        "labelLimit": 170,
                        "labelExpr": "split(datum.label, ' | ')",
                        "labelFontSize": 11,
                        "ticks": False,
                        "domain": False,
                    },
                },
                "tooltip": [
                    {"field": "pair", "title": "first and second side"},
                    {"field": "joint", "title": "joint documents touched", "format": ","},
                    {"field": "first_share", "title": "of the first's own", "format": ".1%"},
                    {"field": "second_share", "title": "of the second's own", "format": ".1%"},
                ],
            },
            "layer": [
                *_side("first_share", FIRST, sign=-1, align="right"),
                *_side("second_share", SECOND, sign=1, align="left"),
            ],
        },
        height=36 * len(rows) + 60,
    )


def _side(share: str, color: str, *, sign: int, align: str) -> list[Spec]:
    """Return the bars of one side, and their lengths in figures."""
    length: Spec = {"calculate": f"{sign} * datum.{share}", "as": "length"}
    return [
        {
            "transform": [length],
            "mark": {"type": "bar", "color": color, "height": {"band": 0.6}},
        },
        {
            "transform": [length],
            "mark": {"type": "text", "align": align, "dx": 5 * sign, "fontSize": 11, "color": INK},
            "encoding": {"text": {"field": share, "format": ".1%"}},
        },
    ]


def _choices() -> list[Spec]:
    """Return the parameters that the page's own controls set."""
    return [{"name": name, "value": CHOSEN[name]} for name in ("a", "b")]


def _of_choice(name: str, layers: list[Spec]) -> Spec:
    """Return layers of one of the two chosen countries, in its color and its shape."""
    look = {"a": (FIRST, "circle"), "b": (SECOND, "diamond")}
    color, shape = look[name]
    return {
        "transform": [{"filter": f"datum.unit_id == {name}"}],
        "layer": [_painted(layer, color, shape) for layer in layers],
    }


def _painted(layer: Spec, color: str, shape: str) -> Spec:
    mark = layer["mark"]
    assert isinstance(mark, dict)
    point = {"shape": shape} if mark["type"] == "point" else {}
    return layer | {"mark": mark | {"color": color} | point}


def _dots(name: str, test: str, tooltip: list[Spec]) -> Spec:
    """Return the dots of one direction or country in its color and shape."""
    color, shape = {"a": (FIRST, "circle"), "b": (SECOND, "diamond")}[name]
    return {
        "transform": [{"filter": test}],
        "mark": {
            "type": "point",
            "filled": True,
            "size": 100,
            "opacity": 1,
            "color": color,
            "shape": shape,
        },
        "encoding": {"tooltip": tooltip},
    }


def _by_field(
    rows: Rows,
    fields: Sequence[str],
    *,
    x: Spec,
    layers: list[Spec],
    mark_at: tuple[str, float],
) -> Spec:
    """Return a chart with a row for each field and a dashed line at a value."""
    name, value = mark_at
    y = {
        "field": "field_name",
        "type": "nominal",
        "sort": list(fields),
        "axis": {
            "title": None,
            "labelLimit": 150,
            "labelExpr": _wrapped(fields),
            "labelFontSize": 11,
            "ticks": False,
            "grid": True,
        },
    }
    return figure(
        {
            "datasets": {"rows": rows},
            "params": _choices(),
            "layer": [
                {
                    "data": {"values": [{name: value}]},
                    "mark": {"type": "rule", "strokeDash": [4, 3], "stroke": QUIET},
                    "encoding": {"x": x},
                },
                {"data": {"name": "rows"}, "encoding": {"x": x, "y": y}, "layer": layers},
            ],
        },
        height=500,
    )


def _wrapped(names: Sequence[str]) -> str:
    """Return an expression for a label that breaks into lines."""
    lines = {name: textwrap.wrap(_short(name), LABEL_LETTERS) for name in names}
    return f"({json.dumps(lines)})[datum.label]"


def _short(name: str) -> str:
    """Return the name of a field without what a list of fields does not need."""
    return name.split(", ", maxsplit=1)[0]
