"""Whether conditions can hold and imply each other, against all that facts can be."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.policy.grammar import Condition
from fourseas.policy.implication import can_hold, implies
from tests.policy import kleene_oracle
from tests.policy.documents import Doc, declared, policy, rule
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


def test_where_combinations_are_too_many_neither_is_certain() -> None:
    lists = [{"list": f"list-{n}", "of": "country"} for n in range(17)]
    asked: list[Doc] = [{"any_party": {"country": {"in_list": one["list"]}}} for one in lists]
    rules = [
        rule(f"n{n}", when={"all_of": [*asked[:n], {"not": {"any_of": asked[:n]}}]})
        for n in (16, 17)
    ]
    few, many = (one.when for one in policy(*rules, lists=declared(*lists)).rules)

    # 2 to the power of 16 is below a hundred thousand, of 17 above.
    assert not can_hold(few)
    assert can_hold(many)
    assert implies(many, many)
    assert not implies(many, few)


LISTS = declared({"list": "near", "of": "organization"}, {"list": "far", "of": "organization"})


def _of_firm(operator: str, name: str = "near", on: str = "date") -> Doc:
    return {"organization": {operator: name, "on": on}}


@pytest.mark.parametrize(
    ("strong", "weak", "is_implied"),
    [
        (_of_firm("in_list"), _of_firm("within_org_tree"), True),
        (_of_firm("within_org_tree"), _of_firm("in_list"), False),
        (_of_firm("in_list"), _of_firm("within_org_tree", "far"), False),
        (_of_firm("in_list"), _of_firm("within_org_tree", on="signed_on"), False),
        (_of_firm("in_list"), {"any_of": [_of_firm("in_list", "far"), {"role": "lead"}]}, False),
        ({"all_of": [_of_firm("in_list"), {"role": "lead"}]}, _of_firm("within_org_tree"), True),
    ],
)
def test_who_is_listed_is_within_the_tree_of_what_is_listed(
    strong: Doc,
    weak: Doc,
    is_implied: bool,  # noqa: FBT001
) -> None:
    names = str((strong, weak))
    lists = {name: one for name, one in LISTS.items() if f"'{name}'" in names}
    rules = [rule("a", when={"any_party": strong}), rule("b", when={"any_party": weak})]
    first, second = (one.when for one in policy(*rules, lists=lists).rules)

    assert implies(first, second) is is_implied


FIRM, LEAD = {"sector": "company"}, {"role": "lead"}
BOTH = {"all_of": [FIRM, LEAD]}


def _count(n: int, where: Doc, **more: str) -> Doc:
    return {"count_ge": {"of": "parties", "n": n, "where": where, **more}}


def _part(share: float, where: Doc) -> Doc:
    return {"share_ge": {"of": "parties", "share": share, "where": where}}


@pytest.mark.parametrize(
    ("strong", "weak", "is_implied"),
    [
        ({"any_party": BOTH}, {"any_party": FIRM}, True),
        ({"any_party": FIRM}, {"any_party": BOTH}, False),
        ({"all_parties": BOTH}, {"all_parties": FIRM}, True),
        ({"all_parties": FIRM}, {"all_parties": BOTH}, False),
        ({"all_parties": FIRM}, {"any_party": FIRM}, False),
        ({"any_party": FIRM}, {"all_parties": FIRM}, False),
        (_count(2, BOTH), _count(2, FIRM), True),
        (_count(3, FIRM), _count(2, FIRM), True),
        (_count(2, FIRM), _count(3, FIRM), False),
        (_count(2, FIRM), _count(2, BOTH), False),
        (_count(2, FIRM), {"any_party": FIRM}, True),
        ({"any_party": FIRM}, _count(2, FIRM), False),
        (_count(2, FIRM), {"any_party": LEAD}, False),
        (_count(2, FIRM, distinct="country"), _count(2, FIRM), False),
        (_count(3, FIRM, distinct="country"), _count(2, FIRM, distinct="country"), True),
        (_count(3, FIRM, distinct="country"), _count(2, FIRM, distinct="role"), False),
        (_part(0.5, FIRM), _part(0.25, FIRM), True),
        (_part(0.25, FIRM), _part(0.5, FIRM), False),
        (_part(0.5, FIRM), {"any_party": FIRM}, False),
        ({"any_person": LEAD}, {"any_party": LEAD}, False),
    ],
)
def test_a_statement_over_rows_implies_a_weaker_one_over_them(
    strong: Doc,
    weak: Doc,
    is_implied: bool,  # noqa: FBT001
) -> None:
    first, second = _read(strong), _read(weak)

    assert implies(first, second) is is_implied


def test_what_no_row_or_every_row_can_be_is_never_or_always_so() -> None:
    never = {"all_of": [{"share": {"lt": 0.2}}, {"share": {"gt": 0.4}}]}

    assert not can_hold(_read({"any_party": never}))
    assert not can_hold(_read({"not": {"all_parties": {"not": never}}}))
    assert can_hold(_read({"all_parties": never}))
    assert not can_hold(_read(_count(1, never)))
    assert not can_hold(_read({"any_party": {"share": {"gt": 1}}}))
    assert can_hold(_read({"any_party": {"share": {"ge": 1}}}))
