"""Cases as they are read: origins, unknowns, contradictions, forbidden grounds."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from fourseas.errors import PolicyError
from fourseas.policy.case import read_case, read_cases
from tests.policy.documents import Doc, case_document


def _told(**facts: object) -> str:
    with pytest.raises(PolicyError) as caught:
        read_case(json.dumps(case_document(**facts), indent=1), "case.yaml")
    return caught.value.problem


def test_a_fact_has_a_value_its_source_and_the_day_of_the_source() -> None:
    text = json.dumps(
        case_document(trl={"value": 4, "source": "interview", "on": "2024-05-01"}, amount_usd=10)
    )
    facts = read_case(text).row.facts

    assert (facts["trl"].value, facts["trl"].source) == (4.0, "interview")
    assert facts["trl"].on == dt.date(2024, 5, 1)
    assert (facts["amount_usd"].value, facts["amount_usd"].source) == (10.0, "the form")


@pytest.mark.parametrize("said", ["unknown", None, {"value": "unknown"}])
def test_unknown_is_no_value(said: object) -> None:
    assert "trl" not in read_case(json.dumps(case_document(trl=said))).row.facts


def test_rows_are_complete_only_where_it_is_said() -> None:
    party = {"country": "XA"}
    some = read_case(json.dumps(case_document(parties=[party]))).row
    every = read_case(json.dumps(case_document(parties=[party], complete="all"))).row
    none = read_case(json.dumps(case_document(people="none"))).row

    assert some.complete == frozenset()
    assert every.complete == frozenset({"parties"})
    assert none.complete == frozenset({"people"})
    assert none.children["people"] == ()


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"starts_on": "2024-05-02", "ends_on": "2024-05-01"}, "lies before `starts_on`"),
        ({"outputs_open": "open", "embargo_months": 6}, "Results are open, yet held back for 6"),
        (
            {
                "people": [
                    {"ties": [{"period": {"since": "2024-01-02", "until": "2024-01-01"}}]},
                ]
            },
            "`until`, 2024-01-01, lies before `since`",
        ),
        (
            {
                "parties": [
                    {"organization": "invented:ash", "country": "XA"},
                    {"organization": "invented:ash", "country": "XB"},
                ]
            },
            "party 2 is the organization of party 1, but their `country` differ: XB and XA.",
        ),
        ({"parties": [{"share": 0.7}, {"share": 0.5}]}, "The shares of the parties add up to 1.2."),
        ({"complete": ["parties"]}, "`complete` names parties, of which nothing is said."),
    ],
)
def test_facts_that_contradict_each_other_are_told(facts: Doc, told: str) -> None:
    assert told in _told(**facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_on": "2024-05-01", "ends_on": "2024-05-01"},
        {"outputs_open": "open", "embargo_months": 0},
        {"outputs_open": "embargoed", "embargo_months": 6},
        {"people": [{"ties": [{"period": {"since": "2024-01-01", "until": "ongoing"}}]}]},
        {
            "parties": [
                {"organization": "invented:ash", "country": "XA"},
                {"organization": "invented:ash", "country": "unknown"},
            ]
        },
        {"parties": [{"share": 0.7}, {"share": 0.3}]},
        {"parties": "none", "complete": ["parties"]},
    ],
)
def test_facts_that_may_hold_together_are_read(facts: Doc) -> None:
    assert read_case(json.dumps(case_document(**facts))).label == "asked"


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"trl": 10}, "`trl` is `10`. Write a number of at most 9."),
        ({"trl": "four"}, "`trl` is `four`. Write a number."),
        ({"activity": "visiting"}, "`activity` cannot be `visiting`. Did you mean `visit`?"),
        ({"date": "1 May"}, "`date` is `1 May`. Write a date as YYYY-MM-DD."),
        ({"partis": []}, "`partis` is not known here. Did you mean `parties`?"),
        ({"parties": [{"country": "UK"}]}, "`UK` is no country code. Did you mean GB?"),
        ({"parties": [{"organization": "Ash"}]}, "`Ash` is no id of the kind organization."),
        ({"documents": ["permit"]}, "cannot be `permit`."),
        ({"fields": [17]}, "This is `17`. Write a text."),
        ({"parties": [{"share": -0.1}]}, "`share` is `-0.1`. Write a number of at least 0."),
    ],
)
def test_a_slip_is_told_with_the_nearest_word(facts: Doc, told: str) -> None:
    assert told in _told(**facts)


@pytest.mark.parametrize(
    "word",
    ["nationality", "ethnicity", "name", "birthplace", "email", "degree_country", "language"],
)
def test_no_case_can_hold_a_forbidden_ground(word: str) -> None:
    told = _told(people=[{"role": "lead", word: "XA"}])

    assert f"`{word}` is about " in told
    assert "on which nothing may be decided" in told


def test_topics_and_countries_are_looked_up_where_names_are_at_hand() -> None:
    names = {"topic": {"T10001": "Optics of gases"}, "country": {"KE": "Kenya"}}
    text = json.dumps(case_document(topics=["optics"], parties=[{"country": "Kenia"}]))

    with pytest.raises(PolicyError) as caught:
        read_case(text, "case.yaml", names)
    assert "Did you mean T10001 (Optics of gases)?" in caught.value.problem
    assert "Did you mean KE (Kenya)?" in caught.value.problem


def test_many_cases_in_a_file_are_read_in_its_order() -> None:
    text = json.dumps({"cases": [case_document(case=f"case-{n}") for n in range(3)]})

    assert [case.label for case in read_cases(text)] == ["case-0", "case-1", "case-2"]
