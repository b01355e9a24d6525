"""The mirror of a rule: the same rule in the hands of the other side."""

from __future__ import annotations

import pytest

from fourseas.policy.mirror import mirror, mirrored
from fourseas.policy.vocabulary import ACTIVITIES, MIRRORED_ACTIVITIES
from tests.policy.documents import Doc, declared, policy, rule

FIRMS = {"list": "firms", "of": "organization"}


def _mirror(**more: object) -> str:
    lists = declared(FIRMS) if "firms" in str(more) else {}
    return mirror(policy(rule(**more), lists=lists).rules[0])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"decision": "closed", "when": {"activity": "data_sharing_out"}},
            (
                "work with the owner would be closed for the partner; "
                "what is data sharing out here is data sharing in there. "
                "The owner has not said whether it would be accepted."
            ),
        ),
        (
            {"decision": "review", "when": {"activity": ["visit", "joint_project"]}},
            (
                "work with the owner would be subject to review for the partner; "
                "what is visit here is hosting there. "
                "The owner has not said whether it would be accepted."
            ),
        ),
        (
            {
                "decision": "closed",
                "when": {"any_party": {"organization": {"in_list": "firms"}}},
                "reciprocity": {"mirror": "no"},
            },
            (
                "work with the owner would be closed for the partner; "
                "where `firms` is read, the partner's list would name the owner's side. "
                "The owner does not accept it."
            ),
        ),
    ],
)
def test_a_rule_in_the_hands_of_the_partner(more: Doc, said: str) -> None:
    assert _mirror(**more) == said


def test_mirrored_twice_a_condition_is_what_it_was() -> None:
    when = {
        "any_of": [
            {"not": {"activity": ["visit", "funding_given", "joint_lab"]}},
            {"all_parties": {"sector": "company"}},
        ]
    }
    condition = policy(rule(when=when)).rules[0].when

    assert mirrored(condition) != condition
    assert mirrored(mirrored(condition)) == condition


def test_what_one_side_sends_the_other_receives() -> None:
    for ours, theirs in MIRRORED_ACTIVITIES.items():
        assert MIRRORED_ACTIVITIES[theirs] == ours
        assert {ours, theirs} <= {*ACTIVITIES}
    sided = {one for one in ACTIVITIES if one.endswith(("_in", "_out", "_given", "_received"))}
    assert sided <= {*MIRRORED_ACTIVITIES}
