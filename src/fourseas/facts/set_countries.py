"""The countries of each country set under each territory policy."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.territory import counted_under
from fourseas.schema.definition import FORMER_TERRITORIES
from fourseas.schema.facts import SET_COUNTRIES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import COUNTRY_SETS


def set_countries(country_sets: ir.Table) -> ir.Table:
    """Expand country sets once, so that works are counted by set and expanded last."""
    members = country_sets.select(
        "country_set_id", country_code=country_sets.country_codes.unnest()
    )
    policies = []
    for territory in FORMER_TERRITORIES:
        moved = members.select(
            "country_set_id",
            territory=ibis.literal(territory),
            unit_id=counted_under(members.country_code, territory),
        ).distinct()
        sizes = moved.group_by("country_set_id").agg(n_countries=moved.count())
        policies.append(conform(moved.inner_join(sizes, "country_set_id"), SET_COUNTRIES))
    return ibis.union(*policies)


STEP = Step(compute=set_countries, reads=(COUNTRY_SETS,), writes=SET_COUNTRIES)
