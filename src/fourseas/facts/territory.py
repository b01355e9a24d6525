"""Under which country a territory counts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.definition import FORMER_TERRITORIES, Territory


def counted_under(country_code: ir.StringValue, territory: Territory) -> ir.StringValue:
    """Return the country that a code counts for under a territory policy, else itself."""
    moved = FORMER_TERRITORIES[territory]
    if not moved:
        return country_code
    return ibis.cases(
        *((country_code == code, unit) for code, unit in moved.items()), else_=country_code
    )
