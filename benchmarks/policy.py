"""How fast ten rules are asked of millions of works, every finding and flag written to Parquet.

    python benchmarks/policy.py                         # 1 and 10 million works, three runs each
    python benchmarks/policy.py --works 100000 --runs 1

Works are synthetic and all of one owner, so that none is passed over. Each run is a process of
its own; its floor reads the same columns of the same files and does nothing with them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import fields
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.lake import engine
from fourseas.policy import history
from fourseas.policy.decide import compiled, evaluate
from fourseas.policy.document import read_policy
from fourseas.policy.history import Past
from fourseas.reports.simulation.simulate import CASES_AT_ONCE

RESULTS = Path(__file__).parent / "results" / "policy.json"
SIZES = (1_000_000, 10_000_000)
THREADS = 2
MEMORY_LIMIT = "2GB"
COUNTRIES, ORGANIZATIONS, TOPICS, FIELDS = 200, 20_000, 4_500, 26
OWNER = "C000"

POLICY = """\
policy: benchmark
title: Ten rules over all that registers show
owner: nobody
version: 1
valid_from: 2018-01-01
appeal: none
lists:
  countries: {of: country, title: Ten countries, source: invented, dated: 2018-01-01}
  organizations: {of: organization, title: 500 organizations, source: invented, dated: 2018-01-01}
  topics: {of: topic, title: 100 topics, source: invented, dated: 2018-01-01}
  fields: {of: field, title: Three fields, source: invented, dated: 2018-01-01}
rules:
  - {id: country, text: a, decision: review, when: {any_party: {country: {in_list: countries}}}}
  - id: organization
    text: b
    decision: closed
    basis: none
    when: {any_party: {organization: {within_org_tree: organizations}}}
  - {id: topic, text: c, decision: review, when: {topics: {intersects: topics}}}
  - id: field-and-country
    text: d
    decision: open_with_conditions
    when: [{fields: {intersects: fields}}, {any_party: {country: {in_list: countries}}}]
  - {id: sector, text: e, decision: open_with_conditions, when: {any_party: {sector: company}}}
  - id: many
    text: f
    decision: open_with_conditions
    when: {count_ge: {of: parties, n: 4, distinct: country}}
  - id: majority
    text: g
    decision: review
    when: {share_ge: {of: parties, share: 0.5, where: {country: {in_list: countries}}}}
  - id: not-open
    text: h
    decision: open_with_conditions
    when: [{not: {outputs_open: open}}, {topics: {intersects: topics}}]
  - id: both
    text: i
    decision: closed
    basis: none
    when: {any_party: [{country: {in_list: countries}}, {sector: government}]}
  - id: leading
    text: j
    decision: review
    when: [{date: {ge: 2020-01-01}}, {any_party: [{share: {ge: 0.5}}, {sector: company}]}]
