"""`resampled`: intervals of impact from the works of a unit, against those of the delta method."""

from __future__ import annotations

import pyarrow as pa
import pytest

from fourseas.reports.resampled import resampled
from fourseas.selection import Selection
from fourseas.workspace import Workspace

ENDS = ("mncs_low", "mncs_high", "pp_top_10_low", "pp_top_10_high", "pp_top_1_low", "pp_top_1_high")


@pytest.fixture(scope="module")
def given(lake: Workspace) -> pa.Table:
    """Return impact of a country, the world and an organization in RFCs of one year."""
    selection = Selection(
        indicator="impact",
        countries=("US", "WORLD"),
        organizations=("rfc:ericsson",),
        fields=("all",),
        years=(2011, 2011),
        register="rfc",
    )
    return lake.show(selection).to_pyarrow()


@pytest.fixture(scope="module")
def drawn(lake: Workspace, given: pa.Table) -> list[dict[str, object]]:
    """Return the same with intervals from a thousand samples."""
    found: list[dict[str, object]] = resampled(lake, given, samples=1000).to_pylist()
    return found


def test_nothing_but_intervals_changes(given: pa.Table, drawn: list[dict[str, object]]) -> None:
    kept = [name for name in given.column_names if name not in ENDS]

    assert [[row[name] for name in kept] for row in drawn] == [
        [row[name] for name in kept] for row in given.to_pylist()
    ]


def test_of_a_country_of_many_works_they_are_near_those_of_the_delta_method(
    given: pa.Table, drawn: list[dict[str, object]]
) -> None:
    both = zip(given.to_pylist(), drawn, strict=True)
    for before, after in ((a, b) for a, b in both if b["unit_id"] == "US"):
        width = before["mncs_high"] - before["mncs_low"]
        assert after["mncs_low"] == pytest.approx(before["mncs_low"], abs=0.15 * width)
        assert after["mncs_high"] == pytest.approx(before["mncs_high"], abs=0.15 * width)


def test_an_organization_has_intervals_around_its_mean(drawn: list[dict[str, object]]) -> None:
    (row,) = (r for r in drawn if (r["unit_id"], r["counting"]) == ("3gpp:ericsson", "fractional"))

    assert float(str(row["mncs_low"])) < float(str(row["mncs"])) < float(str(row["mncs_high"]))


def test_the_world_whose_mean_could_be_no_other_has_none(drawn: list[dict[str, object]]) -> None:
    of_world = [row for row in drawn if row["unit_id"] == "WORLD"]

    assert of_world
    assert {row[name] for row in of_world for name in ENDS} == {None}


def test_drawn_again_it_is_the_same(
    lake: Workspace, given: pa.Table, drawn: list[dict[str, object]]
) -> None:
    assert resampled(lake, given, samples=1000).to_pylist() == drawn
