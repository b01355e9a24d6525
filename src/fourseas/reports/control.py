"""The fifth panel: what an example rule would touch, on both sides."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from fourseas.reports.panel import (
    Panel,
    names_of_countries,
    source_line,
)
from fourseas.workspace import Workspace

RULE = """\
policy: security-protocols        # an invented rule, for illustration
owner: any country                # it binds whoever adopts it
default: open
rules:
  - id: joint-security-work
    when: {field: security, parties: countries A and B}
    outcome: review               # a named person decides
    obligations: [record the reason, name a contact]
    appeal: the head of the institution, within 30 days
    review_by: 2027-12-31         # its mirror binds B's owner in the same way
"""


def control(ws: Workspace) -> Panel:
    """Count what an example rule would touch, on both sides."""
    pairs = ws.table("pair_cells")
    cells = ws.table("unit_cells")
    is_security = pairs.field_id.contains("secur") | pairs.field_id.contains("crypt")
    touched = pairs.filter((pairs.register == "rfc") & (pairs.scheme == "ietf_group") & is_security)
    by_pair = touched.group_by("unit_id", "partner_id").agg(p=touched.p.sum())
    totals = cells.filter(
        (cells.register == "rfc") & (cells.scheme == "all") & (cells.unit_type == "country")
    )
    own = totals.group_by("unit_id").agg(
        n=totals.n.sum(),
        n_int=totals.n.sum(where=totals.collaboration_class == "international").fill_null(0.0),
    )
    first = by_pair.filter(by_pair.unit_id < by_pair.partner_id)
    joined = first.inner_join(own, "unit_id").select("unit_id", "partner_id", "p", "n", "n_int")
    theirs = own.select(partner_id=own.unit_id, n_b=own.n, n_int_b=own.n_int)
    both = (
        joined.inner_join(theirs, "partner_id")
        .order_by(ibis.desc("p"), "unit_id", "partner_id")
        .limit(10)
        .to_pandas()
    )
    names = names_of_countries(ws)
    rows = tuple(
        (
            f"{names[row.unit_id]} and {names[row.partner_id]}",
            f"{row.p:,.0f}",
            f"{row.p / row.n:.1%} of {row.n:,.0f}; {row.p / row.n_int:.1%} of {row.n_int:,.0f}",
            (
                f"{row.p / row.n_b:.1%} of {row.n_b:,.0f}; "
                f"{row.p / row.n_int_b:.1%} of {row.n_int_b:,.0f}"
            ),
            f"{_corpus_pair(pairs, row.unit_id, row.partner_id):,.0f}",
        )
        for row in both.itertuples()
    )
    return Panel(
        name="Control",
        question="What would a rule touch, on both sides?",
        code=RULE,
        text=(
            (
                "Exposure is what has been written together under the rule's conditions. It says "
                "how "
                "much the rule would touch, not what would follow from it. Works whose authors' "
                "countries are unknown are not in it, so these are least numbers."
            ),
            (
                f"{source_line(ws, 'rfc')} Groups with `secur` or `crypt` in their name, all "
                "years, full counting. OpenAlex works: a corpus, shown so that papers are not "
                "forgotten."
            ),
        ),
        header=(
            "the two sides",
            "joint documents touched",
            "of the first's own; international",
            "of the second's own; international",
            "joint OpenAlex works (computer science)",
        ),
        rows=rows,
    )


def _corpus_pair(pairs: ir.Table, unit: str, partner: str) -> float:
    found = pairs.filter(
        (pairs.register == "openalex")
        & (pairs.definition_id == "openalex")
        & (pairs.scheme == "openalex_field")
        & (pairs.field_id == "17")
        & (pairs.unit_id == unit)
        & (pairs.partner_id == partner)
    )
    total = found.p.sum().execute()
    return 0.0 if pd.isna(total) else float(total)
