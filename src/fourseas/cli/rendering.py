"""What the command line puts on the screen: tables and lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

MAX_ROWS = 60
"""Rows of a result that a screen shows; files hold all."""

DIGITS = 4
GAP = 3
"""Signs between two columns."""

MAX_KEY_WIDTH = 18
"""Signs of a column that tells rows apart, before its values are broken into lines."""

MAX_NAME_WIDTH = 22
"""Signs of a column of identifiers and other single words that are kept in one piece."""

WORDS_MAY_TAKE = 0.6
"""Part of a screen that such columns may take together; else all are broken."""

LARGE = 1000.0


def console() -> Console:
    """Return the console that results go to."""
    return Console(soft_wrap=False, highlight=False)


def is_screen() -> bool:
    """Return whether somebody reads along, and not a file or a program."""
    return console().is_terminal


def tell(*lines: str) -> None:
    """Print sentences; a screen breaks them between words, a file keeps them whole."""
    shown = console()
    for line in lines:
        shown.print(Text(line), soft_wrap=not shown.is_terminal)


def say(*lines: str) -> None:
    """Print lines of text, as they are."""
    shown = console()
    for line in lines:
        shown.print(Text(line), soft_wrap=True)


def show_rows(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print all columns of rows as a table; sentences are broken into lines, short words not."""
    listed = [tuple(row) for row in rows]
    columns = [[row[position] for row in listed] for position in range(len(header))]
    widths = [_width_of_words(name, values) for name, values in zip(header, columns, strict=True)]
    # Words stay whole as long as sentences beside them keep room.
    taken = sum(width + GAP for width in widths if width is not None)
    keeps_words = taken <= WORDS_MAY_TAKE * console().width
    table = _table(title)
    for name, values, width in zip(header, columns, widths, strict=True):
        is_number = _are_numbers(values)
        table.add_column(
            name,
            justify="right" if is_number else "left",
            no_wrap=is_number or (width is not None and keeps_words),
            overflow="fold",
        )
    for row in listed:
        table.add_row(*(Text(cell(value)) for value in row))
    console().print(table)


def show_table(
    title: str, columns: Mapping[str, Sequence[object]], key: Sequence[str]
) -> list[str]:
    """Print as many columns as the screen has room for; return those that it has not.

    Columns of the key, without which rows cannot be told apart, are always there; long values
    in them are broken into lines.
    """
    shown = console()
    room = shown.width
    table = _table(title)
    kept, left_out = [], []
    for name, values in columns.items():
        texts = [cell(value) for value in values]
        # Headings are broken between words, values of a column that is no key never.
        width = max(len(part) for part in (*name.split(), *texts, ""))
        is_key = name in key
        width = min(width, MAX_KEY_WIDTH) + GAP if is_key else width + GAP
        if width > room and not is_key:
            left_out.append(name)
            continue
        room -= width
        kept.append(texts)
        table.add_column(
            name,
            justify="right" if _are_numbers(values) else "left",
            overflow="fold",
            width=width - GAP,
        )
    for row in zip(*kept, strict=True):
        table.add_row(*(Text(text) for text in row))
    shown.print(table)
    return left_out


def _table(title: str) -> Table:
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )


def _are_numbers(values: Iterable[object]) -> bool:
    return all(isinstance(value, int | float | None) for value in values)


def _width_of_words(name: str, values: Iterable[object]) -> int | None:
    """Return how wide a column of short words is, hard to read in two pieces; else nothing."""
    listed = list(values)
    texts = [cell(value) for value in listed]
    width = max(map(len, (name, *texts)))
    is_of_words = not any(char.isspace() for text in texts for char in text)
    return width if is_of_words and width <= MAX_NAME_WIDTH and not _are_numbers(listed) else None


def cell(value: object) -> str:
    """Return a value as a reader would write it; what is missing is a dash."""
    if value is None or value != value:  # noqa: PLR0124  (a NaN is not itself)
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value.is_integer() and abs(value) >= 1:
            return f"{value:,.0f}"
        return f"{value:,.1f}" if abs(value) >= LARGE else f"{value:.{DIGITS}g}"
    return str(value)


def span(low: object, high: object) -> str:
    """Return the two ends of an interval in one cell."""
    if low is None or high is None:
        return "-"
    return f"{cell(low)} to {cell(high)}"
