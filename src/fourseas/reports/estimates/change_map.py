"""A map of the world by how much something of each country would change."""

from __future__ import annotations

import json

import pandas as pd

from fourseas.reports.cards.world import outlined
from fourseas.reports.color_classes import color_classes, step_reached
from fourseas.reports.map_shapes import map_shapes
from fourseas.reports.measure import SMALL_KM2
from fourseas.reports.outlines import Painted
from fourseas.reports.rows import rows
from fourseas.reports.theme import DIVERGING, Spec, figure
from fourseas.reports.world_map import countries, ground, small_states
from fourseas.workspace import Workspace

HEIGHT = 470
STEPS = (-0.1, -0.01, -0.001, 0.001, 0.01, 0.1)
NAMES = (
    "-10% and more",
    "-10 to -1%",
    "-1 to -0.1%",
    "within 0.1%",
    "+0.1 to +1%",
    "+1 to +10%",
    "+10% and more",
)


def change_map(ws: Workspace, changes: dict[str, float], *, title: str) -> Spec:
    """Return a map of relative changes by country code; land without one is gray."""
    known = ws.table("countries")
    placed = known.select(
        "m49",
        "country_name",
        "latitude",
        "longitude",
        unit_id=known.country_code,
        is_small=(known.area_km2 < SMALL_KM2).fill_null(False) & known.latitude.notnull(),
    ).to_pandas()
    drawn: pd.DataFrame = placed[placed.unit_id.isin(list(changes))].sort_values("unit_id")
    shown = rows(drawn.assign(change=drawn.unit_id.map(changes)))
    chosen: list[Spec] = [
        {"filter": "isValid(datum.change)"},
        {"calculate": step_reached("datum.change", STEPS), "as": "step"},
    ]
    color = color_classes(STEPS, DIVERGING, json.dumps(NAMES))
    tooltip: list[Spec] = [
        {"field": "country_name", "title": "country"},
        {"field": "change", "title": title, "format": "+.2%"},
    ]
    return figure(
        {
            "datasets": {"shapes": map_shapes(), "rows": shown},
            "projection": {"type": "equalEarth", "rotate": [-11, 0]},
            "layer": [
                *ground(),
                countries(chosen, color, tooltip),
                small_states(chosen, color, tooltip),
            ],
        },
        height=HEIGHT,
    )


def painted_changes(ws: Workspace, spec: Spec, title: str) -> str:
    """Return what a map of changes shows, painted on outlines that are drawn already.

    A page draws it in a hundredth of the time that Vega takes, and each country leads to its page.
    """
    datasets = spec["datasets"]
    assert isinstance(datasets, dict)
    shapes, dots = {}, {}
    for row in datasets["rows"]:
        if row["change"] is None:
            continue
        change = float(row["change"])
        shown = Painted(
            color=DIVERGING[sum(change >= step for step in STEPS)],
            says=f"{row['country_name']}: {change:+.2%}",
            address=f"/country/{row['unit_id']}",
            code=str(row["unit_id"]),
        )
        shapes[str(row["m49"])] = shown
        if row["is_small"]:
            dots[str(row["unit_id"])] = shown
    return outlined(ws).painted(shapes, dots, title=title)


CLASSES = tuple(zip(DIVERGING, NAMES, strict=True))
"""Color and name of each class."""
