"""Findings on random policies and cases: against truth tables, and against the laws of POLICY.

`make laws` (the Hypothesis profile ``laws``) tries each of the seven laws on 50 policies with 45
cases each: 15,750 pairs of a policy and a case, 2,250 for each law.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ibis.backends.duckdb import Backend

from fourseas.policy.answers import Atom
from fourseas.policy.case import Case, Confirmation, Given, Row
from fourseas.policy.check import check, check_all, confirmed, findings, readings
from fourseas.policy.decide import compiled
from fourseas.policy.explanation import explained
from fourseas.policy.finding import Sources
from fourseas.policy.grammar import day
from fourseas.policy.hypotheses import smallest_settling
from fourseas.policy.kleene import ends, judged
from fourseas.policy.lists import Organization, OrganizationTree
from fourseas.policy.records import finding_record
from fourseas.policy.vocabulary import LEVELS, NEEDS_INFORMATION, OUTCOMES
from tests.policy import kleene_oracle
from tests.policy.kleene_oracle import F, T
from tests.policy.random_policies import (
    CASES,
    DAYS,
    FIRMS,
    KNOWN_ROWS,
    WORLD,
    Doc,
    policies,
    read,
    read_all,
    rules,
    sources,
)

IS_FULL = settings.get_current_profile_name() == "laws"
N_POLICIES, N_CASES = (50, 45) if IS_FULL else (3, 20)
N_ALONE = 2
"""Cases of each policy that are also found alone, each by expressions of its own."""

SOURCES = sources()
TRUTHS = {True: T, False: F, None: kleene_oracle.N}
Ends = tuple[int, int]

some_policies = settings(
    max_examples=N_POLICIES,
    phases=(Phase.explicit, Phase.generate),  # cases are many; a failing one is named below
    suppress_health_check=(
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ),
)
some_cases = st.lists(CASES, min_size=N_CASES, max_size=N_CASES)

# Hypothesis writes each input down, in case it fails, and warns where that is long.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


@pytest.fixture(scope="module")
def engine() -> Backend:
    """Return where the conditions run."""
    return ibis.duckdb.connect()


def _bulk(policy: Doc, cases: list[Doc], engine: Backend) -> tuple[dict[str, Any], ...]:
    return findings(compiled(read(policy)), read_all(cases), SOURCES, engine)


def _ends(found: tuple[dict[str, Any], ...]) -> list[Ends]:
    return [(OUTCOMES.index(one["at_least"]), OUTCOMES.index(one["at_most"])) for one in found]


def _interval(policy: Doc, cases: list[Doc], engine: Backend) -> list[Ends]:
    return _ends(_bulk(policy, cases, engine))


@some_policies
@given(policy=policies(), cases=some_cases)
def test_findings_are_those_of_truth_tables(policy: Doc, cases: list[Doc], engine: Backend) -> None:
    found = _bulk(policy, cases, engine)

    for case, row, (least, most) in zip(cases, found, _ends(found), strict=True):
        meant = kleene_oracle.found(policy, case, WORLD)
        rule_truths = {
            rule["id"]: TRUTHS[row[f"rule_{rule['id'].replace('-', '_')}"]]
            for rule in policy["rules"]
        }
        assert (rule_truths, least, most) == (meant.rules, meant.at_least, meant.at_most), case
        assert TRUTHS[row["applies"]] == meant.applies
        assert row["finding"] == (row["at_least"] if least == most else NEEDS_INFORMATION)


@some_policies
@given(policy=policies(), cases=some_cases)
def test_alone_or_among_others_a_case_gets_the_same_finding_and_explanation(
    policy: Doc, cases: list[Doc], engine: Backend
) -> None:
    parsed, many = read(policy), read_all(cases)
    of = compiled(parsed)
    rows = findings(of, many, SOURCES, engine)
    asked = readings(of, many, SOURCES, engine)

    for row, reading in zip(rows, asked, strict=True):
        found = ends(of, judged(of, reading))
        assert (OUTCOMES[found.least], OUTCOMES[found.most]) == (row["at_least"], row["at_most"])
    for case, reading in list(zip(many, asked, strict=True))[:N_ALONE]:
        alone = check(parsed, case, SOURCES, engine)
        assert finding_record(explained(of, case, reading, SOURCES)) == finding_record(alone)


@some_policies
@given(policy=policies(), cases=some_cases, more=rules("one-more"))
def test_a_closing_rule_more_never_lowers_either_end(
    policy: Doc, cases: list[Doc], more: Doc, engine: Backend
) -> None:
    stricter = {**policy, "rules": [*policy["rules"], {**more, "decision": "closed"}]}

    before, after = (_interval(one, cases, engine) for one in (policy, stricter))
    assert all(b[0] <= a[0] and b[1] <= a[1] for b, a in zip(before, after, strict=True))


@some_policies
@given(policy=policies(), cases=some_cases)
def test_an_exemption_less_never_lowers_either_end(
    policy: Doc, cases: list[Doc], engine: Backend
) -> None:
    stricter = copy.deepcopy(policy)
    for rule in stricter["rules"]:
        rule.pop("except", None)

    before, after = (_interval(one, cases, engine) for one in (policy, stricter))
    assert all(b[0] <= a[0] and b[1] <= a[1] for b, a in zip(before, after, strict=True))


@some_policies
@given(policy=policies(), cases=some_cases)
def test_order_changes_nothing(policy: Doc, cases: list[Doc], engine: Backend) -> None:
    turned = [_turned(case) for case in cases]

    before = _interval(policy, cases, engine)
    assert _interval({**policy, "rules": _reversed(policy["rules"])}, turned, engine) == before


def _reversed(node: Any) -> Any:  # noqa: ANN401  (any part of a document)
    """Return a part of a policy with every list in it the other way round."""
    if isinstance(node, list):
        return [_reversed(one) for one in reversed(node)]
    if isinstance(node, dict):
        return {key: _kept_or_reversed(key, value) for key, value in node.items()}
    return node


def _kept_or_reversed(key: str, value: Any) -> Any:  # noqa: ANN401  (any part of a document)
    return value if key == "between_dates" else _reversed(value)


def _turned(row: Doc) -> Doc:
    """Return a case whose rows stand in the other order."""
    return {
        key: [_turned(one) if isinstance(one, dict) else one for one in reversed(value)]
        if isinstance(value, list)
        else value
        for key, value in row.items()
    }


@some_policies
@given(policy=policies(), cases=some_cases, known=some_cases)
def test_whatever_becomes_known_ends_inside_the_announced_interval(
    policy: Doc, cases: list[Doc], known: list[Doc], engine: Backend
) -> None:
    filled = [_filled(case, donor) for case, donor in zip(cases, known, strict=True)]

    announced = _interval(policy, cases, engine)
    found = _interval(policy, filled, engine)
    for wide, narrow in zip(announced, found, strict=True):
        assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


def _filled(case: Doc, donor: Doc) -> Doc:
    """Return a case with what it does not say of itself taken from another one."""
    found = dict(case)
    for name, value in donor.items():
        if name != "complete" and found.get(name) in (None, "unknown"):
            found[name] = value
    # What was not said to be all the rows may have more, and is then all.
    for plural in ("parties", "people", "data", "topics", "documents", "funders"):
        is_open = plural in case and case[plural] != "none"
        if is_open and plural not in case.get("complete", []):
            more = donor.get(plural, "none")
            found[plural] = [*case[plural], *([] if more == "none" else more)]
    found["complete"] = [
        plural
        for plural in ("parties", "people", "data", "topics", "documents", "funders")
        if plural in found
    ]
    return _without_contradictions(found)


def _without_contradictions(case: Doc) -> Doc:
    first: dict[str, Doc] = {}
    parties = case.get("parties", "none")
    agreed = []
    for party in [] if parties == "none" else parties:
        same = first.setdefault(str(party["organization"]), party)
        is_known = party["organization"] not in (None, "unknown")
        agreed.append(
            {**party, **({k: same[k] for k in ("country", "sector")} if is_known else {})}
        )
    return {**case, "parties": agreed} if agreed else case


ANSWERS: dict[str, Sequence[bool | float | str | date]] = {
    "flag": (False, True),
    "number": tuple(float(one) for one in range(1, 10)),
    "date": tuple(day(one) for one in DAYS),
    "country": ("XA", "XB", "XC", "XD"),
    "organization": FIRMS,
    "topic": ("invented:optics", "invented:soil"),
}


@some_policies
@given(
    policy=policies(),
    cases=some_cases,
    more=st.lists(KNOWN_ROWS, min_size=N_CASES, max_size=N_CASES),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_questions_settle_the_finding_whatever_is_answered(
    policy: Doc, cases: list[Doc], more: list[Doc], seed: int, engine: Backend
) -> None:
    # What is asked decides how much is answered, so answers are not drawn as part of the input.
    answers = random.Random(seed)  # noqa: S311  (not for secrets)
    of, many, others = compiled(read(policy)), read_all(cases), read_all(more)

    told, donors = [], []
    for case, other, reading in zip(many, others, readings(of, many, SOURCES, engine), strict=True):
        asked, _ = smallest_settling(of, reading)
        now = ends(of, judged(of, reading))
        assert bool(asked) == (now.least < now.most)
        if asked:
            told.append(_answered_all(case, asked, other, answers))
            donors.append(other)
    found = check_all(of.policy, tuple(told), SOURCES, engine)
    for case, other, one in zip(told, donors, found, strict=True):
        if one.outcome == NEEDS_INFORMATION:
            held = confirmed(SOURCES, case)
            (reading,) = readings(of, (case,), held, engine)
            asked, _ = smallest_settling(of, reading)
            # Whether an organization named now is the one on a list could not be asked before; what
            # one is part of that no register knew is told by a register.
            assert {atom.kind for atom in asked} == {"match"}
            known = Sources(lists=SOURCES.lists, tree=_tree_with_all(answers))
            settled = check(of.policy, _answered_all(case, asked, other, answers), known, engine)
            assert settled.outcome != NEEDS_INFORMATION


def _tree_with_all(answers: random.Random) -> OrganizationTree:
    """Return the tree with every organization in it."""
    assert SOURCES.tree is not None
    more = {
        one: Organization(organization_id=one, part_of=answers.choice([(), ("invented:ash",)]))
        for one in FIRMS
        if one not in SOURCES.tree.organizations
    }
    return replace(SOURCES.tree, organizations={**SOURCES.tree.organizations, **more})


def _answered_all(case: Case, asked: Sequence[Atom], other: Case, answers: random.Random) -> Case:
    """Return a case with every question about it answered at random."""
    for atom in asked:
        case = _answered(case, atom, other, answers)
    return replace(case, row=_once(case.row))


def _once(row: Row) -> Row:
    """Return a row with each value below it once, as in a case that is read."""
    children = {}
    for level, below in row.children.items():
        values = [one.facts["value"].value if "value" in one.facts else None for one in below]
        children[level] = tuple(
            _once(one)
            for number, one in enumerate(below)
            if values[number] is None or values[number] not in values[:number]
        )
    return replace(row, children=children)


def _answered(case: Case, atom: Atom, other: Case, answers: random.Random) -> Case:
    """Return a case with one question about it answered at random."""
    if atom.kind == "match":
        words_on = _possible(case, atom, answers)
        return replace(case, confirmations=(*case.confirmations, *words_on))
    row = _changed(case.row, atom, _path(atom), lambda one: _told(one, atom, other, answers))
    return replace(case, row=row)


def _possible(case: Case, atom: Atom, answers: random.Random) -> list[Confirmation]:
    """Return words on every entry of the list that is only possible, if none was said of it."""
    assert atom.name in SOURCES.lists, case.label
    said = {(word.list_id, word.organization_id) for word in case.confirmations}
    return [
        Confirmation(
            list_id=atom.name,
            organization_id=member.member_id,
            is_same=answers.random() < 0.5,
            by="somebody",
            on=day("2026-01-01"),
        )
        for member in SOURCES.lists[atom.name].members
        if member.is_possible and (atom.name, member.member_id) not in said
    ]


def _path(atom: Atom) -> tuple[str, ...]:
    """Return the plurals that lead to the row of a question."""
    level = LEVELS[atom.level]
    if atom.kind == "rows":
        level = LEVELS[level.parent or "cases"]
    path: list[str] = []
    while level.parent is not None:
        path.insert(0, level.plural)
        level = LEVELS[level.parent]
    return tuple(path)


def _changed(row: Row, atom: Atom, path: tuple[str, ...], change: Callable[[Row], Row]) -> Row:
    """Return a row with one below it changed."""
    if not path:
        return change(row)
    number = atom.key[len(atom.key) - len(path)]
    below = list(row.children[path[0]])
    below[number] = _changed(below[number], atom, path[1:], change)
    return replace(row, children={**row.children, path[0]: tuple(below)})


def _told(row: Row, atom: Atom, other: Case, answers: random.Random) -> Row:
    """Return a row with a fact known, or with all rows of a level given."""
    if atom.kind == "rows":
        given_rows = row.children.get(atom.level, ())
        added = other.row.children.get(atom.level, ()) if row.label == "drawn" else ()
        chosen = answers.choice([(), added])
        return replace(
            row,
            children={**row.children, atom.level: (*given_rows, *chosen)},
            complete=row.complete | {atom.level},
        )
    fact = LEVELS[atom.level].fact(atom.name)
    if fact.type == "period":
        since, until = sorted(answers.choices(DAYS, k=2))
        told = {"since": Given(day(since)), "until": Given(day(until))}
        if "until" in row.facts:
            told["since"] = Given(min(day(since), row.facts["until"].value))
        if "since" in row.facts:
            told["until"] = Given(max(day(until), row.facts["since"].value))
        return replace(row, facts={**told, **row.facts})
    words = fact.words or ANSWERS[fact.type]
    return replace(row, facts={**row.facts, fact.name: Given(answers.choice(words))})
