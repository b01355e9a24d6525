"""What pages read of an indicator, taken from what is kept and asked of the lake."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pandas as pd
import pyarrow.parquet as pq
import pytest

from fourseas.catalog import INDICATORS
from fourseas.errors import LakeError
from fourseas.lake.shelf import Shelf
from fourseas.reports.estimates.closure import Question, closure_card
from fourseas.reports.panel import CHOSEN
from fourseas.selection import Slice
from fourseas.web.app import READ_OF_UNITS, application, warm
from fourseas.web.pages.what_if import what_if
from fourseas.web.reader import Ahead, ClosedError, Opened, Reader
from fourseas.web.view import Asked
from fourseas.workspace import Workspace

UNITS = (
    ("BR",),
    ("CN", "BR", "US"),
    ("WORLD",),
    (),
    ("XX",),
    ("'; drop table works; --", "", "BR"),
)


@pytest.fixture(scope="module")
def reader(lake_path: Path) -> Iterator[Reader]:
    """Read the embedded lake as pages do."""
    found = Reader(lake_path)
    yield found
    found.close()


@pytest.mark.parametrize(
    "part", READ_OF_UNITS, ids=lambda part: f"{part.indicator}-{len(part.columns)}-{part.order[1]}"
)
def test_rows_of_units_are_those_that_the_engine_answers_for_them_alone(
    reader: Reader, part: Slice
) -> None:
    def ask(opened: Opened) -> None:
        for units in UNITS:
            alone = Workspace.of_units(opened.ws, part, units)
            pd.testing.assert_frame_equal(opened.ws.of_units(part, units), alone)

    reader.once(ask)


def test_rows_of_units_are_those_of_a_lake_that_keeps_nothing(
    reader: Reader, lake: Workspace
) -> None:
    part = next(one for one in READ_OF_UNITS if one.indicator == "impact")

    kept = reader.once(lambda opened: opened.ws.of_units(part, ["CN", "BR"]))

    pd.testing.assert_frame_equal(kept, lake.of_units(part, ["CN", "BR"]))
    assert {*kept.unit_id} == {"BR", "CN"}


def test_the_next_unit_of_a_part_asks_nothing(reader: Reader) -> None:
    def kept_after(unit: str) -> int:
        def ask(opened: Opened) -> int:
            opened.ws.of_units(READ_OF_UNITS[0], [unit])
            return len(opened.shelf)

        return reader.once(ask)

    assert kept_after("DE") == kept_after("FR")


def test_where_nothing_can_be_kept_units_are_asked_for_alone(
    lake_path: Path, lake: Workspace
) -> None:
    part = READ_OF_UNITS[0]
    forgetful = Reader(lake_path, shelf=Shelf(0))

    found = forgetful.once(lambda opened: opened.ws.of_units(part, ["BR"]))

    pd.testing.assert_frame_equal(found, lake.of_units(part, ["BR"]))
    forgetful.close()


LONG = 120.0
"""Seconds after which what should happen is taken never to."""


@pytest.fixture
def ahead(reader: Reader) -> Iterator[Ahead]:
    """Make things ahead of who reads the embedded lake."""
    found = Ahead(reader)
    yield found
    found.close()


def n_works(opened: Opened) -> int:
    """Ask the engine how many works there are."""
    works = opened.ws.table("works")
    return int(opened.ws.kept("of_this_page", works.select("work_id")).count().execute())


@pytest.fixture
def in_thread() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Do things in threads that end with the test."""
    threads: list[Thread] = []

    def start(do: Callable[[], object]) -> None:
        threads.append(Thread(target=do))
        threads[-1].start()

    yield start
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)


def test_a_reader_is_answered_in_the_middle_of_a_page_that_is_made_ahead(
    reader: Reader, ahead: Ahead, in_thread: Callable[[Callable[[], object]], None]
) -> None:
    is_begun, is_answered, found = Event(), Event(), list[bool]()

    def page(opened: Opened) -> None:
        before = n_works(opened)
        is_begun.set()
        found.append(is_answered.wait(LONG))
        found.append(n_works(opened) == before)

    in_thread(lambda: ahead.once(page))
    assert is_begun.wait(LONG)
    assert reader.once(n_works) > 0
    is_answered.set()
    ahead.once(lambda _: None)

    assert found == [True, True]


