"""Every operator of conditions, true, false and not known, on both engines."""

from __future__ import annotations

import json
from typing import Any

import ibis
import pytest
from ibis.backends.duckdb import Backend
from pyspark.sql import SparkSession

from fourseas.policy.case import read_cases as cases_of
from fourseas.policy.check import Engine, findings
from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import compiled, evaluate, rule_column
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.finding import Sources
from fourseas.policy.lists import read_list, read_tree

Doc = dict[str, Any]
Truths = tuple[Doc, Doc, Doc]
"""Facts that make a condition true, false, and not known."""

SAID: Doc = {"source": "invented", "dated": "2024-01-01"}
LISTS: dict[str, Doc] = {
    "places": {"of": "country", "members": [{"id": "XA"}, {"id": "XB", "to": "2024-06-30"}]},
    "firms": {
        "of": "organization",
        "members": [{"id": "invented:ash"}, {"id": "invented:oak", "confidence": 0.7}],
    },
    "themes": {"of": "topic", "members": [{"id": "invented:optics"}]},
}
TREE = {
    "invented:ash": [],
    "invented:elm": ["invented:birch"],
    "invented:birch": ["invented:ash"],
    "invented:fir": [],
}


def _parties(*parties: Doc) -> Doc:
    return {"parties": list(parties), "complete": ["parties"]}


def _ties(*ties: Doc) -> Doc:
    person = {"role": "lead", "ties": list(ties), "complete": ["ties"]}
    return {"people": [person], "complete": ["people"]}


def _topics(*topics: str | None) -> Doc:
    return {"topics": list(topics), "complete": ["topics"]}


def _documents(*documents: str) -> Doc:
    return {"documents": list(documents), "complete": ["documents"]}


A, B, C, NOBODY = ({"country": "XA"}, {"country": "XB"}, {"country": "XC"}, {"role": "lead"})

