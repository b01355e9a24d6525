"""The register of cases and duties: records written by hand in, rows out, no disk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourseas.policy import register
from fourseas.policy.document import Mapped
from fourseas.policy.places import Plain
from fourseas.policy.register import CaseRow

OBLIGATION: Mapped = {
    "rule": "r-1",
    "kind": "attest",
    "text": "Attest it.",
    "by": "each lead",
    "due_on": "2025-03-01",
    "waits_for": None,
    "evidence": "signed form",
}
LATER = OBLIGATION | {"rule": "r-2", "text": "Report.", "due_on": None, "waits_for": "ends_on"}
NEVER = OBLIGATION | {"text": "Keep it.", "due_on": None}


@dataclass(frozen=True)
class Note:
    """A record as the register reads it."""

    seq: int
    kind: str
    body: Mapped
    case: str | None = "A-1"
    at: str = "2025-02-03T04:05:06+00:00"
    head: str = "0" * 64


@dataclass
class Log:
    """Records in the order in which they were appended."""

    records: list[Note] = field(default_factory=list)

    def found(
        self,
        outcome: str = "open_with_conditions",
        obligations: tuple[Mapped, ...] = (),
        *,
        case: str = "A-1",
        policy: Mapped | None = None,
        lists: tuple[Mapped, ...] = (),
    ) -> int:
        """Append a finding and return its number."""
        by_rule: list[Plain] = [
            {"id": "r-1", "owner": "office of grants", "review_by": None},
            {"id": "r-2", "owner": "ethics board", "review_by": "2026-06-30"},
        ]
        about: Mapped = {
            "id": "fictitious",
            "version": "1",
            "owner": "president",
            "review_by": "2026-12-31",
            "rules": by_rule,
        }
        body: Mapped = {
            "policy": about | (policy or {}),
            "lists": [*lists],
            "found": {
                "finding": outcome,
                "at_least": "open" if outcome == "needs_information" else outcome,
                "obligations": [*obligations],
                "questions": ["What?"] if outcome == "needs_information" else [],
            },
        }
        return self._append("finding", body, case)

    def decided(
        self, seq: int, decision: str, *, case: str = "A-1", conditions: tuple[Mapped, ...] = ()
    ) -> int:
        """Append a decision and return its number."""
        body: Mapped = {
            "finding": seq,
            "decision": decision,
            "departure": None,
            "obligations": [*conditions],
            "by": "Ada Example",
            "role": "head",
        }
        return self._append("decision", body, case)

    def fulfilled(self, of: int, number: int, *, case: str = "A-1") -> int:
        """Append that an obligation was fulfilled and return the number."""
        return self._append("fulfilment", {"of": of, "number": number}, case)

    def _append(self, kind: str, body: Mapped, case: str) -> int:
        self.records.append(Note(len(self.records) + 1, kind, body, case))
        return len(self.records)

    @property
    def row(self) -> CaseRow:
        """The one case."""
        (row,) = register.register(self.records)
        return row

    @property
    def obligations(self) -> list[tuple[int, int]]:
        """Record and number of what is open."""
        found = register.duties(self.records)
        return [(one.record or 0, one.number or 0) for one in found if one.kind == "obligation"]


def test_a_finding_that_nobody_has_decided_on_is_open() -> None:
    log = Log()
    log.found("closed")

    assert log.row == CaseRow(
        case="A-1", policy="fictitious", version="1", seq=1, found="closed", still=("decide",)
    )


def test_a_decision_settles_a_case_that_brings_no_duty() -> None:
    log = Log()
    log.decided(log.found("closed"), "closed")

    assert log.row == CaseRow(
        case="A-1",
        policy="fictitious",
        version="1",
        seq=1,
        found="closed",
        decision="closed",
        by="Ada Example",
        role="head",
        on=dt.date(2025, 2, 3),
    )


def test_the_last_decision_on_a_finding_counts() -> None:
    log = Log()
    seq = log.found("review")
    log.decided(seq, "review")
    assert log.row.still == ("decide: it is under review",)
    log.decided(seq, "closed")

    assert log.row.decision == "closed"
    assert not log.row.still


def test_a_case_that_was_found_anew_is_to_be_decided_again() -> None:
    log = Log()
    log.decided(log.found("open"), "open")
    log.found("closed")

    assert log.row.is_outdated
    assert (log.row.seq, log.row.found, log.row.decision) == (3, "closed", "open")
    assert log.row.still == ("decide again: record 1 was decided",)


def test_questions_are_open_until_somebody_decides() -> None:
    log = Log()
    seq = log.found("needs_information")
    assert log.row.still == ("decide", "1 question")
    log.decided(seq, "closed")

    assert not log.row.still


def test_a_case_has_a_row_under_each_policy() -> None:
    log = Log()
    log.found(policy={"id": "one"})
    log.decided(log.found(policy={"id": "other"}), "closed")

    assert [(row.policy, row.decision) for row in register.register(log.records)] == [
        ("other", "closed"),
        ("one", None),
    ]


def test_a_decider_who_was_removed_leaves_the_decision() -> None:
    log = Log()
    log.decided(log.found("closed"), "closed")
    log.records[-1].body["by"] = {"$sealed": "0" * 64}

    assert (log.row.decision, log.row.by, log.row.role) == ("closed", None, "head")


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (None, [(1, 1)]),
        ("open_with_conditions", [(1, 1)]),
        ("open", []),
        ("review", []),
        ("closed", []),
    ],
)
def test_obligations_stand_until_a_decision_that_brings_none(
    decision: str | None, expected: list[tuple[int, int]]
) -> None:
    log = Log()
    seq = log.found(obligations=(OBLIGATION,))
    if decision is not None:
        log.decided(seq, decision)

    assert log.obligations == expected


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("open_with_conditions", [(1, 1)]),
        ("needs_information", [(1, 1)]),
        ("review", []),
        ("closed", []),
    ],
)
def test_what_is_found_to_need_more_than_conditions_brings_none_before_it_is_decided(
    outcome: str, expected: list[tuple[int, int]]
) -> None:
    log = Log()
    log.found(outcome, (OBLIGATION,))
    assert log.obligations == expected
    log.decided(1, "open_with_conditions")

    assert log.obligations == [(1, 1)]


def test_an_obligation_tells_who_what_when_and_who_watches() -> None:
    log = Log()
    log.decided(log.found(obligations=(LATER,)), "open_with_conditions")
    (duty,) = (one for one in register.duties(log.records) if one.kind == "obligation")

    assert (duty.what, duty.owner, duty.answers_for) == ("Report.", "each lead", "ethics board")
    assert (duty.due_on, duty.waits_for, duty.evidence) == (None, "ends_on", "signed form")
    assert (duty.case, duty.record, duty.number, duty.is_decided) == ("A-1", 1, 1, True)


def test_what_is_fulfilled_is_no_longer_open_and_the_rest_keeps_its_number() -> None:
    log = Log()
    seq = log.found(obligations=(OBLIGATION, LATER, NEVER))
    own = log.decided(seq, "open_with_conditions", conditions=(NEVER | {"rule": None},))
    log.fulfilled(seq, 1)

    assert log.obligations == [(seq, 2), (seq, 3), (own, 1)]
    assert log.row.still == ("3 obligations",)
    for of, number in log.obligations:
        log.fulfilled(of, number)
    assert log.obligations == []
    assert not log.row.still


def test_an_obligation_that_comes_again_with_the_same_day_stays_fulfilled() -> None:
    log = Log()
    log.fulfilled(log.found(obligations=(OBLIGATION,)), 1)
    log.found(obligations=(LATER, OBLIGATION))
    assert log.obligations == [(3, 1)]
    log.found(obligations=(OBLIGATION | {"due_on": "2026-03-01"},))

    assert log.obligations == [(4, 1)]


def test_what_one_case_has_done_another_has_not() -> None:
    log = Log()
    log.fulfilled(log.found(obligations=(OBLIGATION,)), 1)
    other = log.found(obligations=(OBLIGATION,), case="A-2")

    assert log.obligations == [(other, 1)]


def test_what_is_due_first_comes_first_then_what_waits_then_what_has_no_day() -> None:
    log = Log()
    log.found(obligations=(NEVER, LATER, OBLIGATION))
    kinds = [(one.kind, one.due_on, one.waits_for) for one in register.duties(log.records)]

    assert kinds == [
        ("obligation", dt.date(2025, 3, 1), None),
        ("review", dt.date(2026, 6, 30), None),
        ("review", dt.date(2026, 12, 31), None),
        ("obligation", None, "ends_on"),
        ("obligation", None, None),
    ]


def test_reviews_are_those_of_the_last_version_that_was_used() -> None:
    log = Log()
    log.found(policy={"version": "1", "review_by": "2025-12-31", "rules": []})
    log.found(policy={"version": "2", "review_by": None, "rules": []}, case="A-2")
    assert register.duties(log.records) == ()
    log.found(policy={"version": "3", "review_by": "2027-12-31", "rules": []})
    (duty,) = register.duties(log.records)

    assert (duty.what, duty.owner) == ("Review the policy fictitious, version 3", "president")
    assert duty.due_on == dt.date(2027, 12, 31)


@pytest.mark.parametrize(
    ("listed", "due_on"),
    [
        ({"dated": "2024-05-01"}, dt.date(2025, 5, 1)),
        ({"dated": "2024-02-29"}, dt.date(2025, 3, 1)),
    ],
)
def test_a_list_is_renewed_after_a_year(listed: Mapped, due_on: dt.date) -> None:
    log = Log()
    log.found(policy={"review_by": None, "rules": []}, lists=(listed | {"id": "towns"},))
    (duty,) = register.duties(log.records)

    assert (duty.kind, duty.due_on, duty.owner) == ("list", due_on, "president")
    assert duty.what == f"Renew the list towns of {listed['dated']}, used by fictitious"


def test_the_last_edition_in_a_lake_is_renewed_too_and_once_alone_if_findings_rest_on_it() -> None:
    log = Log()
    log.records += [
        Note(number, "list", {"list": "towns", "review_by": None, "dated": dated}, None)
        for number, dated in enumerate(("2023-01-01", "2024-05-01"), start=1)
    ]
    (duty,) = register.duties(log.records)
    assert (duty.what, duty.due_on) == ("Renew the list towns of 2024-05-01", dt.date(2025, 5, 1))
    listed: Mapped = {"id": "towns", "dated": "2024-05-01"}
    log.found(policy={"review_by": None, "rules": []}, lists=(listed,))

    (duty,) = register.duties(log.records)
    assert duty.what == "Renew the list towns of 2024-05-01, used by fictitious"


def test_an_edition_is_renewed_on_the_day_that_it_was_given_with() -> None:
    log = Log()
    edition: Mapped = {"list": "towns", "dated": "2024-05-01", "review_by": "2024-08-01"}
    log.records.append(Note(1, "list", edition, None))
    assert [one.due_on for one in register.duties(log.records)] == [dt.date(2024, 8, 1)]
    listed: Mapped = {"id": "towns", "dated": "2024-05-01"}
    for name in ("one", "other"):
        log.found(policy={"id": name, "review_by": None, "rules": []}, lists=(listed,))

    (duty,) = register.duties(log.records)
    assert duty.what == "Renew the list towns of 2024-05-01, used by one, other"
    assert (duty.due_on, duty.owner) == (dt.date(2024, 8, 1), "president")


def test_duties_are_chosen_by_who_has_or_watches_them_and_by_day() -> None:
    log = Log()
    log.found(obligations=(OBLIGATION, LATER))
    rows = register.duties(log.records)

    def numbers(owner: str | None, before: dt.date | None) -> list[int | None]:
        return [one.number for one in register.chosen(rows, owner=owner, before=before)]

    assert numbers("EACH", None) == [1, 2]
    assert numbers("grants", None) == [1]
    assert numbers("nobody", None) == []
    assert numbers("each", dt.date(2025, 3, 1)) == [1]
    assert numbers("each", dt.date(2025, 2, 28)) == []


def test_an_open_obligation_is_found_by_record_and_number() -> None:
    log = Log()
    seq = log.found(obligations=(OBLIGATION,))
    found = register.obligation_of(log.records, seq, 1)

    assert found is not None
    assert found.what == "Attest it."
    assert register.obligation_of(log.records, seq, 2) is None
    assert register.obligation_of(log.records, 2, 1) is None


def test_other_records_do_not_matter() -> None:
    log = Log()
    log.found("closed")
    before = register.register(log.records), register.duties(log.records)
    log.records += [Note(2, "note", {}), Note(3, "removal", {"n_entries": 3}, None)]

    assert (register.register(log.records), register.duties(log.records)) == before


STEPS = st.lists(
    st.tuples(st.sampled_from(["find", "open", "closed", "open_with_conditions", "review", "do"])),
    max_size=12,
)


@given(STEPS)
def test_every_case_that_is_not_settled_says_what_to_do(steps: list[tuple[str]]) -> None:
    log = Log()
    last = log.found(obligations=(OBLIGATION,))
    decision = None
    for (step,) in steps:
        if step == "find":
            last, decision = log.found(obligations=(OBLIGATION,)), None
        elif step == "do":
            log.fulfilled(last, 1)
        else:
            log.decided(last, step)
            decision = step
    done = any(one.kind == "fulfilment" for one in log.records)
    is_settled = decision in {"open", "closed"} or (decision == "open_with_conditions" and done)

    assert bool(log.row.still) != is_settled
    assert log.row.seq == last
