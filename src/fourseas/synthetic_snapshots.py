"""A synthetic world on the disk, laid out as OpenAlex lays out its snapshots.

Parts are drawn and written by as many processes as there are processors; each follows from the
world and its numbers alone, so that they may be written apart, read and removed one after another
where the disk does not hold them all. What is written goes to a draft beside the place that was
named, and takes that place once it is whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from fourseas.errors import WorldError
from fourseas.lake.embedded import REGISTERS
from fourseas.lake.layout import disk_errors
from fourseas.lake.progress import Progress
from fourseas.synthetic import records
from fourseas.synthetic.draws import Integers
from fourseas.synthetic.margins import Registers, margins
from fourseas.synthetic.planted import PLANTED
from fourseas.synthetic.records import Keys, Schema
from fourseas.synthetic.world import World, identity

Layout = Literal["jsonl", "parquet"]
LAYOUTS: tuple[Layout, ...] = ("jsonl", "parquet")

MOST_WORKS = 100_000_000
WORKS_OF_PART = 100_000
ENTITIES = ("works", "institutions", "topics")
UPDATED, UPDATED_BEFORE = "2025-06-01", "2024-01-01"
LEVELS = ("subfield", "field", "domain")
TOLD = Path("truth", "planted.json")
"""What is planted, below a snapshot; it says by which order the snapshot was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to write.

    Attributes
    ----------
    works, seed
        How many works, and what sets this world apart.
    layout, schema
        How files are written, and which generation of records.
    keys
        `all` writes what fourseas does not read too, so that records are as long as OpenAlex's.
    """

    works: int
    seed: int
    layout: Layout
    schema: Schema
    keys: Keys = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: parts, records of works, and bytes."""

    n_parts: int
    n_records: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A file: its place below the data, and the works in it."""

    name: str
    numbers: tuple[int, int]
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a manifest says of a file; its bytes once it has been written."""

    n_records: int
    n_bytes: int | None = None


