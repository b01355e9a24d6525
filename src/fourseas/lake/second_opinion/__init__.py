"""A second opinion on numbers: plain SQL from staged records, without any step of a build.

`records.sql` reads works, authors and addresses out of staged records, `counted.sql` says from
the words of the definitions what is counted for whom, and `<table>.sql` measures. Nobody who
wrote them looked at the cells; the tests hold both ways to each other on random worlds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

import ibis.expr.types as ir

from fourseas.errors import LakeError
from fourseas.lake import engine, ledger
from fourseas.lake.layout import Lake
from fourseas.schema.countries import GROUP_MEMBERSHIPS
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FUNDER_DOIS,
    STAGED_FUNDINGS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATIONS,
    STAGED_RETRACTIONS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.table import arrow_schema

READS = (
    STAGED_WORKS,
    STAGED_AUTHORSHIPS,
    STAGED_AFFILIATIONS,
    STAGED_WORK_FIELDS,
    STAGED_CITATIONS,
    STAGED_FUNDINGS,
    STAGED_FUNDER_DOIS,
    STAGED_ORGANIZATIONS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_RETRACTIONS,
    GROUP_MEMBERSHIPS,
)
"""What `records.sql` reads."""

PREPARING = ("records", "counted")
"""Statements that prepare what the others read."""


def names() -> tuple[str, ...]:
    """Return the tables of which there is a second opinion."""
    found = (path.name for path in resources.files(__name__).iterdir())
    stems = (name.removesuffix(".sql") for name in found if name.endswith(".sql"))
    return tuple(sorted(stem for stem in stems if stem not in PREPARING))


def statement(name: str) -> str:
    """Return a statement as it is written."""
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def second_opinion(
    lake: Lake, registers: tuple[ledger.Register, ...], name: str
) -> Iterator[ir.Table]:
    """Compute a table from the staged records of registers, on an engine of its own.

    Raises
    ------
    LakeError
        If staged records are no longer there.
    """
    con = engine.connect(lake)
    try:
        for spec in READS:
            files = [
                lake.staging / register.register / part.stage / f"{spec.name}.parquet"
                for register in registers
                for part in register.parts
                if spec.name in part.rows
            ]
            gone = [path for path in files if not path.is_file()]
            if gone:
                message = f"{gone[0]}, which the version was built from, is not there any longer."
                remedy = f"Run `fourseas build {lake.root}`; if it stays, `fourseas doctor`."
                raise LakeError(message, remedy)
            if files:
                engine.stored(con, files, spec.name)
            else:
                engine.hold(con, arrow_schema(spec).empty_table(), spec.name)
        engine.hold(con, ledger.registers_table(registers), "world_registers")
        for preparing in PREPARING:
            con.raw_sql(statement(preparing))
        asked = statement(name).rstrip().removesuffix(";")
        con.raw_sql(f"CREATE TABLE second_opinion AS\n{asked}")
        yield con.table("second_opinion")
    finally:
        con.disconnect()
