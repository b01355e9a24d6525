"""One partner among all: its standing in a sentence, and the levels of both field by field."""

from __future__ import annotations

from collections.abc import Mapping

from fourseas.reports.cards.card import Picture, Sheet
from fourseas.reports.panel import ALL_FIELDS, Reading, Rows, text
from fourseas.reports.theme import FIRST, MUTED, PAPER, QUIET, ROOMY, SECOND, Spec, figure

ROW_HEIGHT = 22
AXIS_HEIGHT = 60
SIZE = 90
MOST_LETTERS = 40
"""Of the name of a field."""
LETTER, BESIDE, LEGEND_HEIGHT = 6.5, 14, 38
"""Width of a letter, what a label needs besides, and height of a legend, in points."""


def standing_told(partners: Sheet, name: str, partner: str) -> str:
    """Return in a sentence where a partner stands, by the table of all partners.

    Parameters
    ----------
    name, partner
        Of the country and of the partner.
    """
    row = next((one for one in partners.rows if one["partner_name"] == partner), None)
    if row is None:
        return f"{partner} is not among the partners that are shown."
    gap = text(row["gap"], "points")
    level = text(row["partner_level"], "finer_share")
    return f"{partner} is {row['standing']}: level {level}, {gap} points from that of {name}."


def rows_drawn(matrix: Picture) -> Rows:
    """Return the rows that a chart of all partners by field draws."""
    datasets = matrix.spec["datasets"]
    assert isinstance(datasets, dict)
    rows: Rows = datasets["rows"]
    return rows


def levels_of(matrix: Picture, partner_id: str) -> Rows:
    """Return the rows of one partner that a chart of all partners by field draws."""
    return [row for row in rows_drawn(matrix) if row["partner_id"] == partner_id]


def levels_by_field(levels: Rows, name: str, partner: str, *, beside: Reading) -> Picture | None:
    """Return the levels of a country and of a partner in each field; nothing where none is known.

    Parameters
    ----------
    levels
        Rows with `field_name` and the levels of both, `own` and `theirs`.
    name, partner
        Of the country and of the partner.
    beside
        How to read the chart or table that the levels are of.
    """
    if not levels:
        return None
    found = [one for row in levels for one in _marks(row, name, partner)]
    listed = [str(row["field_name"]) for row in levels]
    fields = sorted(listed, key=lambda one: (one != ALL_FIELDS, one))
    return Picture(
        name="levels",
        title=f"Levels of {name} and {partner}, field by field.",
        spec=_spec(found, fields, (name, partner))
        | {"height": ROW_HEIGHT * len(fields) + AXIS_HEIGHT, "autosize": ROOMY},
        reading=Reading(
            definition="Level: works among the world's most cited of field and year by all works. "
            f"Figures: the level of {partner} less that of {name}, in percentage points.",
            counting="Fractional.",
            source=beside.source,
            n=f"{len(fields)} fields in which flows between both are published.",
            bounds=beside.bounds,
            coverage="Fields without a published level or flow are left out.",
        ),
    )


def _marks(row: Mapping[str, object], name: str, partner: str) -> Rows:
    """Return the marks of both in a field, the gap at that of the higher level."""
    levels = {whose: float(str(row[side])) for side, whose in (("own", name), ("theirs", partner))}
    gap = levels[partner] - levels[name]
    higher = partner if gap > 0 else name
    return [
        {
            "field_name": row["field_name"],
            "level": level,
            "whose": whose,
            "gap": text(gap, "points") if whose == higher else None,
            "says": f"{row['field_name']}: {whose} {text(level, 'finer_share')}",
        }
        for whose, level in levels.items()
    ]


def _label(field: str) -> str:
    """Return the name of a field as it stands beside its marks."""
    return field.split(", ", maxsplit=1)[0][:MOST_LETTERS]


def _spec(found: Rows, fields: list[str], names: tuple[str, str]) -> Spec:
    """Return two marks in each field, a line between them, and the gap beside the higher."""
    x: Spec = {
        "field": "level",
        "type": "quantitative",
        "axis": {"title": None, "format": ".1%", "tickCount": 6},
    }
    return figure(
        {
            "datasets": {"rows": found},
            "padding": {
                "left": LETTER * max(map(len, map(_label, fields))) + BESIDE,
                "right": 44,
                "top": LEGEND_HEIGHT,
                "bottom": 24,
            },
            "data": {"name": "rows"},
            "encoding": {
                "y": {
                    "field": "field_name",
                    "type": "nominal",
                    "sort": fields,
                    "axis": {
                        "title": None,
                        "ticks": False,
                        "domain": False,
                        "labelExpr": f"truncate(split(datum.label, ', ')[0], {MOST_LETTERS})",
                    },
                },
            },
            "layer": [
                {
                    "mark": {"type": "line", "color": MUTED, "aria": False},
                    "encoding": {"x": x, "detail": {"field": "field_name"}},
                },
                {
                    "transform": [{"filter": "isValid(datum.gap)"}],
                    "mark": {
                        "type": "text",
                        "align": "left",
                        "dx": 9,
                        "fontSize": 11,
                        "color": QUIET,
                        "aria": False,
                    },
                    "encoding": {"x": x, "text": {"field": "gap"}},
                },
                {
                    "mark": {
                        "type": "point",
                        "filled": True,
                        "size": SIZE,
                        "opacity": 1,
                        "stroke": PAPER,
                    },
                    "encoding": {
                        "x": x,
                        "color": {
                            "field": "whose",
                            "scale": {"domain": list(names), "range": [FIRST, SECOND]},
                            "legend": {"title": None, "orient": "top"},
                        },
                        "shape": {
                            "field": "whose",
                            "scale": {"domain": list(names), "range": ["circle", "diamond"]},
                            "legend": {"title": None, "orient": "top"},
                        },
                        "description": {"field": "says"},
                    },
                },
            ],
        },
        height=AXIS_HEIGHT,
    )
