"""Conditions in the words of a reader, as one clause and as an outline."""

from __future__ import annotations

import pytest

from fourseas.policy.grammar import ALWAYS, Condition
from fourseas.policy.outline import outline
from fourseas.policy.wording import sentence
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
