"""What the benchmark runs of fourseas, each task in a process of its own.

    python -m benchmarks.ours TASK FILE

FILE holds what the task is about, as JSON. A task prints what it found as JSON: the seconds that
it took without the start of Python, and more.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

import fourseas
from fourseas import challenge_lists, workspace
from fourseas.catalog import INDICATORS, STEPS
from fourseas.errors import FourseasError
from fourseas.lake import engine, layout
from fourseas.lake.kernels import KERNELS
from fourseas.lake.progress import Unit
from fourseas.reports.partners.ahead import prepare
from fourseas.reports.partners.find import Question, find_card
from fourseas.reports.partners.place import Asked, place
from fourseas.reports.partners.profiles import LEAST_WORKS
from fourseas.schema.step import Step
from fourseas.selection import Selection

Task = Mapping[str, Any]
Found = dict[str, object]

DEFINITION = "openalex"
SCHEME = "openalex_field"
COUNTRY = "DE"

KEY = ("country_code", "field_id", "year")
MEASURES = ("p", "p_frac", "p_int", "mncs", "pp_top_10")
"""The table that fourseas and its peers compute: works, credit, international works, mean
normalised citation score, and share of works in the top 10%, by country, field and year."""

CELLS = ("unit_cells", "pair_cells", "flow_cells", "mobility_cells", "funding_cells")

TOLERANCE = 1e-9
"""Difference of two sums of the same numbers in another order, as a part of them."""


@dataclass(slots=True)
class Stopwatch:
    """Progress that notes the seconds, CPU seconds and memory of each table of a build.

    What it notes is written down at once, so that a build which is broken off loses none of it.
    """

    log: Path
    noted: set[str] = field(default_factory=set)
    _wall: float = 0.0
    _cpu: float = 0.0

    def start(self, total: float, label: str, unit: Unit = "steps") -> None:  # noqa: ARG002
        """Begin to count."""
        self._turn()

    def advance(self, amount: float, label: str) -> None:  # noqa: ARG002
        """Note what the table that was just built took."""
        now = time.perf_counter(), time.process_time()
        row: Found = {
            "table": label,
            "wall_s": round(now[0] - self._wall, 3),
            "cpu_s": round(now[1] - self._cpu, 3),
            "peak_mb": round(_peak_mb(), 1),
        }
        # A table that an earlier build has finished passes at once.
        if label not in self.noted:
            self.noted.add(label)
            with self.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(row) + "\n")
        self._turn()

    def finish(self) -> None:
        """Have nothing more to note."""

    def _turn(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        # Writing 5 here sets the greatest memory back to the present one.
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def build(task: Task) -> Found:
    """Build a lake, or go on, and say what each table took."""
    log = Path(task["log"])
    watch = Stopwatch(log, {str(row["table"]) for row in _lines(log)})
    report = workspace.build(Path(task["lake"]), watch)
    sizes = {table.name: table for table in report.ledger.tables}
    rows = _lines(log)
    for row in rows:
        table = sizes[str(row["table"])]
        row |= {"rows": table.rows, "mb": round(table.n_bytes / 1e6, 3)}
    return {"tables": rows, "n_built": report.n_built}


def _lines(log: Path) -> list[Found]:
    if not log.is_file():
        return []
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def scan(task: Task) -> Found:
    """Read every value of some columns and do nothing with them but add them up."""
    con = duckdb.connect()
    began, cpu = time.perf_counter(), time.process_time()
    for path, columns in task["scanned"].items():
        sums = [
            f"sum(strlen({name}))" if kind == "VARCHAR" else f"sum({name}::{_wide(kind)})"
            for name, kind in _types(con, path)
            if name in columns
        ]
        assert len(sums) == len(columns), (path, columns)
        con.execute(f"SELECT {', '.join(sums)} FROM read_parquet('{path}')").fetchall()
    return _seconds(began, cpu)


def _types(con: duckdb.DuckDBPyConnection, path: str) -> list[tuple[str, str]]:
    described = con.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
    return [(name, kind) for name, kind, *_ in described]


def _wide(kind: str) -> str:
    return "DOUBLE" if kind == "DOUBLE" else "BIGINT"


def table_from_facts(task: Task) -> Found:
    """Compute the table from works, scores included, by the steps that build cells."""
    with fourseas.open(Path(task["lake"])) as ws:
        engine.join_as_written(ws._connection)  # noqa: SLF001  (as a build does)
        began, cpu = time.perf_counter(), time.process_time()
        scores = _step("work_impact")
        anew = scores.compute(*(ws.table(spec.name) for spec in scores.reads))
        # A build writes what a step has computed before the next one reads it.
        found = _table(task, ws, {"work_impact": ws.kept("anew_work_impact", anew)})
        return found | _seconds(began, cpu)


def table_from_scores(task: Task) -> Found:
    """Compute the table from works and the scores that the lake holds."""
    with fourseas.open(Path(task["lake"])) as ws:
        engine.join_as_written(ws._connection)  # noqa: SLF001
        return _table(task, ws, {})


def table_from_cells(task: Task) -> Found:
    """Compute the table from the cells that the lake holds."""
    with fourseas.open(Path(task["lake"])) as ws:
        return _write_table(task, ws.table("unit_cells"))


def _table(task: Task, ws: workspace.Workspace, instead: Mapping[str, ir.Table]) -> Found:
    """Compute what is asked for of the cells from the tables that their step reads.

    The step counts for every unit and definition; the engine leaves out what nobody asks for.
    """
    step = _step("unit_cells")
    reads = (instead.get(spec.name, _read(ws, spec.name)) for spec in step.reads)
    return _write_table(task, step.compute(*reads))


def _read(ws: workspace.Workspace, name: str) -> ir.Table:
    """Return a table of the lake, or one without rows in place of what is only staged."""
    if name in ws.tables:
        return ws.table(name)
    spec = next(spec for step in STEPS for spec in step.reads if spec.name == name)
    types = spec.ibis_schema
    empty = types.to_pyarrow().empty_table()
    return ws.kept(f"empty_{name}", empty)


def _write_table(task: Task, cells: ir.Table) -> Found:
    began, cpu = time.perf_counter(), time.process_time()
    chosen = cells.filter(
        cells.definition_id == DEFINITION,
        cells.register == "openalex",
        cells.unit_type == "country",
        cells.scheme == SCHEME,
        cells.stratum == "core",
    )
    is_international = (chosen.collaboration_class == "international").cast("float64")
    sums = chosen.group_by("unit_id", "field_id", "year").agg(
        p=chosen.n.sum(),
        p_frac=chosen.credit.sum(),
        p_int=(chosen.n * is_international).sum(),
        scored=chosen.n_scored.sum(),
        ncs=chosen.ncs_full.sum(),
        top=chosen.top_10_full.sum(),
    )
    scored = sums.scored.nullif(0.0)
    table = sums.select(
        country_code=sums.unit_id,
        field_id=sums.field_id,
        year=sums.year,
        p=sums.p,
        p_frac=sums.p_frac,
        p_int=sums.p_int,
        mncs=sums.ncs / scored,
        pp_top_10=sums.top / scored,
    )
    path = Path(task["out"])
    path.unlink(missing_ok=True)
    found = table.to_pyarrow()
    seconds = _seconds(began, cpu)
    pq.write_table(found, path)
    return seconds | {"rows": found.num_rows}


def indicators(task: Task) -> Found:
    """Compute every indicator whole, for all units but organizations, one after another."""
    found: list[Found] = []
    with fourseas.open(Path(task["lake"])) as ws:
        began, began_cpu = time.perf_counter(), time.process_time()
        for indicator in INDICATORS:
            turn, cpu = time.perf_counter(), time.process_time()
            table = ws.table(indicator.name)
            if "unit_type" in table.columns:
                table = table.filter(table.unit_type != "organization")
            rows = ws.kept("benchmark_indicator", table).count().execute()
            found.append(
                {
                    "indicator": indicator.name,
                    "reads": [spec.name for spec in indicator.reads if spec.name in CELLS],
                    "rows": int(rows),
                    "wall_s": round(time.perf_counter() - turn, 3),
                    "cpu_s": round(time.process_time() - cpu, 3),
                }
            )
    return _seconds(began, began_cpu) | {"indicators": found}


def one_country(task: Task) -> Found:
    """Ask each indicator of one country, all fields together, as a user would; time each."""
    found: list[Found] = []
    first, first_cpu = time.perf_counter(), time.process_time()
    with fourseas.open(Path(task["lake"])) as ws:
        for indicator in INDICATORS:
            began, cpu = time.perf_counter(), time.process_time()
            asked = Selection(indicator=indicator.name, countries=(COUNTRY,), fields=("all",))
            try:
                rows = ws.show(asked).to_pyarrow().num_rows
            except FourseasError as error:
                found.append({"indicator": indicator.name, "why_not": error.problem})
                continue
            reads = [spec.name for spec in indicator.reads if spec.name in CELLS]
            found.append(
                {
                    "indicator": indicator.name,
                    "reads": reads,
                    "rows": rows,
                    "wall_s": round(time.perf_counter() - began, 3),
                    "cpu_s": round(time.process_time() - cpu, 3),
                }
            )
    return _seconds(first, first_cpu) | {"indicators": found}


def partners(task: Task) -> Found:
    """List partners of an organization, as a user asks for them; the lake is opened anew.

    Which one is asked for by `rank` among those with works enough: 0 has most, 1 fewest.
    """
    with fourseas.open(Path(task["lake"])) as ws:
        at = place(ws, "organization", Asked())
        cells = at.of(ws.table("unit_cells"))
        of_years = cells.filter((cells.unit_type == "organization") & cells.year.between(*at.years))
        sums = of_years.group_by("unit_id").agg(n=of_years.n.sum())
        listed = sums.filter(sums.n >= LEAST_WORKS["organization"])
        units = listed.order_by(listed.n.desc(), "unit_id").to_pyarrow()["unit_id"].to_pylist()
    seeker = str(units[round(task["rank"] * (len(units) - 1))])
    name = task["challenge"]
    asked = Question(
        seeker=seeker,
        asked=Asked(),
        challenge=challenge_lists.challenge(name) if name else None,
    )
    began, cpu = time.perf_counter(), time.process_time()
    with fourseas.open(Path(task["lake"])) as ws:
        card = find_card(ws, asked)
    (found,) = (sheet for sheet in card.sheets if sheet.name == "partners")
    assert found.rows
    return _seconds(began, cpu) | {"organizations": len(units)}


def partners_ahead(task: Task) -> Found:
    """Keep what lists of partners have in common, as a build does at its end."""
    began, cpu = time.perf_counter(), time.process_time()
    with fourseas.open(Path(task["lake"])) as ws:
        n_lists = prepare(ws)
        kept = [path for path in ws.lake.search.rglob("*.parquet") if path.is_file()]
    told = {"lists": n_lists, "bytes": sum(path.stat().st_size for path in kept)}
    return _seconds(began, cpu) | told


def step_by_kernel(task: Task) -> Found:
    """Compute a table of the lake as a build does, to a file: by its kernel where it has one."""
    step = _step(task["table"])
    kernel = KERNELS.get(step.writes.name)
    if kernel is None:
        return step_by_engine(task) | {"has_kernel": False}
    with _reading(task, step) as (con, _):
        began, cpu = time.perf_counter(), time.process_time()
        rows = engine.write_rows(con, kernel.compute(con, step), step.writes, Path(task["out"]))
    return _seconds(began, cpu) | {"rows": rows, "has_kernel": True} | _shape(step)


def step_by_engine(task: Task) -> Found:
    """Compute a table of the lake by its definition alone, without a kernel, to a file."""
    step = _step(task["table"])
    with _reading(task, step) as (con, reads):
        began, cpu = time.perf_counter(), time.process_time()
        table = step.compute(*reads).order_by(*step.writes.key)
        rows = engine.write(con, table, Path(task["out"]))
    return _seconds(began, cpu) | {"rows": rows}


@contextmanager
def _reading(task: Task, step: Step) -> Iterator[tuple[Backend, list[ir.Table]]]:
    """Open the lake's engine with the tables that a step reads."""
    lake = layout.locate(Path(task["lake"]))
    version = lake.current()
    assert version is not None
    con = engine.connect(lake)
    try:
        yield (
            con,
            [
                engine.parquet(con, [version / f"{spec.name}.parquet"], spec.name)
                for spec in step.reads
            ],
        )
    finally:
        con.disconnect()


