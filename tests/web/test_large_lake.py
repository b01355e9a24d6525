"""A lake of too many cells for the memory: figures beside its version, and pages that take long."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from starlette.testclient import TestClient

from fourseas.errors import NotComputableError
from fourseas.reports.cards.position import STANDINGS_BY_YEAR, position_card
from fourseas.selection import Slice
from fourseas.web import app as server
from fourseas.web import remembering
from fourseas.web.app import READ_OF_UNITS, application, follow
from fourseas.web.making import StillMadeError
from fourseas.web.reader import Ahead, Opened, Reader
from fourseas.workspace import Workspace, indicator

HOST = "http://127.0.0.1"
BY = ("register", "year")


@pytest.fixture
def large(
    lake_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Reader, Ahead]]:
    """Read a copy of the embedded lake as if it had too many cells for the memory.

    Nothing lies beside its version, whatever other tests asked of the lake before.
    """
    monkeypatch.setattr(remembering, "MOST_CELLS", 0)
    bare = shutil.ignore_patterns("search")
    others = Reader(Path(shutil.copytree(lake_path, tmp_path / "lake", ignore=bare)))
    making = Ahead(others)
    yield others, making
    making.close()
    others.close()


def beside(reader: Reader) -> dict[str, int]:
    """Return when each file beside the versions of a lake was written."""
    return {str(one): one.stat().st_mtime_ns for one in reader.lake.search.rglob("*.parquet")}


def of_last(known: pd.DataFrame) -> pd.DataFrame:
    """Choose the last year of the last register of which there is anything."""
    return known[[*BY]].tail(1)


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.2)


def test_of_a_large_lake_figures_beside_the_version_are_those_that_are_computed(
    large: tuple[Reader, Ahead], lake: Workspace
) -> None:
    others, making = large

    def ask(opened: Opened) -> None:
        for part in READ_OF_UNITS:
            alone = lake.of_units(part, ["CN", "BR"])
            pd.testing.assert_frame_equal(opened.ws.of_units(part, ["CN", "BR"]), alone)
            if "partner_id" in part.columns:
                between = alone[alone.partner_id.isin(["CN", "BR"])].reset_index(drop=True)
                found = opened.ws.of_pairs(part, ["BR", "CN"]).reset_index(drop=True)
                apart = between[between.partner_id != between.unit_id].reset_index(drop=True)
                pd.testing.assert_frame_equal(found, apart)
            for of_years, expected in zip(
                opened.ws.of_chosen(part, ["BR"], BY, of_last),
                lake.of_chosen(part, ["BR"], BY, of_last),
                strict=True,
            ):
                pd.testing.assert_frame_equal(of_years, expected)
        for name in remembering.OF_UNITS:
            key = indicator(name).writes.key
            whole = lake.table(name)
            if "unit_type" in whole.columns:
                whole = whole.filter(whole.unit_type != "organization")
            found = opened.ws.table(name).order_by(*key).to_pandas()
            in_all = Slice(indicator=name, columns=key, among=(("field_id", ("all",)),))
            told, expected = (
                one.of_slice(in_all).sort_values([*key]).reset_index(drop=True)
                for one in (opened.ws, lake)
            )
            pd.testing.assert_frame_equal(told, expected)
            pd.testing.assert_frame_equal(found, whole.order_by(*key).to_pandas(), rtol=1e-12)

    making.once(ask)
    written = beside(others)
    others.once(ask)

    of_pairs = [one for one in READ_OF_UNITS if one.indicator not in remembering.OF_UNITS]
    assert len(written) == len(of_pairs) + len(remembering.OF_UNITS) + 1
    assert beside(others) == written


def test_of_a_large_lake_that_is_opened_again_nothing_is_computed_anew(
    large: tuple[Reader, Ahead],
) -> None:
    others, making = large
    part = next(one for one in READ_OF_UNITS if one.indicator == "affinity")
    making.gather(part)
    written = beside(others)
    again = Reader(others.lake.root)

    found = again.once(lambda opened: opened.ws.of_units(part, ["BR"]))

    assert len(found)
    assert len(written) == 2
    assert beside(again) == written
    again.close()


def test_who_asks_for_what_is_made_ahead_is_told_how_far_it_has_come(
    large: tuple[Reader, Ahead],
) -> None:
    others, making = large
    told = others.once(lambda opened: opened.ws.session.making)
    told.begin(3)
    told.go_on("volume")
    told.go_on("impact")

    with pytest.raises(StillMadeError, match="1 of 3 are done, now impact"):
        others.once(lambda opened: opened.ws.table("impact"))
    making.remember("impact")

    assert others.once(lambda opened: opened.ws.table("impact").count().execute()) > 0


def test_figures_of_a_large_lake_that_is_closed_to_us_are_kept_in_memory(
    large: tuple[Reader, Ahead], lake: Workspace
) -> None:
    others, making = large
    index = others.lake.search.parent.joinpath("search")
    shutil.rmtree(index, ignore_errors=True)
    index.write_text("in the way", encoding="ascii")
    part = next(one for one in READ_OF_UNITS if one.indicator == "affinity")

    made = making.once(lambda opened: opened.ws.of_units(part, ["BR"]))
    read = others.once(lambda opened: opened.ws.of_units(part, ["BR"]))

    pd.testing.assert_frame_equal(made, lake.of_units(part, ["BR"]))
    pd.testing.assert_frame_equal(read, made)


def test_of_a_large_lake_a_year_without_levels_is_said_from_what_was_read_before(
    large: tuple[Reader, Ahead],
) -> None:
    others, _ = large
    others.once(lambda opened: opened.ws.of_units(STANDINGS_BY_YEAR, ["CN"]))
    version = others.lake.current()
    assert version is not None
    (version / "pair_cells.parquet").write_bytes(b"")

    def remedy(country: str) -> str:
        with pytest.raises(NotComputableError, match="1890 is not computable") as raised:
            others.once(lambda opened: position_card(opened.ws, country, year=1890))
        return raised.value.remedy

    assert "There is: ncses in" in remedy("CN")
    assert "There is, of other countries: ncses in" in remedy("AQ")


@pytest.fixture
def client(
    large: tuple[Reader, Ahead], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[TestClient, Ahead]]:
    """Ask a server of a large lake that waits for no page; figures can be made ahead of it."""
    monkeypatch.setattr(server, "SECONDS_WAITED", 0.0)
    app = application(large[0].lake.root)
    making = Ahead(app.state.reader)
    with TestClient(app, base_url=HOST) as opened:
        yield opened, making
    making.close()
    app.state.reader.close()


def test_a_page_of_figures_that_are_being_made_says_so_and_comes_when_they_are(
    client: tuple[TestClient, Ahead],
) -> None:
    pages, making = client
    told = making.once(lambda opened: opened.ws.session.making)
    told.begin(2)
    told.go_on("impact")

    early = pages.get("/world?indicator=impact")
    making.remember("impact")
    told.end()
    made = pages.get("/world?indicator=impact")

    assert (early.status_code, early.headers["retry-after"]) == (202, "2")
    assert "0 of 2 are done, now impact" in early.text
    assert 'data-again="2"' in early.text
    assert made.status_code == 200
    assert "China" in made.text


def test_a_page_that_takes_long_is_made_beside_the_others_and_comes_at_its_address(
    client: tuple[TestClient, Ahead],
) -> None:
    pages, _ = client
    pages.get("/about")

    early = pages.get("/claims/rivalry")
    meanwhile = pages.get("/about")
    ends = time.monotonic() + 300
    later = early
    while later.status_code == 202 and time.monotonic() < ends:
        time.sleep(0.2)
        later = pages.get("/claims/rivalry")

    assert early.status_code == 202
    assert meanwhile.status_code == 200
    assert later.status_code == 200
    assert "<table" in later.text


def test_of_a_version_that_comes_while_pages_are_served_figures_are_made_ahead_too(
    large: tuple[Reader, Ahead], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = large[0].lake.root
    monkeypatch.setattr(server, "READ_OF_UNITS", ())
    monkeypatch.setattr(server, "SLOW", ())
    monkeypatch.setattr(server, "INDICATORS", (indicator("volume"),))
    app = application(root)
    reader = app.state.reader
    following = Thread(target=follow, args=(app,), daemon=True)
    following.start()
    figures = "*-*/0000.parquet"
    wait_for(lambda: any(reader.lake.search.glob(f"000001{figures}")))
    wait_for(lambda: not reader.once(lambda opened: opened.ws.session.making.is_going_on))
    shutil.copytree(root / "versions" / "000001", root / "versions" / "000002")
    (root / "CURRENT").write_text("000002\n", encoding="ascii")

    with pytest.raises(StillMadeError, match=r"0 of [13] are done"):
        reader.once(lambda opened: opened.ws.table("volume"))
    wait_for(lambda: not reader.once(lambda opened: opened.ws.session.making.is_going_on))

    assert any(reader.lake.search.glob(f"000002{figures}"))
    assert reader.once(lambda opened: opened.ws.table("volume").count().execute()) > 0
    reader.close()
    following.join(60)
    assert not following.is_alive()
