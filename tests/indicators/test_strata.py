"""Cells of two strata are added up: an indicator is the same however works are divided in them."""

from __future__ import annotations

import pytest
from ibis.backends.sql import SQLBackend

from fourseas.catalog import INDICATORS
from fourseas.schema.cells import UNIT_CELLS
from fourseas.schema.step import Indicator
from tests.flat import differences
from tests.random_worlds import WITHOUT_ROWS, random_world
from tests.world import measure

SUMMED = tuple(
    one for one in INDICATORS if UNIT_CELLS in one.reads and one.name not in WITHOUT_ROWS
)
HALVED = ", ".join(
    f'"{column.name}" / 2 AS "{column.name}"'
    for column in UNIT_CELLS.columns
    if column.dtype == "float64"
)
"""Whatever cells hold beside their key is a sum."""

DIVIDED = f"""
CREATE OR REPLACE TABLE unit_cells AS
SELECT unit_cells.* REPLACE ({HALVED}, name AS stratum)
FROM unit_cells, (VALUES ('core'), ('xpac')) AS strata(name)
"""


@pytest.fixture(scope="module")
def con() -> SQLBackend:
    """Build the cells of a small world."""
    return random_world(60, 11).build(*(spec for one in SUMMED for spec in one.reads))


@pytest.mark.parametrize("indicator", SUMMED, ids=[one.name for one in SUMMED])
def test_halves_of_cells_in_two_strata_are_what_they_are_together(
    con: SQLBackend, indicator: Indicator
) -> None:
    whole = measure(con, indicator)
    con.raw_sql("CREATE OR REPLACE TABLE undivided AS FROM unit_cells")
    con.raw_sql(DIVIDED)
    try:
        divided = measure(con, indicator)
    finally:
        con.raw_sql("CREATE OR REPLACE TABLE unit_cells AS FROM undivided")

    assert len(whole) > 20
    assert differences(divided, whole, indicator.writes.key) == []