def _seconds(began: float, cpu: float) -> Found:
    return {"inner_s": time.perf_counter() - began, "inner_cpu_s": time.process_time() - cpu}


def _shape(step: Step) -> Found:
    """Return the key of a table and what it measures."""
    key = step.writes.key
    return {
        "key": list(key),
        "measures": [name for name in step.writes.column_names if name not in key],
    }


def international(task: Task) -> Found:
    """Count the works that have an organization in a country, and in several, from staging.

    Namibia is counted apart: pySciSci reads its code, NA, as a missing value.
    """
    staged = f"{task['lake']}/staging/openalex/*"
    began, cpu = time.perf_counter(), time.process_time()
    counts = [
        duckdb.sql(
            f"""SELECT count(*), count(*) FILTER (n > 1) FROM (
                SELECT work_key, count(DISTINCT country_code) AS n
                FROM '{staged}/staged_affiliations.parquet'
                JOIN '{staged}/staged_works.parquet' USING (part_key, record)
                WHERE organization_key IS NOT NULL AND country_code != '{left_out}'
                GROUP BY work_key)"""
        ).fetchall()[0]
        for left_out in ("", "NA")
    ]
    without = {"with_country": counts[1][0], "international": counts[1][1]}
    lost = counts[0][1] - counts[1][1]
    return {"without_namibia": without, "international_lost": lost} | _seconds(began, cpu)


