"""Charts: rows of tables to Vega-Lite specifications. Nothing here reads a lake."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from fourseas.reports.theme import (
    BLUES,
    DIVERGING,
    FIRST,
    PAPER,
    QUIET,
    RULE,
    SECOND,
    Spec,
    figure,
)

Rows = list[dict[str, object]]

WORK_STEPS = [10, 100, 1_000, 10_000, 100_000]
BREADTH_STEPS = [10, 20, 30, 40, 50]
CLOSE = 0.25
HIGH = 0.01
"""Levels are close within a quarter of the greater one, and high above the world's 1%."""


def choice(name: str, value: str) -> Spec:
    """Return a parameter that the page's own controls set."""
    return {"name": name, "value": value}


def world_map(
    rows: Rows,
    shapes: Spec,
    *,
    measure: str,
    title: str,
    steps: Sequence[int],
    years: Sequence[int],
) -> Spec:
    """Return a map of a measure by year, small states as dots."""
    labels = [f"under {steps[0]:,}"]
    labels += [f"{low:,} to {high:,}" for low, high in pairwise(steps)]
    labels.append(f"{steps[-1]:,} and more")
    cases = [f"datum.{measure} < {step} ? '{labels[i]}' :" for i, step in enumerate(steps)]
    classed = {"calculate": " ".join([*cases, f"'{labels[-1]}'"]), "as": "class"}
    color = {
        "field": "class",
        "type": "ordinal",
        "scale": {"domain": labels, "range": BLUES},
        "legend": {
            "title": title,
            "symbolType": "square",
            "symbolSize": 160,
            "orient": "bottom",
            "direction": "horizontal",
            "columns": 3,
        },
    }
    tooltip = [
        {"field": "country_name", "title": "country"},
        {"field": "year", "title": "year"},
        {"field": "works", "title": "international works", "format": ","},
        {"field": "partners", "title": "partner breadth (Hill)", "format": ".1f"},
    ]
    of_year = {"filter": "datum.year == year"}
    features = {"name": "shapes", "format": {"type": "topojson", "feature": "countries"}}
    return figure(
        {
            "datasets": {"shapes": shapes, "rows": rows},
            "params": [
                {
                    "name": "year",
                    "value": years[-1],
                    "bind": {"input": "range", "min": years[0], "max": years[-1], "step": 1},
                }
            ],
            "projection": {"type": "equalEarth", "rotate": [-11, 0]},
            "layer": [
                {
                    "data": {"sphere": True},
                    "mark": {"type": "geoshape", "fill": "#f4f7fa", "stroke": RULE},
                },
                {
                    "data": features,
                    "mark": {"type": "geoshape", "fill": "#e4e7ea", "stroke": PAPER},
                },
                {
                    "data": {"name": "rows"},
                    "transform": [
                        of_year,
                        classed,
                        {
                            "lookup": "m49",
                            "from": {"data": features, "key": "id"},
                            "as": "shape",
                        },
                        {"filter": "isValid(datum.shape)"},
                    ],
                    "mark": {"type": "geoshape", "stroke": PAPER, "strokeWidth": 0.4},
                    "encoding": {
                        "shape": {"field": "shape", "type": "geojson"},
                        "color": color,
                        "tooltip": tooltip,
                    },
                },
                {
                    "data": {"name": "rows"},
                    "transform": [of_year, {"filter": "datum.is_small"}, classed],
                    "mark": {"type": "circle", "size": 45, "opacity": 1, "stroke": QUIET},
                    "encoding": {
                        "longitude": {"field": "longitude"},
                        "latitude": {"field": "latitude"},
                        "color": color,
                        "tooltip": tooltip,
                    },
                },
            ],
        },
        height=430,
    )


