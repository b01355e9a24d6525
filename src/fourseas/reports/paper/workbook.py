"""A card as a workbook: a sheet on how to read it, then one sheet for each table."""

from __future__ import annotations

import datetime as dt
import io
import re

import xlsxwriter

from fourseas import __version__
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.panel import Form
from fourseas.reports.spreadsheets import text

UNITS: dict[Form, str] = {
    "text": "text",
    "year": "year",
    "count": "number",
    "change": "number, as a change",
    "decimal": "number",
    "ratio": "ratio",
    "finer_ratio": "ratio",
    "effect": "estimate, in the unit of its table",
    "share": "share from 0 to 1",
    "finer_share": "share from 0 to 1",
    "points": "difference, in the unit of its table",
}
"""In what the values of a column are, by how they are written."""

LONGEST_SHEET_NAME = 31
WIDEST_COLUMN = 60
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
SETTINGS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
MADE_ON = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""The same in every file, so that the same numbers are the same bytes."""


def workbook(card: Card) -> bytes:
    """Return all tables of a card as a workbook whose texts are no formulas."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, SETTINGS) as book:
        book.set_properties({"title": card.title, "created": MADE_ON})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        first = book.add_worksheet("README")
        first.set_column(0, 0, 24, bold)
        first.set_column(1, 1, 100, wrapped)
        for place, (name, line) in enumerate(readme(card)):
            first.write_string(place, 0, text(name))
            first.write_string(place, 1, text(line))
        for number, sheet in enumerate(card.sheets, start=1):
            _write(book.add_worksheet(_name(number, sheet)), sheet, bold)
    return memory.getvalue()


def readme(card: Card) -> list[tuple[str, str]]:
    """Return what the first sheet says: findings, how each table is read, columns, sources."""
    lines = [("Title", card.title), *(("Finding", line) for line in card.lead)]
    for number, sheet in enumerate(card.sheets, start=1):
        lines += [("", ""), (f"Sheet {_name(number, sheet)}", sheet.title), *sheet.reading.lines]
        lines += [
            (f"Column {one.field}", f"{one.title}; {UNITS[one.form]}") for one in sheet.headings
        ]
    lines += [("", ""), *(("Source, with licence", line) for line in card.sources)]
    return [*lines, ("Citation", card.citation), ("Made by", f"fourseas {__version__}")]


def _name(number: int, sheet: Sheet) -> str:
    return NOT_IN_NAMES.sub(" ", f"{number} {sheet.name}")[:LONGEST_SHEET_NAME]


def _write(
    page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, bold: xlsxwriter.format.Format
) -> None:
    for column, heading in enumerate(sheet.headings):
        page.write_string(0, column, text(heading.title), bold)
        page.set_column(column, column, min(len(heading.title) + 4, WIDEST_COLUMN))
    for row, values in enumerate(sheet.rows, start=1):
        for column, heading in enumerate(sheet.headings):
            value = values[heading.field]
            if isinstance(value, str):
                page.write_string(row, column, text(value))
            else:
                page.write(row, column, value)
    page.freeze_panes(1, 1)
