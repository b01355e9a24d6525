"""The stages of the benchmark: what each compares, and how.

A stage may be run alone; `lake` and `build` come before those that read what they leave.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.desk import SEED, SNAPSHOT, WORKS_OF_PART, Desk, FailedError, least
from benchmarks.environments import AbsentPeerError
from benchmarks.ours import KEY, MEASURES
from benchmarks.outcomes import Figure, Outcome, Run
from fourseas.schema.definition import SCHOLARLY_KINDS

JSON_WORKS = 2 * WORKS_OF_PART
"""Works of which JSON is read: two full parts. More would not fit the disk at large sizes."""

BYTES_OF_RECORD = {"inflated": 5_900, "gzipped": 1_200}
"""Of a work of OpenAlex: 1.6 TB and 330 GB, as its documentation says, by some 270 million."""

PEER_SNAPSHOT_WORKS = 50_000
"""Works that pySciSci reads; it takes about a minute for them."""

PARTS_AT_ONCE = 10
"""Parts that are on the disk at a time while a lake is filled."""

REFERENCE_WORKS = 1_000_000
"""Works up to which a definition is computed without its kernel, to compare the two."""

LONG_COLUMNS = {
    "works": ("work_id", "year", "kind", "stratum", "cited_by_count"),
    "work_countries": ("work_id", "country_code", "credit"),
    "work_fields": ("work_id", "scheme", "field_id", "weight"),
}
"""Columns of works, their countries and their fields that the table of countries is made from."""

AUTHORSHIP_COLUMNS = {
    "authorships": ("work_id", "position", "is_first", "is_last", "is_corresponding"),
    "affiliations": ("work_id", "position", "organization_id", "country_code", "share"),
}
"""Columns of authors and their addresses from which sets, credit and cells are built."""

CREDIT_AND_CELLS = (
    "country_sets",
    "set_countries",
    "work_countries",
    "work_roles",
    "unit_cells",
    "pair_cells",
)


PARTNERS = (
    ("most works, all fields", 0.0, None),
    ("most works, food_security", 0.0, "food_security"),
    ("most works, human_health", 0.0, "human_health"),
    ("median of works, all fields", 0.5, None),
)
"""Lists of partners: of whom, by rank in works, and for what."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its name, what it needs first, what it measures, and how."""

    name: str
    needs: tuple[str, ...]
    words: str
    run: Callable[[Desk, Outcome], None]


def ingest(desk: Desk, outcome: Outcome) -> None:
    """Read two parts as JSON and as Parquet, beside the floor and Spark."""
    folder = desk.folder / "ingest"
    shutil.rmtree(folder, ignore_errors=True)
    snapshots = {layout: folder / layout for layout in ("jsonl", "parquet")}
    for layout, path in snapshots.items():
        outcome.runs[f"synth_{layout}"] = _synth(desk, path, JSON_WORKS, layout, "--keys", "all")
    files = sorted(str(path) for path in snapshots["jsonl"].glob("data/jsonl/works/*/*.gz"))
    inflated = _peer(desk, outcome, "inflate", ("isal",), times=desk.times, files=files)
    if inflated is not None:
        n_bytes = {
            "inflated": inflated["bytes"],
            "gzipped": sum(Path(path).stat().st_size for path in files),
        }
        outcome.figures += [
            Figure(
                name=f"a record, {name} (of OpenAlex about {BYTES_OF_RECORD[name]:,})",
                value=round(n / JSON_WORKS),
                unit="bytes",
            )
            for name, n in n_bytes.items()
        ]

    lakes = {layout: folder / f"lake-{layout}" for layout in snapshots}
    empty = folder / "empty"
    desk.fourseas("init", empty, "--scope", "census")
    for layout, lake in lakes.items():
        runs: list[tuple[Run, dict[str, Any]]] = []
        for _ in range(desk.times):
            # Both have the same secret, so that ids of people are the same.
            shutil.rmtree(lake, ignore_errors=True)
            shutil.copytree(empty, lake)
            runs.append((_add(desk, lake, snapshots[layout] / "data"), {}))
        outcome.runs[layout] = least(desk.times, iter(runs).__next__)[0]
    _, same = desk.ours("compare_staging", lakes=list(lakes.values()))
    outcome.checks["staged tables from JSON and Parquet"] = not same["differing"]

    spark = ("spark", "read_json")
    if _peer(desk, outcome, "spark", spark, files=files, out=folder / "spark") is not None:
        _, wanted = desk.ours("totals", lake=lakes["jsonl"])
        _, found = desk.peer("spark", "totals", out=folder / "spark")
        outcome.checks["records, authors and references that Spark has read"] = all(
            found[name] == n for name, n in wanted.items()
        )
    shutil.rmtree(folder)

    outcome.compare("gz JSON / inflating the same bytes by ISA-L", "jsonl", "inflate", most=6)
    outcome.compare("Spark local[2] / gz JSON", "spark", "jsonl", least=5)
    outcome.compare("gz JSON / Parquet", "jsonl", "parquet", least=3)
    for layout in lakes:
        peak_mb = outcome.runs[layout]["peak_mb"]
        outcome.figures.append(
            Figure(name=f"memory, {layout}", value=peak_mb, unit="MB", most=1000)
        )
        rate = JSON_WORKS / outcome.runs[layout]["wall_s"]
        outcome.figures.append(Figure(name=f"speed, {layout}", value=round(rate), unit="records/s"))


