"""The kernel of flows against the step of flows: the same rows in the same order."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from ibis.backends.sql import SQLBackend

from fourseas.facts.flow_cells import STEP
from fourseas.lake.kernels import flow_cells
from fourseas.schema.flows import FLOW_CELLS
from fourseas.workspace import Workspace
from tests.lake.kernels.agreement import disagreements
from tests.random_worlds import RandomWorld, random_world, worlds
from tests.world import Author, Work, authors, on_duckdb, rows, steps_to, world

SIXTY = tuple(f"{a}{b}" for a in "ABCDEF" for b in "KLMNOPQRST")
HALVES = (("ietf_group", "quic", 0.5), ("ietf_group", "tls", 0.5), ("openalex_field", "17", 1.0))


def _built(*works: Work) -> SQLBackend:
    return on_duckdb(world(works), steps_to(FLOW_CELLS))


TRAPS: dict[str, tuple[Work, ...]] = {
    "no works": (),
    "no citations": (Work(1, authors("CN")), Work(2, authors("US"))),
    "a work that cites itself": (Work(1, authors("CN"), references=(1, 2)), Work(2)),
    "a reference out of the lake": (Work(1, authors("CN"), references=(2, 99)), Work(2)),
    "the citing work is older": (
        Work(1, authors("CN"), year=2005, references=(2,)),
        Work(2, authors("US"), year=2010),
    ),
    "half a century": (
        Work(1, authors("CN"), year=2020, references=(2,)),
        Work(2, authors("US"), year=1970),
    ),
    "no country on either side": (Work(1, references=(2,)), Work(2, authors("?", "?"))),
    "an author without a country": (
        Work(1, authors("CN", "?"), references=(2,)),
        Work(2, authors("DE", "?", "?")),
    ),
    "sixty countries": (
        Work(1, authors(*SIXTY), references=(2,)),
        Work(2, authors(*SIXTY, "?"), references=(3,)),
        Work(3, authors("+".join(SIXTY))),
    ),
    "a country that no address accounts for": (
        Work(1, (Author({"CN": 0.0}),), references=(2,)),
        Work(2, (Author({"US": 0.5}),)),
    ),
    "Hong Kong, Macao and China on one work": (
        Work(1, authors("HK", "MO", "CN"), references=(2, 3, 4)),
        Work(2, authors("HK+MO", "US")),
        Work(3, authors("HK", "CN", "?"), references=(4,)),
        Work(4, authors("HK")),
    ),
    "several fields of several schemes": (
        Work(1, authors("CN"), references=(2, 3)),
        Work(2, authors("US"), subfield="1702", fields=HALVES[:2]),
        Work(3, authors("US"), subfield=None, fields=HALVES),
    ),
    "no year, or one that cannot be": (
        Work(1, authors("CN"), year=None, references=(2, 3)),
        Work(2, authors("US"), year=2202, references=(3,)),
        Work(3, authors("US"), references=(1, 2)),
    ),
    "works that some definitions count": (
        Work(1, authors("CN"), kind="dataset", references=(2, 3, 4, 5)),
        Work(2, authors("US"), language="zh", references=(1, 3, 5)),
        Work(3, authors("US"), is_retracted=True, references=(2,)),
        Work(4, authors("US"), is_xpac=True, references=(1, 2)),
        Work(5, authors("DE"), n_references=0),
    ),
    "two registers": (
        Work(1, authors("CN"), references=(2,)),
        Work(2, authors("US")),
        Work(1, authors("US"), register="rfc", kind="standard", references=(2,)),
        Work(2, authors("FI"), register="rfc", kind="standard", year=2015),
    ),
}


@pytest.mark.parametrize("works", TRAPS.values(), ids=TRAPS)
def test_kernel_and_step_agree_where(works: Sequence[Work]) -> None:
    assert disagreements(_built(*works), STEP) == []


@settings(max_examples=8)
@given(worlds())
def test_kernel_and_step_agree_on_any_world(random_world: RandomWorld) -> None:
    assert disagreements(random_world.build(FLOW_CELLS), STEP) == []


def test_kernel_and_step_agree_on_thousands_of_works() -> None:
    con = random_world(n_works=3_000, seed=11).build(FLOW_CELLS)

    assert con.table("flow_cells").count().execute() > 1_000
    assert disagreements(con, STEP) == []


def test_kernel_and_step_agree_on_standards(lake: Workspace) -> None:
    con = on_duckdb({spec.name: lake.table(spec.name).to_pyarrow() for spec in STEP.reads}, [STEP])

    assert disagreements(con, STEP) == []


def test_works_and_citations_may_lie_in_any_order() -> None:
    con = random_world(n_works=200, seed=5).build(FLOW_CELLS)
    for name in ("works", "work_countries", "work_fields", "citations"):
        table = con.table(name).to_pyarrow()
        backwards = table.take(pa.array(range(table.num_rows - 1, -1, -1)))
        con.create_table(name, backwards, overwrite=True)

    assert disagreements(con, STEP) == []


def test_a_citation_that_is_listed_twice_counts_twice() -> None:
    con = _built(Work(1, authors("CN"), references=(2,)), Work(2, authors("US")))
    once = con.table("citations").to_pyarrow()
    con.create_table("citations", pa.concat_tables([once, once]), overwrite=True)
    found = flow_cells.flow_cells(con, STEP).read_all()

    assert pc.unique(found["n"]).to_pylist() == [2.0]


def test_citations_of_works_that_are_not_there_are_passed_over() -> None:
    con = _built(Work(1, authors("CN"), references=(2,)), Work(2, authors("US")))
    ends = pa.array([0, 0, -1, 2**31 - 1, 1], pa.int32())
    others = pa.array([1, 2, 1, 1, 2**31 - 1], pa.int32())
    con.create_table(
        "citations",
        pa.table({"citing_work_id": ends, "cited_work_id": others}),
        overwrite=True,
    )

    assert disagreements(con, STEP) == []


def test_sums_do_not_depend_on_how_many_citations_are_summed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    con = random_world(n_works=500, seed=3).build(FLOW_CELLS)
    monkeypatch.setattr(flow_cells, "CITATIONS_AT_ONCE", 50)
    monkeypatch.setattr(flow_cells, "ROWS_OF_BATCH", 20)

    assert disagreements(con, STEP) == []


def test_flows_of_a_citation_that_is_lost_are_missed() -> None:
    """The comparison itself: a table with one citation less is told apart."""
    con = _built(Work(1, authors("CN"), references=(2,)), Work(2, authors("US")))
    con.raw_sql("DELETE FROM flow_cells WHERE unit_type = 'world' AND scheme = 'all'")

    assert disagreements(con, STEP) != []
    assert rows(con.table("flow_cells"), "unit_id") != []
