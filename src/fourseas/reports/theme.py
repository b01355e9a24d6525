"""The house theme: one hand in every chart. Colours are from Okabe & Ito and ColorBrewer."""

from __future__ import annotations

INK = "#1b2a38"
QUIET = "#5b6b7a"
RULE = "#d8dee4"
PAPER = "#ffffff"
FIRST = "#0b5fa5"
SECOND = "#c2571a"
BLUES = ["#e3eef7", "#b9d5ea", "#84b6d8", "#4a90c2", "#1f6aa5", "#0b4373"]
DIVERGING = ["#8c510a", "#d8b365", "#f6e8c3", "#f5f5f5", "#c7eae5", "#5ab4ac", "#01665e"]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

Spec = dict[str, object]

CONFIG: Spec = {
    "background": PAPER,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
    },
    "text": {"color": INK, "fontSize": 12},
}


def figure(spec: Spec, height: int) -> Spec:
    """Return a chart in the house theme, as wide as its place on the page."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
    } | spec
