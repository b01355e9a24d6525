"""`/`: the map of the world by any indicator, with the table behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from fourseas.catalog import INDICATORS
from fourseas.reports.cards.card import Picture
from fourseas.reports.cards.over_years import over_years, place
from fourseas.reports.cards.world import Question, World, mapped, of_countries, world_card
from fourseas.web.pages.choices import country_names, field_options, whole_number
from fourseas.web.reader import Opened
from fourseas.web.view import CHOSEN, Asked, Drawing, Form, Input, View

FIRST_COUNTRY = "BR"
"""Whose position a reader is led to who has chosen no country."""


def world(opened: Opened, asked: Asked) -> View:
    """Return the world by an indicator, in a field and year, and a country chosen in it."""
    question = Question(
        indicator=asked.first("indicator") or "volume",
        measure=asked.first("measure"),
        field=asked.first("field"),
        series=asked.first("series"),
        year=whole_number(asked, "year"),
    )
    # What was read is kept as it was read: kept as a frame too, it drove out what others read.
    found = of_countries(opened.ws, question.indicator, question.field, question.measure)
    made = world_card(opened.ws, found, question, lambda code: asked.address(**{CHOSEN: code}))
    sheet = made.card.sheets[0]
    given = asked.first(CHOSEN)
    unit = opened.ws.unit_ids([given])[0] if given else ""
    about = _about(opened, made, unit) if unit else _Chosen()
    return View(
        card=replace(made.card, pictures=about.pictures),
        section="World",
        forms=_forms(opened, made, unit),
        drawings=(
            Drawing(
                name="world",
                title=f"{made.card.title}.",
                svg=made.map,
                reading=sheet.reading,
                classes=made.classes,
            ),
        ),
        steps=(*_neighbors(made, asked), *_leads_on(asked, unit, about.name)),
        indicator=question.indicator,
        codes={name: code for code, name in country_names(opened)},
        rows_choose={sheet.name: CHOSEN},
        marks_choose={one.name: {"year": "year"} for one in about.pictures},
        chosen={CHOSEN: unit, "year": str(made.choices.chosen.year)},
        told=about.told,
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is shown of a country that was chosen."""

    name: str = ""
    told: str = ""
    pictures: tuple[Picture, ...] = ()


def _about(opened: Opened, made: World, unit: str) -> _Chosen:
    """Return what is shown of a country: its place in the year, and its years."""
    chosen = made.choices.chosen
    (indicator,) = (one for one in INDICATORS if one.name == chosen.indicator)
    column = indicator.writes.column(str(chosen.measure))
    name = dict(country_names(opened)).get(unit, unit)
    of_it = (made.of_series, column, unit, name, int(str(chosen.year)))
    drawn = over_years(*of_it, beside=made.card.sheets[0].reading)
    return _Chosen(name, place(*of_it), (drawn,) if drawn else ())


def _leads_on(asked: Asked, unit: str, name: str) -> tuple[tuple[str, str], ...]:
    """Return where a country that was chosen can be followed to, and how to let go of it."""
    if not unit:
        return ()
    return (
        (f"/country/{quote(unit)}", f"Every measure of {name}"),
        (f"/position/{quote(unit)}", "Where it stands"),
        (asked.address(**{CHOSEN: ""}), "No country"),
    )


def of_field(opened: Opened, asked: Asked, field: str) -> View:
    """Return the world in one field."""
    given = tuple(one for one in asked.parameters if one[0] != "field")
    return world(opened, Asked(asked.path, (*given, ("field", field))))


def _forms(opened: Opened, made: World, unit: str) -> tuple[Form, ...]:
    chosen, years = made.choices.chosen, made.choices.years
    indicator = Input(
        name="indicator",
        label="Indicator",
        value=chosen.indicator,
        options=tuple((one.name, one.title) for one in mapped()),
    )
    measure = Input(
        name="measure",
        label="Measure",
        value=str(chosen.measure),
        options=made.choices.measures,
    )
    field = Input(
        name="field",
        label="Field",
        value=str(chosen.field),
        options=field_options(opened, str(chosen.field)),
    )
    series = Input(
        name="series",
        label="Register, definition, counting",
        value=str(chosen.series),
        options=made.choices.series,
    )
    year = Input(
        name="year",
        label="Year",
        value=str(chosen.year),
        kind="range",
        options=((str(years[0]), ""), (str(years[-1]), "")),
    )
    # Each asks only what can follow from what was chosen before it: a series of one measure need
    # not have another, nor a year of one series another's.
    known = [replace(one, kind="hidden") for one in (indicator, measure, field, series)]
    kept = (Input(name=CHOSEN, label="", value=unit, kind="hidden"),) if unit else ()
    return (
        Form(action="/", inputs=(indicator, *kept)),
        Form(action="/", inputs=(known[0], measure, field, *kept)),
        Form(action="/", inputs=(*known[:3], series, *kept)),
        Form(action="/", inputs=(*known, year, *kept)),
        Form(
            action="/position",
            verb="Where does it stand?",
            inputs=(
                Input(
                    name="country",
                    label="Country",
                    value=unit or FIRST_COUNTRY,
                    options=country_names(opened),
                ),
            ),
        ),
    )


def _neighbors(made: World, asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the years before and after, and what the indicator means."""
    years, chosen = made.choices.years, made.choices.chosen
    place = years.index(int(str(chosen.year)))
    near = [
        (asked.address(year=str(years[at])), title.format(years[at]))
        for at, title in ((place - 1, "← {}"), (place + 1, "{} →"))
        if 0 <= at < len(years)
    ]
    return (*near, (f"/indicator/{chosen.indicator}", "What it means"))
