"""A lake is whole, or what is damaged in it is named, taken out of use and made anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import fourseas
from fourseas import workspace
from fourseas.errors import LakeError
from fourseas.lake import embedded, health, layout, ledger
from fourseas.lake.ingest import Request
from fourseas.lake.layout import Lake
from tests.embedded import Silent

DEAD_PROCESS = 2**22 + 1
"""Greater than any number that Linux gives to a process."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a lake of the registers of countries and RFCs."""
    path = tmp_path_factory.mktemp("health") / "lake"
    workspace.init(path, scope="census", progress=Silent())
    _add_rfcs(path)
    workspace.build(path, Silent())
    return path


@pytest.fixture
def lake(whole: Path, tmp_path: Path) -> Lake:
    shutil.copytree(whole, tmp_path / "lake")
    return layout.locate(tmp_path / "lake")


def _add_rfcs(path: Path) -> None:
    (rfcs,) = (register for register in embedded.REGISTERS if register.source == "rfc")
    request = Request(
        source=workspace.source("rfc"), snapshot_on=rfcs.snapshot_on, scope=rfcs.scope
    )
    workspace.add(path, rfcs.path, request, Silent())


def _faults(lake: Lake, *, deep: bool = True) -> list[health.Finding]:
    return [one for one in health.examine(lake, deep=deep) if one.state == "fault"]


def _file_of_rfcs(lake: Lake) -> Path:
    (part,) = ledger.read_parts(lake, "rfc")
    return lake.staging / "rfc" / part.stage / "staged_works.parquet"


def _change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def test_a_lake_that_was_built_is_whole(lake: Lake) -> None:
    assert not _faults(lake)
    assert {one.state for one in health.examine(lake, deep=False)} == {"good"}


def test_a_byte_that_changed_in_a_version_is_found_by_its_hash_alone(lake: Lake) -> None:
    _change_a_byte(lake.versions / "000001" / "unit_cells.parquet")

    (fault,) = _faults(lake)
    assert fault.subject == "version 000001"
    assert "unit_cells.parquet" in fault.detail
    assert not _faults(lake, deep=False)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"PAR1")])
def test_a_damaged_version_is_put_aside_and_built_anew(
    lake: Lake, damage: Callable[[Path], object]
) -> None:
    table = lake.versions / "000001" / "works.parquet"
    before = ledger.read_ledger(table.parent)
    damage(table)

    health.repair(lake, _faults(lake))

    assert lake.current() is None
    assert (lake.root / health.DAMAGED / "versions-000001").is_dir()
    report = workspace.build(lake.root, Silent())
    assert {t.name: t.rows for t in report.ledger.tables} == {t.name: t.rows for t in before.tables}
    assert not _faults(lake)


def test_readers_are_pointed_to_the_version_before_a_damaged_one(lake: Lake) -> None:
    shutil.copytree(lake.versions / "000001", lake.versions / "000002")
    layout.write_text(lake.pointer, "000002\n")
    _change_a_byte(lake.versions / "000002" / "works.parquet")

    health.repair(lake, _faults(lake))

    assert lake.current() == lake.versions / "000001"


def test_a_damaged_part_is_put_aside_and_read_anew(lake: Lake) -> None:
    file = _file_of_rfcs(lake)
    rows = pq.read_metadata(file).num_rows
    file.write_bytes(file.read_bytes()[:-100])

    (fault,) = _faults(lake, deep=False)
    assert "rfc" in fault.subject
    health.repair(lake, [fault])
    shutil.rmtree(lake.versions)
    with pytest.raises(LakeError, match=r"staged_.*missing"):
        workspace.build(lake.root, Silent())
    _add_rfcs(lake.root)

    assert pq.read_metadata(file).num_rows == rows
    assert not [one for one in _faults(lake) if one.subject.startswith("register")]


def test_a_part_with_fewer_rows_than_its_record_says_is_a_fault(lake: Lake) -> None:
    file = _file_of_rfcs(lake)
    pq.write_table(pq.read_table(file).slice(1), file)

    (fault,) = _faults(lake, deep=False)
    assert "9,317 rows, not 9,318" in fault.detail


def test_a_pointer_to_nothing_is_a_fault_and_is_mended(lake: Lake) -> None:
    layout.write_text(lake.pointer, "000007\n")

    (fault,) = _faults(lake)
    health.repair(lake, [fault])

    assert lake.current() == lake.versions / "000001"


def test_what_a_killed_process_left_is_told_and_removed(lake: Lake) -> None:
    place = lake.temporary / f"{DEAD_PROCESS}-ab"
    place.mkdir(parents=True)
    (place / "spilled").write_bytes(b"x" * 1000)
    draft = lake.versions / ".ledger.json.draft"
    draft.write_text("{", encoding="utf-8")

    found = [one for one in health.examine(lake, deep=False) if one.state == "notice"]
    health.repair(lake, found)

    assert {one.place for one in found} == {place, draft}
    assert not place.exists()
    assert not draft.exists()


@pytest.mark.parametrize("step", [7, 97])
def test_reading_a_damaged_table_says_where_to_go(lake: Lake, step: int) -> None:
    table = lake.versions / "000001" / "works.parquet"
    content = bytearray(table.read_bytes())
    footer = int.from_bytes(content[-8:-4], "little") + 8
    for place in range(4, len(content) - footer, step):
        content[place] ^= 0x5A
    table.write_bytes(bytes(content))

    with pytest.raises(LakeError, match="cannot be read") as raised:  # noqa: SIM117
        with fourseas.open(lake.root) as ws:
            ws.table("works").to_pyarrow()
    assert "fourseas doctor" in raised.value.remedy
