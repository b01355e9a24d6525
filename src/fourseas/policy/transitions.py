"""Which past cases another policy finds otherwise, as shares of either side's own."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.policy.exposure import own_works
from fourseas.policy.history import Past
from fourseas.schema.table import Column, TableSpec, conform, extend

TRANSITIONS = TableSpec(
    name="transitions",
    grain="one row per register and pair of findings that some past case has",
    key=("register", "definition_id", "before", "after"),
    columns=(
        Column("register", "string", "code", "The register of the works."),
        Column("definition_id", "string", "code", "The definition that counts them."),
        Column("before", "string", "category", "What the present policy finds."),
        Column("after", "string", "category", "What the other policy finds."),
        Column("n_least", "int64", "works", "Works that are known to be international."),
        Column("n_most", "int64", "works", "With those that may be."),
        Column("owner_output", "int64", "works", "All works of the owner."),
        Column("partner_output", "int64", "works", "All works of countries that take part."),
        Column("owner_share_least", "float64", "share", "Of all works of the owner, at least."),
        Column("owner_share_most", "float64", "share", "Of all works of the owner, at most."),
        Column("partner_share", "float64", "share", "The least, of all works of the others."),
    ),
)
"""A work that may be of the owner alone is nobody else's: it is left out of the others' share."""

KEY = ["register", "definition_id", "before", "after"]


def transitions(before: ir.Table, after: ir.Table, of: Past) -> ir.Table:
    r"""Count past cases by what one policy and another find, as `TRANSITIONS`.

    .. math:: s = \frac{n}{N}

    where *N* are all works of the owner, or all works of the countries that take part in one of
    the *n* cases.

    Parameters
    ----------
    before, after
        `JUDGED` of the same cases under either policy.
    of
        Works of the span.
    """
    earlier = before.select("case_id", before="finding")
    joined = extend(after, earlier, ["case_id"]).rename(after="finding")
    counted = joined.group_by(*KEY).agg(
        n_least=joined.count(where=joined.is_international), n_most=joined.count()
    )
    own = own_works(of).select("work_id", "register", "definition_id", "country")
    alike = ["register", "definition_id"]
    sides = joined.select(*alike, "side").distinct()
    owners = own.inner_join(sides, [*alike, own.country == sides.side])
    owner = owners.group_by(*alike).agg(owner_output=owners.count())
    others = joined.select("work_id", "side", *KEY).inner_join(of.countries, "work_id")
    taking_part = others.filter(others.country != others.side).select(*KEY, "country").distinct()
    theirs = taking_part.inner_join(own, [*alike, "country"]).select(*KEY, "work_id").distinct()
    partner = theirs.group_by(*KEY).agg(partner_output=theirs.count())
    both = extend(extend(counted, owner, alike), partner, KEY)
    filled = both.mutate(partner_output=both.partner_output.fill_null(0))
    whole = filled.owner_output.cast("float64").nullif(0.0)
    return conform(
        filled.mutate(
            owner_share_least=filled.n_least.cast("float64") / whole,
            owner_share_most=filled.n_most.cast("float64") / whole,
            partner_share=filled.n_least.cast("float64")
            / filled.partner_output.cast("float64").nullif(0.0),
        ),
        TRANSITIONS,
    )
