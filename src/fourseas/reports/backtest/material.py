"""What a back-test is made from, read from a lake: ties, profiles, places and groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.models.gravity import LOG_DISTANCE, TIES
from fourseas.partners.hold_out import Material, Profiles, Ties
from fourseas.partners.link_scores import Floats, Integers
from fourseas.partners.rankings import Booleans
from fourseas.reports.estimates.place import Wanted, place
from fourseas.schema.cells import ALL
from fourseas.schema.countries import INCOME_GROUPS
from fourseas.workspace import Workspace

Units = Literal["countries", "organizations"]

LEAST_FIELDS = 5
"""A classification of fewer fields says little of what a unit lacks."""

NO_INCOME = "no income group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read, and from where.

    Attributes
    ----------
    material
        As arrays.
    groups
        Whether each unit is in a group by income, by name; none of organizations.
    register
        Of the ties.
    profile_register, scheme
        Of the works by field; empty where there are none.
    """

    material: Material
    groups: Mapping[str, Booleans]
    register: str
    profile_register: str
    scheme: str


def read(ws: Workspace, units: Units, field: str, register: str | None) -> Read:
    """Return the material of countries or of organizations.

    Raises
    ------
    UnknownNameError
        For a field or register that is not known.
    NotComputableError
        Where there are no joint works.
    """
    if units == "countries":
        return _of_countries(ws, field, register)
    return _of_organizations(ws, field, register)


def _of_countries(ws: Workspace, field: str, register: str | None) -> Read:
    pair_cells = ws.table("pair_cells")
    wanted = Wanted(
        question="A back-test of countries",
        flows="joint works",
        measure="p",
        field=field,
        years=None,
        register=register,
    )
    at = place(ws, pair_cells, wanted)
    cells = at.of(pair_cells)
    ties = (
        cells.filter(
            (cells.unit_type == "country") & (cells.unit_id < cells.partner_id) & (cells.p > 0)
        )
        .select("unit_id", "partner_id", "year", works=cells.p)
        .order_by("unit_id", "partner_id", "year")
        .to_pandas()
    )
    unit_cells = ws.table("unit_cells")
    by_field = unit_cells.filter(
        (unit_cells.unit_type == "country") & (unit_cells.scheme != ALL)
    ).mutate(works=ibis.coalesce(unit_cells.credit, unit_cells.n))
    origin = _profile_origin(by_field, at.register)
    numbers = _numbers(ties)
    return Read(
        material=Material(
            n_units=len(numbers),
            ties=_ties(ties, numbers),
            profiles=_profiles(by_field, origin, numbers),
            apart=apart(ws, numbers),
        ),
        groups=_by_income(ws, numbers),
        register=at.register,
        profile_register=origin[0],
        scheme=origin[2],
    )


def _of_organizations(ws: Workspace, field: str, register: str | None) -> Read:
    works = ws.table("works").select("work_id", "register", "year")
    here = ws.table("work_organizations").select("work_id", "organization_id", "credit")
    placed = here.inner_join(works, "work_id").select(
        "work_id", "organization_id", "credit", "register", "year"
    )
    fields = ws.table("work_fields")
    if field != ALL:
        of_field = fields.filter(fields.field_id.isin(ws.field_ids([field])))
        placed = placed.semi_join(of_field, "work_id")
    chosen = _joint_register(ws, placed, register)
    placed = placed.filter(placed.register == chosen)
    others = placed.select("work_id", partner_id=placed.organization_id)
    joint = placed.inner_join(others, "work_id")
    ties = (
        joint.filter(joint.organization_id < joint.partner_id)
        .group_by("organization_id", "partner_id", "year")
        .agg(works=ibis._.count().cast("float64"))
        .rename(unit_id="organization_id")
        .order_by("unit_id", "partner_id", "year")
        .to_pandas()
    )
    divided = placed.inner_join(fields, "work_id")
    by_field = divided.select(
        "register",
        "scheme",
        "field_id",
        "year",
        definition_id=ibis.literal(""),
        unit_id=divided.organization_id,
        works=divided.credit * divided.weight,
    )
    origin = _profile_origin(by_field, chosen)
    numbers = _numbers(ties)
    return Read(
        material=Material(
            n_units=len(numbers),
            ties=_ties(ties, numbers),
            profiles=_profiles(by_field, origin, numbers),
            apart={},
        ),
        groups={},
        register=chosen,
        profile_register=origin[0],
        scheme=origin[2],
    )


