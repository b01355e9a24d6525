"""The statement as a page, as Markdown and as data."""

from __future__ import annotations

import json
from importlib import resources

import jinja2

from fourseas import __version__
from fourseas.reports.marked import marked
from fourseas.reports.simulation.charts import drawn
from fourseas.reports.simulation.sides import Assessed, BothSides, Ends, Measure
from fourseas.reports.simulation.statement import Part, Statement
from fourseas.reports.theme import dark_rules


def as_html(written: Statement) -> str:
    """Return the statement as one page that needs no network and no script."""
    templates = resources.files("fourseas.reports") / "templates"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["marked"] = marked
    template = environment.from_string((templates / "simulation.html").read_text(encoding="utf-8"))
    return template.render(
        statement=written,
        pictures={part.name: drawn(part.chart) for part in written.parts if part.chart},
        style=(templates / "overview.css").read_text(encoding="utf-8") + dark_rules(),
        fourseas_version=__version__,
    )


def as_markdown(written: Statement) -> str:
    """Return the statement as Markdown."""
    lines = [f"# {written.title}", ""]
    for line in written.lead:
        lines += [line, ""]
    lines += [f"- **{one.value}** {one.meaning}" for one in written.figures]
    for part in written.parts:
        lines += ["", f"## {part.title}", ""]
        lines += [f"{one}\n" for one in part.text]
        for table in part.tables:
            lines += _table_lines(table)
        for one in part.assessed:
            lines += _assessed_lines(one)
    lines += ["", "## Sources", "", *(f"- {one}" for one in written.sources), "", written.citation]
    return "\n".join(lines) + "\n"


def _table_lines(table: BothSides) -> list[str]:
    lines = [f"### {table.title}", "", _line(table.header), _line(["---"] * len(table.header))]
    lines += [_line(row) for row in table.texts()]
    return [*lines, "", *(f"{note}\n" for note in notes(table))]


def notes(table: BothSides) -> tuple[str, ...]:
    """Return what stands below a table: how to read it, and what it may be compared with."""
    return (*table.notes, f"Comparison group: {table.comparison}.")


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _assessed_lines(one: Assessed) -> list[str]:
    head = f"- **{one.interval}**: {one.outcome}" + ("" if one.is_about else " (about other sides)")
    return [head, *(f"  - {name}: {said}" for name, said in parts_of(one))]


def parts_of(one: Assessed) -> tuple[tuple[str, str], ...]:
    """Return what must be said of a number, name by name."""
    return (
        ("source", one.source),
        ("population", one.population),
        ("comparison group", one.comparison),
        ("applies if", one.applies_if),
    )


def as_json(written: Statement) -> str:
    """Return the statement as data, numbers as they are."""
    whole = {
        "title": written.title,
        "lead": written.lead,
        "figures": [{"value": one.value, "meaning": one.meaning} for one in written.figures],
        "parts": [_part(part) for part in written.parts],
        "sources": written.sources,
        "citation": written.citation,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _part(part: Part) -> dict[str, object]:
    return {
        "name": part.name,
        "title": part.title,
        "text": part.text,
        "tables": [_table(table) for table in part.tables],
        "scenarios": [
            {"outcome": one.outcome, "interval": one.interval, "about_these_sides": one.is_about}
            | dict(parts_of(one))
            for one in part.assessed
        ],
    }


def _table(table: BothSides) -> dict[str, object]:
    return {
        "name": table.name,
        "title": table.title,
        "sides": {"owner": table.sides[0], "partner": table.sides[1]},
        "columns": {one.field: one.title for one in (*table.about, *table.measured)},
        "rows": [
            {
                "about": dict(row.about),
                "owner": {name: _plain(value) for name, value in row.owner.items()},
                "partner": {name: _plain(value) for name, value in row.partner.items()},
            }
            for row in table.rows
        ],
        "notes": table.notes,
        "comparison": table.comparison,
    }


def _plain(value: Measure) -> object:
    return {"least": value.least, "most": value.most} if isinstance(value, Ends) else value
