"""The decision record tells of a finding, what was decided on it, and with what proof."""

from __future__ import annotations

from fourseas.policy.decision_record import decision_record
from fourseas.policy.document import Mapped
from fourseas.policy.places import Plain
from tests.policy.test_register import Note

FINDING: Mapped = {
    "policy": {
        "id": "fictitious",
        "version": "2",
        "title": "A | policy",
        "owner": "president",
        "sha256": "a" * 64,
    },
    "lists": [{"id": "towns", "source": "a gazette", "dated": "2024-05-01", "sha256": "b" * 64}],
    "tree": {"source": "a register", "dated": "2024-06-01", "sha256": "c" * 64},
    "found": {"finding": "closed"},
    "explanation": [
        {"title": "Rules that hold", "lines": ["r-1 (closed): Keep <out>.", {"$sealed": "d" * 64}]}
    ],
}


def decided(seq: int, of: int, decision: str, **more: Plain) -> Note:
    """Return the record of a decision."""
    body: Mapped = {
        "finding": of,
        "decision": decision,
        "departure": None,
        "reason": "The panel agrees.",
        "override": None,
        "obligations": [],
        "by": "Ada Example",
        "role": "head",
    }
    return Note(seq, "decision", body | more, head=str(seq) * 64)


def found(seq: int) -> Note:
    """Return the record of the finding under a number."""
    return Note(seq, "finding", FINDING, head=str(seq) * 64)


def test_a_finding_without_a_decision_says_so() -> None:
    told = decision_record([found(1)], 1)

    assert "# Decision record: A-1" in told
    assert "| Decision | none yet: a named person has to decide |" in told
    assert "| Finding | closed, at 2025-02-03T04:05:06+00:00 |" in told
    assert "Decided by" not in told
    assert f"- record 1, finding: head {'1' * 64}" in told


def test_a_decision_stands_with_who_why_and_what_was_added() -> None:
    condition: Mapped = {"text": "Report.", "by": "lead", "due_on": "2027-03-01"}
    override: dict[str, Plain] = {"departure": "milder", "override": "The tie has ended."}
    decision = decided(2, 1, "open_with_conditions", obligations=[condition], **override)
    told = decision_record([found(1), decision], 1)

    assert "| Decision | open with conditions |" in told
    assert "| Decided by | Ada Example, head, at 2025-02-03T04:05:06+00:00 |" in told
    assert "| Reason | The panel agrees. |" in told
    assert "| Override, milder than the finding | The tie has ended. |" in told
    assert "## Conditions of the decision\n\n- Report. (who: lead; by 2027-03-01)\n" in told
    assert f"verify --head {'2' * 64}`" in told


def test_the_last_decision_stands_and_names_those_it_replaces() -> None:
    told = decision_record([found(1), decided(2, 1, "review"), decided(3, 1, "closed")], 1)

    assert "| Decision | closed |" in told
    assert "| Replaces record 2 | review, at" in told


def test_what_was_fulfilled_stands_with_what_shows_it() -> None:
    said: Mapped = {
        "of": 2,
        "number": 1,
        "text": "Report.",
        "evidence": "Folder 24",
        "file_sha256": "e" * 64,
        "by": "Bo Example",
        "role": "clerk",
    }
    told = decision_record(
        [found(1), decided(2, 1, "closed"), Note(3, "fulfilment", said, head="3" * 64)], 1
    )

    assert f"Shown by: Folder 24, file of SHA-256 {'e' * 64}. Said by Bo Example, clerk" in told


def test_inputs_stand_with_their_hashes() -> None:
    told = decision_record([found(1)], 1)

    assert f"- policy fictitious, version 2: SHA-256 {'a' * 64}" in told
    assert f"- list towns (a gazette, of 2024-05-01): SHA-256 {'b' * 64}" in told
    assert f"- organizations (a register, of 2024-06-01): SHA-256 {'c' * 64}" in told


def test_what_somebody_wrote_is_no_markup_and_what_was_removed_is_told() -> None:
    told = decision_record([found(1), decided(2, 1, "closed", reason="*bold* | cell\n# title")], 1)

    assert r"| Reason | \*bold\* \| cell # title |" in told
    assert r"A \| policy" in told
    assert r"Keep \<out" in told
    assert "(not shown: it tells of a person)" in told


def test_a_finding_that_was_overtaken_says_by_which() -> None:
    assert "| Overtaken | the case was found anew: record 2 |" in decision_record(
        [found(1), found(2)], 1
    )
    assert "Overtaken" not in decision_record([found(1), found(2)], 2)
