"""`fourseas show`: rows of an indicator on the screen or in a file."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from fourseas import workspace
from fourseas.cli import formats, rendering, writing
from fourseas.cli.formats import OutputFormat
from fourseas.errors import FourseasError
from fourseas.reports.resampled import resampled
from fourseas.reports.works_behind import behind
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.step import Indicator
from fourseas.selection import Selection

YEARS = re.compile(r"[0-9]{4}(-[0-9]{4})?")
HIDDEN = ("snapshot_on", "scope", "unit_type")
"""Columns that the screen states once below the table instead of in every row."""


SPANS = (("_low", "_high", "95% interval"), ("_min", "_max", "bounds"))
"""Endings of columns that hold the ends of a stability interval, or of what is possible."""

ENDS = tuple(end for lower, upper, _ in SPANS for end in (lower, upper))
LEAST_SAMPLES = 100
BOOTSTRAP_NOTE = (
    "Intervals: {} samples of each unit's works, drawn with replacement from seed 0, as in the "
    "Leiden Ranking; none for the world, published figures and works that all score alike."
)
EVERY = "every"
"""What to write for each field beside the total of all."""

IMPLIED = (("register", "definition_id"), ("scheme", "field_id"))
"""Columns that a screen need not show where the second of each two says the first."""

MAX_MARKS = 10
"""Marked rows that a screen names one by one."""

IMPORTANT = ("stage", "coverage", "n", "p")
"""What a screen shows before other measures, after the headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a user asked for, as it was written."""

    indicator: str
    countries: tuple[str, ...]
    organizations: tuple[str, ...]
    fields: tuple[str, ...]
    years: str | None
    counting: str | None
    definition: str | None
    register: str | None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How rows are printed: their title, what is foremost in them, and where to read on."""

    title: str
    headline: str
    key: tuple[str, ...]
    more: str


def show(
    lake: Path,
    request: Request,
    *,
    output_format: OutputFormat,
    out: Path | None,
    samples: int | None = None,
) -> None:
    """Print the selected rows, or the works behind them, or write them to a file."""
    if samples is not None:
        _check_bootstrap(request, samples)
    found = workspace.indicator(request.indicator)
    chosen = output_format if out is None else formats.format_of(out, output_format)
    with workspace.open(lake) as ws:
        if request.where is None:
            rows = ws.show(selection(request)).to_pyarrow()
        else:
            rows = behind(ws, selection(request), request.where).to_pyarrow()
        notes = _notes(ws, rows, request.fields)
        if samples is not None:
            rows = resampled(ws, rows, samples=samples)
            notes.insert(0, BOOTSTRAP_NOTE.format(samples))
    stamped = rows.replace_schema_metadata({"fourseas": json.dumps(notes)})
    if out is not None:
        writing.write(formats.files(out, stamped, notes, chosen))
        rendering.say(f"Wrote {rows.num_rows} rows to {out}.")
    elif output_format == "table":
        _print(_of_works(found) if request.where else _of_rows(found), rows, notes)
    else:
        sys.stdout.buffer.write(formats.printed(stamped, notes, output_format))
        sys.stdout.buffer.flush()


def _of_rows(found: Indicator) -> Shown:
    more = f"`fourseas explain {found.name}` says what each column means."
    return Shown(found.title, found.headline, found.writes.key, more)


def _of_works(found: Indicator) -> Shown:
    more = "The sum of weight is n, that of weight x credit the credit: read from works, not cells."
    return Shown(f"Works behind: {found.title}", "title", ("work_label",), more)


def _check_bootstrap(request: Request, samples: int) -> None:
    """Refuse to draw works again for what has none, or too often or seldom."""
    if request.indicator != "impact":
        message = f"--bootstrap draws the works behind impact again, not {request.indicator}."
        raise FourseasError(message, "Leave it out, or show impact.")
    if request.where is not None:
        message = "--bootstrap gives intervals of rows, --where the works behind them."
        raise FourseasError(message, "Give one of the two.")
    if not request.countries and not request.organizations:
        message = "--bootstrap reads the works of every unit, and no unit is named."
        raise FourseasError(message, "Name units by --organization or --country.")
    if samples < LEAST_SAMPLES:
        message = f"--bootstrap is {samples}; the ends of a 95% interval need more samples."
        raise FourseasError(message, f"Give {LEAST_SAMPLES} or more; 1000 is usual.")


