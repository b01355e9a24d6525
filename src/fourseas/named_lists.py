"""Named lists of a lake: editions, the organizations that entries may be, and what persons say.

An entry of a list of organizations is matched with every organization of the lake that has a ROR
id. A match that the list does not state itself is possible until a named person confirms it; the
audit log keeps who did and why.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from fourseas import workspace
from fourseas.errors import ListError, PolicyError
from fourseas.lake import audit, ledger
from fourseas.lake import lists as stored
from fourseas.lake.chain import JsonMapping, Record
from fourseas.lake.layout import Lake, locate
from fourseas.lake.lists import Edition, Given, Matches, Review
from fourseas.lake.sealing import Keeping
from fourseas.policy import list_matching
from fourseas.policy.document import ListReference
from fourseas.policy.list_entries import (
    Changes,
    Entry,
    Heading,
    Kind,
    changes,
    entries_of,
    entries_of_list,
    read_entries,
)
from fourseas.policy.list_matching import (
    Candidate,
    Confirmed,
    Organization,
    Resolved,
    Verdict,
)
from fourseas.policy.lists import NamedList, read_list

YAML = (".yaml", ".yml")
KNOWN_FIRST = ("confirmed", "stated", "possible", "rejected")
NOT_FOUND = "not found"
"""States of an entry, those of which most is known first."""

KNOW = ("openalex", "ror")
"""Registers that know organizations by ROR id."""

YEARS_KEPT = 10
"""So long the log keeps who reviewed a match: as long as findings rest on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a user states of an edition; what is None is taken from the file or as it was.

    Attributes
    ----------
    of
        What the entries are.
    source, dated
        Who publishes the list and where, and the day that the edition bears.
    title, licence, review_by
        What people call it, its terms, and the day by which to look for a newer edition.
    """

    of: str | None = None
    source: str | None = None
    dated: str | None = None
    title: str | None = None
    licence: str | None = None
    review_by: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """The organizations of a lake that have a ROR id, and what they were read from."""

    label: str
    organizations: tuple[Organization, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """An edition of a list and all that is known of its entries.

    Attributes
    ----------
    edition, heading, entries
        As it was added.
    found
        Candidates with their states; none where no register is at hand.
    register
        What was searched, or None: the lake is not built, or the list is of something else.
    n_organizations
        How many organizations were searched.
    seq
        Place of the edition in the audit log; None where the log does not have it.
    reviews
        The last word of persons by candidate.
    """

    edition: Edition
    heading: Heading
    entries: tuple[Entry, ...]
    found: tuple[Resolved, ...]
    register: str | None
    n_organizations: int
    seq: int | None
    reviews: Mapping[str, Review]

    @property
    def waiting(self) -> tuple[Candidate, ...]:
        """Candidates that nobody has confirmed or rejected, each once, the likeliest first."""
        possible = {
            one.candidate.candidate_id: one.candidate
            for one in self.found
            if one.state == "possible"
        }
        return tuple(sorted(possible.values(), key=lambda one: (-one.confidence, one.entry)))

    @property
    def states(self) -> tuple[str, ...]:
        """The state of each entry: that of its candidate of which most is known."""
        of_entry: dict[int, set[str]] = {}
        for one in self.found:
            of_entry.setdefault(one.candidate.entry, set()).add(one.state)
        return tuple(
            next((state for state in KNOWN_FIRST if state in of_entry.get(place, ())), NOT_FOUND)
            for place in range(len(self.entries))
        )

    @property
    def counts(self) -> Counter[str]:
        """How many entries are stated, confirmed, possible, rejected or not found."""
        return Counter(self.states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a file that was given as an edition.

    Attributes
    ----------
    state
        The edition with its matches.
    changes
        How it differs from the edition before; None for the first.
    head
        Head of the audit log after it was recorded; None where the file brought nothing new.
    """

    state: ListState
    changes: Changes | None
    head: str | None


def add(lake: Lake, name: str, file: Given, stated: Stated) -> Added:
    """Store the first edition of a list, match its entries and record it.

    Raises
    ------
    PolicyError
        With every fault of the file.
    ListError
        If source or date are missing, or there is a list of that name.
    """
    if name in stored.names(lake):
        raise ListError.there_already(name)
    heading, entries = _read(name, file, stated, None)
    edition = stored.add(lake, name, _content(heading, entries), file, after=0)
    return _recorded(lake, edition, None)


