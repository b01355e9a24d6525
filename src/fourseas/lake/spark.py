"""Apache Spark as the engine of a build: for what one machine is too small for.

Executors compute a table and write it, by its key, as many part files below the lake's temporary
directory. DuckDB then puts these into the one file that any reader of a lake expects, and checks
it. So a lake looks the same whichever engine built it; the price is that each table is written
twice, the second time by one process.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import ibis
from ibis.backends.duckdb import Backend
from ibis.backends.pyspark.datatypes import PySparkSchema
from py4j.protocol import Py4JError
from pyspark.errors import (
    AnalysisException,
    ArithmeticException,
    NumberFormatException,
    PySparkException,
)
from pyspark.sql import DataFrame, Observation, SparkSession, functions
from pyspark.version import __version__ as spark_version

from fourseas.errors import EngineError, TableError
from fourseas.lake import engine
from fourseas.lake.engines import Engine, Start
from fourseas.lake.layout import Lake, workplace
from fourseas.lake.recipe import Assembly, expression
from fourseas.schema.step import Step
from fourseas.schema.table import TableSpec

OLDEST_JAVA = 17
"""Spark 4 does not start on an older one."""

IN_PROCESS = re.compile(r"local(\[(\d+|\*)\])?")
LOCAL_CLUSTER = re.compile(r"local-cluster\[\d+,\d+,\d+\]")
STANDALONE = re.compile(r"spark://[^:/,]+:\d+(,[^:/,]+:\d+)*")
YARN = "yarn"

YARN_SETTINGS = ("HADOOP_CONF_DIR", "YARN_CONF_DIR")

NAME_OF_EXCEPTION = re.compile(r"^[\w$]+(\.[\w$]+)+: ")

PATTERN_SIGNS = set("{}[]*?\\")
"""Signs in paths that Spark takes for a pattern. It can be told not to, but then 4.0 reads each
of several files twice."""

SECONDS_TO_ANSWER = 5.0
"""How long a master may take to accept a connection."""

SECONDS_TO_BEGIN = 180.0
"""How long a cluster may take until executors have done the first small job."""

PROBE_ROWS = 1_000

PARTITIONS_OF_THREAD = 4
"""Pieces of a shuffle for each thread of one machine; Spark's 200 are for a cluster."""

HEAP_SHARE = 0.5
"""Part of the lake's memory limit that Spark may use as heap where it computes in this machine:
DuckDB, which checks between its tables, has the limit itself."""

LEAST_HEAP = 1024
"""Megabytes without which Spark is of no use."""

MEGABYTES = {"K": 2**-10, "M": 1, "G": 2**10, "T": 2**20}

COUNTING_RULES = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
"""What results depend on: overflow and senseless casts are errors."""

FAULTS_OF_SPARK = (PySparkException, Py4JError, ConnectionError)
"""What is raised where Spark fails, or is gone."""

