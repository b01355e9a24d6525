"""`/`: the map of the world by any indicator, with the table behind it."""

from __future__ import annotations

from dataclasses import replace

from fourseas.reports.cards.world import Question, World, mapped, of_countries, world_card
from fourseas.web.pages.choices import country_names, field_options, whole_number
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Drawing, Form, Input, View


def world(opened: Opened, asked: Asked) -> View:
    """Return the world by an indicator, in a field and year."""
    question = Question(
        indicator=asked.first("indicator") or "volume",
        measure=asked.first("measure"),
        field=asked.first("field"),
        series=asked.first("series"),
        year=whole_number(asked, "year"),
    )
    found = opened.kept(
        ("countries", question.indicator, question.field),
        lambda: of_countries(opened.ws, question.indicator, question.field),
    )
    made = world_card(opened.ws, found, question)
    sheet = made.card.sheets[0]
    return View(
        card=made.card,
        section="World",
        forms=_forms(opened, made),
        drawings=(
            Drawing(
                name="world",
                title=f"{made.card.title}.",
                svg=made.map,
                reading=sheet.reading,
                classes=made.classes,
            ),
        ),
        rows_lead_to={sheet.name: "/country/"},
        steps=_neighbors(made, asked),
        indicator=question.indicator,
    )


def of_field(opened: Opened, asked: Asked, field: str) -> View:
    """Return the world in one field."""
    given = tuple(one for one in asked.parameters if one[0] != "field")
    return world(opened, Asked(asked.path, (*given, ("field", field))))


def _forms(opened: Opened, made: World) -> tuple[Form, ...]:
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
    return (
        Form(action="/", inputs=(indicator,)),
        Form(action="/", inputs=(known[0], measure, field)),
        Form(action="/", inputs=(*known[:3], series)),
        Form(action="/", inputs=(*known, year)),
        Form(
            action="/position",
            verb="Where does it stand?",
            inputs=(
                Input(name="country", label="Country", value="BR", options=country_names(opened)),
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
