"""What every sibling promises: the tables it declares, in words, on both engines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import ibis
import pytest

from fourseas.catalog import INDICATORS, LOADED, MODELS, SOURCES, STEPS
from fourseas.schema.model import Model
from fourseas.schema.source import Feed, Intake
from fourseas.schema.step import Indicator, Step
from fourseas.schema.table import UNIT_RANGES, TableSpec, unbound
from tests.flat import oracle
from tests.world import compiled

TESTS = Path(__file__).parent
ALL_STEPS: tuple[Step, ...] = (
    *STEPS,
    *INDICATORS,
    *dict.fromkeys(one.observations for one in MODELS),
)
FEEDS: tuple[tuple[str, Intake, Feed], ...] = tuple(
    (f"{source.name}-{intake.files[0]}-{feed.writes.name}", intake, feed)
    for source in SOURCES
    for intake in source.intakes
    for feed in intake.feeds
)
PYSPARK_DIALECT = ibis.pyspark.name
"""Ibis knows an engine's dialect once its backend was asked for."""


def _name_of(step: Step) -> str:
    return step.writes.name


def _specs() -> tuple[TableSpec, ...]:
    """Return all tables that are declared, each once."""
    listed: list[TableSpec] = [*LOADED, *(feed.writes for _, _, feed in FEEDS)]
    for step in ALL_STEPS:
        listed += [*step.reads, step.writes]
    return tuple({spec.name: spec for spec in listed}.values())


SPECS = _specs()
every_step = pytest.mark.parametrize("step", ALL_STEPS, ids=_name_of)
every_indicator = pytest.mark.parametrize("indicator", INDICATORS, ids=_name_of)
every_table = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
every_feed = pytest.mark.parametrize(
    ("intake", "feed"), [feed[1:] for feed in FEEDS], ids=[feed[0] for feed in FEEDS]
)


def _tables(intake: Intake) -> dict[str, ibis.Table]:
    prepared = intake.prepare(ibis.table(intake.raw, name="records"))
    columns = dict(prepared.schema()) | dict(intake.added)
    return intake.tables(ibis.table(ibis.schema(columns), name="raw"))


def _doubled(names: Iterable[str]) -> set[str]:
    listed = list(names)
    return {name for name in listed if listed.count(name) > 1}


@every_step
def test_a_step_returns_the_table_it_declares(step: Step) -> None:
    result = step.compute(*(unbound(spec) for spec in step.reads))

    assert result.schema() == step.writes.ibis_schema


@every_feed
def test_a_feed_returns_the_table_it_declares(intake: Intake, feed: Feed) -> None:
    assert feed.rows(_tables(intake)).schema() == feed.writes.ibis_schema


@every_step
@pytest.mark.parametrize("dialect", ["duckdb", PYSPARK_DIALECT])
def test_a_step_is_understood_by_both_engines(step: Step, dialect: str) -> None:
    assert compiled(step, dialect)


@every_feed
@pytest.mark.parametrize("dialect", ["duckdb", PYSPARK_DIALECT])
def test_a_feed_is_understood_by_both_engines(intake: Intake, feed: Feed, dialect: str) -> None:
    assert ibis.to_sql(feed.rows(_tables(intake)), dialect=dialect)


def test_a_step_reads_what_earlier_ones_wrote_or_registers_gave() -> None:
    written_by_steps = {step.writes.name for step in STEPS}
    known: set[str] = set()
    for step in ALL_STEPS:
        read = {spec.name for spec in step.reads}
        assert read & written_by_steps <= known, step.writes.name
        known.add(step.writes.name)


def test_no_two_steps_write_one_table() -> None:
    assert _doubled(step.writes.name for step in ALL_STEPS) == set()


def test_a_name_means_one_table() -> None:
    by_name: dict[str, TableSpec] = {}
    for step in ALL_STEPS:
        for spec in (*step.reads, step.writes):
            assert by_name.setdefault(spec.name, spec) == spec


def test_no_two_sources_have_one_name() -> None:
    assert _doubled(source.name for source in SOURCES) == set()


@every_indicator
def test_an_indicator_says_what_it_is(indicator: Indicator) -> None:
    for words in (indicator.title, indicator.meaning, indicator.formula, indicator.source):
        assert words.strip()
    assert indicator.meaning.endswith(".")
    assert indicator.source.startswith("https://")


@every_indicator
def test_an_indicator_warns_its_reader(indicator: Indicator) -> None:
    assert indicator.caveats
    assert all(caveat.endswith(".") for caveat in indicator.caveats)


@every_indicator
def test_the_headline_of_an_indicator_is_a_number_that_it_returns(indicator: Indicator) -> None:
    assert indicator.writes.column(indicator.headline).dtype == "float64"


@every_indicator
def test_an_indicator_says_where_each_number_comes_from(indicator: Indicator) -> None:
    provenance = ("register", "snapshot_on", "scope", "definition_id", "counting")

    assert set(provenance) <= set(indicator.writes.column_names)


@every_indicator
def test_an_indicator_has_an_oracle_and_a_test(indicator: Indicator) -> None:
    assert "SELECT" in oracle(indicator.name)
    assert (TESTS / "indicators" / f"test_{indicator.name}.py").is_file()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_says_what_it_is_and_warns_its_reader(model: Model) -> None:
    for words in (model.title, model.meaning, model.formula, model.source):
        assert words.strip()
    assert model.source.startswith("https://")
    assert model.caveats
    assert all(caveat.endswith(".") for caveat in (model.meaning, *model.caveats))


@every_table
def test_every_column_says_what_it_means(spec: TableSpec) -> None:
    assert [column.name for column in spec.columns if not column.meaning.endswith(".")] == []


@every_table
def test_a_table_says_what_one_row_of_it_is(spec: TableSpec) -> None:
    assert spec.grain.startswith("one row per ")


@every_table
def test_a_key_is_made_of_columns_that_are_never_null(spec: TableSpec) -> None:
    assert spec.key
    assert not any(spec.column(name).nullable for name in spec.key)


@every_table
def test_a_table_has_each_column_once(spec: TableSpec) -> None:
    assert _doubled(spec.column_names) == set()


@every_table
def test_proportions_are_shares_and_counts_are_not(spec: TableSpec) -> None:
    for column in spec.columns:
        if column.name.startswith("pp_"):
            assert column.unit == "share"
        if column.name.startswith(("is_", "has_")):
            assert (column.unit, column.dtype) == ("flag", "boolean")
    assert UNIT_RANGES["share"] == (0.0, 1.0)


@every_table
def test_the_laws_of_a_table_can_be_checked_on_it(spec: TableSpec) -> None:
    for law in spec.laws:
        assert ibis.to_sql(law.violations(unbound(spec)), dialect="duckdb"), law.statement
