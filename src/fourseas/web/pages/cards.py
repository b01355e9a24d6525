"""`/position`, `/country`, `/pair`, `/claims`: cards of the command line as pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from fourseas.reports.cards import country_years, field_dots, joint_works
from fourseas.reports.cards.by_field import levels_by_field, levels_of, rows_drawn, standing_told
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.country import country_card
from fourseas.reports.cards.pair import field_told, pair_card
from fourseas.reports.cards.position import position_card
from fourseas.reports.claims.claim import claim_card
from fourseas.reports.claims.listing import claim_named, claims_card
from fourseas.reports.panel import ALL_FIELDS
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.web.pages.choices import country_names, field_options, whole_number
from fourseas.web.reader import Opened
from fourseas.web.view import CHOSEN, Asked, Form, Input, View


def position(opened: Opened, asked: Asked, country: str) -> View:
    """Return where a country stands, and a partner that was chosen among the others."""
    field = asked.first("field") or ALL
    field = ALL if field == ALL_FIELDS else field
    year = whole_number(asked, "year")
    against = asked.every("against")
    (unit,) = opened.ws.unit_ids([country])
    card = opened.kept(
        ("position", unit, field, year, against),
        lambda: position_card(opened.ws, unit, field=field, year=year, against=against),
    )
    given = asked.first(CHOSEN)
    partner = opened.ws.unit_ids([given])[0] if given else ""
    chosen = _partner(opened, card, unit, partner) if partner not in ("", unit) else None
    kept = (Input(name=CHOSEN, label="", value=partner, kind="hidden"),) if chosen else ()
    return View(
        card=replace(card, pictures=(*card.pictures, *(chosen.pictures if chosen else ()))),
        section="Position",
        forms=(
            Form(
                action="/position",
                inputs=(
                    _country(opened, "country", "Country", unit),
                    Input(
                        name="field",
                        label="Field",
                        value=_field_id(opened, card, field),
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
                    *kept,
                ),
            ),
        ),
        steps=(
            (f"/country/{quote(unit)}", "Every measure of it"),
            *(_leads_on(asked, unit, partner, chosen.name) if chosen else ()),
        ),
        codes={name: code for code, name in country_names(opened)},
        rows_choose={"partners": CHOSEN, "fields": "field"},
        marks_choose={
            "matrix": {CHOSEN: "partner_id", "field": "field_name"},
            "levels": {"field": "field_name"},
        },
        chosen={
            CHOSEN: partner if chosen else "",
            "field": _field_name(opened, card, field) if asked.first("field") else "",
        },
        told=chosen.told if chosen else "",
    )


@dataclass(frozen=True, slots=True)
class _Partner:
    """What is shown of a partner that was chosen."""

    name: str
    told: str
    pictures: tuple[Picture, ...]


def _partner(opened: Opened, card: Card, unit: str, partner: str) -> _Partner:
    """Return what is shown of a partner: its standing in the field, and both levels by field."""
    names = dict(country_names(opened))
    of_both = (names.get(unit, unit), names.get(partner, partner))
    drawn = _levels(card.pictures[0], partner, of_both) if card.pictures else None
    (partners,) = (sheet for sheet in card.sheets if sheet.name == "partners")
    told = standing_told(partners, *of_both)
    return _Partner(of_both[1], told, (drawn,) if drawn else ())


def _levels(matrix: Picture, partner: str, names: tuple[str, str]) -> Picture | None:
    """Return the levels of both in each field that a chart of all partners holds."""
    return levels_by_field(levels_of(matrix, partner), *names, beside=matrix.reading)


def _leads_on(asked: Asked, unit: str, partner: str, name: str) -> tuple[tuple[str, str], ...]:
    """Return where a partner that was chosen can be followed to, and how to let go of it."""
    return (
        (f"/pair/{quote(unit)}/{quote(partner)}", f"Everything between it and {name}"),
        (f"/position/{quote(partner)}", f"Position of {name}"),
        (asked.address(**{CHOSEN: ""}), "No partner"),
    )


def _field_id(opened: Opened, card: Card, field: str) -> str:
    """Return by which id the page shows a field, whose name may be that of several."""
    ids = opened.ws.field_ids([field])
    shown = {str(row["field_id"]) for one in card.pictures for row in rows_drawn(one)}
    return next((one for one in ids if one in shown), ids[0])


def _field_name(opened: Opened, card: Card, field: str) -> str:
    """Return the name by which a card knows a field, which schemes may spell each its own way."""
    named = wording(opened.ws).fields
    names = [named.get(one, field) for one in opened.ws.field_ids([field])]
    shown = {row["field_name"] for one in card.sheets if one.name == "fields" for row in one.rows}
    return next((name for name in names if name in shown), names[0])


def country(opened: Opened, asked: Asked, country: str) -> View:
    """Return every measure of a country, and a field or year chosen in it."""
    against = asked.every("against")
    (unit,) = opened.ws.unit_ids([country])
    card = opened.kept(
        ("country", unit, against), lambda: country_card(opened.ws, unit, against=against)
    )
    name = dict(country_names(opened)).get(unit, unit)
    chosen = _chosen(opened, asked, card)
    field = chosen["field"] = "" if chosen["field"] == ALL_FIELDS else chosen["field"]
    return View(
        card=card,
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
                    *_kept(chosen),
                ),
            ),
        ),
        steps=(
            (f"/position/{quote(unit)}", "Where it stands"),
            *([(f"/field/{quote(field)}", f"All countries in {field}")] if field else []),
            *_let_go(asked, chosen),
        ),
        rows_choose={"fields": "field", country_years.YEARS: "year"},
        marks_choose={
            "field-dots": {"field": "field_name"},
            **{one.name: {"year": "year"} for one in country_years.DRAWN},
        },
        chosen=chosen,
        told=_told(
            card,
            chosen,
            field=("fields", lambda sheet, field: field_dots.field_told(sheet, field, name)),
            year=(
                country_years.YEARS,
                lambda sheet, year: country_years.told_of_year(sheet, int(year)),
            ),
        ),
    )


def _chosen(opened: Opened, asked: Asked, card: Card) -> dict[str, str]:
    """Return the field, by the name that charts and tables know, and the year that are chosen."""
    given = asked.first("field")
    field = ALL if given == ALL_FIELDS else given
    return {
        "field": _field_name(opened, card, field) if field else "",
        "year": str(whole_number(asked, "year") or ""),
    }


Tell = tuple[str, Callable[[Sheet, str], str]]
"""A table, and what says of it what is chosen."""


def _told(card: Card, chosen: Mapping[str, str], **tell: Tell) -> str:
    """Return what is said of a field and of a year that are chosen."""
    sheets = {sheet.name: sheet for sheet in card.sheets}
    return " ".join(
        of(sheets[table], chosen[name])
        for name, (table, of) in tell.items()
        if chosen[name] and table in sheets
    )


def _kept(chosen: Mapping[str, str]) -> tuple[Input, ...]:
    """Return what a form holds of what is chosen, so that it outlasts another country."""
    return tuple(
        Input(name=name, label="", value=value, kind="hidden")
        for name, value in chosen.items()
        if value
    )


def _let_go(asked: Asked, chosen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return where what is chosen is chosen no more."""
    return tuple(
        (asked.address(**{name: ""}), f"No {name}") for name, value in chosen.items() if value
    )


