"""What a page is made of: charts with all that must be said of them, their tables, and panels."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from fourseas.reports.theme import Spec

Rows = list[dict[str, object]]
Form = Literal[
    "text",
    "year",
    "count",
    "change",
    "decimal",
    "ratio",
    "finer_ratio",
    "effect",
    "share",
    "finer_share",
    "points",
]

FORMS: dict[Form, str] = {
    "text": "",
    "year": ".0f",
    "count": ",.0f",
    "change": "+,.0f",
    "decimal": ".1f",
    "ratio": ".2f",
    "finer_ratio": ".3f",
    "effect": "+.3f",
    "share": ".1%",
    "finer_share": ".2%",
    "points": "+.2f",
}
"""How numbers are written; the page's script reads these too, so that both write alike."""

FEW = 100
"""Parts of works count too: a count that is no whole number has two digits more below this."""

Follows = Literal["nobody", "both", "partners", "pair"]

ALL_FIELDS = "All fields"
CHOSEN = {"a": "BR", "b": "CN", "f": ALL_FIELDS}
"""The two countries and the field that a page shows before a reader chooses others."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a chart; every chart says all of it.

    Attributes
    ----------
    definition
        What is counted.
    counting
        How a work of several countries counts.
    source
        Register, date of its snapshot and scope.
    n
        Over how many works, countries or documents.
    bounds
        Interval or bounds, or why there is none.
    coverage
        What is not in it.
    """

    definition: str
    counting: str
    source: str
    n: str
    bounds: str
    coverage: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Name and text of each part, in order."""
        return tuple(
            (
                field.name if field.name == "n" else field.name.capitalize(),
                getattr(self, field.name),
            )
            for field in fields(self)
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table behind a chart.

    Attributes
    ----------
    field
        By which rows hold it.
    title
        What the reader is told it is.
    form
        How its values are written.
    is_ours
        Whether its texts are sentences of ours, in which back quotes set names apart. What a
        register says is shown as it stands there.
    """

    field: str
    title: str
    form: Form = "text"
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart.

    Attributes
    ----------
    headings
        Its columns.
    rows
        All rows, also those that another choice of countries would show.
    follows
        Which rows the choice of countries leaves: all, those of both countries, the partners of
        the first one in the chosen field, or what the two have with each other.
    order
        By which column, the greatest first; as the rows come where none is named.
    is_open
        Whether it is shown before a reader asks for it.
    """

    headings: tuple[Heading, ...]
    rows: Rows
    follows: Follows = "nobody"
    order: str = ""
    is_open: bool = False

    def shown(self) -> tuple[tuple[str, ...], ...]:
        """Return as text what it shows before a reader chooses."""
        found = [row for row in self.rows if _is_shown(row, self.follows)]
        if self.order:
            found.sort(key=lambda row: _number(row[self.order]), reverse=True)
        return tuple(
            tuple(text(row[heading.field], heading.form) for heading in self.headings)
            for row in found
        )


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with everything a reader must know of it.

    Attributes
    ----------
    name
        By which the page finds it.
    title
        What it shows, in one sentence.
    reading
        How to read it.
    spec
        Vega-Lite specification.
    table
        The numbers behind it.
    is_wide
        Whether it takes the whole width of the page.
    """

    name: str
    title: str
    reading: Reading
    spec: Spec
    table: Table
    is_wide: bool = False

    @property
    def has_choice(self) -> bool:
        """Whether it follows the countries that a reader chooses."""
        params = self.spec.get("params", [])
        assert isinstance(params, list)
        return any(param["name"] == "a" for param in params)


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the five verbs.

    Attributes
    ----------
    name, question
        The verb and what it asks.
    text
        Paragraphs before the charts.
    charts
        Its charts.
    table
        A table that stands by itself.
    code
        A block of text as it is written.
    """

    name: str
    question: str
    text: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    table: Table | None = None
    code: str = ""


def text(value: object, form: Form) -> str:
    """Return a value as a reader should see it; the page's script writes it the same way."""
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float):
        return "-"
    # A sum of parts misses a whole number by its last digits; a page's rows have five.
    if form == "count" and abs(value) < FEW and round(value, 5) % 1:
        return f"{value:.2f}"
    return format(100 * value if form == "points" else value, FORMS[form])


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("-inf")


def _is_shown(row: dict[str, object], follows: Follows) -> bool:
    a, b, f = CHOSEN["a"], CHOSEN["b"], CHOSEN["f"]
    unit, partner = row.get("unit_id"), row.get("partner_id")
    if follows == "both":
        return unit in (a, b)
    if follows == "partners":
        return unit == a and partner != a and row["field_name"] == f
    if follows == "pair":
        return (unit, partner) == (a, b)
    return True