def compare(task: Task) -> Found:
    """Say where two tables of the same key differ by more than sums in another order may."""
    one, other = (f"read_parquet('{path}')" for path in task["tables"])
    key, measures = task["key"], task["measures"]
    differs = " OR ".join(
        f"(a.{name} IS NULL) != (b.{name} IS NULL) OR abs(a.{name} - b.{name}) > "
        f"{TOLERANCE} * greatest(1, abs(a.{name}))"
        for name in measures
    )
    on = " AND ".join(f"a.{name}::VARCHAR = b.{name}::VARCHAR" for name in key)
    (differing, rows, others) = duckdb.sql(
        f"""SELECT count(*) FILTER (a.{key[0]} IS NULL OR b.{key[0]} IS NULL OR {differs}),
            count(a.{key[0]}), count(b.{key[0]})
        FROM {one} AS a FULL JOIN {other} AS b ON {on}"""
    ).fetchall()[0]
    return {"differing": differing, "rows": rows, "rows_of_other": others}


def compare_staging(task: Task) -> Found:
    """Say which staged tables of two lakes differ, whatever their parts are called."""
    differing, rows = [], {}
    names = {path.name for path in Path(task["lakes"][0]).glob("staging/openalex/*/*.parquet")}
    for name in sorted(names):
        sums = []
        for lake in task["lakes"]:
            path = f"{lake}/staging/openalex/*/{name}"
            columns = [one for one, _ in _types(duckdb.connect(), path) if one != "part_key"]
            hashed = ", ".join(columns)
            sums.append(
                duckdb.sql(
                    f"SELECT count(*), sum(hash({hashed})::HUGEINT) FROM read_parquet('{path}')"
                ).fetchall()
            )
        rows[Path(name).stem] = sums[0][0][0]
        if sums[0] != sums[1]:
            differing.append(Path(name).stem)
    return {"differing": differing, "rows": rows}