def write(
    out: Path, order: Order, progress: Progress, *, span: tuple[int, int] | None = None
) -> Written:
    """Write a world, with what is planted in it beside it.

    Parameters
    ----------
    out
        Directory to write. It holds nothing yet; or, where a span is asked for, what an earlier
        span of the same world has left there.
    order, progress
        What to write, and who hears of it.
    span
        First and last of the parts to write, from 1; null for all. The manifest lists every
        part, with its bytes once it has been written.

    Raises
    ------
    WorldError
        If something else is there, for no works, or more than a world can have, or for parts
        that it does not have.
    LakeError
        If the disk refuses.
    """
    if not 0 < order.works <= MOST_WORKS:
        raise WorldError.size(order.works, MOST_WORKS)
    parts = list(_parts(order))
    first, last = span or (1, len(parts))
    if not 1 <= first <= last <= len(parts):
        asked = f"{first}-{last}"
        raise WorldError.parts(asked, len(parts))
    is_begun = span is not None and _is_begun(out, order)
    if not is_begun and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WorldError.occupied(str(out))
    draft = out.with_name(f".{out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with disk_errors(out):
            known = _read_manifests(out / _data_of(order), order) if is_begun else None
            written = _snapshot(draft, order, (parts[first - 1 : last], known), progress)
            _move(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return written


def _is_begun(out: Path, order: Order) -> bool:
    """Say whether some parts of this world are there; stop at those of another."""
    if not (out / TOLD).is_file():
        return False
    told = json.loads((out / TOLD).read_text(encoding="utf-8"))
    if told["order"] != asdict(order):
        raise WorldError.another(str(out))
    return True


def _move(draft: Path, out: Path) -> None:
    """Move every file of a draft to its place."""
    if not out.exists():
        draft.replace(out)
        return
    for path in [path for path in draft.rglob("*") if path.is_file()]:
        place = out / path.relative_to(draft)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


def n_parts(order: Order) -> int:
    """Return how many parts with works a world has."""
    return sum(1 for _ in _parts(order))


def world(order: Order) -> World:
    """Return the world of an order, with the sizes of the embedded registers."""
    return World(margins(_registers(), PLANTED, order.seed), PLANTED, order.works, order.seed)


def _snapshot(
    root: Path,
    order: Order,
    asked: tuple[list[_Part], dict[str, _Listed] | None],
    progress: Progress,
) -> Written:
    """Write the parts that are asked for, and all else unless manifests list it already."""
    of = world(order)
    data = root / _data_of(order)
    parts, known = asked
    progress.start(len(parts), "Writing works")
    counts: dict[str, int] = {}
    try:
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            written = pool.map(partial(_write_part, of, order, data), parts)
            for part, n in zip(parts, written, strict=True):
                counts[part.name] = n
                progress.advance(1, part.name)
    finally:
        progress.finish()
    n_records = sum(counts.values())
    if known is None:
        known = {part.name: _Listed(len(_numbers(of, part))) for part in _parts(order)}
        _write_merged(root, of)
        _write_truth(root, of, order, {name: one.n_records for name, one in known.items()})
        counts |= _write_entities(data, of, order)
    for name, n in counts.items():
        known[name] = _Listed(n, (data / name).stat().st_size)
    _write_manifests(data, order, known)
    files = [path for path in root.rglob("*") if path.is_file()]
    return Written(
        n_parts=len(parts),
        n_records=n_records,
        n_bytes=sum(path.stat().st_size for path in files),
    )


def _data_of(order: Order) -> str:
    """Return where works are: two layouts stand side by side in the present snapshot."""
    return f"data/{order.layout}" if order.schema == "walden" else "data"


def _file(order: Order, number: int) -> str:
    if order.layout == "parquet":
        return f"part_{number:04d}.parquet"
    return f"part_{number:04d}.jsonl.gz" if order.schema == "walden" else f"part_{number:03d}.gz"


def _parts(order: Order) -> Iterator[_Part]:
    """Yield the parts: works in the order of time, and older versions of some of them."""
    for place, first in enumerate(range(0, order.works, WORKS_OF_PART)):
        last = min(first + WORKS_OF_PART, order.works)
        yield _Part(f"works/updated_date={UPDATED}/{_file(order, place)}", (first, last))
    yield _Part(
        f"works/updated_date={UPDATED_BEFORE}/{_file(order, 0)}", (0, order.works), is_older=True
    )


def _write_part(of: World, order: Order, data: Path, part: _Part) -> int:
    """Draw and write a part; return how many records it has."""
    numbers = _numbers(of, part)
    table = records.works(of, numbers, order.schema, order.keys, is_older=part.is_older)
    return _write_table(table, data / part.name, order)


def _numbers(of: World, part: _Part) -> Integers:
    """Return the works of a part: those that were merged away have no record."""
    kept = []
    for first in range(*part.numbers, WORKS_OF_PART):
        numbers = np.arange(first, min(first + WORKS_OF_PART, part.numbers[1]), dtype=np.int64)
        numbers = numbers[~is_merged(of, numbers)]
        if part.is_older:
            numbers = numbers[is_duplicate(of, numbers)]
        kept.append(numbers)
    return np.concatenate(kept)


def is_merged(of: World, numbers: Integers) -> np.ndarray:
    """Say which works were merged into the one after them: references to them lead nowhere."""
    is_last = numbers == of.n_works - 1
    return np.asarray((of.draw("merged", numbers) < of.planted.merged) & ~is_last)


def is_duplicate(of: World, numbers: Integers) -> np.ndarray:
    """Say of which works an older version is in the snapshot too."""
    return np.asarray(of.draw("duplicate", numbers) < of.planted.duplicate)


def _write_table(table: pa.Table, path: Path, order: Order) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    if order.layout == "parquet":
        pq.write_table(table, path, compression="snappy", row_group_size=WORKS_OF_PART)
    else:
        con = duckdb.connect(config={"threads": 1})
        con.register("records", table)
        con.execute(
            f"COPY records TO '{str(path).replace(chr(39), chr(39) * 2)}' "
            "(FORMAT json, COMPRESSION gzip)"
        )
        con.close()
    return int(table.num_rows)


def _write_entities(data: Path, of: World, order: Order) -> dict[str, int]:
    """Write institutions and topics; return the records of each file."""
    counts = {}
    for entity, table in (
        ("institutions", records.institutions(of)),
        ("topics", records.topics(of)),
    ):
        name = f"{entity}/updated_date={UPDATED}/{_file(order, 0)}"
        counts[name] = _write_table(table, data / name, order)
    return counts


def _manifests(data: Path, order: Order) -> dict[Path, str]:
    """Return which manifest lists files whose names begin how: one for each layout or entity."""
    if order.schema == "walden":
        return {data / "manifest.json": ""}
    return {data / entity / "manifest": f"{entity}/" for entity in ENTITIES}


def _write_manifests(data: Path, order: Order, listed: dict[str, _Listed]) -> None:
    """List every part with its records, and its bytes where they are known."""
    for path, beginning in _manifests(data, order).items():
        entries = [
            {
                "url": f"s3://openalex/{_data_of(order)}/{name}",
                "meta": ({} if one.n_bytes is None else {"content_length": one.n_bytes})
                | {"record_count": one.n_records},
            }
            for name, one in listed.items()
            if name.startswith(beginning)
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"entries": entries}, indent=1) + "\n", encoding="utf-8")


