"""Country codes of works that are no country's."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.countries import COUNTRIES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import COUNTRY_SETS, UNLISTED_COUNTRIES


def unlisted_countries(country_sets: ir.Table, countries: ir.Table) -> ir.Table:
    """Return codes that registers use and ISO 3166-1 does not list, with the works they are on.

    They are counted as the countries they claim to be, so that nothing is lost in silence.
    """
    used = country_sets.select("n_works", country_code=country_sets.country_codes.unnest())
    unlisted = used.anti_join(countries, "country_code")
    return conform(
        unlisted.group_by("country_code").agg(n_works=unlisted.n_works.sum()), UNLISTED_COUNTRIES
    )


STEP = Step(compute=unlisted_countries, reads=(COUNTRY_SETS, COUNTRIES), writes=UNLISTED_COUNTRIES)
