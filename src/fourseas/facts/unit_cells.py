"""Unit cells: sums over works by country, group, world and unknown, field, year and class."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import (
    ORGANIZATION_SCHEMES,
    counted_works,
    countries_of_works,
    doubles_of_works,
    fields_of_works,
    fundings_of_works,
    organizations_of_works,
    scores_of_works,
    sums_of_scores,
)
from fourseas.facts.published_cells import published_unit_cells
from fourseas.schema.cells import ALL, CELL_KEY, IMPACTS, LONG_KM, ROLES, UNIT_CELLS
from fourseas.schema.countries import GROUP_MEMBERSHIPS
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.facts import (
    DOUBLE_AFFILIATIONS,
    FUNDED_REGISTERS,
    SET_COUNTRIES,
    WORK_COUNTRIES,
    WORK_DISTANCES,
    WORK_IMPACT,
    WORK_ORGANIZATIONS,
    WORK_ROLES,
)
from fourseas.schema.staged import STAGED_STATISTICS
from fourseas.schema.step import Step
from fourseas.schema.table import ROUNDING, conform, extend
from fourseas.schema.works import FUNDINGS, ORGANIZATIONS, REGISTERS, WORK_FIELDS, WORKS

MEASURES = ("credit", "part", *ROLES)
UNIT_OF_WORK = ("work_id", "unit_type", "unit_id", "collaboration_class", *MEASURES)


def unit_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    work_countries: ir.Table,
    work_organizations: ir.Table,
    organizations: ir.Table,
    work_roles: ir.Table,
    double_affiliations: ir.Table,
    work_distances: ir.Table,
    fundings: ir.Table,
    funded_registers: ir.Table,
    work_impact: ir.Table,
    work_fields: ir.Table,
    group_memberships: ir.Table,
    staged_statistics: ir.Table,
) -> ir.Table:
    """Sum works into cells, once for each definition, and add the cells that are published.

    Units are countries under the definition's territory policy; groups of countries by their
    members on the last day of the year; organizations, in fewer schemes; the world, where a
    work counts once; and unknown, which holds the credit that authors without a country lose,
    so that the credits of countries and unknown sum to the works of the world.

    Leads are compared with a unit's ``part`` of the work: its credit by the credit of all
    countries, of an organization by that of all organizations, so that the parts of a work sum
    to one as its leads do, whoever is unplaced.

    Collaboration classes of countries, organizations and the world: ``international``, two
    countries or more; ``unknown``, one or none, and a country may be missing; ``domestic``,
    one, so that a work of two organizations in one country is domestic for both. Of groups:
    ``international``, a country outside the group; ``unknown``; ``intra_group``, two members
    or more; ``domestic``, one.

    The distance of a work is the greatest between two of its organizations, whoever's cell it
    is in; it is known where all of them have coordinates.
    """
    fields = fields_of_works(works, work_fields)
    employers = organizations_of_works(work_organizations, organizations)
    paid = fundings_of_works(works, fundings, funded_registers)
    computed = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        counted = counted_works(works, registers, set_countries, definition)
        placed = countries_of_works(work_countries, definition)
        units = units_of_works(counted, placed, employers, work_roles, group_memberships)
        described = counted
        for of_works in (
            work_roles,
            doubles_of_works(double_affiliations, definition),
            work_distances.select("work_id", "distance_km", "is_whole"),
            paid,
            scores_of_works(work_impact, definition),
        ):
            described = extend(described, of_works, ["work_id"])
        computed.append(_summed(_in_fields(units, described, fields, definition)))
    return ibis.union(*computed, published_unit_cells(staged_statistics))


def units_of_works(
    counted: ir.Table,
    countries: ir.Table,
    employers: ir.Table,
    work_roles: ir.Table,
    group_memberships: ir.Table,
) -> ir.Table:
    """Return every unit of each counted work, with its class there, its credit and its leads.

    Parameters
    ----------
    counted
        `counted_works` of a definition.
    countries, employers
        `countries_of_works` of the definition, and `organizations_of_works`.
    work_roles, group_memberships
        `WORK_ROLES` and `GROUP_MEMBERSHIPS`.
    """
    placed = _with_part(countries)
    return _countries(counted, placed).union(
        _groups(counted, placed, group_memberships),
        _organizations(counted, _with_part(employers)),
        _world(counted, work_roles),
        _unknown(counted, placed),
    )


def _with_part(placed: ir.Table) -> ir.Table:
    """Add what each unit has of the credit that all units of its work have."""
    kept = placed.group_by("work_id").agg(kept=placed.credit.sum())
    joined = extend(placed, kept, ["work_id"])
    return joined.mutate(part=(joined.credit / joined.kept.nullif(0.0)).fill_null(0.0))


def _class_of_work(counted: ir.Table) -> ir.StringValue:
    """Return the collaboration class of a work as a country or the world sees it."""
    return ibis.cases(
        (counted.n_countries > 1, "international"),
        (counted.is_open_ended, "unknown"),
        (counted.n_countries == 1, "domestic"),
        else_="unknown",
    )


def _countries(counted: ir.Table, placed: ir.Table) -> ir.Table:
    """Return the countries of each counted work."""
    joined = counted.inner_join(placed, "work_id")
    return joined.mutate(
        unit_type=ibis.literal("country"), collaboration_class=_class_of_work(joined)
    ).select(*UNIT_OF_WORK)


def _organizations(counted: ir.Table, employers: ir.Table) -> ir.Table:
    """Return the organizations of each counted work, which is of the class it has for countries."""
    joined = counted.inner_join(employers, "work_id")
    return joined.mutate(
        unit_type=ibis.literal("organization"), collaboration_class=_class_of_work(joined)
    ).select(*UNIT_OF_WORK)


def _groups(counted: ir.Table, placed: ir.Table, group_memberships: ir.Table) -> ir.Table:
    """Return the groups with a member among each counted work's countries in its year."""
    memberships = group_memberships.select(
        "group_id", "first_year", "last_year", unit_id=group_memberships.country_code
    )
    dated = counted.select("work_id", "year", "n_countries", "is_open_ended")
    members = dated.inner_join(placed, "work_id").inner_join(memberships, "unit_id")
    current = members.filter(members.year.between(members.first_year, members.last_year))
    by_group = current.group_by("work_id", "group_id", "n_countries", "is_open_ended").agg(
        n_members=current.count(), **{name: current[name].sum() for name in MEASURES}
    )
    group_class = ibis.cases(
        (by_group.n_countries > by_group.n_members, "international"),
        (by_group.is_open_ended, "unknown"),
        (by_group.n_members > 1, "intra_group"),
        else_="domestic",
    )
    return by_group.mutate(
        unit_type=ibis.literal("group"),
        unit_id=by_group.group_id,
        collaboration_class=group_class,
    ).select(*UNIT_OF_WORK)


