"""Coefficients as a table and as a picture, and cards of models as text for papers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from fourseas.models.regression import Coefficient
from fourseas.reports import spreadsheets
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.panel import Heading, Rows, text
from fourseas.reports.theme import FIRST, QUIET, Spec, figure

ROW_HEIGHT = 34
CAPTION_HEIGHT = 60
SIGN_WIDTH = 6.8
"""Room for a sign of a label: the renderer leaves too little for long ones, and cuts them."""
LABEL_WIDTH = 380

TOLD = (
    "datum.regressor + ': ' + format(datum.estimate, '.3g') + ', 95% interval from ' "
    "+ format(datum.low, '.3g') + ' to ' + format(datum.high, '.3g')"
)
SILENT: Spec = {"aria": False}
"""Of marks whose meaning the point beside them tells."""

COEFFICIENTS = (
    Heading("regressor", "regressor"),
    Heading("estimate", "estimate", "effect"),
    Heading("se", "standard error", "finer_ratio"),
    Heading("low", "95% interval from", "effect"),
    Heading("high", "to", "effect"),
    Heading("meaning", "what it says"),
)

PARTING = r"\|"

SPECIALS = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""Signs that LaTeX reads as its own."""


def coefficient_rows(
    coefficients: Sequence[Coefficient],
    names: Mapping[str, str],
    meanings: Mapping[str, str],
) -> Rows:
    """Return a row for each coefficient, named and explained."""
    return [
        {
            "regressor": names.get(one.name, one.name),
            "estimate": one.estimate,
            "se": one.se,
            "low": one.low,
            "high": one.high,
            "meaning": meanings.get(one.name, ""),
        }
        for one in coefficients
    ]


def coefficient_plot(rows: Rows, *, title: str) -> Spec:
    """Return each estimate with its 95% interval, and a line at 0."""
    longest = max((len(str(row["regressor"])) for row in rows), default=0)
    y: Spec = {
        "field": "regressor",
        "type": "nominal",
        "sort": [row["regressor"] for row in rows],
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelLimit": LABEL_WIDTH,
            "minExtent": min(SIGN_WIDTH * longest, LABEL_WIDTH),
        },
    }
    x: Spec = {"type": "quantitative", "axis": {"title": title}}
    interval: Spec = {"type": "rule", "color": FIRST, "strokeWidth": 3, "opacity": 0.5}
    dashed: Spec = {"type": "rule", "color": QUIET, "strokeDash": [4, 3]}
    return figure(
        {
            "data": {"values": rows},
            "transform": [{"calculate": TOLD, "as": "told"}],
            "layer": [
                {
                    "data": {"values": [{"zero": 0}]},
                    "mark": dashed | SILENT,
                    "encoding": {"x": {"field": "zero", "type": "quantitative"}},
                },
                {
                    "mark": interval | SILENT,
                    "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 80, "color": FIRST},
                    "encoding": {
                        "y": y,
                        "x": x | {"field": "estimate"},
                        "description": {"field": "told"},
                    },
                },
            ],
        },
        height=ROW_HEIGHT * len(rows) + CAPTION_HEIGHT,
    )


def as_csv(card: Card) -> str:
    """Return the first table of a card, numbers as they are, its sources as comments."""
    sheet = card.sheets[0]
    written = io.StringIO()
    for line in (card.title, *card.lead, *card.sources, card.citation):
        written.write(f"# {line}\n")
    names = [heading.field for heading in sheet.headings]
    rows = ([row[name] for name in names] for row in sheet.rows)
    return written.getvalue() + spreadsheets.lines([names, *rows])


def as_markdown(card: Card) -> str:
    """Return a card as Markdown: what it says, its tables, and how to read each."""
    blocks = [f"# {card.title}", *card.lead]
    for sheet in card.sheets:
        blocks += [f"## {sheet.title}", _markdown_table(sheet)]
        blocks.append("\n".join(f"- {name}: {line}" for name, line in sheet.reading.lines))
    blocks += ["## Sources", *card.sources, card.citation]
    return "\n\n".join(blocks) + "\n"


def _markdown_table(sheet: Sheet) -> str:
    """Return the rows of a sheet; a sign that parts cells is escaped within them."""
    rules = ["---" if heading.form == "text" else "---:" for heading in sheet.headings]
    rows = [[heading.title for heading in sheet.headings], rules, *sheet.texts()]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', PARTING) for cell in row)} |" for row in rows
    )


def as_latex(card: Card) -> str:
    """Return the tables of a card for a paper, each with how to read it."""
    blocks = [_latex_table(card, sheet) for sheet in card.sheets]
    lines = (card.title, *card.lead, *card.sources, card.citation)
    comments = "".join(f"% {line}\n" for line in lines)
    return comments + "\n".join(blocks)


def _latex_table(card: Card, sheet: Sheet) -> str:
    """Return one table in the plain environments of LaTeX."""
    columns = "".join("l" if heading.form == "text" else "r" for heading in sheet.headings)
    head = " & ".join(_escaped(heading.title) for heading in sheet.headings)
    rows = [
        " & ".join(_escaped(text(row[heading.field], heading.form)) for heading in sheet.headings)
        for row in sheet.rows
    ]
    reading = " ".join(f"{name}: {line}" for name, line in sheet.reading.lines)
    return "\n".join(
        (
            r"\begin{table}",
            rf"\caption{{{_escaped(card.title)}. {_escaped(sheet.title)}}}",
            rf"\begin{{tabular}}{{{columns}}}",
            r"\hline",
            rf"{head} \\",
            r"\hline",
            *(rf"{row} \\" for row in rows),
            r"\hline",
            r"\end{tabular}",
            rf"\par\footnotesize {_escaped(reading)}",
            r"\end{table}",
            "",
        )
    )


def _escaped(words: str) -> str:
    return "".join(SPECIALS.get(sign, sign) for sign in words)