def refresh(lake: Lake, name: str, file: Given, stated: Stated) -> Added:
    """Store a newer edition behind those that are there, match its entries and record it.

    What persons have said of an entry holds in the new edition while name and country of the
    entry stay as they were.

    Raises
    ------
    PolicyError
        With every fault of the file.
    ListError
        If there is no such list, or the edition bears no date or an older one.
    """
    last = stored.edition(lake, name)
    before = _heading(last)
    heading, entries = _read(name, file, stated, before)
    content = _content(heading, entries)
    if content == last.content:
        state = state_of(lake, name)
        return (
            _recorded(lake, last, None)
            if state.seq is None
            else Added(state=state, changes=Changes((), (), ()), head=None)
        )
    if heading.dated < before.dated:
        problem = f"It is dated {heading.dated}, before the newest edition, {before.dated}."
        raise ListError.unstated(name, [problem])
    edition = stored.add(lake, name, content, file, after=last.number)
    return _recorded(lake, edition, changes(entries_of_edition(last), entries))


def state_of(
    lake: Lake, name: str, number: int | None = None, register: Register | None = None
) -> ListState:
    """Return an edition of a list, the newest if no number is given, with all that is known.

    Matches are looked for anew where the lake has a newer version than when they were stored.

    Raises
    ------
    ListError
        If there is no such list or edition, or a file of it was changed.
    AuditError
        If the audit log does not hold: then nobody knows what persons have said.
    """
    edition = stored.edition(lake, name, number)
    heading, entries = _heading(edition), entries_of_edition(edition)
    records = audit.records(lake)
    reviews = stored.reviews(records, name)
    candidates: tuple[Candidate, ...] = ()
    label, n_organizations = None, 0
    if heading.of == "organization":
        label = register.label if register else register_label(lake)
        known = stored.matches(lake, name, edition.sha256)
        if known is not None and known.register == label:
            candidates = tuple(Candidate(**one) for one in known.candidates)  # type: ignore[arg-type]
            n_organizations = known.n_organizations
        else:
            searched = register or register_of(lake)
            candidates = list_matching.matched(name, entries, searched.organizations)
            n_organizations = len(searched.organizations)
    confirmed = {
        one: Confirmed(ror_id=said.ror_id, confidence=said.confidence)
        for one, said in reviews.items()
        if said.verdict == "confirmed"
    }
    candidates = list_matching.with_confirmed(name, entries, candidates, confirmed)
    verdicts = {one: cast("Verdict", said.verdict) for one, said in reviews.items()}
    return ListState(
        edition=edition,
        heading=heading,
        entries=entries,
        found=list_matching.resolved(candidates, verdicts),
        register=label,
        n_organizations=n_organizations,
        seq=stored.recorded(records, name).get(edition.sha256),
        reviews=reviews,
    )


def review(
    lake: Lake, name: str, candidate: str, verdict: Verdict, *, by: str, reason: str
) -> tuple[ListState, str]:
    """Record what a person says of a candidate; return the list after it, and the log's head.

    Raises
    ------
    ListError
        If nobody is named or no reason is given, or the newest edition has no such candidate.
    """
    missing = [
        f"{what} is missing. Give it with --{option}."
        for what, option, given in (
            ("The name of the person who decides", "by", by),
            ("The reason", "reason", reason),
        )
        if not given.strip()
    ]
    if missing:
        raise ListError.unstated(name, missing)
    state = state_of(lake, name)
    by_id = {one.candidate.candidate_id: one.candidate for one in state.found}
    if candidate not in by_id:
        kind = f"candidate of {name}"
        raise ListError.unknown(kind, candidate, by_id)
    one = by_id[candidate]
    entry = state.entries[one.entry]
    body: JsonMapping = {
        "list": name,
        "edition": state.edition.number,
        "list_sha256": state.edition.sha256,
        "candidate": candidate,
        "verdict": verdict,
        "entry": {"name": entry.name, "country": entry.country},
        "ror_id": one.ror_id,
        "organization_name": one.organization_name,
        "method": one.method,
        "matched": one.matched,
        "matched_with": one.matched_with,
        "confidence": one.confidence,
        "register": state.register,
        "by": {"name": by.strip()},
        "reason": reason.strip(),
    }
    draft = audit.Draft(kind="list_review", case=None, body=body, keeping=_keeping())
    done = audit.append(lake, draft)
    return state_of(lake, name), done.record.head


