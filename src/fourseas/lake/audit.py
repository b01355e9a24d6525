"""The audit log of a lake: findings, decisions and what else must be provable later.

A finding is the tool's, a decision a named person's; both are records of one chain that is only
ever appended to. Persons lie outside it, `sealing` says how. Every append returns the new head:
whoever keeps a head elsewhere can show later that nothing before it was changed or cut off.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from fourseas.errors import AuditError, LakeError
from fourseas.lake import chain, ledger, persons, sealing
from fourseas.lake.chain import END, FIRST, Examination, Json, JsonMapping, Record
from fourseas.lake.layout import Lake, disk_errors, flush, taking_turns
from fourseas.lake.sealing import Keeping, PersonEntry

Kind = Literal[
    "finding", "decision", "fulfilment", "list", "list_review", "note", "recovery", "removal"
]
KINDS: tuple[Kind, ...] = (
    "finding",
    "decision",
    "fulfilment",
    "list",
    "list_review",
    "note",
    "recovery",
    "removal",
)

TORN = "audit.torn"
"""Beside the log: what interrupted appends have left."""

BLOCK = 2**16

LOOKS = 4
PAUSE = 0.005
"""So often, and after so many seconds, an unfinished line is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be recorded.

    Attributes
    ----------
    kind, case
        What it tells, and the case that it belongs to.
    body
        What it tells, persons and all; `sealing.seal` takes them out.
    keeping
        Why and how long entries about persons are kept.
    known
        Names that must not stand in the chain although the body does not mark them.
    """

    kind: Kind
    case: str | None
    body: JsonMapping
    keeping: Keeping
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What an append has done.

    Attributes
    ----------
    record
        The record; its `head` is to be kept elsewhere.
    entries
        Entries about persons that were put aside.
    recovered
        What an interrupted append had left and what became of it, or None.
    """

    record: Record
    entries: tuple[PersonEntry, ...]
    recovered: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A record to be read: what is sealed in it is put back as far as it is there.

    Attributes
    ----------
    seq, at, kind, case, version
        As in the record.
    body
        With persons in their places; a seal stays where its entry is gone.
    head
        Of the record as it is chained.
    """

    seq: int
    at: str
    kind: str
    case: str | None
    body: JsonMapping
    version: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What `verify` has found where nothing contradicts the log.

    Attributes
    ----------
    n_records, head
        Of the log.
    places
        Each head that was given, with the place of its record.
    n_seals, n_removed, n_announced
        Seals in the chain; those whose entry is gone, or None for a reader to whom entries are
        closed; and the entries of seals that removals announced.
    orphans
        Entries that no record of the chain has the seal of: of an append that was interrupted,
        or of a record that was cut off.
    """

    n_records: int
    head: str
    places: Mapping[str, int]
    n_seals: int
    n_removed: int | None
    n_announced: int
    orphans: tuple[PersonEntry, ...]


def append(lake: Lake, draft: Draft, *, at: str | None = None) -> Appended:
    """Append a record and wait until it is safe on the disk.

    Writers take turns; a process that is killed leaves the log as it was, or with an unfinished
    last line, which the next append completes or sets aside, and records that it did.

    Raises
    ------
    AuditError
        If the draft cannot be recorded, or the last record of the log cannot be read.
    LakeError
        If the disk is full or closed to us; the log is then as it was.
    """
    body = chain.copied(draft.body)
    # Records that follow a finding bear its label, which is in the log already.
    label = draft.case if draft.kind == "finding" else None
    if label is not None and sealing.named_by(label, sealing.names(body)):
        raise AuditError.names_in_label(label)
    moment = at or ledger.now()
    with taking_turns(lake.policy), disk_errors(lake.audit):
        recovered = _recover(lake, moment)
        last = _last_record(lake)
        seq = last.seq + 1 if last else 1
        taken_out = sealing.seal(body, draft.keeping, seq=seq, known=draft.known)
        record = Record(
            seq=seq,
            at=moment,
            kind=draft.kind,
            case=draft.case,
            body=taken_out.body,
            previous=last.head if last else FIRST,
            version=ledger.code_version(),
        )
        line = record.line
        try:
            persons.keep(lake, taken_out.entries)
            _write_line(lake, line)
        except (OSError, LakeError):
            persons.remove(lake, taken_out.entries)
            raise
    return Appended(record=record, entries=taken_out.entries, recovered=recovered)


