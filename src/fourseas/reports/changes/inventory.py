"""What two versions hold: their registers, the columns of their tables, and how many rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis

from fourseas.lake.ledger import Ledger, Register
from fourseas.schema.table import Column, TableSpec

Row = dict[str, object]

REGISTER_CHANGES = TableSpec(
    name="registers",
    grain="one row per register of either version",
    key=("register",),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("change", "string", "category", "What is not as it was; same where all is."),
        Column("snapshot_before", "string", "date", "Date of its snapshot.", nullable=True),
        Column("snapshot_after", "string", "date", "Date of its snapshot.", nullable=True),
        Column("scope_before", "string", "category", "census, partial, ...", nullable=True),
        Column("scope_after", "string", "category", "census, partial, ...", nullable=True),
        Column("n_parts_before", "int64", "count", "Input parts.", nullable=True),
        Column("n_parts_after", "int64", "count", "Input parts.", nullable=True),
        Column("n_parts_same", "int64", "count", "Parts with the same bytes in both."),
        Column("n_records_before", "int64", "count", "Records read.", nullable=True),
        Column("n_records_after", "int64", "count", "Records read.", nullable=True),
    ),
)

SCHEMA_CHANGES = TableSpec(
    name="schema",
    grain="one row per table, column, type or choice of a definition that is not as it was",
    key=("kind", "name"),
    columns=(
        Column("kind", "string", "category", "table, column, type, definition or code."),
        Column("name", "string", "name", "Of what; a column after its table."),
        Column("before", "string", "text", "What it was; null where it was not.", nullable=True),
        Column("after", "string", "text", "What it is; null where it is not.", nullable=True),
    ),
)

SIZE_CHANGES = TableSpec(
    name="rows",
    grain="one row per table of either version",
    key=("table",),
    columns=(
        Column("table", "string", "name", "The table."),
        Column("rows_before", "int64", "count", "Its rows.", nullable=True),
        Column("rows_after", "int64", "count", "Its rows.", nullable=True),
        Column("change", "int64", "difference", "After less before.", nullable=True),
        Column(
            "relative_change", "float64", "ratio", "The change by the rows before.", nullable=True
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a version holds.

    Attributes
    ----------
    ledger
        Its record.
    registers
        Register to its row of the table `registers`.
    schemas
        Table to its columns with their types.
    """

    ledger: Ledger
    registers: Mapping[str, Row]
    schemas: Mapping[str, ibis.Schema]


def register_changes(before: Inventory, after: Inventory) -> list[Row]:
    """Return each register with date, scope, parts and records in both versions."""
    parts_before, parts_after = (
        {register.register: register for register in side.ledger.registers}
        for side in (before, after)
    )
    rows: list[Row] = []
    for name in sorted({*before.registers, *after.registers}):
        old, new = before.registers.get(name), after.registers.get(name)
        read = parts_before.get(name), parts_after.get(name)
        row: Row = {"register": name, "change": _change(old, new, read)}
        for ending, found in (("before", old), ("after", new)):
            row[f"snapshot_{ending}"] = found and found["snapshot_on"]
            row[f"scope_{ending}"] = found and found["scope"]
            row[f"n_parts_{ending}"] = found and found["n_parts"]
            row[f"n_records_{ending}"] = found and found["n_records"]
        row["n_parts_same"] = len(_hashes(read[0]) & _hashes(read[1]))
        rows.append(row)
    return rows


def _change(old: Row | None, new: Row | None, read: tuple[Register | None, Register | None]) -> str:
    """Say in what a register is not as it was."""
    if old is None:
        return "appeared"
    if new is None:
        return "disappeared"
    told = [
        f"another {name}"
        for name, column in (("snapshot", "snapshot_on"), ("scope", "scope"))
        if old[column] != new[column]
    ]
    if _hashes(read[0]) != _hashes(read[1]):
        told.append("other parts")
    elif _mappings(read[0]) != _mappings(read[1]):
        told.append("read by other rules")
    return ", ".join(told) or "same"


def _hashes(register: Register | None) -> set[str]:
    return {part.sha256 for part in register.parts} if register else set()


def _mappings(register: Register | None) -> set[tuple[str, str]]:
    return {(part.sha256, part.mapping) for part in register.parts} if register else set()


def schema_changes(before: Inventory, after: Inventory) -> list[Row]:
    """Return tables, columns, types and definitions that are not as they were.

    A column that was renamed is one that is no longer there and one that is new: nothing tells
    that both are the same.
    """
    return [
        *_differing("code", _code(before), _code(after)),
        *_absent("table", _tables(before.schemas), _tables(after.schemas)),
        *_of_columns(before.schemas, after.schemas),
        *_of_definitions(before.ledger.definitions, after.ledger.definitions),
    ]


def _code(side: Inventory) -> dict[str, str]:
    return {"fourseas": side.ledger.code_version}


def _tables(schemas: Mapping[str, ibis.Schema]) -> dict[str, str]:
    return {name: f"{len(schema)} columns" for name, schema in schemas.items()}


def _of_columns(before: Mapping[str, ibis.Schema], after: Mapping[str, ibis.Schema]) -> list[Row]:
    """Return columns of the tables that both have."""
    rows: list[Row] = []
    for table in sorted({*before} & {*after}):
        old, new = (
            {f"{table}.{name}": str(dtype) for name, dtype in side[table].items()}
            for side in (before, after)
        )
        for row in _differing("column", old, new):
            is_type = row["before"] is not None and row["after"] is not None
            rows.append(row | {"kind": "type"} if is_type else row)
    return rows


def altered_definitions(before: Inventory, after: Inventory) -> tuple[str, ...]:
    """Return the ids of definitions that both have and that choose otherwise."""
    old, new = before.ledger.definitions, after.ledger.definitions
    return tuple(name for name in sorted({*old} & {*new}) if dict(old[name]) != dict(new[name]))


def _of_definitions(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> list[Row]:
    """Return definitions that one alone has, and choices that differ of those that both have."""
    titles_before, titles_after = (
        {name: choices.get("title", "") for name, choices in side.items()}
        for side in (before, after)
    )
    rows = _absent("definition", titles_before, titles_after)
    for name in sorted({*before} & {*after}):
        old, new = (
            {f"{name}.{choice}": value for choice, value in side[name].items()}
            for side in (before, after)
        )
        rows += _differing("definition", old, new)
    return rows


def _differing(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Row]:
    """Return what is not the same in both, or what one of them has not."""
    return [
        {"kind": kind, "name": name, "before": before.get(name), "after": after.get(name)}
        for name in sorted({*before} | {*after})
        if before.get(name) != after.get(name)
    ]


def _absent(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Row]:
    """Return what one of them has not."""
    old, new = (
        {name: text for name, text in one.items() if name not in other}
        for one, other in ((before, after), (after, before))
    )
    return _differing(kind, old, new)


def size_changes(before: Inventory, after: Inventory) -> list[Row]:
    """Return the rows of each table in both versions."""
    old, new = (
        {table.name: table.rows for table in side.ledger.tables} for side in (before, after)
    )
    rows: list[Row] = []
    for name in sorted({*old} | {*new}):
        n_before, n_after = old.get(name), new.get(name)
        row: Row = {"table": name, "rows_before": n_before, "rows_after": n_after}
        change = None if n_before is None or n_after is None else n_after - n_before
        row["change"] = change
        row["relative_change"] = change / n_before if change is not None and n_before else None
        rows.append(row)
    return rows
