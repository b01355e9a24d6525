"""Profiles of the units of a place: what they work on, how well, and with whom, as arrays.

They are the same whoever asks and for whatever: of thousands of organizations and topics, which
are millions of cells, they are kept beside the version, so that a list reads them in place of
summing all cells of the lake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from fourseas.errors import NotComputableError
from fourseas.indicators.field_profiles import EXPECTED_IN_TOP, MEASURES
from fourseas.indicators.stability import NORMAL_975
from fourseas.models.separation import Booleans, Floats, Integers
from fourseas.reports.partners.keeping import Tables, kept
from fourseas.reports.partners.place import PLURAL, Place, Units
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace

LEAST_WORKS: dict[Units, int] = {"country": 30, "organization": 3}
"""Of fewer works in the period a unit has no profile to go by."""

TOPS = {f"{name}_frac": share for name, share in MEASURES.items()}
"""Weights in the world's top, the first that a register has, and what the world has of them."""

FORM = "profiles 1"
"""Number of what is kept and how; what is of another number is made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """What the units of a place work on, how well, and with whom.

    Attributes
    ----------
    units, fields
        Ids, sorted; they number the rows and columns of what follows.
    works
        Works, whole, shape (n,).
    world
        Fractional works of the world's, shape (f,).
    credit
        Fractional works, shape (n, f).
    level, variance
        Part in the world's top by that of the world, where it is known, and the variance of
        that, shape (n, f).
    ties
        Joint works in all fields, shape (n, n), symmetric.
    has_ties
        Whose ties are known, shape (n,).
    tied_in, tied_years
        The register that ties are from, and its years; null without ties.
    """

    units: tuple[str, ...]
    fields: tuple[str, ...]
    works: Floats
    world: Floats
    credit: sparse.csr_array
    level: sparse.csr_array
    variance: sparse.csr_array
    ties: sparse.csr_array
    has_ties: Booleans
    tied_in: str | None
    tied_years: tuple[int, int] | None


def profiles(ws: Workspace, at: Place) -> Profiles:
    """Return the profiles of a place, whatever is asked for there, read once for a version.

    Raises
    ------
    NotComputableError
        Where fewer than two units have works enough.
    """
    whole = replace(at, field_ids=())

    def made() -> Tables:
        return _tables(summed(ws, whole))

    return ws.once((FORM, whole), lambda: _profiles(kept(ws, whole, FORM, made)))


def summed(ws: Workspace, at: Place) -> Profiles:
    """Return the profiles of a place from the cells of the lake, and nothing that is kept.

    Raises
    ------
    NotComputableError
        Where fewer than two units have works enough.
    """
    cells = at.of(ws.table(at.cells))
    own = cells.filter(cells.unit_type == at.units)
    of_world = cells.filter(cells.unit_type == "world")
    totals = own.group_by("unit_id").agg(works=own.n.sum())
    enough = totals.filter(totals.works >= LEAST_WORKS[at.units]).order_by("unit_id").to_pyarrow()
    of_fields = of_world.group_by("field_id").agg(credit=of_world.credit.sum())
    there = of_fields.filter(of_fields.credit > 0).order_by("field_id").to_pyarrow()
    units, fields = _words(enough["unit_id"]), _words(there["field_id"])
    if len(units) < 2:  # noqa: PLR2004  (partners are two)
        question = f"Partners among {PLURAL[at.units]}"
        raise NotComputableError.because(
            question,
            f"fewer than two have {LEAST_WORKS[at.units]} works in {at.register}, "
            f"{at.years[0]}-{at.years[1]}",
            "Ask for more years with --years, or another register with --register.",
        )
    sums = own.group_by("unit_id", "field_id").agg(
        **{name: own[name].sum() for name in ("credit", "credit_scored", *TOPS)},
    )
    placed = _numbered(_numbered(sums, "unit_id", units, "row"), "field_id", fields, "place")
    found = placed.order_by("row", "place").drop("unit_id", "field_id").to_pyarrow()
    shape = len(units), len(fields)
    row, place = _array(found["row"]), _array(found["place"])
    levels, variances = _levels(found)
    known = np.flatnonzero(np.isfinite(levels))
    of_known = row[known], place[known]
    ties, has_ties, tied = _ties(ws, at, units)
    return Profiles(
        units=units,
        fields=fields,
        works=_values(enough["works"]),
        world=_values(there["credit"]),
        credit=_ordered(np.nan_to_num(_values(found["credit"])), row, place, shape),
        level=_ordered(levels[known], *of_known, shape),
        variance=_ordered(variances[known], *of_known, shape),
        ties=ties,
        has_ties=has_ties,
        tied_in=tied[0] if tied else None,
        tied_years=tied[1] if tied else None,
    )


MATRICES = ("credit", "level", "variance", "ties")


def _tables(of: Profiles) -> Tables:
    """Return profiles as tables to keep; a matrix as the ends of its rows beside their units."""
    tied = {
        "register": pa.array([of.tied_in], pa.string()),
        "first": pa.array([of.tied_years and of.tied_years[0]], pa.int64()),
        "last": pa.array([of.tied_years and of.tied_years[1]], pa.int64()),
    }
    matrices: dict[str, sparse.csr_array] = {name: getattr(of, name) for name in MATRICES}
    ends = {name: matrix.indptr[1:] for name, matrix in matrices.items()}
    units = {"unit_id": of.units, "works": of.works, "has_ties": of.has_ties}
    return {
        "units": pa.table(units | ends),
        "fields": pa.table({"field_id": of.fields, "world": of.world}),
        "tied": pa.table(tied),
        **{
            name: pa.table({"place": matrix.indices, "value": matrix.data})
            for name, matrix in matrices.items()
        },
    }


def _profiles(kept_: Tables) -> Profiles:
    """Return profiles from tables that were kept."""
    units, fields = kept_["units"], kept_["fields"]
    n = len(units)
    (tied,) = kept_["tied"].to_pylist()
    widths = dict.fromkeys(MATRICES, len(fields)) | {"ties": n}
    matrices = {
        name: _matrix(kept_[name], np.concatenate([[0], _array(units[name])]), (n, width))
        for name, width in widths.items()
    }
    return Profiles(
        units=_words(units["unit_id"]),
        fields=_words(fields["field_id"]),
        works=_values(units["works"]),
        world=_values(fields["world"]),
        has_ties=units["has_ties"].to_numpy(),
        tied_in=tied["register"],
        tied_years=None if tied["first"] is None else (tied["first"], tied["last"]),
        **matrices,
    )


def _matrix(of: pa.Table, ends: Integers, shape: tuple[int, int]) -> sparse.csr_array:
    values, places = _values(of["value"]), _array(of["place"])
    # Numbers of the same width, or all of them are copied.
    found = sparse.csr_array((values, places, ends.astype(places.dtype)), shape=shape)
    found.has_canonical_format = True
    return found


def _ordered(
    values: Floats, row: Integers, place: Integers, shape: tuple[int, int]
) -> sparse.csr_array:
    """Return a matrix of values that stand in the order of rows, and of columns within a row."""
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=shape[0]))])
    return _matrix(pa.table({"value": values, "place": place}), ends, shape)


def _levels(sums: pa.Table) -> tuple[Floats, Floats]:
    """Return the part of works in the world's top by that of the world, and its variance.

    NaN where not known. The variance is a binomial one, as if each unit of credit were a work
    drawn for itself, about a share that is moved to the middle as Agresti and Coull do: a unit
    that has nothing in the top is not sure to have nothing.
    """
    scored = _values(sums["credit_scored"])
    levels, variances = (np.full(len(scored), np.nan) for _ in range(2))
    for name, share in TOPS.items():
        top = _values(sums[name])
        enough = (scored * share >= EXPECTED_IN_TOP) & np.isfinite(top) & np.isnan(levels)
        # Of millions of cells few have works enough.
        known = np.flatnonzero(enough)
        n = scored[known] + NORMAL_975**2
        moved = ((top[known] + NORMAL_975**2 / 2) / n).clip(0, 1)
        levels[known] = top[known] / (scored[known] * share)
        variances[known] = moved * (1 - moved) / n / share**2
    return levels, variances


Tied = tuple[sparse.csr_array, Booleans, tuple[str, tuple[int, int]] | None]


def _ties(ws: Workspace, at: Place, units: tuple[str, ...]) -> Tied:
    """Return joint works of all fields of each two units, whose are known, and from where."""
    if at.units == "organization":
        return _ties_of_organizations(ws, at, units)
    cells = ws.table("pair_cells")
    defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
    there = cells.filter(
        (cells.unit_type == "country")
        & (cells.scheme == ALL)
        & cells.definition_id.isin(defaults)
        & cells.unit_id.isin(units)
    )
    # The register of the works where it tells of nearly as many units as any, else that of most.
    listed = (
        there.group_by("register")
        .agg(n=there.unit_id.nunique(), last=there.year.max())
        .to_pandas()
        .sort_values(["n", "register"], ascending=[False, True])
    )
    if listed.empty:
        empty = sparse.csr_array((len(units), len(units)))
        return empty, np.zeros(len(units), dtype=bool), None
    nearly = listed[listed.n >= NEARLY * listed.n.max()]
    best = nearly[nearly.register == at.register] if at.register in {*nearly.register} else nearly
    chosen = best.iloc[0]
    last = min(int(chosen["last"]), at.years[1])
    years = (last - (at.years[1] - at.years[0]), last)
    of_register = there.filter(
        (there.register == str(chosen.register)) & there.year.between(*years)
    )
    sums = of_register.group_by("unit_id", "partner_id").agg(p=of_register.p.sum()).to_pandas()
    kept = sums[sums.partner_id.isin(units) & (sums.unit_id != sums.partner_id) & (sums.p > 0)]
    row, column = (
        pd.Categorical(kept[name], categories=units).codes for name in ("unit_id", "partner_id")
    )
    n = len(units)
    ties = sparse.csr_array((kept.p.to_numpy(dtype=np.float64), (row, column)), shape=(n, n))
    return ties, np.isin(units, sums.unit_id), (str(chosen.register), years)


NEARLY = 0.9
"""Part of the units that a register must tell ties of to be preferred for being that of works."""


def _ties_of_organizations(ws: Workspace, at: Place, units: tuple[str, ...]) -> Tied:
    """Return the works that each two organizations sign, all fields together."""
    pairs = ws.table("organization_pairs")
    there = pairs.filter(
        (pairs.register == at.register)
        & (pairs.definition_id == at.definition_id)
        & pairs.year.between(*at.years)
    )
    n = len(units)
    if not there.limit(1).to_pyarrow().num_rows:
        # Each work names one organization: that none has a partner is not known.
        return sparse.csr_array((n, n)), np.zeros(n, dtype=bool), None
    sums = there.group_by("unit_id", "partner_id").agg(value=there.p.sum())
    placed = _numbered(_numbered(sums, "unit_id", units, "row"), "partner_id", units, "place")
    found = placed.order_by("row", "place").drop("unit_id", "partner_id").to_pyarrow()
    row, place = _array(found["row"]), _array(found["place"])
    half = _ordered(_values(found["value"]), row, place, (n, n))
    ties = sparse.csr_array(half + half.T)
    return ties, np.ones(n, dtype=bool), (at.register, at.years)


def _numbered(of: ir.Table, column: str, ids: Iterable[str], name: str) -> ir.Table:
    """Return the rows whose id is listed, with its number in the list."""
    listed = [*ids]
    numbers = ibis.memtable(
        {column: listed, name: range(len(listed))}, schema={column: "string", name: "int32"}
    )
    return of.inner_join(numbers, column)


def _words(column: pa.ChunkedArray) -> tuple[str, ...]:
    return tuple(column.to_pylist())


def _values(column: pa.ChunkedArray) -> Floats:
    """Return numbers; NaN where there is none."""
    found: Floats = pc.cast(column, pa.float64()).to_numpy()
    return found


def _array(column: pa.ChunkedArray) -> Integers:
    found: Integers = column.to_numpy()
    return found