QUIET = {
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@dataclass(frozen=True, slots=True)
class Spark:
    """The engine on a session of Spark, beside the DuckDB that writes and checks."""

    lake: Lake
    con: Backend
    session: SparkSession
    version: str = f"Spark {spark_version}"

    def read(self, name: str, spec: TableSpec, paths: Sequence[Path]) -> None:
        """Let steps find the rows of Parquet files by a name."""
        schema = PySparkSchema.from_ibis(spec.ibis_schema)
        if paths:
            addresses = [_address(path) for path in paths]
            rows = self.session.read.schema(schema).parquet(*addresses)
        else:
            rows = self.session.createDataFrame([], schema)
        rows.createOrReplaceTempView(name)

    def write(self, step: Step, path: Path) -> int:
        """Compute the table of a step into a Parquet file, in the order of its key."""
        ordered = expression(step)
        query = str(ibis.to_sql(ordered, dialect=ibis.pyspark.name))
        schema = PySparkSchema.from_ibis(ordered.schema())
        with _failures(step.writes.name):
            return self._write(self.session.sql(query).to(schema), path)

    def probe(self) -> None:
        """Look whether executors start, and whether what they write below the lake is seen here.

        Raises
        ------
        EngineError
            If not.
        """
        context = self.session.sparkContext
        place = workplace(self.lake)
        tag = place.name
        context.addJobTag(tag)
        waiting = threading.Timer(SECONDS_TO_BEGIN, context.cancelJobsWithTag, [tag])
        waiting.start()
        rows = self.session.range(0, PROBE_ROWS, 1, context.defaultParallelism)
        try:
            place.mkdir(parents=True)
            self._write(rows.toDF("number"), place / "probe.parquet")
        except FAULTS_OF_SPARK as error:
            raise _no_work(context.master, error) from error
        finally:
            waiting.cancel()
            context.removeJobTag(tag)
            shutil.rmtree(place)

    def _write(self, rows: DataFrame, path: Path) -> int:
        """Have executors write rows as part files, and put these into one file."""
        place = workplace(self.lake)
        counted = Observation()
        counting = functions.count(functions.lit(1)).alias("n_rows")
        try:
            rows.observe(counted, counting).write.parquet(_address(place))
            parts = sorted(place.glob("part-*.parquet"))
            found = engine.parquet(self.con, parts, "parts") if parts else None
            n_found = 0 if found is None else engine.write(self.con, found, path)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        # An executor that does not see the lake writes to a disk of its own without an error.
        n_rows = int(counted.get["n_rows"])
        if n_found != n_rows:
            raise _not_shared(self.lake, n_found, n_rows)
        return n_found


def on_spark(master: str | None, conf: Mapping[str, str]) -> Start:
    """Compute on Spark: at a master, or, where none is named, in all threads of this machine.

    In a process that has a session of Spark already, as notebooks do, its cluster is used.
    """
    return partial(_started, master, conf)


@contextmanager
def _started(
    master: str | None, conf: Mapping[str, str], assembly: Assembly, con: Backend
) -> Iterator[Engine]:
    """Start a session of Spark for a build, and stop it if nobody else had one."""
    lake = assembly.lake
    if PATTERN_SIGNS & set(str(lake.root.absolute())):
        raise _looks_like_a_pattern(lake)
    active = SparkSession.getActiveSession()
    if active is None:
        session = _new_session(master or f"local[{engine.threads(lake)}]", conf, lake)
    else:
        session = _session_of(active, master, conf)
    try:
        computing = Spark(lake, con, session)
        computing.probe()
        yield computing
    finally:
        if active is None:
            session.stop()


def _session_of(active: SparkSession, master: str | None, conf: Mapping[str, str]) -> SparkSession:
    """Return a session with settings of its own beside one that somebody works with."""
    found = active.sparkContext.master
    if master is not None and master != found:
        _refuse_unreachable(master)
        raise _other_master(found)
    session = active.newSession()
    for name, value in {**conf, **COUNTING_RULES}.items():
        try:
            session.conf.set(name, value)
        except AnalysisException as error:
            raise _fixed_setting(name) from error
    return session


def _new_session(master: str, conf: Mapping[str, str], lake: Lake) -> SparkSession:
    """Start Spark."""
    hindrance = java_hindrance()
    if hindrance is not None:
        raise _no_java(hindrance)
    _refuse_unreachable(master)
    settings: dict[str, bool | float | int | str | None] = {
        **QUIET,
        **_settings_here(master, lake),
        **conf,
        **COUNTING_RULES,
    }
    builder = SparkSession.builder.master(master).appName("fourseas")
    try:
        return builder.config(map=settings).getOrCreate()
    except FAULTS_OF_SPARK as error:
        raise _not_started(master, error) from error


def _settings_here(master: str, lake: Lake) -> dict[str, str]:
    """Return the settings of a Spark that computes in this machine; a cluster has its own."""
    if not IN_PROCESS.fullmatch(master):
        return {}
    return {
        "spark.driver.memory": f"{_heap_megabytes(engine.memory_limit(lake))}m",
        "spark.driver.host": "localhost",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(lake.temporary.absolute()),
        "spark.sql.shuffle.partitions": str(PARTITIONS_OF_THREAD * engine.threads(lake)),
    }


def _heap_megabytes(limit: str) -> int:
    """Return the heap that goes with a memory limit such as `8 GB`."""
    amount, unit = float(limit.rstrip("KMGTiB ")), limit.rstrip("iB")[-1]
    return max(LEAST_HEAP, int(amount * MEGABYTES[unit] * HEAP_SHARE))


def java_hindrance() -> str | None:
    """Say why Spark cannot start with the Java runtime that it would find, or return None."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None:
        return "no Java runtime was found"
    asked = [java, "-version"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return f"{java} does not start"
    version = re.search(r'version "(\d+)', told.stderr)
    if version is None or int(version.group(1)) < OLDEST_JAVA:
        return f"the Java runtime {java} is older than {OLDEST_JAVA}"
    return None


def _refuse_unreachable(master: str) -> None:
    """Find out in seconds what Spark would try for minutes."""
    if master == YARN:
        if not any(os.environ.get(name) for name in YARN_SETTINGS):
            raise _no_yarn()
    elif STANDALONE.fullmatch(master):
        reasons = [_reason_for_silence(place) for place in master[len("spark://") :].split(",")]
        if all(reasons):
            raise _unreachable(master, str(reasons[0]))
    elif not (IN_PROCESS.fullmatch(master) or LOCAL_CLUSTER.fullmatch(master)):
        raise _unknown_master(master)


def _reason_for_silence(place: str) -> str | None:
    """Say why nothing can be reached at a host and port, or return None."""
    host, _, port = place.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=SECONDS_TO_ANSWER).close()
    except (OSError, OverflowError) as error:
        return getattr(error, "strerror", None) or str(error)
    return None


def _address(path: Path) -> str:
    """Return a path as Spark must have it: without this, HDFS may be what it looks in."""
    return f"file://{path.absolute()}"


@contextmanager
def _failures(table: str) -> Iterator[None]:
    """Turn what Spark says of a table into errors with a remedy; bad SQL is our fault."""
    try:
        yield
    except (ArithmeticException, NumberFormatException) as error:
        raise TableError.out_of_range(table, _first_line(error)) from error
    except AnalysisException:
        raise
    except FAULTS_OF_SPARK as error:
        raise _broken_off(table, error) from error


def _first_line(error: Exception) -> str:
    """Return what Spark says first; of an error of Java, what it was caused by."""
    said = str(getattr(error, "java_exception", None) or error)
    causes = re.findall(r"^Caused by: (?:[\w.$]+: )?(.+)$", said, re.MULTILINE)
    first = causes[-1] if causes else said.split("\n", maxsplit=1)[0]
    return NAME_OF_EXCEPTION.sub("", first.strip()).rstrip(".")


def _looks_like_a_pattern(lake: Lake) -> EngineError:
    return EngineError(
        f"Spark takes the path of the lake, {lake.root.absolute()}, for a pattern.",
        f"Move the lake to a path without any of {' '.join(sorted(PATTERN_SIGNS))}.",
    )


def _no_java(found: str) -> EngineError:
    return EngineError(
        f"Spark cannot start: {found}.",
        f"Install Java {OLDEST_JAVA} or newer (on Debian: openjdk-{OLDEST_JAVA}-jre-headless), "
        "or set JAVA_HOME to one. Nothing was written.",
    )


def _unknown_master(master: str) -> EngineError:
    return EngineError(
        f"`{master}` names no master that fourseas builds at.",
        "Give local[2], local-cluster[2,1,2048], spark://HOST:PORT or yarn.",
    )


def _unreachable(master: str, reason: str) -> EngineError:
    return EngineError(
        f"No Spark master answers at {master}: {reason}.",
        "Start it, or correct --master. Nothing was written.",
    )


def _no_yarn() -> EngineError:
    return EngineError(
        f"The master is yarn, but neither {' nor '.join(YARN_SETTINGS)} is set.",
        "Set one to the directory of the cluster's core-site.xml and yarn-site.xml.",
    )


def _other_master(found: str | None) -> EngineError:
    return EngineError(
        f"Spark runs in this process already, at the master {found}.",
        "Leave out the master to build there, or stop that session first.",
    )


def _fixed_setting(name: str) -> EngineError:
    return EngineError(
        f"The setting {name} cannot be changed while Spark runs.",
        "Leave it out, or set it where the session is started.",
    )


def _not_started(master: str, error: Exception) -> EngineError:
    return EngineError(
        f"Spark did not start at {master}: {_first_line(error)}.",
        "Look above for what it printed, correct --master or --conf, and run the command again.",
    )


def _no_work(master: str | None, error: Exception) -> EngineError:
    return EngineError(
        f"The first small job at {master} did not end well: {_first_line(error)}.",
        f"Look whether executors start there within {SECONDS_TO_BEGIN:.0f} s with the memory and "
        "cores asked for, and may write below the lake. Nothing was built.",
    )


def _not_shared(lake: Lake, n_found: int, n_rows: int) -> EngineError:
    return EngineError(
        f"Of {n_rows:,} rows that executors wrote below {lake.temporary.absolute()}, "
        f"{n_found:,} are there: not all executors see the lake.",
        "Put it on a disk that is mounted at the same path on every machine, then build again.",
    )


def _broken_off(table: str, error: Exception) -> EngineError:
    return EngineError(
        f"Spark could not compute `{table}`: {_first_line(error)}.",
        "Mend that, or give it more memory (--conf spark.executor.memory=8g; in this machine "
        "spark.driver.memory), and run the command again; it goes on at this table.",
    )
