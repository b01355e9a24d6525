"""Statements over rows, where a way of counting them fast could go wrong."""

from __future__ import annotations

import itertools
import json

import ibis
import pyarrow as pa
import pytest
from ibis.backends.duckdb import Backend

from fourseas.policy.case import read_case
from fourseas.policy.check import findings, readings
from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import compiled, evaluate
from fourseas.policy.document import read_policy
from fourseas.policy.kleene import judged
from tests.policy import kleene_oracle
from tests.policy.documents import Doc, case_document, policy_document, rule, sources
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


KINDS = ("company", "funder", "unknown")
COUNTRIES = ("XA", "XB", "unknown")
IS_FIRM = {"sector": "company"}


def _counted(n: int, **more: str) -> Doc:
    return {"count_ge": {"of": "parties", "where": IS_FIRM, "n": n, **more}}


def _share(least: float) -> Doc:
    return {"share_ge": {"of": "parties", "where": IS_FIRM, "share": least}}


STATEMENTS: dict[str, Doc] = {
    "any": {"any_party": IS_FIRM},
    "all": {"all_parties": IS_FIRM},
    "exists": {"exists": "parties"},
    **{f"count-{n}": _counted(n) for n in (1, 2, 3)},
    **{f"distinct-{n}": _counted(n, distinct="country") for n in (1, 2, 3)},
    **{f"share-{part}": _share(part / 4) for part in (1, 2, 3, 4)},
}


def test_every_small_table_gives_what_trying_all_that_it_may_be_gives() -> None:
    """Of tables, of single cases, and by trying every way in which the unknown may turn out."""
    document = policy_document(
        *(rule(name, "review", when=when) for name, when in STATEMENTS.items())
    )
    parties = [{"sector": kind, "country": country} for kind in KINDS for country in COUNTRIES]
    cases = [
        case_document(parties=list(chosen), complete=["parties"] if is_complete else [])
        for size in range(4)
        for chosen in itertools.combinations_with_replacement(parties, size)
        for is_complete in (True, False)
    ]
    of = compiled(read_policy(json.dumps(document)))
    read = tuple(read_case(json.dumps(one)) for one in cases)
    con: Backend = ibis.duckdb.connect()
    rows = findings(of, read, sources(), con)
    single = readings(of, read, sources(), con)
    words: dict[object, str] = {
        True: kleene_oracle.T,
        False: kleene_oracle.F,
        None: kleene_oracle.N,
    }

    assert len(cases) == 2 * (1 + 9 + 45 + 165)
    for case, row, reading in zip(cases, rows, single, strict=True):
        meant = kleene_oracle.found(document, case, kleene_oracle.World({}, {})).rules
        by_table = {name: words[row[f"rule_{name.replace('-', '_')}"]] for name in STATEMENTS}
        folded = judged(of, reading)
        assert by_table == meant, case
        assert {name: words[folded[name]] for name in STATEMENTS} == meant, case
