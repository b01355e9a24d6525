"""What `fourseas audit` does: read the log, hold it against what was printed, and forget."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

import ibis

from fourseas.cli import rendering
from fourseas.cli.cases import NOT_SHOWN, counted, keeping, numbered, told
from fourseas.errors import AuditError, FourseasError, NotComputableError
from fourseas.lake import audit, documents, layout, ledger, persons, sealing
from fourseas.lake import replay as replaying
from fourseas.lake.audit import Opened, Verdict
from fourseas.lake.chain import JsonMapping, Record, as_list, as_mapping
from fourseas.lake.layout import Lake
from fourseas.lake.sealing import SEAL, PersonEntry
from fourseas.policy.decision import Person, person
from fourseas.policy.recorded import found_again
from fourseas.policy.register import text
from fourseas.policy.wording import words

EXIT_DIFFERS = 1
EXPIRED = "The day until which they were to be kept has passed."
WITHOUT_RECORD = "They belong to no record."
Outcome = Literal["equal", "different", "not compared", "not found again"]
OF_A_REMOVAL = "to show who has removed entries about persons"
OF_PERSONS_IN_OFFICE = ("decision", "fulfilment", "list_review")
"""Kinds of records whose `by` is who answers for them."""

WITHOUT_A_HEAD = (
    "No head was given: a log whose end was cut, or that was written anew from some record on, "
    "looks the same. Give one that was printed earlier with --head."
)


def verify(path: Path, heads: Sequence[str], last: str | None) -> None:
    """Say that nothing contradicts the log, and what that does not cover."""
    lake = layout.locate(path)
    verdict = audit.verify(lake, heads, last=last)
    if verdict.n_records == 0:
        rendering.say(f"The audit log of {path} is empty.")
        return
    records = audit.records(lake)
    n_documents = _verified_documents(lake, records)
    rendering.say(*_verdict_told(lake, verdict, n_documents, has_head=bool(heads or last)))
    if verdict.n_removed is not None:
        rendering.say(*_purposes_told(_entries(lake)))
    rendering.say(*_times_told(records))


def _verified_documents(lake: Lake, records: Iterable[Record]) -> int:
    """Return how many texts findings rest on; each of them is there and as its hash says."""
    hashes = {sha256 for record in records for sha256 in _documents_of(record)}
    for sha256 in sorted(hashes):
        documents.read(lake, sha256)
    return len(hashes)


def _documents_of(record: Record) -> set[str]:
    if record.kind != "finding":
        return set()
    body = record.body
    held = (body.get("policy"), body.get("tree"), *as_list(body.get("lists")))
    named = (as_mapping(one).get("sha256") for one in held)
    return {sha256 for sha256 in named if isinstance(sha256, str)}


def _verdict_told(
    lake: Lake, verdict: Verdict, n_documents: int, *, has_head: bool
) -> Iterator[str]:
    """Yield what was verified, in words."""
    yield (
        f"The audit log of {lake.root} holds: {counted(verdict.n_records, 'record')}, "
        "each continues the one before."
    )
    for head, place in verdict.places.items():
        yield f"Head {head} is that of record {place}."
    yield f"Head of the last record: {verdict.head}"
    n_behind = verdict.n_records - max(verdict.places.values(), default=0)
    if not has_head:
        yield WITHOUT_A_HEAD
    elif n_behind:
        yield f"{counted(n_behind, 'record')} behind the last head given: no head speaks for these."
    yield f"{counted(n_documents, 'text')} that findings rest on: as their hashes say."
    if verdict.n_removed is None:
        yield f"{counted(verdict.n_seals, 'entry')} about persons; you may not read them."
        return
    n_there = verdict.n_seals - verdict.n_removed
    removed = f"{verdict.n_removed} removed" if verdict.n_removed else "none removed"
    yield f"{counted(n_there, 'entry')} about persons: as they were sealed; {removed}."
    n_silent = verdict.n_removed - verdict.n_announced
    if n_silent > 0:
        yield f"Warning: {counted(n_silent, 'entry')} went without a record of a removal."
    if verdict.orphans:
        yield (
            f"Warning: {counted(len(verdict.orphans), 'entry')} about persons belong to no "
            "record: of an append that was interrupted, or of a record that was cut off. "
            "`fourseas audit expire --without-record` removes them."
        )


def _times_told(records: Sequence[Record]) -> Iterator[str]:
    """Yield between which times records were appended, and where time ran backwards."""
    yield f"Recorded from {records[0].at} to {records[-1].at}, by the clocks of the writers."
    for before, record in itertools.pairwise(records):
        if dt.datetime.fromisoformat(record.at) < dt.datetime.fromisoformat(before.at):
            yield (
                f"Warning: record {record.seq} bears an earlier time than the one before: "
                "a clock was wrong, or somebody dated it back."
            )


def _entries(lake: Lake) -> tuple[PersonEntry, ...]:
    """Return all entries about persons, or say that they may not be read."""
    try:
        return persons.kept(lake)[0]
    except PermissionError as error:
        raise AuditError.closed_entries(str(lake.persons)) from error


def _purposes_told(entries: Iterable[PersonEntry]) -> Iterator[str]:
    """Yield for what entries about persons are kept, and until when."""
    by_purpose: dict[str, list[str]] = {}
    for entry in entries:
        by_purpose.setdefault(entry.purpose, []).append(entry.expires_on)
    for purpose, days in sorted(by_purpose.items()):
        first, last = min(days), max(days)
        until = first if first == last else f"{first} to {last}"
        yield f"  {len(days)} kept {purpose}, until {until}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records to show: of a case, of a kind, with entries that hold a text."""

    case: str | None
    kind: str | None
    naming: str | None


