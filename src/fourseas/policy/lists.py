"""Named lists with source and date, and what organizations are part of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import pyarrow as pa

from fourseas.policy.case_schema import list_schema, tree_schema
from fourseas.policy.document import Mapped
from fourseas.policy.grammar import day
from fourseas.policy.identifiers import Names, UnknownIdError, identifier
from fourseas.policy.places import Document, Path, Plain, Problem, read_yaml
from fourseas.policy.validation import faults
from fourseas.schema.table import Column, TableSpec

LIST_MEMBERS = TableSpec(
    name="list_members",
    grain="one row per member of a list and span of days; the same member may return",
    key=("member_id", "first_on"),
    columns=(
        Column("member_id", "string", "id", "ROR id, country code, topic or field."),
        Column("first_on", "date", "date", "First day on the list.", nullable=True),
        Column("last_on", "date", "date", "Last day on the list.", nullable=True),
        Column("is_possible", "boolean", "flag", "Nobody has confirmed that the id is meant."),
    ),
)
"""What the evaluator reads of a list."""

ANCESTORS = TableSpec(
    name="organization_ancestors",
    grain="one row per organization and organization that it is part of, itself included",
    key=("organization_id", "ancestor_id"),
    columns=(
        Column("organization_id", "string", "id", "ROR id."),
        Column("ancestor_id", "string", "id", "ROR id of it or of one that it is part of."),
    ),
)
"""What the evaluator reads of the tree; one that has no row is not known to the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a list.

    Attributes
    ----------
    name
        As the list writes it.
    first_on, last_on
        Days between which it is on the list; None where there is no end.
    confidence
        How sure the match of name and id is, from 0 to 1; None where the list gives ids.
    is_possible
        Nobody has confirmed the match: it is possible, neither a hit nor none.
    """

    member_id: str
    name: str | None = None
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    confidence: float | None = None
    is_possible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedList:
    """A list: what its members are, who publishes it, of what date, and its members.

    Attributes
    ----------
    n_unplaced
        Entries beside the members of which nobody knows the id.
    """

    list_id: str
    of: str
    title: str
    source: str
    dated: dt.date
    members: tuple[Member, ...]
    n_unplaced: int = 0

    def member(self, member_id: str) -> Member | None:
        """Return the first entry of a member, or None where it is not on the list."""
        return next((one for one in self.members if one.member_id == member_id), None)

    def table(self) -> pa.Table:
        """Return the members as `LIST_MEMBERS`; days are left out where none is dated."""
        columns = {
            "member_id": pa.array([one.member_id for one in self.members], pa.string()),
            "first_on": pa.array([one.first_on for one in self.members], pa.date32()),
            "last_on": pa.array([one.last_on for one in self.members], pa.date32()),
            "is_possible": pa.array([one.is_possible for one in self.members], pa.bool_()),
        }
        if all(one.first_on is None and one.last_on is None for one in self.members):
            del columns["first_on"], columns["last_on"]
        return pa.table(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """An organization as a register knows it."""

    organization_id: str
    name: str | None = None
    country: str | None = None
    part_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationTree:
    """What organizations are part of, as a register had it on a day."""

    source: str
    dated: dt.date
    organizations: Mapping[str, Organization]

    def ancestors(self, organization_id: str) -> tuple[str, ...]:
        """Return it and all that it is part of, nearest first; none where it is not known."""
        if organization_id not in self.organizations:
            return ()
        found = [organization_id]
        for one in found:
            known = self.organizations.get(one)
            found.extend(up for up in (known.part_of if known else ()) if up not in found)
        return tuple(found)

    def table(self) -> pa.Table:
        """Return the tree as `ANCESTORS`."""
        pairs = [(one, up) for one in self.organizations for up in self.ancestors(one)]
        return pa.table(
            {
                "organization_id": pa.array([one for one, _ in pairs], pa.string()),
                "ancestor_id": pa.array([up for _, up in pairs], pa.string()),
            }
        )


def read_list(text: str, name: str = "list", names: Names | None = None) -> NamedList:
    """Read the file of a list; raise `PolicyError` with every fault of it.

    With the `names` of topics and countries by id, slips in these are found too.
    """
    document = read_yaml(text, name)
    found = faults(document, list_schema())
    if found:
        raise document.error(found)
    root = cast("Mapped", document.root)
    kind = str(root["of"])
    problems: list[Problem] = []
    known = (names or {}).get(kind)
    listed = cast("list[Mapped]", root["members"])
    members = tuple(_members(document, kind, listed, problems, known))
    if problems:
        raise document.error(problems)
    return NamedList(
        list_id=str(root["list"]),
        of=kind,
        title=str(root.get("title", root["list"])),
        source=str(root["source"]),
        dated=day(root["dated"]),
        members=members,
        n_unplaced=cast("int", root.get("unplaced", 0)),
    )


def _members(
    document: Document,
    kind: str,
    plain: Iterable[Mapped],
    problems: list[Problem],
    known: Mapping[str, str] | None,
) -> Iterator[Member]:
    for number, entry in enumerate(plain):
        path: Path = ("members", number)
        member_id = _id(document, (*path, "id"), kind, entry["id"], problems, known)
        first, last = (day(entry[key]) if key in entry else None for key in ("from", "to"))
        if first and last and last < first:
            place = document.place((*path, "to"))
            problems.append(Problem(place, f"`to` lies before `from`, {first}.", "Mend the dates."))
        confidence = cast("float | None", entry.get("confidence"))
        is_sure = confidence is None or confidence == 1
        yield Member(
            member_id=member_id,
            name=str(entry["name"]) if "name" in entry else None,
            first_on=first,
            last_on=last,
            confidence=confidence,
            is_possible=not entry.get("confirmed", is_sure),
        )


def read_tree(text: str, name: str = "organizations") -> OrganizationTree:
    """Read a file of organizations; raise `PolicyError` with every fault of it."""
    document = read_yaml(text, name)
    found = faults(document, tree_schema())
    if found:
        raise document.error(found)
    root = cast("Mapped", document.root)
    problems: list[Problem] = []
    organizations: dict[str, Organization] = {}
    for number, entry in enumerate(cast("list[Mapped]", root["organizations"])):
        path: Path = ("organizations", number)
        one = _id(document, (*path, "id"), "organization", entry["id"], problems)
        above = cast("list[Plain]", entry.get("part_of") or [])
        organizations[one] = Organization(
            organization_id=one,
            name=str(entry["name"]) if "name" in entry else None,
            country=_id(document, (*path, "country"), "country", entry["country"], problems)
            if "country" in entry
            else None,
            part_of=tuple(
                _id(document, (*path, "part_of", place), "organization", up, problems)
                for place, up in enumerate(above)
            ),
        )
    if problems:
        raise document.error(problems)
    return OrganizationTree(
        source=str(root["source"]), dated=day(root["dated"]), organizations=organizations
    )


def _id(
    document: Document,
    path: Path,
    kind: str,
    written: Plain,
    problems: list[Problem],
    known: Mapping[str, str] | None = None,
) -> str:
    """Return an id in its one spelling, or note what is wrong with it."""
    try:
        return identifier(kind, str(written), known)
    except UnknownIdError as error:
        said, _, remedy = str(error).partition(". ")
        problems.append(Problem(document.place(path), f"{said}.", remedy))
        return str(written)
