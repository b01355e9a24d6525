"""Who is behind touched works, on both sides: organizations, and how many people."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.policy.exposure import TOUCHED
from fourseas.policy.history import Past
from fourseas.schema.table import Column, TableSpec, conform, extend

FEWEST_PEOPLE = 5
"""Fewer people than this are not told, nor that there is nobody."""

EXPOSED_ORGANIZATIONS = TableSpec(
    name="exposed_organizations",
    grain="one row per organization with a touched work at an address in a country",
    key=("register", "definition_id", "side", "country", "organization_id"),
    columns=(
        Column("register", "string", "code", "The register of the works."),
        Column("definition_id", "string", "code", "The definition that counts them."),
        Column("side", "string", "category", "owner or partner."),
        Column("country", "string", "code", "Country of the address."),
        Column("organization_id", "int32", "id", "The organization."),
        Column("organization_name", "string", "name", "Its name.", nullable=True),
        Column("n_least", "int64", "works", "Works of it that are touched."),
        Column("n_most", "int64", "works", "Works of it that are, or may be, touched."),
        Column("n_output", "int64", "works", "All works of it at addresses there."),
        Column("share_least", "float64", "share", "Of all its works there, at least."),
        Column("share_most", "float64", "share", "Of all its works there, at most."),
    ),
)

EXPOSED_PEOPLE = TableSpec(
    name="exposed_people",
    grain="one row per partner with which a work is touched",
    key=("register", "definition_id", "partner_id"),
    columns=(
        Column("register", "string", "code", "The register of the works."),
        Column("definition_id", "string", "code", "The definition that counts them."),
        Column("partner_id", "string", "code", "The partner."),
        Column("n_owner_people", "int64", "people", "The owner's authors.", nullable=True),
        Column("n_partner_people", "int64", "people", "The partner's authors.", nullable=True),
    ),
)
"""Authors of works that are touched whatever is not known; null where they are fewer than 5."""


def exposed_organizations(marked: ir.Table, of_cases: ir.Table, of: Past, owner: str) -> ir.Table:
    """Count touched works of organizations on both sides, and what share of theirs these are.

    Parameters
    ----------
    marked
        Marks of the owner's cases.
    of_cases
        Those cases.
    of
        Works of the span.
    owner
        The owner's country.

    Returns
    -------
    ir.Table
        `EXPOSED_ORGANIZATIONS`. Addresses without a country or an organization are left out.
    """
    placed = of.organizations.filter(
        of.organizations.organization_id.notnull() & of.organizations.country.notnull()
    ).select("work_id", "organization_id", "country")
    keys = ["register", "definition_id", "country", "organization_id"]
    written = placed.inner_join(of.works.select("work_id", "register", "definition_id"), "work_id")
    outputs = written.group_by(*keys).agg(n_output=written.count())
    touched = marked.filter(marked.measure == TOUCHED).select("case_id", "is_sure")
    works = touched.inner_join(
        of_cases.select("case_id", "work_id", "register", "definition_id"), "case_id"
    )
    at_work = works.inner_join(placed, "work_id")
    counts = at_work.group_by(*keys).agg(
        n_least=at_work.count(where=at_work.is_sure), n_most=at_work.count()
    )
    names = of.organizations.filter(of.organizations.organization_id.notnull())
    named = names.group_by("organization_id").agg(organization_name=names.organization_name.min())
    known = extend(extend(counts, outputs, keys), named, ["organization_id"])
    whole = known.n_output.cast("float64")
    return conform(
        known.mutate(
            side=ibis.ifelse(known.country == owner, "owner", "partner"),
            share_least=known.n_least.cast("float64") / whole,
            share_most=known.n_most.cast("float64") / whole,
        ),
        EXPOSED_ORGANIZATIONS,
    )


def exposed_people(marked: ir.Table, of_cases: ir.Table, of: Past, owner: str) -> ir.Table:
    """Count the authors of touched works on both sides, few of them withheld.

    Returns
    -------
    ir.Table
        `EXPOSED_PEOPLE`. People are those that the register tells apart; no name is read.
    """
    touched = marked.filter((marked.measure == TOUCHED) & marked.is_sure).select("case_id")
    works = of_cases.semi_join(touched, "case_id").select("work_id", "register", "definition_id")
    authors = works.inner_join(of.people, "work_id")
    keys = ["register", "definition_id", "partner_id"]
    beside = of.countries.filter(of.countries.country != owner)
    shared = works.inner_join(beside.select("work_id", partner_id="country"), "work_id")
    ours = shared.inner_join(
        authors.filter(authors.country == owner).select("work_id", "person_id"), "work_id"
    )
    theirs = shared.inner_join(
        authors.select("work_id", "person_id", partner_id=authors.country),
        ["work_id", "partner_id"],
    )
    partners = shared.select(*keys).distinct()
    counted = partners
    for name, people in (("n_owner_people", ours), ("n_partner_people", theirs)):
        counts = people.group_by(*keys).agg(n=people.person_id.nunique())
        is_told = counts.n >= FEWEST_PEOPLE
        told = counts.select(*keys, **{name: ibis.ifelse(is_told, counts.n, ibis.null("int64"))})
        counted = extend(counted, told, keys)
    return conform(counted, EXPOSED_PEOPLE)
