"""How far history answers what a policy asks: each condition with its mark, by hand."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import pytest

from fourseas.policy.assumptions import read_assumptions
from fourseas.policy.decide import compiled
from fourseas.policy.observability import Observed, answers, observed
from tests.policy.documents import Doc, declared, policy, rule

LISTS: dict[str, Doc] = {
    "places": {"list": "places", "of": "country"},
    "firms": {"list": "firms", "of": "organization"},
    "themes": {"list": "themes", "of": "topic"},
}


def _observed(
    *rules: Doc, assume: Iterable[str] = (), dates: bool = False, **more: object
) -> tuple[Observed, ...]:
    used = str((rules, more))
    lists = declared(*(one for name, one in LISTS.items() if f"'{name}'" in used))
    of = compiled(policy(*rules, lists=lists, **more), "kept" if dates else "ignored")
    return observed(of, read_assumptions(assume))


@pytest.mark.parametrize(
    ("when", "said", "mark"),
    [
        ({"activity": "visit"}, "the activity is visit", "exact"),
        ({"date": {"ge": "2024-01-01"}}, "the day of the finding is 2024-01-01 or later", "proxy"),
        ({"outputs_open": "open"}, "the release of results is open", "proxy"),
        ({"trl": {"ge": 7}}, "the technology readiness level is at least 7", "not observable"),
        (
            {"any_party": {"country": {"in_list": "places"}}},
            "party: its country is on the list `places`",
            "proxy",
        ),
        (
            {"all_parties": {"organization": {"within_org_tree": "firms"}}},
            "party: its organization is on, or part of one on, the list `firms`",
            "exact",
        ),
        ({"any_party": {"sector": "company"}}, "party: its sector is company", "proxy"),
        ({"any_party": {"share": {"gt": 0.5}}}, "party: its share is above 0.5", "proxy"),
        ({"any_party": {"role": "lead"}}, "party: its role is lead", "not observable"),
        ({"topics": {"intersects": "themes"}}, "topic is on the list `themes`", "proxy"),
        ({"challenges": {"intersects": ["food_security"]}}, "challenge is food security", "proxy"),
        ({"document_present": "agreement"}, "document is agreement", "not observable"),
        ({"any_person": {"role": "lead"}}, "person: its role is lead", "not observable"),
        ({"any_data": {"kind": "health"}}, "data: its kind is health", "not observable"),
    ],
)
def test_a_condition_is_told_in_words_with_what_shows_it(when: Doc, said: str, mark: str) -> None:
    (one,) = _observed(rule(when=when))

    assert (one.said, one.mark, one.rules) == (said, mark, ("one",))


def test_what_persons_are_bound_by_is_theirs_to_tell_and_the_rest_in_no_register() -> None:
    tie = {"any_person": {"any_tie": {"kind": "funding"}}}
    found = _observed(rule(when=[tie, {"any_person": {"role": "lead"}}, {"trl": 7}]))

    assert [one.how for one in found] == [
        "Facts about people are declared by them, never inferred from works.",
        "Facts about people are declared by them, never inferred from works.",
        "No register of works shows it.",
    ]


def test_a_condition_is_told_once_with_all_rules_that_ask_it_the_scope_first() -> None:
    visit, high = {"activity": "visit"}, {"trl": {"ge": 7}}
    found = _observed(
        rule("a", when=[high, {"any_of": [high, visit]}]),
        rule("b", when={"not": visit}),
        scope=visit,
    )

    assert [(one.said, one.rules) for one in found] == [
        ("the activity is visit", ("scope", "a", "b")),
        ("the technology readiness level is at least 7", ("a",)),
    ]


def test_what_is_asked_of_rows_is_answered_where_the_statement_over_them_is() -> None:
    both = {"any_party": [{"sector": "company"}, {"country": {"in_list": "places"}}]}
    first, second, third = _observed(
        rule("a", when=both), rule("b", when={"any_party": {"sector": "company"}})
    )

    assert first.column == second.column != third.column
    assert (first.said, third.said) == ("party: its sector is company",) * 2
    assert (first.rules, third.rules) == (("a",), ("b",))


def test_the_days_of_a_policy_are_conditions_too() -> None:
    found = _observed(rule(when={"activity": "visit"}, expires="2025-12-31"), dates=True)

    assert [(one.said, one.rules) for one in found] == [
        ("the day of the finding is 2024-01-01 or later", ("scope",)),
        ("the day of the finding is 2025-12-31 or earlier", ("one",)),
        ("the activity is visit", ("one",)),
    ]


@pytest.mark.parametrize(
    ("when", "assume", "how"),
    [
        ({"trl": {"ge": 7}}, ["trl=8"], "Taken to be so in every case: trl=8."),
        ({"trl": {"ge": 7}}, ["amount_usd=8"], None),
        (
            {"any_party": {"sector": "company"}},
            ["parties.sector=funder", "purpose=health"],
            "Taken to be so in every case: parties.sector=funder.",
        ),
        ({"any_party": {"sector": "company"}}, ["parties=complete"], None),
        (
            {"document_present": "agreement"},
            ["documents=none"],
            "Taken to be so in every case: documents=none.",
        ),
        ({"document_present": "agreement"}, ["documents=complete"], None),
        (
            {"topics": {"intersects": "themes"}},
            ["topics=T10001"],
            "Taken to be so in every case: topics=T10001.",
        ),
    ],
)
def test_what_is_assumed_of_a_fact_stands_for_what_shows_it(
    when: Doc, assume: list[str], how: str | None
) -> None:
    (one,) = _observed(rule(when=when), assume=assume)

    assert (one.mark == "assumed") == (how is not None)
    assert how is None or one.how == how


def test_cases_are_counted_and_those_in_which_a_condition_is_answered() -> None:
    found = _observed(rule("a", when=[{"activity": "visit"}, {"trl": 7}, {"activity": "visit"}]))
    visit, high = (one.column for one in found)
    cases = ibis.memtable(
        {"case_id": [1, 2, 3], visit: [True, False, None], high: [None, None, True]},
        schema={"case_id": "int64", visit: "boolean", high: "boolean"},
    )
    rows = ibis.duckdb.connect().to_pyarrow(answers(cases, found)).to_pylist()

    assert rows == [{"n_cases": 3, visit: 2, high: 1}]
