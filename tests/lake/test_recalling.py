"""An engine that answers a question about settled tables once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fourseas.lake import engine, layout
from fourseas.lake.recalling import Recalling, recalling
from fourseas.lake.shelf import Shelf


@pytest.fixture
def recalled(lake_path: Path) -> Iterator[Recalling]:
    """Return an engine with one table that is settled and one that is not."""
    found = recalling(layout.locate(lake_path), Shelf(), "1")
    for name in ("settled", "open"):
        found.con.execute(f"CREATE TABLE {name} AS SELECT 1 AS x")
    found.settle("settled")
    yield found
    found.disconnect()


def test_a_settled_table_is_asked_once_and_another_each_time(recalled: Recalling) -> None:
    for name in ("settled", "open"):
        recalled.table(name).x.sum().execute()
        recalled.con.execute(f"INSERT INTO {name} VALUES (2)")

    assert recalled.table("settled").x.sum().execute() == 1
    assert recalled.table("open").x.sum().execute() == 3


def test_a_join_with_a_table_that_is_not_settled_is_asked_each_time(recalled: Recalling) -> None:
    both = recalled.table("settled").union(recalled.table("open"))
    before = both.count().execute()
    recalled.con.execute("INSERT INTO open VALUES (2)")

    assert (before, both.count().execute()) == (2, 3)


def test_who_changes_a_frame_changes_that_of_nobody_else(recalled: Recalling) -> None:
    frame = recalled.table("settled").to_pandas()
    frame["x"] = 5

    assert recalled.table("settled").to_pandas().x.tolist() == [1]


def test_another_version_on_the_same_shelf_has_answers_of_its_own(
    recalled: Recalling, lake_path: Path
) -> None:
    recalled.table("settled").x.sum().execute()
    later = recalling(layout.locate(lake_path), recalled.shelf, "2")
    later.con.execute("CREATE TABLE settled AS SELECT 9 AS x")
    later.settle("settled")

    assert later.table("settled").x.sum().execute() == 9
    later.disconnect()


def test_it_keeps_to_the_settings_of_the_lake(recalled: Recalling, lake_path: Path) -> None:
    plain = engine.connect(layout.locate(lake_path))
    asked = "SELECT current_setting('memory_limit'), current_setting('threads')"

    assert recalled.con.execute(asked).fetchall() == plain.con.execute(asked).fetchall()
    plain.disconnect()


def test_a_session_beside_waits_before_a_question_that_no_session_asked(
    recalled: Recalling,
) -> None:
    waits: list[str] = []
    beside = recalled.beside(lambda: waits.append("wait"))
    beside.settle("settled")
    recalled.table("settled").x.sum().execute()

    assert beside.table("settled").x.sum().execute() == 1
    assert waits == []
    beside.table("settled").x.max().execute()
    beside.table("open").x.max().to_pyarrow()
    beside.ask(beside.table("settled"))
    assert waits == ["wait"] * 3
    beside.disconnect()


def test_a_table_of_a_session_is_that_of_no_other_but_where_it_is_shared(
    recalled: Recalling,
) -> None:
    beside = recalled.beside(lambda: None)
    engine.materialize(recalled, recalled.table("open"), "own")
    engine.materialize(beside, beside.table("open").mutate(x=7), "own")
    engine.share(beside, beside.table("open").mutate(x=8), "shared")
    engine.share(recalled, recalled.table("open").mutate(x=9), "shared")

    assert recalled.table("own").x.sum().execute() == 1
    assert recalled.table("shared").x.sum().execute() == 8
    beside.disconnect()
    assert recalled.table("shared").x.sum().execute() == 8
