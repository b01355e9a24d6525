"""`/what-if`: what would follow if two sides closed, cut or opened joint work."""

from __future__ import annotations

from dataclasses import replace

from fourseas.errors import FourseasError
from fourseas.reports.estimates.change_map import CLASSES, painted_changes
from fourseas.reports.estimates.closure import Question, closure_card, observed
from fourseas.reports.panel import CHOSEN
from fourseas.schema.cells import ALL
from fourseas.web.pages.choices import country_names, field_options, whole_number
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Drawing, Form, Input, View

FACTORS = (
    ("0", "close all joint work"),
    ("0.5", "halve it"),
    ("0.9", "cut it by a tenth"),
    ("1.1", "raise it by a tenth"),
    ("1.5", "raise it by half"),
    ("2", "double it"),
)
LARGEST_FACTOR = 100.0


def what_if(opened: Opened, asked: Asked) -> View:
    """Return what a change of ties between two sides touches, on both and on third countries."""
    first = asked.first("first") or CHOSEN["a"]
    second = asked.first("second") or CHOSEN["b"]
    field = asked.first("field") or ALL
    factor = asked.first("factor") or "0"
    question = Question(
        first=first,
        second=second,
        factor=_factor(factor),
        field=field,
        years=_years(asked),
        register=asked.first("register"),
    )
    form = Form(
        action="/what-if",
        verb="Work it out",
        inputs=(
            Input(name="first", label="One side", value=first, kind="text"),
            Input(name="second", label="and", value=second, kind="text"),
            Input(name="factor", label="would", value=factor, options=_factors(factor)),
            Input(
                name="field",
                label="in",
                value=opened.ws.field_ids([field])[0],
                options=field_options(opened, field),
            ),
            Input(name="from", label="From", value=asked.first("from") or "", kind="number"),
            Input(name="to", label="to", value=asked.first("to") or "", kind="number"),
        ),
    )
    names = dict(country_names(opened))
    pair = first in names and second in names
    steps = ((f"/pair/{first}/{second}", "What the two are to each other"),) if pair else ()
    there = ("joint works", question.field, question.years, question.register)
    known = opened.kept(there, lambda: observed(opened.ws, question))
    card = closure_card(opened.ws, question, known)
    return View(
        card=replace(card, pictures=()),
        section="What if",
        forms=(form,),
        drawings=tuple(
            Drawing(
                name=picture.name,
                title=picture.title,
                svg=painted_changes(opened.ws, picture.spec, picture.title),
                reading=picture.reading,
                classes=CLASSES,
            )
            for picture in card.pictures
        ),
        steps=steps,
        codes={name: code for code, name in names.items()},
    )


def _factors(chosen: str) -> tuple[tuple[str, str], ...]:
    if chosen in dict(FACTORS):
        return FACTORS
    return (*FACTORS, (chosen, f"multiply it by {chosen}"))


def _factor(given: str) -> float:
    try:
        factor = float(given)
    except ValueError:
        factor = -1.0
    if not 0 <= factor <= LARGEST_FACTOR:
        message = f"factor is {given!r}."
        raise FourseasError(message, f"Write a number from 0 to {LARGEST_FACTOR:.0f}.")
    return factor


def _years(asked: Asked) -> tuple[int, int] | None:
    first, last = whole_number(asked, "from"), whole_number(asked, "to")
    if first is None and last is None:
        return None
    if first is None or last is None:
        message = "One end of the years is open."
        raise FourseasError(message, "Give both, such as from=2015 and to=2019, or neither.")
    if first > last:
        message = f"from={first} is after to={last}."
        raise FourseasError(message, f"Write from={last} and to={first}.")
    return first, last