def totals(task: Task) -> Found:
    """Count what a reading of the snapshot by anybody must find."""
    staged = f"{task['lake']}/staging/openalex/*"
    counts = {
        "records": f"SELECT count(*) FROM '{staged}/staged_works.parquet'",
        "citations": f"SELECT sum(cited_by_count) FROM '{staged}/staged_works.parquet'",
        "authorships": f"SELECT count(*) FROM '{staged}/staged_authorships.parquet'",
        "references": f"SELECT count(*) FROM '{staged}/staged_citations.parquet'",
    }
    return {name: int(duckdb.sql(query).fetchall()[0][0]) for name, query in counts.items()}


def _step(name: str) -> Step:
    return next(step for step in STEPS if step.writes.name == name)


TASKS: Mapping[str, Callable[[Task], Found]] = {
    task.__name__: task
    for task in (
        build,
        scan,
        table_from_facts,
        table_from_scores,
        table_from_cells,
        indicators,
        one_country,
        partners,
        partners_ahead,
        step_by_kernel,
        step_by_engine,
        international,
        compare,
        compare_staging,
        totals,
    )
}


def main(arguments: Sequence[str]) -> None:
    """Do a task and print what was found."""
    name, path = arguments
    found = TASKS[name](json.loads(Path(path).read_text(encoding="utf-8")))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
