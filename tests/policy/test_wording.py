"""Conditions in the words of a reader, as one clause and as an outline."""

from __future__ import annotations

import datetime as dt

import pytest

from fourseas.policy.grammar import ALWAYS, Condition
from fourseas.policy.outline import outline
from fourseas.policy.wording import called, ended, sentence, shown
from tests.policy.documents import Doc, declared, policy, rule

NEAR = {"list": "near", "of": "country"}
FIRMS = {"list": "firms", "of": "organization"}


def _read(when: Doc | list[Doc]) -> Condition:
    lists = [one for one in (NEAR, FIRMS) if one["list"] in str(when)]
    return policy(rule(when=when), lists=declared(*lists)).rules[0].when


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"activity": "joint_lab"}, "the activity is joint lab"),
        ({"activity": ["visit", "hosting"]}, "the activity is visit or hosting"),
        ({"not": {"activity": "visit"}}, "the activity is not visit"),
        ({"trl": {"ge": 4}}, "the technology readiness level is at least 4"),
        ({"amount_usd": {"gt": 1000000}}, "the amount in US dollars is above 1,000,000"),
        ({"signed_on": {"lt": "2024-05-01"}}, "the signature is before 2024-05-01"),
        ({"signed_on": {"ge": "2024-05-01"}}, "the signature is 2024-05-01 or later"),
        ({"transfers_out": False}, "nothing leaves the country of origin"),
        (
            [{"trl": 4}, {"any_of": [{"activity": "visit"}, {"purpose": "health"}]}],
            (
                "the technology readiness level is 4 and (the activity is visit or the purpose is "
                "health)"
            ),
        ),
        (
            {"any_of": [{"trl": 4}, {"all_of": [{"activity": "visit"}, {"purpose": "health"}]}]},
            (
                "the technology readiness level is 4 or (the activity is visit and the purpose is "
                "health)"
            ),
        ),
        (
            [{"all_of": [{"trl": {"lt": 4}}, {"trl": {"gt": 2}}]}, {"not": {"trl": 3}}],
            (
                "the technology readiness level is below 4 and the technology readiness level is "
                "above 2 and the technology readiness level is not 3"
            ),
        ),
        (
            {"not": {"any_of": [{"activity": "visit"}, {"trl": {"le": 2.5}}]}},
            "not (the activity is visit or the technology readiness level is at most 2.5)",
        ),
        ({"not": {"transfers_out": True}}, "nothing leaves the country of origin"),
        ({"not": {"transfers_out": False}}, "data, samples or goods leave the country of origin"),
        ({"signed_on": "2024-05-01"}, "the signature is 2024-05-01"),
        ({"signed_on": {"le": "2024-05-01"}}, "the signature is 2024-05-01 or earlier"),
        ({"signed_on": {"gt": "2024-05-01"}}, "the signature is after 2024-05-01"),
        (
            {"any_person": {"any_tie": {"period": "current"}}},
            "some person with some tie whose period is current",
        ),
        (
            {
                "any_person": {
                    "any_tie": {"period": {"overlaps_period": {"years": 1, "on": "signed_on"}}}
                }
            },
            (
                "some person with some tie whose period is within the last year (as of the "
                "signature)"
            ),
        ),
        (
            {
                "any_person": {
                    "any_tie": {
                        "period": {"overlaps_period": {"from": "2020-01-01", "to": "2021-12-31"}}
                    }
                }
            },
            (
                "some person with some tie whose period is at some time from 2020-01-01 until "
                "2021-12-31"
            ),
        ),
        (
            {"any_person": {"any_tie": {"period": {"overlaps_period": {"to": "2021-12-31"}}}}},
            "some person with some tie whose period is at some time until 2021-12-31",
        ),
        (
            {"any_person": {"not": {"any_tie": {"kind": "funding"}}}},
            "some person with no tie whose kind is funding",
        ),
        (
            {"any_data": {"not": {"for_development": True}}},
            "some data that is not used for research and development",
        ),
        ({"count_ge": {"n": 2, "of": "people"}}, "at least 2 people"),
        ({"exists": "people"}, "some person"),
        ({"document_present": "agreement"}, "some document `agreement`"),
        ({"not": {"document_present": "agreement"}}, "no document `agreement`"),
        (
            {"any_party": [{"sector": "company"}, {"independent": True}]},
            "some party whose sector is company and that is under the control of no other party",
        ),
        ({"all_parties": {"sector": "company"}}, "every party is one whose sector is company"),
        (
            {"any_party": {"country": {"in_list": "near", "on": "signed_on"}}},
            "some party whose country is on the list `near` (as of the signature)",
        ),
        (
            {"any_party": {"organization": {"within_org_tree": "firms"}}},
            "some party whose organization is on, or part of one on, the list `firms`",
        ),
        (
            {"any_person": {"any_tie": {"period": {"overlaps_period": {"years": 5}}}}},
            "some person with some tie whose period is within the last 5 years",
        ),
        (
            {"count_ge": {"n": 3, "of": "parties", "distinct": "country"}},
            "at least 3 different values of country among parties",
        ),
        (
            {"share_ge": {"share": 0.5, "of": "parties", "where": {"sector": "company"}}},
            "at least 50% of the parties whose sector is company",
        ),
    ],
)
def test_a_condition_reads_as_a_clause(when: Doc, said: str) -> None:
    assert sentence(_read(when)) == said


