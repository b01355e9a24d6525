"""In which countries each person wrote in each year."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import counted_works
from fourseas.facts.territory import counted_under
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.facts import SET_COUNTRIES
from fourseas.schema.mobility import PERSON_YEARS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, AUTHORSHIPS, REGISTERS, WORKS

LEAST_WORKS = 2
"""Works that a country needs where each of them has an address of the person elsewhere too."""


def person_years(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    authorships: ir.Table,
    affiliations: ir.Table,
) -> ir.Table:
    r"""Divide each year of a person among the countries of their addresses in it.

    .. math:: y_{pti} = \frac{1}{|W_{pt}|} \sum_{w \in W_{pt}} \frac{s_{pwi}}{\sum_k s_{pwk}}

    where :math:`W_{pt}` are the works of person *p* in year *t* with a known country of theirs
    and :math:`s_{pwi}` is the part of their addresses on *w* in country *i*. Each work counts
    the same, whoever wrote it with them. Years are of publication: an address is that of the
    time of writing, which is earlier.

    A country counts for a person where one of their works has it alone, or two have it at
    all: a second address on a single work is a visit, or a slip, and no move.
    """
    signed = authorships.filter(authorships.person_id.notnull()).select(
        "work_id", "position", "person_id"
    )
    written = affiliations.filter(affiliations.country_code.notnull() & (affiliations.share > 0.0))
    addressed = signed.inner_join(
        written.select("work_id", "position", "country_code", "share"), ["work_id", "position"]
    )
    computed = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        counted = counted_works(works, registers, set_countries, definition)
        unit_id = counted_under(addressed.country_code, definition.territory)
        moved = addressed.select("work_id", "person_id", "share", unit_id=unit_id)
        shares = moved.group_by("work_id", "person_id", "unit_id").agg(share=moved.share.sum())
        wholes = shares.group_by("work_id", "person_id").agg(
            whole=shares.share.sum(), n_units=shares.count()
        )
        parts = shares.inner_join(wholes, ["work_id", "person_id"]).inner_join(
            counted.select("work_id", "definition_id", "register", "year"), "work_id"
        )
        person_year = ("definition_id", "register", "person_id", "year")
        by_unit = parts.group_by(*person_year, "unit_id").agg(
            part=(parts.share / parts.whole).sum(),
            n_works=parts.count(),
            n_alone=(parts.n_units == 1).sum(),
        )
        years = by_unit.group_by(*person_year).agg(n_placed=by_unit.part.sum())
        divided = by_unit.inner_join(years, person_year)
        weighted = divided.mutate(weight=divided.part / divided.n_placed)
        computed.append(conform(_with_counted(weighted), PERSON_YEARS))
    return ibis.union(*computed)


def _with_counted(years: ir.Table) -> ir.Table:
    """Say of each country of a person's years whether it counts for the person."""
    record = ("definition_id", "person_id", "unit_id")
    whole = years.group_by(*record).agg(n_all=years.n_works.sum(), n_all_alone=years.n_alone.sum())
    known = years.inner_join(whole, record)
    return known.mutate(is_counted=(known.n_all_alone > 0) | (known.n_all >= LEAST_WORKS))


STEP = Step(
    compute=person_years,
    reads=(WORKS, REGISTERS, SET_COUNTRIES, AUTHORSHIPS, AFFILIATIONS),
    writes=PERSON_YEARS,
)
