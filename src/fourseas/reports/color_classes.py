"""Classes of a number, each with a color and a name in the legend."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fourseas.reports.theme import Spec


def color_classes(steps: Sequence[float], colors: Sequence[str], names: str = "") -> Spec:
    """Return the encoding of `step` as classes of one color each.

    Their names are those of the steps, or what an expression lists.
    """
    return {
        "field": "step",
        "type": "ordinal",
        "scale": {"domain": list(range(len(colors))), "range": list(colors)},
        "legend": {
            "title": None,
            "symbolType": "square",
            "symbolSize": 150,
            "symbolStrokeWidth": 0,
            "orient": "bottom",
            "direction": "horizontal",
            "columns": {"expr": "width < 420 ? 3 : 7"},
            "columnPadding": 20,
            "labelExpr": f"({names or step_names(steps)})[datum.value]",
        },
    }


def step_reached(value: str, steps: Sequence[float]) -> str:
    """Return an expression for the number of steps that a value has reached."""
    return "(" + " + ".join(f"({value} >= {step} ? 1 : 0)" for step in steps) + ")"


def step_names(steps: Sequence[float]) -> str:
    """Return an expression that lists the names of steps."""
    return json.dumps([f"under {steps[0]:,}", *(f"{step:,} +" for step in steps)])
