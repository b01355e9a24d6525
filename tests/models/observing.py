"""What a model would be fitted on, from a few rows of the tables that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ibis
import pandas as pd

from fourseas.schema.step import Step
from tests.world import Row, arrow

PLACED: Row = {
    "register": "r",
    "snapshot_on": "2024-08-27",
    "scope": "census",
    "definition_id": "d",
    "unit_type": "country",
    "scheme": "all",
    "field_id": "all",
    "year": 2020,
}
"""A place in which countries are counted; a row says what is different in it."""


def observed(step: Step, rows: Mapping[str, Iterable[Row]]) -> pd.DataFrame:
    """Return what a step makes of rows, by the names of the tables that it reads."""
    con = ibis.duckdb.connect(threads=1)
    for spec in step.reads:
        con.create_table(spec.name, arrow(spec, [PLACED | row for row in rows[spec.name]]))
    found: pd.DataFrame = step.compute(*(con.table(spec.name) for spec in step.reads)).execute()
    return found
