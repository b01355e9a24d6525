"""What pages read of an indicator, taken from what is kept and asked of the lake."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from fourseas.selection import Slice
from fourseas.web.app import READ_OF_UNITS
from fourseas.web.reader import Opened, Reader
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
    "part", READ_OF_UNITS, ids=lambda part: f"{part.indicator}-{len(part.columns)}"
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
    forgetful = Reader(lake_path, most=0)

    found = forgetful.once(lambda opened: opened.ws.of_units(part, ["BR"]))

    pd.testing.assert_frame_equal(found, lake.of_units(part, ["BR"]))
    forgetful.close()
