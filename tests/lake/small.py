"""A small register and three steps on it, for tests of the lake that need no real source."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from fourseas.lake import ingest, layout, ledger
from fourseas.lake.build import BuildReport, build
from fourseas.lake.layout import Lake
from fourseas.lake.progress import Unit
from fourseas.lake.recipe import Recipe
from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.step import Step
from fourseas.schema.table import ROUNDING, Column, Law, TableSpec, conform
from fourseas.schema.works import REGISTERS

Record = dict[str, object]
Rows = list[dict[str, object]]

STAGED_TREES = TableSpec(
    name="staged_trees",
    grain="one row per record",
    key=("part_key", "record"),
    columns=(
        Column("part_key", "string", "id", "Hash of the input part."),
        Column("record", "int64", "id", "Place of the record in its part."),
        Column("tree_key", "int64", "id", "The register's number of the tree."),
        Column("kind", "string", "category", "Kind of tree.", nullable=True),
        Column("share", "float64", "share", "Part of it that stands in the sun.", nullable=True),
        Column("salted", "string", "text", "The salt of the lake and the kind."),
    ),
)

STAGED_LEAVES = TableSpec(
    name="staged_leaves",
    grain="one row per record and leaf",
    key=("part_key", "record", "leaf"),
    columns=(
        Column("part_key", "string", "id", "Hash of the input part."),
        Column("record", "int64", "id", "Place of the record in its part."),
        Column("leaf", "int64", "count", "Place among the leaves, from 1."),
        Column("color", "string", "name", "Its color."),
    ),
)

KINDS = TableSpec(
    name="kinds",
    grain="one row per kind",
    key=("kind",),
    columns=(
        Column("kind", "string", "category", "Kind of tree."),
        Column("height_km", "float64", "km", "How high it grows.", nullable=True),
    ),
)

GROVE_CELLS = TableSpec(
    name="grove_cells",
    grain="one row per kind",
    key=("kind",),
    columns=(
        Column("kind", "string", "category", "Kind of tree."),
        Column("n", "int64", "count", "Trees."),
    ),
)
PUBLISHED_GROVE_CELLS = changed(GROVE_CELLS, name="published_grove_cells")


def _overshared(trees: ir.Table) -> ir.Table:
    by_kind = trees.group_by("kind").agg(share=trees.share.sum(), n=trees.count())
    return by_kind.filter(by_kind.share > by_kind.n + ROUNDING)


TREES = TableSpec(
    name="trees",
    grain="one row per tree, from the last record of it",
    key=("tree_key",),
    columns=(
        Column("tree_key", "int64", "id", "The register's number of the tree."),
        Column("kind", "string", "category", "Kind of tree."),
        Column("share", "float64", "share", "Part of it that stands in the sun.", nullable=True),
        Column("n_leaves", "int64", "count", "Leaves."),
        Column("register", "string", "code", "The register."),
    ),
    laws=(Law("trees share no more sun than there are trees", _overshared),),
)

NOTES = pa.table({"note": ["a", "b"], "weight": [1, 2]})

TREE_RAW = ibis.schema(
    {
        "id": "int64",
        "kind": "string",
        "share": "float64",
        "leaves": "array<struct<color: string>>",
    }
)
FLAT_RAW = ibis.schema({"id": "int64", "kind": "string", "share": "float64"})
KIND_RAW = ibis.schema({"kind": "string", "height_km": "float64"})
CELL_RAW = ibis.schema({"kind": "string", "n": "int64"})


def staged_trees(raw: ir.Table) -> ir.Table:
    """Map a record to a tree."""
    salted = raw.person_salt.concat(":", raw.kind.fill_null("unknown"))
    return conform(raw.mutate(tree_key=raw.id, salted=salted), STAGED_TREES)


def staged_leaves(raw: ir.Table) -> ir.Table:
    """Map a record to its leaves."""
    listed = raw.select("part_key", "record", leaf_of=raw.leaves).unnest("leaf_of", offset="place")
    return conform(
        listed.mutate(leaf=listed.place + 1, color=listed.leaf_of["color"]), STAGED_LEAVES
    )


def kinds(raw: ir.Table) -> ir.Table:
    """Take kinds as they are."""
    return conform(raw, KINDS)


def published_cells(raw: ir.Table) -> ir.Table:
    """Take cells as they are."""
    return conform(raw, GROVE_CELLS)


JSON_INTAKE = Intake(
    files=("**/trees/**/part_*.gz", "**/trees*.jsonl", "**/trees*.jsonl.gz", "**/trees*.json"),
    format="jsonl",
    raw=TREE_RAW,
    needed=("id",),
    feeds=(
        Feed(writes=STAGED_TREES, compute=staged_trees),
        Feed(writes=STAGED_LEAVES, compute=staged_leaves),
    ),
)
CSV_INTAKE = Intake(
    files=("**/trees*.csv", "**/trees*.csv.gz"),
    format="csv",
    raw=FLAT_RAW,
    needed=("id",),
    feeds=(Feed(writes=STAGED_TREES, compute=staged_trees),),
)
PARQUET_INTAKE = Intake(
    files=("**/trees*.parquet",),
    format="parquet",
    raw=FLAT_RAW,
    needed=("id",),
    feeds=(Feed(writes=STAGED_TREES, compute=staged_trees),),
)

FOREST = Source(
    name="forest",
    title="Register of trees",
    licence="CC0-1.0",
    url="https://example.org/forest",
    citation="Nobody (2020), Trees.",
    scope=None,
    intakes=(JSON_INTAKE, CSV_INTAKE, PARQUET_INTAKE),
)


STATED_TREES = changed(
    STAGED_TREES,
    columns=(
        *STAGED_TREES.columns,
        Column("snapshot_on", "string", "date", "Date of the snapshot."),
    ),
)


def stated_trees(raw: ir.Table) -> ir.Table:
    """Map a record to a tree that says of which snapshot it is."""
    return conform(raw.mutate(tree_key=raw.id, salted=raw.person_salt), STATED_TREES)


def remapped(compute: Callable[[ir.Table], ir.Table], writes: TableSpec = STAGED_TREES) -> Source:
    """Return the register of trees with another mapping of JSON records to trees."""
    feeds = (Feed(writes=writes, compute=compute), *JSON_INTAKE.feeds[1:])
    return changed(FOREST, intakes=(changed(JSON_INTAKE, feeds=feeds),))


BOTANY = Source(
    name="botany",
    title="Register of kinds",
    licence="CC-BY-4.0",
    url="https://example.org/botany",
    citation="Nobody (2021), Kinds.",
    scope="census",
    intakes=(
        Intake(
            files=("kinds*.csv", "*/kinds*.csv"),
            format="csv",
            raw=KIND_RAW,
            needed=("kind",),
            feeds=(Feed(writes=KINDS, compute=kinds),),
        ),
        Intake(
            files=("*/cells*.csv",),
            format="csv",
            raw=CELL_RAW,
            needed=("kind", "n"),
            feeds=(Feed(writes=GROVE_CELLS, compute=published_cells),),
        ),
    ),
)


def trees(
    staged_trees: ir.Table, staged_leaves: ir.Table, kinds: ir.Table, registers: ir.Table
) -> ir.Table:
    """Keep the last record of each tree whose kind is known or not said."""
    counted = staged_leaves.group_by("part_key", "record").agg(n_leaves=staged_leaves.count())
    last = staged_trees.group_by("tree_key").agg(
        part_key=staged_trees.part_key.max(), record=staged_trees.record.max()
    )
    known = staged_trees.mutate(kind=staged_trees.kind.fill_null("unknown"))
    tall = kinds.filter(kinds.height_km > 1).select("kind")
    chosen = known.semi_join(last, ["tree_key", "part_key", "record"]).anti_join(tall, "kind")
    leafy = chosen.left_join(counted, ["part_key", "record"])
    forest = registers.filter(registers.register == "forest").select("register")
    crossed = leafy.cross_join(forest)
    return conform(crossed.mutate(n_leaves=crossed.n_leaves.fill_null(0)), TREES)


def grove_cells(trees: ir.Table, published_grove_cells: ir.Table) -> ir.Table:
    """Count trees, and take what is published of kinds that have none."""
    computed = trees.group_by("kind").agg(n=trees.count())
    others = published_grove_cells.anti_join(computed, "kind")
    return conform(computed, GROVE_CELLS).union(conform(others, GROVE_CELLS))


TREES_STEP = Step(
    compute=trees, reads=(STAGED_TREES, STAGED_LEAVES, KINDS, REGISTERS), writes=TREES
)
CELLS_STEP = Step(compute=grove_cells, reads=(TREES, PUBLISHED_GROVE_CELLS), writes=GROVE_CELLS)

RECIPE = Recipe(steps=(CELLS_STEP, TREES_STEP), loaded=(KINDS, GROVE_CELLS), given={"notes": NOTES})
CHANGED = changed(RECIPE, given={"notes": NOTES.slice(1)})
"""What is built where the recipe has been built already."""

BUILT = ("grove_cells", "kinds", "notes", "registers", "trees")


@dataclass
class Listener:
    """Progress that is remembered."""

    labels: list[str] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    done: float = 0.0
    finished: int = 0

    def start(self, total: float, label: str, unit: Unit = "steps") -> None:
        """Remember the total."""
        self.totals.append(total)
        self.units.append(unit)
        self.labels.append(label)

    def advance(self, amount: float, label: str) -> None:
        """Remember what was done."""
        self.done += amount
        self.labels.append(label)

    def finish(self) -> None:
        """Remember the end."""
        self.finished += 1


class StoppedAt(Listener):
    """Progress that is interrupted after a table."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label

    def advance(self, amount: float, label: str) -> None:
        """Stop after the table of that name."""
        super().advance(amount, label)
        if label == self._label:
            raise KeyboardInterrupt


