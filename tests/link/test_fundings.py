"""`fundings`."""

from __future__ import annotations

from fourseas.schema.staged import STAGED_FUNDINGS
from tests.world import Row, Work, arrow, linked, rows, world


def test_the_funders_of_the_record_that_counts_are_the_funders_of_the_work() -> None:
    listed: list[Row] = [
        {"register": "openalex", "part_key": "part", "record": record, "funding": 1} | funder
        for record, funder in ((1, {"funder_key": "F1"}), (2, {"funder_key": "F2"}))
    ]
    tables = world([Work(1, updated_on="2020-01-01"), Work(1)])
    con = linked(tables | {"staged_fundings": arrow(STAGED_FUNDINGS, listed)})

    assert rows(con.table("fundings"), "work_id", "funder_key") == [(0, "F2")]