def two_series(rows: Rows, *, title: str, form: str) -> Spec:
    """Return a line for each of two chosen countries before all others in gray."""
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"nice": False},
        "axis": {"format": "d", "title": None, "tickCount": 6},
    }
    y = {"field": "value", "type": "quantitative", "axis": {"format": form, "title": title}}
    tooltip = [
        {"field": "country_name", "title": "country"},
        {"field": "year"},
        {"field": "value", "title": title, "format": ".2%"},
    ]

    def chosen(name: str, color: str) -> Spec:
        return {
            "transform": [{"filter": f"datum.unit_id == {name}"}],
            "layer": [
                {"mark": {"type": "line", "stroke": color, "strokeWidth": 2.5}},
                {"mark": {"type": "circle", "color": color, "size": 30}},
                {
                    "transform": [
                        {
                            "window": [{"op": "rank", "as": "r"}],
                            "sort": [{"field": "year", "order": "descending"}],
                        },
                        {"filter": "datum.r == 1"},
                    ],
                    "mark": {
                        "type": "text",
                        "align": "right",
                        "dy": -10,
                        "fontWeight": "bold",
                        "color": color,
                    },
                    "encoding": {"text": {"field": "country_name"}},
                },
            ],
        }

    return figure(
        {
            "datasets": {"rows": rows},
            "params": [choice("a", "BR"), choice("b", "CN")],
            "data": {"name": "rows"},
            "encoding": {"x": x, "y": y, "tooltip": tooltip},
            "layer": [
                {
                    "mark": {"type": "line", "stroke": "#c9d1d9", "strokeWidth": 0.8},
                    "encoding": {"detail": {"field": "unit_id"}},
                },
                chosen("a", FIRST),
                chosen("b", SECOND),
            ],
        },
        height=260,
    )


def bounded_series(rows: Rows) -> Spec:
    """Return shares of documents by period with the bounds that unknown countries allow."""
    x = {"field": "period", "type": "ordinal", "axis": {"title": None, "labelAngle": 0}}

    def chosen(name: str, color: str, shift: int) -> Spec:
        return {
            "transform": [{"filter": f"datum.unit_id == {name}"}],
            "layer": [
                {
                    "mark": {
                        "type": "rule",
                        "color": color,
                        "xOffset": shift,
                        "opacity": 0.45,
                        "strokeWidth": 6,
                    },
                    "encoding": {
                        "y": {"field": "least", "type": "quantitative"},
                        "y2": {"field": "most"},
                    },
                },
                {
                    "mark": {
                        "type": "circle",
                        "color": color,
                        "xOffset": shift,
                        "size": 90,
                        "opacity": 1,
                    },
                    "encoding": {
                        "y": {
                            "field": "share",
                            "type": "quantitative",
                            "axis": {"format": ".0%", "title": "share of RFC documents"},
                        }
                    },
                },
            ],
        }

    return figure(
        {
            "datasets": {"rows": rows},
            "params": [choice("a", "BR"), choice("b", "CN")],
            "data": {"name": "rows"},
            "encoding": {
                "x": x,
                "tooltip": [
                    {"field": "country_name", "title": "country"},
                    {"field": "period"},
                    {"field": "documents", "title": "documents"},
                    {"field": "share", "title": "of documents with a country", "format": ".1%"},
                    {"field": "least", "title": "least", "format": ".1%"},
                    {"field": "most", "title": "most", "format": ".1%"},
                ],
            },
            "layer": [chosen("a", FIRST, -6), chosen("b", SECOND, 6)],
        },
        height=280,
    )


def openness_and_level(rows: Rows, *, title: str, greatest: float) -> Spec:
    """Return economies by international share and level, two of them by name."""
    names = {
        "transform": [{"filter": "datum.unit_id == a || datum.unit_id == b"}],
        "mark": {"type": "text", "dy": -10, "fontWeight": "bold"},
        "encoding": {"text": {"field": "country_name"}, "color": _two_colors()},
    }
    return figure(
        {
            "datasets": {"rows": rows},
            "params": [choice("a", "BR"), choice("b", "CN")],
            "data": {"name": "rows"},
            "encoding": {
                "x": {
                    "field": "pp_int_collab",
                    "type": "quantitative",
                    "axis": {"format": ".0%", "title": "international share of works"},
                },
                "y": {
                    "field": "pp_top_1",
                    "type": "quantitative",
                    "scale": {"domain": [0, greatest]},
                    "axis": {"format": ".1%", "title": title},
                },
                "tooltip": [
                    {"field": "country_name", "title": "economy"},
                    {"field": "pp_int_collab", "title": "international share", "format": ".1%"},
                    {"field": "pp_top_1", "title": title, "format": ".2%"},
                ],
            },
            "layer": [
                {
                    "mark": {"type": "circle", "size": 60, "opacity": 0.75},
                    "encoding": {"color": _two_colors()},
                },
                names,
            ],
        },
        height=320,
    )


