"""Questions that settle and changes that alter, against trying every value of every fact."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.backends.duckdb import Backend

from fourseas.policy import hypotheses
from fourseas.policy.case import read_case
from fourseas.policy.check import readings
from fourseas.policy.decide import compiled
from fourseas.policy.grammar import Leaf
from fourseas.policy.hypotheses import nearest_changes, smallest_settling
from fourseas.policy.kleene import ends, judged
from tests.policy import kleene_oracle
from tests.policy.documents import Doc, case_document, policy, policy_document, rule, sources
from tests.policy.kleene_oracle import World
from tests.policy.test_implication import TREES

NOWHERE = World({}, {})
VALUES: dict[str, tuple[object, ...]] = {
    "trl": (1, 1.25, 1.5, 3, 4, 4.25, 4.5, 6, 8.5, 8.75, 9),
    "transfers_out": (True, False),
    "activity": ("visit", "hosting", "joint_lab", "licensing_in"),
}
"""Values that stand for all that the conditions drawn here can tell apart."""

RULES = st.lists(
    st.tuples(TREES, st.sampled_from(["open_with_conditions", "review", "closed"])),
    min_size=1,
    max_size=3,
)
KNOWN = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}
)


@pytest.fixture(scope="module")
def engine() -> Backend:
    """Return where the conditions run."""
    return ibis.duckdb.connect()


def _document(drawn: list[tuple[Doc, str]]) -> Doc:
    rules = (rule(f"rule-{n}", decided, when=when) for n, (when, decided) in enumerate(drawn))
    return policy_document(*rules)


def _interval(document: Doc, facts: Doc) -> tuple[int, int]:
    found = kleene_oracle.found(document, case_document(**facts), NOWHERE)
    return found.at_least, found.at_most


def _told(facts: Doc, asked: tuple[str, ...]) -> Iterator[Doc]:
    """Yield the case with every answer to some questions."""
    for answers in itertools.product(*(VALUES[name] for name in asked)):
        yield {**facts, **dict(zip(asked, answers, strict=True))}


def _fewest(document: Doc, facts: Doc) -> int:
    """Return how many facts must be asked, at least, to settle the case whatever they are."""
    missing = [name for name in VALUES if name not in facts]
    for size in range(len(missing) + 1):
        for asked in itertools.combinations(missing, size):
            intervals = (_interval(document, told) for told in _told(facts, asked))
            if all(low == high for low, high in intervals):
                return size
    raise AssertionError


@settings(max_examples=25)
@given(drawn=RULES, facts=KNOWN)
def test_no_fewer_questions_settle_a_case(
    drawn: list[tuple[Doc, str]], facts: Doc, engine: Backend
) -> None:
    document = _document(drawn)
    of = compiled(policy(*document["rules"]))
    case = read_case(json.dumps(case_document(**facts)))
    (reading,) = readings(of, (case,), sources(), engine)

    asked, is_smallest = smallest_settling(of, reading)
    assert is_smallest
    assert len(asked) == _fewest(document, facts)


@settings(max_examples=25)
@given(drawn=RULES, facts=st.fixed_dictionaries({k: st.sampled_from(v) for k, v in VALUES.items()}))
def test_no_fewer_facts_alter_a_finding(
    drawn: list[tuple[Doc, str]], facts: Doc, engine: Backend
) -> None:
    document = _document(drawn)
    of = compiled(policy(*document["rules"]))
    case = read_case(json.dumps(case_document(**facts)))
    (reading,) = readings(of, (case,), sources(), engine)
    now = ends(of, judged(of, reading)).least

    fewest: dict[str, int] = {}
    for size in range(1, len(VALUES) + 1):
        for changed in itertools.combinations(VALUES, size):
            for told in _told(facts, changed):
                then, _ = _interval(document, told)
                if then != now:
                    fewest.setdefault("milder" if then < now else "stricter", size)
    found: dict[str, int] = {}
    for change in nearest_changes(of, reading):
        leaves = [spot[1] for _, spot, _ in change.flips if isinstance(spot[1], Leaf)]
        way = "milder" if change.ends.least < now else "stricter"
        found[way] = len({leaf.fact for leaf in leaves})
    assert found == fewest


def test_every_end_of_a_period_is_asked_however_far_the_known_one_is(engine: Backend) -> None:
    tie = {"kind": "funding", "period": {"since": "unknown", "until": "2024-06-15"}}
    overlapping = {"period": {"overlaps_period": {"to": "2026-01-01"}}}
    of = compiled(policy(rule("ties", "closed", when={"any_person": {"all_ties": overlapping}})))
    person = {"role": "lead", "ties": [tie, tie], "complete": ["ties"]}
    case = read_case(json.dumps(case_document(people=[person], complete=["people"])))
    (reading,) = readings(of, (case,), sources(), engine)

    asked, is_smallest = smallest_settling(of, reading)
    assert is_smallest
    assert [(atom.name, atom.key) for atom in asked] == [("period", (0, 0)), ("period", (0, 1))]


def test_what_two_answers_decide_together_may_hold_and_leave_the_rest_open(
    engine: Backend,
) -> None:
    overlapping = {"period": {"overlaps_period": {"years": 3, "on": "signed_on"}}}
    tied = {"any_person": {"any_tie": overlapping}}
    of = compiled(policy(rule("ties", "closed", when=[tied, {"transfers_out": True}])))
    tie = {"kind": "funding", "period": {"since": "unknown", "until": "2024-06-15"}}
    person = {"role": "lead", "ties": [tie], "complete": ["ties"]}
    case = read_case(json.dumps(case_document(people=[person], complete=["people"])))
    (reading,) = readings(of, (case,), sources(), engine)

    asked, is_smallest = smallest_settling(of, reading)
    assert is_smallest
    assert [atom.name for atom in asked] == ["signed_on", "transfers_out", "period"]


def test_a_value_that_is_counted_once_is_asked_where_it_is_missing(engine: Backend) -> None:
    counted = {"count_ge": {"n": 2, "of": "ties", "distinct": "kind"}}
    of = compiled(policy(rule("kinds", "closed", when={"any_person": counted})))
    ties = [{"organization": "invented:elm"}, {"kind": "funding", "organization": "invented:elm"}]
    person = {"role": "lead", "ties": ties, "complete": ["ties"]}
    case = read_case(json.dumps(case_document(people=[person], complete=["people"])))
    (reading,) = readings(of, (case,), sources(), engine)

    asked, is_smallest = smallest_settling(of, reading)
    assert is_smallest
    assert [(atom.level, atom.key, atom.name) for atom in asked] == [("ties", (0, 0), "kind")]


def test_whether_a_row_counts_is_asked_beside_its_value(engine: Backend) -> None:
    funded = {"kind": {"eq": "funding"}}
    counted = {"count_ge": {"n": 2, "of": "ties", "where": funded, "distinct": "organization"}}
    of = compiled(policy(rule("payers", "closed", when={"any_person": counted})))
    ties = [{"organization": "invented:elm"}, {"kind": "funding"}]
    person = {"role": "lead", "ties": ties, "complete": ["ties"]}
    case = read_case(json.dumps(case_document(people=[person], complete=["people"])))
    (reading,) = readings(of, (case,), sources(), engine)

    asked, _ = smallest_settling(of, reading)
    assert [(atom.key, atom.name) for atom in asked] == [
        ((0, 0), "kind"),
        ((0, 1), "organization"),
    ]


MANY = {
    "trl-high": {"trl": {"ge": 7}},
    "visit": {"activity": "visit"},
    "out-and-low": {"all_of": [{"transfers_out": True}, {"trl": {"lt": 3}}]},
}


@pytest.mark.parametrize("most", [0, 1, 3, 5, 10_000])
def test_where_trials_are_too_many_each_rule_is_settled_by_itself(
    most: int, engine: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = compiled(policy(*(rule(name, "review", when=when) for name, when in MANY.items())))
    case = read_case(json.dumps(case_document()))
    (reading,) = readings(of, (case,), sources(), engine)
    monkeypatch.setattr(hypotheses, "MOST_TRIALS", most)
    asked, is_smallest = smallest_settling(of, reading)

    # The three facts settle it; no two do, since each alone can make a rule hold.
    assert is_smallest is (most > 5)
    assert [atom.name for atom in asked] == ["activity", "transfers_out", "trl"]


def test_of_a_rule_by_itself_what_cannot_matter_is_not_asked(
    engine: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    high, visit = {"trl": {"ge": 7}}, {"activity": "visit"}
    absorbed = {"any_of": [high, {"all_of": [high, visit]}]}
    rules = {"high": absorbed, "out": {"transfers_out": True}}
    of = compiled(policy(*(rule(name, "review", when=when) for name, when in rules.items())))
    case = read_case(json.dumps(case_document()))
    (reading,) = readings(of, (case,), sources(), engine)
    for most, is_known in ((10, False), (27, True)):
        monkeypatch.setattr(hypotheses, "MOST_TRIALS", most)
        asked, is_smallest = smallest_settling(of, reading)

        assert is_smallest is is_known
        assert [atom.name for atom in asked] == ["transfers_out", "trl"]


def test_a_rule_that_could_not_make_it_stricter_is_not_settled(
    engine: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = {"sure": ({"purpose": "health"}, "review"), "mild": ({"trl": {"ge": 7}}, "review")}
    more = {"strict": ({"activity": "visit"}, "closed")}
    of = compiled(
        policy(*(rule(name, said, when=when) for name, (when, said) in (rules | more).items()))
    )
    case = read_case(json.dumps(case_document(purpose="health")))
    (reading,) = readings(of, (case,), sources(), engine)
    for most in (0, 20_000):
        monkeypatch.setattr(hypotheses, "MOST_TRIALS", most)
        asked, _ = smallest_settling(of, reading)

        assert [atom.name for atom in asked] == ["activity"]


SOME = {
    "documents": {"document_present": "agreement"},
    "parties": {"any_party": {"sector": "company"}},
    "cases": {"trl": {"ge": 7}},
    "people": {"not": {"exists": "people"}},
}
ALL_OF_SOME: Doc = {
    "documents": ["agreement"],
    "parties": [{"sector": "company"}],
    "people": "none",
    "trl": 8,
    "complete": ["documents", "parties"],
}


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (["cases", "people", "parties", "documents"], "documents"),
        (["cases", "people", "parties"], "parties"),
        (["people", "cases"], "cases"),
        (["people"], "people"),
    ],
)
def test_a_document_is_changed_first_and_then_facts_of_rows_of_the_case_and_rows(
    asked: list[str], first: str, engine: Backend
) -> None:
    of = compiled(policy(rule("one", "closed", when=[SOME[name] for name in asked])))
    case = read_case(json.dumps(case_document(**ALL_OF_SOME)))
    (reading,) = readings(of, (case,), sources(), engine)
    (change,) = nearest_changes(of, reading)
    ((level, (_, node), truth),) = change.flips

    assert (node.level, truth) == (first, first == "people")
    assert level == ("cases" if first == "people" else first)


def test_at_most_three_facts_are_changed_together(engine: Backend) -> None:
    facts = [
        {"trl": {"ge": 7}},
        {"activity": "visit"},
        {"transfers_out": True},
        {"purpose": "other"},
    ]
    case = read_case(
        json.dumps(case_document(trl=1, activity="hosting", transfers_out=False, purpose="health"))
    )
    for n, n_changes in ((3, 1), (4, 0)):
        of = compiled(policy(rule("one", "closed", when=facts[:n])))
        (reading,) = readings(of, (case,), sources(), engine)
        found = nearest_changes(of, reading)

        assert [len(change.flips) for change in found] == [n] * n_changes
