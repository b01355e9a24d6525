"""Which past cases another policy finds otherwise, as shares of either side's own."""

from __future__ import annotations

import ibis.expr.types as ir

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
    ),
)


def transitions(before: ir.Table, after: ir.Table) -> ir.Table:
    """Count past cases by what one policy and another find, as `TRANSITIONS`.

    Parameters
    ----------
    before, after
        `JUDGED` of the same cases under either policy.
    """
    earlier = before.select("case_id", before="finding")
    joined = extend(after, earlier, ["case_id"])
    counted = joined.group_by(
        "register", "definition_id", before=joined.before, after=joined.finding
    ).agg(n_least=joined.count(where=joined.is_international), n_most=joined.count())
    return conform(counted, TRANSITIONS)
