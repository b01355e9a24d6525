"""Retraction Watch: notices written by hand in the form of its file."""

from __future__ import annotations

from pathlib import Path

import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from fourseas.lake import layout, ledger, reading
from fourseas.sources import retraction_watch
from tests.commands import run
from tests.sources.published import (
    SAMPLES,
    broken_promises,
    compiles_in_both_engines,
    rows,
    stage,
)

(NOTICES,) = retraction_watch.SOURCE.intakes
PATH = SAMPLES / "retraction_watch" / "retraction_watch.csv"


@pytest.fixture(scope="module")
def raw(duckdb: Backend) -> ir.Table:
    listed = reading.read(duckdb, PATH, NOTICES).table.to_pyarrow().to_pylist()
    return stage(duckdb, NOTICES, listed)


def test_a_notice_names_the_work_the_day_and_the_reasons(raw: ir.Table) -> None:
    columns = ("record", "doi", "nature", "noted_on", "notice_doi", "reasons")
    found = [
        tuple(row[name] for name in columns)
        for row in rows(retraction_watch.retractions(raw).order_by("record"))
    ]
    reasons = ["Concerns/Issues About Data", "Investigation by Journal/Publisher"]

    assert found == [
        (1, "10.5555/rw.1", "retraction", "2026-03-09", "10.5555/notice.1", reasons),
        (2, "10.5555/rw.2", "retraction", "2020-12-31", None, ["Error in Data"]),
        (3, "10.5555/rw.2", "reinstatement", "2021-02-01", "10.5555/notice.3", []),
        (4, "10.5555/rw.3", "expression of concern", "2021-02-01", "10.5555/notice.4", []),
    ]


def test_the_file_is_added_though_its_last_column_has_no_name(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert run("init", str(lake), "--scope", "corpus").returncode == 0
    words = ("--source", "retraction_watch", "--snapshot", "2026-04-01")
    added = run("add", str(lake), str(PATH), *words)

    assert added.returncode == 0, added.stderr
    found = ledger.read_register(layout.locate(lake), "retraction_watch")
    assert found is not None
    assert found.parts[0].rows == {"staged_retractions": 4}


def test_the_feed_keeps_what_its_table_promises(raw: ir.Table) -> None:
    (feed,) = NOTICES.feeds

    assert broken_promises(feed.compute(raw), feed.writes) == []


def test_the_feed_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(retraction_watch.SOURCE)
