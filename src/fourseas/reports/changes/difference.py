"""Everything that changed between two versions, as tables: what reads them and puts it together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import ibis.expr.types as ir
import pyarrow as pa

from fourseas.catalog import INDICATORS
from fourseas.errors import FourseasError
from fourseas.reports.changes import coverage, inventory, moves, works
from fourseas.reports.changes.inventory import Inventory
from fourseas.reports.changes.works import Works
from fourseas.schema.cells import ALL, UNIT_CELLS
from fourseas.schema.step import Indicator
from fourseas.schema.table import TableSpec
from fourseas.schema.works import COUNTRY_SETS, WORK_FIELDS, WORKS
from fourseas.selection import Selection, restricted
from fourseas.workspace import Workspace, indicator

Part = Literal["registers", "schema", "rows", "coverage", "indicators", "works"]
PARTS: tuple[Part, ...] = ("registers", "schema", "rows", "coverage", "indicators", "works")
"""What a difference is made of; a user may ask for some of it alone."""

THRESHOLD = 0.05
"""Change of the works of a country and year from which it is told, as a part of the greater."""

COMPARED = (WORKS, COUNTRY_SETS, WORK_FIELDS)
"""What works are compared by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be compared.

    Attributes
    ----------
    only
        Some of `PARTS`; empty for all.
    countries, fields
        Of indicators, as of a `Selection`: all countries and groups if empty, and all fields
        together. Null fields stand for each of them.
    indicators
        Indicators by name; if empty, all but those of pairs and those of single fields alone,
        which are compared where fields are named.
    threshold
        Of coverage, see `coverage_changes`.
    """

    only: tuple[Part, ...] = ()
    countries: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = ()
    indicators: tuple[str, ...] = ()
    threshold: float = THRESHOLD

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that are asked for."""
        return tuple(part for part in PARTS if part in self.only) if self.only else PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A version that is compared: its lake, number, date and the fourseas that built it."""

    lake: str
    version: int
    built_at: str
    code_version: str

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return f"version {self.version} of {self.lake}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed between two versions.

    Attributes
    ----------
    before, after
        The two versions.
    asked
        What was to be compared.
    tables
        Rows by the name of their declaration; what was not asked for, or cannot be compared,
        is absent.
    not_compared
        What could not be compared, why, and what to do about it.
    """

    before: Side
    after: Side
    asked: Asked
    tables: Mapping[str, pa.Table]
    not_compared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two open versions, what they hold, and what is asked of them."""

    before: Workspace
    after: Workspace
    sides: tuple[Side, Side]
    held: tuple[Inventory, Inventory]
    asked: Asked

    @property
    def shared(self) -> list[str]:
        """Registers that both have: numbers of another one are not compared but gone or new."""
        return [name for name in self.held[0].registers if name in self.held[1].registers]


@dataclass(frozen=True, slots=True)
class _Found:
    """Tables of one part, and what could not be compared for it."""

    tables: Mapping[str, pa.Table]
    problems: tuple[str, ...] = ()


def difference(before: Workspace, after: Workspace, asked: Asked) -> Difference:
    """Compare two versions.

    Raises
    ------
    FourseasError
        If both are the same version of the same lake, or the threshold is no share.
    UnknownNameError
        For a country, field or indicator that is not known.
    """
    _check(asked)
    sides = _side(before), _side(after)
    if before.lake.root.resolve() == after.lake.root.resolve() and before.version == after.version:
        message = f"Both are {sides[1].name}: a version does not differ from itself."
        raise FourseasError(message, "Name two versions, or two lakes.")
    pair = _Pair(
        before=before,
        after=after,
        sides=sides,
        held=(_inventory(before), _inventory(after)),
        asked=asked,
    )
    tables: dict[str, pa.Table] = {}
    problems: list[str] = []
    for part in asked.parts:
        found = _COMPARED[part](pair)
        tables |= found.tables
        problems.extend(found.problems)
    return Difference(
        before=sides[0],
        after=sides[1],
        asked=asked,
        tables=tables,
        not_compared=tuple(dict.fromkeys(problems)),
    )


def _check(asked: Asked) -> None:
    """Refuse what means nothing before anything is read."""
    for name in asked.indicators:
        indicator(name)
    if not 0 <= asked.threshold <= 1:
        message = f"The threshold is {asked.threshold:g}, but it is a share of works."
        raise FourseasError(message, "Give a number from 0 to 1, such as 0.05.")


def _side(ws: Workspace) -> Side:
    return Side(
        lake=str(ws.lake.root),
        version=int(ws.version),
        built_at=ws.ledger.built_at,
        code_version=ws.ledger.code_version,
    )


def _inventory(ws: Workspace) -> Inventory:
    listed = ws.table("registers").to_pyarrow().to_pylist()
    return Inventory(
        ledger=ws.ledger,
        registers={str(row["register"]): row for row in listed},
        schemas={name: ws.table(name).schema() for name in ws.tables},
    )


def _registers(pair: _Pair) -> _Found:
    rows = inventory.register_changes(*pair.held)
    return _Found({"registers": _arrow(inventory.REGISTER_CHANGES, rows)})


def _schema(pair: _Pair) -> _Found:
    rows = inventory.schema_changes(*pair.held)
    return _Found({"schema": _arrow(inventory.SCHEMA_CHANGES, rows)})


def _rows(pair: _Pair) -> _Found:
    rows = inventory.size_changes(*pair.held)
    return _Found({"rows": _arrow(inventory.SIZE_CHANGES, rows)})


def _coverage(pair: _Pair) -> _Found:
    """Compare works and known countries in the registers that both have."""
    problem = _unfit(pair, "Coverage", (UNIT_CELLS,))
    if problem is not None:
        return _Found({}, (problem,))
    kept = []
    for name, ws in (("coverage_before", pair.before), ("coverage_after", pair.after)):
        cells = ws.table("unit_cells")
        found = coverage.coverage(cells.filter(cells.register.isin(pair.shared)))
        kept.append(pair.after.kept(name, found.to_pyarrow()))
    changes = coverage.coverage_changes(*kept, threshold=pair.asked.threshold)
    return _Found(
        {
            "coverage": changes.to_pyarrow(),
            "countries": coverage.country_changes(*kept).to_pyarrow(),
        },
        tuple(_alone(pair)),
    )


def _numbers(pair: _Pair) -> _Found:
    """Compare numbers of the indicators that this fourseas can compute from both versions."""
    problems = {one: _unfit(pair, f"`{one.name}`", one.reads) for one in _indicators(pair.asked)}
    told = (*_alone(pair), *(problem for problem in problems.values() if problem is not None))
    fit = [one for one, problem in problems.items() if problem is None]
    if not fit:
        return _Found({}, told)
    old, new = _numbers_of(pair, pair.before, fit), _numbers_of(pair, pair.after, fit)
    old = pair.after.kept("numbers_before", old.to_pyarrow())
    altered = inventory.altered_definitions(*pair.held)
    compared = pair.after.kept("moves", moves.moves(old, new, altered))
    tables = {
        "indicators": moves.changed(compared).to_pyarrow(),
        "measures": moves.counts(compared).to_pyarrow(),
    }
    return _Found(tables, told)


def _numbers_of(pair: _Pair, ws: Workspace, compared: Iterable[Indicator]) -> ir.Table:
    """Compute numbers of one version, one indicator after another."""
    portions = []
    for one in compared:
        # Names are looked up in one version, so that both are asked for the same.
        chosen = restricted(ws.table(one.name), pair.after.resolved(_selection(one, pair.asked)))
        portions.append(moves.numbers(chosen.filter(chosen.register.isin(pair.shared)), one))
    return ws.gathered("numbers_of_version", portions)


def _unfit(pair: _Pair, what: str, specs: Iterable[TableSpec]) -> str | None:
    """Say why this fourseas cannot read the tables of either version; null where it can."""
    for spec in specs:
        for side, found_there in zip(pair.sides, pair.held, strict=True):
            found = found_there.schemas.get(spec.name)
            problem = "" if found is not None else f"it has no table {spec.name}"
            if found is not None:
                problem = next(_misfits(spec, dict(found.items())), "")
            if problem:
                return (
                    f"{what} cannot be compared: {side.name} was built by fourseas "
                    f"{side.code_version} with other tables than this one reads ({problem}). "
                    f"Build it again: fourseas build {side.lake}."
                )
    return None


def _misfits(spec: TableSpec, found: Mapping[str, object]) -> Iterator[str]:
    """Yield what is not as a declaration says, of the columns that it names."""
    for name, dtype in spec.ibis_schema.items():
        if name not in found:
            yield f"{spec.name} has no column {name}"
        elif found[name] != dtype:
            yield f"{spec.name}.{name} is {found[name]}, not {dtype}"


def _alone(pair: _Pair) -> Iterator[str]:
    """Say which registers one version alone has."""
    for side, found in zip(pair.sides, pair.held, strict=True):
        names = [name for name in sorted(found.registers) if name not in pair.shared]
        if names:
            yield (
                f"Coverage and indicators are not compared in {', '.join(names)}, which "
                f"{side.name} alone has."
            )


def _indicators(asked: Asked) -> tuple[Indicator, ...]:
    """Return the indicators to compare."""
    if asked.indicators:
        return tuple(one for one in INDICATORS if one.name in asked.indicators)
    names_fields = asked.fields is None or bool(asked.fields)
    return tuple(
        one
        for one in INDICATORS
        if not moves.is_of_pairs(one)
        and (names_fields or not one.is_of_fields)
        and ("unit_id" in one.writes.column_names or not asked.countries)
    )


def _selection(one: Indicator, asked: Asked) -> Selection:
    """Return which rows of an indicator are compared."""
    left_out = () if one.is_of_fields else (ALL,)
    return Selection(
        indicator=one.name,
        countries=asked.countries,
        fields=() if asked.fields is None else asked.fields or left_out,
    )


def _works(pair: _Pair) -> _Found:
    """Compare works by the numbers of their registers."""
    problem = _unfit(pair, "Works", COMPARED)
    if problem is not None:
        return _Found({}, (problem,))
    after = pair.after
    old, new = (
        Works(works=listed, country_sets=sets, work_fields=fields)
        for listed, sets, fields in (
            (after.other(spec.name, pair.before) for spec in COMPARED),
            (after.table(spec.name) for spec in COMPARED),
        )
    )
    changes = after.kept("work_changes", works.work_changes(old, new))
    examples: dict[tuple[object, object], list[str]] = {}
    for row in works.work_examples(changes).to_pyarrow().to_pylist():
        examples.setdefault((row["register"], row["change"]), []).append(str(row["work_label"]))
    rows = [
        row | {"examples": ", ".join(examples.get((row["register"], row["change"]), [])) or None}
        for row in works.work_counts(changes, old.works).to_pyarrow().to_pylist()
    ]
    return _Found({"works": _arrow(works.WORK_CHANGES, rows)})


_COMPARED: dict[Part, Callable[[_Pair], _Found]] = {
    "registers": _registers,
    "schema": _schema,
    "rows": _rows,
    "coverage": _coverage,
    "indicators": _numbers,
    "works": _works,
}


def _arrow(spec: TableSpec, rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=spec.ibis_schema.to_pyarrow())
