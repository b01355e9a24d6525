"""What a version is made by, and what that means for what a lake holds now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from fourseas.errors import LakeError
from fourseas.lake import engine, ledger
from fourseas.lake.kernels import Kernel
from fourseas.lake.layout import Lake
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec, unbound
from fourseas.schema.works import REGISTERS

STAGED = "staged_"
PUBLISHED = "published_"
"""Before the name of a table: its rows as registers publish them. A step may read them under this
name and write its own; where none does, they become the table as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a version is made by.

    Attributes
    ----------
    steps
        Computations, in any order.
    loaded
        Tables that registers publish as they are, rather than as staged records.
    given
        Small tables that come with the package, by name.
    kernels
        By table, what computes it in place of the engine.
    """

    steps: tuple[Step, ...]
    loaded: tuple[TableSpec, ...]
    given: Mapping[str, pa.Table]
    kernels: Mapping[str, Kernel] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StagedFile:
    """The file of a staged table, the part that it comes from, and its rows."""

    path: Path
    part: ledger.StagedPart
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A recipe applied to what a lake holds.

    Attributes
    ----------
    lake, registers
        The lake and the registers in it.
    steps
        All steps in an order in which each finds what it reads.
    given
        The tables that are given, the registers among them.
    staged
        Table that a step reads to the staged files that make it up, of which there may be none.
    kernels
        By table, what computes it in place of the engine.
    fingerprint
        Hash of all that decides what the tables hold.
    """

    lake: Lake
    registers: tuple[ledger.Register, ...]
    steps: tuple[Step, ...]
    given: Mapping[str, pa.Table]
    staged: Mapping[str, tuple[StagedFile, ...]]
    kernels: Mapping[str, Kernel]
    fingerprint: str


def assemble(lake: Lake, recipe: Recipe) -> Assembly:
    """Apply a recipe to what the lake holds.

    Raises
    ------
    LakeError
        If it holds nothing.
    """
    registers = ledger.read_registers(lake)
    if not registers:
        raise LakeError.nothing_added(str(lake.root))
    given = dict(recipe.given) | {REGISTERS.name: ledger.registers_table(registers)}
    computed = {step.writes.name for step in recipe.steps}
    as_they_are = tuple(_as_it_is(spec) for spec in recipe.loaded if spec.name not in computed)
    staged = _staged_files(lake, registers, (*as_they_are, *recipe.steps))
    steps = ordered((*as_they_are, *recipe.steps), {*given, *staged})
    return Assembly(
        lake=lake,
        registers=registers,
        steps=steps,
        given=given,
        staged=staged,
        kernels=recipe.kernels,
        fingerprint=_fingerprint(registers, steps, given, recipe.kernels),
    )


def _as_it_is(spec: TableSpec) -> Step:
    """Return the step that takes what registers publish for the table itself."""
    published = replace(spec, name=f"{PUBLISHED}{spec.name}")
    return Step(compute=_unchanged, reads=(published,), writes=spec)


def _unchanged(table: ir.Table) -> ir.Table:
    return table


def _staged_files(
    lake: Lake, registers: Iterable[ledger.Register], steps: Iterable[Step]
) -> dict[str, tuple[StagedFile, ...]]:
    """Return the files of each staged table that a step reads."""
    files: dict[str, list[StagedFile]] = {}
    for register in registers:
        for part in register.parts:
            directory = lake.staging / register.register / part.stage
            for name, rows in part.rows.items():
                path = directory / f"{name}.parquet"
                files.setdefault(name, []).append(StagedFile(path, part, rows))
    read = {spec.name for step in steps for spec in step.reads}
    return {
        name: tuple(files.get(name.removeprefix(PUBLISHED), ()))
        for name in sorted(read)
        if name.startswith((STAGED, PUBLISHED))
    }


def ordered(steps: tuple[Step, ...], present: set[str]) -> tuple[Step, ...]:
    """Return the steps so that each comes after those that write what it reads."""
    written = [step.writes.name for step in steps]
    assert len(set(written)) == len(written), f"two steps write one table: {sorted(written)}"
    assert not present & set(written), f"steps write given tables: {present & set(written)}"
    ordered: list[Step] = []
    known = set(present)
    waiting = list(steps)
    while waiting:
        ready = [step for step in waiting if {spec.name for spec in step.reads} <= known]
        names = [step.writes.name for step in waiting]
        assert ready, f"{names} read tables that nothing writes, or each other's"
        ordered.extend(ready)
        known.update(step.writes.name for step in ready)
        waiting = [step for step in waiting if step not in ready]
    return tuple(ordered)


def _fingerprint(
    registers: Iterable[ledger.Register],
    steps: Iterable[Step],
    given: Mapping[str, pa.Table],
    kernels: Mapping[str, Kernel],
) -> str:
    """Return a hash of all that decides what the tables hold."""
    stages = [part.stage for register in registers for part in register.parts]
    statements = [
        f"{step.writes.name} {step.writes.key} {step.writes.ibis_schema} "
        + engine.sql(expression(step))
        for step in steps
    ]
    rows = [
        f"{name} {table.schema} {json.dumps(table.to_pylist(), default=str)}"
        for name, table in sorted(given.items())
    ]
    versions = [f"{name} by kernel {kernel.version}" for name, kernel in sorted(kernels.items())]
    return ledger.sha256_of_texts([ledger.code_version(), *stages, *statements, *rows, *versions])


def expression(step: Step) -> ir.Table:
    """Return a step's table, in the order of its key, from the tables that it reads."""
    table = step.compute(*(unbound(spec) for spec in step.reads))
    return table.order_by(*step.writes.key) if step.writes.key else table