def lake(desk: Desk, outcome: Outcome) -> None:
    """Fill a lake part by part; raw files are removed as soon as they are read."""
    pieces: list[dict[str, Any]] = []
    if desk.pieces.is_file() and desk.lake.is_dir():
        pieces = json.loads(desk.pieces.read_text(encoding="utf-8"))
    else:
        desk.forget()
        desk.fourseas("init", desk.lake, "--scope", "census")
    snapshot = desk.folder / "snapshot"
    # One part more holds older versions of works.
    n_parts = -(-desk.size // WORKS_OF_PART) + 1
    first = pieces[-1]["last"] + 1 if pieces else 1
    for begin in range(first, n_parts + 1, PARTS_AT_ONCE):
        last = min(begin + PARTS_AT_ONCE - 1, n_parts)
        synth = _synth(desk, snapshot, desk.size, "parquet", "--parts", f"{begin}-{last}")
        add = _add(desk, desk.lake, snapshot / "data", "--allow-incomplete")
        for path in snapshot.glob("data/parquet/works/*/*.parquet"):
            path.unlink()
        pieces.append({"last": last, "synth": synth, "add": add})
        desk.pieces.write_text(json.dumps(pieces, indent=1), encoding="utf-8")
    shutil.rmtree(snapshot, ignore_errors=True)

    for name in ("synth", "add"):
        runs = [piece[name] for piece in pieces]
        outcome.runs[name] = {
            "wall_s": round(sum(run["wall_s"] for run in runs), 3),
            "cpu_s": round(sum(run["cpu_s"] for run in runs), 3),
            "peak_mb": max(run["peak_mb"] for run in runs),
            "anonymous_mb": max(run["anonymous_mb"] for run in runs),
        }
    add = outcome.runs["add"]
    staged_mb = _megabytes(desk.lake / "staging")
    outcome.figures += [
        Figure(name="memory", value=add["peak_mb"], unit="MB", most=1000),
        Figure(name="speed", value=round(desk.size / add["wall_s"]), unit="records/s"),
        Figure(name="staged", value=round(staged_mb, 1), unit="MB"),
    ]


def build(desk: Desk, outcome: Outcome) -> None:
    """Build every table, or go on with it, beside a scan of authorships."""
    if not desk.built.is_file():
        shutil.rmtree(desk.lake / "versions", ignore_errors=True)
        (desk.lake / "CURRENT").unlink(missing_ok=True)
    desk.limit()
    outcome.runs["build"], told = desk.ours("build", lake=desk.lake, log=desk.built)
    outcome.tables["tables"] = told["tables"]
    if desk.memory is not None:
        outcome.notes.append(f"The engine might use {desk.memory}.")
    if told["n_built"] < len(told["tables"]):
        outcome.runs["build"] |= _sum_of(told["tables"], [row["table"] for row in told["tables"]])
        outcome.notes.append(
            f"The build was broken off and went on with its last {told['n_built']} tables: the "
            "seconds are those of its tables, without what was computed of one and lost."
        )
    desk.built.unlink()
    outcome.runs["scan"] = _scan(desk, AUTHORSHIP_COLUMNS)
    outcome.runs["sets, credit and cells"] = _sum_of(told["tables"], CREDIT_AND_CELLS)
    outcome.compare(
        "sets, credit and cells / scan of authorships", "sets, credit and cells", "scan", by="cpu"
    )
    version_mb = _megabytes(desk.version)
    outcome.figures += [
        Figure(name="memory", value=outcome.runs["build"]["peak_mb"], unit="MB", most=8000),
        Figure(name="tables", value=round(version_mb, 1), unit="MB"),
        Figure(
            name="disk, greatest, with all that is staged and spilled",
            value=outcome.runs["build"]["disk_mb"],
            unit="MB",
            most=60_000,
        ),
    ]


def table(desk: Desk, outcome: Outcome) -> None:
    """Compute one table of countries, fields and years, as fourseas and as peers would."""
    folder = desk.folder / "table"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    outcome.runs["scan"] = _scan(desk, LONG_COLUMNS)
    for name in ("cells", "scores", "facts"):
        out = folder / f"{name}.parquet"
        outcome.runs[name], _ = least(
            desk.times, partial(desk.ours, f"table_from_{name}", lake=desk.lake, out=out)
        )
    about: dict[str, Any] = {"tables": desk.version, "kinds": list(SCHOLARLY_KINDS)}
    for peer, words, times in (
        ("pandas", ("pandas",), desk.times),
        ("polars", ("polars",), desk.times),
        ("spark", ("spark", "table"), 1),
    ):
        _peer(desk, outcome, peer, words, times=times, **about, out=folder / f"{peer}.parquet")
    for name in [name for name in outcome.runs if name not in {"scan", "cells"}]:
        pair = [_parquet(folder / f"{one}.parquet") for one in ("cells", name)]
        _, found = desk.ours("compare", tables=pair, key=list(KEY), measures=list(MEASURES))
        outcome.checks[f"the table from cells and that of {name}"] = not found["differing"]
        if found["differing"]:
            del outcome.runs[name]
    shutil.rmtree(folder)

    outcome.compare("fourseas from facts / scan of the long columns", "facts", "scan", most=5)
    outcome.compare("pandas / fourseas from facts", "pandas", "facts", least=5)
    outcome.compare("pandas / fourseas from cells", "pandas", "cells", least=15)
    outcome.compare(
        "memory: fourseas from facts / pandas", "facts", "pandas", by="memory", most=0.25
    )
    outcome.compare("Polars / fourseas from facts", "polars", "facts")
    outcome.compare("Spark local[2] / fourseas from facts", "spark", "facts")
    outcome.compare("fourseas with stored scores / scan", "scores", "scan")


def indicators(desk: Desk, outcome: Outcome) -> None:
    """Compute every indicator from cells."""
    outcome.runs["scan"] = _scan(desk, LONG_COLUMNS)
    outcome.runs["all"], told = desk.ours("indicators", lake=desk.lake)
    outcome.tables["indicators, whole"] = told["indicators"]
    outcome.compare("all indicators / scan of the long columns", "all", "scan", most=5)
    outcome.figures.append(
        Figure(name="memory", value=outcome.runs["all"]["peak_mb"], unit="MB", most=2000)
    )


def country(desk: Desk, outcome: Outcome) -> None:
    """Ask each indicator of one country."""
    outcome.runs["one after another"], asked = desk.ours("one_country", lake=desk.lake)
    outcome.tables["indicators of one country"] = asked["indicators"]
    of_units = {
        row["indicator"]: row["wall_s"]
        for row in asked["indicators"]
        if row.get("reads") == ["unit_cells"]
    }
    if of_units:
        slowest = max(of_units, key=lambda name: of_units[name])
        outcome.figures.append(
            Figure(
                name=f"slowest indicator of one country from unit_cells ({slowest})",
                value=of_units[slowest],
                unit="s",
                most=1.0,
            )
        )


def partners(desk: Desk, outcome: Outcome) -> None:
    """List partners of the organization with most works and of one in the middle."""
    shutil.rmtree(desk.lake / "search", ignore_errors=True)
    anew, _ = desk.ours("partners", lake=desk.lake, rank=0.0, challenge=PARTNERS[1][2])
    shutil.rmtree(desk.lake / "search", ignore_errors=True)
    ahead, made = desk.ours("partners_ahead", lake=desk.lake)
    for name, rank, challenge in PARTNERS:
        outcome.runs[name], told = least(
            desk.times,
            partial(desk.ours, "partners", lake=desk.lake, rank=rank, challenge=challenge),
        )
    slowest = max(outcome.runs.values(), key=lambda run: run["inner_s"])
    outcome.figures += [
        Figure(name="organizations", value=told["organizations"], unit="with works enough"),
        Figure(name="slowest list", value=round(slowest["inner_s"], 3), unit="s", most=5),
        Figure(
            name="memory", value=max(run["peak_mb"] for run in outcome.runs.values()), unit="MB"
        ),
        Figure(name=f"{PARTNERS[1][0]}, nothing made ahead", value=anew["inner_s"], unit="s"),
        Figure(name="its memory", value=anew["peak_mb"], unit="MB"),
        Figure(name=f"made ahead for {made['lists']} lists", value=ahead["inner_s"], unit="s"),
        Figure(name="kept for them", value=round(made["bytes"] / 1e6, 1), unit="MB"),
    ]


def flows(desk: Desk, outcome: Outcome) -> None:
    """Compute citation flows, beside the definition by joins and a scan of the edges."""
    outcome.runs["scan"] = _scan(desk, {"citations": ("citing_work_id", "cited_work_id")})
    out = desk.folder / "flows.parquet"
    for name in ("flow_cells", "work_citations"):
        # What a kernel compiles is kept on the disk: the first run may pay for it.
        outcome.runs[name], told = least(
            2, partial(desk.ours, "step_by_kernel", lake=desk.lake, table=name, out=out)
        )
        if not told["has_kernel"]:
            outcome.notes.append(f"{name} has no kernel: its definition is measured.")
            continue
        if desk.size > REFERENCE_WORKS:
            outcome.notes.append(
                f"The definition of {name} by joins is measured up to {REFERENCE_WORKS:,} works."
            )
            continue
        reference = desk.folder / "reference.parquet"
        outcome.runs[f"{name} by joins"], _ = desk.ours(
            "step_by_engine", lake=desk.lake, table=name, out=reference
        )
        _, found = desk.ours(
            "compare", tables=[out, reference], key=told["key"], measures=told["measures"]
        )
        outcome.checks[f"{name} by kernel and by joins"] = not found["differing"]
        reference.unlink()
        outcome.compare(f"{name}: joins / kernel", f"{name} by joins", name, by="cpu", least=4)
    out.unlink(missing_ok=True)
    outcome.compare("flow_cells / scan of the edges", "flow_cells", "scan", by="cpu", most=2.5)
    edges = next((row["rows"] for row in _built_tables(desk) if row["table"] == "citations"), 0)
    if edges:
        seconds = outcome.runs["flow_cells"]["inner_s"]
        outcome.figures.append(
            Figure(name="speed of flow_cells", value=round(edges / seconds), unit="citations/s")
        )


def pyscisci(desk: Desk, outcome: Outcome) -> None:
    """Count international works of a JSON snapshot, as fourseas and as pySciSci do."""
    folder = desk.folder / "pyscisci"
    shutil.rmtree(folder, ignore_errors=True)
    snapshot, own = folder / "snapshot", folder / "lake"
    _synth(desk, snapshot, PEER_SNAPSHOT_WORKS, "jsonl", "--schema", "2024")
    desk.fourseas("init", own, "--scope", "census")
    add = _add(desk, own, snapshot / "data")
    count, wanted = desk.ours("international", lake=own)
    outcome.runs["fourseas"] = {
        "wall_s": add["wall_s"] + count["wall_s"],
        "cpu_s": add["cpu_s"] + count["cpu_s"],
        "peak_mb": max(add["peak_mb"], count["peak_mb"]),
    }
    try:
        outcome.runs["pyscisci"], found = desk.peer("pyscisci", snapshot=snapshot)
    except (AbsentPeerError, FailedError) as error:
        outcome.notes.append(f"{error}.")
    else:
        for name, n in wanted["without_namibia"].items():
            outcome.checks[f"works {name.replace('_', ' ')}, but for Namibia"] = n == found[name]
        outcome.notes.append(
            "pySciSci reads the code of Namibia, NA, as a missing value: it finds "
            f"{wanted['international_lost']} international works fewer than there are."
        )
    shutil.rmtree(folder)
    outcome.compare("pySciSci / fourseas", "pyscisci", "fourseas")


def _synth(desk: Desk, out: Path, works: int, layout: str, *flags: str) -> Run:
    words = ["--works", works, "--seed", SEED, "--layout", layout, *flags]
    return desk.fourseas("synth", out, *words)


def _add(desk: Desk, into: Path, data: Path, *flags: str) -> Run:
    words = ["--source", "openalex", "--snapshot", SNAPSHOT, *flags]
    return desk.fourseas("add", into, data, *words)


def _peer(
    desk: Desk,
    outcome: Outcome,
    name: str,
    words: tuple[str, ...],
    *,
    times: int = 1,
    **about: Any,  # noqa: ANN401
) -> dict[str, Any] | None:
    """Run a peer; where it cannot be run, note why and go on."""
    try:
        outcome.runs[name], told = least(times, partial(desk.peer, *words, **about))
    except (AbsentPeerError, FailedError) as error:
        outcome.notes.append(f"{error}.")
        return None
    return told


def _scan(desk: Desk, columns: Mapping[str, tuple[str, ...]]) -> Run:
    scanned = {desk.table(name): chosen for name, chosen in columns.items()}
    return least(desk.times, partial(desk.ours, "scan", scanned=scanned))[0]


def _sum_of(rows: list[dict[str, Any]], names: Sequence[str]) -> Run:
    chosen = [row for row in rows if row["table"] in names]
    return {
        "wall_s": round(sum(row["wall_s"] for row in chosen), 3),
        "cpu_s": round(sum(row["cpu_s"] for row in chosen), 3),
        "peak_mb": max(row["peak_mb"] for row in chosen),
    }


def _built_tables(desk: Desk) -> list[dict[str, Any]]:
    ledger = json.loads((desk.version / "ledger.json").read_text(encoding="utf-8"))
    return [{"table": one["name"], "rows": one["rows"]} for one in ledger["tables"]]


def _parquet(path: Path) -> str:
    return str(path / "*.parquet" if path.is_dir() else path)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


STAGES: tuple[Stage, ...] = (
    Stage(
        "ingest",
        (),
        f"{JSON_WORKS:,} works, two full parts, are added to an empty lake: as gzipped JSON lines "
        "and as Parquet, with keys that nothing reads, so that records are as long as those of "
        "OpenAlex. The floor inflates the same JSON files by ISA-L in two processes and does "
        "nothing with them. Spark reads the same keys of the same JSON, types given, and writes "
        "nested Parquet. Both readings of fourseas hash each file and check what they write.",
        ingest,
    ),
    Stage(
        "lake",
        (),
        f"All works are written as Parquet, {PARTS_AT_ONCE} parts of {WORKS_OF_PART:,} at a time, "
        "added, and removed. The sums of both commands, each started anew for every ten parts.",
        lake,
    ),
    Stage(
        "build",
        ("lake",),
        "Every table of a version, built, checked against its declaration and hashed. The scan "
        "reads every value of the columns of authors and addresses that sets, credit and cells are "
        "built from.",
        build,
    ),
    Stage(
        "table",
        ("build",),
        "Works, credit, international works, mean normalised citation score and share in the top "
        "10% by country, field and year. From facts: the steps of fourseas, asked for this alone, "
        "from works, their countries and fields, normalisation and tie weights included. With "
        "stored scores: the same from the scores that the lake holds. From cells: a sum of cells. "
        "Peers compute it from the same files of works, countries and fields. The scan reads every "
        "value of the columns that they read. Seconds are without imports and the start of Spark.",
        table,
    ),
    Stage(
        "indicators",
        ("build",),
        "All indicators of the catalog, one after another, whole but for organizations. Seconds "
        "are without the start of Python. The scan reads the columns that cells spare an "
        "indicator.",
        indicators,
    ),
    Stage(
        "country",
        ("build",),
        "Each indicator of one country, all fields together, as `fourseas show` asks for it, one "
        "after another and once; seconds are without the start of Python.",
        country,
    ),
    Stage(
        "partners",
        ("build",),
        "A list of partners for an organization, as `fourseas partner find` draws it: of the one "
        "with most works and of the one in the middle, in all fields and for challenges, once what "
        "a build makes ahead is made. The lake is opened anew for each; seconds are without the "
        "start of Python.",
        partners,
    ),
    Stage(
        "flows",
        ("build",),
        "Citations between countries by field, year and lag, under every definition, written to "
        "Parquet. The scan reads every citing and cited number.",
        flows,
    ),
    Stage(
        "pyscisci",
        (),
        f"{PEER_SNAPSHOT_WORKS:,} works as gzipped JSON of the schema of 2024, from files to the "
        "number of works with a country and with several. pySciSci reads institutions, works and "
        "authors alone; `fourseas add` reads all that its lake needs, references included.",
        pyscisci,
    ),
)