def pair(opened: Opened, asked: Asked, first: str, second: str) -> View:
    """Return what two countries are to each other, and a field or year chosen in it."""
    a, b = opened.ws.unit_ids([first, second])
    card = opened.kept(("pair", a, b), lambda: pair_card(opened.ws, a, b))
    known = dict(country_names(opened))
    names = known.get(a, a), known.get(b, b)
    chosen = _chosen(opened, asked, card)
    return View(
        card=card,
        section="Pair",
        forms=(
            Form(
                action="/pair",
                inputs=(
                    _country(opened, "first", "Country", a),
                    _country(opened, "second", "and", b),
                    *_kept(chosen),
                ),
            ),
        ),
        steps=(
            (f"/what-if?first={quote(a)}&second={quote(b)}", "What if they closed?"),
            (f"/position/{quote(a)}", f"Position of {a}"),
            (f"/position/{quote(b)}", f"Position of {b}"),
            *_let_go(asked, chosen),
        ),
        rows_choose={"fields": "field", joint_works.YEARS: "year"},
        marks_choose={"levels": {"field": "field_name"}, "joint-by-year": {"year": "year"}},
        chosen=chosen,
        told=_told(
            card,
            chosen,
            field=("fields", lambda sheet, field: field_told(sheet, field, names)),
            year=(
                joint_works.YEARS,
                lambda sheet, year: joint_works.told_of_year(sheet, int(year)),
            ),
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
