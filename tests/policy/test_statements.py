"""Statements over rows, where a way of counting them fast could go wrong."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import compiled, evaluate
from tests.policy.past_worlds import listed, policy

PARTIES = {
    1: ("DE", "DE"),
    2: ("DE", "US"),
    3: ("DE", None),
    4: ("DE", "CN"),
    5: ("CN", "CN"),
    6: (),
}
NOT_NAMED = {"not": {"country": {"in_list": "named"}}}
ANY, ALL = {"any_party": NOT_NAMED}, {"all_parties": NOT_NAMED}
ONE = {"count_ge": {"of": "parties", "n": 1, "where": NOT_NAMED}}
TWO = {"count_ge": {"of": "parties", "n": 2, "where": NOT_NAMED, "distinct": "country"}}
HALF = {"share_ge": {"of": "parties", "share": 0.5, "where": NOT_NAMED}}


def truths(condition: object, *, complete: bool) -> list[bool | None]:
    """Return what a condition is of each case; the list names China."""
    rows = [
        {"case_id": case, "party_id": str(number), "country": country}
        for case, countries in PARTIES.items()
        for number, country in enumerate(countries)
    ]
    cases = [{"case_id": case, "parties_complete": complete} for case in PARTIES]
    types = {"case_id": pa.int64(), "party_id": pa.string(), "country": pa.string()}
    facts = FactTables(
        rows={
            "cases": ibis.memtable(pa.Table.from_pylist(cases)),
            "parties": ibis.memtable(pa.Table.from_pylist(rows, schema=pa.schema(types))),
        },
        lists={"named": ibis.memtable(listed("CN"))},
    )
    found = evaluate(compiled(policy(("r", condition, "review")), "ignored"), facts).findings
    con: Backend = ibis.duckdb.connect()
    return [row["rule_r"] for row in con.to_pyarrow(found.order_by("case_id")).to_pylist()]


@pytest.mark.parametrize(
    ("condition", "known", "open_ended"),
    [
        (ANY, [True, True, True, True, False, False], [True, True, True, True, None, None]),
        (ALL, [True, True, None, False, False, True], [None, None, None, False, False, None]),
        (ONE, [True, True, True, True, False, False], [True, True, True, True, None, None]),
        (TWO, [False, True, None, False, False, False], [None, True, None, None, None, None]),
        (HALF, [True, True, True, True, False, False], [None] * 6),
    ],
    ids=["any", "all", "count", "distinct", "share"],
)
def test_what_is_not_so_counts_as_not_so_and_only_the_unknown_as_unknown(
    condition: object, known: list[bool | None], open_ended: list[bool | None]
) -> None:
    assert truths(condition, complete=True) == known
    assert truths(condition, complete=False) == open_ended