def policy_texts(root: Path, references: Iterable[ListReference]) -> dict[str, str]:
    """Return the lists of a lake to which a policy refers, as files of lists are written.

    Of each, the edition of the day that the policy names, the newest where none is of that day.
    Members are what the list states, what persons have confirmed, and, as possible, what nobody
    has decided. Lists that the lake does not have are left out.

    Returns
    -------
    dict
        Where each comes from, to its text.
    """
    lake = locate(root)
    known = stored.names(lake)
    found: dict[str, str] = {}
    for one in references:
        if one.list_id not in known:
            continue
        of_day = [
            edition.number
            for edition in stored.editions(lake, one.list_id)
            if _heading(edition).dated == one.dated.isoformat()
        ]
        state = state_of(lake, one.list_id, of_day[-1] if of_day else None)
        found[f"{root}, list {one.list_id}, edition {state.edition.number}"] = policy_text(state)
    return found


def policy_text(state: ListState) -> str:
    """Return a list as the file of a list is written; JSON is YAML too."""
    heading = state.heading
    if heading.of == "organization":
        members = [*list_matching.members(state.entries, state.found)]
    else:
        members = [{"id": str(one.member_id), **list_matching.span(one)} for one in state.entries]
    source = f"{heading.source} (edition {state.edition.number}"
    n_absent = state.counts[NOT_FOUND] if heading.of == "organization" else 0
    if n_absent:
        source += f"; {n_absent} of {len(state.entries)} entries are no organization of the lake"
    stated = {
        "list": heading.list_id,
        "title": heading.title,
        "of": heading.of,
        "source": f"{source})",
        "dated": heading.dated,
        "members": members,
    } | ({"unplaced": n_absent} if n_absent else {})
    return json.dumps(stated, indent=1, ensure_ascii=False) + "\n"


def register_label(lake: Lake) -> str | None:
    """Return from what the organizations of a lake are read, or None before it is built."""
    version = lake.current()
    if version is None:
        return None
    registers = ledger.read_ledger(version).registers
    dates = [f"{one.register} of {one.snapshot_on}" for one in registers if one.register in KNOW]
    sources = ", ".join(dates) or "no register of organizations"
    return f"lake version {version.name} ({sources}), fourseas {ledger.code_version()}"


def register_of(lake: Lake) -> Register:
    """Return all organizations of a lake that have a ROR id; none before it is built."""
    label = register_label(lake)
    if label is None:
        return Register("no register: the lake is not built", ())
    with workspace.open(lake.root) as ws:
        return Register(label, organizations(ws))


def organizations(ws: workspace.Workspace) -> tuple[Organization, ...]:
    """Return all organizations that have a ROR id, with the names that registers know."""
    table = ws.table("organizations")
    identified = table.filter(table.ror_id.notnull())
    names = ws.table("organization_names").semi_join(identified, "organization_id")
    by_id: dict[int, list[str]] = {}
    for row in names.order_by("organization_id", "name").to_pyarrow().to_pylist():
        by_id.setdefault(row["organization_id"], []).append(row["name"])
    rows = identified.order_by("ror_id").to_pyarrow().to_pylist()
    return tuple(
        Organization(
            ror_id=row["ror_id"],
            name=row["organization_name"],
            other_names=tuple(
                one
                for one in by_id.get(row["organization_id"], ())
                if one != row["organization_name"]
            ),
            country=row["country_code"],
            status=row["status"],
        )
        for row in rows
    )


def vanished(lake: Lake, name: str, records: Iterable[Record]) -> list[int]:
    """Return the places in the audit log of editions of a list that are here no longer."""
    here = {one.sha256 for one in stored.editions(lake, name)}
    return [seq for sha256, seq in stored.recorded(records, name).items() if sha256 not in here]


