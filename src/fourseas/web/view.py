"""What a page is made of: a card, pictures, a form, and where its rows lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlencode

from fourseas.reports.cards.card import Card
from fourseas.reports.panel import Reading

CHOSEN = "chosen"
"""The parameter that names the country which a reader chose on a page, by code or name."""

MARKED = {CHOSEN: "country", "year": "year", "field": "field"}
"""What marks and rows are known by, by the parameter that chooses it."""

Kind = Literal["select", "text", "range", "number", "area", "hidden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing that a form asks.

    Attributes
    ----------
    name, label
        Of its parameter, and what a reader is asked.
    value
        What it holds now.
    options
        Value and title of each choice of a selection; first and last of a range.
    kind
        How it is asked.
    """

    name: str
    label: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    kind: Kind = "select"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a reader can choose; sent as parameters of an address unless it is too long for one."""

    action: str
    inputs: tuple[Input, ...]
    verb: str = "Show"
    method: Literal["get", "post"] = "get"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture that is drawn already.

    Attributes
    ----------
    svg
        The picture.
    classes
        Color and name of each class of it, for a legend.
    """

    name: str
    title: str
    svg: str
    reading: Reading
    classes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A page.

    Attributes
    ----------
    card
        What it says.
    section
        Its place in the navigation.
    forms
        What can be chosen.
    drawings
        Pictures besides those of the card.
    rows_lead_to
        By sheet, the address that the text of a row's first column is the end of.
    steps
        Addresses of neighbors, such as the year before, with their titles.
    indicator
        What the page is of, where it is of one.
    passages
        Headings, each with a text as it is, such as a policy, or with items of a list.
    codes
        Code of each country by its name: rows that begin with one are known by it.
    rows_choose
        By sheet, the parameter of this address that the first column of a row is a value of: such
        a row leads to the same page, with it chosen.
    marks_choose
        By picture, parameters that a click on a mark chooses, each with the column of its rows
        that holds the value.
    chosen
        What is chosen by now: parameter and value, which charts and tables mark.
    told
        What is said of it, in a sentence.
    """

    card: Card
    section: str
    forms: tuple[Form, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    rows_lead_to: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[tuple[str, str], ...] = ()
    indicator: str = ""
    passages: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    rows_choose: Mapping[str, str] = field(default_factory=dict)
    marks_choose: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    told: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An address: its path without ending, and its parameters."""

    path: str
    parameters: tuple[tuple[str, str], ...]

    def first(self, name: str) -> str | None:
        """Return a parameter, or None where it is absent or empty."""
        return next((value for key, value in self.parameters if key == name and value), None)

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter, also those joined by commas."""
        return tuple(
            part.strip()
            for key, value in self.parameters
            if key == name
            for part in value.split(",")
            if part.strip()
        )

    def address(self, ending: str = "", **changed: str) -> str:
        """Return the address with an ending and some parameters changed."""
        kept = [(key, value) for key, value in self.parameters if key not in changed and value]
        added = [(key, value) for key, value in changed.items() if value]
        path = "/world" if self.path == "/" and ending else self.path
        query = urlencode(sorted([*kept, *added]))
        return f"{quote(path)}{ending}{'?' if query else ''}{query}"