def selection(request: Request) -> Selection:
    """Return what a request asks for."""
    # What there is of single fields alone is shown for each, unless some are named.
    each = workspace.indicator(request.indicator).is_of_fields
    left_out = () if each else (ALL,)
    return Selection(
        indicator=request.indicator,
        countries=request.countries,
        organizations=request.organizations,
        fields=() if request.fields == (EVERY,) else request.fields or left_out,
        years=read_years(request.years) if request.years else None,
        counting=request.counting,
        definition=request.definition,
        register=request.register,
    )


def read_years(text: str) -> tuple[int, int]:
    """Read `2015` or `2015-2019`."""
    if not YEARS.fullmatch(text):
        message = f"--years is `{text}`."
        raise FourseasError(message, "Write one year such as 2020, or a range such as 2015-2020.")
    first, _, last = text.partition("-")
    span = int(first), int(last or first)
    if span[0] > span[1]:
        message = f"--years is `{text}`: the first year is after the last."
        raise FourseasError(message, f"Write {span[1]}-{span[0]}.")
    return span


def _notes(ws: workspace.Workspace, rows: pa.Table, fields: tuple[str, ...]) -> list[str]:
    """Say by which definitions and from which registers the rows are."""
    used = set(rows["definition_id"].to_pylist())
    notes = [f"{d.definition_id}: {d.title}." for d in DEFINITIONS if d.definition_id in used]
    present = set(rows["register"].to_pylist())
    notes.extend(
        f"{row['register']}: {row['title']}, snapshot {row['snapshot_on']}, "
        f"scope {row['scope']}{_parts(row)}, licence {row['licence']}, {row['url']}"
        for row in ws.table("registers").order_by("register").to_pyarrow().to_pylist()
        if row["register"] in present
    )
    notes.extend(_coarse(ws, rows, fields))
    of_organizations = rows.filter(pc.equal(rows["unit_type"], "organization"))
    if of_organizations.num_rows:
        shown = of_organizations["unit_id"].unique().to_pylist()
        notes.extend(f"{label}." for label in ws.organization_labels(shown).values())
    notes.append(f"fourseas, lake version {ws.version}.")
    return notes


def _coarse(ws: workspace.Workspace, rows: pa.Table, fields: tuple[str, ...]) -> list[str]:
    """Say which rows are of fields that stand for a challenge that was asked for."""
    if "field_id" not in rows.column_names or not fields or fields == (EVERY,):
        return []
    present = set(rows["field_id"].to_pylist())
    return [
        f"{one['field_id']} stands for {one['challenge']}, coarsely: the whole field is counted."
        for one in ws.coarse_fields(ws.field_ids(fields))
        if one["field_id"] in present
    ]


def _parts(row: dict[str, object]) -> str:
    """Say how much of a register is here where parts of it are missing."""
    if row["scope"] != "partial":
        return ""
    return f" ({row['n_parts']} of {row['n_parts_listed']} listed parts)"


def _print(shown_as: Shown, rows: pa.Table, notes: list[str]) -> None:
    """Print what fits the screen; columns that are the same throughout stand once below it."""
    rows, silent = _told(rows, shown_as.headline)
    shown = [name for name in rows.column_names if name not in HIDDEN]
    fixed = {
        name: rows[name][0].as_py()
        for name in shown
        if rows.num_rows > 1 and len(rows[name].unique()) == 1 and name != shown_as.headline
    }
    empty = [name for name in shown if rows[name].null_count == rows.num_rows]
    is_excused = fixed.get("not_computable") is not None
    implied = {name for name, by in IMPLIED if _says(rows, by, name)}
    varying = [
        name
        for name in shown
        if name not in fixed and name not in implied and not (is_excused and name in empty)
    ]
    cut = _latest(rows).to_pylist()
    columns = _columns(shown_as, varying, cut)
    left_out = rendering.show_table(shown_as.title, columns, shown_as.key)
    if left_out:
        rendering.tell(f"Not shown for want of room: {', '.join(left_out)}; --out writes all.")
    if rows.num_rows > rendering.MAX_ROWS:
        rendering.tell(
            f"The latest {rendering.MAX_ROWS} of {rows.num_rows} rows; select fewer or write all "
            "with --out."
        )
    rendering.tell(*silent)
    reason = fixed.pop("not_computable", None)
    if reason is not None:
        wanting = [name for name in empty if not name.endswith(ENDS)]
        rendering.tell(f"Not computable here: {', '.join(wanting)}, because {reason}.")
    rendering.tell(*_marks(rows))
    stated = {name: value for name, value in fixed.items() if value is not None}
    if stated:
        listed = ", ".join(f"{name} {rendering.cell(value)}" for name, value in stated.items())
        rendering.say(f"In every row: {listed}.")
    rendering.tell(*notes, shown_as.more)


