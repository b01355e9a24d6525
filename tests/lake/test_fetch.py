"""Parts on a server: fetched whole and once, whatever the server does meanwhile."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fourseas.errors import LakeError, SourceError
from fourseas.lake import fetch, ingest, ledger
from fourseas.lake.fetch import Address, Server
from fourseas.lake.fetch_errors import FetchError
from fourseas.lake.incoming import MOST_FAILURES
from fourseas.lake.layout import Lake
from tests.lake import small
from tests.lake.places import files_end_at
from tests.lake.server import Fault, Shelf, serving
from tests.lake.small import FOREST, staged, tree, write_lines

N_PARTS = 4
N_TREES = 300
PATIENCE = 0.4
"""Seconds; a server that does not get better is given up soon."""


def name(number: int) -> str:
    """Return the place of a part below the directory of its entity."""
    return f"updated_date=2024-0{number + 1}-01/part_000.gz"


def write_snapshot(root: Path, n_parts: int = N_PARTS) -> Path:
    """Write a snapshot with a manifest as a bucket has it; return the directory of a format."""
    directory = root / "data" / "jsonl"
    entries = []
    for number in range(n_parts):
        first = number * N_TREES
        trees = [tree(n, f"kind of {n * 7919}") for n in range(first, first + N_TREES)]
        path = write_lines(directory / "trees" / name(number), trees)
        meta = {"content_length": path.stat().st_size, "record_count": N_TREES}
        url = f"s3://forest/data/jsonl/trees/{name(number)}"
        entries.append({"url": url, "meta": meta})
    small.write_text(directory / "manifest.json", json.dumps({"entries": entries}))
    return directory


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Serve a snapshot of four parts."""
    write_snapshot(tmp_path / "bucket")
    with serving(Shelf(tmp_path / "bucket")) as opened:
        yield opened


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return an empty lake."""
    return small.new_lake(tmp_path / "lake")


def address(shelf: Shelf, place: str = "data/jsonl") -> Address:
    """Return the address of a directory, at which nobody waits for long."""
    return fetch.address(f"{shelf.url}/{place}", patience=PATIENCE)


def add(
    lake: Lake, shelf: Shelf, place: str = "data/jsonl", *, allow_incomplete: bool = False
) -> ingest.AddReport:
    """Add what a server has."""
    request = ingest.Request(
        source=FOREST, snapshot_on="2024-06-30", allow_incomplete=allow_incomplete
    )
    return ingest.add(lake, address(shelf, place), request, small.Listener())


def refused(lake: Lake, shelf: Shelf, place: str = "data/jsonl") -> SourceError:
    """Add what must be refused; nothing of it counts."""
    with pytest.raises(SourceError) as raised:
        add(lake, shelf, place)
    assert ledger.read_registers(lake) == ()
    return raised.value


def keys(lake: Lake) -> list[int]:
    """Return the numbers of all trees that are staged."""
    return sorted(int(str(row["tree_key"])) for row in staged(lake, "forest", "staged_trees"))


def incoming(lake: Lake) -> list[Path]:
    """Return the fetched files that are left."""
    return [path for path in lake.incoming.rglob("*") if path.is_file()]


ALL = list(range(N_PARTS * N_TREES))


def test_a_snapshot_on_a_server_is_staged_and_nothing_of_the_files_left(
    lake: Lake, shelf: Shelf
) -> None:
    report = add(lake, shelf)

    assert (report.n_parts, report.n_parts_read, report.n_parts_listed) == (4, 4, 4)
    assert keys(lake) == ALL
    assert len(shelf.fetched()) == N_PARTS
    assert incoming(lake) == []


def test_it_is_staged_as_the_same_files_here_are(lake: Lake, shelf: Shelf, tmp_path: Path) -> None:
    add(lake, shelf)
    here = small.new_lake(tmp_path / "here")
    small.add(here, shelf.root / "data" / "jsonl")

    of_server, of_disk = (ledger.read_register(one, "forest") for one in (lake, here))
    assert of_server is not None
    assert of_disk is not None
    assert of_server.listed == of_disk.listed
    assert [(part.name, part.sha256, part.rows) for part in of_server.parts] == [
        (part.name, part.sha256, part.rows) for part in of_disk.parts
    ]


def test_a_second_run_fetches_nothing(lake: Lake, shelf: Shelf) -> None:
    add(lake, shelf)
    shelf.asked.clear()
    report = add(lake, shelf)

    assert (report.n_parts, report.n_parts_read) == (4, 0)
    assert shelf.fetched() == []


def test_a_part_that_changed_on_the_server_is_fetched_again(lake: Lake, shelf: Shelf) -> None:
    add(lake, shelf)
    path = shelf.root / "data" / "jsonl" / "trees" / name(2)
    write_lines(path, [tree(n, f"other kind of {n * 7919}") for n in range(600, 900)])
    (shelf.root / "data" / "jsonl" / "manifest.json").write_text(
        (shelf.root / "data" / "jsonl" / "manifest.json")
        .read_text()
        .replace('"content_length"', '"once"')
    )
    shelf.asked.clear()
    report = add(lake, shelf)

    assert report.n_parts_read == 1
    assert shelf.fetched() == [f"/data/jsonl/trees/{name(2)}"]


def test_parts_that_were_added_from_a_disk_are_fetched_once_more_and_no_more(
    lake: Lake, shelf: Shelf
) -> None:
    small.add(lake, shelf.root / "data" / "jsonl")
    report = add(lake, shelf)
    assert (report.n_parts_read, len(shelf.fetched())) == (0, N_PARTS)

    shelf.asked.clear()
    add(lake, shelf)
    assert shelf.fetched() == []


def test_equal_parts_at_two_addresses_are_one_and_both_are_known(lake: Lake, shelf: Shelf) -> None:
    trees = shelf.root / "data" / "jsonl" / "trees"
    (trees / name(1)).write_bytes((trees / name(0)).read_bytes())
    small.write_text(
        trees.parent / "manifest.json",
        json.dumps({"entries": [{"url": f"s3://f/jsonl/trees/{name(n)}"} for n in range(2)]}),
    )
    report = add(lake, shelf)
    assert (report.n_parts, report.n_parts_read, len(shelf.fetched())) == (1, 1, 2)

    shelf.asked.clear()
    assert add(lake, shelf).n_parts_read == 0
    assert shelf.fetched() == []


@pytest.mark.parametrize("place", ["data/jsonl", "data/jsonl/", "data/jsonl/trees"])
def test_the_manifest_lies_there_or_right_above(lake: Lake, shelf: Shelf, place: str) -> None:
    assert add(lake, shelf, place).n_parts == N_PARTS


def test_the_old_layout_has_a_manifest_for_each_entity(lake: Lake, shelf: Shelf) -> None:
    directory = shelf.root / "data" / "trees"
    (shelf.root / "data" / "jsonl" / "trees").rename(directory)
    entries = [{"url": f"s3://forest/data/trees/{name(n)}"} for n in range(N_PARTS)]
    small.write_text(directory / "manifest", json.dumps({"entries": entries}))

    assert add(lake, shelf, "data/trees").n_parts == N_PARTS


def test_one_file_needs_no_manifest(lake: Lake, shelf: Shelf) -> None:
    report = add(lake, shelf, f"data/jsonl/trees/{name(1)}")

    assert (report.n_parts, report.n_records) == (1, N_TREES)


def test_a_place_without_manifest_is_refused(lake: Lake, shelf: Shelf) -> None:
    error = refused(lake, shelf, "data/nothing/here")

    assert f"There is no `manifest.json` or `manifest` at {shelf.url}/data/nothing" in error.problem


def test_an_address_with_a_query_is_refused() -> None:
    with pytest.raises(FetchError, match="not the address of a file"):
        fetch.address("https://example.org/data?key=1")


@pytest.mark.parametrize("text", ["/data/jsonl", "data", "C:/data", "a://b", "https:/one", "s3:x"])
def test_a_path_is_no_address(text: str) -> None:
    assert not fetch.is_address(text)


def test_an_address_keeps_its_spaces_and_signs(lake: Lake, shelf: Shelf) -> None:
    (shelf.root / "data").rename(shelf.root / "my data")

    assert add(lake, shelf, "my%20data/jsonl").n_parts == N_PARTS


def test_s3_is_asked_unsigned_and_checksums_are_compared(
    lake: Lake, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shelf.root / "data").rename(shelf.root / "forest")
    (shelf.root / "data").symlink_to(shelf.root / "forest")
    monkeypatch.setenv("AWS_ENDPOINT_URL", shelf.url)
    request = ingest.Request(source=FOREST, snapshot_on="2024-06-30")
    bucket = fetch.address("s3://forest/jsonl", patience=PATIENCE)
    shelf.faults[name(1)] = ["damage"]

    with pytest.raises(SourceError, match=r"its checksum \(MD5\) is") as raised:
        ingest.add(lake, bucket, request, small.Listener())
    assert f"s3://forest/jsonl/trees/{name(1)} could not be fetched" in raised.value.problem
    assert incoming(lake) == []
    assert ingest.add(lake, bucket, request, small.Listener()).n_parts_read == 1
    assert keys(lake) == ALL


@pytest.mark.parametrize("fault", ["busy", "slow down", "stop", "reset"])
def test_a_server_that_fails_for_a_while_is_asked_again(
    lake: Lake, shelf: Shelf, fault: Fault
) -> None:
    shelf.faults = {name(number): [fault] for number in range(N_PARTS)}
    report = add(lake, shelf)

    assert report.n_parts_read == N_PARTS
    assert keys(lake) == ALL


def test_after_a_stop_only_the_rest_is_asked_for(lake: Lake, shelf: Shelf) -> None:
    shelf.faults[name(0)] = ["stop"]
    add(lake, shelf)

    size = (shelf.root / "data" / "jsonl" / "trees" / name(0)).stat().st_size
    ranges = [asked for _, path, asked in shelf.asked if path.endswith(name(0)) and asked]
    assert [int(asked.removeprefix("bytes=").partition("-")[0]) for asked in ranges] == [size // 2]


@pytest.mark.parametrize("fault", ["busy", "slow down", "gone", "damage"])
def test_a_part_that_stays_away_is_named_the_others_stay_and_the_second_run_goes_on(
    lake: Lake, shelf: Shelf, fault: Fault
) -> None:
    shelf.faults[name(2)], shelf.is_lasting = [fault], True
    error = refused(lake, shelf)

    assert error.problem.startswith("1 of 4 parts could not be added:")
    assert f"{shelf.url}/data/jsonl/trees/{name(2)}" in error.problem
    assert keys(lake) == [n for n in ALL if not 600 <= n < 900]
    assert incoming(lake) == []

    shelf.faults.clear()
    shelf.asked.clear()
    assert add(lake, shelf).n_parts_read == 1
    assert set(shelf.fetched()) == {f"/data/jsonl/trees/{name(2)}"}
    assert keys(lake) == ALL


def test_a_part_that_breaks_off_for_good_is_gone_on_with_in_the_second_run(
    lake: Lake, shelf: Shelf
) -> None:
    shelf.faults[name(2)], shelf.is_lasting = ["stop", "busy"], True
    path = shelf.root / "data" / "jsonl" / "trees" / name(2)
    trees = (json.dumps(tree(n, f"kind of {n * 7919}")) + "\n" for n in range(600, 900))
    # Not compressed, it is long enough to break off many times.
    path.write_bytes(gzip.compress("".join(trees).encode() + b"\n" * 3_000_000, 0, mtime=0))
    manifest = shelf.root / "data" / "jsonl" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("content_length", "once"))
    error = refused(lake, shelf)
    assert name(2) in error.problem
    (begun,) = incoming(lake)
    n_bytes = begun.stat().st_size
    assert 0 < n_bytes < path.stat().st_size

    shelf.faults.clear()
    shelf.asked.clear()
    add(lake, shelf)
    ranges = [
        asked for _, asked_path, asked in shelf.asked if asked_path.endswith(name(2)) and asked
    ]
    assert ranges == [f"bytes={n_bytes}-"]
    assert keys(lake) == ALL


def test_an_empty_file_is_named(lake: Lake, shelf: Shelf) -> None:
    path = shelf.root / "data" / "jsonl" / "trees" / name(2)
    path.write_bytes(b"")
    manifest = shelf.root / "data" / "jsonl" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("content_length", "once"))

    assert f"{name(2)} is empty" in refused(lake, shelf).problem


def test_a_server_that_fails_time_after_time_is_given_up(lake: Lake, shelf: Shelf) -> None:
    write_snapshot(shelf.root, n_parts=9)
    shelf.faults, shelf.is_lasting = {".gz": ["busy"]}, True
    error = refused(lake, shelf)

    assert "the server answers 503 Service Unavailable" in error.problem
    assert "more were not asked for: the server failed time after time" in error.problem
    asked = {path for _, path, _ in shelf.asked if path.endswith(".gz")}
    assert MOST_FAILURES <= len(asked) < 9


def test_a_server_that_is_not_there_is_named(lake: Lake, shelf: Shelf) -> None:
    nowhere = fetch.address("http://127.0.0.1:9/data/jsonl", patience=PATIENCE)
    request = ingest.Request(source=FOREST, snapshot_on="2024-06-30")

    with pytest.raises(FetchError, match=r"http://127\.0\.0\.1:9/data/jsonl/manifest\.json could"):
        ingest.add(lake, nowhere, request, small.Listener())
    assert shelf.asked == []


def test_absent_parts_may_be_absent_if_the_user_says_so(lake: Lake, shelf: Shelf) -> None:
    (shelf.root / "data" / "jsonl" / "trees" / name(3)).unlink()
    assert "is not there" in refused(lake, shelf).problem
    report = add(lake, shelf, allow_incomplete=True)

    assert (report.n_parts_in_lake, report.n_parts_listed) == (3, 4)


def test_a_part_of_another_size_than_listed_is_refused(lake: Lake, shelf: Shelf) -> None:
    path = shelf.root / "data" / "jsonl" / "trees" / name(0)
    path.write_bytes(path.read_bytes()[:-1])

    assert "the manifest lists" in refused(lake, shelf).problem


def test_a_part_that_is_cut_off_is_named_by_its_address(lake: Lake, shelf: Shelf) -> None:
    path = shelf.root / "data" / "jsonl" / "trees" / name(0)
    path.write_bytes(path.read_bytes()[:-200])
    manifest = shelf.root / "data" / "jsonl" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("content_length", "once"))
    error = refused(lake, shelf)

    assert f"{shelf.url}/data/jsonl/trees/{name(0)}, after line" in error.problem
    assert str(lake.root) not in error.problem


@pytest.mark.parametrize("has", ["has_ranges", "has_e_tags", "has_dates"])
def test_a_plain_server_serves_as_well(lake: Lake, shelf: Shelf, has: str) -> None:
    setattr(shelf, has, False)
    if has == "has_dates":
        shelf.has_e_tags = False
    shelf.faults[name(1)] = ["stop"]
    add(lake, shelf)
    assert keys(lake) == ALL

    shelf.asked.clear()
    add(lake, shelf)
    # Where a server tells no version, nobody knows whether a file is the same.
    assert len(shelf.fetched()) == (N_PARTS if has == "has_dates" else 0)


def test_a_full_disk_is_named_with_the_part_and_what_was_read_stays(
    lake: Lake, shelf: Shelf
) -> None:
    content = bytes(range(256)) * 4_000
    path = shelf.root / "data" / "jsonl" / "trees" / name(3)
    trees = (json.dumps(tree(n, content.hex()[: 20 * n])) + "\n" for n in range(900, 1200))
    path.write_bytes(gzip.compress("".join(trees).encode(), 0, mtime=0))
    manifest = shelf.root / "data" / "jsonl" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("content_length", "once"))
    with files_end_at(1_000_000), pytest.raises(LakeError, match="File too large") as raised:
        add(lake, shelf)
    assert name(3) in raised.value.problem

    report = add(lake, shelf)
    assert report.n_parts_read < N_PARTS
    assert keys(lake) == ALL


def test_few_fetched_files_lie_on_the_disk_at_once(lake: Lake, shelf: Shelf) -> None:
    write_snapshot(shelf.root, n_parts=9)
    most = 0

    class Watcher(small.Listener):
        def advance(self, amount: float, label: str) -> None:
            nonlocal most
            super().advance(amount, label)
            most = max(most, len(incoming(lake)))

    request = ingest.Request(source=FOREST, snapshot_on="2024-06-30")
    watcher = Watcher()
    ingest.add(lake, address(shelf), request, watcher)

    assert most <= 4
    assert watcher.totals == [watcher.done]
    assert watcher.units == ["bytes"]


def test_a_file_is_named_for_its_version(shelf: Shelf, tmp_path: Path) -> None:
    server = Server(address(shelf))
    place = f"data/jsonl/trees/{name(0)}"
    first = server.fetch(place, server.told(place), tmp_path)
    write_lines(shelf.root / place, [tree(1)])

    assert server.fetch(place, server.told(place), tmp_path) != first