OPERATORS: dict[str, tuple[Doc | list[Doc], Truths]] = {
    "eq-word": (
        {"activity": {"eq": "visit"}},
        ({"activity": "visit"}, {"activity": "hosting"}, {}),
    ),
    "one-of": (
        {"activity": ["visit", "hosting"]},
        ({"activity": "hosting"}, {"activity": "joint_lab"}, {"activity": "unknown"}),
    ),
    "eq-flag": (
        {"transfers_out": {"eq": False}},
        ({"transfers_out": False}, {"transfers_out": True}, {}),
    ),
    "eq-number": ({"trl": 4}, ({"trl": 4}, {"trl": 5}, {})),
    "lt": ({"trl": {"lt": 4}}, ({"trl": 3}, {"trl": 4}, {})),
    "le": ({"trl": {"le": 4}}, ({"trl": 4}, {"trl": 5}, {})),
    "gt": ({"trl": {"gt": 4}}, ({"trl": 5}, {"trl": 4}, {})),
    "ge": ({"trl": {"ge": 4}}, ({"trl": 4}, {"trl": 3}, {})),
    "date-ge": (
        {"starts_on": {"ge": "2024-03-01"}},
        ({"starts_on": "2024-03-01"}, {"starts_on": "2024-02-29"}, {}),
    ),
    "between-dates": (
        {"starts_on": {"between_dates": ["2024-01-01", "2024-12-31"]}},
        ({"starts_on": "2024-12-31"}, {"starts_on": "2025-01-01"}, {}),
    ),
    "in-list": (
        {"any_party": {"country": {"in_list": "places"}}},
        (_parties(A), _parties(C), _parties(NOBODY)),
    ),
    "in-list-on-a-day": (
        {"any_party": {"country": {"in_list": "places", "on": "signed_on"}}},
        (
            {**_parties(B), "signed_on": "2024-06-30"},
            {**_parties(B), "signed_on": "2024-07-01"},
            _parties(B),
        ),
    ),
    "in-list-possible-match": (
        {"any_party": {"organization": {"in_list": "firms"}}},
        (
            _parties({"organization": "invented:ash"}),
            _parties({"organization": "invented:elm"}),
            _parties({"organization": "invented:oak"}),
        ),
    ),
    "within-org-tree": (
        {"any_party": {"organization": {"within_org_tree": "firms"}}},
        (
            _parties({"organization": "invented:elm"}),
            _parties({"organization": "invented:fir"}),
            _parties({"organization": "invented:nobody-knows-it"}),
        ),
    ),
    "overlaps-period-years": (
        {"any_person": {"any_tie": {"period": {"overlaps_period": {"years": 2}}}}},
        (
            _ties({"period": {"since": "2019-01-01", "until": "2023-01-15"}}),
            _ties({"period": {"since": "2019-01-01", "until": "2023-01-14"}}),
            _ties({"period": {"since": "2019-01-01", "until": "unknown"}}),
        ),
    ),
    "current": (
        {"any_person": {"any_tie": {"period": "current"}}},
        (
            _ties({"period": {"since": "2025-01-15", "until": "ongoing"}}),
            _ties({"period": {"since": "2025-01-16", "until": "ongoing"}}),
            _ties({"period": {"since": "unknown", "until": "ongoing"}}),
        ),
    ),
    "overlaps-period-dates": (
        {
            "any_person": {
                "any_tie": {
                    "period": {"overlaps_period": {"from": "2020-01-01", "to": "2020-12-31"}}
                }
            }
        },
        (
            _ties({"period": {"since": "2020-12-31", "until": "ongoing"}}),
            _ties({"period": {"since": "2021-01-01", "until": "ongoing"}}),
            _ties({}),
        ),
    ),
    "intersects": (
        {"topics": {"intersects": "themes"}},
        (
            _topics("invented:optics", None),
            _topics("invented:soil"),
            _topics("invented:soil", None),
        ),
    ),
    "subset-of": (
        {"topics": {"subset_of": "themes"}},
        (_topics("invented:optics"), _topics("invented:soil", None), _topics(None)),
    ),
    "any": (
        {"any_party": {"sector": "company"}},
        (
            _parties({"sector": "company"}, NOBODY),
            _parties({"sector": "university"}),
            _parties({"sector": "university"}, NOBODY),
        ),
    ),
    "any-not-all-given": (
        {"any_party": {"sector": "company"}},
        (
            {"parties": [{"sector": "company"}]},
            {"parties": "none"},
            {"parties": [{"sector": "university"}]},
        ),
    ),
    "all": (
        {"all_parties": {"sector": "company"}},
        (
            _parties({"sector": "company"}),
            _parties({"sector": "university"}, NOBODY),
            {"parties": [{"sector": "company"}]},
        ),
    ),
    "count-ge": (
        {"count_ge": {"n": 2, "of": "parties", "where": {"country": {"in_list": "places"}}}},
        (_parties(A, A), _parties(A, C), _parties(A, NOBODY)),
    ),
    "count-ge-distinct": (
        {"count_ge": {"n": 2, "of": "parties", "distinct": "country"}},
        (_parties(A, B), _parties(A, A), _parties(A, NOBODY)),
    ),
    "share-ge": (
        {"share_ge": {"share": 0.5, "of": "parties", "where": {"sector": "company"}}},
        (
            _parties({"sector": "company"}, {"sector": "university"}),
            _parties({"sector": "university"}),
            _parties(NOBODY, {"sector": "university"}),
        ),
    ),
    "exists": ({"exists": "parties"}, (_parties(A), {"parties": "none"}, {})),
    "document-present": (
        {"document_present": "agreement"},
        (_documents("agreement"), _documents("ethics_approval"), {"documents": []}),
    ),
    "all-of": (
        [{"trl": 4}, {"activity": "visit"}],
        ({"trl": 4, "activity": "visit"}, {"trl": 5}, {"trl": 4}),
    ),
    "any-of": (
        {"any_of": [{"trl": 4}, {"activity": "visit"}]},
        ({"trl": 4}, {"trl": 5, "activity": "hosting"}, {"trl": 5}),
    ),
    "not": ({"not": {"trl": 4}}, ({"trl": 5}, {"trl": 4}, {})),
}
EXPECTED = (True, False, None)