def _read_manifests(data: Path, order: Order) -> dict[str, _Listed]:
    """Return what the manifests of a world say of its files."""
    return {
        entry["url"].removeprefix(f"s3://openalex/{_data_of(order)}/"): _Listed(
            entry["meta"]["record_count"], entry["meta"].get("content_length")
        )
        for path in _manifests(data, order)
        for entry in json.loads(path.read_text(encoding="utf-8"))["entries"]
    }


def _write_merged(root: Path, of: World) -> None:
    """Write which ids went into which, as the snapshot does."""
    lines = io.StringIO()
    rows = csv.writer(lines)
    rows.writerow(("merge_date", "id", "merge_into_id"))
    for first in range(0, of.n_works, WORKS_OF_PART):
        numbers = np.arange(first, min(first + WORKS_OF_PART, of.n_works), dtype=np.int64)
        gone = numbers[is_merged(of, numbers)]
        pairs = (identity(one, of.seed) for one in (gone, gone + 1))
        rows.writerows((UPDATED, f"W{one}", f"W{other}") for one, other in zip(*pairs, strict=True))
    path = root / "merged_ids" / "works" / f"{UPDATED}.csv.gz"
    path.parent.mkdir(parents=True)
    # Without the time of writing, the same world is the same bytes.
    path.write_bytes(gzip.compress(lines.getvalue().encode(), mtime=0))


def _write_truth(root: Path, of: World, order: Order, counts: dict[str, int]) -> None:
    """Write what is planted, for those who look for it."""
    truth = root / TOLD.parent
    truth.mkdir()
    size = of.margins
    codes = np.array(size.countries)
    pair = [str(codes[place]) for place in size.closed_pair]
    told = {
        "order": asdict(order),
        "records": sum(n for name, n in counts.items() if name.startswith("works/")),
        "older_versions": sum(n for name, n in counts.items() if UPDATED_BEFORE in name),
        "planted": asdict(of.planted),
        "closed": {"pair": pair, "field": size.field_ids[size.closed_field]},
        "levels": dict(zip(size.countries, map(float, size.levels), strict=True)),
    }
    (root / TOLD).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    n = len(codes)
    n_pairs = len(size.firsts) - n
    weights = size.cell_weights[:, n:] / size.year_weights.sum()
    placed = of.n_works * (1 - of.planted.unplaced)
    expected = pa.table(
        {
            "year": np.repeat(size.years, n_pairs),
            "a": np.tile(codes[size.firsts[n:]], len(size.years)),
            "b": np.tile(codes[size.seconds[n:]], len(size.years)),
            "works": (weights * placed).ravel(),
        }
    )
    pq.write_table(expected, truth / "expected_pairs.parquet", compression="zstd")


def _registers() -> Registers:
    """Read the embedded tables that sizes are taken from."""
    paths = {one.source: one.path for one in REGISTERS}
    countries = pd.read_csv(
        paths["countries"] / "countries.csv", keep_default_na=False, na_values=[""]
    )
    (matrix,) = paths["matrix"].glob("*.parquet")
    with gzip.open(paths["openalex"] / "topics.jsonl.gz", "rt", encoding="utf-8") as file:
        topics = [_topic(json.loads(line)) for line in file]
    return Registers(
        matrix=pd.read_parquet(matrix),
        output=pd.read_parquet(paths["ncses"] / "output.parquet"),
        top_1=pd.read_parquet(paths["ncses"] / "top_1_percent.parquet"),
        countries=countries,
        distances=pd.read_parquet(paths["countries"] / "distances.parquet"),
        topics=pd.DataFrame(topics),
    )


def _topic(record: dict[str, object]) -> dict[str, object]:
    levels = {
        f"{level}_{part}": record[level][key]  # type: ignore[index]
        for level in LEVELS
        for part, key in (("id", "id"), ("name", "display_name"))
    }
    return {"id": record["id"], "name": record["display_name"], **levels}