def _joint_register(ws: Workspace, placed: ir.Table, register: str | None) -> str:
    """Return the register asked for, or that with most works of two organizations."""
    registers = [str(name) for name in ws.table("registers").to_pyarrow()["register"].to_pylist()]
    if register is not None and register not in registers:
        raise UnknownNameError.of("register", register, registers)
    per_work = placed.group_by("register", "work_id").agg(n=placed.organization_id.nunique())
    joint = per_work.group_by("register").agg(n=(per_work.n > 1).sum()).to_pandas()
    counts = {str(row.register): int(row.n) for row in joint.itertuples()}
    found = register or max(counts, key=lambda name: counts[name], default="")
    if not counts.get(found):
        listed = ", ".join(f"{name} ({n:,})" for name, n in sorted(counts.items()) if n)
        question = "A back-test of organizations" + (f" of {register}" if register else "")
        raise NotComputableError.because(
            question,
            "no work there names two organizations",
            f"Registers that have such works: {listed}." if listed else "Add a register of works.",
        )
    return found


def _profile_origin(by_field: ir.Table, register: str) -> tuple[str, str, str]:
    """Return register, definition and scheme of profiles, or nothing.

    The finest of the ties' own register, or else the one of most works.
    """
    found: pd.DataFrame = (
        by_field.group_by("register", "definition_id", "scheme")
        .agg(works=by_field.works.sum(), n_fields=by_field.field_id.nunique())
        .to_pandas()
    )
    found = found[found.n_fields >= LEAST_FIELDS]
    own = found[found.register == register]
    if found.empty:
        return ("", "", "")
    chosen = found.sort_values("works") if own.empty else own.sort_values("n_fields")
    first = chosen.iloc[-1]
    return (str(first.register), str(first.definition_id), str(first.scheme))


def _profiles(
    by_field: ir.Table, origin: tuple[str, str, str], numbers: Mapping[object, int]
) -> Profiles:
    register, definition, scheme = origin
    there = by_field.filter(
        (by_field.register == register)
        & (by_field.definition_id == definition)
        & (by_field.scheme == scheme)
    )
    rows: pd.DataFrame = (
        there.group_by("unit_id", "field_id", "year")
        .agg(works=there.works.sum())
        .order_by("unit_id", "field_id", "year")
        .to_pandas()
    )
    rows = rows[rows.unit_id.isin(list(numbers)) & rows.works.notna()]
    fields: dict[object, int] = {field: i for i, field in enumerate(sorted(rows.field_id.unique()))}
    return Profiles(
        unit=_numbered(rows.unit_id, numbers),
        field=_numbered(rows.field_id, fields),
        year=rows.year.to_numpy(dtype=np.int64),
        works=rows.works.to_numpy(dtype=np.float64),
    )


def _numbers(ties: pd.DataFrame) -> dict[object, int]:
    """Return a number for each unit that has a tie."""
    return {unit: i for i, unit in enumerate(sorted({*ties.unit_id} | {*ties.partner_id}))}


def _numbered(names: pd.Series, numbers: Mapping[object, int]) -> Integers:
    return np.array([numbers[name] for name in names], dtype=np.int64)


def _ties(ties: pd.DataFrame, numbers: Mapping[object, int]) -> Ties:
    return Ties(
        left=_numbered(ties.unit_id, numbers),
        right=_numbered(ties.partner_id, numbers),
        year=ties.year.to_numpy(dtype=np.int64),
        works=ties.works.to_numpy(dtype=np.float64),
    )


def apart(ws: Workspace, numbers: Mapping[object, int]) -> dict[str, Floats]:
    """Return what gravity knows of each two countries, NaN where it is unknown."""
    distances = ws.table("country_distances")
    rows: pd.DataFrame = distances.select(
        "country_code_a",
        "country_code_b",
        "distance_km",
        **{name: distances[name].cast("float64") for name in TIES},
    ).to_pandas()
    rows = rows[rows.country_code_a.isin(list(numbers)) & rows.country_code_b.isin(list(numbers))]
    a, b = _numbered(rows.country_code_a, numbers), _numbered(rows.country_code_b, numbers)
    columns = {LOG_DISTANCE: np.log(rows.distance_km.to_numpy(dtype=np.float64))}
    columns |= {name: rows[name].to_numpy(dtype=np.float64) for name in TIES}
    found = {}
    for name, values in columns.items():
        square = np.full((len(numbers), len(numbers)), np.nan)
        square[a, b] = values
        found[name] = square
    return found


def _by_income(ws: Workspace, numbers: Mapping[object, int]) -> dict[str, Booleans]:
    """Return which countries are in each group by income, and which in none."""
    memberships = ws.table("group_memberships")
    rows = (
        memberships.filter(memberships.group_id.isin(INCOME_GROUPS))
        .select("group_id", "country_code")
        .to_pandas()
    )
    found = {}
    for group in INCOME_GROUPS:
        members = rows.country_code[rows.group_id == group]
        is_in = np.zeros(len(numbers), dtype=np.bool_)
        is_in[[numbers[code] for code in members if code in numbers]] = True
        found[group] = is_in
    is_none: Booleans = ~np.any([*found.values()], axis=0)
    return {**found, NO_INCOME: is_none}