def test_a_condition_reads_as_an_outline() -> None:
    when: list[Doc] = [
        {"trl": {"ge": 4}},
        {"not": {"any_of": [{"activity": "visit"}, {"purpose": "health"}]}},
        {"not": {"any_party": [{"sector": "company"}, {"role": "lead"}]}},
        {"count_ge": {"n": 2, "of": "parties", "where": {"not": {"role": "lead"}}}},
    ]

    assert outline(_read(when)) == [
        (0, "all of these:"),
        (1, "the technology readiness level is at least 4"),
        (1, "none of these:"),
        (2, "the activity is visit"),
        (2, "the purpose is health"),
        (1, "no party, of which:"),
        (2, "its sector is company"),
        (2, "its role is lead"),
        (1, "at least 2 parties, of which:"),
        (2, "its role is not lead"),
    ]


def test_no_condition_is_always() -> None:
    assert sentence(ALWAYS) == "always"
    assert outline(ALWAYS) == [(0, "always")]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "yes"),
        (False, "no"),
        (1234567.0, "1,234,567"),
        (0.25, "0.25"),
        (3, "3"),
        (dt.date(2024, 6, 30), "2024-06-30"),
        (dt.date.max, "ongoing"),
        ("joint_lab", "joint lab"),
        ("CN", "CN"),
    ],
)
def test_values_are_written_as_readers_write_them(value: object, said: str) -> None:
    assert shown(value) == said


def test_a_text_ends_with_one_sign_and_parts_are_called_what_they_are() -> None:
    assert [ended(text) for text in ("A", "A.", "A!", "A?")] == ["A.", "A.", "A!", "A?"]
    assert (called("review_by"), called("cost_of_not_acting")) == (
        "day of review",
        "cost of not acting",
    )


@pytest.mark.parametrize(
    ("when", "lines"),
    [
        ({"trl": 4}, [(0, "the technology readiness level is 4")]),
        ({"not": {"not": {"trl": 4}}}, [(0, "the technology readiness level is 4")]),
        ({"exists": "people"}, [(0, "some person")]),
        ({"not": {"exists": "people"}}, [(0, "no person")]),
        (
            {"any_of": [{"trl": 4}, {"not": {"all_of": [{"trl": 3}, {"purpose": "health"}]}}]},
            [
                (0, "any of these:"),
                (1, "the technology readiness level is 4"),
                (1, "not all of these:"),
                (2, "the technology readiness level is 3"),
                (2, "the purpose is health"),
            ],
        ),
        (
            {"all_parties": [{"sector": "company"}, {"role": "lead"}]},
            [(0, "every party, of which:"), (1, "its sector is company"), (1, "its role is lead")],
        ),
        (
            {"not": {"all_parties": {"not": {"any_of": [{"role": "lead"}, {"share": 1}]}}}},
            [
                (0, "not every party, of which:"),
                (1, "none of these:"),
                (2, "its role is lead"),
                (2, "its share is 1"),
            ],
        ),
        (
            {"not": {"count_ge": {"n": 3, "of": "parties", "distinct": "country"}}},
            [(0, "not (at least 3 different values of country among parties)")],
        ),
        (
            {
                "not": {
                    "count_ge": {
                        "n": 3,
                        "of": "parties",
                        "distinct": "country",
                        "where": [{"role": "lead"}, {"independent": True}],
                    }
                }
            },
            [
                (0, "fewer than 3 different values of country among parties, of which:"),
                (1, "its role is lead"),
                (1, "it is under the control of no other party"),
            ],
        ),
        (
            {
                "share_ge": {
                    "share": 0.25,
                    "of": "people",
                    "where": {"any_of": [{"role": "lead"}, {"exists": "ties"}]},
                }
            },
            [
                (0, "at least 25% of the people, of which:"),
                (1, "any of these:"),
                (2, "its role is lead"),
                (2, "some tie"),
            ],
        ),
        (
            {
                "not": {
                    "share_ge": {
                        "share": 0.25,
                        "of": "parties",
                        "where": [{"role": "lead"}, {"sector": "funder"}],
                    }
                }
            },
            [
                (0, "less than 25% of the parties, of which:"),
                (1, "its role is lead"),
                (1, "its sector is funder"),
            ],
        ),
    ],
)
def test_an_outline_says_who_is_meant_and_then_what_is_said_of_them(
    when: Doc, lines: list[tuple[int, str]]
) -> None:
    assert outline(_read(when)) == lines
