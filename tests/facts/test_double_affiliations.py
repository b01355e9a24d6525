"""`double_affiliations`: what is international by one person's addresses alone."""

from __future__ import annotations

import pytest

from fourseas.schema.facts import DOUBLE_AFFILIATIONS
from tests.world import Work, authors, on_duckdb, rows, steps_to, world


def _territories(*words: str) -> list[tuple[object, ...]]:
    """Return the policies under which a work of such authors is double."""
    con = on_duckdb(world([Work(1, authors(*words))]), steps_to(DOUBLE_AFFILIATIONS))
    return rows(con.table("double_affiliations"), "territory")


@pytest.mark.parametrize(
    ("words", "is_double"),
    [
        (("CN+US",), True),
        (("CN", "CN+US"), True),
        (("CN+US", "CN+DE"), True),
        (("CN+US", "?", "CN"), False),
        (("CN", "US"), False),
        (("CN+US", "DE"), False),
        (("CN", "CN"), False),
        (("?", "?"), False),
    ],
)
def test_all_authors_are_placed_and_share_one_of_its_countries(
    words: tuple[str, ...], *, is_double: bool
) -> None:
    assert _territories(*words) == ([("cwts",), ("iso",)] if is_double else [])


def test_hong_kong_is_shared_with_china_only_where_it_counts_for_it() -> None:
    assert _territories("HK", "CN+US") == [("cwts",)]


def test_a_work_of_hong_kong_and_china_is_not_international_where_it_counts_for_it() -> None:
    assert _territories("HK+CN") == [("iso",)]
