"""Whose place among the authors is known."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.facts import WORK_ROLES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AUTHORSHIPS


def work_roles(authorships: ir.Table) -> ir.Table:
    """Say of each work how many authors are placed, and whether those who lead it are."""
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

    def is_known(role: str) -> ir.BooleanValue:
        return (authors[f"n_{role}"] > 0) & (authors[f"n_{role}"] == authors[f"n_{role}_placed"])

    return conform(
        authors.mutate(
            is_first_known=is_known("first"),
            is_last_known=is_known("last"),
            is_corresponding_known=is_known("corresponding"),
        ),
        WORK_ROLES,
    )


STEP = Step(compute=work_roles, reads=(AUTHORSHIPS,), writes=WORK_ROLES)
