"""Mobility cells: how many persons of a country came, went, came back, and of which class."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import counted_works
from fourseas.facts.territory import counted_under
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.facts import SET_COUNTRIES
from fourseas.schema.mobility import (
    CLASSES,
    MOBILITY_CELLS,
    PERSON_HOMES,
    PERSON_RECORDS,
    PERSON_YEARS,
)
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, AUTHORSHIPS, REGISTERS, WORKS

PERSON = ("definition_id", "register", "person_id")
MEASURES = tuple(name for name in MOBILITY_CELLS.column_names if name.startswith("n_"))


def mobility_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    authorships: ir.Table,
    affiliations: ir.Table,
    person_years: ir.Table,
    person_homes: ir.Table,
    person_records: ir.Table,
) -> ir.Table:
    """Count the persons of each country and year by what their records show.

    Countries are those that count for a person. Whoever has moved to another home goes *out*
    of the one before and comes *in* to this, in the year of arrival; it is a *return* where
    this was their home before. Classes are of the whole record.

    A record that looks merged from several people of one name is left out of all else and
    counted as such.
    """
    kept = person_records.filter(~person_records.is_merged).drop("is_merged")
    suspects = person_records.filter(person_records.is_merged).select(*PERSON)
    placed = person_years.filter(person_years.is_counted).select(*PERSON, "year", "unit_id")
    followed = person_homes.filter(person_homes.previous_id.notnull())
    counts = [
        *_counted_persons(placed.inner_join(kept, PERSON)),
        *_counted_merged(placed.semi_join(suspects, PERSON)),
        *_counted_moves(followed.semi_join(kept, PERSON)),
    ]
    for definition in DEFINITIONS:
        if definition.computed:
            counted = counted_works(works, registers, set_countries, definition)
            counts += _counted_authorships(counted, authorships, affiliations, definition)
    every = ibis.union(*counts)
    cells = every.group_by("definition_id", "register", "year", "unit_type", "unit_id").agg(
        **{name: every[name].sum() for name in MEASURES}
    )
    known = cells.inner_join(registers.select("register", "snapshot_on", "scope"), "register")
    everything = known.mutate(scheme=ibis.literal(ALL), field_id=ibis.literal(ALL))
    return conform(everything, MOBILITY_CELLS)


def _counted_persons(active: ir.Table) -> list[ir.Table]:
    """Count persons by class in their countries, and once in the world."""
    worldwide = active.drop("unit_id").distinct()
    return [
        _counts(
            rows,
            n_active=rows.person_id.notnull(),
            **{f"n_{name}": rows.person_class == name for name in ("unclassed", *CLASSES)},
        )
        for rows in (_in_countries(active), _in_the_world(worldwide))
    ]


def _counted_merged(left_out: ir.Table) -> list[ir.Table]:
    """Count the persons who are left out in their countries, and once in the world."""
    worldwide = left_out.drop("unit_id").distinct()
    return [
        _counts(rows, n_merged=rows.person_id.notnull())
        for rows in (_in_countries(left_out), _in_the_world(worldwide))
    ]


def _counted_moves(moves: ir.Table) -> list[ir.Table]:
    """Count those who stay and arrive where they are, and those who leave where they were."""
    gone = moves.filter(moves.is_move)
    left = gone.mutate(unit_id=gone.previous_id)
    return [
        _counts(
            rows,
            n_followed=rows.person_id.notnull(),
            n_in=rows.is_move & ~rows.is_return,
            n_return=rows.is_return,
        )
        for rows in (_in_countries(moves), _in_the_world(moves))
    ] + [
        _counts(rows, n_out=rows.person_id.notnull())
        for rows in (_in_countries(left), _in_the_world(left))
    ]


def _counted_authorships(
    counted: ir.Table, authorships: ir.Table, affiliations: ir.Table, definition: Definition
) -> list[ir.Table]:
    """Count the authorships of each country, and all of the world, and those with a person."""
    dated = counted.select("definition_id", "register", "work_id", "year")
    signed = dated.inner_join(authorships.select("work_id", "position", "person_id"), "work_id")
    addressed = affiliations.filter(affiliations.country_code.notnull())
    units = addressed.select(
        "work_id",
        "position",
        unit_id=counted_under(addressed.country_code, definition.territory),
    ).distinct()
    placed = signed.inner_join(units, ["work_id", "position"])
    return [
        _counts(rows, n_authorships=rows.work_id.notnull(), n_identified=rows.person_id.notnull())
        for rows in (_in_countries(placed), _in_the_world(signed))
    ]


def _in_countries(rows: ir.Table) -> ir.Table:
    return rows.mutate(unit_type=ibis.literal("country"))


def _in_the_world(rows: ir.Table) -> ir.Table:
    return rows.mutate(unit_type=ibis.literal("world"), unit_id=ibis.literal("WORLD"))


def _counts(rows: ir.Table, **flags: ir.Value) -> ir.Table:
    """Count the rows that bear each flag; the other measures are 0."""
    counted = rows.group_by("definition_id", "register", "year", "unit_type", "unit_id").agg(
        **{name: flag.cast("int64").sum() for name, flag in flags.items()}
    )
    zero = ibis.literal(0, "int64")
    return counted.select(
        "definition_id",
        "register",
        "year",
        "unit_type",
        "unit_id",
        **{name: counted[name] if name in flags else zero for name in MEASURES},
    )


STEP = Step(
    compute=mobility_cells,
    reads=(
        WORKS,
        REGISTERS,
        SET_COUNTRIES,
        AUTHORSHIPS,
        AFFILIATIONS,
        PERSON_YEARS,
        PERSON_HOMES,
        PERSON_RECORDS,
    ),
    writes=MOBILITY_CELLS,
    apart=("year",),
)