def log(path: Path, wanted: Wanted) -> None:
    """Print a line for each record that is wanted."""
    case, kind = wanted.case, wanted.kind
    lake = layout.locate(path)
    records = audit.records(lake)
    cases = {record.case for record in records if record.case is not None}
    if case is not None and case not in cases:
        raise AuditError.unknown("case", case, cases)
    naming = _naming(lake, wanted.naming) if wanted.naming is not None else None
    kept = [
        record
        for record in audit.opened(lake, records)
        if case in {None, record.case}
        and kind in {None, record.kind}
        and (naming is None or record.seq in naming)
    ]
    header = ("record", "at", "kind", "case", "what")
    rows = ((one.seq, one.at, words(one.kind), one.case, _said(one)) for one in kept)
    rendering.show_rows(f"Audit log of {path}", header, rows)
    rendering.say(f"{len(kept)} of {counted(len(records), 'record')}.")


def _naming(lake: Lake, text: str) -> set[int]:
    """Return the numbers of records of which an entry about persons holds a text."""
    entries = _entries(lake)
    wanted = text.casefold()
    return {
        entry.seq
        for entry in entries
        if any(wanted in held.casefold() for held in sealing.texts(entry.content))
    }


def _said(record: Opened) -> str:
    """Return what a record says, in a line."""
    body = record.body
    who, why = _who(body), text(body.get("reason"))
    match record.kind:
        case "finding":
            policy, found = as_mapping(body["policy"]), as_mapping(body["found"])
            by_what = f"{text(policy['id'])} {text(policy['version'])}"
            said = f"{words(text(found['finding']))} by {by_what}"
        case "decision":
            override = f", an override ({body['departure']})" if body["departure"] else ""
            decision = words(text(body["decision"]))
            said = f"{decision} on record {body['finding']}{override}, by {who}: {why}"
        case "fulfilment":
            duty = f"duty {body['number']} of record {body['of']}"
            said = f"{duty}, by {who}: {text(body['evidence'])}"
        case "removal":
            said = f"{body['n_entries']} entries about persons, by {who}: {why}"
        case "list":
            said = f"{text(body['list'])}, edition {body['edition']}, of {text(body['dated'])}"
        case "list_review":
            entry = text(as_mapping(body["entry"]).get("name"))
            meant = f"{entry} as {text(body['organization_name'])}"
            said = f"{text(body['list'])}: {meant}, {body['verdict']} by {who}: {why}"
        case _:
            held = (f"{key}: {one}" for key, one in body.items() if isinstance(one, str | int))
            said = "; ".join(held)
    return said


def _who(body: JsonMapping) -> str:
    """Return who answers for a record, as far as it is kept."""
    by = body.get("by")
    named = by if isinstance(by, dict) and SEAL not in by else body | {"name": by}
    name = named.get("name")
    told = name if isinstance(name, str) else NOT_SHOWN
    return f"{told}, {text(named['role'])}" if named.get("role") else told


def show(path: Path, seq: int) -> None:
    """Print a record whole, with persons put back as far as they are there."""
    lake = layout.locate(path)
    records = audit.records(lake)
    record = numbered(records, seq)
    (whole,) = audit.opened(lake, (record,))
    written = asdict(whole) | {"previous": record.previous}
    sys.stdout.write(json.dumps(written, indent=1, ensure_ascii=False) + "\n")


