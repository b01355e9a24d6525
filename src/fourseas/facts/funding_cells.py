"""Funding cells: whose country paid for the works of which."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import counted_works, countries_of_works, fields_of_works
from fourseas.link.fundings import LEAST_SIGNS
from fourseas.schema.cells import FUNDING_CELLS
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.facts import SET_COUNTRIES, WORK_COUNTRIES
from fourseas.schema.step import Step
from fourseas.schema.table import conform, extend
from fourseas.schema.works import (
    FUNDINGS,
    ORGANIZATION_NAMES,
    ORGANIZATIONS,
    REGISTERS,
    WORK_FIELDS,
    WORKS,
)

UNKNOWN = "UNKNOWN"


def funding_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    work_countries: ir.Table,
    work_fields: ir.Table,
    fundings: ir.Table,
    organizations: ir.Table,
    organization_names: ir.Table,
) -> ir.Table:
    """Divide each funded work equally among its funders, and sum by country of both sides.

    A funder's country is that of the organization that it is (`fundings`), or else of all
    organizations of the lake that bear its name, case apart; where none does, or several of
    different countries do, or the name is short, it is ``UNKNOWN``. A funder with several awards
    in one work is one funder, and so are several keys or names of a funder that are the same
    organization. Keys that no organization is found for stay funders of their own, or names where
    there is no key: one that is named twice in different words counts twice.
    """
    parts = _parts(fundings, organizations, _countries_of_names(organizations, organization_names))
    fields = fields_of_works(works, work_fields)
    computed = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        counted = counted_works(works, registers, set_countries, definition)
        placed = countries_of_works(work_countries, definition)
        rows = (
            counted.inner_join(parts, "work_id")
            .inner_join(placed.select("work_id", "unit_id", "credit"), "work_id")
            .inner_join(fields, "work_id")
            .mutate(unit_type=ibis.literal("country"))
        )
        weight = rows.weight * rows.part
        cells = rows.group_by(*FUNDING_CELLS.key).agg(
            p=weight.sum(),
            p_joined=(rows.weight * rows.joined_part).sum(),
            p_frac=(weight * rows.credit).sum(),
        )
        computed.append(conform(cells, FUNDING_CELLS))
    return ibis.union(*computed)


def _countries_of_names(organizations: ir.Table, organization_names: ir.Table) -> ir.Table:
    """Return the names that organizations of one country alone bear."""
    placed = organizations.filter(organizations.country_code.notnull())
    other = organization_names.inner_join(
        placed.select("organization_id", "country_code"), "organization_id"
    )
    named = placed.select("country_code", name=placed.organization_name).union(
        other.select("country_code", "name")
    )
    long = named.filter(named.name.length() >= LEAST_SIGNS)
    spelled = long.mutate(spelled=long.name.lower())
    by_name = spelled.group_by("spelled").agg(
        first=spelled.country_code.min(), last=spelled.country_code.max()
    )
    return by_name.filter(by_name["first"] == by_name["last"]).select(
        "spelled", country_of_name=by_name["first"]
    )


def _parts(fundings: ir.Table, organizations: ir.Table, countries_of_names: ir.Table) -> ir.Table:
    """Return what part of each work funders of each country have, and those found as one."""
    told = fundings.mutate(
        spelled=fundings.funder_name.lower(),
        is_joined=fundings.organization_id.notnull(),
        funder=ibis.coalesce(
            fundings.organization_id.cast("string"),
            fundings.funder_key,
            fundings.funder_name,
            "unnamed",
        ),
    )
    places = organizations.select("organization_id", "country_code")
    located = extend(extend(told, places, ["organization_id"]), countries_of_names, ["spelled"])
    country = ibis.coalesce(located.country_code, located.country_of_name)
    funders = located.group_by("work_id", "is_joined", "funder").agg(
        partner_id=country.min().fill_null(UNKNOWN)
    )
    sizes = funders.group_by("work_id").agg(n_funders=funders.count())
    by_country = funders.group_by("work_id", "partner_id").agg(
        n_here=funders.count(), n_joined=funders.is_joined.sum()
    )
    sized = by_country.inner_join(sizes, "work_id")
    n_funders = sized.n_funders.cast("float64")
    return sized.select(
        "work_id",
        "partner_id",
        part=sized.n_here.cast("float64") / n_funders,
        joined_part=sized.n_joined.cast("float64") / n_funders,
    )


STEP = Step(
    compute=funding_cells,
    reads=(
        WORKS,
        REGISTERS,
        SET_COUNTRIES,
        WORK_COUNTRIES,
        WORK_FIELDS,
        FUNDINGS,
        ORGANIZATIONS,
        ORGANIZATION_NAMES,
    ),
    writes=FUNDING_CELLS,
)
