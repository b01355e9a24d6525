"""The engine's settings, and order where something relies on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import ibis
import pytest

from fourseas.errors import LakeError
from fourseas.lake import engine, layout
from tests.lake import small

SHUFFLED = 1_000_003


def test_limits_are_always_set(tmp_path: Path) -> None:
    lake = layout.init(tmp_path / "lake", scope="census", memory_limit="300MiB", threads=1)
    con = engine.connect(lake)

    assert engine.setting(con, "memory_limit") == "300.0 MiB"
    assert engine.setting(con, "threads") == "1"
    assert Path(engine.setting(con, "temp_directory")).parent == lake.temporary
    assert engine.setting(con, "preserve_insertion_order") == "True"
    con.disconnect()


def test_memory_is_limited_to_a_part_of_the_machine_when_nothing_is_set(tmp_path: Path) -> None:
    lake = layout.init(tmp_path / "lake", scope="census")
    limit = engine.memory_limit(lake)

    assert limit.endswith("MiB")
    assert int(limit.removesuffix("MiB")) > 0


def test_two_engines_never_share_a_place_to_spill(tmp_path: Path) -> None:
    lake = small.new_lake(tmp_path / "lake")
    engines = [engine.connect(lake) for _ in range(2)]
    places = {engine.setting(con, "temp_directory") for con in engines}
    for con in engines:
        con.disconnect()

    assert len(places) == 2
    assert not lake.temporary.exists()


def test_nothing_is_fetched_to_answer_a_query(tmp_path: Path) -> None:
    con = engine.connect(small.new_lake(tmp_path / "lake"))

    assert engine.setting(con, "autoinstall_known_extensions") == "False"
    assert engine.setting(con, "autoload_known_extensions") == "False"
    with pytest.raises(duckdb.Error):
        con.con.execute("SELECT * FROM sqlite_scan('absent.db', 'trees')")
    con.disconnect()


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_ordered_is_written_and_read_in_order(tmp_path: Path, threads: int) -> None:
    lake = layout.init(tmp_path / "lake", scope="census", threads=threads)
    con = engine.connect(lake)
    numbers = ibis.range(SHUFFLED).unnest().name("i").as_table()
    shuffled = numbers.select(k=(numbers.i * 7919) % SHUFFLED)
    path = tmp_path / "numbers.parquet"

    assert engine.write(con, shuffled.order_by("k"), path) == SHUFFLED
    read = con.to_pyarrow(engine.parquet(con, [path], "numbers"))["k"].to_numpy()
    assert (read[:-1] < read[1:]).all()
    direct = con.to_pyarrow(shuffled.order_by("k"))["k"].to_numpy()
    assert (direct[:-1] < direct[1:]).all()
    con.disconnect()


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    con = engine.connect(small.new_lake(tmp_path / "lake"))
    absent = tmp_path / "absent" / "numbers.parquet"

    with pytest.raises(LakeError, match=r"numbers\.parquet failed: Cannot open file"):
        engine.write(con, ibis.range(3).unnest().name("i").as_table(), absent)
    con.disconnect()


SEEDS = (0, 1, 2)
STATEMENTS = """
from fourseas.catalog import STEPS
from fourseas.lake.engine import sql
from fourseas.lake.recipe import expression
for step in STEPS:
    print(sql(expression(step)))
"""


def test_every_process_states_the_steps_of_a_version_alike() -> None:
    """A build that goes on, or is asked for again, is known by them."""
    told = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", STATEMENTS],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in SEEDS
    ]

    assert "EXCLUDE" in told[0]
    assert told[1:] == told[:-1]
