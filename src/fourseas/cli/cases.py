"""What `fourseas policy` does with the audit log of a lake: record, decide, fulfil, list."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast

from fourseas.cli import rendering, writing
from fourseas.errors import AuditError, SourceError
from fourseas.lake import audit, documents, layout, ledger, sealing
from fourseas.lake.audit import Appended, Draft, Opened
from fourseas.lake.chain import JsonMapping, Record, as_mapping
from fourseas.lake.layout import Lake
from fourseas.lake.sealing import FREE, Keeping
from fourseas.policy import register
from fourseas.policy.decision import DEPARTURES, Decided, Departure, Person, decision_body
from fourseas.policy.decision_record import decision_record
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.grammar import years_after
from fourseas.policy.lists import read_list
from fourseas.policy.places import read_yaml
from fourseas.policy.recorded import Hashes, recorded
from fourseas.policy.register import CaseRow, DutyRow
from fourseas.policy.wording import words
from fourseas.reports import spreadsheets

RegisterFormat = Literal["table", "csv", "json"]

YEARS_KEPT = 5
"""So long entries about persons are kept if nobody says until when."""

OF_A_FINDING = "to show from which facts about persons something was found"
OF_A_DECISION = "to show who decided and why"
Numbered = TypeVar("Numbered", Record, Opened)

CASE_HEADER = ("case", "version", "record", "found", "decided", "by", "on", "still to do")
NOT_SHOWN = "(not shown)"
OF_A_FULFILMENT = "to show who has said that a duty was fulfilled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The texts that a check reads.

    Attributes
    ----------
    policy, case
        Of these files.
    lists
        Of each file of a list, by the file's name.
    tree
        Name and text of the file of organizations, or None where there is none.
    """

    policy: str
    case: str
    lists: Mapping[str, str]
    tree: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Where a finding is recorded, and until when entries about persons are kept."""

    lake: Path
    until: dt.date | None = None


def recording_in(lake: Path | None, until: dt.date | None) -> Recording:
    """Return where to record, which must be said."""
    if lake is None:
        problem = "It is not said where to record the finding."
        raise AuditError.refused(problem, "Give --lake, the directory of a lake; `init` makes one.")
    return Recording(lake=lake, until=until)


def keeping(purpose: str, until: dt.date | None) -> Keeping:
    """Return for what and how long entries about persons are kept."""
    today = dt.datetime.now(tz=dt.UTC).date()
    if until is not None and until < today:
        problem = f"Entries about persons cannot be kept until {until}: that day is over."
        raise AuditError.refused(problem, "Give --keep-until a day to come.")
    last = until or years_after(today, YEARS_KEPT)
    return Keeping(purpose=purpose, expires_on=last.isoformat())


def record(
    papers: Papers, finding: Finding, sources: Sources, recording: Recording
) -> tuple[str, ...]:
    """Append a finding to the audit log of a lake and return what to tell of it."""
    lake = layout.locate(recording.lake)
    kept = keeping(OF_A_FINDING, recording.until)
    listed = {read_list(text).list_id: text for text in papers.lists.values()}
    hashes = Hashes(
        policy=documents.keep(lake, papers.policy),
        lists={
            reference.list_id: documents.keep(lake, listed[reference.list_id])
            for reference in finding.policy.lists
        },
        tree=documents.keep(lake, papers.tree[1]) if papers.tree is not None else None,
    )
    facts = read_yaml(papers.case, "case").root
    body = cast("JsonMapping", recorded(finding, sources, facts, hashes))
    draft = Draft(kind="finding", case=finding.case_label, body=body, keeping=kept)
    done = audit.append(lake, draft)
    decide_it = f"fourseas policy decide {done.record.seq} --lake {recording.lake} ..."
    return (*told(lake, done), f"To decide: {decide_it}")


def told(lake: Lake, done: Appended) -> tuple[str, ...]:
    """Return what to tell of a record that was appended."""
    lines = [done.recovered] if done.recovered else []
    lines.append(f"Record {done.record.seq} of {lake.audit}.")
    if done.entries:
        entries = counted(len(done.entries), "entry")
        lines.append(f"{entries} about persons beside it, until {done.entries[0].expires_on}.")
    texts = [name for name in FREE if isinstance(done.record.body.get(name), dict)]
    lines.extend(
        f"The {name} tells of a person and is one of these: it goes when the person is forgotten."
        for name in sorted(texts)
    )
    lines.append(f"Head, to be kept elsewhere: {done.record.head}")
    return tuple(lines)


def counted(n: int, noun: str) -> str:
    """Return a number of things in words."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{n} {noun if n == 1 else plural}"


