"""`citations`: references are followed inside the register; the rest is counted, not dropped."""

from __future__ import annotations

from tests.world import Work, linked, rows, world

COUNTS = ("register", "n_references", "n_resolved", "n_unresolved", "n_self")


def test_a_reference_to_the_work_itself_is_counted_and_left_out() -> None:
    con = linked(world([Work(1, references=(1, 2)), Work(2)]))

    assert rows(con.table("citations"), "citing_work_id", "cited_work_id") == [(0, 1)]
    assert rows(con.table("unresolved_citations"), *COUNTS) == [("openalex", 2, 2, 0, 1)]


def test_a_reference_that_leads_outside_the_lake_is_counted_as_unresolved() -> None:
    con = linked(world([Work(1, references=(2, 77, 78)), Work(2)]))

    assert rows(con.table("unresolved_citations"), *COUNTS) == [("openalex", 3, 1, 2, 0)]


def test_a_number_of_another_register_is_another_work() -> None:
    con = linked(world([Work(1, references=(2,)), Work(2, register="rfc", kind="standard")]))

    assert rows(con.table("citations"), "citing_work_id") == []
    assert rows(con.table("unresolved_citations"), *COUNTS) == [("openalex", 1, 0, 1, 0)]


def test_references_of_a_record_that_does_not_count_are_not_followed() -> None:
    older = Work(1, references=(2,), updated_on="2020-01-01")
    con = linked(world([older, Work(1), Work(2)]))

    assert rows(con.table("citations"), "citing_work_id") == []
    assert rows(con.table("unresolved_citations"), *COUNTS) == []