def _write_line(lake: Lake, line: bytes) -> None:
    """Append a line; where the disk refuses a part of it, take all of it back."""
    is_new = not lake.audit.exists()
    descriptor = os.open(lake.audit, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        rest = memoryview(line + END)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            os.fsync(descriptor)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        flush(lake.policy)


def _recover(lake: Lake, moment: str) -> str | None:
    """Complete an unfinished last line, or set it aside; record that and say so."""
    rest = _unfinished(lake)
    if not rest:
        return None
    size = lake.audit.stat().st_size
    last = _last_record(lake, before=size - len(rest))
    try:
        record = chain.parse(rest)
        is_next = (record.seq, record.previous) == (
            (last.seq + 1, last.head) if last else (1, FIRST)
        )
    except ValueError:
        is_next = False
    if is_next:
        with lake.audit.open("ab") as stream:
            stream.write(END)
        done = f"record {record.seq} had no end of line, which was added"
    else:
        with (lake.policy / TORN).open("ab") as stream:
            stream.write(rest + END)
        flush(lake.policy / TORN)
        flush(lake.policy)
        os.truncate(lake.audit, size - len(rest))
        done = f"an unfinished record of {len(rest)} bytes was set aside in {TORN}"
    flush(lake.audit)
    last = _last_record(lake)
    note = Record(
        seq=last.seq + 1 if last else 1,
        at=moment,
        kind="recovery",
        case=None,
        body={"done": done, "n_bytes": len(rest), "sha256": chain.digest(rest)},
        previous=last.head if last else FIRST,
        version=ledger.code_version(),
    )
    _write_line(lake, note.line)
    return f"An append had been interrupted: {done}. Record {note.seq} says so."


def _unfinished(lake: Lake) -> bytes:
    """Return what stands after the last end of a line."""
    if not lake.audit.exists():
        return b""
    return _tail(lake, lake.audit.stat().st_size)


def _tail(lake: Lake, end: int) -> bytes:
    """Return what stands before a place in the log and after the last end of a line there."""
    found = b""
    with lake.audit.open("rb") as stream:
        while end > 0 and END not in found:
            begin = max(0, end - BLOCK)
            stream.seek(begin)
            found = stream.read(end - begin) + found
            end = begin
    return found.rpartition(END)[2]


def _last_record(lake: Lake, *, before: int | None = None) -> Record | None:
    """Return the last finished record, or None in an empty log."""
    if not lake.audit.exists():
        return None
    end = lake.audit.stat().st_size if before is None else before
    if end == 0:
        return None
    try:
        return chain.parse(_tail(lake, end - len(END)))
    except ValueError as error:
        raise AuditError.broken(
            str(lake.audit), [f"Its last record cannot be read: {error}."]
        ) from error


def examine(lake: Lake, heads: Collection[str] = ()) -> Examination:
    """Read the whole log and say what is wrong with it."""
    if not lake.audit.exists():
        return chain.examine((), heads)
    with disk_errors(lake.audit), lake.audit.open("rb") as lines:
        return chain.examine(lines, heads)


def records(lake: Lake) -> tuple[Record, ...]:
    """Return all records.

    Raises
    ------
    AuditError
        If the log is not as it was written; an unfinished last line alone is passed over.
    """
    found = examine(lake)
    faults = [fault.problem for fault in found.faults if not fault.is_unfinished]
    if faults:
        raise AuditError.broken(str(lake.audit), faults)
    return found.records


def _settled(lake: Lake, heads: Collection[str]) -> Examination:
    """Examine the log; look again where an append may be going on."""
    found = examine(lake, heads)
    for _ in range(LOOKS):
        if not any(fault.is_unfinished for fault in found.faults):
            break
        time.sleep(PAUSE)
        found = examine(lake, heads)
    return found


def verify(lake: Lake, heads: Collection[str] = (), *, last: str | None = None) -> Verdict:
    """Read the log from its first record to its end and hold it against heads kept elsewhere.

    Parameters
    ----------
    lake
        The lake of the log.
    heads
        Heads that were printed once: each must be in the chain, records may follow.
    last
        The head that must be that of the last record.

    Raises
    ------
    AuditError
        If a record was changed, moved, put in or removed, if the last line is unfinished, if a
        head is not where it must be, or if an entry about a person was changed; it names the
        records or entries concerned.
    """
    asked = (*heads, *([last] if last is not None else []))
    for head in asked:
        if not chain.HEAD.fullmatch(head):
            raise AuditError.not_a_head(head)
    found = _settled(lake, {*asked})
    path = str(lake.audit)
    if found.faults:
        raise AuditError.broken(path, (fault.problem for fault in found.faults))
    n_records = len(found.records)
    for head in asked:
        if head not in found.places:
            raise AuditError.absent_head(path, head, n_records)
    if last is not None and last != found.head:
        raise AuditError.not_the_last(path, found.places[last], n_records)
    return _verdict(lake, found)


def _verdict(lake: Lake, found: Examination) -> Verdict:
    """Compare the seals of a chain that holds with the entries about persons."""
    try:
        entries, damaged = persons.kept(lake)
    except PermissionError:
        entries, damaged, may_read = (), (), False
    else:
        may_read = True
    if damaged:
        told = (f"The file persons/{name} is not an entry as it was sealed." for name in damaged)
        raise AuditError.broken(str(lake.audit), told)
    marks = {mark for record in found.records for mark in sealing.seals(record.body)}
    held = {entry.seal for entry in entries}
    announced = [r.body.get("n_entries") for r in found.records if r.kind == "removal"]
    return Verdict(
        n_records=len(found.records),
        head=found.head,
        places=found.places,
        n_seals=len(marks),
        n_removed=len(marks - held) if may_read else None,
        n_announced=sum(n for n in announced if isinstance(n, int)),
        orphans=tuple(entry for entry in entries if entry.seal not in marks),
    )


def restored(lake: Lake, body: JsonMapping) -> tuple[Json, tuple[str, ...]]:
    """Put back what is sealed in a body; also return the paths whose entries are gone.

    To a reader to whom entries are closed, all are gone.
    """
    return sealing.restore(body, _entries_by_seal(lake))


def opened(lake: Lake, records: Iterable[Record]) -> tuple[Opened, ...]:
    """Return records with what is sealed in them put back as far as it is there."""
    entries = _entries_by_seal(lake)
    return tuple(
        Opened(
            seq=record.seq,
            at=record.at,
            kind=record.kind,
            case=record.case,
            body=chain.as_mapping(sealing.restore(record.body, entries)[0]),
            version=record.version,
            head=record.head,
        )
        for record in records
    )


def _entries_by_seal(lake: Lake) -> dict[str, PersonEntry]:
    try:
        entries, _ = persons.kept(lake)
    except PermissionError:
        return {}
    return {entry.seal: entry for entry in entries}


def forget(
    lake: Lake, entries: Iterable[PersonEntry], *, by: JsonMapping, reason: str, keeping: Keeping
) -> Appended:
    """Remove entries about persons, and record how many, by whom and why.

    The record does not say which: that would tell that these seals belong together. It comes
    first, so that no entry disappears unannounced; if the removal is then interrupted, running
    it again removes the rest.
    """
    gone = tuple(entries)
    if sealing.named_in(reason, (name for entry in gone for name in entry.names())):
        raise AuditError.names_the_forgotten()
    marks = {mark for record in records(lake) for mark in sealing.seals(record.body)}
    n_sealed = sum(entry.seal in marks for entry in gone)
    body: JsonMapping = {
        "n_entries": n_sealed,
        "n_without_record": len(gone) - n_sealed,
        "by": by,
        "reason": reason,
    }
    done = append(lake, Draft(kind="removal", case=None, body=body, keeping=keeping))
    persons.remove(lake, gone)
    return done
