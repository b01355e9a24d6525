"""In which countries each person wrote in each year."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.territory import counted_under
from fourseas.facts.universe import universe
from fourseas.schema.definition import DEFINITIONS, FORMER_TERRITORIES, Definition
from fourseas.schema.mobility import PERSON_WORKS, PERSON_YEARS
from fourseas.schema.step import Step
from fourseas.schema.table import ROUNDING, conform

LEAST_WORKS = 2
"""Works that a country needs where each of them has an address of the person elsewhere too."""

PERSON_YEAR = ("register", "person_id", "year")


def person_years(person_works: ir.Table) -> ir.Table:
    r"""Divide each year of a person among the countries of their addresses in it.

    .. math:: y_{pti} = \frac{1}{|W_{pt}|} \sum_{w \in W_{pt}} d_{pwi}

    where :math:`W_{pt}` are the works of person *p* in year *t* with a known country of theirs
    and :math:`d_{pwi}` is the part of their addresses on *w* in country *i*. Each work counts
    the same, whoever wrote it with them. Years are of publication: an address is that of the
    time of writing, which is earlier.

    A country counts for a person where one of their works has it alone, or two have it at
    all: a second address on a single work is a visit, or a slip, and no move.
    """
    computed = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        parts = _parts(universe(person_works, definition), definition)
        by_unit = parts.group_by(*PERSON_YEAR, "unit_id").agg(
            placed=parts.part.sum(),
            n_works=parts.count(),
            n_alone=(parts.part > 1.0 - ROUNDING).sum(),
        )
        years = by_unit.group_by(*PERSON_YEAR).agg(n_placed=by_unit.placed.sum())
        divided = by_unit.inner_join(years, PERSON_YEAR)
        weighted = divided.mutate(
            definition_id=ibis.literal(definition.definition_id),
            weight=divided.placed / divided.n_placed,
        )
        computed.append(conform(_with_counted(weighted), PERSON_YEARS))
    return ibis.union(*computed)


def _parts(counted: ir.Table, definition: Definition) -> ir.Table:
    """Return what each country of a territory policy has of each counted work of a person."""
    parts = counted.select(
        *PERSON_YEAR,
        "work_id",
        "part",
        unit_id=counted_under(counted.country_code, definition.territory),
    )
    if not FORMER_TERRITORIES[definition.territory]:
        return parts
    return parts.group_by(*PERSON_YEAR, "work_id", "unit_id").agg(part=parts.part.sum())


def _with_counted(years: ir.Table) -> ir.Table:
    """Say of each country of a person's years whether it counts for the person."""
    record = ("person_id", "unit_id")
    whole = years.group_by(*record).agg(n_all=years.n_works.sum(), n_all_alone=years.n_alone.sum())
    known = years.inner_join(whole, record)
    return known.mutate(is_counted=(known.n_all_alone > 0) | (known.n_all >= LEAST_WORKS))


STEP = Step(compute=person_years, reads=(PERSON_WORKS,), writes=PERSON_YEARS, apart=("person_id",))
