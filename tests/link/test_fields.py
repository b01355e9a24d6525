"""`fields` and `work_fields`."""

from __future__ import annotations

from tests.world import Work, linked, rows, world


def test_a_field_that_many_records_name_is_one_field() -> None:
    con = linked(world([Work(1), Work(2), Work(3, subfield="2611")]))

    assert rows(con.table("fields"), "scheme", "field_id", "field_name") == [
        ("openalex_field", "17", "Field 17"),
        ("openalex_field", "26", "Field 26"),
        ("openalex_subfield", "1702", "Field 1702"),
        ("openalex_subfield", "2611", "Field 2611"),
    ]


def test_a_work_keeps_the_weights_of_its_fields() -> None:
    both = (("openalex_subfield", "1702", 0.75), ("openalex_subfield", "2611", 0.25))
    con = linked(world([Work(1, subfield=None, fields=both)]))

    assert rows(con.table("work_fields"), "field_id", "weight") == [("1702", 0.75), ("2611", 0.25)]
