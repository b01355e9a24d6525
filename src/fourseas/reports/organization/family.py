"""What an organization is part of, what is part of it, and whose works count as its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from fourseas.reports.organization.subject import known
from fourseas.workspace import Workspace

RollUp = Literal["none", "parts", "all"]

ROLLED_UP: dict[RollUp, str] = {
    "none": "An organization's works are those that name it: none of a parent or a part.",
    "parts": (
        "An organization's works are those that name it or one of its parts, each counted once; "
        "a work of a part that both sides share is a joint one. Parts that are closed count too."
    ),
    "all": (
        "An organization's works are those that name it or anything below it, each counted once; "
        "a work of a part that both sides share is a joint one. Parts that are closed count too."
    ),
}
"""What each choice means, in the words of a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """An organization in the tree of another.

    Attributes
    ----------
    organization_id, ror_id, name
        Which it is.
    country
        Of its own head office.
    depth
        Steps between the two; None of one that came before or after.
    since_year
        Not before this year; None where no year of founding is known.
    is_current
        Whether both are active.
    is_head
        Whether it is part of no other.
    """

    organization_id: int
    ror_id: str | None
    name: str
    country: str | None
    depth: int | None
    since_year: int | None
    is_current: bool
    is_head: bool

    def told(self, countries: Mapping[str, str]) -> str:
        """Return its name with country, years and place in the tree."""
        parts = (
            countries.get(self.country or "", self.country),
            "head" if self.is_head and self.depth else None,
            f"{self.depth} steps" if self.depth is not None and self.depth > 1 else None,
            f"not before {self.since_year}" if self.since_year is not None else None,
            None if self.is_current else "one of the two is closed",
        )
        return f"{self.name} ({', '.join(part for part in parts if part)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All relatives of an organization, the nearest first.

    Attributes
    ----------
    above, below
        What it is part of, and what is part of it.
    before, after
        What it took the place of, and what took its place.
    """

    above: tuple[Relative, ...]
    below: tuple[Relative, ...]
    before: tuple[Relative, ...]
    after: tuple[Relative, ...]

    def parts(self, roll_up: RollUp) -> tuple[int, ...]:
        """Return the numbers of the parts whose works count as those of the organization."""
        if roll_up == "none":
            return ()
        return tuple(
            one.organization_id for one in self.below if roll_up == "all" or one.depth == 1
        )


def family(ws: Workspace, organization_id: int) -> Family:
    """Return the relatives of an organization by `ORGANIZATION_TREE` and its successors."""
    kin = kinship(ws)

    def others(pairs: pa.Table, own: str, other: str) -> tuple[Relative, ...]:
        found = pairs.filter(pc.equal(pairs[own], organization_id))
        return _relatives(ws, kin.heads, found.rename_columns({other: "other_id", own: "own_id"}))

    return Family(
        above=others(kin.tree, "organization_id", "ancestor_id"),
        below=others(kin.tree, "ancestor_id", "organization_id"),
        before=others(kin.successors, "related_id", "organization_id"),
        after=others(kin.successors, "organization_id", "related_id"),
    )


@dataclass(frozen=True, slots=True)
class Kinship:
    """Pairs of relatives in the tree, pairs of which one followed the other, and heads."""

    tree: pa.Table
    successors: pa.Table
    heads: frozenset[int]


def kinship(ws: Workspace) -> Kinship:
    """Return how all organizations are related, read once while the lake is open."""
    return ws.once("kinship of organizations", lambda: _kinship(ws))


def _kinship(ws: Workspace) -> Kinship:
    """Read how all organizations are related; a register of them has some ten thousand pairs."""
    tree, relations = ws.table("organization_tree"), ws.table("organization_relations")
    successors = relations.filter(relations.relation_kind == "successor").mutate(depth=0)
    about = ("organization_id", "depth", "since_year", "is_current")
    heads = tree.filter((tree.depth == 0) & tree.is_head).select("organization_id")
    return Kinship(
        tree=tree.filter(tree.depth > 0).select(*about, "ancestor_id").to_pyarrow(),
        successors=successors.select(*about, "related_id").to_pyarrow(),
        heads=frozenset(heads.to_pyarrow()["organization_id"].to_pylist()),
    )


def _relatives(ws: Workspace, heads: frozenset[int], pairs: pa.Table) -> tuple[Relative, ...]:
    """Describe the others of pairs, the nearest first."""
    organizations = known(ws)
    found = []
    for pair in pairs.to_pylist():
        row = organizations.organizations.iloc[organizations.numbered[pair["other_id"]]]
        relative = Relative(
            organization_id=pair["other_id"],
            ror_id=row.ror_id,
            name=row.organization_name or row.organization_key,
            country=row.country_code,
            depth=pair["depth"] or None,
            since_year=pair["since_year"],
            is_current=pair["is_current"],
            is_head=pair["other_id"] in heads,
        )
        found.append((pair["depth"], row.organization_name is None, relative.name, relative))
    return tuple(one[-1] for one in sorted(found, key=lambda one: one[:-1]))
