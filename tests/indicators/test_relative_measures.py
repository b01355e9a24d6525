"""What is set against the world needs a world: a sample or a corpus is none."""

from __future__ import annotations

import ibis
import pytest

from fourseas.indicators import affinity, impact, specialization, volume
from fourseas.indicators.coverage import is_incomplete
from fourseas.schema.step import Indicator
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

WORKS = [Work(1, authors("CN", "US")), Work(2, authors("US")), Work(3, authors("CN", "US", "DE"))]
RELATIVE: tuple[tuple[Indicator, tuple[str, ...]], ...] = (
    (volume.INDICATOR, ("pp_world",)),
    (affinity.INDICATOR, ("collaboration_index", "probabilistic_affinity")),
    (specialization.INDICATOR, ("activity_index", "activity_index_symmetric")),
    (impact.INDICATOR, ("mncs", "pp_top_10", "pp_top_1")),
)
each_indicator = pytest.mark.parametrize(
    ("indicator", "columns"), RELATIVE, ids=[indicator.name for indicator, _ in RELATIVE]
)


@pytest.mark.parametrize(("last_counted", "told"), [(2022, False), (2023, False), (2024, True)])
def test_what_is_counted_into_a_year_that_is_not_complete_is_not_final(
    last_counted: int, *, told: bool
) -> None:
    ends = ibis.memtable({"last_counted": [last_counted], "last_complete_year": [2023]})
    found = ends.select(found=is_incomplete(ends.last_counted, ends.last_complete_year))

    assert found.to_pyarrow().to_pylist() == [{"found": told}]


def _rows(indicator: Indicator, scope: str) -> list[Row]:
    found = measure(on_duckdb(world(WORKS, scope=scope), steps_to(*indicator.reads)), indicator)
    return [row for row in found if row["definition_id"] == "openalex"]


@each_indicator
@pytest.mark.parametrize("scope", ["sample", "corpus"])
def test_over_less_than_a_census_they_are_null_and_say_why(
    indicator: Indicator, columns: tuple[str, ...], scope: str
) -> None:
    rows = _rows(indicator, scope)

    assert rows
    assert {row[column] for row in rows for column in columns} == {None}
    assert {row["not_computable"] for row in rows} == {
        f"the register is a {scope} and no outside baseline is named"
    }


@each_indicator
def test_over_a_census_of_which_parts_are_missing_they_are_null_and_say_why(
    indicator: Indicator, columns: tuple[str, ...]
) -> None:
    rows = _rows(indicator, "partial")

    assert rows
    assert {row[column] for row in rows for column in columns} == {None}
    assert {row["not_computable"] for row in rows} == {
        "parts of the register are missing from the lake"
    }


@each_indicator
def test_over_a_census_they_are_numbers_and_nothing_is_excused(
    indicator: Indicator, columns: tuple[str, ...]
) -> None:
    rows = _rows(indicator, "census")

    assert all(row[column] is not None for row in rows for column in columns)
    assert {row["not_computable"] for row in rows} == {None}
