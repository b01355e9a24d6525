"""Works, standards, funders and retractions of organizations, from their signatures.

Everything is counted by distinct works, whole for each organization that signs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fourseas.reports.organization.signatures import (
    GROUP_SCHEMES,
    IN_SCHEME,
    counted,
    signatures,
    signed_by,
)
from fourseas.workspace import Workspace

SUBJECT, US, LISTED, POSSIBLE = "subject", "us", "listed", "possible"
"""Parties: the two organizations, those that a list names for certain, and those it may name."""

SIDES = (SUBJECT, US)
PARTIES = (SUBJECT, US, LISTED, POSSIBLE)

Rows = list[dict[str, Any]]
"""What a table shows: a row is a mapping of its columns."""

SERIES = {
    "works": (SUBJECT,),
    "our_works": (US,),
    "joint": (SUBJECT, US),
    "with_listed": (SUBJECT, LISTED),
    "with_possible": (SUBJECT, POSSIBLE),
    "our_with_listed": (US, LISTED),
    "our_with_possible": (US, POSSIBLE),
}
"""Works that tables compare: those that all of some parties sign."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many works there are, how many of them are retracted, and their first and last year."""

    n_works: int
    n_retracted: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Signed:
    """Works by the parties that sign them, at one version of a lake.

    Attributes
    ----------
    works
        Works that either side signs: number, year, whether a standards document and whether
        retracted, and for each of `PARTIES` whether it signs. Each work once.
    field_ids
        Place in ``works`` and field, scheme before the id; each pair once.
    fundings
        Place in ``works``, name and key of a funder.
    others
        Place in ``works`` and party, of organizations on lists.
    addresses
        Number of an organization of either side, of a work of any year, and country.
    ws
        The lake.
    """

    works: pd.DataFrame
    field_ids: pa.Table
    fundings: pd.DataFrame
    others: pd.DataFrame
    addresses: pd.DataFrame
    ws: Workspace

    def by(self, *parties: str, standards: bool = False) -> NDArray[np.bool_]:
        """Return of each work whether all of some parties sign it, and it is of that sort."""
        found: NDArray[np.bool_] = self.works.is_standard.to_numpy() == standards
        for party in parties:
            found &= self.works[party].to_numpy()
        return found

    def totals(self, *parties: str, standards: bool = False) -> Totals:
        """Return how many works of that sort all of some parties sign, and of which years."""
        is_of = self.by(*parties, standards=standards)
        years = self.works.year.to_numpy()[is_of]
        return Totals(
            n_works=len(years),
            n_retracted=int(self.works.is_retracted.to_numpy()[is_of].sum()),
            first=int(years.min()) if len(years) else None,
            last=int(years.max()) if len(years) else None,
        )


def signed(
    ws: Workspace, parties: Mapping[str, Iterable[int]], years: tuple[int, int] | None
) -> Signed:
    """Find the works of either side, and which other parties sign them.

    Parameters
    ----------
    ws
        The lake.
    parties
        Party to the numbers of its organizations; both sides are among them.
    years
        First and last year; all where None.
    """
    numbers = {party: sorted({*of_party}) for party, of_party in parties.items()}
    sides = sorted({number for side in SIDES for number in numbers[side]})
    found = signatures(ws, sides)
    addresses = _unnested(found, "country_codes", "country_code", "organization_id", "work_id")
    if years is not None:
        found = found.filter(
            pc.and_(
                pc.greater_equal(found["year"], years[0]), pc.less_equal(found["year"], years[1])
            )
        )
    organization_ids = found["organization_id"].to_numpy()
    work_ids, first, place = np.unique(
        found["work_id"].to_numpy(), return_index=True, return_inverse=True
    )
    once = found.take(pa.array(first))
    works = pd.DataFrame(
        {
            "work_id": work_ids,
            "year": once["year"].to_numpy(),
            "is_standard": once["is_standard"].to_numpy(),
            "is_retracted": once["is_retracted"].fill_null(False).to_numpy(),
        }
    )
    for side in SIDES:
        is_signed = np.zeros(len(works), dtype=bool)
        is_signed[place[np.isin(organization_ids, numbers[side])]] = True
        works[side] = is_signed
    others = _others(ws, works, {p: found for p, found in numbers.items() if p not in SIDES})
    for party in (LISTED, POSSIBLE):
        is_signed = np.zeros(len(works), dtype=bool)
        is_signed[others.place[others.party == party].to_numpy(dtype=int)] = True
        works[party] = is_signed
    placed = once.append_column("place", pa.array(np.arange(len(works))))
    fundings = _unnested(placed, "fundings", "funder", "place")
    return Signed(
        works=works,
        field_ids=_unnested(placed, "field_ids", "label", "place"),
        fundings=fundings.flatten().rename_columns(["place", "name", "key"]).to_pandas(),
        others=others,
        addresses=addresses.to_pandas(),
        ws=ws,
    )