"""

GENERATED = {
    "works": """
        SELECT i::INTEGER AS work_id, 'W' || i AS work_label, 'synthetic' AS register,
            'openalex' AS definition_id, (2018 + i % 6)::SMALLINT AS year,
            'co_authorship' AS activity, hash(i, 1) % 10 = 0 AS is_open_ended,
            CASE hash(i, 2) % 3 WHEN 0 THEN true WHEN 1 THEN false END AS is_oa,
            (2 + hash(i, 3) % 6)::INTEGER AS n_authors,
            (hash(i, 4) % 10 = 0)::INTEGER::DOUBLE AS top_10
        FROM range({n}) AS r(i)""",
    "organizations": """
        SELECT i::INTEGER AS work_id, o::INTEGER AS organization_id,
            CASE WHEN k = 0 THEN 'C000' ELSE format('C{{:03d}}', o % {countries}) END AS country,
            CASE WHEN o % 20 = 0 THEN NULL ELSE format('{{:09d}}', o) END AS ror_id,
            'Organization ' || o AS organization_name,
            (CASE WHEN k = 0 THEN 'C000' ELSE format('C{{:03d}}', o % {countries}) END)
                || ':' || o AS party_id,
            ['university', 'company', 'government', NULL, 'university'][1 + o % 5] AS sector,
            1.0 / (2 + hash(i, 5) % 3)::DOUBLE AS share
        FROM (
            SELECT i, k, (hash(i, k, 6) % {organizations})::BIGINT AS o
            FROM range({n}) AS r(i), range(4) AS s(k)
            WHERE k < 2 + hash(i, 5) % 3
        )""",
    "countries": """
        SELECT DISTINCT work_id, country FROM '{folder}/organizations.parquet'
        ORDER BY work_id""",
    "fields": """
        SELECT i::INTEGER AS work_id, 'openalex_topic' AS scheme,
            format('T{{:05d}}', (hash(i, k, 7) % {topics})::BIGINT) AS field_id, 1.0 AS weight
        FROM range({n}) AS r(i), range(3) AS s(k)
        UNION ALL
        SELECT i::INTEGER, 'openalex_field', (11 + hash(i, 8) % {fields})::VARCHAR, 1.0
        FROM range({n}) AS r(i)""",
    "people": "SELECT 0::INTEGER AS work_id, 0::INTEGER AS person_id, '' AS country WHERE false",
}
"""Tables as history shows them; the same numbers every time, drawn by hashing."""

READ = {
    "works": ("work_id", "activity", "year", "is_oa", "is_open_ended"),
    "organizations": (
        "work_id",
        "organization_id",
        "country",
        "ror_id",
        "sector",
        "share",
    ),
    "fields": ("work_id", "scheme", "field_id"),
}
"""Columns that the rules need, which the floor reads too."""


def generate(folder: Path, n: int) -> None:
    """Write the tables of so many works."""
    con = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})
    con.execute(f"SET temp_directory = '{folder}/spill'")
    counts = {
        "n": n,
        "folder": folder,
        "countries": COUNTRIES,
        "organizations": ORGANIZATIONS,
        "topics": TOPICS,
        "fields": FIELDS,
    }
    for name, query in GENERATED.items():
        path = folder / f"{name}.parquet"
        con.execute(f"COPY ({query.format(**counts)}) TO '{path}' (COMPRESSION zstd)")


def connected(folder: Path) -> Backend:
    """Return an engine of two threads that may use so much memory and spills beyond."""
    return ibis.duckdb.connect(
        threads=THREADS, memory_limit=MEMORY_LIMIT, temp_directory=str(folder / "spill")
    )


def floor(folder: Path) -> None:
    """Read every value of the columns that the rules need."""
    con = connected(folder)
    for name, columns in READ.items():
        hashed = ", ".join(f"bit_xor(hash({column}))" for column in columns)
        path = folder / f"{name}.parquet"
        con.con.execute(f"SELECT count(*), {hashed} FROM '{path}'").fetchall()


def ask(folder: Path) -> None:
    """Ask the policy of every work and write what it finds."""
    con = connected(folder)
    tables = {one.name: folder / f"{one.name}.parquet" for one in fields(Past)}
    past = Past(**{name: con.read_parquet(path) for name, path in tables.items()})
    of = compiled(read_policy(POLICY), dates="ignored")
    cases = past.works.mutate(
        case_id=past.works.work_id.cast("int64"),
        side=ibis.literal(OWNER),
        is_international=ibis.literal(True),
    )
    named, above = lists(con), tree(con)
    last = past.works.work_id.max().to_pyarrow().as_py()
    for place, first in enumerate(range(0, last + 1, CASES_AT_ONCE)):
        there = history.portion(past, cases, first, first + CASES_AT_ONCE - 1)
        facts = history.facts(*there, owner=OWNER, lists=named, ancestors=above)
        path = folder / "findings" / f"{place:04d}.parquet"
        path.parent.mkdir(exist_ok=True)
        engine.write(con, evaluate(of, facts).findings, path)


def lists(con: Backend) -> dict[str, ir.Table]:
    """Return the four lists."""
    members = {
        "countries": [f"C{one:03d}" for one in range(7, COUNTRIES, 20)],
        "organizations": [f"{one:09d}" for one in range(3, ORGANIZATIONS, 40)],
        "topics": [f"T{one:05d}" for one in range(5, TOPICS, 45)],
        "fields": ["17", "22", "31"],
    }
    return {
        name: engine.hold(
            con, pa.table({"member_id": ids, "is_possible": [False] * len(ids)}), f"list_{name}"
        )
        for name, ids in members.items()
    }


def tree(con: Backend) -> ir.Table:
    """Return a tree in which each fifth organization is part of the one before it."""
    pairs = [(one, one) for one in range(ORGANIZATIONS)]
    pairs += [(one, one - 1) for one in range(5, ORGANIZATIONS, 5)]
    columns = {
        "organization_id": [f"{one:09d}" for one, _ in pairs],
        "ancestor_id": [f"{above:09d}" for _, above in pairs],
    }
    return engine.hold(con, pa.table(columns), "tree")


STAGES = {"floor": floor, "ask": ask}


def measured(stage: str, folder: Path) -> dict[str, float]:
    """Run a stage in a process of its own."""
    command = [sys.executable, __file__, "--stage", stage, "--folder", str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def run_stage(stage: str, folder: Path) -> None:
    """Run a stage here and print wall and CPU seconds, and the greatest memory in MB."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    STAGES[stage](folder)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = {"wall_s": wall, "cpu_s": cpu, "peak_mb": after.ru_maxrss / 1024}
    sys.stdout.write(json.dumps(told) + "\n")


