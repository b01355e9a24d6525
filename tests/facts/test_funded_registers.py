"""`funded_registers` against works written down by hand."""

from __future__ import annotations

from fourseas.schema.facts import FUNDED_REGISTERS
from tests.world import Work, authors, on_duckdb, rows, steps_to, world

STEPS = steps_to(FUNDED_REGISTERS)


def _registers(*works: Work) -> list[tuple[object, ...]]:
    found = on_duckdb(world(list(works)), STEPS).table("funded_registers")
    return rows(found, "register", "n_funded")


def test_a_work_with_two_funders_counts_once() -> None:
    twice, once = Work(1, authors("CN"), funders=("A", "B")), Work(2, (), funders=("A",))

    assert _registers(twice, once, Work(3, authors("CN"))) == [("openalex", 2)]


def test_a_register_that_names_no_funder_is_not_told_of() -> None:
    funded, bare = Work(1, authors("CN"), funders=("A",)), Work(2, authors("CN"), register="bare")

    assert _registers(funded, bare) == [("openalex", 1)]
    assert _registers(bare) == []
