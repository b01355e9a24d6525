"""Cases as they are read: origins, unknowns, contradictions, forbidden grounds."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from fourseas.errors import PolicyError
from fourseas.policy.case import (
    Case,
    Confirmation,
    Expected,
    case_of,
    read_case,
    read_cases,
    tables,
)
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
        (
            {"parties": [{"share": 0.9}, {"share": 0.11}]},
            "The shares of the parties add up to 1.01.",
        ),
        (
            {"starts_on": "2024-05-02", "ends_on": "2024-05-01"},
            "line 6, column 2: `ends_on`, 2024-05-01, lies before `starts_on`, 2024-05-02.",
        ),
        (
            {
                "parties": [
                    {"organization": "invented:ash", "sector": "company"},
                    {"organization": "invented:elm", "sector": "funder"},
                    {"organization": "invented:ash", "sector": "funder"},
                ]
            },
            "party 3 is the organization of party 1, but their `sector` differ: funder and company",
        ),
        (
            {
                "parties": [
                    {"organization": "invented:ash", "control_country": "XA"},
                    {"organization": "invented:ash", "control_country": "XB"},
                ]
            },
            "their `control_country` differ: XB and XA.",
        ),
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
        {"parties": [{"share": 0.1}] * 10},
        {"outputs_open": "open"},
        {"outputs_open": "embargoed", "embargo_months": 6, "starts_on": "2024-05-01"},
        {
            "parties": [
                {"organization": "unknown", "country": "XA"},
                {"organization": "unknown", "country": "XB"},
            ]
        },
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


def _case(**facts: object) -> Case:
    return read_case(json.dumps(case_document(**facts)))


def test_what_says_no_source_has_that_of_the_row_that_holds_it() -> None:
    row = _case(
        trl=4,
        activity={"value": "visit", "on": "2024-05-01"},
        people=[
            {
                "source": "the lead",
                "role": "lead",
                "ties": [
                    {"kind": "funding", "period": {"since": "2020-01-01"}},
                    {"kind": "patent", "period": {"since": "2020-01-01", "source": "a register"}},
                    {"source": "a paper", "kind": {"value": "patent", "source": "a list"}},
                ],
            }
        ],
        documents=[{"value": "agreement", "source": "the file"}, "attestation"],
    ).row
    (person,) = row.children["people"]
    first, second, third = person.children["ties"]

    assert (row.facts["trl"].source, row.facts["trl"].on) == ("the form", None)
    assert (row.facts["activity"].source, row.facts["activity"].on) == (
        "the form",
        dt.date(2024, 5, 1),
    )
    assert person.facts["role"].source == first.facts["kind"].source == "the lead"
    assert first.facts["since"].source == "the lead"
    assert second.facts["since"].source == "a register"
    assert third.facts["kind"].source == "a list"
    assert [one.facts["value"].source for one in row.children["documents"]] == [
        "the file",
        "the form",
    ]
    nobody = case_of({"case": "bare", "date": "2024-06-01", "trl": 4})
    assert nobody.row.facts["trl"].source is None
    ties: Doc = {"ties": [{"period": {"since": "2020-01-01"}}]}
    (bare,) = case_of({"case": "b", "date": "2024-06-01", "people": [ties]}).row.children["people"]
    assert bare.children["ties"][0].facts["since"].source is None


def test_a_period_has_the_ends_that_are_known() -> None:
    ends = [
        {"since": "2020-01-01", "until": "2020-12-31"},
        {"since": "2020-01-01", "until": "ongoing"},
        {"since": "unknown", "until": "2020-12-31"},
        {"since": None, "until": None},
        {"until": "unknown"},
    ]
    row = _case(people=[{"ties": [{"period": one} for one in ends]}]).row
    ties = row.children["people"][0].children["ties"]

    first, last = dt.date(2020, 1, 1), dt.date(2020, 12, 31)
    assert [{name: given.value for name, given in tie.facts.items()} for tie in ties] == [
        {"since": first, "until": last},
        {"since": first, "until": dt.date.max},
        {"until": last},
        {},
        {},
    ]


def test_values_have_the_type_of_their_fact() -> None:
    row = _case(trl=4, transfers_out=False, signed_on="2024-05-01", purpose="health").row
    values = {name: given.value for name, given in row.facts.items()}

    assert values == {
        "date": dt.date(2024, 6, 1),
        "trl": 4.0,
        "transfers_out": False,
        "signed_on": dt.date(2024, 5, 1),
        "purpose": "health",
    }
    assert type(values["trl"]) is float
    assert type(values["transfers_out"]) is bool
    (party,) = _case(parties=[{"organization": "https://ror.org/02NR0KA47"}]).row.children[
        "parties"
    ]
    assert party.facts["organization"].value == "02nr0ka47"


def test_rows_are_called_by_their_number_and_by_the_name_that_is_written() -> None:
    row = _case(
        parties=[{"role": "lead"}, {"label": "Us"}, {"organization_name": "Elm"}],
        documents=["agreement", "unknown", "agreement", None],
    ).row

    assert [one.label for one in row.children["parties"]] == [
        "party 1",
        "party 2 (Us)",
        "party 3 (Elm)",
    ]
    assert [one.label for one in row.children["documents"]] == ["agreement", "unknown"]


def test_a_case_says_what_it_shows_what_should_be_found_and_who_has_looked() -> None:
    word = {"list": "firms", "organization": "invented:ash", "by": "officer 7", "on": "2024-05-30"}
    expect = {"finding": "needs_information", "at_least": "open", "at_most": "closed"}
    told = _case(
        shows="hit",
        expect={**expect, "rules": ["one"], "asks": ["Which"]},
        matches=[{**word, "same": False}],
    )
    bare = _case()

    assert told.shows == "hit"
    assert told.expected == Expected(**expect, rules=("one",), asks=("Which",))
    assert _case(expect={"finding": "open"}).expected == Expected(finding="open")
    assert told.confirmations == (
        Confirmation(
            list_id="firms",
            organization_id="invented:ash",
            is_same=False,
            by="officer 7",
            on=dt.date(2024, 5, 30),
        ),
    )
    assert (bare.shows, bare.expected, bare.confirmations) == (None, None, ())
    with pytest.raises(PolicyError, match="`ash` is no id of the kind organization"):
        _case(matches=[{**word, "organization": "ash", "same": True}])


def test_rows_of_several_cases_are_tables_that_hang_together() -> None:
    tie: Doc = {"kind": "patent", "period": {"since": "2020-01-01"}}
    cases = (
        _case(trl=4, people=[{"ties": [tie]}, {"ties": [tie, tie], "complete": ["ties"]}]),
        _case(people="none", documents=["agreement", "unknown"], complete=["documents"]),
    )
    found = {name: table.to_pylist() for name, table in tables(cases).items()}

    assert [(row["case_id"], row["trl"]) for row in found["cases"]] == [(0, 4.0), (1, None)]
    flags = ("people_complete", "documents_complete", "parties_complete")
    assert [tuple(row[name] for name in flags) for row in found["cases"]] == [
        (False, False, False),
        (True, True, False),
    ]
    assert [
        (row["case_id"], row["person_id"], row["ties_complete"]) for row in found["people"]
    ] == [
        (0, 0, False),
        (0, 1, True),
    ]
    keys = ("case_id", "person_id", "tie_id", "kind", "since", "until")
    assert [tuple(row[name] for name in keys) for row in found["ties"]] == [
        (0, person, tie_id, "patent", dt.date(2020, 1, 1), None)
        for person, tie_id in ((0, 0), (1, 0), (1, 1))
    ]
    assert [(row["case_id"], row["value"]) for row in found["documents"]] == [
        (1, "agreement"),
        (1, None),
    ]
    assert found["parties"] == []


def test_one_case_is_a_file_of_cases_too_and_slips_are_told_with_their_place() -> None:
    assert [one.label for one in read_cases(json.dumps(case_document()))] == ["asked"]
    two = json.dumps({"cases": [case_document(), case_document(trl=10)]}, indent=1)
    with pytest.raises(PolicyError) as told:
        read_cases(two, "cases.yaml")

    assert told.value.problem == (
        "cases.yaml: 1 problem.\n  line 12, column 4: `trl` is `10`. Write a number of at most 9."
    )


def test_a_case_is_the_same_wherever_its_facts_are_written() -> None:
    document = case_document(
        trl=4, parties=[{"country": "XA"}], people=[{"ties": [{"period": {"since": "2020-01-01"}}]}]
    )
    short, long = json.dumps(document), json.dumps(document, indent=2)

    assert read_case(short) == read_case(long)
    assert read_case(short).row.facts["trl"].place != read_case(long).row.facts["trl"].place