def numbered(records: Sequence[Numbered], seq: int, *kinds: str) -> Numbered:
    """Return the record of a number, which is of one of the kinds if any are named."""
    if not 1 <= seq <= len(records):
        raise AuditError.unknown_record(seq, len(records))
    found = records[seq - 1]
    if kinds and found.kind not in kinds:
        raise AuditError.other_kind(seq, found.kind, kinds[0])
    return found


def decide(path: Path, seq: int, decided: Decided, until: dt.date | None) -> None:
    """Record a person's decision on a finding."""
    lake = layout.locate(path)
    records = audit.opened(lake, audit.records(lake))
    finding = numbered(records, seq, "finding")
    (row,) = (
        row
        for row in register.register(records)
        if (row.case, row.policy) == (finding.case, as_mapping(finding.body["policy"])["id"])
    )
    if row.seq != seq:
        problem = f"The case {row.case} was found anew: record {row.seq} follows record {seq}."
        raise AuditError.refused(problem, f"Read record {row.seq}, and decide on that.")
    body = cast("JsonMapping", decision_body(finding.body, seq, decided))
    draft = Draft(
        kind="decision",
        case=finding.case,
        body=body,
        keeping=keeping(OF_A_DECISION, until),
        known=_names_of_case(records, finding.case),
    )
    done = audit.append(lake, draft)
    rendering.say(*_decision_told(row, decided, body), *told(lake, done))


def _decision_told(row: CaseRow, decided: Decided, body: JsonMapping) -> list[str]:
    """Return a decision in words."""
    who = f"{decided.by.name}, {decided.by.role}"
    lines = [f"Case {row.case}: decided {words(decided.decision)} by {who}."]
    if row.decision is not None and not row.is_outdated:
        lines.append(f"It replaces the decision for {words(row.decision)} of {row.on}.")
    if body["departure"]:
        how = DEPARTURES[cast("Departure", body["departure"])]
        lines.append(f"An override: {how} of record {row.seq}, {words(row.found)}.")
    return lines


