"""`fourseas list`: the names of things, with a line each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fourseas import workspace
from fourseas.catalog import INDICATORS, SOURCES
from fourseas.cli import rendering
from fourseas.lake.ledger import read_ledger
from fourseas.reports.organization.largest import largest
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.source import SCOPES

MEGABYTE = 1e6

Rows = list[tuple[object, ...]]

DECLARED: dict[str, Callable[[], Rows]] = {
    "indicator": lambda: [(i.name, i.title, i.meaning) for i in INDICATORS],
    "definition": lambda: [(d.definition_id, d.title, d.source) for d in DEFINITIONS],
    "source": lambda: [(s.name, s.title, s.licence) for s in SOURCES],
    "counting": lambda: [
        ("full", "each work counts as one for every unit that has a part in it"),
        ("fractional", "a work is divided among its authors, and each author among places"),
    ],
    "scope": lambda: [
        (scope, meaning)
        for scope, meaning in zip(
            SCOPES, ("the whole register", "drawn at random", "chosen by somebody"), strict=True
        )
    ],
}
"""Names that exist without a lake."""

STORED: dict[str, tuple[str, tuple[str, ...]]] = {
    "register": ("registers", ("register", "title", "snapshot_on")),
    "country": ("countries", ("country_code", "country_name", "region")),
    "field": ("fields", ("field_id", "field_name", "scheme")),
}
"""Names that a lake holds: its table and the columns to show."""


def list_names(what: str, lake: Path) -> None:
    """Print the names of one kind."""
    if what in DECLARED:
        rows = DECLARED[what]()
        header = (what, "title", "more")
        rendering.show_rows("", header[: len(rows[0])], rows)
        return
    with workspace.open(lake) as ws:
        if what == "table":
            _list_tables(ws)
            return
        if what == "organization":
            _list_organizations(ws)
            return
        name, columns = STORED[what]
        table = ws.table(name).select(*columns).order_by(*columns[::-1]).to_pyarrow().to_pylist()
        rendering.show_rows("", columns, ([row[column] for column in columns] for row in table))
        if what == "country":
            groups = ws.table("group_memberships").select("group_id", "group_name").distinct()
            listed = groups.order_by("group_id").to_pyarrow().to_pylist()
            rendering.show_rows(
                "groups", ("group_id", "group_name"), (list(row.values()) for row in listed)
            )
            rendering.say("WORLD is all works; UNKNOWN is credit whose country is not known.")


def _list_tables(ws: workspace.Workspace) -> None:
    """Print the tables of the current version with what its ledger says of them."""
    built = read_ledger(ws.lake.versions / ws.version)
    rendering.show_rows(
        f"Version {ws.version}, built {built.built_at} by fourseas {built.code_version}",
        ("table", "rows", "MB", "engine"),
        (
            (table.name, table.rows, table.n_bytes / MEGABYTE, table.engine)
            for table in sorted(built.tables, key=lambda table: table.name)
        ),
    )


def _list_organizations(ws: workspace.Workspace) -> None:
    """Print the organizations with most works by default definitions."""
    found = largest(ws, rendering.MAX_ROWS)
    rendering.show_rows(
        "",
        ("organization", "works"),
        ((found.labels[unit], n) for unit, n in found.works.items()),
    )
    rendering.say(
        f"The largest of {found.n:,}. "
        "Name any by `--organization` with its name or the id in brackets."
    )
