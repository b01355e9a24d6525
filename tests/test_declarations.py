"""Every table that a random world is built into keeps what its declaration promises."""

from __future__ import annotations

import pytest
from ibis.backends.sql import SQLBackend

from fourseas.catalog import INDICATORS, LOADED, MODELS, STEPS
from fourseas.lake.check import check
from fourseas.schema.cells import ALL
from fourseas.schema.step import Indicator, Step
from tests.random_worlds import random_world
from tests.world import compiled

OBSERVATIONS = tuple(dict.fromkeys(model.observations for model in MODELS))


@pytest.fixture(scope="module")
def con() -> SQLBackend:
    """Build a random world and measure all indicators on it."""
    built = random_world(n_works=80, seed=11).build(*(step.writes for step in STEPS))
    for spec in LOADED:
        schema = spec.ibis_schema.to_sqlglot_column_defs("duckdb")
        columns = ", ".join(column.sql("duckdb") for column in schema)
        built.raw_sql(f"CREATE TABLE IF NOT EXISTS {spec.name} ({columns})")
    for step in (*INDICATORS, *OBSERVATIONS):
        built.raw_sql(f"CREATE TABLE {step.writes.name} AS {compiled(step, 'duckdb')}")
    return built


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.name)
def test_an_indicator_of_single_fields_alone_has_no_row_of_all(
    con: SQLBackend, indicator: Indicator
) -> None:
    table = con.table(indicator.name)
    n_of_all = table.filter(table.field_id == ALL).count().execute()

    assert n_of_all == 0 or not indicator.is_of_fields


@pytest.mark.parametrize(
    "step", [*STEPS, *INDICATORS, *OBSERVATIONS], ids=lambda step: step.writes.name
)
def test_a_built_table_keeps_its_key_ranges_and_laws(con: SQLBackend, step: Step) -> None:
    check(con, con.table(step.writes.name), step.writes)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.writes.name)
def test_what_is_apart_is_a_column(step: Step) -> None:
    laws = {law.apart for law in step.writes.laws if law.apart}

    assert {*step.apart, *laws} <= set(step.writes.column_names)
    assert all(any(name in spec.column_names for spec in step.reads) for name in step.apart)
