"""Rows as a page holds them."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from fourseas.reports.panel import Rows
from fourseas.reports.rows import packed, rows
from fourseas.reports.theme import Spec


def unpacked(found: Spec) -> Rows:
    """Do what the page's script does."""
    n, columns = found["n"], found["columns"]
    assert isinstance(n, int)
    assert isinstance(columns, dict)
    return [
        {
            name: column["values"][
                column["places"][row]
                if "places" in column
                else row // column["each"] % len(column["values"])
            ]
            for name, column in columns.items()
        }
        for row in range(n)
    ]


VALUES = st.none() | st.sampled_from(["BR", "CN", "US"]) | st.integers(0, 9)


@given(st.lists(st.fixed_dictionaries({"a": VALUES, "b": VALUES}), min_size=1))
def test_what_was_packed_is_unpacked_as_it_was(table: Rows) -> None:
    assert unpacked(packed(table)) == table


def test_the_keys_of_a_full_grid_take_no_room() -> None:
    table: Rows = [
        {"unit_id": unit, "year": year} for unit in ("A", "B", "C", "D", "E") for year in range(5)
    ]

    assert packed(table)["columns"] == {
        "unit_id": {"values": ["A", "B", "C", "D", "E"], "each": 5},
        "year": {"values": [0, 1, 2, 3, 4], "each": 1},
    }


def test_missing_values_become_null() -> None:
    assert rows(pd.DataFrame({"p": [1.5, None], "name": ["a", None]})) == [
        {"p": 1.5, "name": "a"},
        {"p": None, "name": None},
    ]
