"""The kernel of citations by window against the step: the same counts of the same works."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given, settings
from ibis.backends.sql import SQLBackend

from fourseas.facts.work_citations import STEP
from fourseas.lake.kernels.work_citations import work_citations
from fourseas.schema.facts import WORK_CITATIONS
from fourseas.workspace import Workspace
from tests.lake.kernels.agreement import disagreements
from tests.random_worlds import RandomWorld, random_world, worlds
from tests.world import Work, on_duckdb, steps_to, world


def _built(*works: Work) -> SQLBackend:
    return on_duckdb(world(works), steps_to(WORK_CITATIONS))


TRAPS: dict[str, tuple[Work, ...]] = {
    "no works": (),
    "no citations": (Work(1), Work(2)),
    "a work that cites itself": (Work(1, references=(1, 2)), Work(2)),
    "a reference out of the lake": (Work(1, references=(2, 99)), Work(2)),
    "the citing work is older": (Work(1, year=2005, references=(2,)), Work(2, year=2010)),
    "no year on either side": (
        Work(1, year=None, references=(2,)),
        Work(2, year=2019, references=(1,)),
        Work(3, year=None),
    ),
    "the expansion set": (
        Work(1, is_xpac=True, references=(2,)),
        Work(2, references=(1,)),
    ),
    "every age from 0 to 9": (
        Work(1, year=2010),
        *(Work(age + 2, year=2010 + age, references=(1,)) for age in range(10)),
    ),
}


@pytest.mark.parametrize("works", TRAPS.values(), ids=TRAPS)
def test_kernel_and_step_agree_where(works: Sequence[Work]) -> None:
    assert disagreements(_built(*works), STEP) == []


@settings(max_examples=8)
@given(worlds())
def test_kernel_and_step_agree_on_any_world(random_world: RandomWorld) -> None:
    assert disagreements(random_world.build(WORK_CITATIONS), STEP) == []


def test_kernel_and_step_agree_on_thousands_of_works() -> None:
    assert disagreements(random_world(3_000, seed=12).build(WORK_CITATIONS), STEP) == []


def test_kernel_and_step_agree_on_standards(lake: Workspace) -> None:
    con = on_duckdb({spec.name: lake.table(spec.name).to_pyarrow() for spec in STEP.reads}, [STEP])

    assert disagreements(con, STEP) == []


def test_a_citation_that_is_listed_twice_counts_twice() -> None:
    con = _built(Work(1, references=(2,)), Work(2))
    once = con.table("citations").to_pyarrow()
    con.create_table("citations", pa.concat_tables([once, once]), overwrite=True)

    assert set(work_citations(con, STEP).read_all()["n_citations"].to_pylist()) == {2}