def summary(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return least and median of runs."""
    walls, cpus = ([run[name] for run in runs] for name in ("wall_s", "cpu_s"))
    return {
        "wall_s_min": round(min(walls), 3),
        "wall_s_median": round(statistics.median(walls), 3),
        "cpu_s_min": round(min(cpus), 3),
        "cpu_s_median": round(statistics.median(cpus), 3),
        "peak_mb": round(max(run["peak_mb"] for run in runs), 0),
    }


def benchmark(n: int, n_runs: int) -> dict[str, object]:
    """Measure one size, floor and rules by turns."""
    with tempfile.TemporaryDirectory(prefix="policy-benchmark-") as name:
        folder = Path(name)
        load = [round(one, 1) for one in os.getloadavg()]
        generate(folder, n)
        runs: dict[str, list[dict[str, float]]] = {stage: [] for stage in STAGES}
        for _ in range(n_runs):
            for stage, found in runs.items():
                found.append(measured(stage, folder))
        rows = {
            table: duckdb.sql(f"SELECT count(*) FROM '{folder}/{table}.parquet'").fetchall()[0][0]
            for table in ("works", "organizations", "fields", "findings/*")
        }
        size = sum(path.stat().st_size for path in folder.glob("findings/*.parquet"))
    told = {stage: summary(found) for stage, found in runs.items()}
    return {
        "works": n,
        "runs": n_runs,
        "load_before": load,
        "rows": rows,
        "findings_mb": round(size / 1e6, 1),
        **told,
        "cpu_over_floor": round(told["ask"]["cpu_s_min"] / told["floor"]["cpu_s_min"], 1),
        "wall_over_floor": round(told["ask"]["wall_s_min"] / told["floor"]["wall_s_min"], 1),
    }


def machine() -> dict[str, object]:
    """Return on what it ran."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "ibis": ibis.__version__,
        "threads": THREADS,
        "memory_limit": MEMORY_LIMIT,
        "measured_on": dt.datetime.now(tz=dt.UTC).date().isoformat(),
    }


def main() -> None:
    """Measure what is asked for and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--stage", choices=STAGES)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.stage:
        run_stage(asked.stage, asked.folder)
        return
    told: dict[str, object] = {"machine": machine(), "rules": 10}
    sizes: list[dict[str, object]] = []
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    for n in asked.works:
        sizes.append(benchmark(n, asked.runs))
        text = json.dumps(told | {"sizes": sizes}, indent=1) + "\n"
        asked.out.write_text(text, encoding="utf-8")
    sys.stdout.write(asked.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