def tree(number: int, kind: str | None = "oak", *colors: str, share: float = 0.5) -> Record:
    """Return the record of a tree."""
    leaves = [{"color": color} for color in colors]
    return {"id": number, "kind": kind, "share": share, "leaves": leaves}


def write_lines(path: Path, records: Iterable[Record]) -> Path:
    """Write records one a line, compressed if the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_manifest(path: Path, parts: Iterable[tuple[str, int]]) -> Path:
    """Write a list of parts by address, each with the number of its records."""
    entries = [{"url": url, "meta": {"record_count": n_records}} for url, n_records in parts]
    return write_text(path, json.dumps({"entries": entries}))


def new_lake(path: Path) -> Lake:
    """Create a lake that uses little."""
    return layout.init(path, scope="corpus", memory_limit="500MB", threads=2)


def add(
    lake: Lake,
    inputs: Path,
    source: Source = FOREST,
    *,
    snapshot_on: str = "2024-06-30",
    allow_incomplete: bool = False,
    replace: bool = False,
) -> ingest.AddReport:
    """Add files to a lake."""
    request = ingest.Request(
        source=source,
        snapshot_on=snapshot_on,
        allow_incomplete=allow_incomplete,
        replace=replace,
    )
    return ingest.add(lake, inputs, request, Listener())


def entries(lake: Lake, source: str) -> tuple[ledger.StagedPart, ...]:
    """Return the entries of all staged parts of a register."""
    return ledger.read_parts(lake, source)


def make(lake: Lake, recipe: Recipe = RECIPE) -> BuildReport:
    """Build a version."""
    return build(lake, recipe, Listener())


def staged(lake: Lake, source: str, table: str, order: Sequence[str] = ("record",)) -> Rows:
    """Return the rows of a staged table, whatever parts they are in."""
    files = sorted(lake.staging.glob(f"{source}/*/{table}.parquet"))
    read = pa.concat_tables([pq.read_table(path) for path in files])
    return list(read.sort_by([(name, "ascending") for name in order]).to_pylist())


def version_rows(version: Path) -> dict[str, Rows]:
    """Return all tables of a version."""
    return {
        path.stem: pq.read_table(path).to_pylist() for path in sorted(version.glob("*.parquet"))
    }


def current_rows(lake: Lake) -> dict[str, Rows]:
    """Return all tables of the current version."""
    version = lake.current()
    assert version is not None
    return version_rows(version)


def write_registers(directory: Path) -> tuple[Path, Path]:
    """Write files of both registers; return their directories."""
    forest, botany = directory / "forest", directory / "botany"
    write_lines(
        forest / "trees_1.jsonl", [tree(3, "oak", "red"), tree(1, "fir", "green", "blue"), tree(2)]
    )
    write_lines(forest / "trees_2.jsonl.gz", [tree(4, None), tree(3, "oak"), tree(9, "beanstalk")])
    write_text(botany / "kinds.csv", "kind,height_km\noak,0.03\nbeanstalk,9\nNA,\n")
    write_text(botany / "cells.csv", "kind,n\noak,99\npalm,7\n")
    return forest, botany


def settled(directory: Path) -> Lake:
    """Return a lake of both registers that was built once."""
    forest, botany = write_registers(directory / "files")
    lake = new_lake(directory / "lake")
    add(lake, forest)
    add(lake, botany, BOTANY)
    make(lake)
    return lake


def renamed(files: tuple[str, ...]) -> Intake:
    """Return the JSON kind of file under other patterns."""
    return changed(JSON_INTAKE, files=files)


@contextmanager
def temporary_directory() -> Iterator[Path]:
    """Yield a directory that any user can reach, which those of pytest are not."""
    with TemporaryDirectory() as name:
        yield Path(name)


def copy_of(lake: Lake, path: Path) -> Lake:
    """Return a copy of a lake."""
    shutil.copytree(lake.root, path)
    return layout.locate(path)
