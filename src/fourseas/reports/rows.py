"""Rows as a chart reads them, and packed as a page holds them."""

from __future__ import annotations

import json

import pandas as pd

from fourseas.reports.panel import Rows
from fourseas.reports.theme import Spec

WORTH_A_DICTIONARY = 4
"""A column names its values apart where each is there at least so often."""


def rows(table: pd.DataFrame) -> Rows:
    """Return the rows of a table, missing values as null."""
    return list(json.loads(table.to_json(orient="records", double_precision=5)))


def packed(table: Rows) -> Spec:
    """Return rows by column, each value once where that is shorter.

    A column has `values`; `places` say where each row finds its own, or `each` says how many
    rows share one before the next comes, over and over.
    """
    return {
        "n": len(table),
        "columns": {name: _column([row[name] for row in table]) for name in table[0]},
    }


def _column(values: list[object]) -> Spec:
    distinct = list(dict.fromkeys(values))
    if len(distinct) * WORTH_A_DICTIONARY > len(values):
        return {"values": values, "each": 1}
    place = {value: i for i, value in enumerate(distinct)}
    places = [place[value] for value in values]
    each = next((i for i, found in enumerate(places) if found), len(places))
    if all(found == i // each % len(distinct) for i, found in enumerate(places)):
        return {"values": distinct, "each": each}
    return {"values": distinct, "places": places}
