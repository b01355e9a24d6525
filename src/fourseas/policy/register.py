"""The register of cases and the duties that follow, read off the records of an audit.

Records in, rows out: nothing here is kept beside the log, so that nothing can contradict it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol, cast

from fourseas.policy.document import Mapped
from fourseas.policy.grammar import day, years_after
from fourseas.policy.places import Plain
from fourseas.policy.vocabulary import NEEDS_INFORMATION

YEARS_OF_A_LIST = 1
"""So long after its date a list is renewed, where it does not say how long it is good for."""

NOBODY_NAMED = "nobody named"
"""Who renews a list that no policy in use refers to."""

UNSETTLED = (None, "review")
"""Decisions after which somebody still has to decide."""

DutyKind = Literal["obligation", "review", "list"]


class Recorded(Protocol):
    """A record of an audit, with persons in their places as far as they may be seen."""

    @property
    def seq(self) -> int:
        """Its number."""

    @property
    def at(self) -> str:
        """When it was recorded."""

    @property
    def kind(self) -> str:
        """What it tells."""

    @property
    def case(self) -> str | None:
        """The case that it belongs to."""

    @property
    def body(self) -> Mapping[str, Plain]:
        """What it tells of it."""

    @property
    def head(self) -> str:
        """Hash of it as it is chained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case under a policy, as it stands.

    Attributes
    ----------
    seq
        Number of its last finding.
    found
        What was found.
    decision, departure, by, role, on
        The last decision: what, how it departs from the finding, who, in what role, which day;
        None where there is none, and `by` also where the person was removed.
    is_outdated
        The decision was on an earlier finding than the last.
    still
        What is still to be done, in words; nothing where the case is settled.
    """

    case: str
    policy: str
    version: str
    seq: int
    found: str
    decision: str | None = None
    departure: str | None = None
    by: str | None = None
    role: str | None = None
    on: dt.date | None = None
    is_outdated: bool = False
    still: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """Something that somebody has to do.

    Attributes
    ----------
    what, owner
        The duty in words, and who has it.
    due_on, waits_for
        The day by which it is due, or the date of the case that is needed to say it.
    answers_for
        Who watches that it is done: the owner of the rule or of the policy.
    case, record, number
        Of an obligation: its case, the record that it comes from and its number there, from 1.
    is_decided
        A person has decided on these terms; otherwise only the tool has found them.
    evidence
        What shows that it was done, or None where it is not said.
    """

    kind: DutyKind
    what: str
    owner: str
    answers_for: str
    due_on: dt.date | None = None
    waits_for: str | None = None
    case: str | None = None
    record: int | None = None
    number: int | None = None
    is_decided: bool = False
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class _Standing:
    """A case under a policy: its last finding, the decision that stands, what was fulfilled."""

    finding: Recorded
    decision: Recorded | None
    done: frozenset[tuple[Plain, ...]]

    @property
    def is_outdated(self) -> bool:
        """Whether the decision was on an earlier finding than the last."""
        return self.decision is not None and self.decision.body["finding"] != self.finding.seq

    @property
    def decided(self) -> str | None:
        """What stands decided on the last finding, or None."""
        if self.decision is None or self.is_outdated:
            return None
        return text(self.decision.body["decision"])


def text(value: Plain) -> str:
    """Return a text; what is not at hand because it tells of a person leaves a note."""
    return value if isinstance(value, str) else "(not shown: it tells of a person)"


def register(records: Iterable[Recorded]) -> tuple[CaseRow, ...]:
    """Return every case under every policy that it was checked by, the last finding first."""
    found = [_row(standing) for standing in _standings(records)]
    return tuple(sorted(found, key=lambda row: -row.seq))


def _row(standing: _Standing) -> CaseRow:
    finding, decision = standing.finding, standing.decision
    policy, found = _mapped(finding.body["policy"]), _mapped(finding.body["found"])
    row = CaseRow(
        case=finding.case or "-",
        policy=text(policy["id"]),
        version=text(policy["version"]),
        seq=finding.seq,
        found=text(found["finding"]),
        still=tuple(_still(standing)),
    )
    if decision is None:
        return row
    body = decision.body
    by = body["by"]
    return replace(
        row,
        decision=text(body["decision"]),
        departure=text(body["departure"]) if body["departure"] else None,
        by=by if isinstance(by, str) else None,
        role=text(body["role"]),
        on=_recorded_on(decision),
        is_outdated=standing.is_outdated,
    )


def _still(standing: _Standing) -> Iterator[str]:
    """Yield what is still to be done before a case is settled."""
    found = _mapped(standing.finding.body["found"])
    if standing.is_outdated and standing.decision is not None:
        yield f"decide again: record {standing.decision.body['finding']} was decided"
    elif standing.decided == "review":
        yield "decide: it is under review"
    elif standing.decided is None:
        yield "decide"
    questions = cast("list[Plain]", found["questions"])
    if standing.decided in UNSETTLED and found["finding"] == NEEDS_INFORMATION and questions:
        yield _counted(len(questions), "question")
    open_duties = len([*_obligations(standing)])
    if open_duties:
        yield _counted(open_duties, "obligation")


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def duties(records: Iterable[Recorded]) -> tuple[DutyRow, ...]:
    """Return everything that somebody has to do, what is due first at the top.

    That is: obligations that nobody has recorded as fulfilled, of decisions for
    ``open_with_conditions`` and of findings not yet decided that need no more than conditions;
    reviews of policies and rules; and renewals of lists, 12 months after their date. Policies and
    lists are those that the last findings rest on, and the last editions that a lake was given.
    """
    listed = tuple(records)
    standings = _standings(listed)
    found = [
        *(duty for one in standings for duty in _obligations(one)),
        *_reviews(standings),
        *_renewals(standings, listed),
    ]
    return tuple(sorted(found, key=_urgency))


def _urgency(duty: DutyRow) -> tuple[object, ...]:
    return (duty.due_on or dt.date.max, duty.waits_for is None, duty.record or 0, duty.number or 0)


def chosen(
    rows: Iterable[DutyRow], *, owner: str | None = None, before: dt.date | None = None
) -> tuple[DutyRow, ...]:
    """Return the duties of whom a text names, that are due on a day or earlier."""
    return tuple(
        row
        for row in rows
        if (owner is None or owner.casefold() in f"{row.owner}\n{row.answers_for}".casefold())
        and (before is None or (row.due_on is not None and row.due_on <= before))
    )


def obligation_of(records: Iterable[Recorded], seq: int, number: int) -> DutyRow | None:
    """Return an obligation that is open, or None where there is none of that number."""
    found = (duty for one in _standings(records) for duty in _obligations(one))
    return next((one for one in found if (one.record, one.number) == (seq, number)), None)


def _standings(records: Iterable[Recorded]) -> tuple[_Standing, ...]:
    """Return the last finding of each case under each policy, and what followed."""
    findings: dict[tuple[Plain, ...], Recorded] = {}
    decisions: dict[tuple[Plain, ...], Recorded] = {}
    keys: dict[int, tuple[Plain, ...]] = {}
    done: dict[tuple[Plain, ...], set[tuple[Plain, ...]]] = {}
    obligations: dict[int, list[Mapped]] = {}
    for record in records:
        if record.kind == "finding":
            key: tuple[Plain, ...] = (record.case, _mapped(record.body["policy"])["id"])
            keys[record.seq], findings[key] = key, record
            obligations[record.seq] = _mappings(_mapped(record.body["found"])["obligations"])
        elif record.kind == "decision":
            key = keys[record.seq] = keys[cast("int", record.body["finding"])]
            decisions[key] = record
            obligations[record.seq] = _mappings(record.body["obligations"])
        elif record.kind == "fulfilment":
            of, number = (cast("int", record.body[name]) for name in ("of", "number"))
            done.setdefault(keys[of], set()).add(_identity(obligations[of][number - 1]))
    return tuple(
        _Standing(finding, decisions.get(key), frozenset(done.get(key, ())))
        for key, finding in findings.items()
    )


def _obligations(standing: _Standing) -> Iterator[DutyRow]:
    """Yield the obligations of a case that nobody has recorded as fulfilled."""
    decided = standing.decided
    found = _mapped(standing.finding.body["found"])
    if decided != "open_with_conditions" and (decided or found["at_least"] in {"review", "closed"}):
        return
    policy = _mapped(standing.finding.body["policy"])
    owners = {rule["id"]: rule["owner"] for rule in _mappings(policy["rules"])}
    sources: list[tuple[Recorded, Mapping[str, Plain]]] = [(standing.finding, found)]
    if standing.decision is not None and decided is not None:
        sources.append((standing.decision, standing.decision.body))
    for record, body in sources:
        for number, duty in enumerate(_mappings(body["obligations"]), start=1):
            if _identity(duty) in standing.done:
                continue
            yield DutyRow(
                kind="obligation",
                what=text(duty["text"]),
                owner=text(duty["by"]),
                answers_for=text(owners.get(duty["rule"], policy["owner"])),
                due_on=day(duty["due_on"]) if duty["due_on"] else None,
                waits_for=text(duty["waits_for"]) if duty.get("waits_for") else None,
                case=standing.finding.case,
                record=record.seq,
                number=number,
                is_decided=decided is not None,
                evidence=text(duty["evidence"]) if duty.get("evidence") else None,
            )


def _identity(duty: Mapped) -> tuple[Plain, ...]:
    """Return what makes a duty of a case the same when the case is checked again."""
    return tuple(str(duty[name]) for name in ("rule", "kind", "text", "due_on"))


def _reviews(standings: Iterable[_Standing]) -> Iterator[DutyRow]:
    """Yield reviews of the last recorded version of each policy and of its rules."""
    policies: dict[str, tuple[int, Mapped]] = {}
    for one in standings:
        policy = _mapped(one.finding.body["policy"])
        name = text(policy["id"])
        policies[name] = max(
            policies.get(name, (0, policy)), (one.finding.seq, policy), key=lambda pair: pair[0]
        )
    for name, (_, policy) in policies.items():
        what = f"Review the policy {name}, version {text(policy['version'])}"
        if policy["review_by"]:
            yield _due(what, policy, text(policy["review_by"]))
        for rule in _mappings(policy["rules"]):
            if rule["review_by"]:
                said = f"Review the rule {text(rule['id'])} of {name}"
                yield _due(said, rule, text(rule["review_by"]))


def _due(what: str, owned: Mapped, on: str) -> DutyRow:
    owner = text(owned["owner"])
    return DutyRow(kind="review", what=what, owner=owner, answers_for=owner, due_on=day(on))


def _renewals(standings: Iterable[_Standing], records: Iterable[Recorded]) -> Iterator[DutyRow]:
    """Yield when lists are to be renewed: those in use, and others that a lake holds."""
    editions = [one.body for one in records if one.kind == "list"]
    reviews = {_edition(one): one.get("review_by") for one in editions}
    users: dict[tuple[str, str], dict[str, str]] = {}
    for one in standings:
        policy = _mapped(one.finding.body["policy"])
        for listed in _mappings(one.finding.body["lists"]):
            key = text(listed["id"]), text(listed["dated"])
            users.setdefault(key, {})[text(policy["id"])] = text(policy["owner"])
    newest = {text(one["list"]): _edition(one) for one in editions}
    for key in newest.values():
        users.setdefault(key, {})
    for (list_id, dated), owners in users.items():
        due = reviews.get((list_id, dated))
        owner = ", ".join(sorted({*owners.values()})) or NOBODY_NAMED
        used = f", used by {', '.join(sorted(owners))}" if owners else ""
        yield DutyRow(
            kind="list",
            what=f"Renew the list {list_id} of {dated}{used}",
            owner=owner,
            answers_for=owner,
            due_on=day(due) if due else years_after(day(dated), YEARS_OF_A_LIST),
        )


def _edition(listed: Mapping[str, Plain]) -> tuple[str, str]:
    return text(listed["list"]), text(listed["dated"])


def _recorded_on(record: Recorded) -> dt.date:
    return dt.datetime.fromisoformat(record.at).date()


def _mapped(value: Plain) -> Mapped:
    return cast("Mapped", value)


def _mappings(value: Plain) -> list[Mapped]:
    return [one for one in cast("list[Plain]", value) if isinstance(one, dict)]
