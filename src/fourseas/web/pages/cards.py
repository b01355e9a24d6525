"""`/position`, `/country`, `/pair`, `/claims`: cards of the command line as pages."""

from __future__ import annotations

from urllib.parse import quote

from fourseas.reports.cards.country import country_card
from fourseas.reports.cards.pair import pair_card
from fourseas.reports.cards.position import position_card
from fourseas.reports.claims.claim import claim_card
from fourseas.reports.claims.listing import claim_named, claims_card
from fourseas.schema.cells import ALL
from fourseas.web.pages.choices import country_names, field_options, whole_number
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Form, Input, View


def position(opened: Opened, asked: Asked, country: str) -> View:
    """Return where a country stands."""
    field = asked.first("field") or ALL
    year = whole_number(asked, "year")
    against = asked.every("against")
    (unit,) = opened.ws.unit_ids([country])
    card = position_card(opened.ws, unit, field=field, year=year, against=against)
    return View(
        card=card,
        section="Position",
        forms=(
            Form(
                action="/position",
                inputs=(
                    _country(opened, "country", "Country", unit),
                    Input(
                        name="field",
                        label="Field",
                        value=opened.ws.field_ids([field])[0],
                        options=field_options(opened, field),
                    ),
                    Input(
                        name="year",
                        label="Year of levels",
                        value=asked.first("year") or "",
                        kind="number",
                    ),
                    Input(
                        name="against",
                        label="Against (codes or names, with commas)",
                        value=", ".join(against),
                        kind="text",
                    ),
                ),
            ),
        ),
        rows_lead_to={"partners": f"/pair/{quote(unit)}/"},
        steps=((f"/country/{quote(unit)}", "Every measure of it"),),
    )


def country(opened: Opened, asked: Asked, country: str) -> View:
    """Return every measure of a country."""
    against = asked.every("against")
    (unit,) = opened.ws.unit_ids([country])
    return View(
        card=country_card(opened.ws, unit, against=against),
        section="Country",
        forms=(
            Form(
                action="/country",
                inputs=(
                    _country(opened, "country", "Country", unit),
                    Input(
                        name="against",
                        label="Beside (codes or names, with commas)",
                        value=", ".join(against),
                        kind="text",
                    ),
                ),
            ),
        ),
        steps=((f"/position/{quote(unit)}", "Where it stands"),),
    )


def pair(opened: Opened, _asked: Asked, first: str, second: str) -> View:
    """Return what two countries are to each other."""
    a, b = opened.ws.unit_ids([first, second])
    return View(
        card=pair_card(opened.ws, a, b),
        section="Pair",
        forms=(
            Form(
                action="/pair",
                inputs=(
                    _country(opened, "first", "Country", a),
                    _country(opened, "second", "and", b),
                ),
            ),
        ),
        steps=(
            (f"/what-if?first={quote(a)}&second={quote(b)}", "What if they closed?"),
            (f"/position/{quote(a)}", f"Position of {a}"),
            (f"/position/{quote(b)}", f"Position of {b}"),
        ),
    )


def claims(opened: Opened, _asked: Asked) -> View:
    """Return the verdict on every claim."""
    return View(card=claims_card(opened.ws), section="Claims", rows_lead_to={"claims": "/claims/"})


def claim(opened: Opened, _asked: Asked, name: str) -> View:
    """Return everything behind one verdict."""
    return View(
        card=claim_card(opened.ws, claim_named(name)),
        section="Claims",
        steps=(("/claims", "All claims"),),
    )


def _country(opened: Opened, name: str, label: str, value: str) -> Input:
    known = country_names(opened)
    is_listed = any(code == value for code, _ in known)
    options = known if is_listed else ((value, value), *known)
    return Input(name=name, label=label, value=value, options=options)
