"""Unit cells: sums over works by country, group, world and unknown, field, year and class."""

from __future__ import annotations

from functools import partial

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import (
    counted_works,
    countries_of_works,
    doubles_of_works,
    fundings_of_works,
    organizations_of_works,
    scores_of_works,
)
from fourseas.facts.field_sums import (
    ALL_ALONE,
    EVERY_FIELD,
    FIELDS_OF_ORGANIZATIONS,
    Counted,
    Summands,
    step_of,
    terms_of_scores,
    tiered_fields,
)
from fourseas.facts.published_cells import published_unit_cells
from fourseas.schema.cells import IMPACTS, LONG_KM, ROLES, UNIT_CELLS
from fourseas.schema.countries import GROUP_MEMBERSHIPS
from fourseas.schema.definition import DEFINITIONS
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
from fourseas.schema.table import ROUNDING, extend
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
) -> Summands:
    """Return what cells sum of works, once for each definition, and the cells that are published.

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
    employers = organizations_of_works(work_organizations, organizations)
    paid = fundings_of_works(works, fundings, funded_registers)
    definitions = []
    for definition in DEFINITIONS:
        if not definition.computed:
            continue
        counted = counted_works(works, registers, set_countries, definition)
        placed = countries_of_works(work_countries, definition)
        described = counted
        for of_works in (
            work_roles,
            doubles_of_works(double_affiliations, definition),
            work_distances.select("work_id", "distance_km", "is_whole"),
            paid,
            scores_of_works(work_impact, definition),
        ):
            described = extend(described, of_works, ["work_id"])
        units_of = partial(
            _tiered_units,
            placed=placed,
            employers=employers,
            work_roles=work_roles,
            group_memberships=group_memberships,
            is_default=definition.is_default,
        )
        definitions.append(Counted(counted, described, units_of))
    return Summands(
        definitions=tuple(definitions),
        terms=_terms,
        fields=tiered_fields(works, work_fields),
        published=published_unit_cells(staged_statistics),
    )


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


def _tiered_units(
    counted: ir.Table,
    *,
    placed: ir.Table,
    employers: ir.Table,
    work_roles: ir.Table,
    group_memberships: ir.Table,
    is_default: bool,
) -> ir.Table:
    """Return the units of works with the fields that they are summed in: organizations in fewer."""
    units = units_of_works(counted, placed, employers, work_roles, group_memberships)
    fields_of_organization = FIELDS_OF_ORGANIZATIONS if is_default else ALL_ALONE
    is_organization = units.unit_type == "organization"
    tier = ibis.ifelse(is_organization, fields_of_organization, EVERY_FIELD)
    return units.mutate(tier=tier.cast("int8"))


def _terms(rows: ir.Table) -> ir.Table:
    """Return what each unit has of each work, as cells sum it in the fields of the work."""
    is_international = rows.collaboration_class == "international"
    is_organization = rows.unit_type == "organization"
    is_double = rows.is_double_affiliation.fill_null(False) & is_international
    # Whether all authors share a country says nothing of whether all share another unit.
    is_shared_country = rows.unit_type.notin(["group", "organization"])
    terms: dict[str, ir.Value] = {
        "n": ibis.literal(1.0),
        "credit": rows.credit,
        "n_double": ibis.ifelse(is_shared_country, is_double.cast("float64"), ibis.null("float64")),
        **_distances(rows),
    }
    for role in ROLES:
        is_lead_known = ibis.ifelse(
            is_organization, rows[f"is_{role}_organization_known"], rows[f"is_{role}_known"]
        )
        is_known = is_lead_known.fill_null(False).cast("float64")
        terms[f"n_{role}_known"] = is_known
        terms[f"part_{role}_known"] = rows.part * is_known
    terms |= terms_of_scores(rows, IMPACTS)
    is_cited = (rows.ncs.notnull() & (rows.n_citations > 0)).fill_null(False)
    terms["credit_cited"] = rows.credit * is_cited.cast("float64")
    return rows.mutate(**terms)


def _distances(rows: ir.Table) -> dict[str, ir.Value]:
    """Return the terms of distances, and of works that are long whatever is not placed."""
    is_whole = rows.is_whole.fill_null(False)
    is_long = (rows.distance_km >= LONG_KM).fill_null(False)
    known = is_whole.cast("float64")
    long = (is_whole & is_long).cast("float64")
    long_open = (~is_whole & is_long).cast("float64")
    distance = rows.distance_km.fill_null(0.0)
    return {
        "n_distance": known,
        "credit_distance": known * rows.credit,
        "distance_full": known * distance,
        "distance_frac": known * rows.credit * distance,
        "n_long": long,
        "credit_long": long * rows.credit,
        "n_long_open": long_open,
        "credit_long_open": long_open * rows.credit,
    }


STEP = step_of(
    unit_cells,
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
)
