"""Whether what was read is what is there: records, works and repeated records by register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fourseas.lake.ledger import Register
from fourseas.schema.staged import STAGED_WORKS
from fourseas.schema.table import Column, TableSpec

CONSERVED_RECORDS = TableSpec(
    name="conserved_records",
    grain="one row per register with works",
    key=("register",),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("n_records", "int64", "count", "Records in its parts that hold works."),
        Column("n_rejected", "int64", "count", "Of these, not staged: they are no works."),
        Column("n_staged", "int64", "count", "Staged as works."),
        Column("n_repeated", "int64", "count", "Of these, a work that another record tells."),
        Column("n_works", "int64", "works", "Works in the lake."),
        Column(
            "n_lost",
            "int64",
            "difference",
            "n_staged - n_repeated - n_works; must be 0.",
        ),
    ),
)


def repeated_records(work_records: ir.Table) -> ir.Table:
    """Return works of each register, and records beside the one that counts."""
    return work_records.group_by("register").agg(
        n_works=work_records.count(),
        n_repeated=(work_records.n_records - 1).sum(),
    )


def conserved_records(registers: Iterable[Register], repeated: ir.Table) -> pa.Table:
    """Return the account of every register with works: what was read and where it is.

    Parameters
    ----------
    registers
        What the ledger of the version says of them.
    repeated
        `repeated_records`.
    """
    counted = {str(row["register"]): row for row in repeated.to_pyarrow().to_pylist()}
    rows = [_account(one, counted.get(one.register, {})) for one in registers if _has_works(one)]
    types = [
        (column.name, ibis.dtype(column.dtype).to_pyarrow()) for column in CONSERVED_RECORDS.columns
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


def _has_works(register: Register) -> bool:
    return any(STAGED_WORKS.name in part.rows for part in register.parts)


def _account(register: Register, counted: Mapping[str, int]) -> dict[str, object]:
    parts = [part for part in register.parts if STAGED_WORKS.name in part.rows]
    n_records = sum(part.n_records for part in parts)
    n_staged = sum(part.rows[STAGED_WORKS.name] for part in parts)
    n_works, n_repeated = int(counted.get("n_works", 0)), int(counted.get("n_repeated", 0))
    return {
        "register": register.register,
        "n_records": n_records,
        "n_rejected": n_records - n_staged,
        "n_staged": n_staged,
        "n_repeated": n_repeated,
        "n_works": n_works,
        "n_lost": n_staged - n_repeated - n_works,
    }
