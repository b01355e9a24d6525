"""The countries of each country set under each territory policy."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.countries import TERRITORIES
from fourseas.schema.facts import SET_COUNTRIES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import COUNTRY_SETS


def set_countries(country_sets: ir.Table, territories: ir.Table) -> ir.Table:
    """Expand country sets once, so that works are counted by set and expanded last.

    A country that no row of a policy moves counts for itself.
    """
    members = country_sets.select(
        "country_set_id", country_code=country_sets.country_codes.unnest()
    )
    policies = territories.select("territory").distinct()
    under_policy = members.cross_join(policies).left_join(
        territories, ["territory", "country_code"]
    )
    moved = under_policy.select(
        country_set_id=under_policy.country_set_id,
        territory=under_policy.territory,
        unit_id=under_policy.unit_id.coalesce(under_policy.country_code),
    ).distinct()
    sizes = moved.group_by("country_set_id", "territory").agg(n_countries=moved.count())
    return conform(moved.inner_join(sizes, ["country_set_id", "territory"]), SET_COUNTRIES)


STEP = Step(compute=set_countries, reads=(COUNTRY_SETS, TERRITORIES), writes=SET_COUNTRIES)
