"""What if one organization closes, reduces or opens joint work with another side, as a card."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import sparse

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.facts.counted_works import organization_unit
from fourseas.facts.universe import universe
from fourseas.models.closure import Network, closure
from fourseas.models.separation import Booleans
from fourseas.reports.cards.card import Card
from fourseas.reports.estimates.closure import Question, chosen_years, in_part
from fourseas.reports.estimates.closure_sheets import Told, card
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import WORLD_UNITS, Workspace

MOST = 300
"""Organizations in the network: its shortest ways are looked for a hundred times."""


def organization_closure_card(ws: Workspace, question: Question) -> Card:
    """Return what a change of the ties of an organization with another side touches.

    The first side is the organization, which must be of the first country or group that is named;
    the second is an organization too, or all of a country, a group or the world. The network is
    of organizations: those with joint work with this one first, then those with most works.

    Raises
    ------
    UnknownNameError
        For a country, organization, field or register that is not known.
    NotComputableError
        Where the organization is not of the first side, or has no works or joint works there.
    """
    assert question.organization is not None
    (unit,) = ws.organization_ids([question.organization])
    label = ws.organization_labels([unit])[unit]
    asked = f"What follows if {label} and {question.second} {question.verb}"
    first = _countries(ws, question.first)
    second = _second_side(ws, question.second)
    signed = _signed(ws, asked, question, unit)
    home = signed.country.get(unit)
    if first is not None and home not in first:
        reason = f"the organization is of {home or 'no known country'}, not of {question.first}"
        remedy = f"Name {home or 'WORLD'} as the first side."
        raise NotComputableError.because(asked, reason, remedy)
    network, units, n_cut = _network(signed, unit)
    is_first = np.array([one == unit for one in units])
    is_second = _members(signed, units, second) & ~is_first
    if not is_second.any():
        reason = (
            f"the register {signed.register} tells no works of {second.label} in these years, or "
            "not of which country organizations are"
        )
        remedy = "Take other years, another --register, or an organization as the second side."
        raise NotComputableError.because(asked, reason, remedy)
    found = closure(network, is_first, is_second, factor=question.factor)
    told = Told(
        found=found,
        top_10=None,
        sides=(label, second.label),
        verb=question.verb,
        years=signed.years,
        field="all fields together" if question.field == ALL else f"field {question.field}",
        register=signed.register,
        others=set(),
        n_named=int(is_first.sum() + is_second.sum()),
        most=question.most,
        names=ws.organization_labels(units),
        partly=in_part(found, asked, question.redirected),
        unit="organizations",
        left_out=(
            f" {n_cut:,} organizations with fewer works, and no joint works with this one, are "
            "left out. At home: works of which no other organization is known. Where a register "
            "has no ids, each name is an organization. What authors without a known "
            "organization do, and what a component does for its parent, is not seen."
        ),
    )
    return card(ws, told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """Who is on the second side: an organization, or all of some countries, or all others."""

    label: str
    unit: str | None = None
    countries: set[str] | None = None


def _second_side(ws: Workspace, name: str) -> _Side:
    """Return what a name means: countries and groups before organizations."""
    try:
        countries = _countries(ws, name)
    except UnknownNameError as no_country:
        try:
            (unit,) = ws.organization_ids([name])
        except UnknownNameError as no_organization:
            problem = f"There is no country and no organization named `{name}`."
            remedy = f"{no_country.remedy} {no_organization.remedy}"
            raise UnknownNameError(problem, remedy) from no_country
        return _Side(label=ws.organization_labels([unit])[unit], unit=unit)
    if countries is None:
        return _Side(label="all others")
    return _Side(label=f"organizations of {name}", countries=countries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """Works and the organizations that sign them, in one register and definition."""

    register: str
    years: tuple[int, ...]
    rows: pd.DataFrame
    country: dict[str, str | None]


def _countries(ws: Workspace, side: str) -> set[str] | None:
    """Return the countries of a side by the last members of groups; null for the world."""
    named = ws.unit_ids([side])
    if WORLD_UNITS[0] in named:
        return None
    groups = ws.table("group_memberships")
    latest = groups.filter(groups.last_year == groups.last_year.max())
    rows = latest.select("group_id", "country_code").to_pyarrow().to_pylist()
    found: set[str] = set()
    for unit in named:
        found |= {str(row["country_code"]) for row in rows if row["group_id"] == unit} or {unit}
    return found


def _signed(ws: Workspace, asked: str, question: Question, unit: str) -> _Signed:
    """Return who signed what in the register with most works of an organization."""
    listed = ws.table("organizations")
    named = listed.select("organization_id", "country_code", unit_id=organization_unit(listed))
    by = ws.table("work_organizations").inner_join(named, "organization_id")
    signed = by.select("work_id", "unit_id").distinct()
    of_unit = signed.filter(signed.unit_id == unit)
    best: tuple[int, str, ir.Table] | None = None
    for definition in DEFINITIONS:
        if not definition.is_default:
            continue
        works = universe(ws.table("works"), definition)
        if question.register is not None:
            works = works.filter(works.register == question.register)
        own = works.semi_join(of_unit, "work_id")
        counts = own.group_by("register").agg(n=own.count()).to_pyarrow().to_pylist()
        for row in counts:
            if best is None or int(row["n"]) > best[0]:
                register = str(row["register"])
                best = (int(row["n"]), register, works.filter(works.register == register))
    if best is None:
        where = f" in the register {question.register}" if question.register else ""
        reason = f"no work of the organization is known{where}"
        raise NotComputableError.because(asked, reason, "Take another --register or organization.")
    _, register, works = best
    weighed = _weighed(ws, works, question.field)
    own_years = weighed.semi_join(of_unit, "work_id").select("year").distinct().to_pyarrow()
    there = [int(year) for year in own_years["year"].to_pylist()]
    years = chosen_years(ws, register, there, question.years) if there else ()
    if not years:
        field = f" in field {question.field}" if question.field != ALL else ""
        spans = f"; it has some in {min(there)}-{max(there)}" if there else ""
        reason = (
            f"the organization has no work{field} in these years by the register {register}{spans}"
        )
        remedy = "Take other years, all fields, or another --register."
        raise NotComputableError.because(asked, reason, remedy)
    chosen = weighed.filter(weighed.year.between(years[0], years[-1]))
    rows: pd.DataFrame = (
        signed.inner_join(chosen, "work_id").select("work_id", "unit_id", "weight").to_pandas()
    )
    countries = named.filter(named.unit_id.isin(sorted({*rows.unit_id}))).to_pandas()
    return _Signed(
        register=register,
        years=tuple(range(years[0], years[-1] + 1)),
        rows=rows.sort_values(["work_id", "unit_id"]),
        country={
            str(one): None if pd.isna(code) else str(code)
            for one, code in zip(countries.unit_id, countries.country_code, strict=True)
        },
    )


def _weighed(ws: Workspace, works: ir.Table, field: str) -> ir.Table:
    """Return works with their part in a field, 1 for all fields together."""
    if field == ALL:
        return works.mutate(weight=1.0).select("work_id", "year", "weight")
    fields = ws.table("work_fields")
    there = fields.filter(fields.field_id.isin(ws.field_ids([field])))
    parts = there.group_by("work_id").agg(weight=there.weight.sum())
    return works.inner_join(parts, "work_id").select("work_id", "year", "weight")


def _network(signed: _Signed, unit: str) -> tuple[Network, tuple[str, ...], int]:
    """Return joint works of the organizations nearest to one, and how many are left out."""
    every = np.array(sorted({*signed.rows.unit_id}), dtype=object)
    row, _ = pd.factorize(signed.rows.work_id)
    column = np.searchsorted(every, signed.rows.unit_id.to_numpy(dtype=object))
    shape = (int(row.max()) + 1, len(every))
    signatures = sparse.csr_array((np.ones(len(row)), (row, column)), shape=shape)
    weight = np.zeros(shape[0])
    weight[row] = signed.rows.weight.to_numpy(np.float64)
    is_alone = np.asarray(signatures.sum(axis=1)).ravel() == 1
    works = np.asarray(signatures.T @ weight)
    own = int(np.searchsorted(every, unit))
    with_it = np.asarray(signatures.T @ (signatures[:, [own]].toarray().ravel() * weight))
    with_it[own] = np.inf
    kept = np.sort(np.lexsort((-works, -with_it))[:MOST])
    some = signatures[:, kept]
    joint = (some.T @ (some.multiply(weight[:, None]))).toarray()
    np.fill_diagonal(joint, 0.0)
    alone = np.asarray(some.T @ (weight * is_alone))
    units = tuple(str(one) for one in every[kept])
    return Network(countries=units, joint=joint, domestic=alone), units, len(every) - len(kept)


def _members(signed: _Signed, units: tuple[str, ...], side: _Side) -> Booleans:
    """Mark the organizations of the second side."""
    if side.unit is not None:
        return np.array([unit == side.unit for unit in units])
    if side.countries is None:
        return np.ones(len(units), dtype=bool)
    return np.array([signed.country.get(unit) in side.countries for unit in units])
