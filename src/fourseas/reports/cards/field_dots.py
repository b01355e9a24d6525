"""A country's fields as dots: how much it does in each, and at what level."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fourseas.reports.cards.card import PICTURE_WIDTH, Picture, Sheet
from fourseas.reports.panel import Reading, Rows, text
from fourseas.reports.theme import FIRST, INK, PAPER, QUIET, ROOMY, Spec, figure

HEIGHT = 430
WORLD_LEVEL = 0.01
"""The world's share of works among its own top 1%."""

MARGINS = (60, 6, 42)
"""What is left of, right of and below the dots, in points."""

TOP = 8
"""What is above them."""

LETTER, LINE = 5.9, 13
"""Width of a letter and height of a line of a name, in points."""

DOT = 5
"""Half the width of a dot."""

WAYS = (
    ("left", 9, 0),
    ("right", -9, 0),
    ("center", 0, -13),
    ("center", 0, 13),
    *((align, dx, dy) for dy in (-9, 9) for align, dx in (("left", 7), ("right", -7))),
    *((align, dx, dy) for dy in (-22, 22) for align, dx in (("left", 0), ("right", 0))),
)
"""How a name stands beside its dot, the best first: alignment, and shift from the dot."""

ROOM = 1.25
"""By how much the axes reach beyond the farthest dots, as a factor."""

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class _Box:
    """A name as it stands in the picture, in points from the upper left."""

    left: float
    top: float
    width: float
    height: float

    def shared(self, other: _Box) -> float:
        """Return the area that two have in common."""
        width = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        height = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)


def field_dots(fields: Sheet, name: str) -> Picture | None:
    """Return a dot for each field of a country's table; nothing where no level is known.

    Parameters
    ----------
    fields
        Rows with `field_name`, `activity_index` and `pp_top_1`.
    name
        Of the country.
    """
    known = [row for row in fields.rows if row["activity_index"] and row["pp_top_1"] is not None]
    if not known:
        return None
    found = _placed([_dot(row) for row in known])
    left_out = len(fields.rows) - len(known)
    reading = fields.reading
    return Picture(
        name="field-dots",
        title=f"Fields of {name}: how much it does in each, and at what level.",
        spec=_spec(found),
        reading=Reading(
            definition="To the right, activity index: share of the field in the country's works "
            "by that in the world's, in steps of a factor. Upward: share of its works in the field "
            "among the world's 1% most cited. Dashed: the world, 1 and 1%.",
            counting=reading.counting,
            source=reading.source,
            n=f"{len(found)} {reading.n.partition(' ')[2]}",
            bounds="None published; of a small field a level is a matter of a handful of works.",
            coverage="Fields with a work of the country and a published level"
            + (f"; {left_out} without are left out." if left_out else "."),
        ),
    )


def field_told(fields: Sheet, field: str, name: str) -> str:
    """Return in a sentence how much a country does in a field, and at what level."""
    row = next((one for one in fields.rows if one["field_name"] == field), None)
    if row is None:
        return f"No works of {name} in {field} are known here."
    return (
        f"{field}: {text(row['p'], 'count')} works of {name}, activity index "
        f"{text(row['activity_index'], 'ratio')}, of them in the world's top 1% "
        f"{text(row['pp_top_1'], 'finer_share')}."
    )


def _dot(row: dict[str, object]) -> dict[str, object]:
    field, activity, level = row["field_name"], row["activity_index"], row["pp_top_1"]
    return {
        "field_name": field,
        "activity": activity,
        "level": level,
        "short": str(field).split(", ", maxsplit=1)[0],
        "says": f"{field}: activity index {text(activity, 'ratio')}, "
        f"{text(level, 'finer_share')} of its works in the world's top 1%",
    }


def _reach(dots: Rows) -> tuple[float, float, float]:
    """Return the ends of the axis of activity, and the upper end of that of levels."""
    activities = [*(float(str(dot["activity"])) for dot in dots), 1.0]
    levels = [*(float(str(dot["level"])) for dot in dots), WORLD_LEVEL]
    return min(activities) / ROOM, max(activities) * ROOM, max(levels) * 1.1


