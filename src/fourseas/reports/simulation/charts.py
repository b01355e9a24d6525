"""Exposure of both sides as a picture: shares of either side's own works, back to back."""

from __future__ import annotations

import base64

from fourseas.policy.exposure import TOUCHED
from fourseas.reports import vega
from fourseas.reports.simulation.series import EACH, Series, country_named, ends, number, ranked
from fourseas.reports.theme import FIRST, INK, PAPER, SECOND, Spec, figure

BARS = 10
WIDTH = 860
ROW_HEIGHT = 30
ROOM = 1.25
"""The axis is so much longer than the longest bar, for the figures at its end."""


def partners_chart(series: Series) -> Spec | None:
    """Return the partners touched most, both sides' shares; None where nothing is touched."""
    cells = [one for one in series.cells(TOUCHED, partner=EACH) if one["n_most"]]
    rows: list[dict[str, object]] = []
    for cell in ranked(cells, "partner_id")[:BARS]:
        owner, partner = (ends(cell, f"{side}_share") for side in ("owner", "partner"))
        rows.append(
            {
                "partner": country_named(series.of, cell["partner_id"]),
                "owner_least": -number(owner.least),
                "owner_most": -number(owner.most),
                "partner_least": number(partner.least),
                "partner_most": number(partner.most),
            }
        )
    if not rows:
        return None
    reach = ROOM * max(
        abs(number(row[f"{side}_most"])) for row in rows for side in ("owner", "partner")
    )
    layers = [
        layer
        for side, color, sign in (("owner", FIRST, -1), ("partner", SECOND, 1))
        for layer in _side(side, color, sign)
    ]
    axis: Spec = {
        "title": f"share of all works of {series.sides[0]} (left) and of the partner (right)",
        "labelExpr": "format(abs(datum.value), '.1%')",
        "tickCount": 7,
    }
    spec: Spec = {
        "data": {"values": rows},
        "encoding": {
            "y": {
                "field": "partner",
                "type": "nominal",
                "sort": [row["partner"] for row in rows],
                "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 170},
            }
        },
        "layer": layers,
    }
    for layer in layers:
        encoding = layer["encoding"]
        assert isinstance(encoding, dict)
        encoding["x"] |= {
            "type": "quantitative",
            "axis": axis,
            "scale": {"domain": [-reach, reach], "nice": False},
        }
    return figure(spec, height=ROW_HEIGHT * len(rows) + 50)


def _side(side: str, color: str, sign: int) -> list[Spec]:
    """Return the bars of one side, pale for what may be touched, and their lengths."""
    bar: Spec = {"type": "bar", "color": color, "height": {"band": 0.6}}
    most, least = f"{side}_most", f"{side}_least"
    return [
        {"mark": bar | {"opacity": 0.3}, "encoding": {"x": {"field": most}}},
        {"mark": bar, "encoding": {"x": {"field": least}}},
        {
            "transform": [{"calculate": f"abs(datum.{most})", "as": "length"}],
            "mark": {
                "type": "text",
                "align": "left" if sign > 0 else "right",
                "dx": 5 * sign,
                "fontSize": 11,
                "color": INK,
            },
            "encoding": {"x": {"field": most}, "text": {"field": "length", "format": ".1%"}},
        },
    ]


def drawn(chart: Spec) -> str:
    """Return a chart as a picture in the text of a page."""
    picture = vega.as_svg(chart | {"width": WIDTH, "background": PAPER}).encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(picture).decode('ascii')}"
