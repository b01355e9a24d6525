"""What `fourseas lists` does: read files, ask for named lists, print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fourseas import named_lists
from fourseas.cli import rendering
from fourseas.errors import ListError, SourceError
from fourseas.lake import audit, layout
from fourseas.lake import lists as stored
from fourseas.lake.layout import Lake
from fourseas.lake.lists import Given
from fourseas.named_lists import Added, ListState, Stated
from fourseas.policy.list_entries import Changes, Entry
from fourseas.policy.list_matching import Candidate, Verdict

FIRST_ENTRIES = 60
FIRST_CHANGES = 20
DAY = len("YYYY-MM-DD")
SIGNS_OF_HASH = 12
"""Of a hash, where a table has no room for all of it."""

METHODS = {
    "id": "the list gives this id",
    "name": "equal name",
    "alias": "equal alias",
    "similar": "similar name",
    "review": "confirmed by a person alone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says of candidates."""

    confirm: str | None
    reject: str | None
    by: str
    reason: str


def add(path: Path, name: str, file: Path, stated: Stated) -> None:
    """Take the first edition of a list."""
    lake = layout.locate(path)
    _tell_added(path, named_lists.add(lake, name, _given(file), stated))


def refresh(path: Path, name: str, file: Path, stated: Stated) -> None:
    """Take a newer edition of a list and say what differs."""
    lake = layout.locate(path)
    added = named_lists.refresh(lake, name, _given(file), stated)
    if added.head is None:
        edition = added.state.edition
        rendering.say(f"Nothing new: the file is edition {edition.number} of {name} as it is here.")
        return
    _tell_added(path, added)


def _given(file: Path) -> Given:
    try:
        return Given(file.name, file.read_bytes())
    except FileNotFoundError as error:
        raise SourceError.missing_path(str(file)) from error
    except OSError as error:
        raise SourceError.unreadable_part(str(file), "the file", str(error)) from error


def _tell_added(path: Path, added: Added) -> None:
    state = added.state
    edition, heading = state.edition, state.heading
    rendering.say(
        f"{heading.title}: edition {edition.number} of {heading.list_id}, dated {heading.dated}, "
        f"{_n(len(state.entries), 'entry', 'entries')}.",
        f"Source: {heading.source}",
        f"Hash: {edition.sha256}",
        f"Record {state.seq} of the audit log says so; its head is {added.head}.",
    )
    rendering.say(*_remarks(state))
    if added.changes is not None:
        _tell_changes(added.changes)
    rendering.say(*_found_lines(state))
    if state.waiting:
        rendering.say(f"Look at them: fourseas lists review {heading.list_id} --lake {path}")


def _tell_changes(found: Changes) -> None:
    rendering.say(
        f"Against the edition before: {len(found.added)} added, {len(found.removed)} removed, "
        f"{len(found.changed)} changed."
    )
    lines = [
        *(f"  added    {_named(one)}" for one in found.added),
        *(f"  removed  {_named(one)}" for one in found.removed),
        *(f"  changed  {_named(new)}: {_difference(old, new)}" for old, new in found.changed),
    ]
    rendering.say(*lines[:FIRST_CHANGES])
    if len(lines) > FIRST_CHANGES:
        rendering.say(f"  and {len(lines) - FIRST_CHANGES} more")


def _named(entry: Entry) -> str:
    return f"{entry.name} ({entry.country})" if entry.country else entry.name


def _difference(old: Entry, new: Entry) -> str:
    """Say what of an entry is otherwise."""
    before, after = old.plain(), new.plain()
    return "; ".join(
        f"{key} {_value(before[key])} is now {_value(after[key])}"
        for key in before
        if before[key] != after[key]
    )


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "none"
    return "none" if value is None else str(value)


