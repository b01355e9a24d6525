"""`work_records`: a work that is listed twice is one work, the one that was changed last."""

from __future__ import annotations

from tests.world import Work, authors, linked, on_duckdb, rows, world

OLDER = Work(
    7, authors("CN", "CN"), references=(8,), updated_on="2023-05-01", subfield="2611", record=2
)
NEWER = Work(7, authors("US"), references=(9,), updated_on="2024-02-01", record=1)
OTHERS = (Work(8, record=3), Work(9, record=4))


def test_the_record_changed_last_wins_with_its_own_authors_fields_and_references() -> None:
    con = on_duckdb(world([NEWER, OLDER, *OTHERS]))

    assert rows(con.table("works"), "work_key", "n_authors") == [(7, 1), (8, 0), (9, 0)]
    assert rows(con.table("work_countries"), "work_id", "country_code") == [(0, "US")]
    assert rows(con.table("citations"), "citing_work_id", "cited_work_id") == [(0, 2)]
    fields = con.table("work_fields")
    assert rows(fields.filter(fields.work_id == 0), "field_id") == [("17",), ("1702",)]


def test_a_work_says_how_many_records_it_has() -> None:
    con = linked(world([NEWER, OLDER, *OTHERS]))

    assert rows(con.table("work_records"), "work_key", "n_records") == [(7, 2), (8, 1), (9, 1)]


def test_records_changed_on_the_same_day_are_chosen_by_part_and_place_alone() -> None:
    first = Work(7, authors("CN"), part="a", record=9)
    second = Work(7, authors("US"), part="b", record=1)

    for listed in ([first, second], [second, first]):
        con = linked(world(listed))
        assert rows(con.table("work_records"), "part_key", "record") == [("b", 1)]


def test_a_record_without_a_date_gives_way_to_one_with_a_date() -> None:
    undated = Work(7, authors("CN"), updated_on=None, record=9)
    con = linked(world([undated, Work(7, authors("US"), record=1)]))

    assert rows(con.table("work_records"), "record") == [(1,)]


def test_works_of_two_registers_with_one_number_are_two_works() -> None:
    con = linked(world([Work(791), Work(791, register="rfc", kind="standard")]))

    assert rows(con.table("works"), "work_id", "register") == [(0, "openalex"), (1, "rfc")]
