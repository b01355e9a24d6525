"""Works, standards, funders and retractions of organizations: one scan of affiliations, then sums.

Everything is counted by distinct works, whole for each organization that signs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fourseas.facts.universe import universe
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace

SUBJECT, US, LISTED, POSSIBLE = "subject", "us", "listed", "possible"
"""Parties: the two organizations, those that a list names for certain, and those it may name."""

DEFINED = {one.definition_id: one for one in DEFINITIONS}
WORKS, STANDARDS = DEFINED["openalex"], DEFINED["standards"]

FIELD_SCHEME, TOPIC_SCHEME = "openalex_field", "openalex_subfield"
GROUP_SCHEMES = ("3gpp_group", "ietf_group")

Rows = list[dict[str, Any]]
"""What a query returned: a row is a mapping of its columns."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Works by the parties that sign them, at one version of a lake.

    Attributes
    ----------
    works
        Party, work, year, whether a standards document and whether retracted; each pair once.
    ws
        The lake.
    """

    works: ir.Table
    ws: Workspace

    def of(self, party: str, *, standards: bool = False) -> ir.Table:
        """Return the works of a party."""
        works = self.works
        return works.filter((works.party == party) & (works.is_standard == standards))

    def joint(self, party: str, other: str, *, standards: bool = False) -> ir.Table:
        """Return the works that two parties sign together."""
        signed_by_other = self.of(other, standards=standards)
        return self.of(party, standards=standards).semi_join(signed_by_other, "work_id")


def signed(
    ws: Workspace, parties: Mapping[str, Iterable[int]], years: tuple[int, int] | None
) -> Signed:
    """Find the works of each party once and keep them while the lake is open.

    Parameters
    ----------
    ws
        The lake.
    parties
        Party to the numbers of its organizations.
    years
        First and last year; all where None.
    """
    pairs = [(party, number) for party, numbers in parties.items() for number in sorted({*numbers})]
    given = pa.table(
        {
            "party": pa.array([party for party, _ in pairs], pa.string()),
            "organization_id": pa.array([number for _, number in pairs], pa.int32()),
        }
    )
    listed = ws.kept("report_parties", given)
    affiliations = ws.table("affiliations").inner_join(listed, "organization_id")
    by_party = affiliations.select("party", "work_id").distinct()
    works = counted(ws)
    if years is not None:
        works = works.filter(works.year.between(*years))
    return Signed(ws.kept("report_works", by_party.inner_join(works, "work_id")), ws)


def counted(ws: Workspace) -> ir.Table:
    """Return the works and standards that are counted."""
    works = ws.table("works")
    parts = [
        universe(works, definition).select(
            "work_id",
            "register",
            "year",
            "is_retracted",
            is_standard=ibis.literal(definition is STANDARDS),
        )
        for definition in (WORKS, STANDARDS)
    ]
    return parts[0].union(parts[1])


def by_year(found: Signed) -> Rows:
    """Return the works of each pair of parties by year."""
    parts = [
        works.group_by("year").agg(n_works=works.count()).mutate(series=ibis.literal(name))
        for name, works in _series(found).items()
    ]
    return _pivot(parts, "year")


def by_field(found: Signed, scheme: str) -> Rows:
    """Return the works of each pair of parties by field of a scheme."""
    fields = found.ws.table("work_fields")
    of_scheme = fields.filter(fields.scheme == scheme).select("work_id", "field_id")
    parts = []
    for name, works in _series(found).items():
        placed = works.inner_join(of_scheme, "work_id")
        by_id = placed.group_by("field_id").agg(n_works=placed.work_id.nunique())
        parts.append(by_id.mutate(series=ibis.literal(name)))
    return _pivot(parts, "field_id")


def _series(found: Signed) -> dict[str, ir.Table]:
    """Return the works that tables compare, by what they are called there."""
    return {
        "works": found.of(SUBJECT),
        "our_works": found.of(US),
        "joint": found.joint(SUBJECT, US),
        "with_listed": found.joint(SUBJECT, LISTED),
        "with_possible": found.joint(SUBJECT, POSSIBLE),
        "our_with_listed": found.joint(US, LISTED),
        "our_with_possible": found.joint(US, POSSIBLE),
    }


def _pivot(parts: list[ir.Table], key: str) -> Rows:
    """Return a row for each key with a number for each series, 0 where there is none."""
    rows: dict[object, dict[str, object]] = {}
    names = [*SERIES]
    for line in ibis.union(*parts).order_by(key, "series").to_pyarrow().to_pylist():
        row = rows.setdefault(line[key], {key: line[key], **dict.fromkeys(names, 0)})
        row[line["series"]] = line["n_works"]
    return list(rows.values())


SERIES = (
    "works",
    "our_works",
    "joint",
    "with_listed",
    "with_possible",
    "our_with_listed",
    "our_with_possible",
)


def joint_works(found: Signed) -> Rows:
    """Return the works that both sides sign, the newest first."""
    joint = found.joint(SUBJECT, US).select("work_id")
    works = found.ws.table("works").semi_join(joint, "work_id")
    titled = works.left_join(found.ws.table("work_titles"), "work_id")
    shown = titled.select("work_label", "year", "kind", "title", "doi", "is_retracted")
    rows: Rows = shown.order_by(ibis.desc("year"), "work_label").to_pyarrow().to_pylist()
    return rows


def partners(found: Signed, keys: Iterable[str]) -> Rows:
    """Return for each listed organization the works with either side, and their years."""
    wanted = [*keys]
    if not wanted:
        return []
    rows: dict[str, dict[str, object]] = {}
    works = found.works.filter(found.works.party.isin(wanted) & ~found.works.is_standard)
    for side in (SUBJECT, US):
        together = works.semi_join(found.of(side), "work_id")
        by_party = together.group_by("party").agg(
            n_works=together.count(), first=together.year.min(), last=together.year.max()
        )
        for line in by_party.order_by("party").to_pyarrow().to_pylist():
            row = rows.setdefault(str(line["party"]), {"party": line["party"]})
            row |= {f"{side}_{name}": line[name] for name in ("n_works", "first", "last")}
    return list(rows.values())


def funders(found: Signed) -> tuple[Rows, int]:
    """Return the funders that joint works acknowledge, and how many of these name any."""
    joint = found.joint(SUBJECT, US).select("work_id")
    fundings = found.ws.table("fundings")
    named = fundings.filter(fundings.funder_name.notnull()).semi_join(joint, "work_id")
    by_funder = named.group_by("funder_name").agg(
        funder_key=named.funder_key.min(), n_works=named.work_id.nunique()
    )
    ordered = by_funder.order_by(ibis.desc("n_works"), "funder_name")
    n_acknowledging = named.work_id.nunique().execute()
    return ordered.to_pyarrow().to_pylist(), int(n_acknowledging)


def standards_groups(found: Signed) -> Rows:
    """Return the standards documents of both sides by the group that they come from."""
    fields = found.ws.table("work_fields")
    of_groups = fields.filter(fields.scheme.isin(GROUP_SCHEMES))
    of_scheme = of_groups.select("work_id", "scheme", "field_id")
    rows: dict[object, dict[str, object]] = {}
    for name, works in (
        ("documents", found.of(SUBJECT, standards=True)),
        ("our_documents", found.of(US, standards=True)),
        ("joint", found.joint(SUBJECT, US, standards=True)),
    ):
        placed = works.inner_join(of_scheme, "work_id")
        by_group = placed.group_by("scheme", "field_id").agg(n_works=placed.work_id.nunique())
        for line in by_group.order_by("scheme", "field_id").to_pyarrow().to_pylist():
            key = (line["scheme"], line["field_id"])
            empty = {"key": key, "documents": 0, "our_documents": 0, "joint": 0}
            rows.setdefault(key, empty)[name] = line["n_works"]
    return list(rows.values())


def totals(works: ir.Table) -> dict[str, int | None]:
    """Return how many works there are, how many of them are retracted, and their years."""
    found = works.agg(
        n_works=works.count(),
        n_retracted=works.is_retracted.sum(),
        first=works.year.min(),
        last=works.year.max(),
    )
    ((line),) = found.to_pyarrow().to_pylist()
    return {**line, "n_retracted": line["n_retracted"] or 0}


def addresses(ws: Workspace, numbers: Iterable[int]) -> Rows:
    """Return the countries of an organization's addresses on works, by works."""
    affiliations = ws.table("affiliations")
    own = affiliations.filter(affiliations.organization_id.isin([*numbers]))
    placed = own.inner_join(counted(ws), "work_id")
    by_country = placed.group_by("country_code").agg(n_works=placed.work_id.nunique())
    ordered = by_country.order_by(ibis.desc("n_works"), "country_code")
    rows: Rows = ordered.to_pyarrow().to_pylist()
    return rows


def coverage(ws: Workspace) -> Rows:
    """Return by register of how many authors of counted works no organization is known."""
    authorships = ws.table("authorships").select("work_id", "position")
    affiliations = ws.table("affiliations")
    known = affiliations.filter(affiliations.organization_id.notnull())
    placed = known.select("work_id", "position").distinct().mutate(is_known=ibis.literal(True))
    every = authorships.inner_join(counted(ws).select("work_id", "register"), "work_id")
    joined = every.left_join(placed, ["work_id", "position"])
    by_register = joined.group_by("register").agg(
        n_authors=joined.count(), n_known=joined.is_known.sum()
    )
    rows: Rows = by_register.order_by("register").to_pyarrow().to_pylist()
    return rows