def _n(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"


def _remarks(state: ListState) -> Iterator[str]:
    """Yield what must be said of the age of an edition and of its place in the log."""
    today = dt.datetime.now(tz=dt.UTC).date()
    age = state.heading.remark_on_age(today)
    if age:
        yield f"Note: {age}"
    if state.seq is None:
        yield (
            "Note: the audit log does not have this edition. It was changed after it was "
            "added, or adding was interrupted: `fourseas lists refresh` with the same file "
            "records it."
        )


def _found_lines(state: ListState) -> Iterator[str]:
    """Yield how many entries were found and where they were looked for."""
    if state.heading.of != "organization":
        return
    if state.register is None:
        yield "Nothing was matched: the lake is not built. `fourseas build` it, then look again."
        return
    counts = state.counts
    yield (
        f"Looked for among {_n(state.n_organizations, 'organization', 'organizations')} with a "
        f"ROR id: {state.register}."
    )
    yield (
        f"{counts['stated']} by the id that the list gives, {counts['confirmed']} confirmed by a "
        f"person, {counts['possible']} possible, {counts['rejected']} with all matches rejected, "
        f"{counts['not found']} not found."
    )


def show_all(path: Path) -> None:
    """Name all lists with their newest edition."""
    lake = layout.locate(path)
    names = stored.names(lake)
    if not names:
        rendering.say(
            f"The lake {path} holds no list.",
            "`fourseas lists add NAME FILE --source ... --dated YYYY-MM-DD` adds one.",
        )
        return
    register = named_lists.register_of(lake)
    states = [named_lists.state_of(lake, name, register=register) for name in names]
    rendering.show_rows(
        f"Lists of {path}",
        ("list", "of", "edition", "dated", "entries", "not found", "to review", "source"),
        (
            (
                one.heading.list_id,
                one.heading.of,
                one.edition.number,
                one.heading.dated,
                len(one.entries),
                one.counts["not found"] if one.heading.of == "organization" else None,
                len(one.waiting),
                one.heading.source,
            )
            for one in states
        ),
    )
    for one in states:
        rendering.say(*(f"{one.heading.list_id}: {remark}" for remark in _remarks(one)))


def show(path: Path, name: str, number: int | None, *, n_entries: int | None) -> None:
    """Show an edition of a list: what it states, all editions, entries and their matches."""
    lake = layout.locate(path)
    state = named_lists.state_of(lake, name, number)
    heading = state.heading
    rendering.say(
        f"{heading.title} ({name}), a list of {heading.of}s"
        if heading.of != "country"
        else f"{heading.title} ({name}), a list of countries",
        f"Source: {heading.source}",
        f"Terms: {heading.licence or 'not stated'}",
        f"Hash of edition {state.edition.number}: {state.edition.sha256}",
    )
    rendering.say(*_remarks(state), *_lost(lake, name), "")
    _show_editions(lake, name)
    entries = range(len(state.entries))[:n_entries]
    rendering.show_rows(
        f"Entries of edition {state.edition.number}",
        ("entry", "country", "state", "may be", "ROR id", "confidence", "because"),
        (row for place in entries for row in _rows(state, place)),
    )
    if len(entries) < len(state.entries):
        rendering.say(f"{len(state.entries) - len(entries)} more: --every shows all.")
    rendering.say(*_found_lines(state))
    if state.waiting:
        rendering.say(f"To decide: fourseas lists review {name} --lake {path}")


def _lost(lake: Lake, name: str) -> Iterator[str]:
    """Say which editions the log has that the disk has no longer."""
    seqs = named_lists.vanished(lake, name, audit.records(lake))
    for seq in seqs:
        yield f"Note: the edition of record {seq} of the audit log is no longer here."


def _show_editions(lake: Lake, name: str) -> None:
    editions = stored.editions(lake, name)
    recorded = stored.recorded(audit.records(lake), name)
    rendering.show_rows(
        "Editions",
        ("edition", "dated", "hash", "entries", "added on", "file", "record"),
        (
            (
                one.number,
                one.content["dated"],
                one.sha256[:SIGNS_OF_HASH],
                len(named_lists.entries_of_edition(one)),
                one.added_at[:DAY],
                one.file_name,
                recorded.get(one.sha256, "none"),
            )
            for one in editions
        ),
    )


def _rows(state: ListState, place: int) -> Iterator[tuple[object, ...]]:
    """Yield a row for each candidate of an entry, or one that says that there is none."""
    entry = state.entries[place]
    first = (entry.name, entry.country)
    if state.heading.of != "organization":
        yield (*first, "stated", None, entry.member_id, None, None)
        return
    found = [one for one in state.found if one.candidate.entry == place]
    if not found:
        yield (*first, "not found", None, None, None, None)
    for one in found:
        yield (*first, one.state, *_candidate_cells(one.candidate))
        first = ("", "")


def _candidate_cells(one: Candidate) -> tuple[object, ...]:
    """Return what is told of a candidate in a row."""
    return (
        _organization(one),
        one.ror_id,
        f"{one.confidence:.2f}",
        _because(one),
    )


def _organization(one: Candidate) -> str:
    if one.organization_name is None:
        return "not in this lake"
    status = f" ({one.status})" if one.status not in {None, "active"} else ""
    return f"{one.organization_name}{status}"


def _because(one: Candidate) -> str:
    """Say why an organization may be meant, with the names that matched."""
    reason = METHODS[one.method]
    if one.matched_with is None:
        return reason
    if one.method == "id" and one.is_stated:
        return reason
    doubt = ", which bears other names" if one.method == "id" else ""
    if one.matched == one.matched_with:
        return f"{reason}: `{one.matched}`"
    return f"{reason}{doubt}: `{one.matched}` and `{one.matched_with}`"


def review(path: Path, name: str, said: Said) -> None:
    """Show what waits for a person, or record what one says."""
    lake = layout.locate(path)
    verdicts: list[tuple[Verdict, str]] = []
    if said.confirm is not None:
        verdicts.append(("confirmed", said.confirm))
    if said.reject is not None:
        verdicts.append(("rejected", said.reject))
    if len(verdicts) > 1:
        problem = "--confirm and --reject are both given. Decide one candidate at a time."
        raise ListError.unstated(name, [problem])
    if not verdicts:
        _queue(path, named_lists.state_of(lake, name))
        return
    ((verdict, candidate),) = verdicts
    state, head = named_lists.review(lake, name, candidate, verdict, by=said.by, reason=said.reason)
    (one, *_) = (one for one in state.found if one.candidate.candidate_id == candidate)
    entry = state.entries[one.candidate.entry]
    rendering.say(
        f"{verdict.capitalize()}: {_named(entry)} of {name} is"
        f"{'' if verdict == 'confirmed' else ' not'} {_organization(one.candidate)} "
        f"({one.candidate.ror_id}).",
        f"Record {state.reviews[candidate].seq} of the audit log says who decided and why; its "
        f"head is {head}.",
        f"{_n(len(state.waiting), 'match waits', 'matches wait')} for a person.",
    )


def _queue(path: Path, state: ListState) -> None:
    name = state.heading.list_id
    if state.heading.of != "organization":
        rendering.say(f"{name} is a list of {state.heading.of}: there is nothing to review.")
        return
    waiting = state.waiting
    if not waiting:
        rendering.say(f"No match of {name} waits for a person.", *_found_lines(state))
        return
    rendering.show_rows(
        f"{name}, edition {state.edition.number}: matches that nobody has confirmed",
        ("candidate", "entry", "country", "may be", "ROR id", "confidence", "because"),
        _queue_rows(state, waiting),
    )
    rendering.say(
        "Confidence orders the queue; it is a convention, not a probability. Until a person "
        "decides, a policy treats each as possible: neither a hit nor none.",
        f"Decide: fourseas lists review {name} --lake {path} --confirm CANDIDATE "
        '--by "Name" --reason "..."  (or --reject CANDIDATE)',
    )


def _queue_rows(state: ListState, waiting: Iterable[Candidate]) -> Iterator[tuple[object, ...]]:
    for one in waiting:
        entry = state.entries[one.entry]
        yield (one.candidate_id, entry.name, entry.country, *_candidate_cells(one))
