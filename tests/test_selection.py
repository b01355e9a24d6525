"""What is computed for a few rows is what stands in the rows of everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ibis
import pandas as pd
import pytest

from fourseas.catalog import INDICATORS
from fourseas.schema.step import Indicator
from fourseas.selection import Restriction, restricted
from fourseas.workspace import Workspace


@pytest.mark.parametrize("indicator", INDICATORS, ids=[one.name for one in INDICATORS])
def test_few_rows_are_computed_as_among_all(lake: Workspace, indicator: Indicator) -> None:
    every = lake.computed(indicator.name)
    n_rows = 0
    for to in _asked(lake, indicator):
        few = _frame(lake.restricted(to).to_pandas(), indicator)
        among_all = _frame(restricted(every, to).to_pandas(), indicator)
        pd.testing.assert_frame_equal(few, among_all, check_exact=False, rtol=1e-9, atol=1e-12)
        n_rows += len(few)

    assert n_rows > 0


def _asked(lake: Workspace, indicator: Indicator) -> Iterator[Restriction]:
    """Ask for a country, and for all units, of the places with most and with fewest rows."""
    every = lake.computed(indicator.name)
    rows = every.filter(every.unit_type != "organization")
    places = rows.group_by("register", "definition_id", "field_id", "year").agg(
        n_rows=rows.count(),
        unit_id=rows.unit_id.max() if "unit_id" in rows.columns else ibis.literal(""),
    )
    ordered = places.order_by("n_rows", "definition_id", "field_id", "year").to_pandas()
    for place in (ordered.iloc[-1], ordered.iloc[0]):
        of_place = Restriction(
            indicator=indicator.name,
            unit_ids=(),
            field_ids=(place.field_id,),
            years=(int(place.year), int(place.year)),
            counting=None,
            register=place.register,
            definition_ids=(place.definition_id,),
        )
        yield of_place
        if place.unit_id:
            of_unit = replace(of_place, unit_ids=(place.unit_id,), register=None)
            yield of_unit
            yield replace(of_unit, has_organizations=False)


def _frame(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    return rows.sort_values(list(indicator.writes.key), ignore_index=True)
