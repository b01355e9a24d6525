"""What the command line puts on the screen: tables and lines."""

from __future__ import annotations

import textwrap
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
"""Signs that a column which tells rows apart has at least, if its values are that long."""

KEY_HEADING = 2
"""Lines of the heading of such a column, where there is room."""

MAX_NAME_WIDTH = 22
"""Signs of a column of identifiers and other single words that are kept in one piece."""

MOST_LINES = 5
"""Lines of a heading, before columns that are not broken get too few."""

LEAST_TEXT = 10
"""Signs that a column of sentences keeps beside numbers and words that are not broken."""

FAR_END = "to"
"""Heading of the far end of an interval, which says nothing without the column before it."""

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
    """Print all columns of rows as a table; sentences are broken into lines, numbers not.

    Short words stay whole too where sentences beside them keep room, the narrowest first.
    """
    listed = [tuple(row) for row in rows]
    columns = [[row[position] for row in listed] for position in range(len(header))]
    whole = _whole(header, columns, console().width)
    table = _table(title)
    for position, (name, values) in enumerate(zip(header, columns, strict=True)):
        width = whole.get(position)
        # A heading is broken between words: what is as wide as it would push others off the screen.
        heading = name if width is None else "\n".join(textwrap.wrap(name, width))
        table.add_column(
            heading,
            justify="right" if _are_numbers(values) else "left",
            no_wrap=width is not None,
            overflow="fold",
        )
    for row in listed:
        table.add_row(*(Text(cell(value)) for value in row))
    console().print(table)


def _whole(header: Sequence[str], columns: Sequence[Sequence[object]], room: int) -> dict[int, int]:
    """Return the columns whose values are not broken, and how wide each is.

    Headings take as few lines as leave room for all; at last each word of them stands alone.
    """
    asked = [
        position
        for position, values in enumerate(columns)
        if _are_numbers(values) or _are_words(values)
    ]
    left = room - (LEAST_TEXT + GAP) * (len(columns) - len(asked))
    whole: dict[int, int] = {}
    for n_lines in range(1, MOST_LINES + 1):
        whole = {
            position: max(
                _heading_width(header[position], n_lines), *map(len, map(cell, columns[position]))
            )
            for position in asked
            if columns[position]
        }
        if sum(width + GAP for width in whole.values()) <= left:
            return whole
    kept: dict[int, int] = {}
    for position in sorted(whole, key=lambda one: (not _are_numbers(columns[one]), whole[one])):
        if whole[position] + GAP <= left:
            kept[position] = whole[position]
        left -= min(whole[position], LEAST_TEXT) + GAP
    return kept


def _heading_width(name: str, n_lines: int) -> int:
    """Return how wide a heading is in so many lines, or with each word in a line of its own."""
    longest = max(map(len, name.split()), default=0)
    return next(
        (
            width
            for width in range(longest, len(name) + 1)
            if width and len(textwrap.wrap(name, width)) <= n_lines
        ),
        longest,
    )


def show_table(
    title: str, columns: Mapping[str, Sequence[object]], key: Sequence[str]
) -> list[str]:
    """Print as many columns as the screen has room for; return those that it has not.

    Columns of the key, without which rows cannot be told apart, are always there; long values
    in them are broken into lines where other columns leave no room for them.
    """
    shown = console()
    table = _table(title)
    texts = {name: [cell(value) for value in values] for name, values in columns.items()}
    # Headings are broken between words, values of a column that is no key never.
    asked = {
        name: max(len(part) for part in (*name.split(), *values, ""))
        for name, values in texts.items()
    }
    words = {
        name: max((len(word) for value in texts[name] for word in value.split()), default=0)
        for name in key
        if name in texts
    }
    kept = {name: width for name, width in words.items() if width <= MAX_NAME_WIDTH}
    widths = _widths(asked, key, shown.width, kept)
    for name, width in widths.items():
        table.add_column(
            name,
            justify="right" if _are_numbers(columns[name]) else "left",
            overflow="fold",
            width=width,
        )
    for row in zip(*(texts[name] for name in widths), strict=True):
        table.add_row(*(Text(text) for text in row))
    shown.print(table)
    return [name for name in columns if name not in widths]


def _widths(
    asked: Mapping[str, int], key: Sequence[str], room: int, words: Mapping[str, int]
) -> dict[str, int]:
    """Return the columns that there is room for, and how wide each is.

    What they leave of the room is divided among the columns of the key that lack any. An
    identifier of the key is not broken: its column is as wide as its longest word at least.
    """
    widths: dict[str, int] = {}
    names = list(asked)
    before = ""
    for name, after in zip(names, (*names[1:], ""), strict=True):
        width = asked[name]
        least = min(width, max(MAX_KEY_WIDTH, words.get(name, 0))) if name in key else width
        is_alone = name == FAR_END and before not in widths
        # An interval of which one end alone is seen reads as a bound.
        far = asked[after] + GAP if after == FAR_END else 0
        if name in key or (least + GAP + far <= room and not is_alone):
            widths[name] = least
            room -= least + GAP
        before = name
    lacks = {
        name: max(asked[name], _heading_width(name, KEY_HEADING)) - widths[name]
        for name in widths
        if name in key
    }
    for n_before, name in enumerate(sorted(lacks, key=lambda one: lacks[one])):
        more = max(0, min(lacks[name], room // (len(lacks) - n_before)))
        widths[name] += more
        room -= more
    return widths


def _table(title: str) -> Table:
    """Print the title, which may be wider than the table, and return the table below it."""
    if title:
        console().print(Text(title, style="bold"))
    return Table(box=box.SIMPLE_HEAD, pad_edge=False)


def _are_numbers(values: Iterable[object]) -> bool:
    return all(isinstance(value, int | float | None) for value in values)


def _are_words(values: Iterable[object]) -> bool:
    """Return whether each value is a short word, which is hard to read in two pieces."""
    texts = [cell(value) for value in values]
    return all(len(text) <= MAX_NAME_WIDTH and not any(map(str.isspace, text)) for text in texts)


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
