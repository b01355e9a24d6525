"""`fourseas init`, `add` and `build`: show progress, then say what happened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering
from fourseas.lake.ingest import Request
from fourseas.schema.source import Scope

SHOWN_KEYS = 12
MEGABYTE = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFlags:
    """Permissions that a user gives to an addition."""

    allow_incomplete: bool
    replace: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What to add, as it was written."""

    path: Path
    source: str
    snapshot_on: str
    scope: Scope | None


def init(lake: Path, scope: Scope) -> None:
    """Create a lake and say what it holds."""
    with rendering.Bars() as bars:
        created = workspace.init(lake, scope=scope, progress=bars)
    rendering.say(
        f"Created the lake {created.root} (scope: {scope}) with the countries of the world.",
        f"Next: fourseas add {created.root} FILES --source openalex --snapshot YYYY-MM-DD",
    )


def add(lake: Path, inputs: Inputs, flags: AddFlags) -> None:
    """Read files of a register and say what was read and what was passed over."""
    request = Request(
        source=workspace.source(inputs.source),
        snapshot_on=inputs.snapshot_on,
        scope=inputs.scope,
        allow_incomplete=flags.allow_incomplete,
        replace=flags.replace,
    )
    with rendering.Bars() as bars:
        report = workspace.add(lake, inputs.path, request, bars)
    rendering.say(
        f"{report.register}: {report.n_records:,} records in {report.n_parts} parts, "
        f"{report.n_parts_read} of them read now; snapshot {report.snapshot_on}, "
        f"scope {report.scope}."
    )
    if report.n_parts_listed > report.n_parts_in_lake:
        rendering.say(
            f"Incomplete: of {report.n_parts_listed} listed parts, "
            f"{report.n_parts_in_lake} are in the lake."
        )
    rendering.show_rows("", ("table", "rows"), sorted(report.rows.items()))
    if report.unknown_keys:
        shown = ", ".join(report.unknown_keys[:SHOWN_KEYS])
        more = len(report.unknown_keys) - SHOWN_KEYS
        rendering.say(f"Keys passed over: {shown}" + (f" and {more} more." if more > 0 else "."))
    rendering.say(f"Next: fourseas build {lake}")


def build(lake: Path) -> None:
    """Build a version of the lake and say what is in it."""
    with rendering.Bars() as bars:
        report = workspace.build(lake, bars)
    rendering.show_rows(
        f"Version {report.version}: {report.n_built} tables built, {report.n_kept} were ready",
        ("table", "rows", "MB"),
        ((table.name, table.rows, table.n_bytes / MEGABYTE) for table in report.ledger.tables),
    )
    with workspace.open(lake) as ws:
        unlisted = ws.table("unlisted_countries").order_by("country_code").to_pyarrow().to_pylist()
        uncounted = ws.uncounted().order_by("register", "kind").to_pyarrow().to_pylist()
    if unlisted:
        rendering.say(
            "Codes that are no country's: "
            + ", ".join(f"{row['country_code']} ({row['n_works']} works)" for row in unlisted)
            + "."
        )
    if uncounted:
        rendering.say(
            "Works that no definition counts, by kind or year: "
            + ", ".join(
                f"{row['n_works']} of kind {row['kind'] or 'unknown'} ({row['register']})"
                for row in uncounted
            )
            + "."
        )
    rendering.say(f"Next: fourseas show collaboration --lake {lake}")


def plan(lake: Path) -> None:
    """Say what a build would do."""
    planned = workspace.plan(lake)
    rendering.show_rows(
        "A build would make",
        ("table", "ready", "rows read", "MB read", "MB written", "seconds"),
        (
            (
                table.name,
                table.is_ready,
                table.rows_read,
                table.bytes_read / MEGABYTE,
                table.n_bytes / MEGABYTE,
                table.seconds,
            )
            for table in planned.tables
        ),
    )
    rendering.say(
        f"About {planned.n_bytes / MEGABYTE:,.1f} MB in {planned.seconds:,.0f} s; "
        f"{planned.free_bytes / MEGABYTE:,.0f} MB are free.",
        planned.basis,
    )
