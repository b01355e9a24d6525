"""Where a model takes its flows from: one register, one definition, one field."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace

LAST = 9999
"""The last year of a period without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What flows are asked for.

    Attributes
    ----------
    question
        What is asked, for messages.
    flows
        What flows are, in words.
    measure
        Column that holds them.
    field
        By id or name.
    years
        First and last; all where none is said.
    register
        The one with most flows where none is said.
    """

    question: str
    flows: str
    measure: str
    field: str
    years: tuple[int, int] | None
    register: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One register, one definition, one field."""

    register: str
    definition_id: str
    scheme: str
    field_id: str

    def of(self, table: ir.Table) -> ir.Table:
        """Return the rows of a table that lie there."""
        return table.filter(
            (table.register == self.register)
            & (table.definition_id == self.definition_id)
            & (table.scheme == self.scheme)
            & (table.field_id == self.field_id)
        )


def place(ws: Workspace, table: ir.Table, wanted: Wanted) -> Place:
    """Return the place of a table that is asked for, or else that with the largest flows.

    Raises
    ------
    UnknownNameError
        For a field or register that is not known.
    NotComputableError
        Where there are no such flows.
    """
    registers = [str(name) for name in ws.table("registers").to_pyarrow()["register"].to_pylist()]
    if wanted.register is not None and wanted.register not in registers:
        raise UnknownNameError.of("register", wanted.register, registers)
    fields = ws.field_ids([wanted.field])
    defaults = [one.definition_id for one in DEFINITIONS if one.is_default]
    there = table.filter(table.field_id.isin(fields) & table.definition_id.isin(defaults))
    if wanted.years is not None:
        there = there.filter(there.year.between(*wanted.years))
    measure = there[wanted.measure]
    sums: pd.DataFrame = (
        there.filter((there.unit_type == "country") & (measure > 0))
        .group_by("register", "definition_id", "scheme", "field_id")
        .agg(total=measure.sum())
        .to_pandas()
        .sort_values("total", ascending=False)
    )
    if wanted.register is not None:
        sums = sums[sums.register == wanted.register]
    if sums.empty:
        raise _nothing(table, wanted)
    first = sums.iloc[0]
    return Place(
        register=str(first.register),
        definition_id=str(first.definition_id),
        scheme=str(first.scheme),
        field_id=str(first.field_id),
    )


def of_no_census(ws: Workspace, at: Place) -> tuple[str, ...]:
    """Say, where the register is no census, that what is told of its works is not of the world."""
    registers = ws.table("registers")
    scope: str = (
        registers.filter(registers.register == at.register).to_pyarrow()["scope"][0].as_py()
    )
    if scope == "census":
        return ()
    what = (
        "a census of which parts are missing from the lake"
        if scope == "partial"
        else f"a {scope} and no census"
    )
    line = f"The register {at.register} is {what}: this tells of its works, not of the world's."
    return (line,)


def _nothing(table: ir.Table, wanted: Wanted) -> NotComputableError:
    """Say which flows there are."""
    of_countries = table.filter(table.unit_type == "country")
    present = (
        of_countries.group_by("register")
        .agg(
            first=of_countries.year.min(),
            last=of_countries.year.max(),
            fields=of_countries.field_id.nunique(),
        )
        .order_by("register")
        .to_pyarrow()
        .to_pylist()
    )
    listed = "; ".join(
        f"{row['register']}, {row['first']}-{row['last']}, {row['fields']} fields or totals"
        for row in present
    )
    asked = [f"field {wanted.field}"]
    if wanted.years is not None:
        asked.append(period(wanted.years))
    if wanted.register is not None:
        asked.append(f"register {wanted.register}")
    return NotComputableError.because(
        f"{wanted.question} ({', '.join(asked)})",
        f"the lake holds no {wanted.flows} of two countries there",
        f"There is: {listed}." if listed else "Add a register of works, or the matrix.",
    )


def period(years: tuple[int, int]) -> str:
    """Return years in words."""
    first, last = years
    return f"years from {first}" if last == LAST else f"years {first}-{last}"
