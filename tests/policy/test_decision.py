"""A decision has a name, a role and a reason, and departs from a finding only openly."""

from __future__ import annotations

from typing import cast

import pytest

from fourseas.errors import AuditError
from fourseas.policy import decision
from fourseas.policy.decision import Decided, Departure, Person, decision_body, departure
from fourseas.policy.document import Mapped
from fourseas.policy.places import Plain
from fourseas.policy.vocabulary import Decision

ADA = Person("Ada Example", "head of grants")


def finding(at_least: str, at_most: str | None = None, *, obligations: int = 0) -> Mapped:
    """Return the body of a record of a finding."""
    most = at_most or at_least
    listed: list[Plain] = [{"rule": "r", "text": "Attest."}] * obligations
    return {
        "policy": {"id": "fictitious", "version": "2"},
        "found": {
            "finding": at_least if at_least == most else "needs_information",
            "at_least": at_least,
            "at_most": most,
            "obligations": listed,
        },
    }


@pytest.mark.parametrize(
    ("at_least", "at_most", "decided", "expected"),
    [
        ("open", "open", "open", None),
        ("open", "open", "review", "stricter"),
        ("out_of_scope", "out_of_scope", "open", None),
        ("out_of_scope", "out_of_scope", "closed", "stricter"),
        ("closed", "closed", "closed", None),
        ("closed", "closed", "review", "milder"),
        ("open_with_conditions", "open_with_conditions", "open", "milder"),
        ("review", "review", "open_with_conditions", "milder"),
        ("open_with_conditions", "closed", "open", "milder"),
        ("open_with_conditions", "closed", "open_with_conditions", "undetermined"),
        ("open_with_conditions", "closed", "closed", "undetermined"),
        ("open", "review", "closed", "stricter"),
        ("out_of_scope", "closed", "open", "undetermined"),
    ],
)
def test_a_decision_departs_from_what_it_is_outside_of(
    at_least: str, at_most: str, decided: Decision, expected: Departure | None
) -> None:
    found = finding(at_least, at_most)["found"]

    assert isinstance(found, dict)
    assert departure(found, decided) == expected


def test_a_decision_as_found_is_recorded_with_who_and_why() -> None:
    decided = Decided(by=ADA, decision="closed", reason=" The tie is current. ")

    assert decision_body(finding("closed"), 3, decided) == {
        "finding": 3,
        "policy": "fictitious",
        "version": "2",
        "found": "closed",
        "decision": "closed",
        "departure": None,
        "reason": "The tie is current.",
        "override": None,
        "obligations": [],
        "by": "Ada Example",
        "role": "head of grants",
    }


@pytest.mark.parametrize("override", [None, "", "  "])
def test_a_departure_needs_a_reason_of_its_own(override: str | None) -> None:
    decided = Decided(by=ADA, decision="open", reason="It may go on.", override=override)
    with pytest.raises(AuditError, match="Record 3 finds closed; to decide open is milder"):
        decision_body(finding("closed"), 3, decided)


def test_a_departure_is_recorded_as_one() -> None:
    decided = Decided(by=ADA, decision="open", reason="It may go on.", override="Tie ended.")
    body = decision_body(finding("closed"), 3, decided)

    assert (body["departure"], body["override"], body["found"]) == (
        "milder",
        "Tie ended.",
        "closed",
    )


@pytest.mark.parametrize(
    ("found", "decided", "problem"),
    [
        ("closed", Decided(by=ADA, decision="closed", reason=""), "without a reason"),
        ("closed", Decided(by=ADA, decision="closed", reason=" "), "without a reason"),
        (
            "closed",
            Decided(by=ADA, decision="closed", reason="x", override="y"),
            "there is nothing to override",
        ),
        (
            "closed",
            Decided(by=ADA, decision="closed", reason="x", conditions=({},)),
            "`closed` has no conditions",
        ),
        (
            "open_with_conditions",
            Decided(by=ADA, decision="open_with_conditions", reason="x"),
            "brings no obligations",
        ),
    ],
)
def test_what_is_no_decision_is_refused(found: str, decided: Decided, problem: str) -> None:
    with pytest.raises(AuditError, match=problem):
        decision_body(finding(found), 3, decided)


def test_conditions_of_ones_own_make_up_for_obligations_that_a_finding_lacks() -> None:
    set_by_hand = (decision.condition("Report yearly | lead | 2027-03-01"),)
    decided = Decided(
        by=ADA,
        decision="open_with_conditions",
        reason="Low risk.",
        override="Reviewed.",
        conditions=set_by_hand,
    )

    assert decision_body(finding("review"), 3, decided)["obligations"] == [
        {
            "rule": None,
            "kind": "condition",
            "text": "Report yearly",
            "by": "lead",
            "due_on": "2027-03-01",
        }
    ]


def test_a_condition_may_have_no_day() -> None:
    assert decision.condition("Report | lead")["due_on"] is None


@pytest.mark.parametrize(
    "written", ["", "Report", "Report |", "| lead", "a | b | soon", "a | b | 2027-01-01 | c"]
)
def test_a_condition_that_says_too_little_or_too_much_is_refused(written: str) -> None:
    with pytest.raises(AuditError, match="does not say what is to be done and by whom"):
        decision.condition(written)


def test_who_decides_says_in_what_role() -> None:
    assert decision.person("Ada Example, head of grants, acting") == Person(
        "Ada Example", "head of grants, acting"
    )


@pytest.mark.parametrize("written", ["", "Ada Example", "Ada Example,", ", head of grants"])
def test_nobody_decides_without_name_and_role(written: str) -> None:
    with pytest.raises(AuditError, match="does not say who, and in what role"):
        decision.person(written)


def test_what_was_written_freely_is_named_by_its_option() -> None:
    bare = Decided(by=ADA, decision="open", reason="Low risk.")
    whole = Decided(
        by=ADA,
        decision="open_with_conditions",
        reason="Low risk.",
        override="Tie ended.",
        conditions=(decision.condition("Report | lead | 2027-03-01"),),
    )

    assert [*bare.texts()] == [("--reason", "Low risk.")]
    assert [*whole.texts()] == [
        ("--reason", "Low risk."),
        ("--override", "Tie ended."),
        ("--condition", "Report | lead"),
    ]


@pytest.mark.parametrize("conditions", [0, 1])
@pytest.mark.parametrize("obligations", [0, 1])
def test_conditions_come_from_the_finding_or_the_person(conditions: int, obligations: int) -> None:
    decided = Decided(
        by=ADA,
        decision="open_with_conditions",
        reason="x",
        conditions=(decision.condition("Report | lead"),) * conditions,
    )
    of = finding("open_with_conditions", obligations=obligations)

    if conditions or obligations:
        assert len(cast("list[object]", decision_body(of, 3, decided)["obligations"])) == conditions
    else:
        with pytest.raises(AuditError, match="brings no obligations"):
            decision_body(of, 3, decided)