def _names_of_case(records: Sequence[Opened], case: str | None) -> tuple[str, ...]:
    """Return the names of persons in the records of a case."""
    mine = (record for record in records if record.case == case)
    return tuple(sorted({name for record in mine for name in sealing.names(record.body)}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilled:
    """A person's word that a duty was fulfilled: who says so, and what shows it."""

    by: Person
    evidence: str
    file: Path | None = None


def fulfil(path: Path, seq: int, number: int, said: Fulfilled, until: dt.date | None) -> None:
    """Record that an obligation was fulfilled; of a file, its hash alone."""
    lake = layout.locate(path)
    records = audit.opened(lake, audit.records(lake))
    source = numbered(records, seq, "finding", "decision")
    duty = register.obligation_of(records, seq, number)
    if duty is None:
        problem = f"Record {seq} has no open obligation {number}."
        remedy = "`fourseas policy duties` shows those that are open, with record and number."
        raise AuditError.refused(problem, remedy)
    if not said.evidence.strip():
        problem = "Nothing is said of what shows it."
        raise AuditError.refused(problem, "Give --evidence: what it is and where it is kept.")
    body: JsonMapping = {
        "of": seq,
        "number": number,
        "text": duty.what,
        "evidence": said.evidence.strip(),
        "file_sha256": _hash_of(said.file) if said.file is not None else None,
        "by": said.by.name,
        "role": said.by.role,
    }
    draft = Draft(
        kind="fulfilment",
        case=source.case,
        body=body,
        keeping=keeping(OF_A_FULFILMENT, until),
        known=_names_of_case(records, source.case),
    )
    done = audit.append(lake, draft)
    rendering.say(f"Case {source.case}, fulfilled: {duty.what}", *told(lake, done))


def _hash_of(file: Path) -> str:
    if not file.is_file():
        raise SourceError.missing_path(str(file))
    with layout.disk_errors(file):
        return ledger.sha256_of_file(file)


def show_decision(path: Path, seq: int, out: Path | None) -> None:
    """Print the decision record of a finding, or write it."""
    lake = layout.locate(path)
    records = audit.opened(lake, audit.records(lake))
    numbered(records, seq, "finding")
    written = decision_record(records, seq)
    if out is None:
        rendering.say(written.rstrip("\n"))
    else:
        writing.write({out: written.encode()})
        rendering.say(f"Wrote {out}.")


def show_cases(path: Path, output_format: RegisterFormat, *, open_only: bool) -> None:
    """Print the register of cases."""
    lake = layout.locate(path)
    rows = register.register(audit.opened(lake, audit.records(lake)))
    kept = tuple(row for row in rows if row.still or not open_only)
    if output_format != "table":
        _write(kept, output_format)
        return
    for policy in dict.fromkeys(row.policy for row in kept):
        mine = (_case_cells(row) for row in kept if row.policy == policy)
        rendering.show_rows(f"Cases under {policy}", CASE_HEADER, mine)
    n_open = sum(bool(row.still) for row in rows)
    rendering.say(f"{path}: {counted(len(rows), 'case')}, {n_open} of them open.")


def _case_cells(row: CaseRow) -> tuple[object, ...]:
    decision = words(row.decision) if row.decision else None
    if row.departure:
        decision = f"{decision} (override: {row.departure})"
    who = f"{row.by or NOT_SHOWN}, {row.role}" if row.decision else None
    still = "; ".join(row.still) or None
    return (row.case, row.version, row.seq, words(row.found), decision, who, row.on, still)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which duties to show: of whom, due by what day, as of what day."""

    owner: str | None
    before: dt.date | None
    on: dt.date | None


def show_duties(path: Path, output_format: RegisterFormat, chosen: Chosen) -> None:
    """Print what somebody has to do, what is due first at the top."""
    lake = layout.locate(path)
    rows = register.duties(audit.opened(lake, audit.records(lake)))
    kept = register.chosen(rows, owner=chosen.owner, before=chosen.before)
    if output_format != "table":
        _write(kept, output_format)
        return
    today = chosen.on or dt.datetime.now(tz=dt.UTC).date()
    for row in kept:
        rendering.say(*_duty_told(row, today))
    n_late = sum(row.due_on is not None and row.due_on < today for row in kept)
    rendering.say(
        f"{len(kept)} of {counted(len(rows), 'duty')}, {n_late} of them overdue on {today}."
    )


def _duty_told(row: DutyRow, today: dt.date) -> tuple[str, str]:
    """Return a duty in two lines: by when what, and of whom."""
    if row.due_on is not None:
        due = f"{row.due_on}{' OVERDUE' if row.due_on < today else ''}"
    else:
        due = f"when the {words(row.waits_for)} is known" if row.waits_for else "no day set"
    parts = [row.owner]
    if row.answers_for != row.owner:
        parts.append(f"watched by {row.answers_for}")
    if row.kind == "obligation":
        parts += [f"case {row.case}", f"fulfil {row.record} {row.number}"]
        if not row.is_decided:
            parts.append("not decided yet")
    return f"{due}: {row.what}", f"    {'; '.join(parts)}"


def _write(rows: Sequence[CaseRow | DutyRow], output_format: Literal["csv", "json"]) -> None:
    """Print all columns of rows for another program."""
    listed = [asdict(row) for row in rows]
    if output_format == "json":
        sys.stdout.write(json.dumps(listed, indent=1, ensure_ascii=False, default=str) + "\n")
        return
    for row in listed:
        if "still" in row:
            row["still"] = "; ".join(row["still"])
    heads = [list(row) for row in listed[:1]]
    sys.stdout.write(spreadsheets.lines([*heads, *(row.values() for row in listed)]))
