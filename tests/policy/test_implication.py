"""Whether conditions can hold and imply each other, against all that facts can be."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.policy.grammar import Condition
from fourseas.policy.implication import can_hold, implies
from tests.policy import kleene_oracle
from tests.policy.documents import Doc, policy, rule
from tests.policy.kleene_oracle import T, World

NOWHERE = World({}, {})
TRLS = [n / 4 for n in range(4, 37)]
FLAGS = (True, False)
ACTIVITIES = ("visit", "hosting", "joint_lab")

LEAVES = st.one_of(
    st.builds(
        lambda sign, bound: {"trl": {sign: bound}},
        st.sampled_from(["lt", "le", "gt", "ge", "eq"]),
        st.sampled_from([1, 1.5, 4, 4.5, 8.5, 9]),
    ),
    st.sampled_from(FLAGS).map(lambda one: {"transfers_out": one}),
    st.lists(st.sampled_from(ACTIVITIES), min_size=1, max_size=2).map(
        lambda one: {"activity": one}
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda one: {"all_of": one}),
        st.lists(inner, min_size=1, max_size=3).map(lambda one: {"any_of": one}),
        inner.map(lambda one: {"not": one}),
    ),
    max_leaves=5,
)


def _read(when: Doc) -> Condition:
    return policy(rule(when=when)).rules[0].when


def _true(when: Doc) -> set[int]:
    """Return the places of all cases that meet a condition, tried one by one."""
    tried = itertools.product(TRLS, FLAGS, (*ACTIVITIES, "licensing_in"))
    return {
        number
        for number, (trl, out, activity) in enumerate(tried)
        if kleene_oracle.asked(
            when,
            case := {"trl": trl, "transfers_out": out, "activity": activity},
            case,
            NOWHERE,
        )
        == T
    }


@settings(max_examples=100)
@given(first=TREES, second=TREES)
def test_implication_is_what_trying_every_case_says(first: Doc, second: Doc) -> None:
    one, other = _read(first), _read(second)

    assert can_hold(one) == bool(_true(first))
    assert implies(one, other) == (_true(first) <= _true(second))


def _any(**facts: object) -> Doc:
    return {"any_party": [{key: value} for key, value in facts.items()]}


@pytest.mark.parametrize(
    ("first", "second", "certain"),
    [
        (_any(sector="company", role="lead"), _any(sector="company"), True),
        (_any(sector="company"), _any(sector="company", role="lead"), False),
        ({"all_parties": {"sector": "company"}}, _any(sector="company"), False),
        (
            {"all_parties": {"sector": "company"}},
            {"all_parties": {"sector": ["company", "university"]}},
            True,
        ),
        (
            {"count_ge": {"n": 3, "of": "parties"}},
            {"count_ge": {"n": 2, "of": "parties"}},
            True,
        ),
        (
            {"count_ge": {"n": 2, "of": "parties"}},
            {"count_ge": {"n": 3, "of": "parties"}},
            False,
        ),
        (
            {"count_ge": {"n": 1, "of": "parties", "where": {"sector": "company"}}},
            _any(sector=["company", "funder"]),
            True,
        ),
        (
            {"share_ge": {"share": 0.6, "of": "parties", "where": {"sector": "company"}}},
            {"share_ge": {"share": 0.5, "of": "parties", "where": {"sector": "company"}}},
            True,
        ),
        (_any(share={"gt": 0.5}), _any(share={"gt": 0.4}), True),
        (_any(share={"gt": 0.5}), _any(share={"gt": 0.6}), False),
    ],
)  # fmt: skip
def test_statements_over_rows_imply_weaker_ones(first: Doc, second: Doc, certain: bool) -> None:  # noqa: FBT001
    assert implies(_read(first), _read(second)) is certain
