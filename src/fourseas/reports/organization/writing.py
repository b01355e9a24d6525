"""A report on an organization as a page, as Markdown and as data; all that is quoted is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources

import jinja2

from fourseas import __version__
from fourseas.reports.cards.card import Sheet
from fourseas.reports.marked import marked
from fourseas.reports.organization.report import OrganizationReport
from fourseas.reports.theme import dark_rules

MARKED = re.compile(r"([\\`*_\[\]|~])")
"""Signs that mean something anywhere in Markdown; with a backslash before it each means itself."""

BEGINNING = re.compile(r"^(#+|[-+>=]|\d+[.)])(?=\s|$)")
"""What would begin a heading, a list or a quotation."""


def as_html(report: OrganizationReport) -> str:
    """Return a report as one page that needs no network and no script."""
    templates = resources.files("fourseas.reports") / "templates"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["marked"] = marked
    template = environment.from_string(
        (templates / "organization.html").read_text(encoding="utf-8")
    )
    style = (templates / "overview.css").read_text(encoding="utf-8") + dark_rules()
    return template.render(report=report, style=style, fourseas_version=__version__)


def as_markdown(report: OrganizationReport) -> str:
    """Return a report as Markdown."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: OrganizationReport) -> Iterator[str]:
    yield f"# {escaped(report.title)}"
    yield from (escaped(line) for line in report.lead)
    for _, title, lines in report.sections:
        items = [f"- {escaped(line)}" for line in lines] or ["Nothing."]
        yield "\n".join([f"## {title}", "", *items])
    for sheet in report.sheets:
        yield f"## {escaped(sheet.title)}"
        yield _table(sheet)
        yield "\n".join(f"- {name}: {escaped(line)}" for name, line in sheet.reading.lines)
    yield "\n".join(["## Sources", "", *(f"- {escaped(line)}" for line in report.sources)])
    yield escaped(report.citation)


def _table(sheet: Sheet) -> str:
    rows = [
        [heading.title for heading in sheet.headings],
        *(list(row) for row in sheet.texts()),
    ]
    lines = [f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows]
    rule = "| --- " * len(sheet.headings) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is: no markup and no HTML, on one line."""
    line = " ".join(text.replace("&", "&amp;").replace("<", "&lt;").split())
    return BEGINNING.sub(r"\\\1", MARKED.sub(r"\\\1", line))


def as_json(report: OrganizationReport) -> str:
    """Return a report as data, numbers as they are."""
    whole = {
        "title": report.title,
        "lead": report.lead,
        "searched_and_found": report.found,
        "searched_and_not_found": report.not_found,
        "not_searched": report.not_searched,
        "sheets": [
            {
                "name": sheet.name,
                "title": sheet.title,
                "columns": {heading.field: heading.title for heading in sheet.headings},
                "reading": dict(sheet.reading.lines),
                "rows": [
                    {heading.field: row[heading.field] for heading in sheet.headings}
                    for row in sheet.rows
                ],
            }
            for sheet in report.sheets
        ],
        "sources": report.sources,
        "citation": report.citation,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
