"""The map of the world: international works by year or, switched over, breadth of partners."""

from __future__ import annotations

from fourseas.reports.color_classes import color_classes, step_names, step_reached
from fourseas.reports.panel import Rows
from fourseas.reports.theme import BLUES, FAINT, LAND, QUIET, RULE, SEA, Spec, figure

WORK_STEPS = (10, 100, 1_000, 10_000, 100_000)
BREADTH_STEPS = (10, 20, 30, 40, 50)
FEATURES = {"name": "shapes", "format": {"type": "topojson", "feature": "countries"}}
TOOLTIP: list[Spec] = [
    {"field": "country_name", "title": "country"},
    {"field": "year", "title": "year"},
    {"field": "works", "title": "international works", "format": ","},
    {"field": "partners", "title": "effective partners", "format": ".1f"},
]


def world_map(rows: Rows, shapes: Spec, *, years: tuple[int, int]) -> Spec:
    """Return a map by year of works or of partners, small states as dots."""
    names = f"measure == 'works' ? {step_names(WORK_STEPS)} : {step_names(BREADTH_STEPS)}"
    reached = (
        f"measure == 'works' ? {step_reached('datum.works', WORK_STEPS)} : "
        f"{step_reached('datum.partners', BREADTH_STEPS)}"
    )
    of_year: list[Spec] = [
        {"filter": "datum.year == year"},
        {"calculate": reached, "as": "step"},
        {"filter": "isValid(datum.works) && datum.works > 0"},
    ]
    color = color_classes(WORK_STEPS, BLUES, names)
    return figure(
        {
            "datasets": {"shapes": shapes, "rows": rows},
            "params": _controls(years),
            "projection": {"type": "equalEarth", "rotate": [-11, 0]},
            "layer": [
                *ground(),
                countries(of_year, color, TOOLTIP),
                small_states(of_year, color, TOOLTIP),
            ],
        },
        height="container",
    )


def _controls(years: tuple[int, int]) -> list[Spec]:
    """Return the switch and the slider that stand below the map."""
    first, last = years
    return [
        {
            "name": "measure",
            "value": "works",
            "bind": {
                "input": "radio",
                "name": "Show",
                "options": ["works", "partners"],
                "labels": ["international works", "effective partners"],
            },
        },
        {
            "name": "year",
            "value": last,
            "bind": {"input": "range", "name": "Year", "min": first, "max": last, "step": 1},
        },
    ]


def ground() -> list[Spec]:
    """Return sea, and land of which nothing is said."""
    return [
        {
            "data": {"sphere": True},
            "mark": {"type": "geoshape", "fill": SEA, "stroke": RULE},
        },
        {
            "data": FEATURES,
            "mark": {
                "type": "geoshape",
                "fill": LAND,
                "stroke": FAINT,
                "strokeWidth": 0.4,
                "tooltip": None,
            },
        },
    ]


def countries(chosen: list[Spec], color: Spec, tooltip: list[Spec]) -> Spec:
    """Return the layer of countries with a shape, of the rows that a transform chooses."""
    return {
        "data": {"name": "rows"},
        "transform": [
            *chosen,
            {"lookup": "m49", "from": {"data": FEATURES, "key": "id"}, "as": "shape"},
            {"filter": "isValid(datum.shape)"},
        ],
        "mark": {"type": "geoshape", "stroke": FAINT, "strokeWidth": 0.4},
        "encoding": {
            "shape": {"field": "shape", "type": "geojson"},
            "color": color,
            "tooltip": tooltip,
        },
    }


def small_states(chosen: list[Spec], color: Spec, tooltip: list[Spec]) -> Spec:
    """Return the layer of dots for countries too small to be seen."""
    return {
        "data": {"name": "rows"},
        "transform": [*chosen, {"filter": "datum.is_small"}],
        "mark": {
            "type": "circle",
            "size": {"expr": "width < 500 ? 14 : 34"},
            "opacity": 1,
            "stroke": QUIET,
            "strokeWidth": 0.7,
        },
        "encoding": {
            "longitude": {"field": "longitude"},
            "latitude": {"field": "latitude"},
            "color": color,
            "tooltip": tooltip,
        },
    }