def replay(path: Path, seq: int | None, *, every: bool) -> None:
    """Find again; leave with 1 if a finding differs or cannot be found for want of a text."""
    if (seq is None) is not every:
        problem = "It is not said which finding to replay."
        raise AuditError.refused(problem, "Give the number of one record, or --all.")
    lake = layout.locate(path)
    records = audit.records(lake)
    asked = (
        [record for record in records if record.kind == "finding"]
        if seq is None
        else [numbered(records, seq, "finding")]
    )
    came_of_it = Counter(_replayed(lake, record) for record in asked)
    if every:
        told_of_all = (f"{n} {outcome}" for outcome, n in sorted(came_of_it.items()))
        rendering.say(f"{counted(len(asked), 'finding')}: {', '.join(told_of_all) or 'none'}.")
    if came_of_it["different"] or came_of_it["not found again"]:
        sys.exit(EXIT_DIFFERS)


def _replayed(lake: Lake, record: Record) -> Outcome:
    """Say what came of finding again, and return it in a word."""
    name = f"Record {record.seq}, case {record.case}"
    engine = ibis.duckdb.connect()

    def finding(inputs: JsonMapping) -> JsonMapping:
        found = found_again(inputs, lambda sha256: documents.read(lake, sha256), engine)
        return cast("JsonMapping", found)

    try:
        again = replaying.replay(lake, record, finding)
    except NotComputableError as error:
        rendering.say(f"{name}: not compared. {error.problem} {error.remedy}")
        return "not compared"
    except FourseasError as error:
        rendering.say(f"{name}: cannot be found again. {error.problem} {error.remedy}")
        return "not found again"
    left_out = ", ".join(again.not_compared)
    but = f"; not compared, as it was removed: {left_out}" if left_out else ""
    if again.is_equal:
        rendering.say(f"{name}: equal{but}.")
        return "equal"
    rendering.say(f"{name}: {counted(len(again.differences), 'difference')}{but}.")
    if record.version != ledger.code_version():
        rendering.say(f"  recorded by version {record.version}, now {ledger.code_version()}")
    for one in again.differences:
        rendering.say(f"  {one.path}: recorded {_brief(one.recorded)}, now {_brief(one.found)}")
    return "different"


def _brief(value: object) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """By whom and why entries are removed, and until when this person's own entry is kept."""

    by: str
    reason: str
    until: dt.date | None


def forget(path: Path, case: str, removal: Removal, *, deciders_too: bool) -> None:
    """Remove what is kept about the persons of a case."""
    lake = layout.locate(path)
    records = audit.records(lake)
    mine = {record.seq: record for record in records if record.case == case}
    if not mine:
        raise AuditError.unknown("case", case, (one.case for one in records if one.case))
    entries = [entry for entry in _entries(lake) if entry.seq in mine]
    in_office = {
        str(as_mapping(record.body.get("by")).get(SEAL))
        for record in mine.values()
        if record.kind in OF_PERSONS_IN_OFFICE
    }
    gone = [entry for entry in entries if deciders_too or entry.seal not in in_office]
    left = len(entries) - len(gone)
    if gone:
        _remove(lake, gone, removal)
    else:
        rendering.say(f"Nothing about persons of the case {case} is kept.")
    if left:
        rendering.say(
            f"Kept: {counted(left, 'entry')} that say who decided or fulfilled; "
            "--deciders removes these too."
        )


def expire(path: Path, by: str, until: dt.date | None, *, orphans_too: bool) -> None:
    """Remove every entry about persons whose day has passed."""
    lake = layout.locate(path)
    verdict = audit.verify(lake)
    entries = _entries(lake)
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    orphans = {entry.seal for entry in verdict.orphans} if orphans_too else set()
    gone = [one for one in entries if one.expires_on < today or one.seal in orphans]
    if gone:
        reason = EXPIRED if len(gone) > len(orphans) else WITHOUT_RECORD
        _remove(lake, gone, Removal(by=by, reason=reason, until=until))
    else:
        person(by)
        nearest = min((entry.expires_on for entry in entries), default=None)
        said = f"the next is kept until {nearest}" if nearest else "none is kept"
        rendering.say(f"No entry about persons has expired; {said}.")


def _remove(lake: Lake, gone: Sequence[PersonEntry], removal: Removal) -> None:
    """Announce and remove entries; say what was done and what cannot be done from here."""
    who: Person = person(removal.by)
    done = audit.forget(
        lake,
        gone,
        by={"name": who.name, "role": who.role},
        reason=removal.reason,
        keeping=keeping(OF_A_REMOVAL, removal.until),
    )
    rendering.say(
        f"Removed {counted(len(gone), 'entry')} about persons.",
        "Copies of the lake, if there are any, still have them.",
        *told(lake, done),
    )
