"""Who paid for which work, and which organization that is."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_FUNDINGS
from fourseas.schema.step import Step
from fourseas.schema.table import conform, extend
from fourseas.schema.works import (
    FUNDER_DOIS,
    FUNDINGS,
    ORGANIZATION_IDS,
    ORGANIZATION_NAMES,
    ORGANIZATIONS,
    WORK_RECORDS,
)

LEAST_SIGNS = 8
"""Shorter names are mostly acronyms, which many organizations share."""


def fundings(
    work_records: ir.Table,
    staged_fundings: ir.Table,
    funder_dois: ir.Table,
    organization_ids: ir.Table,
    organizations: ir.Table,
    organization_names: ir.Table,
) -> ir.Table:
    """Return one row per work, funder and award, with the organization that the funder is.

    The key of a funder goes before its name: it is one of an organization that the register
    itself describes, or a DOI of the Funder Registry that ROR or another register gives to one
    organization. By name, it is the only organization of the lake that bears it, case apart;
    a short name, or one of several, finds nobody. `found_by` says which it was.
    """
    told = of_works(staged_fundings, work_records)
    spelled = told.mutate(spelled=told.funder_name.lower())
    keys = organization_ids.select(
        "register",
        funder_key="organization_key",
        of_key="organization_id",
        key_found_by="identified_by",
    )
    by_doi = _organizations_of_dois(funder_dois, organization_ids, organizations)
    dois = by_doi.select(funder_key="funder_doi", of_doi="organization_id")
    by_name = _organizations_of_names(organizations, organization_names)
    names = by_name.select("spelled", of_name="organization_id")
    keyed = extend(spelled, keys, ["register", "funder_key"])
    found = extend(extend(keyed, dois, ["funder_key"]), names, ["spelled"])
    return conform(
        found.mutate(
            organization_id=ibis.coalesce(found.of_key, found.of_doi, found.of_name),
            found_by=ibis.cases(
                (found.of_key.notnull(), found.key_found_by),
                (found.of_doi.notnull(), "funder_doi"),
                (found.of_name.notnull(), "name"),
                else_=ibis.null("string"),
            ),
        ),
        FUNDINGS,
    )


def _organizations_of_dois(
    funder_dois: ir.Table, organization_ids: ir.Table, organizations: ir.Table
) -> ir.Table:
    """Return the organization of each DOI: by its ROR id, or else the one that bears the DOI."""
    of_ror = organizations.select("organization_id", "ror_id")
    claimed = funder_dois.inner_join(of_ror, "ror_id").select("funder_doi", "organization_id")
    bearing = organization_ids.filter(organization_ids.funder_doi.notnull())
    others = bearing.select("funder_doi", "organization_id").anti_join(claimed, "funder_doi")
    return claimed.union(_single(others, "funder_doi"))


def _organizations_of_names(organizations: ir.Table, organization_names: ir.Table) -> ir.Table:
    """Return the names, in small letters, that one organization alone bears."""
    named = organizations.select("organization_id", name="organization_name").union(
        organization_names.select("organization_id", "name")
    )
    long = named.filter(named["name"].length() >= LEAST_SIGNS)
    spelled = long.select("organization_id", spelled=long["name"].lower())
    return _single(spelled, "spelled")


def _single(named: ir.Table, by: str) -> ir.Table:
    """Return what one organization alone is called by."""
    bearers = named.group_by(by).agg(
        first_id=named.organization_id.min(), last_id=named.organization_id.max()
    )
    single = bearers.filter(bearers.first_id == bearers.last_id)
    return single.select(by, organization_id="first_id")


STEP = Step(
    compute=fundings,
    reads=(
        WORK_RECORDS,
        STAGED_FUNDINGS,
        FUNDER_DOIS,
        ORGANIZATION_IDS,
        ORGANIZATIONS,
        ORGANIZATION_NAMES,
    ),
    writes=FUNDINGS,
)
