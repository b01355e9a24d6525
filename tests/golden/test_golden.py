"""No number of the embedded lake changes unless somebody says so; `make golden` shows what did."""

from __future__ import annotations

import pytest

from fourseas.catalog import INDICATORS
from fourseas.workspace import Workspace
from tests.golden import tables

KEYS = {indicator.writes.name: indicator.writes.key for indicator in INDICATORS}

PUBLISHED = {  # NCSES, Science and Engineering Indicators 2024, international collaboration in 2022
    "US": 0.39895,
    "CN": 0.18676,
    "DE": 0.55766,
    "JP": 0.31783,
    "IN": 0.24158,
}


@pytest.mark.parametrize("name", tables.INDICATORS)
def test_an_indicator_is_as_it_was(lake: Workspace, name: str) -> None:
    now = tables.computed(lake, name)

    assert tables.differences(tables.kept(name), now, KEYS[name]) == []
    assert len(now) > 10


def test_shares_of_2022_are_those_that_ncses_has_published() -> None:
    found = {
        row["unit_id"]: float(row["pp_int_collab"])
        for row in tables.kept("collaboration")
        if (row["definition_id"], row["year"], row["counting"])
        == ("ncses-published", "2022", "full")
        and row["unit_id"] in PUBLISHED
    }

    assert found == {
        country: pytest.approx(share, abs=1e-4) for country, share in PUBLISHED.items()
    }


def test_rows_of_every_definition_are_kept() -> None:
    found = {row["definition_id"] for name in ("volume", "impact") for row in tables.kept(name)}

    assert found == {
        "cwts-like",
        "matrix-published",
        "ncses-like",
        "ncses-published",
        "openalex",
        "standards",
    }


def test_a_difference_is_told_by_row_and_column_and_rounding_is_none() -> None:
    row = {"unit_id": "BR", "p": "3", "share": "0.5"}
    key = ("unit_id",)

    assert tables.differences([row], [row | {"share": "0.5000000001"}], key) == []
    assert tables.differences([row], [row | {"p": "4"}], key) == ["BR: p was 3, is 4"]
    assert tables.differences([row], [row | {"p": ""}], key) == ["BR: p was 3, is empty"]
    assert tables.differences([row], [row | {"unit_id": "CN"}], key) == ["gone: BR", "new: CN"]
    gone = {name: value for name, value in row.items() if name != "share"}
    assert tables.differences([row], [gone], key) == ["BR: share was 0.5, is no such column"]
