"""`work_roles`: which leads are placed, and what is international by one person alone."""

from __future__ import annotations

import pytest

from fourseas.schema.facts import WORK_ROLES
from tests.world import Author, Work, authors, on_duckdb, rows, steps_to, world

KNOWN = ("is_first_known", "is_last_known", "is_corresponding_known")


@pytest.mark.parametrize(
    ("words", "is_double"),
    [
        (("CN+US",), True),
        (("CN", "CN+US"), True),
        (("CN+US", "CN+DE"), True),
        (("CN+US", "?", "CN"), True),
        (("CN", "US"), False),
        (("CN+US", "DE"), False),
        (("CN", "CN"), False),
        (("?", "?"), False),
    ],
)
def test_double_affiliation_is_where_all_placed_authors_share_a_country(
    words: tuple[str, ...], *, is_double: bool
) -> None:
    con = on_duckdb(world([Work(1, authors(*words))]), steps_to(WORK_ROLES))

    assert rows(con.table("work_roles"), "is_double_affiliation") == [(is_double,)]


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

    assert rows(con.table("work_roles"), "work_id", *KNOWN) == [
        (0, False, True, False),
        (1, True, False, True),
        (2, True, False, False),
    ]


def test_nobody_is_known_as_corresponding_where_the_register_does_not_say() -> None:
    con = on_duckdb(world([Work(1, authors("CN", "US"))]), steps_to(WORK_ROLES))

    assert rows(con.table("work_roles"), "is_corresponding_known") == [(False,)]