def _told(rows: pa.Table, headline: str) -> tuple[pa.Table, list[str]]:
    """Return rows that have the measure, and why the others have not.

    Where none has it, all are returned; without its empty column where several reasons are told.
    """
    if "not_computable" not in rows.column_names:
        return rows, []
    is_silent = pc.and_(pc.is_null(rows[headline]), pc.is_valid(rows["not_computable"]))
    told, silent = rows.filter(pc.invert(is_silent)), rows.filter(is_silent)
    reasons = Counter((row["register"], row["not_computable"]) for row in silent.to_pylist())
    if not told.num_rows:
        if len({reason for _, reason in reasons}) <= 1:
            return rows, []
        lines = [f"{register}: no {headline}, because {reason}." for register, reason in reasons]
        return rows.drop_columns([headline, "not_computable"]), lines
    lines = [
        f"Not in the table: {n} row{'s' * (n > 1)} of {register} without {headline}, because "
        f"{reason}; --out writes all."
        for (register, reason), n in reasons.items()
    ]
    return told, lines


def _latest(rows: pa.Table) -> pa.Table:
    """Return as many rows as a screen shows: those of the last years, in the order they have."""
    years = rows["year"].to_pylist() if "year" in rows.column_names else [0] * rows.num_rows
    latest = sorted(range(rows.num_rows), key=lambda place: -(years[place] or 0))
    return rows.take(sorted(latest[: rendering.MAX_ROWS]))


def _marks(rows: pa.Table) -> list[str]:
    """Say of which rows the data may be at fault, whatever the screen has room for."""
    if "artifact" not in rows.column_names:
        return []
    marked = rows.filter(pc.is_valid(rows["artifact"])).to_pylist()
    lines = [
        f"Possible artifact: {row['unit_id']} with {row['partner_id']} in {row['year']}, because "
        f"{row['artifact']}."
        for row in marked[:MAX_MARKS]
    ]
    if len(marked) > MAX_MARKS:
        lines.append(f"{len(marked) - MAX_MARKS} more are marked; --out writes all.")
    return lines


def _says(rows: pa.Table, by: str, name: str) -> bool:
    """Tell whether the value of one column follows from that of another in all rows."""
    if by not in rows.column_names or name not in rows.column_names:
        return False
    pairs = set(zip(rows[by].to_pylist(), rows[name].to_pylist(), strict=True))
    return len(pairs) == len(rows[by].unique())


def _columns(
    shown_as: Shown, varying: list[str], rows: list[dict[str, object]]
) -> dict[str, list[object]]:
    """Return columns by importance: the key, the headline, the rest; intervals in one cell.

    Where no row has a proportion, its two counts come first: the P of a PP, and all works.
    """
    columns: dict[str, list[object]] = {}
    key = [name for name in varying if name in shown_as.key]
    rest = [name for name in varying if name not in key and not name.endswith(ENDS)]
    counted = () if shown_as.headline in rest else (shown_as.headline.removeprefix("p"), "p")
    first = (shown_as.headline, *counted, *IMPORTANT)
    for name in sorted(rest, key=lambda one: first.index(one) if one in first else len(first)):
        columns[name] = [row[name] for row in rows]
        for lower, upper, title in SPANS:
            if f"{name}{lower}" in varying:
                columns[title if name == shown_as.headline else f"{name} {title}"] = [
                    rendering.span(row[f"{name}{lower}"], row[f"{name}{upper}"]) for row in rows
                ]
    return {name: [row[name] for row in rows] for name in key} | columns
