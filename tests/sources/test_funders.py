"""The Funder Registry: lines whose quotation marks are broken, and others."""

from __future__ import annotations

from pathlib import Path

import ibis.expr.types as ir
import pytest
from ibis.backends.duckdb import Backend

from fourseas.errors import SourceError
from fourseas.lake import reading
from fourseas.sources import funders
from tests.sources.published import (
    SAMPLES,
    broken_promises,
    compiles_in_both_engines,
    rows,
    stage,
)

(LINES,) = funders.SOURCE.intakes
PATH = SAMPLES / "funders" / "funders.csv"


@pytest.fixture(scope="module")
def raw(duckdb: Backend) -> ir.Table:
    listed = reading.read(duckdb, PATH, LINES).table.to_pyarrow().to_pylist()
    return stage(duckdb, LINES, listed)


def test_no_funder_is_lost_and_names_are_whole(raw: ir.Table) -> None:
    found = rows(funders.organizations(raw).order_by("record"))

    assert [(row["organization_key"], row["organization_name"]) for row in found] == [
        (
            "10.13039/100017373",
            '"13th Five-Year" Plan of Philosophy and Social Science Development in Guangzhou',
        ),
        ("10.13039/501100008163", "A-T Society"),
        ("10.13039/501100018592", "“333 Project” of Jiangsu Province"),
        ("10.13039/999999001", "Reef, Cape and Bay Fund"),
        ("10.13039/999999002", 'The "Good" Fund'),
        ("10.13039/999999003", "Plain Fund"),
    ]
    assert {row["organization_kind"] for row in found} == {"funder"}


def test_a_funder_that_was_replaced_is_inactive(raw: ir.Table) -> None:
    found = rows(funders.organizations(raw))

    assert [r["organization_name"] for r in found if r["status"] != "active"] == ["A-T Society"]


def test_another_file_is_refused(duckdb: Backend, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("uri,name\n1,One\n", encoding="utf-8")

    with pytest.raises(SourceError, match="uri,primary_name_display,replaced"):
        reading.read(duckdb, other, LINES)


def test_bytes_that_are_not_utf_8_are_refused(duckdb: Backend, tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(funders.HEADER.encode() + b"\nhttp://dx.doi.org/10.13039/1,Caf\xe9,\n")

    with pytest.raises(SourceError, match=r"latin\.csv"):
        reading.read(duckdb, latin, LINES)


def test_each_feed_keeps_what_its_table_promises(raw: ir.Table) -> None:
    assert [broken_promises(feed.compute(raw), feed.writes) for feed in LINES.feeds] == [[], [], []]


def test_the_feeds_can_be_written_for_both_engines() -> None:
    assert compiles_in_both_engines(funders.SOURCE)
