"""Whose place among the authors is known, and what is international by one person alone."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.facts import WORK_COUNTRIES, WORK_ROLES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AUTHORSHIPS


def work_roles(authorships: ir.Table, work_countries: ir.Table) -> ir.Table:
    """Say of each work which leads are placed and whether double affiliation makes it foreign.

    A work of two countries or more is international by double affiliation alone where all
    authors with a known country share one: had each named one address, it could be domestic.
    """
    is_placed = authorships.n_countries > 0
    is_corresponding = authorships.is_corresponding.fill_null(False)
    authors = authorships.group_by("work_id").agg(
        n_authors_placed=is_placed.sum(),
        n_first=authorships.is_first.sum(),
        n_first_placed=(authorships.is_first & is_placed).sum(),
        n_last=authorships.is_last.sum(),
        n_last_placed=(authorships.is_last & is_placed).sum(),
        n_corresponding=is_corresponding.sum(),
        n_corresponding_placed=(is_corresponding & is_placed).sum(),
    )
    spread = work_countries.group_by("work_id").agg(
        n_countries=work_countries.count(), most_authors=work_countries.n_authors_here.max()
    )
    joined = authors.left_join(spread, "work_id")

    def is_known(role: str) -> ir.BooleanValue:
        return (joined[f"n_{role}"] > 0) & (joined[f"n_{role}"] == joined[f"n_{role}_placed"])

    is_double = (joined.n_countries > 1) & (joined.most_authors == joined.n_authors_placed)
    return conform(
        joined.mutate(
            is_first_known=is_known("first"),
            is_last_known=is_known("last"),
            is_corresponding_known=is_known("corresponding"),
            is_double_affiliation=is_double.fill_null(False),
        ),
        WORK_ROLES,
    )


STEP = Step(compute=work_roles, reads=(AUTHORSHIPS, WORK_COUNTRIES), writes=WORK_ROLES)
