"""Rows and their notes as bytes of a file, in a format that a file's name or an option says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet

from fourseas.cli import writing
from fourseas.errors import FourseasError
from fourseas.reports import spreadsheets

OutputFormat = Literal["table", "csv", "json", "parquet"]
FORMATS: dict[str, OutputFormat] = {".csv": "csv", ".json": "json", ".parquet": "parquet"}
"""Formats by the ending of a file's name."""


def printed(rows: pa.Table, notes: list[str], output_format: OutputFormat) -> bytes:
    """Return rows as bytes for a screen or a pipe."""
    if output_format == "parquet":
        message = "Parquet cannot be shown on a screen."
        raise FourseasError(message, "Name a file with --out FILE.parquet.")
    return encoded(rows, notes, output_format)


def encoded(rows: pa.Table, notes: list[str], output_format: OutputFormat) -> bytes:
    """Return rows as bytes of a file of the format."""
    if output_format == "csv":
        return spreadsheets.csv(rows)
    if output_format == "parquet":
        sink = pa.BufferOutputStream()
        pyarrow.parquet.write_table(rows, sink, compression="zstd")
        return bytes(sink.getvalue())
    whole = {"notes": notes, "rows": rows.to_pylist()}
    return (json.dumps(whole, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def format_of(out: Path, output_format: OutputFormat) -> OutputFormat:
    """Return the format that a file's name says; what is asked for besides must be the same."""
    told = FORMATS[writing.kind(out, FORMATS)]
    if output_format not in ("table", told):
        message = f"{out} is named as {told}, but --format asks for {output_format}."
        raise FourseasError(message, "Leave --format out, or name the file accordingly.")
    return told


def files(
    out: Path, rows: pa.Table, notes: list[str], output_format: OutputFormat
) -> dict[Path, bytes]:
    """Return what goes where; beside a CSV, which has no room for them, its notes."""
    files = {out: encoded(rows, notes, output_format)}
    if output_format == "csv":
        files[out.with_name(f"{out.name}.about.txt")] = ("\n".join(notes) + "\n").encode()
    return files
