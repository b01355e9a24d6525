"""The works that a definition counts, with all that counting them needs."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from fourseas.facts.territory import counted_under
from fourseas.facts.universe import universe
from fourseas.schema.cells import ALL, IMPACTS, ROLES
from fourseas.schema.definition import FORMER_TERRITORIES, Definition
from fourseas.schema.table import extend
from fourseas.schema.works import CHALLENGE_SCHEME, OTHER_TOPIC_SCHEME, SDG_SCHEME, TOPIC_SCHEME

FINE_SCHEMES = ("openalex_subfield", TOPIC_SCHEME, OTHER_TOPIC_SCHEME, SDG_SCHEME)
"""Schemes within which impact is normalised, or which challenges are made of, but which are too
fine for cells or say too little by themselves."""

ORGANIZATION_SCHEMES = (ALL, "openalex_field", "ietf_group", "3gpp_group", CHALLENGE_SCHEME)
"""Schemes that organizations have cells in; under other than default definitions, `all` alone.

There are some hundred times more organizations than countries: this keeps their cells to tens of
millions over the whole of OpenAlex.
"""


def counted_works(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    definition: Definition,
) -> ir.Table:
    """Return the definition's works with provenance, countries and what is open about them.

    ``is_open_ended`` marks works of which a country may be missing: an author without one, no
    author at all, or an author list that was cut off.
    """
    counted = universe(works, definition)
    provenance = registers.select("register", "snapshot_on", "scope")
    sizes = (
        set_countries.filter(set_countries.territory == definition.territory)
        .select("country_set_id", "n_countries")
        .distinct()
    )
    joined = counted.inner_join(provenance, "register").left_join(sizes, "country_set_id")
    is_open_ended = (
        (joined.n_authors_unknown > 0) | joined.is_authors_truncated | (joined.n_authors == 0)
    )
    return joined.select(
        "work_id",
        "register",
        "snapshot_on",
        "scope",
        "year",
        "stratum",
        definition_id=ibis.literal(definition.definition_id),
        n_countries=joined.n_countries.fill_null(0),
        is_open_ended=is_open_ended,
        n_truncated=joined.is_authors_truncated.cast("float64"),
        n_retracted=joined.is_retracted.cast("float64"),
        n_oa=joined.is_oa.fill_null(False).cast("float64"),
        n_oa_known=joined.is_oa.notnull().cast("float64"),
    )


def countries_of_works(work_countries: ir.Table, definition: Definition) -> ir.Table:
    """Return credit and leads by work and country under the definition's territory policy."""
    measures = ("credit", *ROLES)
    placed = work_countries.select(
        "work_id",
        *measures,
        unit_id=counted_under(work_countries.country_code, definition.territory),
    )
    if not FORMER_TERRITORIES[definition.territory]:
        return placed
    return placed.group_by("work_id", "unit_id").agg(
        **{name: placed[name].sum() for name in measures}
    )


def organization_unit(organizations: ir.Table) -> ir.StringValue:
    """Return the id of an organization's cells: its ROR id, else its register and key."""
    own = organizations.register.concat(":", organizations.organization_key)
    return ibis.coalesce(organizations.ror_id, own)


def organizations_of_works(work_organizations: ir.Table, organizations: ir.Table) -> ir.Table:
    """Return credit and leads by work and organization, named as cells name it."""
    named = organizations.select("organization_id", unit_id=organization_unit(organizations))
    return work_organizations.inner_join(named, "organization_id").select(
        "work_id", "unit_id", "credit", *ROLES
    )


def fundings_of_works(works: ir.Table, fundings: ir.Table, funded_registers: ir.Table) -> ir.Table:
    """Return whether somebody paid for a work, of the registers that say so of any."""
    funded = fundings.select("work_id").distinct().mutate(is_funded=ibis.literal(True))
    told = works.semi_join(funded_registers, "register").select("work_id")
    joined = extend(told, funded, ["work_id"])
    return joined.select("work_id", n_funded=joined.is_funded.fill_null(False).cast("float64"))


def doubles_of_works(double_affiliations: ir.Table, definition: Definition) -> ir.Table:
    """Return the works that only double affiliation makes international, flagged."""
    of_policy = double_affiliations.filter(double_affiliations.territory == definition.territory)
    return of_policy.select("work_id", is_double_affiliation=ibis.literal(True))


def fields_of_works(works: ir.Table, work_fields: ir.Table) -> ir.Table:
    """Return the fields of works that cells are made for, and the one that holds them all."""
    coarse = work_fields.filter(work_fields.scheme.notin(FINE_SCHEMES)).select(
        "work_id", "scheme", "field_id", "weight"
    )
    everything = works.select(
        "work_id",
        scheme=ibis.literal(ALL),
        field_id=ibis.literal(ALL),
        weight=ibis.literal(1.0),
    )
    return coarse.union(everything)


def scores_of_works(work_impact: ir.Table, definition: Definition) -> ir.Table:
    """Return the impact scores that works have under the definition, and their citations."""
    return work_impact.filter(work_impact.definition_id == definition.definition_id).select(
        "work_id", *IMPACTS, "n_citations"
    )


def sums_of_scores(rows: ir.Table, scores: Iterable[str]) -> dict[str, ir.FloatingScalar]:
    """Return the sums by which means of scores and their intervals are told.

    A row is a work in a field, with the work's ``weight`` there, the ``credit`` of whoever it is
    counted for, and its scores: null, and not counted, where it has none.
    """
    credit = rows.weight * rows.credit
    is_scored = rows.ncs.notnull().cast("float64")
    sums = {
        "n_scored": (rows.weight * is_scored).sum(),
        "credit_scored": (credit * is_scored).sum(),
        "credit2_scored": (credit * rows.credit * is_scored).sum(),
    }
    for score in scores:
        value = rows[score].fill_null(0.0)
        sums[f"{score}_full"] = (rows.weight * value).sum()
        sums[f"{score}_full2"] = (rows.weight * value * value).sum()
        sums[f"{score}_frac"] = (credit * value).sum()
        sums[f"{score}_cross"] = (credit * rows.credit * value).sum()
        sums[f"{score}_frac2"] = (credit * rows.credit * value * value).sum()
    return sums
