"""`fourseas init`, `add` and `build`: show progress, then say what happened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from fourseas import workspace
from fourseas.cli import correcting, rendering
from fourseas.cli.bars import Bars
from fourseas.errors import EngineError
from fourseas.facts.universe import uncounted
from fourseas.lake.engines import Start, on_duckdb
from fourseas.lake.fetch import Address, address, is_address
from fourseas.lake.ingest import Request
from fourseas.reports.added_works import added_works
from fourseas.reports.partners.ahead import prepare
from fourseas.schema.source import Scope

Output = Literal["table", "json"]

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

    place: str
    source: str
    snapshot_on: str
    scope: Scope | None


def init(lake: Path, scope: Scope) -> None:
    """Create a lake and say what it holds."""
    with Bars() as bars:
        created = workspace.init(lake, scope=scope, progress=bars)
    rendering.say(
        f"Created the lake {created.root} (scope: {scope}) with the countries of the world.",
        f"Next: fourseas add {created.root} FILES --source openalex --snapshot YYYY-MM-DD",
    )


def add(lake: Path, inputs: Inputs, flags: AddFlags, output: Output) -> None:
    """Read files of a register and say what was read, what is wrong and what was passed over."""
    with Bars() as bars:
        report = workspace.add(lake, _place(inputs), _request(inputs, flags), bars)
    findings = added_works(lake, report)
    if output == "json":
        whole = {**asdict(report), "findings": [asdict(finding) for finding in findings]}
        rendering.say(json.dumps(whole, ensure_ascii=False, indent=1))
        return
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
    if findings:
        rendering.show_rows(
            f"Works of {report.register} in the lake",
            ("found", "n", "share"),
            ((one.what, one.n, one.n / one.n_of if one.n_of else None) for one in findings),
        )
    if report.unknown_keys:
        shown = ", ".join(report.unknown_keys[:SHOWN_KEYS])
        more = len(report.unknown_keys) - SHOWN_KEYS
        rendering.say(f"Keys passed over: {shown}" + (f" and {more} more." if more > 0 else "."))
    rendering.say(f"Next: fourseas build {lake}")


def plan_addition(lake: Path, inputs: Inputs, flags: AddFlags, output: Output) -> None:
    """Say what an addition would do."""
    planned = workspace.plan_addition(lake, _place(inputs), _request(inputs, flags))
    if output == "json":
        rendering.say(json.dumps(asdict(planned), ensure_ascii=False, indent=1))
        return
    rendering.show_rows(
        "An addition would read",
        ("table", "format", "parts", "staged", "rows", "MB read", "MB written", "seconds"),
        (
            (
                kind.table,
                kind.format,
                kind.n_parts,
                kind.n_parts_ready,
                kind.n_records,
                kind.bytes_read / MEGABYTE,
                kind.n_bytes / MEGABYTE,
                kind.seconds,
            )
            for kind in planned.kinds
        ),
    )
    in_hand = (
        f" At most about {planned.n_bytes_in_hand / MEGABYTE:,.1f} MB of fetched files lie "
        "there at once."
        if planned.n_bytes_in_hand
        else ""
    )
    rendering.say(
        f"About {planned.n_bytes / MEGABYTE:,.1f} MB in {planned.seconds:,.0f} s; "
        f"{planned.free_bytes / MEGABYTE:,.0f} MB are free.{in_hand}"
    )
    if planned.n_bytes + planned.n_bytes_in_hand > planned.free_bytes:
        rendering.say("It does not fit the disk: free some, or put the lake elsewhere.")
    rendering.say(planned.basis)


def _request(inputs: Inputs, flags: AddFlags) -> Request:
    return Request(
        source=workspace.source(inputs.source),
        snapshot_on=inputs.snapshot_on,
        scope=inputs.scope,
        allow_incomplete=flags.allow_incomplete,
        replace=flags.replace,
    )


def _place(inputs: Inputs) -> Path | Address:
    """Return where the files are: on a server, or here."""
    if is_address(inputs.place):
        return address(inputs.place)
    return Path(inputs.place)


def engine(name: str, master: str | None, conf: tuple[str, ...]) -> Start:
    """Return how to start the engine of a name."""
    if name != "spark":
        if master is not None or conf:
            message = "--master and --conf are of Spark, but the engine is DuckDB."
            raise EngineError(message, "Add --engine spark, or leave them out.")
        return on_duckdb
    if find_spec("pyspark") is None:
        message = "Spark cannot start: pyspark is not installed."
        raise EngineError(message, "Install it: pip install 'fourseas[spark]'.")
    from fourseas.lake.spark import on_spark

    return on_spark(master, dict(_setting(given) for given in conf))


def _setting(given: str) -> tuple[str, str]:
    """Return name and value of a setting of Spark."""
    name, sign, value = given.partition("=")
    if not sign or not name.startswith("spark."):
        message = f"`{given}` is no setting of Spark."
        raise EngineError(message, "Write it like --conf spark.executor.memory=8g.")
    return name, value


def build(lake: Path, start: Start) -> None:
    """Build a version of the lake and say what is in it."""
    with Bars() as bars:
        report = workspace.build(lake, bars, start)
    rendering.show_rows(
        f"Version {report.version}: {report.n_built} tables built, {report.n_kept} were ready; "
        f"computed by {', '.join(report.ledger.engines)}",
        ("table", "rows", "MB"),
        ((table.name, table.rows, table.n_bytes / MEGABYTE) for table in report.ledger.tables),
    )
    with workspace.open(lake) as ws:
        unlisted = ws.table("unlisted_countries").order_by("country_code").to_pyarrow().to_pylist()
        correcting.tell_outcomes(ws)
        left_out = uncounted(ws.table("works")).order_by("register", "kind")
        of_no_definition = left_out.to_pyarrow().to_pylist()
        ahead = prepare(ws)
    if unlisted:
        rendering.say(
            "Codes that are no country's: "
            + ", ".join(f"{row['country_code']} ({row['n_works']} works)" for row in unlisted)
            + "."
        )
    if of_no_definition:
        rendering.say(
            "Works that no definition counts, by kind or year: "
            + ", ".join(
                f"{row['n_works']} of kind {row['kind'] or 'unknown'} ({row['register']})"
                for row in of_no_definition
            )
            + "."
        )
    if ahead:
        rendering.say(
            f"Made ahead: what {ahead} lists of partners of organizations have in common."
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
