"""Relations of organizations and the tree above each, over records written by hand."""

from __future__ import annotations

from collections.abc import Iterable

from ibis.backends.sql import SQLBackend

from fourseas.schema.staged import STAGED_ORGANIZATION_RELATIONS, STAGED_ORGANIZATIONS
from tests.world import Row, Work, arrow, authors, linked, rows, world

ORGANIZATIONS = {
    "1": ("Lab", "FR", "active"),
    "2": ("Institute", "FR", "active"),
    "3": ("Academy", "CH", "active"),
    "4": ("Company", "US", "active"),
    "5": ("Old institute", "FR", "inactive"),
}
"""By key: name, country and status. Numbers in the lake follow the keys, from 0."""


def _linked(*relations: tuple[str, str, str, int | None]) -> SQLBackend:
    """Link organizations of one register of which each record tells a kind of another."""
    described: Iterable[Row] = [
        {
            "register": "ror",
            "part_key": "part",
            "record": int(key),
            "organization_key": key,
            "ror_id": key,
            "organization_name": name,
            "country_code": country,
            "status": status,
            "n_locations": 1,
        }
        for key, (name, country, status) in ORGANIZATIONS.items()
    ]
    told: Iterable[Row] = [
        {
            "register": "ror",
            "part_key": "part",
            "record": int(key),
            "organization_key": key,
            "relation_kind": kind,
            "related_key": related,
            "founded_year": founded,
        }
        for key, kind, related, founded in relations
    ]
    return linked(
        world([Work(1, authors("NL"))])
        | {
            "staged_organizations": arrow(STAGED_ORGANIZATIONS, described),
            "staged_organization_relations": arrow(STAGED_ORGANIZATION_RELATIONS, told),
        }
    )


def _relations(con: SQLBackend, *columns: str) -> list[tuple[object, ...]]:
    table = con.table("organization_relations")
    return rows(table, "organization_id", "relation_kind", "related_id", *columns)


def _above(con: SQLBackend, number: int, *columns: str) -> list[tuple[object, ...]]:
    tree = con.table("organization_tree")
    return rows(tree.filter(tree.organization_id == number), "ancestor_id", *columns)


def test_both_sides_of_a_relation_are_one_row_of_the_younger_founding() -> None:
    con = _linked(("1", "parent", "2", 1990), ("2", "child", "1", 1950))

    assert _relations(con, "since_year", "is_current") == [(0, "parent", 1, 1990, True)]


def test_what_one_side_alone_tells_counts_and_an_unknown_year_does_not_hide_the_other() -> None:
    con = _linked(("2", "child", "1", 1950), ("3", "child", "2", None))

    assert _relations(con, "since_year") == [(0, "parent", 1, 1950), (1, "parent", 2, 1950)]


def test_a_predecessor_makes_a_successor_and_a_closed_one_is_not_current() -> None:
    con = _linked(("2", "predecessor", "5", 1999), ("1", "parent", "5", 1980))

    assert _relations(con, "is_current") == [(0, "parent", 4, False), (4, "successor", 1, False)]


def test_related_ones_are_related_to_each_other_and_are_no_parents() -> None:
    con = _linked(("1", "related", "4", None))

    assert _relations(con) == [(0, "related", 3), (3, "related", 0)]
    assert _above(con, 0, "depth", "is_head") == [(0, 0, True)]


def test_a_relation_to_a_record_that_is_not_here_or_to_itself_is_left_out() -> None:
    con = _linked(("1", "parent", "9", 1990), ("2", "parent", "2", 1950))

    assert _relations(con) == []


def test_the_head_of_a_lab_is_two_steps_up_in_another_country() -> None:
    con = _linked(("1", "parent", "2", 1990), ("2", "parent", "3", 1950), ("3", "child", "2", 1800))

    columns = ("depth", "is_head", "since_year", "country_code", "ancestor_country_code")
    assert _above(con, 0, *columns) == [
        (0, 0, False, None, "FR", "FR"),
        (1, 1, False, 1990, "FR", "FR"),
        (2, 2, True, 1990, "FR", "CH"),
    ]


def test_one_of_two_parents_has_two_heads_and_the_shorter_way_is_its_depth() -> None:
    con = _linked(
        ("1", "parent", "2", None),
        ("2", "parent", "3", None),
        ("1", "parent", "3", None),
        ("1", "parent", "4", None),
    )

    assert _above(con, 0, "depth", "is_head") == [
        (0, 0, False),
        (1, 1, False),
        (2, 1, True),
        (3, 1, True),
    ]


def test_one_way_of_active_organizations_makes_an_ancestor_a_present_one() -> None:
    con = _linked(("1", "parent", "5", None), ("5", "parent", "3", None))
    by_two = _linked(
        ("1", "parent", "5", None),
        ("5", "parent", "3", None),
        ("1", "parent", "2", None),
        ("2", "parent", "3", None),
    )

    assert _above(con, 0, "is_current") == [(0, True), (2, False), (4, False)]
    assert _above(by_two, 0, "is_current") == [(0, True), (1, True), (2, True), (4, False)]


def test_a_circle_of_parents_ends_where_it_began_and_has_no_head() -> None:
    con = _linked(("1", "parent", "2", None), ("2", "parent", "1", None))

    assert _above(con, 0, "depth", "is_head") == [(0, 0, False), (1, 1, False)]
