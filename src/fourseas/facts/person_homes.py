"""Where each person was at home in each year, and whether they had moved there."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.mobility import PERSON_HOMES, PERSON_YEARS
from fourseas.schema.step import Step
from fourseas.schema.table import ROUNDING, conform

PERSON = ("definition_id", "register", "person_id")


def person_homes(person_years: ir.Table) -> ir.Table:
    """Return the home of each person's year, the one before, and whether it was so earlier.

    A person's home in a year is the country of most of their works of it, among countries that
    count for them; where two have the same part, the year has none. Whoever has another home
    than in the last year that had one has moved, in the year of arrival; it is a return where
    this was their home before. What happens between two works is not seen, nor that somebody
    left who writes no longer.
    """
    placed = person_years.filter(person_years.is_counted)
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
    moved = dated.mutate(is_move=is_move, is_return=is_move & (dated.first_year < dated.year))
    return conform(moved, PERSON_HOMES)


STEP = Step(compute=person_homes, reads=(PERSON_YEARS,), writes=PERSON_HOMES, apart=("person_id",))
