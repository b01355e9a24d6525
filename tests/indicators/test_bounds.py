"""What holds of every indicator: a share ends at 0 and 1, and what is not told has a reason."""

from __future__ import annotations

import pytest
from ibis.backends.sql import SQLBackend

from fourseas.catalog import INDICATORS
from fourseas.indicators.rule_making import RULE_MAKING
from fourseas.schema.cells import UNIT_CELLS
from fourseas.schema.countries import INCOME_GROUPS
from fourseas.schema.step import Indicator
from fourseas.schema.table import TableSpec
from tests.random_worlds import MEMBERSHIPS, ORGANIZATIONS, WITHOUT_ROWS, random_world
from tests.world import Author, Work, described, measure, on_duckdb, steps_to, world

IN_SMALL_WORLDS = tuple(one for one in INDICATORS if one.name not in WITHOUT_ROWS)

INCOMES = dict(zip(INCOME_GROUPS, (["US", "DE"], ["CN", "HK"], ["FR", "GB"], ["KE"]), strict=True))

CELLS: dict[str, TableSpec] = {
    spec.name: spec
    for one in IN_SMALL_WORLDS
    for spec in one.reads
    if any(column.dtype == "float64" for column in spec.columns)
}

NOT_HELD = {
    "leadership_trajectory": {"participation", "participation_high"},
    "position": {"weight_in_top", "partner_weight_in_top"},
    "rule_making": set(RULE_MAKING.column_names),
    "volume": {"pp_world"},
}
"""Parts of a sum that stands in another row may miss 1 by what rounding leaves."""

DIVIDED = """
CREATE OR REPLACE TABLE unit_cells AS
SELECT unit_cells.* REPLACE ({parts}, name AS stratum)
FROM unit_cells, (VALUES ('a', 0.1), ('b', 0.2), ('c', 0.7)) AS strata(name, part)
"""
"""Sums of three parts depend on their order."""


KNOWN = tuple(
    Work(
        key,
        tuple(
            Author({country: 1.0}, organizations={country: (organization,)}, is_corresponding=True)
            for country, organization in (("CN", "beijing"), ("US", "boston"))
        ),
        year=2018,
        is_oa=True,
        funders=("City of Boston",),
    )
    for key in range(101, 104)
)
"""Works of which all is known, so that a part of them may be all of them."""


def _built() -> SQLBackend:
    """Build the cells of a small world whose countries have all incomes."""
    works = (*random_world(60, 11).works, *KNOWN)
    tables = world(works, memberships=MEMBERSHIPS, groups=INCOMES) | described(ORGANIZATIONS)
    return on_duckdb(tables, steps_to(*(spec for one in IN_SMALL_WORLDS for spec in one.reads)))


@pytest.fixture(scope="module")
def con() -> SQLBackend:
    """Return the cells as they are."""
    return _built()


@pytest.fixture(scope="module")
def rounded() -> SQLBackend:
    """Return cells each of whose sums misses the true one by a part in 10^12, or does not."""
    con = _built()
    con.raw_sql(DIVIDED.format(parts=_changed(UNIT_CELLS, '"{column}" * part')))
    for name, spec in CELLS.items():
        sums = _changed(spec, "\"{column}\" * (1 + (hash(rowid, '{column}') % 3 - 1.0) * 1e-12)")
        con.raw_sql(f"CREATE OR REPLACE TABLE {name} AS SELECT * REPLACE ({sums}) FROM {name}")
    return con


@pytest.mark.parametrize("indicator", IN_SMALL_WORLDS, ids=[one.name for one in IN_SMALL_WORLDS])
def test_shares_end_at_0_and_1_though_sums_that_are_equal_differ_by_rounding(
    rounded: SQLBackend, indicator: Indicator
) -> None:
    shares = {column.name for column in indicator.writes.columns if column.unit == "share"}
    held = shares - NOT_HELD.get(indicator.name, set())

    for row in measure(rounded, indicator):
        beyond = {name: row[name] for name in held if not 0.0 <= float(str(row[name] or 0)) <= 1.0}
        assert beyond == {}


def _changed(spec: TableSpec, to: str) -> str:
    """Return every sum of a table as it is to be changed."""
    sums = [column.name for column in spec.columns if column.dtype == "float64"]
    return ", ".join(f'{to.format(column=name)} AS "{name}"' for name in sums)


SEVERAL_MEASURES = {"affinity", "funding", "position", "rule_making"}
"""They say of each measure why it is null; their own tests hold that."""

WITH_REASONS = tuple(one for one in IN_SMALL_WORLDS if one.name not in SEVERAL_MEASURES)


@pytest.mark.parametrize("indicator", WITH_REASONS, ids=[one.name for one in WITH_REASONS])
def test_a_reason_is_given_where_the_measure_is_null_and_nowhere_else(
    con: SQLBackend, indicator: Indicator
) -> None:
    rows = measure(con, indicator)

    assert rows
    for row in rows:
        assert (row[indicator.headline] is None) is (row["not_computable"] is not None), row