def _policy() -> Policy:
    rules = [
        {"id": name, "text": name, "when": when, "decision": "review"}
        for name, (when, _) in OPERATORS.items()
    ]
    declared = {name: {"of": one["of"], **SAID} for name, one in LISTS.items()}
    return read_policy(
        json.dumps(
            {
                "policy": "operators",
                "title": "Every operator",
                "owner": "nobody",
                "version": 1,
                "valid_from": "2024-01-01",
                "lists": declared,
                "rules": rules,
            }
        )
    )


def _sources() -> Sources:
    lists = {
        name: read_list(json.dumps({"list": name, **SAID, **one})) for name, one in LISTS.items()
    }
    organizations = [{"id": one, "part_of": above} for one, above in TREE.items()]
    return Sources(
        lists=lists, tree=read_tree(json.dumps({**SAID, "organizations": organizations}))
    )


def _truths(engine: Engine) -> dict[tuple[str, bool | None], object]:
    """Return what the evaluator says of each operator, by what it should say."""
    asked = [
        (name, expected, {"case": name, "date": "2025-01-15", **facts})
        for name, (_, cases) in OPERATORS.items()
        for expected, facts in zip(EXPECTED, cases, strict=True)
    ]
    cases = cases_of(json.dumps({"cases": [case for *_, case in asked]}))
    found = findings(compiled(_policy()), cases, _sources(), engine)
    return {
        (name, expected): row[rule_column(name)]
        for (name, expected, _), row in zip(asked, found, strict=True)
    }


@pytest.fixture(scope="module")
def by_duckdb() -> dict[tuple[str, bool | None], object]:
    """Evaluate every operator on DuckDB."""
    return _truths(ibis.duckdb.connect())


@pytest.fixture(scope="module")
def by_spark(spark: SparkSession) -> dict[tuple[str, bool | None], object]:
    """Evaluate every operator on Spark."""
    return _truths(ibis.pyspark.connect(spark))


every_operator = pytest.mark.parametrize("name", OPERATORS)


@every_operator
def test_an_operator_knows_true_false_and_unknown(
    name: str, by_duckdb: dict[tuple[str, bool | None], object]
) -> None:
    assert [by_duckdb[name, expected] for expected in EXPECTED] == [*EXPECTED]


@pytest.mark.spark
@every_operator
def test_spark_says_of_an_operator_what_duckdb_says(
    name: str, by_spark: dict[tuple[str, bool | None], object]
) -> None:
    assert [by_spark[name, expected] for expected in EXPECTED] == [*EXPECTED]


def test_not_a_number_is_not_known_in_a_table_of_facts() -> None:
    policy = read_policy(
        json.dumps(
            {
                "policy": "nan",
                "title": "NaN",
                "owner": "nobody",
                "version": 1,
                "valid_from": "2024-01-01",
                "rules": [
                    {
                        "id": "high",
                        "text": "High.",
                        "when": {"trl": {"gt": 4}},
                        "decision": "closed",
                    }
                ],
            }
        )
    )
    con: Backend = ibis.duckdb.connect()
    con.raw_sql(
        "CREATE TABLE cases AS SELECT 1 AS case_id, DATE '2025-01-15' AS date, 'nan'::FLOAT AS trl"
    )
    found = evaluate(compiled(policy), FactTables(rows={"cases": con.table("cases")}, lists={}))
    (row,) = con.to_pyarrow(found.findings).to_pylist()

    assert (row["rule_high"], row["at_least"], row["at_most"]) == (None, "open", "closed")
