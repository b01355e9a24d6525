"""Rows for people who open them in a spreadsheet: what registers say is text and never runs.

A cell that begins with one of `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to a
spreadsheet; an apostrophe before it makes it text (OWASP, CSV Injection). Numbers are numbers and
stay as they are, and so do Parquet and JSON, which nothing reads as formulas.
"""

from __future__ import annotations

import csv as csv_rows
import io
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

STARTS_FORMULA = "^[=+@\t\r-]"


def csv(rows: pa.Table) -> bytes:
    """Return rows as CSV in UTF-8 whose texts are no formulas."""
    sink = io.BytesIO()
    pyarrow.csv.write_csv(without_formulas(rows), sink)
    return sink.getvalue()


def lines(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as the text of a CSV file whose texts are no formulas.

    Python's writer leaves a lone carriage return bare where lines end with a line feed, and whoever
    reads the file takes it for the end of a row; where lines end with both, it quotes either.
    """
    written = []
    for row in rows:
        line = io.StringIO()
        cells = [text(cell) if isinstance(cell, str) else cell for cell in row]
        csv_rows.writer(line).writerow(cells)
        written.append(line.getvalue().removesuffix("\r\n") + "\n")
    return "".join(written)


def without_formulas(rows: pa.Table) -> pa.Table:
    """Return rows whose texts no spreadsheet takes for formulas."""
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = rows.column(place)
            quoted = pc.binary_join_element_wise(pa.scalar("'", field.type), column, "")
            is_formula = pc.match_substring_regex(column, STARTS_FORMULA)
            rows = rows.set_column(place, field, pc.if_else(is_formula, quoted, column))
    return rows


def text(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
