"""`impact` against numbers worked out by hand, against plain SQL, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings

from fourseas.indicators.impact import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

MEASURES = ("mncs", "tncs", "pp_top_10", "pp_top_1", "p_top_10", "p_top_1")


def _impacts(
    works: Iterable[Work],
    *,
    definition_id: str = "openalex",
    counting: str = "fractional",
    scope: str = "census",
) -> dict[object, Row]:
    """Return the rows of units over all fields."""
    found = measure(on_duckdb(world(works, scope=scope), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        row["unit_id"]: row
        for row in found
        if (row["definition_id"], row["scheme"], row["counting"])
        == (definition_id, "all", counting)
    }


FOUR = [
    Work(1, authors("CN"), cited_by_count=6),
    Work(2, authors("CN", "US", "US", "US"), cited_by_count=2),
    Work(3, authors("US"), cited_by_count=0),
    Work(4, authors("US", "?"), cited_by_count=0),
]
"""The mean is 2 citations, so the scores are 3, 1, 0 and 0."""


def test_four_works_by_hand() -> None:
    full = _impacts(FOUR, counting="full")
    fractional = _impacts(FOUR)

    assert full["CN"]["mncs"] == pytest.approx((3 + 1) / 2)
    assert full["US"]["mncs"] == pytest.approx(1 / 3)
    assert full["WORLD"]["mncs"] == pytest.approx(1.0)
    assert fractional["CN"]["mncs"] == pytest.approx((3 + 0.25) / 1.25)
    assert fractional["US"]["mncs"] == pytest.approx(0.75 / 2.25)
    assert fractional["UNKNOWN"]["mncs"] == 0.0
    assert fractional["WORLD"]["mncs"] == pytest.approx(1.0)


def test_sums_are_weighed_as_the_means_are() -> None:
    row = _impacts(FOUR)["CN"]

    assert row["n"] == 2.0
    assert row["p_scored"] == 1.25
    assert row["tncs"] == pytest.approx(3.25)
    assert row["p_top_10"] == pytest.approx(0.4)
    assert row["pp_top_10"] == pytest.approx(0.4 / 1.25)
    assert row["p_top_1"] == pytest.approx(0.04)


def test_the_interval_of_two_works_by_hand() -> None:
    # Scores 3 and 1, mean 2: sqrt(1 + 1) / 2 works, times 1.96.
    row = _impacts(FOUR, counting="full")["CN"]

    assert row["mncs_low"] == pytest.approx(2 - 1.959964 * 2**0.5 / 2, abs=1e-6)
    assert row["mncs_high"] == pytest.approx(2 + 1.959964 * 2**0.5 / 2, abs=1e-6)


def test_of_one_work_or_works_that_score_alike_no_spread_of_the_mean_is_claimed() -> None:
    one = _impacts([Work(1, authors("CN"), cited_by_count=3)], counting="full")["CN"]
    alike = _impacts([Work(key, authors("CN"), cited_by_count=3) for key in (1, 2, 3)])["CN"]

    assert (one["mncs"], one["mncs_low"], one["mncs_high"]) == (1.0, None, None)
    assert (alike["mncs"], alike["mncs_low"], alike["mncs_high"]) == (1.0, None, None)


def test_a_share_of_nothing_is_as_unsure_as_its_works_are_few() -> None:
    # Wilson's interval of 0 of 4 ends at z^2 / (4 + z^2).
    works = [Work(key, authors("US"), cited_by_count=9) for key in range(1, 100)]
    row = _impacts(
        [*works, *(Work(key, authors("CN"), cited_by_count=0) for key in range(100, 104))],
        counting="full",
    )["CN"]

    assert (row["pp_top_1"], row["pp_top_1_low"]) == (0.0, 0.0)
    assert row["pp_top_1_high"] == pytest.approx(3.8414588 / (4 + 3.8414588), abs=1e-7)


def test_the_share_of_weighted_works_is_as_stable_as_their_effective_number() -> None:
    # Twenty works; China's four weigh 1, 1, 1 and 1/2, the first alone is in the top 10%.
    works = [
        Work(1, authors("CN"), cited_by_count=50),
        Work(2, authors("CN"), cited_by_count=1),
        Work(3, authors("CN"), cited_by_count=1),
        Work(4, authors("CN", "US"), cited_by_count=1),
        Work(5, authors("US"), cited_by_count=50),
        *(Work(key, authors("US"), cited_by_count=1) for key in range(6, 21)),
    ]
    row = _impacts(works)["CN"]
    share, weight = 1 / 3.5, 3.5
    variance = ((1 - share) ** 2 + (2 + 0.25) * share**2) / weight**2
    n = share * (1 - share) / variance
    z2 = 1.959963984540054**2
    middle, half = share + z2 / (2 * n), (z2 * (share * (1 - share) / n + z2 / (4 * n * n))) ** 0.5

    assert row["pp_top_10"] == pytest.approx(share)
    assert row["pp_top_10_low"] == pytest.approx((middle - half) / (1 + z2 / n))
    assert row["pp_top_10_high"] == pytest.approx((middle + half) / (1 + z2 / n))


def test_the_world_which_could_be_no_other_has_no_interval() -> None:
    row = _impacts(FOUR)["WORLD"]

    assert {row[name] for name in row if name.endswith(("_low", "_high"))} == {None}


@pytest.mark.parametrize("scope", ["corpus", "sample"])
def test_impact_in_what_is_not_a_census_is_not_computable_and_says_why(scope: str) -> None:
    row = _impacts(FOUR, scope=scope)["CN"]
    intervals = [name for name in row if name.endswith(("_low", "_high"))]

    assert {name: row[name] for name in (*MEASURES, *intervals)} == dict.fromkeys(
        (*MEASURES, *intervals)
    )
    assert row["not_computable"] == (f"the register is a {scope} and no outside baseline is named")
    assert row["p_scored"] == 1.25


def test_a_register_without_resolved_references_has_no_windowed_impact() -> None:
    works = [Work(1, authors("CN"), references=(77,)), Work(2, authors("US"))]

    assert _impacts(works, definition_id="cwts-like") == {}
    assert set(_impacts(works)) == {"CN", "US", "WORLD"}


@pytest.mark.parametrize(
    ("year", "definition_id", "has_open_window"),
    [
        (2019, "cwts-like", False),
        (2020, "cwts-like", True),
        (2021, "ncses-like", False),
        (2022, "ncses-like", True),
        (1999, "openalex", True),
    ],
)
def test_a_window_is_open_until_its_last_year_is_complete(
    year: int, definition_id: str, *, has_open_window: bool
) -> None:
    works = [Work(1, authors("CN"), year=year, references=(2,)), Work(2, authors("CN"), year=year)]

    assert _impacts(works, definition_id=definition_id)["CN"]["has_open_window"] is has_open_window


@pytest.mark.parametrize(("year", "is_provisional"), [(2023, False), (2024, True)])
def test_a_year_after_the_last_complete_one_is_provisional(
    year: int, *, is_provisional: bool
) -> None:
    row = _impacts([Work(1, authors("CN"), year=year)])["CN"]

    assert row["is_provisional"] is is_provisional


@settings(max_examples=10)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_the_world_is_at_1_and_holds_its_top_shares(random_world: RandomWorld) -> None:
    for row in random_world.measure(INDICATOR):
        if (row["unit_id"], row["scheme"]) == ("WORLD", "all"):
            assert row["mncs"] == pytest.approx(1.0)
            assert row["pp_top_10"] == pytest.approx(0.10)
            assert row["pp_top_1"] == pytest.approx(0.01)


@settings(max_examples=5)
@given(worlds())
def test_countries_and_unknown_together_are_the_world_by_credit(random_world: RandomWorld) -> None:
    sums: dict[tuple[object, ...], list[float]] = {}
    for row in random_world.measure(INDICATOR):
        is_part = row["unit_type"] in {"country", "unknown"}
        if is_part and (row["scheme"], row["counting"]) == ("all", "fractional"):
            place = (row["register"], row["definition_id"], row["year"])
            parts = sums.setdefault(place, [0.0, 0.0, 0.0, 0.0])
            for number, name in enumerate(("p_scored", "tncs", "p_top_10", "p_top_1")):
                parts[number] += float(str(row[name]))

    for credit, tncs, top_10, top_1 in sums.values():
        assert tncs / credit == pytest.approx(1.0)
        assert top_10 / credit == pytest.approx(0.10)
        assert top_1 / credit == pytest.approx(0.01)
