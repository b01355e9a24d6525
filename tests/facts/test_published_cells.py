"""`published_cells`: figures of publishers, and what becomes of figures they leave out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from ibis.backends.sql import SQLBackend

from fourseas.indicators import affinity, collaboration, impact, leadership, volume
from tests.world import Row, measure, on_duckdb, rows, world

FULL = "full"
CLASSES = ("collaboration_class", "n", "credit")


def published(
    figures: Mapping[tuple[str, str], float],
    *,
    register: str = "ncses",
    unit_type: str = "country",
    unit_id: str = "US",
) -> list[Row]:
    """Return the figures of a unit in 2020, by measure and counting."""
    return [
        {
            "register": register,
            "snapshot_on": "2023-12-07",
            "scope": "census",
            "definition_id": f"{register}-published",
            "unit_type": unit_type,
            "unit_id": unit_id,
            "scheme": "all",
            "field_id": "all",
            "year": 2020,
            "measure": measure_name,
            "counting": counting,
            "value": value,
        }
        for (measure_name, counting), value in figures.items()
    ]


def _on(statistics: Iterable[Row]) -> SQLBackend:
    return on_duckdb(world([], statistics=list(statistics)))


DIVIDED = published(
    {
        ("output", "full"): 1000.0,
        ("output", "fractional"): 800.0,
        ("domestic", "full"): 600.0,
        ("international", "full"): 390.0,
        ("top_1", "full"): 0.0166,
        ("top_1", "fractional"): 0.0141,
    }
)


def test_the_rest_of_divided_works_is_unknown_and_credit_stands_undivided() -> None:
    assert rows(_on(DIVIDED).table("unit_cells"), *CLASSES) == [
        ("domestic", 600.0, None),
        ("international", 390.0, None),
        ("unknown", 10.0, None),
        ("unstated", 0.0, 800.0),
    ]


def test_works_that_are_not_divided_are_unstated() -> None:
    figures = published({("output", "full"): 1000.0, ("output", "fractional"): 800.0})

    assert rows(_on(figures).table("unit_cells"), *CLASSES) == [("unstated", 1000.0, 800.0)]


def test_rounded_figures_that_exceed_the_whole_leave_no_negative_rest() -> None:
    figures = published(
        {("output", "full"): 999.0, ("domestic", "full"): 600.0, ("international", "full"): 400.0}
    )
    cells = _on(figures).table("unit_cells")

    assert rows(cells.filter(cells.collaboration_class == "unknown"), "n") == [(0.0,)]


def test_volume_is_what_was_published() -> None:
    found = {row["counting"]: row["p"] for row in measure(_on(DIVIDED), volume.INDICATOR)}

    assert found == {"full": 1000.0, "fractional": 800.0}


def test_the_international_share_is_of_all_works_and_bounded_by_the_rest() -> None:
    (row,) = (
        row for row in measure(_on(DIVIDED), collaboration.INDICATOR) if row["counting"] == FULL
    )

    assert row["pp_int_collab"] == pytest.approx(0.39)
    assert row["pp_int_collab_min"] == pytest.approx(0.39)
    assert row["pp_int_collab_max"] == pytest.approx(0.40)
    assert row["not_computable"] is None
    assert row["coverage"] is None


def test_fractional_credit_that_nobody_divides_has_no_international_share() -> None:
    (row,) = (
        row for row in measure(_on(DIVIDED), collaboration.INDICATOR) if row["counting"] != FULL
    )

    assert row["pp_int_collab"] is None
    assert row["p_int_collab"] is None
    assert row["not_computable"] == "the register does not divide these works by collaboration"


def test_works_that_are_not_divided_have_no_international_share() -> None:
    figures = published({("output", "full"): 1000.0})
    (row,) = measure(_on(figures), collaboration.INDICATOR)

    assert row["pp_int_collab"] is None
    assert row["pp_int_collab_max"] is None
    assert row["not_computable"] == "the register does not divide these works by collaboration"


def test_a_register_of_international_works_alone_has_counts_and_no_shares() -> None:
    figures = published({("international", "full"): 405_719.0}, register="matrix")
    (row,) = measure(_on(figures), collaboration.INDICATOR)

    assert row["p_int_collab"] == 405_719.0
    assert row["pp_int_collab"] is None
    assert row["pp_int_collab_min"] is None
    assert row["pp_int_collab_max"] is None
    assert row["not_computable"] == "the register counts international works alone"


def test_a_register_of_international_works_alone_has_no_volume() -> None:
    figures = published({("international", "full"): 405_719.0}, register="matrix")
    (row,) = measure(_on(figures), volume.INDICATOR)

    assert (row["p"], row["pp_world"]) == (None, None)
    assert row["not_computable"] == "the register counts international works alone"


def test_published_international_shares_have_no_intervals() -> None:
    for row in measure(_on(DIVIDED), collaboration.INDICATOR):
        assert (row["pp_int_collab_low"], row["pp_int_collab_high"]) == (None, None)


def test_impact_of_a_register_with_a_top_1_percent_alone_says_so() -> None:
    for row in measure(_on(DIVIDED), impact.INDICATOR):
        assert row["pp_top_1"] is not None
        assert row["not_computable"] == "the register publishes the top 1% alone"


def test_published_top_shares_come_back_as_they_were() -> None:
    found = {row["counting"]: row["pp_top_1"] for row in measure(_on(DIVIDED), impact.INDICATOR)}

    assert found == {"full": pytest.approx(0.0166), "fractional": pytest.approx(0.0141)}


def test_published_shares_have_no_intervals_and_no_scores() -> None:
    absent = ("pp_top_1_low", "pp_top_1_high", "mncs", "mncs_low", "mncs_high", "pp_top_10")
    for row in measure(_on(DIVIDED), impact.INDICATOR):
        assert {name: row[name] for name in absent} == dict.fromkeys(absent)


def test_nobody_is_said_to_lead_published_works() -> None:
    assert measure(_on(DIVIDED), leadership.INDICATOR) == []


def test_pairs_are_measured_only_against_totals_that_are_published() -> None:
    pair: Row = {
        "register": "ncses",
        "snapshot_on": "2023-12-07",
        "scope": "census",
        "definition_id": "ncses-published",
        "unit_type": "country",
        "unit_id": "US",
        "partner_id": "XK",
        "scheme": "all",
        "field_id": "all",
        "year": 2020,
        "p": 13.0,
    }
    con = on_duckdb(world([], statistics=DIVIDED, pairs=[pair]))
    (row,) = measure(con, affinity.INDICATOR)
    of_totals = (
        "salton",
        "jaccard",
        "inclusion",
        "equivalence",
        "association",
        "collaboration_index",
    )

    assert row["p"] == 13.0
    assert row["p_int_unit"] == 390.0
    assert {name: row[name] for name in ("p_int_partner", *of_totals)} == dict.fromkeys(
        ("p_int_partner", *of_totals)
    )
