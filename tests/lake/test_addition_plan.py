"""What an addition says it will do, against what it then does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fourseas.lake import addition_plan, fetch, ingest
from fourseas.lake.addition_plan import AddPlan
from fourseas.lake.fetch import Address
from fourseas.lake.layout import Lake
from tests.lake import small
from tests.lake.server import Shelf, serving
from tests.lake.small import FOREST, tree, write_lines

N_PARTS = 3
TREES_OF_PART = 50


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return an empty lake."""
    return small.new_lake(tmp_path / "lake")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Serve a snapshot of three parts."""
    listed = []
    for number in range(N_PARTS):
        name = f"trees/updated_date=2024-0{number + 1}-01/part_000.gz"
        trees = [tree(100 * number + n, "fir", "green") for n in range(TREES_OF_PART)]
        write_lines(tmp_path / "bucket" / name, trees)
        listed.append((f"s3://forest/{name}", TREES_OF_PART))
    small.write_manifest(tmp_path / "bucket" / "manifest.json", listed)
    with serving(Shelf(tmp_path / "bucket")) as opened:
        yield opened


def request(snapshot_on: str = "2024-06-30") -> ingest.Request:
    """Return what is to be added."""
    return ingest.Request(source=FOREST, snapshot_on=snapshot_on)


def planned(lake: Lake, inputs: Path | Address) -> AddPlan:
    """Return a plan, after a look that it left nothing behind."""
    before = sorted(lake.root.rglob("*"))
    plan = addition_plan.plan(lake, inputs, request())
    assert sorted(lake.root.rglob("*")) == before
    return plan


@pytest.mark.parametrize("is_on_server", [False, True])
def test_a_plan_counts_parts_bytes_and_rows(
    lake: Lake, shelf: Shelf, *, is_on_server: bool
) -> None:
    plan = planned(lake, fetch.address(shelf.url) if is_on_server else shelf.root)

    (kind,) = plan.kinds
    sizes = [path.stat().st_size for path in shelf.root.rglob("part_*.gz")]
    assert (kind.table, kind.format) == ("trees", "jsonl")
    assert (kind.n_parts, kind.n_parts_ready, kind.n_records) == (3, 0, 150)
    assert kind.bytes_read == sum(sizes)
    assert plan.n_bytes_in_hand == (sum(sizes) if is_on_server else 0)
    assert plan.basis.startswith("Estimated roughly")
    assert not shelf.fetched()


@pytest.mark.parametrize("is_on_server", [False, True])
def test_what_is_staged_is_not_planned_again(
    lake: Lake, shelf: Shelf, *, is_on_server: bool
) -> None:
    place = fetch.address(shelf.url) if is_on_server else shelf.root
    ingest.add(lake, place, request(), small.Listener())
    path = shelf.root / "trees" / "updated_date=2024-03-01" / "part_000.gz"
    write_lines(path, [tree(900 + n) for n in range(TREES_OF_PART)])
    plan = planned(lake, place)

    (kind,) = plan.kinds
    assert (kind.n_parts, kind.n_parts_ready) == (3, 2)
    assert kind.bytes_read == path.stat().st_size
    assert plan.n_bytes > 0
    assert plan.seconds > 0
    assert "that were read before" in plan.basis
    assert ingest.add(lake, place, request(), small.Listener()).n_parts_read == 1


def test_estimates_follow_the_parts_that_were_read(lake: Lake, shelf: Shelf) -> None:
    first = shelf.root / "trees" / "updated_date=2024-01-01" / "part_000.gz"
    ingest.add(lake, first, request(), small.Listener())
    (entry,) = small.entries(lake, "forest")
    assert entry.seconds is not None
    plan = planned(lake, shelf.root)

    (kind,) = plan.kinds
    ratio = kind.bytes_read / entry.n_bytes
    assert kind.n_bytes == pytest.approx(entry.n_bytes_staged * ratio, abs=1)
    assert kind.seconds == pytest.approx(entry.seconds * ratio / 2)
