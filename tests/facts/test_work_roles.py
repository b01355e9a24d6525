"""`work_roles`: which leads are placed."""

from __future__ import annotations

from ibis.backends.sql import SQLBackend

from fourseas.schema.facts import WORK_ROLES
from tests.world import Author, Work, authors, on_duckdb, rows, steps_to, world

KNOWN = ("is_first_known", "is_last_known", "is_corresponding_known")


def _roles(con: SQLBackend, *columns: str) -> list[tuple[object, ...]]:
    """Return what is said of the works of a lake, once."""
    return sorted(set(rows(con.table("work_roles"), *columns)))


def test_a_lead_is_known_where_all_who_hold_it_have_a_country() -> None:
    con = on_duckdb(
        world(
            [
                Work(1, authors("?", "CN")),
                Work(2, (Author({"CN": 1.0}, is_corresponding=True), Author())),
                Work(3, (Author({"CN": 1.0}, is_corresponding=True), Author({}, None, True))),
            ]
        )
    )

    assert _roles(con, "work_id", *KNOWN) == [
        (0, False, True, False),
        (1, True, False, True),
        (2, True, False, False),
    ]


def test_nobody_is_known_as_corresponding_where_the_register_does_not_say() -> None:
    con = on_duckdb(world([Work(1, authors("CN", "US"))]), steps_to(WORK_ROLES))

    assert _roles(con, "is_corresponding_known") == [(False,)]
