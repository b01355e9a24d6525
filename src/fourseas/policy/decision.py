"""A person's decision on a finding, and a person's word that a duty was fulfilled.

The tool finds, a named person decides: both are kept. A decision may depart from the finding, but
only openly: it says in which direction and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from fourseas.errors import AuditError
from fourseas.policy.document import Mapped
from fourseas.policy.grammar import day
from fourseas.policy.places import Plain
from fourseas.policy.records import Record
from fourseas.policy.vocabulary import NEEDS_INFORMATION, OUTCOMES, Decision

Departure = Literal["milder", "stricter", "undetermined"]
"""Outside the finding on one side, or inside one that facts have not settled."""

DEPARTURES: dict[Departure, str] = {
    "milder": "milder than the finding",
    "stricter": "stricter than the finding",
    "undetermined": "before the facts are known",
}
PARTS_OF_A_CONDITION = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers for a record: a name, and the office in which it was done."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a person has decided on a finding.

    Attributes
    ----------
    decision, reason
        What, and why.
    override
        Why it departs from the finding; None where it does not.
    conditions
        Obligations that the person adds, with the keys of those of a finding.
    """

    by: Person
    decision: Decision
    reason: str
    override: str | None = None
    conditions: tuple[Record, ...] = ()

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield what was written freely, with the name of the option."""
        yield "--reason", self.reason
        if self.override:
            yield "--override", self.override
        for condition in self.conditions:
            yield "--condition", f"{condition['text']} | {condition['by']}"


def person(written: str) -> Person:
    """Read ``Name, role``.

    Raises
    ------
    AuditError
        If one of the two is missing.
    """
    name, _, role = (part.strip() for part in written.partition(","))
    if not name or not role:
        problem = f"`{written}` does not say who, and in what role."
        raise AuditError.refused(problem, 'Write both: --by "Name, role".')
    return Person(name, role)


def condition(written: str) -> Record:
    """Read ``what | who | day``, the day if there is one."""
    what, who, due = (*(part.strip() for part in written.split("|")), "", "", "")[:3]
    is_whole = bool(what and who) and written.count("|") < PARTS_OF_A_CONDITION
    try:
        due_on = day(due).isoformat() if due else None
    except ValueError:
        is_whole = False
    if not is_whole:
        problem = f"The condition `{written}` does not say what is to be done and by whom."
        remedy = 'Write --condition "what | who | YYYY-MM-DD"; the day may be left out.'
        raise AuditError.refused(problem, remedy)
    return {"rule": None, "kind": "condition", "text": what, "by": who, "due_on": due_on}


def departure(found: Mapping[str, Plain], decision: Decision) -> Departure | None:
    """Say how a decision departs from what was found, or None if it does not.

    The finding is an interval; a decision below it is milder, one above it stricter, and one
    inside an interval that facts have not settled comes before they are known. What is out of
    scope is as good as open.
    """
    ranks = {str(outcome): rank for rank, outcome in enumerate(OUTCOMES)}
    least, most = (max(ranks[str(found[end])], ranks["open"]) for end in ("at_least", "at_most"))
    rank = ranks[decision]
    if rank < least:
        return "milder"
    if rank > most:
        return "stricter"
    return "undetermined" if found["finding"] == NEEDS_INFORMATION else None


def decision_body(finding: Mapping[str, Plain], seq: int, decided: Decided) -> Record:
    """Return the record of a decision.

    Parameters
    ----------
    finding, seq
        The body of the record of the finding, and its number.
    decided
        What the person has decided.

    Raises
    ------
    AuditError
        If there is no reason, or none for departing from the finding, or nothing to depart from,
        or if conditions are decided of which there are none.
    """
    found = cast("Mapped", finding["found"])
    policy = cast("Mapped", finding["policy"])
    outcome = str(found["finding"])
    how = departure(found, decided.decision)
    said = outcome.replace("_", " ")
    if not decided.reason.strip():
        problem = "A decision without a reason is none."
        raise AuditError.refused(problem, "Give --reason, in words that the applicant may read.")
    if how and not (decided.override or "").strip():
        problem = (
            f"Record {seq} finds {said}; to decide {decided.decision.replace('_', ' ')} "
            f"is {DEPARTURES[how]}."
        )
        remedy = "Say why with --override, beside the --reason; both are recorded."
        raise AuditError.refused(problem, remedy)
    if decided.override and not how:
        problem = f"Record {seq} finds {said}, as you decide: there is nothing to override."
        raise AuditError.refused(problem, "Leave --override out.")
    if decided.conditions and decided.decision != "open_with_conditions":
        problem = f"`{decided.decision}` has no conditions."
        raise AuditError.refused(problem, "Decide open_with_conditions, or leave them out.")
    if decided.decision == "open_with_conditions" and not (
        decided.conditions or found["obligations"]
    ):
        problem = f"The finding of record {seq} brings no obligations, so that none is set."
        remedy = 'Set one with --condition "what | who | YYYY-MM-DD".'
        raise AuditError.refused(problem, remedy)
    return {
        "finding": seq,
        "policy": policy["id"],
        "version": policy["version"],
        "found": outcome,
        "decision": decided.decision,
        "departure": how,
        "reason": decided.reason.strip(),
        "override": decided.override.strip() if decided.override else None,
        "obligations": list(decided.conditions),
        "by": decided.by.name,
        "role": decided.by.role,
    }