def _unnested(rows: pa.Table, column: str, item: str, *beside: str) -> pa.Table:
    """Return the items of a column of lists, each with other columns of its row."""
    lists = rows[column].combine_chunks()
    parents = pc.list_parent_indices(lists)
    return rows.select([*beside]).take(parents).append_column(item, pc.list_flatten(lists))


def _others(
    ws: Workspace, works: pd.DataFrame, numbers: Mapping[str, Iterable[int]]
) -> pd.DataFrame:
    """Return which works other parties sign."""
    pairs = [(party, number) for party, found in numbers.items() for number in found]
    listed = pd.DataFrame(pairs, columns=["party", "organization_id"])
    if listed.empty or works.empty:
        return pd.DataFrame({"place": pd.Series(dtype=int), "party": pd.Series(dtype=object)})
    own = ws.kept("report_works", pa.table({"work_id": pa.array(works.work_id)}))
    wanted = signed_by(ws, sorted({*listed.organization_id})).semi_join(own, "work_id")
    found = wanted.to_pyarrow().to_pandas().merge(listed, on="organization_id")
    found["place"] = np.searchsorted(works.work_id.to_numpy(), found.work_id.to_numpy())
    once: pd.DataFrame = found[["place", "party"]].drop_duplicates()
    return once


def by_year(found: Signed) -> Rows:
    """Return the works of each pair of parties by year."""
    if found.works.empty:
        return []
    years = found.works.year.to_numpy().astype(int)
    first, n_years = int(years.min()), int(np.ptp(years)) + 1
    series = {
        name: np.bincount(years[found.by(*parties)] - first, minlength=n_years).tolist()
        for name, parties in SERIES.items()
    }
    rows = [
        {"year": first + i, **{name: numbers[i] for name, numbers in series.items()}}
        for i in range(n_years)
    ]
    return [row for row in rows if any(row[name] for name in SERIES)]


def by_field(found: Signed, scheme: str) -> Rows:
    """Return the works of each pair of parties by field of a scheme."""
    every = {name: found.by(*parties) for name, parties in SERIES.items()}
    return [
        {"field_id": field_id, **row} for (_, field_id), row in _placed(found, (scheme,), every)
    ]


def _placed(
    found: Signed, schemes: tuple[str, ...], series: Mapping[str, NDArray[np.bool_]]
) -> list[tuple[tuple[str, str], dict[str, int]]]:
    """Return how many works of each series every field has, where one has any."""
    labels = found.field_ids["label"].combine_chunks().dictionary_encode()
    codes, place = labels.indices.to_numpy(), found.field_ids["place"].to_numpy()
    n_labels = len(labels.dictionary)
    # Most pairs of parties sign nothing together: what is of none is not looked at.
    n_works = {
        name: np.bincount(codes[is_of[place]], minlength=n_labels)
        if is_of.any()
        else np.zeros(n_labels, dtype=int)
        for name, is_of in series.items()
    }
    rows = []
    for code, label in enumerate(labels.dictionary.to_pylist()):
        scheme, _, field_id = label.partition(IN_SCHEME)
        row = {name: int(numbers[code]) for name, numbers in n_works.items()}
        if scheme in schemes and any(row.values()):
            rows.append(((scheme, field_id), row))
    return sorted(rows, key=lambda one: one[0])


