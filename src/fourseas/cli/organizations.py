"""What `fourseas org` does: a report on the screen, as a page, as Markdown or as data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering, writing
from fourseas.reports.organization.inquiry import Question
from fourseas.reports.organization.report import OrganizationReport, organization_report
from fourseas.reports.organization.writing import as_html, as_json, as_markdown

WRITTEN: dict[str, Callable[[OrganizationReport], str]] = {
    ".html": as_html,
    ".json": as_json,
    ".md": as_markdown,
}
FIRST_ON_SCREEN = 3
"""Columns of a table that a screen always has room for."""


def report(lake: Path, question: Question, out: Path | None) -> None:
    """Print a report, or write it to a file whose name says how."""
    as_text = None if out is None else WRITTEN[writing.kind(out, WRITTEN)]
    with workspace.open(lake) as ws:
        made = organization_report(ws, question)
    if out is not None and as_text is not None:
        writing.write({out: as_text(made).encode()})
        rendering.say(f"Wrote {out}.")
        return
    rendering.tell(made.title, *made.lead)
    for _, title, lines in made.sections:
        rendering.tell("", title, *(f"  - {line}" for line in lines or ("Nothing.",)))
    rendering.say("")
    for sheet in made.sheets:
        columns = {
            heading.title: [row[place] for row in sheet.texts()]
            for place, heading in enumerate(sheet.headings)
        }
        left_out = rendering.show_table(sheet.title, columns, list(columns)[:FIRST_ON_SCREEN])
        if left_out:
            rendering.tell(f"Not shown for want of room: {', '.join(left_out)}; --out writes all.")
        rendering.tell(*(f"{name}: {line}" for name, line in sheet.reading.lines), "")
    rendering.tell(*made.sources, made.citation)
