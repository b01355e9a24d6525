"""`fourseas diff`: find two versions, compare them, print what changed or write it to a file."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from fourseas import workspace
from fourseas.cli import formats, rendering, writing
from fourseas.cli.formats import OutputFormat
from fourseas.errors import FourseasError
from fourseas.lake import layout, versions
from fourseas.reports.changes import telling
from fourseas.reports.changes.difference import Asked, Difference, Part, difference
from fourseas.workspace import Workspace

EVERY = "every"
"""What to write for each field beside the total of all."""


def asked(
    only: tuple[Part, ...],
    countries: tuple[str, ...],
    fields: tuple[str, ...],
    indicators: tuple[str, ...],
    *,
    threshold: float,
) -> Asked:
    """Return what is to be compared, as it was written."""
    return Asked(
        only=only,
        countries=countries,
        fields=None if fields == (EVERY,) else fields,
        indicators=indicators,
        threshold=threshold,
    )


def diff(
    lake: Path,
    named: tuple[str | None, str | None],
    asked: Asked,
    *,
    output_format: OutputFormat,
    out: Path | None,
) -> None:
    """Print what changed between two versions, or write it to a file."""
    chosen = output_format if out is None else formats.format_of(out, output_format)
    if chosen in ("csv", "parquet") and len(asked.parts) > 1:
        message = f"{chosen} holds one table, and a difference has {len(asked.parts)}."
        remedy = f"Name one with --only, of {', '.join(asked.parts)}; or write JSON, with all."
        raise FourseasError(message, remedy)
    before, after = named
    with _opened(lake, after, is_after=True) as new, _opened(lake, before, is_after=False) as old:
        found = difference(old, new, asked)
    if out is None and output_format == "table":
        _print(found)
    elif out is None:
        sys.stdout.buffer.write(_printed(found, output_format))
        sys.stdout.buffer.flush()
    else:
        writing.write(_files(out, found, chosen))
        rendering.say(f"Wrote {out}.")


def _opened(lake: Path, named: str | None, *, is_after: bool) -> Workspace:
    """Open the version that is named: a number of the lake, or the path of another lake."""
    if named is None and is_after:
        return workspace.open(lake)
    if named is None:
        version = versions.before_current(layout.locate(lake))
        return workspace.open(lake, version=int(version.name))
    if named.isdecimal():
        return workspace.open(lake, version=int(named))
    if not Path(named).exists():
        message = f"`{named}` is no number of a version, and there is no lake of that path."
        raise FourseasError(message, "Give a number such as 2, or the directory of a lake.")
    return workspace.open(named)


def _print(found: Difference) -> None:
    rendering.tell(*telling.sides(found), "")
    told: set[str] = set()
    for section in telling.sections(found):
        if section.columns:
            left_out = rendering.show_table(section.title, section.columns, section.key)
            if left_out:
                rendering.tell(
                    f"Not shown for want of room: {', '.join(left_out)}; --out writes all."
                )
        else:
            rendering.tell(section.title)
        rendering.tell(*(note for note in section.notes if note not in told), "")
        told.update(section.notes)
    rendering.tell(*found.not_compared)


def _printed(found: Difference, output_format: OutputFormat) -> bytes:
    if output_format == "json":
        return _json(found)
    return formats.printed(_single(found), list(telling.notes(found)), output_format)


def _files(out: Path, found: Difference, output_format: OutputFormat) -> dict[Path, bytes]:
    if output_format == "json":
        return {out: _json(found)}
    said = list(telling.notes(found))
    return formats.files(out, _single(found), said, output_format)


def _single(found: Difference) -> pa.Table:
    """Return the one table that is asked for."""
    (part,) = found.asked.parts
    if part not in found.tables:
        (message, *_) = found.not_compared
        raise FourseasError(message, "Or compare two lakes that the same fourseas has built.")
    return found.tables[part]


def _json(found: Difference) -> bytes:
    """Return everything that was compared as data."""
    whole = {
        "before": asdict(found.before),
        "after": asdict(found.after),
        "notes": telling.notes(found),
        "tables": {name: rows.to_pylist() for name, rows in found.tables.items()},
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1, default=str) + "\n").encode()