def _read(
    name: str, file: Given, stated: Stated, before: Heading | None
) -> tuple[Heading, tuple[Entry, ...]]:
    """Return heading and entries of a file, with what the user states of it."""
    written: NamedList | None = None
    if file.file_name.casefold().endswith(YAML):
        written = read_list(_decoded(file), file.file_name)
    told = [*_contradictions(name, stated, written)]
    said = (
        Stated(of=written.of, source=written.source, dated=str(written.dated), title=written.title)
        if written
        else Stated()
    )
    heading = Heading(
        list_id=name,
        title=stated.title or said.title or (before.title if before else name),
        of=stated.of or said.of or (before.of if before else "organization"),
        source=stated.source or said.source or (before.source if before else ""),
        dated=stated.dated or said.dated or "",
        licence=stated.licence or (before.licence if before else None),
        review_by=stated.review_by,
    )
    told += heading.problems(dt.datetime.now(tz=dt.UTC).date())
    if before is not None and heading.of != before.of:
        told.append(f"It is a list of {heading.of}; the editions before are of {before.of}.")
    if told:
        raise ListError.unstated(name, told)
    entries = (
        entries_of_list(written)
        if written
        else read_entries(file.data, file.file_name, cast("Kind", heading.of))
    )
    return heading, entries


def _contradictions(name: str, stated: Stated, written: NamedList | None) -> Iterator[str]:
    """Yield where the user says otherwise than the file."""
    if written is None:
        return
    if written.list_id != name:
        yield f"The file is of the list `{written.list_id}`. Give that name, or mend the file."
    for option, said, stands in (
        ("of", stated.of, written.of),
        ("source", stated.source, written.source),
        ("dated", stated.dated, str(written.dated)),
    ):
        if said is not None and said != stands:
            yield f"--{option} is `{said}`, the file says `{stands}`. Keep one of them."


def _decoded(file: Given) -> str:
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError.in_document(
            file.file_name, [f"It is not UTF-8: {error.reason} at byte {error.start}."]
        ) from error


def _content(heading: Heading, entries: Iterable[Entry]) -> JsonMapping:
    return cast("JsonMapping", asdict(heading) | {"entries": [one.plain() for one in entries]})


def _heading(edition: Edition) -> Heading:
    stated = {key: value for key, value in edition.content.items() if key != "entries"}
    return Heading(**stated)  # type: ignore[arg-type]


def entries_of_edition(edition: Edition) -> tuple[Entry, ...]:
    """Return the entries of an edition."""
    return entries_of(cast("list[JsonMapping]", edition.content["entries"]))


def _recorded(lake: Lake, edition: Edition, compared: Changes | None) -> Added:
    """Match the entries of an edition, store what was found, and record the edition."""
    heading, entries = _heading(edition), entries_of_edition(edition)
    if heading.of == "organization":
        register = register_of(lake)
        candidates = list_matching.matched(edition.name, entries, register.organizations)
        kept = [cast("JsonMapping", asdict(one)) for one in candidates]
        stored.keep_matches(
            lake,
            edition.name,
            Matches(
                list_sha256=edition.sha256,
                register=register.label,
                n_organizations=len(register.organizations),
                candidates=kept,
            ),
        )
    body: JsonMapping = {
        "list": edition.name,
        "edition": edition.number,
        "sha256": edition.sha256,
        "title": heading.title,
        "of": heading.of,
        "source": heading.source,
        "dated": heading.dated,
        "review_by": heading.review_by,
        "file": edition.file_name,
        "file_sha256": edition.file_sha256,
        "n_entries": len(entries),
        "n_added": len(compared.added) if compared else None,
        "n_removed": len(compared.removed) if compared else None,
        "n_changed": len(compared.changed) if compared else None,
    }
    done = audit.append(lake, audit.Draft(kind="list", case=None, body=body, keeping=_keeping()))
    return Added(state=state_of(lake, edition.name), changes=compared, head=done.record.head)


def _keeping() -> Keeping:
    today = dt.datetime.now(tz=dt.UTC).date()
    return Keeping(
        purpose="to show who reviewed a match with a list",
        expires_on=f"{today.year + YEARS_KEPT}-12-31",
    )
