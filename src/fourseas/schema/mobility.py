"""Mobility: where persons were in each year, and how many came, went and came back."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.cells import CELL_COLUMNS, CELL_KEY
from fourseas.schema.table import ROUNDING, Column, Law, TableSpec
from fourseas.schema.works import WORKS

CLASSES = ("not_mobile", "migrant", "directional", "non_directional")
"""Classes of persons by their whole record."""

MOVES = ("in", "return", "out")
"""What a change of the country of most of a year's works is to a country."""


ASKED_OF_WORKS = (
    "register",
    "year",
    "kind",
    "stratum",
    "language",
    "is_retracted",
    "n_references",
    "n_authors",
    "country_set_id",
)
"""What definitions ask of a work."""


def _unbalanced_works(person_works: ir.Table) -> ir.Table:
    """Return works of persons whose countries do not hold the whole of them."""
    works = person_works.group_by("person_id", "work_id").agg(part=person_works.part.sum())
    return works.filter((works.part - 1.0).abs() > ROUNDING)


def _unbalanced_years(person_years: ir.Table) -> ir.Table:
    """Return years of persons whose countries do not hold the whole of it."""
    years = person_years.group_by("definition_id", "person_id", "year").agg(
        weight=person_years.weight.sum()
    )
    return years.filter((years.weight - 1.0).abs() > ROUNDING)


PERSON_WORKS = TableSpec(
    name="person_works",
    grain="one row per person, work and country of an address of theirs on it",
    key=("person_id", "work_id", "country_code"),
    columns=(
        Column("person_id", "int32", "id", "The person."),
        Column("work_id", "int32", "id", "The work."),
        Column("country_code", "string", "code", "A country of the person's addresses on it."),
        Column("part", "float64", "share", "Its part of their addresses with a known country."),
        *(WORKS.column(name) for name in ASKED_OF_WORKS),
    ),
    laws=(Law("the countries of a person's work hold it once", _unbalanced_works, "person_id"),),
)

PERSON_YEARS = TableSpec(
    name="person_years",
    grain="one row per person, year and country of an address, and definition",
    key=("person_id", "definition_id", "year", "unit_id"),
    columns=(
        Column("definition_id", "string", "code", "The definition by which works were counted."),
        Column("register", "string", "code", "The register that knows the person."),
        Column("person_id", "int32", "id", "The person."),
        Column("year", "int16", "year", "Year of publication."),
        Column("unit_id", "string", "code", "A country of the person's addresses."),
        Column("weight", "float64", "share", "Its part of the person's placed works of the year."),
        Column("n_works", "int64", "works", "Works with an address of the person there."),
        Column("n_alone", "int64", "works", "Of these, with no address of theirs elsewhere."),
        Column(
            "is_counted",
            "boolean",
            "flag",
            "The country counts for the person: one of all their works has it alone, or two have "
            "it at all.",
        ),
    ),
    laws=(Law("the countries of a person's year hold it once", _unbalanced_years, "person_id"),),
)

PERSON_HOMES = TableSpec(
    name="person_homes",
    grain="one row per person and year with a home, and definition",
    key=("person_id", "definition_id", "year"),
    columns=(
        Column("definition_id", "string", "code", "The definition by which works were counted."),
        Column("register", "string", "code", "The register that knows the person."),
        Column("person_id", "int32", "id", "The person."),
        Column("year", "int16", "year", "Year of publication."),
        Column("unit_id", "string", "code", "Country of most of the person's works of the year."),
        Column("previous_id", "string", "code", "The home before this.", nullable=True),
        Column("is_move", "boolean", "flag", "The home before this was another one."),
        Column("is_return", "boolean", "flag", "It was, and this was the home earlier still."),
    ),
)

PERSON_RECORDS = TableSpec(
    name="person_records",
    grain="one row per person with a country that counts, and definition",
    key=("person_id", "definition_id"),
    columns=(
        Column("definition_id", "string", "code", "The definition by which works were counted."),
        Column("register", "string", "code", "The register that knows the person."),
        Column("person_id", "int32", "id", "The person."),
        Column("person_class", "string", "category", f"unclassed, {', '.join(CLASSES)}."),
        Column("is_merged", "boolean", "flag", "The record looks like that of several people."),
    ),
)


def _unbalanced_moves(mobility_cells: ir.Table) -> ir.Table:
    """Return places where not as many persons arrive as leave, or the world's count differs."""
    is_country = mobility_cells.unit_type == "country"
    arrived = mobility_cells.n_in + mobility_cells.n_return
    places = mobility_cells.group_by("register", "definition_id", "year").agg(
        arrived=arrived.sum(where=is_country).fill_null(0),
        left=mobility_cells.n_out.sum(where=is_country).fill_null(0),
        moved=mobility_cells.n_out.sum(where=~is_country).fill_null(0),
    )
    return places.filter((places.arrived != places.left) | (places.left != places.moved))


def _unclassed_persons(mobility_cells: ir.Table) -> ir.Table:
    """Return cells whose classes do not hold everybody who is active."""
    total = mobility_cells.n_unclassed
    for name in CLASSES:
        total += mobility_cells[f"n_{name}"]
    return mobility_cells.filter(total != mobility_cells.n_active)


MOBILITY_CELLS = TableSpec(
    name="mobility_cells",
    grain="one row per country or the world, year and definition",
    key=CELL_KEY,
    columns=(
        *CELL_COLUMNS,
        Column("n_authorships", "int64", "authors", "Authorships with an address in the unit."),
        Column("n_identified", "int64", "authors", "Of these, with a person."),
        Column("n_merged", "int64", "people", "Left out: a record like several people's."),
        Column("n_active", "int64", "people", "Persons with works in the unit that year."),
        Column("n_unclassed", "int64", "people", "Of these, with works in one year alone."),
        Column("n_not_mobile", "int64", "people", "Of these, of one country all along."),
        Column("n_migrant", "int64", "people", "Of these, without their first country in a year."),
        Column("n_directional", "int64", "people", "Travellers who kept their first country."),
        Column("n_non_directional", "int64", "people", "Of several countries from the start."),
        Column("n_followed", "int64", "people", "Have most of the year here, and an earlier year."),
        Column("n_in", "int64", "people", "Of these, the earlier year elsewhere; new here."),
        Column("n_return", "int64", "people", "Of these, the earlier year elsewhere; here before."),
        Column("n_out", "int64", "people", "The earlier year here, and now elsewhere."),
    ),
    laws=(
        Law("as many persons arrive as leave", _unbalanced_moves),
        Law("the classes hold everybody who is active", _unclassed_persons),
    ),
)