def _placed(dots: Rows) -> Rows:
    """Return dots with where the name of each stands, so that few stand upon another."""
    low, high, top = _reach(dots)
    left, right, below = MARGINS
    width, height = PICTURE_WIDTH - left - right, HEIGHT - TOP - below

    def at(dot: dict[str, object]) -> tuple[float, float]:
        part = math.log(float(str(dot["activity"])) / low) / math.log(high / low)
        return width * part, height * (1 - float(str(dot["level"])) / top)

    places = [at(dot) for dot in dots]
    taken = [_Box(x - DOT, y - DOT, 2 * DOT, 2 * DOT) for x, y in places]
    found: Rows = []
    for dot, (x, y) in zip(dots, places, strict=True):
        size = LETTER * len(str(dot["short"]))
        ways = [(way, _beside(x, y, size, way)) for way in WAYS]
        inside = [
            (way, box)
            for way, box in ways
            if 0 <= box.left <= width - size and box.top >= 0 and box.top + LINE / 2 <= height
        ]
        own = _Box(x - DOT, y - DOT, 2 * DOT, 2 * DOT)
        others = [one for one in taken if one != own]
        (align, dx, dy), box = min(inside or ways, key=lambda one: sum(map(one[1].shared, others)))
        taken.append(box)
        found.append(dot | {"align": align, "dx": dx, "dy": dy})
    return found


def _beside(x: float, y: float, size: float, way: tuple[str, int, int]) -> _Box:
    """Return where a name of a size stands that is beside a dot in one of the ways."""
    align, dx, dy = way
    left = x + dx - {"left": 0.0, "center": size / 2, "right": size}[align]
    return _Box(left, y + dy - LINE / 2, size, LINE)


def _spec(dots: Rows) -> Spec:
    """Return dots with names, before the lines of the world."""
    low, high, top = _reach(dots)
    left, right, below = MARGINS
    x: Spec = {
        "type": "quantitative",
        "scale": {"type": "log", "domain": [low, high], "nice": False},
        "axis": {
            "title": "activity index: how much it does of the field, by the world",
            "values": [one for one in TICKS if low <= one <= high],
            "format": "~g",
            "grid": False,
        },
    }
    y: Spec = {
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": {
            "title": "of its works in the world's top 1%",
            "format": ".1%",
            "tickCount": 6,
        },
    }
    dashed: Spec = {"type": "rule", "color": QUIET, "strokeDash": [4, 3], "aria": False}
    names: Spec = {
        "mark": {
            "type": "text",
            **{one: {"expr": f"datum.{one}"} for one in ("align", "dx", "dy")},
            "color": INK,
            "fontSize": 11,
            "aria": False,
        },
        "encoding": {
            "x": {"field": "activity"} | x,
            "y": {"field": "level"} | y,
            "text": {"field": "short"},
        },
    }
    return figure(
        {
            "datasets": {"rows": dots},
            "data": {"name": "rows"},
            "padding": {"left": left, "right": right, "top": TOP, "bottom": below},
            "encoding": {"detail": {"field": "field_name"}},
            "layer": [
                {
                    "data": {"values": [{"world": 1}]},
                    "mark": dashed,
                    "encoding": {"x": {"field": "world"} | x, "detail": {"value": ""}},
                },
                {
                    "data": {"values": [{"world": WORLD_LEVEL}]},
                    "mark": dashed,
                    "encoding": {"y": {"field": "world"} | y, "detail": {"value": ""}},
                },
                {
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "size": 100,
                        "opacity": 1,
                        "color": FIRST,
                        "stroke": PAPER,
                    },
                    "encoding": {
                        "x": {"field": "activity"} | x,
                        "y": {"field": "level"} | y,
                        "description": {"field": "says"},
                    },
                },
                names,
            ],
        },
        height=HEIGHT,
    ) | {"autosize": ROOMY}
