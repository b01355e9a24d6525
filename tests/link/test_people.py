"""`people`: people are numbered within their register and known by number alone."""

from __future__ import annotations

from tests.world import Author, Work, linked, rows, world


def test_one_number_in_two_registers_is_two_people() -> None:
    author = Author({"CN": 1.0}, person=5)
    con = linked(world([Work(1, (author,)), Work(2, (author,), register="rfc")]))

    assert rows(con.table("person_ids"), "person_id", "register", "person_key") == [
        (0, "openalex", 5),
        (1, "rfc", 5),
    ]


def test_a_person_is_the_same_on_all_their_works() -> None:
    author = Author({"CN": 1.0}, person=5)
    con = linked(world([Work(1, (author,)), Work(2, (Author(), author))]))

    assert rows(con.table("authorships"), "work_id", "position", "person_id") == [
        (0, 1, 0),
        (1, 1, None),
        (1, 2, 0),
    ]


def test_people_of_a_record_that_does_not_count_are_not_kept() -> None:
    older = Work(1, (Author({"CN": 1.0}, person=5),), updated_on="2020-01-01")
    con = linked(world([older, Work(1, (Author({"CN": 1.0}, person=6),))]))

    assert rows(con.table("person_ids"), "person_key") == [(6,)]
