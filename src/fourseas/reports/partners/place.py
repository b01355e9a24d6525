"""Where partners are sought: units of one kind, in one register and one scheme of fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.errors import (
    AmbiguousNameError,
    FourseasError,
    NotComputableError,
    UnknownNameError,
)
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.works import OVERLAPPING_SCHEMES, TOPIC_SCHEME
from fourseas.workspace import WORLD_UNITS, Workspace

Units = Literal["country", "organization"]
PLURAL: dict[Units, str] = {"country": "countries", "organization": "organizations"}

YEARS = 5
"""Years up to the last that partners are told by, where none are said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What partners are sought in.

    Attributes
    ----------
    fields
        Fields by id or name; every field of a scheme where none is said.
    register
        The one with most works there where none is said.
    years
        First and last; the last five where none are said.
    """

    fields: tuple[str, ...] = ()
    register: str | None = None
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Cells of one kind of units in one register, definition, scheme and period.

    Attributes
    ----------
    field_ids
        Fields of the scheme that are asked for; none for every field.
    """

    units: Units
    register: str
    definition_id: str
    scheme: str
    field_ids: tuple[str, ...]
    years: tuple[int, int]

    @property
    def cells(self) -> str:
        """The table of cells that has the scheme."""
        return "topic_cells" if self.scheme == TOPIC_SCHEME else "unit_cells"

    def of(self, table: ir.Table) -> ir.Table:
        """Return the rows of a table of cells that lie there, of every field and unit."""
        return table.filter(
            (table.register == self.register)
            & (table.definition_id == self.definition_id)
            & (table.scheme == self.scheme)
            & table.year.between(*self.years)
        )


def unit(ws: Workspace, name: str, register: str | None = None) -> tuple[Units, str]:
    """Return which country or organization a name, code or id means, first of a register.

    Raises
    ------
    UnknownNameError
        For a name of neither; it offers the nearest of both.
    AmbiguousNameError
        For a name of several organizations; it lists them.
    FourseasError
        For several countries, a group, and the world.
    """
    try:
        found = ws.unit_ids([name])
    except UnknownNameError as no_country:
        try:
            return "organization", ws.organization_ids([name], register)[0]
        except AmbiguousNameError:
            raise
        except UnknownNameError as no_organization:
            problem = f"There is no country and no organization named `{name}`."
            remedy = f"{no_country.remedy} {no_organization.remedy}"
            raise UnknownNameError(problem, remedy) from None
    groups = {*WORLD_UNITS, *_groups(ws)}
    if len(found) != 1 or found[0] in groups:
        message = f"`{name}` is not one country or organization."
        raise FourseasError(message, "Name one country or one organization; of a group, a member.")
    return "country", found[0]


def _groups(ws: Workspace) -> set[str]:
    listed = ws.table("group_memberships").select("group_id").distinct().to_pyarrow()
    return {str(one) for one in listed["group_id"].to_pylist()}


def place(ws: Workspace, units: Units, asked: Asked) -> Place:
    """Return the place with most works that has the fields that are asked for.

    Raises
    ------
    UnknownNameError
        For a field or register that is not known.
    NotComputableError
        Where these units have no works there; it says where they have some.
    """
    registers = [str(one) for one in ws.table("registers").to_pyarrow()["register"].to_pylist()]
    if asked.register is not None and asked.register not in registers:
        raise UnknownNameError.of("register", asked.register, registers)
    wanted = ws.field_ids(asked.fields)
    defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
    cells = ws.table("unit_cells")
    there = cells.filter(
        (cells.unit_type == units)
        & cells.scheme.notin([ALL, *OVERLAPPING_SCHEMES])
        & cells.definition_id.isin(defaults)
    )
    kept = there
    if asked.register is not None:
        kept = kept.filter(kept.register == asked.register)
    if wanted and wanted != (ALL,):
        kept = kept.filter(kept.field_id.isin(wanted))
    if asked.years is not None:
        kept = kept.filter(kept.year.between(*asked.years))
    # Fields of a scheme may lie in each other: the one with most fields of those asked for wins.
    sums = kept.group_by("register", "definition_id", "scheme").agg(
        n_fields=kept.field_id.nunique(), works=kept.n.sum(), last=kept.year.max()
    )
    order = [ibis.desc("works"), "register", "definition_id", "scheme"]
    best = sums.order_by(*order).limit(1).to_pyarrow().to_pylist()
    if not best:
        raise _nothing(ws, units, asked, there)
    found = best[0]
    listed = ws.table("fields")
    of_scheme = listed.filter(listed.scheme == found["scheme"]).select("field_id").to_pyarrow()
    last = int(found["last"])
    return Place(
        units=units,
        register=str(found["register"]),
        definition_id=str(found["definition_id"]),
        scheme=str(found["scheme"]),
        field_ids=tuple(
            sorted({str(one) for one in of_scheme["field_id"].to_pylist()} & {*wanted})
        ),
        years=asked.years or (last - YEARS + 1, last),
    )


def _nothing(ws: Workspace, units: Units, asked: Asked, there: ir.Table) -> NotComputableError:
    """Say that these units have no works where they were sought, and where they have."""
    present = (
        there.group_by("register", "scheme")
        .agg(first=there.year.min(), last=there.year.max(), n_fields=there.field_id.nunique())
        .order_by("register", "scheme")
        .to_pyarrow()
        .to_pylist()
    )
    listed = "; ".join(
        f"{row['register']} by {row['scheme']}, {row['first']}-{row['last']}, "
        f"{row['n_fields']} fields"
        for row in present
    )
    what = ", ".join(asked.fields) or "any field"
    near = ws.table("fields")
    parents = near.filter(near.field_id.isin(ws.field_ids(asked.fields)))
    siblings = near.semi_join(parents.filter(parents.parent_id.notnull()), "parent_id")
    names = siblings.select("field_name").distinct().order_by("field_name").limit(6).to_pyarrow()
    nearest = ", ".join(str(one) for one in names["field_name"].to_pylist())
    return NotComputableError.because(
        f"Partners among {PLURAL[units]} in {what}",
        "they have no work there in this lake",
        (f"Fields: {listed}." if listed else "Add a register of works.")
        + (f" Nearest by the scheme: {nearest}." if nearest else ""),
    )
