"""What the record of a finding says of rules and of what is due."""

from __future__ import annotations

from typing import cast

from fourseas.policy.records import Record, finding_record
from tests.policy.documents import Doc, found, policy, rule

NOTIFY: Doc = {"kind": "notify_authority", "text": "Tell the office.", "by": "lead"}
REPORT: Doc = {"kind": "report_yearly", "text": "Write a report.", "by": "lead"}


def test_what_is_due_stands_apart_from_what_may_be_due() -> None:
    of = policy(
        rule("sure", "open_with_conditions", when={"purpose": "health"}, obligations=[NOTIFY]),
        rule("maybe", "open_with_conditions", when={"trl": {"ge": 7}}, obligations=[REPORT]),
    )
    record = finding_record(found(of, {"purpose": "health"}))

    assert _of(record["obligations"], "kind") == ["notify_authority"]
    assert _of(record["possible_obligations"], "kind") == ["report_yearly"]


def test_a_rule_is_recorded_with_its_basis_or_without_any() -> None:
    basis = {"source": "A law", "article": "Art. 3"}
    of = policy(
        rule("a-law", when={"purpose": "health"}, basis=basis),
        rule("b-custom", when={"purpose": "health"}),
    )
    record = finding_record(found(of, {"purpose": "health"}))

    assert _of(record["rules"], "basis") == ["A law, Art. 3", None]


def _of(listed: object, name: str) -> list[object]:
    return [one[name] for one in cast("list[Record]", listed)]