def test_what_is_made_ahead_asks_nothing_while_a_reader_is_answered(
    reader: Reader, ahead: Ahead, in_thread: Callable[[Callable[[], object]], None]
) -> None:
    told: list[str] = []
    is_begun, may_ask = Event(), Event()

    def page(opened: Opened) -> None:
        is_begun.set()
        may_ask.wait(LONG)
        n_works(opened)
        told.append("ahead")

    def answer(opened: Opened) -> None:
        may_ask.set()
        for _ in range(20):
            n_works(opened)
        told.append("reader")

    in_thread(lambda: ahead.once(page))
    assert is_begun.wait(LONG)
    reader.once(answer)
    ahead.once(lambda _: None)

    assert told == ["reader", "ahead"]


def test_tables_of_a_page_that_is_made_ahead_are_those_of_no_reader(
    reader: Reader, ahead: Ahead
) -> None:
    def kept(opened: Opened, n: int) -> object:
        return opened.ws.kept("of_this_page", opened.ws.table("works").limit(n)).count().execute()

    def page(opened: Opened) -> object:
        first = opened.ws.kept("of_this_page", opened.ws.table("works").limit(3))
        assert reader.once(lambda theirs: kept(theirs, 2)) == 2
        return first.count().execute()

    assert ahead.once(page) == 3


def test_what_was_asked_ahead_is_known_to_readers(lake_path: Path) -> None:
    others = Reader(lake_path)
    ahead = Ahead(others)

    def ask(opened: Opened) -> int:
        opened.ws.table("collaboration").count().execute()
        opened.ws.of_units(READ_OF_UNITS[0], ["BR"])
        return len(opened.shelf)

    n_kept = ahead.once(ask)

    assert others.once(ask) == n_kept
    assert others.once(lambda opened: opened.ws.made) is ahead.once(lambda opened: opened.ws.made)
    ahead.close()
    assert others.once(ask) == n_kept
    others.close()


def test_what_is_made_ahead_ends_when_the_lake_is_closed(lake_path: Path) -> None:
    others = Reader(lake_path)
    ahead = Ahead(others)

    def page(opened: Opened) -> None:
        others.close()
        n_works(opened)

    with pytest.raises(ClosedError):
        ahead.once(page)
    ahead.close()


def test_a_server_that_is_closed_makes_nothing_ahead(lake_path: Path) -> None:
    app = application(lake_path)
    app.state.reader.close()

    warm(app)

    assert len(app.state.reader.shelf) == 0


def test_an_indicator_that_an_older_lake_lacks_a_column_for_keeps_no_other_from_being_made(
    lake_path: Path, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(lake_path, tmp_path / "lake"))
    (cells,) = older.glob("versions/*/funding_cells.parquet")
    pq.write_table(pq.read_table(cells).drop_columns("p_joined"), cells)
    reader = Reader(older)
    ahead = Ahead(reader)

    for one in INDICATORS:
        ahead.remember(one.name)

    shared = reader.once(lambda opened: {*opened.ws.session.shared})
    assert {f"remembered_{one.name}" for one in INDICATORS} - shared == {"remembered_funding"}
    ahead.close()
    reader.close()


def test_a_question_that_needs_more_memory_than_there_is_says_what_to_raise(
    cramped_path: Path,
) -> None:
    reader = Reader(cramped_path)

    def ask(opened: Opened) -> None:
        engine = opened.ws.table("works").get_backend()
        # Lists cannot be put aside, as much disk as there may be.
        engine.raw_sql("SELECT list(i) FROM range(20_000_000) AS numbers (i)").fetchall()

    with pytest.raises(LakeError, match="memory limit"):
        reader.once(ask)
    # The engine answers what needs less.
    assert reader.once(lambda opened: opened.ws.table("registers").count().to_pyarrow().as_py())
    reader.close()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"first": "BR", "second": "CN"},
        {"first": "BR", "second": "CN", "from": "2012", "to": "2014"},
        {"first": "BR", "second": "CN", "register": "ncses"},
        {"first": "BR", "second": "CN", "factor": "2"},
    ],
    ids=["as it begins", "others", "other years", "another register", "more"],
)
def test_what_changes_of_ties_share_is_of_the_place_that_is_asked_for(
    reader: Reader, lake: Workspace, asked: dict[str, str]
) -> None:
    view = reader.once(lambda opened: what_if(opened, Asked("/what-if", tuple(asked.items()))))

    years = (int(asked["from"]), int(asked["to"])) if "from" in asked else None
    question = Question(
        first=asked.get("first", CHOSEN["a"]),
        second=asked.get("second", CHOSEN["b"]),
        factor=float(asked.get("factor", 0)),
        years=years,
        register=asked.get("register"),
    )
    alone = closure_card(lake, question)
    assert (view.card.title, view.card.lead) == (alone.title, alone.lead)
