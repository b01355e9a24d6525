"""Every operator of conditions, true, false and not known, on both engines."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
from fourseas.policy.json_schema import policy_schema
from fourseas.policy.lists import read_list, read_tree
from fourseas.policy.vocabulary import CASE, LEVELS, Level, children

Doc = dict[str, Any]
Truths = tuple[Doc, Doc, Doc]
"""Facts that make a condition true, false, and not known."""

SAID: Doc = {"source": "invented", "dated": "2024-01-01"}
LISTS: dict[str, Doc] = {
    "places": {"of": "country", "members": [{"id": "XA"}, {"id": "XB", "to": "2024-06-30"}]},
    "firms": {
        "of": "organization",
        "members": [
            {"id": "invented:ash"},
            {"id": "invented:oak", "confidence": 0.7},
            {"id": "invented:sorb", "to": "2024-06-30"},
        ],
    },
    "themes": {
        "of": "topic",
        "members": [{"id": "invented:optics"}, {"id": "invented:laser", "to": "2024-06-30"}],
    },
    "disciplines": {"of": "field", "members": [{"id": "17"}]},
}
TREE = {
    "invented:ash": [],
    "invented:elm": ["invented:birch"],
    "invented:birch": ["invented:ash"],
    "invented:fir": [],
    "invented:yew": ["invented:sorb"],
    "invented:sorb": [],
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


def _data(*data: Doc) -> Doc:
    return {"data": list(data), "complete": ["data"]}


def _codes(*codes: str | None) -> Doc:
    return _data({"consent_codes": list(codes), "complete": ["consent_codes"]})


LAST_YEAR = {"years": 1, "on": "signed_on"}
PAST = {"period": {"since": "2020-01-01", "until": "2023-06-30"}}
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
    "eq-number-written-out": ({"trl": {"eq": 4}}, ({"trl": 4}, {"trl": 4.5}, {"trl": None})),
    "one-of-written-out": (
        {"activity": {"one_of": ["visit", "hosting"]}},
        ({"activity": "visit"}, {"activity": "joint_lab"}, {}),
    ),
    "date-eq": (
        {"starts_on": {"eq": "2024-03-01"}},
        ({"starts_on": "2024-03-01"}, {"starts_on": "2024-03-02"}, {}),
    ),
    "date-lt": (
        {"starts_on": {"lt": "2024-03-01"}},
        ({"starts_on": "2024-02-29"}, {"starts_on": "2024-03-01"}, {"starts_on": "unknown"}),
    ),
    "date-le": (
        {"starts_on": {"le": "2024-03-01"}},
        ({"starts_on": "2024-03-01"}, {"starts_on": "2024-03-02"}, {}),
    ),
    "date-gt": (
        {"starts_on": {"gt": "2024-03-01"}},
        ({"starts_on": "2024-03-02"}, {"starts_on": "2024-03-01"}, {}),
    ),
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
    "intersects-on-a-day": (
        {"topics": {"intersects": "themes", "on": "signed_on"}},
        (
            {**_topics("invented:laser"), "signed_on": "2024-06-30"},
            {**_topics("invented:laser"), "signed_on": "2024-07-01"},
            _topics("invented:laser"),
        ),
    ),
    "fields-intersect": (
        {"fields": {"intersects": "disciplines"}},
        (
            {"fields": ["17"], "complete": ["fields"]},
            {"fields": ["31"], "complete": ["fields"]},
            {"fields": ["31"]},
        ),
    ),
    "fields-subset-of": (
        {"fields": {"subset_of": "disciplines", "on": "signed_on"}},
        (
            {"fields": ["17"], "complete": ["fields"]},
            {"fields": ["17", "31"]},
            {"fields": ["17"]},
        ),
    ),
    "funders-intersect": (
        {"funders": {"intersects": "firms"}},
        (
            {"funders": ["invented:ash"]},
            {"funders": ["invented:elm"], "complete": ["funders"]},
            {"funders": ["invented:oak"], "complete": ["funders"]},
        ),
    ),
    "funders-subset-of": (
        {"funders": {"subset_of": "firms"}},
        (
            {"funders": ["invented:ash"], "complete": ["funders"]},
            {"funders": ["invented:elm"]},
            {"funders": ["invented:oak"], "complete": ["funders"]},
        ),
    ),
    "funders-within-org-tree": (
        {"funders": {"within_org_tree": "firms", "on": "signed_on"}},
        (
            {"funders": ["invented:elm"]},
            {"funders": ["invented:fir"], "complete": ["funders"]},
            {"funders": ["invented:nobody-knows-it"], "complete": ["funders"]},
        ),
    ),
    "codes-intersect": (
        {"any_data": {"consent_codes": {"intersects": ["HMB", "GS"]}}},
        (_codes("NPU", "GS"), _codes("NPU"), _codes("NPU", None)),
    ),
    "codes-subset-of": (
        {"any_data": {"consent_codes": {"subset_of": ["HMB", "GS"]}}},
        (_codes("HMB", "GS"), _codes("HMB", "NPU"), _codes("HMB", None)),
    ),
    "in-list-on-a-day-of-the-row": (
        {"any_data": {"origin_country": {"in_list": "places", "on": "accessed_on"}}},
        (
            _data({"origin_country": "XB", "accessed_on": "2024-06-30"}),
            _data({"origin_country": "XB", "accessed_on": "2024-07-01"}),
            _data({"origin_country": "XB"}),
        ),
    ),
    "within-org-tree-on-a-day": (
        {"any_party": {"organization": {"within_org_tree": "firms", "on": "signed_on"}}},
        (
            {**_parties({"organization": "invented:yew"}), "signed_on": "2024-06-30"},
            {**_parties({"organization": "invented:yew"}), "signed_on": "2024-07-01"},
            _parties({"organization": "invented:yew"}),
        ),
    ),
    "overlaps-period-on-a-day": (
        {
            "any_person": {
                "any_tie": {"period": {"overlaps_period": {"years": 1, "on": "signed_on"}}}
            }
        },
        (
            {**_ties(PAST), "signed_on": "2024-06-30"},
            {**_ties(PAST), "signed_on": "2024-07-01"},
            _ties(PAST),
        ),
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


Word = str | tuple[str, str]
"""A word of conditions: of any, or with the type of fact or the word that it belongs to."""


def words_of_schema() -> Iterator[Word]:
    """Yield every word that the published schema allows in conditions."""
    definitions: Any = policy_schema()["$defs"]
    for level in LEVELS.values():
        if level.holds_values:
            continue
        properties = definitions["case" if level.parent is None else level.plural]["properties"]
        for word, schema in properties.items():
            fact = next((one for one in level.facts if one.name == word), None)
            if word in {"count_ge", "share_ge"}:
                yield from ((word, option) for option in schema["properties"])
            elif fact is not None or word in LEVELS:
                kind = fact.type if fact is not None else LEVELS[word].facts[0].type
                tests = schema.get("then", schema)["properties"]
                yield from ((kind, operator) for operator in tests)
                options = tests.get("overlaps_period", {}).get("properties", {})
                yield from (("overlaps_period", option) for option in options)
            else:
                yield word.partition("_")[0] if "$ref" in schema and word != "not" else word


def _words_used(condition: Any, level: Level) -> Iterator[Word]:  # noqa: ANN401
    """Yield the words of a condition."""
    if isinstance(condition, list):
        condition = {"all_of": condition}
    ((word, inner),) = condition.items()
    below = {name: child for child in children(level) for name in child.quantifiers}
    fact = next((one for one in level.facts if one.name == word), None)
    if word in {"all_of", "any_of"}:
        yield word
        for item in inner:
            yield from _words_used(item, level)
    elif word == "not":
        yield word
        yield from _words_used(inner, level)
    elif word in below:
        yield word.partition("_")[0]
        yield from _words_used(inner, below[word])
    elif word in {"count_ge", "share_ge"}:
        yield from ((word, option) for option in inner)
        if "where" in inner:
            yield from _words_used(inner["where"], LEVELS[inner["of"]])
    elif fact is None and word not in LEVELS:
        yield word
    elif isinstance(inner, dict):
        kind = fact.type if fact is not None else LEVELS[word].facts[0].type
        yield from ((kind, operator) for operator in inner)
        yield from (("overlaps_period", option) for option in inner.get("overlaps_period", {}))


def test_every_word_of_conditions_is_tried() -> None:
    tried = {word for condition, _ in OPERATORS.values() for word in _words_used(condition, CASE)}

    assert tried == {*words_of_schema()}


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