def _world(counted: ir.Table, work_roles: ir.Table) -> ir.Table:
    """Return the world as the unit that every work belongs to whole."""
    roles = counted.left_join(work_roles, "work_id")
    return roles.mutate(
        unit_type=ibis.literal("world"),
        unit_id=ibis.literal("WORLD"),
        collaboration_class=_class_of_work(roles),
        credit=ibis.literal(1.0),
        part=ibis.literal(1.0),
        **{role: roles[f"is_{role}_known"].fill_null(False).cast("float64") for role in ROLES},
    ).select(*UNIT_OF_WORK)


def _unknown(counted: ir.Table, placed: ir.Table) -> ir.Table:
    """Return what authors without a known country lose of each counted work."""
    kept = placed.group_by("work_id").agg(kept=placed.credit.sum())
    joined = counted.left_join(kept, "work_id")
    lost = 1.0 - joined.kept.fill_null(0.0)
    losing = joined.mutate(credit=ibis.ifelse(lost > ROUNDING, lost, 0.0)).filter(
        (lost > ROUNDING) | joined.is_open_ended
    )
    return losing.mutate(
        unit_type=ibis.literal("unknown"),
        unit_id=ibis.literal("UNKNOWN"),
        collaboration_class=_class_of_work(losing),
        part=ibis.literal(0.0),
        **{role: ibis.literal(0.0) for role in ROLES},
    ).select(*UNIT_OF_WORK)


