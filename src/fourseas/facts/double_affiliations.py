"""Works that are international by the double affiliation of their authors alone."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.territory import counted_under
from fourseas.schema.definition import FORMER_TERRITORIES
from fourseas.schema.facts import DOUBLE_AFFILIATIONS, SET_COUNTRIES, WORK_ROLES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, WORKS


def double_affiliations(
    works: ir.Table, set_countries: ir.Table, affiliations: ir.Table, work_roles: ir.Table
) -> ir.Table:
    """Return works of two countries or more, one of which all authors share.

    Had each author named one address, such a work could be domestic. A work one of whose
    authors has no known country is none of them: that author may share it or not. Countries
    are those of the territory policy, so that a work of Hong Kong and China is none of them
    under one that counts Hong Kong in China.
    """
    addresses = affiliations.filter(affiliations.country_code.notnull())
    whole = works.filter((works.n_authors_unknown == 0) & ~works.is_authors_truncated)
    sizes = work_roles.select("work_id", "n_authors_placed").semi_join(whole, "work_id")
    by_policy = []
    for territory in FORMER_TERRITORIES:
        is_international = (set_countries.territory == territory) & (set_countries.n_countries > 1)
        sets = set_countries.filter(is_international).select("country_set_id").distinct()
        international = works.semi_join(sets, "country_set_id").select("work_id")
        placed = (
            addresses.semi_join(international, "work_id")
            .select(
                "work_id",
                "position",
                unit_id=counted_under(addresses.country_code, territory),
            )
            .distinct()
        )
        present = placed.group_by("work_id", "unit_id").agg(n_authors=placed.count())
        joined = present.inner_join(sizes, "work_id")
        shared = joined.filter(joined.n_authors == joined.n_authors_placed)
        doubles = shared.select("work_id").distinct()
        by_policy.append(
            conform(doubles.mutate(territory=ibis.literal(territory)), DOUBLE_AFFILIATIONS)
        )
    return ibis.union(*by_policy)


STEP = Step(
    compute=double_affiliations,
    reads=(WORKS, SET_COUNTRIES, AFFILIATIONS, WORK_ROLES),
    writes=DOUBLE_AFFILIATIONS,
    apart=("work_id",),
)
