"""Country codes of works that are no country's."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.staged import STAGED_WORKS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import UNLISTED_COUNTRIES, WORK_RECORDS


def unlisted_countries(work_records: ir.Table, staged_works: ir.Table) -> ir.Table:
    """Return codes that registers write and that stand for no country, with their works.

    Authors who bear nothing else have no known country: their credit is lost, and no work is
    international through them.
    """
    chosen = of_works(staged_works, work_records)
    used = chosen.select("register", country_code=chosen.unlisted_codes.unnest())
    return conform(
        used.group_by("register", "country_code").agg(n_works=used.count()), UNLISTED_COUNTRIES
    )


STEP = Step(
    compute=unlisted_countries, reads=(WORK_RECORDS, STAGED_WORKS), writes=UNLISTED_COUNTRIES
)
