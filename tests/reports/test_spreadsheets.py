"""What registers say is text in a spreadsheet, whatever it begins with."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest

from fourseas.reports import spreadsheets

HOSTILE = ('=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_formula_becomes_text(name: str) -> None:
    rows = pa.table({"name": [name, "Universität Bremen", None], "n": [-1, 2, 3]})

    read = list(csv.reader(io.StringIO(spreadsheets.csv(rows).decode(), newline="")))

    assert read[1] == [f"'{name}", "-1"]
    assert read[2] == ["Universität Bremen", "2"]
    assert read[3] == ["", "3"]
    assert spreadsheets.text(name) == f"'{name}"


def test_what_is_no_formula_stays_as_it_is() -> None:
    rows = pa.table(
        {"name": ["a=b", "3GPP", "", "O'Higgins", " =1"], "share": [0.5, -0.5, 0, 1, 2]}
    )

    assert spreadsheets.without_formulas(rows).equals(rows)


def test_rows_without_any_row_keep_their_columns() -> None:
    rows = pa.table({"name": pa.array([], pa.string())})

    assert spreadsheets.without_formulas(rows).schema == rows.schema
