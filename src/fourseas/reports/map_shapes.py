"""Shapes of countries, as fine as a screen can show."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from itertools import accumulate

from fourseas.reports.theme import Spec

FINEST_DEGREES = 0.15
"""Half a pixel of a map of the world that is a thousand wide."""

SMALL_DEGREES = 3.0
"""Lines that reach no farther keep all their points: an island that collapsed would turn over,
and be drawn as the world without it."""


@cache
def map_shapes() -> Spec:
    """Return the embedded shapes without what cannot be seen, one shape for each country."""
    path = resources.files("fourseas") / "embedded" / "map" / "world-50m.topo.json"
    topology = json.loads(path.read_text(encoding="utf-8"))
    step_x, step_y = topology["transform"]["scale"]
    # Islands of Australia bear its number besides: a look-up would find them in its place.
    largest = {
        shape.get("id"): {name: shape[name] for name in ("type", "arcs", "id") if name in shape}
        for shape in sorted(
            topology["objects"]["countries"]["geometries"],
            key=lambda shape: len(str(shape["arcs"])),
        )
    }
    return {
        "type": "Topology",
        "transform": topology["transform"],
        "objects": {
            "countries": {"type": "GeometryCollection", "geometries": list(largest.values())}
        },
        "arcs": [_thinned(arc, step_x, step_y) for arc in topology["arcs"]],
    }


def _thinned(arc: list[list[int]], step_x: float, step_y: float) -> list[list[int]]:
    """Return an arc without points nearer to the last kept one than the finest step.

    Arcs hold their first point and then differences; the ends stay, so that borders still meet.
    """
    first, *differences = arc
    if (
        max(
            _reach([dx * step_x for dx, _ in differences]),
            _reach([dy * step_y for _, dy in differences]),
        )
        < SMALL_DEGREES
    ):
        return arc
    kept = [first]
    x = y = 0
    for dx, dy in differences:
        x, y = x + dx, y + dy
        if (x * step_x) ** 2 + (y * step_y) ** 2 >= FINEST_DEGREES**2:
            kept.append([x, y])
            x = y = 0
    if x or y:
        kept.append([x, y])
    return kept


def _reach(differences: list[float]) -> float:
    """Return between which ends a walk of these differences goes, as their distance."""
    places = [0.0, *accumulate(differences)]
    return max(places) - min(places)