def _in_fields(
    units: ir.Table, described: ir.Table, fields: ir.Table, definition: Definition
) -> ir.Table:
    """Return the works of each unit in each field that it has cells in."""
    schemes = ORGANIZATION_SCHEMES if definition.is_default else (ALL,)
    rows = units.inner_join(described, "work_id").inner_join(fields, "work_id")
    return rows.filter((rows.unit_type != "organization") | rows.scheme.isin(schemes))


def _summed(rows: ir.Table) -> ir.Table:
    """Sum the works of each unit into its cells."""
    weight = rows.weight
    credit = weight * rows.credit
    is_international = rows.collaboration_class == "international"
    is_organization = rows.unit_type == "organization"
    is_double = rows.is_double_affiliation.fill_null(False) & is_international
    sums = {
        "n": weight.sum(),
        "credit": credit.sum(),
        "n_double": (weight * is_double.cast("float64")).sum(),
        **{
            name: (weight * rows[name]).sum()
            for name in ("n_truncated", "n_retracted", "n_oa", "n_oa_known", "n_funded", *ROLES)
        },
        **_distances(rows),
    }
    for role in ROLES:
        is_lead_known = ibis.ifelse(
            is_organization, rows[f"is_{role}_organization_known"], rows[f"is_{role}_known"]
        )
        is_known = is_lead_known.fill_null(False).cast("float64")
        sums[f"n_{role}_known"] = (weight * is_known).sum()
        sums[f"part_{role}_known"] = (weight * rows.part * is_known).sum()
    sums |= sums_of_scores(rows, IMPACTS)
    is_cited = (rows.ncs.notnull() & (rows.n_citations > 0)).fill_null(False)
    sums["credit_cited"] = (credit * is_cited.cast("float64")).sum()
    cells = rows.group_by(*CELL_KEY, "stratum", "collaboration_class").agg(**sums)
    # Whether all authors share a country says nothing of whether all share another unit.
    is_shared_country = cells.unit_type.notin(["group", "organization"])
    n_double = ibis.ifelse(is_shared_country, cells.n_double, ibis.null("float64"))
    return conform(cells.mutate(n_double=n_double), UNIT_CELLS)


def _distances(rows: ir.Table) -> dict[str, ir.Value]:
    """Return the sums of distances, and of works that are long whatever is not placed."""
    is_whole = rows.is_whole.fill_null(False)
    is_long = (rows.distance_km >= LONG_KM).fill_null(False)
    known = rows.weight * is_whole.cast("float64")
    long = rows.weight * (is_whole & is_long).cast("float64")
    long_open = rows.weight * (~is_whole & is_long).cast("float64")
    distance = rows.distance_km.fill_null(0.0)
    return {
        "n_distance": known.sum(),
        "credit_distance": (known * rows.credit).sum(),
        "distance_full": (known * distance).sum(),
        "distance_frac": (known * rows.credit * distance).sum(),
        "n_long": long.sum(),
        "credit_long": (long * rows.credit).sum(),
        "n_long_open": long_open.sum(),
        "credit_long_open": (long_open * rows.credit).sum(),
    }


STEP = Step(
    compute=unit_cells,
    reads=(
        WORKS,
        REGISTERS,
        SET_COUNTRIES,
        WORK_COUNTRIES,
        WORK_ORGANIZATIONS,
        ORGANIZATIONS,
        WORK_ROLES,
        DOUBLE_AFFILIATIONS,
        WORK_DISTANCES,
        FUNDINGS,
        FUNDED_REGISTERS,
        WORK_IMPACT,
        WORK_FIELDS,
        GROUP_MEMBERSHIPS,
        STAGED_STATISTICS,
    ),
    writes=UNIT_CELLS,
    apart=("year",),
)
