"""Mobility cells: how many persons of a country came, went, came back, and of which class."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import counted_works
from fourseas.facts.territory import counted_under
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.facts import SET_COUNTRIES
from fourseas.schema.mobility import MOBILITY_CELLS, PERSON_YEARS
from fourseas.schema.step import Step
from fourseas.schema.table import ROUNDING, conform
from fourseas.schema.works import AFFILIATIONS, AUTHORSHIPS, REGISTERS, WORKS

LEAST_WORKS = 2
"""Works that a country needs where each of them has an address of the person elsewhere too."""

LEAST_YEARS = 2
"""Years that a record needs to have a class."""

MOST_COUNTRIES = 2
"""Countries that a person may have alone on a work in one year."""

MOST_MOVES = 4
"""Times that a person may change the country of most works."""

PERSON = ("definition_id", "register", "person_id")
MEASURES = tuple(name for name in MOBILITY_CELLS.column_names if name.startswith("n_"))


def mobility_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    authorships: ir.Table,
    affiliations: ir.Table,
    person_years: ir.Table,
) -> ir.Table:
    """Count the persons of each country and year by what their records show.

    A country counts for a person where one of their works has it alone, or two have it at
    all: a second address on a single work is a visit, or a slip, and no move.

    A person's home in a year is the country of most of their works of it; where two have the
    same part, the year has none. Whoever has another home than in the last year that had one
    goes *out* of that and comes *in* to this, in the year of arrival; it is a *return* where
    this was their home before. What happens between two works is not seen, nor that somebody
    left who writes no longer.

    Classes are of the whole record, of two years or more, and of the year's countries. The
    origin is the country of the first year. ``not_mobile``: no other. ``non_directional``:
    several in the first year. ``migrant``: some later year is without the origin.
    ``directional``: every later year has it, and some year another too.

    A record looks merged from several people of one name where in one year three countries
    stand alone on works, or where the home changes more than four times. It is left out of
    all else and counted as such.

    References
    ----------
    Robinson-Garcia, Sugimoto, Murray, Yegros-Yegros, Lariviere & Costas (2019), "The many
    faces of mobility", Journal of Informetrics 13(1), 50-63.
    """
    placed = _placed(person_years)
    homes = _homes(placed)
    suspects = _merged(placed, homes)
    kept = placed.anti_join(suspects, PERSON)
    moves = homes.anti_join(suspects, PERSON).filter(lambda home: home.previous_id.notnull())
    counts = [
        *_counted_persons(kept, _classed(kept)),
        *_counted_merged(placed.semi_join(suspects, PERSON)),
        *_counted_moves(moves),
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


def _placed(person_years: ir.Table) -> ir.Table:
    """Return the years of persons in the countries that count for them."""
    records = person_years.group_by(*PERSON, "unit_id").agg(
        n_all=person_years.n_works.sum(), n_all_alone=person_years.n_alone.sum()
    )
    counting = records.filter((records.n_all_alone > 0) | (records.n_all >= LEAST_WORKS))
    return person_years.semi_join(counting, [*PERSON, "unit_id"])


def _homes(placed: ir.Table) -> ir.Table:
    """Return the home of each person's year, the one before, and whether it was so earlier."""
    tops = placed.group_by(*PERSON, "year").agg(top=placed.weight.max())
    ranked = placed.inner_join(tops, [*PERSON, "year"])
    leading = ranked.filter(ranked.weight > ranked.top - ROUNDING)
    years = leading.group_by(*PERSON, "year").agg(
        unit_id=leading.unit_id.min(), n_leading=leading.count()
    )
    homes = years.filter(years.n_leading == 1).drop("n_leading")
    in_order = ibis.window(group_by=[homes[name] for name in PERSON], order_by=homes.year)
    ordered = homes.mutate(previous_id=homes.unit_id.lag().over(in_order))
    firsts = homes.group_by(*PERSON, "unit_id").agg(first_year=homes.year.min())
    dated = ordered.inner_join(firsts, [*PERSON, "unit_id"])
    is_move = (dated.previous_id != dated.unit_id).fill_null(False)
    return dated.select(
        *PERSON,
        "year",
        "unit_id",
        "previous_id",
        is_move=is_move,
        is_return=is_move & (dated.first_year < dated.year),
    )


def _merged(placed: ir.Table, homes: ir.Table) -> ir.Table:
    """Return the persons whose records look like those of several people."""
    years = placed.group_by(*PERSON, "year").agg(n_alone=(placed.n_alone > 0).sum())
    scattered = years.filter(years.n_alone > MOST_COUNTRIES).select(*PERSON)
    changes = homes.group_by(*PERSON).agg(n_moves=homes.is_move.sum())
    restless = changes.filter(changes.n_moves > MOST_MOVES).select(*PERSON)
    return scattered.union(restless, distinct=True)


def _classed(kept: ir.Table) -> ir.Table:
    """Return the class of each person's record; null where it has one year alone."""
    spans = kept.group_by(*PERSON).agg(
        first_year=kept.year.min(), n_years=kept.year.nunique(), n_units=kept.unit_id.nunique()
    )
    dated = kept.inner_join(spans, PERSON)
    starts = dated.filter(dated.year == dated.first_year)
    origins = starts.group_by(*PERSON).agg(origin_id=starts.unit_id.min(), n_origins=starts.count())
    of_origin = dated.inner_join(origins, PERSON)
    described = of_origin.group_by(*PERSON, "n_years", "n_units", "n_origins").agg(
        n_at_origin=(of_origin.unit_id == of_origin.origin_id).sum()
    )
    return described.select(
        *PERSON,
        person_class=ibis.cases(
            (described.n_years < LEAST_YEARS, "unclassed"),
            (described.n_units == 1, "not_mobile"),
            (described.n_origins > 1, "non_directional"),
            (described.n_at_origin < described.n_years, "migrant"),
            else_="directional",
        ),
    )


def _counted_persons(kept: ir.Table, classed: ir.Table) -> list[ir.Table]:
    """Count persons by class in their countries, and once in the world."""
    active = kept.select(*PERSON, "year", "unit_id").inner_join(classed, PERSON)
    worldwide = active.drop("unit_id").distinct()
    return [
        _counts(
            rows,
            n_active=rows.person_id.notnull(),
            **{
                f"n_{name}": rows.person_class == name
                for name in (
                    "unclassed",
                    "not_mobile",
                    "migrant",
                    "directional",
                    "non_directional",
                )
            },
        )
        for rows in (_in_countries(active), _in_the_world(worldwide))
    ]


def _counted_merged(left_out: ir.Table) -> list[ir.Table]:
    """Count the persons who are left out in their countries, and once in the world."""
    listed = left_out.select(*PERSON, "year", "unit_id")
    worldwide = listed.drop("unit_id").distinct()
    return [
        _counts(rows, n_merged=rows.person_id.notnull())
        for rows in (_in_countries(listed), _in_the_world(worldwide))
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
    reads=(WORKS, REGISTERS, SET_COUNTRIES, AUTHORSHIPS, AFFILIATIONS, PERSON_YEARS),
    writes=MOBILITY_CELLS,
)