def flows_by_field(rows: Rows, fields: Sequence[str]) -> Spec:
    """Return a heat map of one country: field by partner, citations against expectation."""
    return figure(
        {
            "datasets": {"rows": rows},
            "params": [choice("a", "BR"), choice("b", "CN")],
            "data": {"name": "rows"},
            "transform": [{"filter": "datum.unit_id == a"}],
            "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1},
            "encoding": {
                "x": {
                    "field": "partner_id",
                    "type": "nominal",
                    "axis": {
                        "title": None,
                        "labelAngle": 0,
                        "labelFontSize": 10,
                        "labelOverlap": False,
                    },
                },
                "y": {
                    "field": "field_name",
                    "type": "nominal",
                    "sort": fields,
                    "axis": {"title": None, "labelLimit": 300},
                },
                "color": {
                    "field": "rci",
                    "type": "quantitative",
                    "scale": {
                        "type": "threshold",
                        "domain": [0.4, 0.6, 0.8, 1.25, 1.7, 2.5],
                        "range": DIVERGING,
                    },
                    "legend": {
                        "title": "citations against expectation (1: no preference)",
                        "titleLimit": 400,
                        "orient": "bottom",
                        "gradientLength": 320,
                    },
                },
                "tooltip": [
                    {"field": "unit_id", "title": "citing"},
                    {"field": "partner_id", "title": "cited"},
                    {"field": "field_name", "title": "field"},
                    {"field": "rci", "title": "relative citation index", "format": ".2f"},
                    {"field": "standing", "title": "partner's level"},
                ],
            },
        },
        height=420,
    )


def levels_of_pair(rows: Rows) -> Spec:
    """Return the levels of two countries by field, a line between them."""
    y = {"field": "field_name", "type": "nominal", "axis": {"title": None, "labelLimit": 165}}
    x = {
        "field": "level",
        "type": "quantitative",
        "axis": {"format": ".1%", "title": "share in the world's top 1%, fractional"},
    }
    return figure(
        {
            "datasets": {"rows": rows},
            "params": [choice("a", "BR"), choice("b", "CN")],
            "layer": [
                {
                    "data": {"values": [{"level": HIGH}]},
                    "mark": {"type": "rule", "strokeDash": [4, 3], "stroke": QUIET},
                    "encoding": {"x": x},
                },
                {
                    "data": {"name": "rows"},
                    "transform": [{"filter": "datum.unit_id == a || datum.unit_id == b"}],
                    "encoding": {"x": x, "y": y},
                    "layer": [
                        {
                            "mark": {"type": "line", "stroke": "#b7c1ca", "strokeWidth": 2},
                            "encoding": {"detail": {"field": "field_name"}},
                        },
                        {
                            "mark": {"type": "circle", "size": 110, "opacity": 1},
                            "encoding": {
                                "color": _two_colors(),
                                "tooltip": [
                                    {"field": "country_name", "title": "country"},
                                    {"field": "field_name", "title": "field"},
                                    {"field": "level", "title": "top 1%", "format": ".2%"},
                                ],
                            },
                        },
                    ],
                },
            ],
        },
        height=420,
    )


def flows_of_pair(rows: Rows, fields: Sequence[str]) -> Spec:
    """Return citations between two countries by field, either way, against expectation."""
    y = {
        "field": "field_name",
        "type": "nominal",
        "sort": list(fields),
        "axis": {"title": None, "labelLimit": 165},
    }
    x = {
        "field": "rci",
        "type": "quantitative",
        "scale": {"type": "log", "nice": False},
        "axis": {
            "title": "citations against expectation",
            "values": [0.1, 0.2, 0.5, 1, 2, 5],
            "format": "~g",
        },
    }
    return figure(
        {
            "datasets": {"rows": rows},
            "params": [choice("a", "BR"), choice("b", "CN")],
            "layer": [
                {
                    "data": {"values": [{"rci": 1}]},
                    "mark": {"type": "rule", "strokeDash": [4, 3], "stroke": QUIET},
                    "encoding": {"x": x},
                },
                {
                    "data": {"name": "rows"},
                    "transform": [
                        {
                            "filter": "(datum.unit_id == a && datum.partner_id == b) || "
                            "(datum.unit_id == b && datum.partner_id == a)"
                        },
                        {"filter": "datum.rci > 0"},
                    ],
                    "mark": {"type": "circle", "size": 110, "opacity": 1},
                    "encoding": {
                        "x": x,
                        "y": y,
                        "color": _two_colors(),
                        "tooltip": [
                            {"field": "unit_id", "title": "citing"},
                            {"field": "partner_id", "title": "cited"},
                            {"field": "field_name", "title": "field"},
                            {"field": "rci", "title": "relative citation index", "format": ".2f"},
                            {"field": "standing", "title": "cited side's level"},
                        ],
                    },
                },
            ],
        },
        height=420,
    )


def _two_colors() -> Spec:
    return {
        "condition": [
            {"test": "datum.unit_id == a", "value": FIRST},
            {"test": "datum.unit_id == b", "value": SECOND},
        ],
        "value": "#b7c1ca",
    }
