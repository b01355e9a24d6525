"""Whose place among the authors is known, by country and by organization."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.facts import WORK_ROLES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, AUTHORSHIPS


def work_roles(authorships: ir.Table, affiliations: ir.Table) -> ir.Table:
    """Say of each work how many authors are placed, and whether those who lead it are."""
    employed = affiliations.filter(affiliations.organization_id.notnull())
    named = employed.group_by("work_id", "position").agg(n_addresses=employed.count())
    listed = authorships.left_join(named, ["work_id", "position"])
    held = {
        "first": listed.is_first,
        "last": listed.is_last,
        "corresponding": listed.is_corresponding.fill_null(False),
    }
    is_placed = listed.n_countries > 0
    is_employed = listed.n_addresses.notnull()
    counts = {"n_authors_placed": is_placed.sum()}
    for role, is_held in held.items():
        counts[f"n_{role}"] = is_held.sum()
        counts[f"n_{role}_placed"] = (is_held & is_placed).sum()
        counts[f"n_{role}_employed"] = (is_held & is_employed).sum()
    authors = listed.group_by("work_id").agg(**counts)

    def is_known(role: str, kind: str) -> ir.BooleanValue:
        return (authors[f"n_{role}"] > 0) & (authors[f"n_{role}"] == authors[f"n_{role}_{kind}"])

    known = {f"is_{role}_known": is_known(role, "placed") for role in held}
    known |= {f"is_{role}_organization_known": is_known(role, "employed") for role in held}
    return conform(authors.mutate(**known), WORK_ROLES)


STEP = Step(
    compute=work_roles, reads=(AUTHORSHIPS, AFFILIATIONS), writes=WORK_ROLES, apart=("work_id",)
)
