"""Tables of two sides, which cannot be made of one; and numbers that name where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from fourseas.reports.panel import Form, Heading, text

NOT_KNOWN = "-"
NO_COMPARISON = "none available"

BANNED = ("caused", "impact of the policy is", "will lose")
"""What no report of exposure may say: it counts the past and knows no effect."""


class Ends(NamedTuple):
    """The least and the most that a number may be; either is None where it is not computable."""

    least: float | None
    most: float | None


Measure = Ends | float | str | None
Measures = Mapping[str, Measure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """What is touched of one side: how many works, of how many, and how many more than now.

    Attributes
    ----------
    works
        Works that are touched.
    output
        Works of the side of which they are a part; None where nobody counted them.
    change
        By how much each end differs from what the present policy touches.
    """

    works: Ends
    output: float | None
    change: Ends

    @property
    def share(self) -> Ends:
        """Return the part of the side's works that is touched; of nothing there is no share."""
        if not self.output:
            return Ends(None, None)
        return Ends(*(None if n is None else n / self.output for n in self.works))

    @property
    def measures(self) -> dict[str, Measure]:
        """Return count, share and change, which always stand together."""
        return {"works": self.works, "share": self.share, "change": self.change}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table: what it is about, and the same measures of either side."""

    about: Mapping[str, str]
    owner: Measures
    partner: Measures


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """A table with the same measures of both sides, side by side.

    Attributes
    ----------
    name, title
        By which data call it, and what it shows.
    sides
        What the owner's side and the other side are called.
    about
        Columns that say what a row is.
    measured
        Columns that either side has.
    rows
        Its rows.
    notes
        How to read it.
    comparison
        With what it may be compared, or `NO_COMPARISON`.
    """

    name: str
    title: str
    sides: tuple[str, str]
    about: tuple[Heading, ...]
    measured: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    comparison: str = NO_COMPARISON

    def __post_init__(self) -> None:
        """Refuse a table of which a side, or a part of an exposure, is missing."""
        names = {heading.field for heading in self.measured}
        if not names or not all(self.sides):
            message = f"{self.name} has no two sides"
            raise ValueError(message)
        for row in self.rows:
            if {*row.owner} != names or {*row.partner} != names:
                message = f"{self.name}: a row lacks a measure of a side"
                raise ValueError(message)
            if {*row.about} != {heading.field for heading in self.about}:
                message = f"{self.name}: a row does not say what it is about"
                raise ValueError(message)
        if "works" in names and not {"share", "change"} <= names:
            message = f"{self.name}: a count of works stands with its share and its change"
            raise ValueError(message)

    @property
    def header(self) -> tuple[str, ...]:
        """Return all columns in one line, those of a side with its name."""
        measured = (f"{side}: {one.title}" for side in self.sides for one in self.measured)
        return (*(one.title for one in self.about), *measured)

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Return its rows as a reader should see them."""
        return tuple(
            (
                *(row.about[one.field] for one in self.about),
                *(
                    said(side[one.field], one.form)
                    for side in (row.owner, row.partner)
                    for one in self.measured
                ),
            )
            for row in self.rows
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A number from a bound or a study; none stands without all that must be said of it.

    Attributes
    ----------
    outcome
        What it is a number of, and of whose.
    interval
        Its ends in words, with the unit.
    source, population, comparison, applies_if
        Who found it, of whom, against whom, and when it says something here.
    is_about
        Whether its population is of the sides at hand.
    """

    outcome: str
    interval: str
    source: str
    population: str
    comparison: str
    applies_if: str
    is_about: bool

    def __post_init__(self) -> None:
        """Refuse a number of which something is not said."""
        silent = [one.name for one in fields(self) if getattr(self, one.name) in {"", None}]
        if silent:
            message = f"a scenario number without {', '.join(silent)}"
            raise ValueError(message)


def said(value: Measure, form: Form) -> str:
    """Return a measure as a reader should see it; an interval by its two ends."""
    if not isinstance(value, Ends):
        return text(value, form)
    least, most = (text(end, form) for end in value)
    if least == most:
        return least
    return f"{least} / {most}" if form == "change" else f"{least} to {most}"


def banned(written: str) -> tuple[str, ...]:
    """Return the words in a text that no report may write."""
    folded = " ".join(written.casefold().split())
    return tuple(word for word in BANNED if word in folded)
