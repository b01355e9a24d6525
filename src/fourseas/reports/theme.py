"""The house theme: one hand in every chart, on paper and in the dark.

Colors are from Okabe & Ito and ColorBrewer. Each has one role and one value, so that a style
sheet can turn it over for a dark screen without drawing the chart again.
"""

from __future__ import annotations

INK = "#1b2a38"
QUIET = "#51606e"
RULE = "#d8dee4"
PAPER = "#ffffff"
SEA = "#f3f6f9"
LAND = "#e3e6e9"
FAINT = "#c9d1d9"
MUTED = "#a9b4be"
FIRST = "#0b5fa5"
SECOND = "#c2571a"
LINES = (FIRST, SECOND, "#00755b", "#8a3d74", "#7a6200")
"""Lines of one chart in their order: of unlike hue and lightness, each legible as text."""

BLUES = ["#e2eef8", "#b9d5ea", "#84b6d8", "#4a90c2", "#1f6aa5", "#0b4373"]
DIVERGING = ["#8c510a", "#d8b365", "#f6e8c3", "#f5f5f4", "#c7eae5", "#5ab4ac", "#01665e"]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

DARK = {
    INK: "#e6edf3",
    QUIET: "#a8b5c2",
    RULE: "#303b46",
    PAPER: "#17212b",
    SEA: "#131c25",
    LAND: "#2b3641",
    FAINT: "#45525f",
    MUTED: "#667585",
    FIRST: "#6cb4f0",
    SECOND: "#f0935a",
    **dict(zip(LINES[2:], ["#4fc3a1", "#d99ac4", "#d4bb4a"], strict=True)),
    **dict(
        zip(BLUES, ["#1c3248", "#23496c", "#2c6597", "#4387c4", "#74b0e2", "#bfdef8"], strict=True)
    ),
    **dict(
        zip(
            DIVERGING,
            ["#e09a45", "#a06f31", "#594a35", "#27323c", "#28504f", "#2f8c85", "#63d2c6"],
            strict=True,
        )
    ),
}
"""What each color is on a dark screen."""

Spec = dict[str, object]

CONFIG: Spec = {
    "background": None,
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
        "titlePadding": 8,
        "labelSeparation": 6,
        # For a limit in pixels each label is measured once more, as long as drawing it takes.
        "labelLimit": 0,
    },
    "legend": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
        "titleLimit": 400,
        "labelFontSize": 12,
        "titleFontSize": 12,
    },
    "text": {"color": INK, "fontSize": 12},
}

ROOMY: Spec = {"type": "none", "contains": "padding"}
"""How a chart fits its place that is drawn once for one width: its padding has room for all that
stands around it. Where the drawer has to measure that first, it lays the chart out twice."""


def figure(spec: Spec, height: int | str) -> Spec:
    """Return a chart in the house theme, as wide as its place on the page."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding", "resize": True},
    } | spec


def dark_rules() -> str:
    """Return the style rules by which a drawn chart turns dark with the screen."""
    rules = [
        f'.live [{paint}="{light}"]{{{paint}:{dark}}}'
        for light, dark in DARK.items()
        for paint in ("fill", "stroke")
    ]
    return f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}"
