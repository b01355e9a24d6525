"""What each person's whole record shows: a class of mobility, or several people of one name."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.mobility import PERSON_HOMES, PERSON_RECORDS, PERSON_YEARS
from fourseas.schema.step import Step
from fourseas.schema.table import conform, extend

LEAST_YEARS = 2
"""Years that a record needs to have a class."""

MOST_COUNTRIES = 2
"""Countries that a person may have alone on a work in one year."""

MOST_MOVES = 4
"""Times that a person may change the country of most works."""

PERSON = ("definition_id", "register", "person_id")


def person_records(person_years: ir.Table, person_homes: ir.Table) -> ir.Table:
    """Class each person by the countries that count for them, over the whole record.

    The origin is the country of the first year. ``unclassed``: one year alone. ``not_mobile``:
    no other country. ``non_directional``: several in the first year. ``migrant``: some later
    year is without the origin. ``directional``: every later year has it, and some year another
    too.

    A record looks merged from several people of one name where in one year three countries
    stand alone on works, or where the home changes more than four times.

    References
    ----------
    Robinson-Garcia, Sugimoto, Murray, Yegros-Yegros, Lariviere & Costas (2019), "The many
    faces of mobility", Journal of Informetrics 13(1), 50-63.
    """
    placed = person_years.filter(person_years.is_counted)
    years = placed.group_by(*PERSON, "year").agg(
        n_units=placed.count(),
        n_alone=(placed.n_alone > 0).sum(),
        least_id=placed.unit_id.min(),
    )
    spans = years.group_by(*PERSON).agg(
        first_year=years.year.min(), n_years=years.count(), most_alone=years.n_alone.max()
    )
    starts = years.inner_join(spans, PERSON)
    origins = starts.filter(starts.year == starts.first_year).select(
        *PERSON, "n_years", "most_alone", origin_id="least_id", n_origins="n_units"
    )
    units = placed.group_by(*PERSON, "unit_id").agg(n_years_there=placed.count())
    described = units.inner_join(origins, PERSON)
    is_origin = described.unit_id == described.origin_id
    records = described.group_by(*PERSON, "n_years", "most_alone", "n_origins").agg(
        n_units=described.count(),
        n_at_origin=described.n_years_there.sum(where=is_origin),
    )
    changes = person_homes.group_by(*PERSON).agg(n_moves=person_homes.is_move.sum())
    known = extend(records, changes, list(PERSON))
    return conform(
        known.mutate(
            person_class=ibis.cases(
                (known.n_years < LEAST_YEARS, "unclassed"),
                (known.n_units == 1, "not_mobile"),
                (known.n_origins > 1, "non_directional"),
                (known.n_at_origin < known.n_years, "migrant"),
                else_="directional",
            ),
            is_merged=(known.most_alone > MOST_COUNTRIES)
            | (known.n_moves.fill_null(0) > MOST_MOVES),
        ),
        PERSON_RECORDS,
    )


STEP = Step(
    compute=person_records,
    reads=(PERSON_YEARS, PERSON_HOMES),
    writes=PERSON_RECORDS,
    apart=("person_id",),
)