def joint_works(found: Signed, most: int) -> tuple[Rows, int]:
    """Return the newest works that both sides sign, and how many there are in all."""
    joint = found.works[found.by(SUBJECT, US)]
    if joint.empty:
        return [], 0
    # Of one year those with the lowest numbers: the labels of all would have to be read to tell.
    newest = joint.sort_values(["year", "work_id"], ascending=[False, True]).head(most)
    wanted = [int(one) for one in newest.work_id]
    works, titles = found.ws.table("works"), found.ws.table("work_titles")
    own = works.filter(works.work_id.isin(wanted))
    titled = own.left_join(titles.filter(titles.work_id.isin(wanted)), "work_id")
    shown = titled.select("work_label", "year", "kind", "title", "doi", "is_retracted")
    rows: Rows = shown.order_by(ibis.desc("year"), "work_label").to_pyarrow().to_pylist()
    return rows, len(joint)


def partners(found: Signed, keys: Iterable[str]) -> Rows:
    """Return for each listed organization the works with either side, and their years."""
    rows: dict[str, dict[str, object]] = {}
    listed = found.others[found.others.party.isin([*keys])]
    for side in SIDES:
        together = listed[found.by(side)[listed.place.to_numpy(dtype=int)]]
        years = together.assign(
            year=found.works.year.to_numpy()[together.place.to_numpy(dtype=int)]
        )
        by_party = years.groupby("party").year.agg(["size", "min", "max"])
        for party, n_works, first, last in by_party.itertuples(name=None):
            row = rows.setdefault(str(party), {"party": str(party)})
            row |= {
                f"{side}_n_works": int(n_works),
                f"{side}_first": int(first),
                f"{side}_last": int(last),
            }
    return list(rows.values())


def funders(found: Signed) -> tuple[Rows, int]:
    """Return the funders that joint works acknowledge, and how many of these name any."""
    named = found.fundings[found.by(SUBJECT, US)[found.fundings.place.to_numpy()]]
    by_funder = named.groupby("name").agg(key=("key", _least), n_works=("place", "nunique"))
    rows: Rows = [
        {"funder_name": name, "funder_key": key, "n_works": int(n_works)}
        for name, key, n_works in by_funder.itertuples(name=None)
    ]
    ordered = sorted(rows, key=lambda row: (-row["n_works"], row["funder_name"]))
    return ordered, int(named.place.nunique())


def _least(keys: pd.Series) -> str | None:
    return min(keys.dropna(), default=None)


def standards_groups(found: Signed) -> Rows:
    """Return the standards documents of both sides by the group that they come from."""
    documents = {
        "documents": found.by(SUBJECT, standards=True),
        "our_documents": found.by(US, standards=True),
        "joint": found.by(SUBJECT, US, standards=True),
    }
    return [{"key": key, **row} for key, row in _placed(found, GROUP_SCHEMES, documents)]


def addresses(found: Signed, numbers: Iterable[int]) -> Rows:
    """Return the countries of an organization's addresses on works, by works."""
    own = found.addresses[found.addresses.organization_id.isin([*numbers])]
    by_country = own.groupby("country_code", dropna=False).work_id.nunique()
    rows: Rows = [
        {"country_code": code if isinstance(code, str) else None, "n_works": int(n_works)}
        for code, n_works in by_country.items()
    ]
    return sorted(
        rows,
        key=lambda row: (-row["n_works"], row["country_code"] is None, row["country_code"] or ""),
    )


def retracted(ws: Workspace, years: tuple[int, int] | None = None) -> tuple[int, int]:
    """Return how many works the lake has in all, and how many of them are retracted."""
    by_year = ws.once("works and retracted works by year", lambda: _retracted_by_year(ws))
    kept = by_year if years is None else by_year[by_year.year.between(*years)]
    return int(kept.n_works.sum()), int(kept.n_retracted.sum())


def _retracted_by_year(ws: Workspace) -> pd.DataFrame:
    whole = counted(ws)
    works = whole.filter(~whole.is_standard)
    by_year = works.group_by("year").agg(
        n_works=works.count(), n_retracted=works.is_retracted.sum().fill_null(0)
    )
    found: pd.DataFrame = by_year.to_pyarrow().to_pandas()
    return found


def coverage(ws: Workspace) -> Rows:
    """Return by register of how many authors of counted works no organization is known."""
    return ws.once("authors without an organization", lambda: _coverage(ws))


def _coverage(ws: Workspace) -> Rows:
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
