"""Every table that a random world is built into keeps what its declaration promises."""

from __future__ import annotations

from hypothesis import given, settings

from fourseas.catalog import INDICATORS, STEPS
from fourseas.lake.check import check
from tests.random_worlds import RandomWorld, worlds
from tests.world import compiled


@settings(max_examples=3)
@given(worlds())
def test_built_tables_keep_their_keys_ranges_and_laws(random_world: RandomWorld) -> None:
    con = random_world.build(*(step.writes for step in STEPS))
    for step in STEPS:
        check(con, con.table(step.writes.name), step.writes)


@settings(max_examples=3)
@given(worlds())
def test_indicators_keep_their_keys_and_ranges(random_world: RandomWorld) -> None:
    con = random_world.build(*(step.writes for step in STEPS))
    for indicator in INDICATORS:
        con.raw_sql(f"CREATE TABLE {indicator.name} AS {compiled(indicator, 'duckdb')}")
        check(con, con.table(indicator.name), indicator.writes)
