"""`collaboration` against numbers worked out by hand, against plain SQL, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings

from fourseas.indicators.collaboration import INDICATOR
from tests.figures import Figure, measured
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

SHARES = ("p", "p_int_collab", "pp_int_collab")


def _collaborations(
    works: Iterable[Work],
    *,
    definition_id: str = "openalex",
    counting: str = "full",
    groups: Mapping[str, Iterable[str]] | None = None,
) -> dict[object, Row]:
    """Return the rows of units in 2020."""
    found = measure(on_duckdb(world(works, groups=groups), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        row["unit_id"]: row
        for row in found
        if (row["definition_id"], row["scheme"], row["counting"])
        == (definition_id, "all", counting)
    }


def _of(row: Row, *columns: str) -> tuple[object, ...]:
    return tuple(row[name] for name in columns)


def test_three_works_by_hand() -> None:
    works = [
        Work(1, authors("CN")),
        Work(2, authors("CN", "DE")),
        Work(3, authors("CN", "DE", "KE")),
    ]
    found = {unit: _of(row, *SHARES) for unit, row in _collaborations(works).items()}

    assert found == {
        "CN": (3.0, 2.0, pytest.approx(2 / 3)),
        "DE": (2.0, 2.0, 1.0),
        "KE": (1.0, 1.0, 1.0),
        "WORLD": (3.0, 2.0, pytest.approx(2 / 3)),
    }


def test_of_works_that_a_publisher_does_not_divide_no_share_is_told_however_few_they_are() -> None:
    rows = measured([Figure("CN", "17", 0.5), Figure("WORLD", "17", 9.0)], INDICATOR)

    assert {row["not_computable"] for row in rows} == {
        "the register does not divide these works by collaboration"
    }
    assert {row[name] for row in rows for name in ("p_int_collab", "pp_int_collab")} == {None}


def test_the_share_by_credit_is_a_ratio_of_credits() -> None:
    works = [Work(1, authors("CN")), Work(2, authors("CN", "DE"))]
    row = _collaborations(works, counting="fractional")["CN"]

    assert _of(row, "n", *SHARES) == (2.0, 1.5, 0.5, pytest.approx(1 / 3))


UNDECIDED = [
    Work(1, authors("CN", "CN")),
    Work(2, authors("CN", "US")),
    Work(3, authors("CN", "?")),
    Work(4, authors("CN", "CN", "?")),
]
BOUNDS = ("p_undecided", "pp_int_collab_min", "pp_int_collab", "pp_int_collab_max")


def test_works_of_which_a_country_is_missing_bound_the_share_from_both_sides() -> None:
    assert _of(_collaborations(UNDECIDED)["CN"], *BOUNDS) == (2.0, 0.25, 0.5, 0.75)


def test_they_stay_in_the_denominator_where_the_definition_counts_all_works() -> None:
    found = _collaborations(UNDECIDED, definition_id="cwts-like")["CN"]

    assert _of(found, *BOUNDS) == (2.0, 0.25, 0.25, 0.75)


def test_where_no_work_is_decided_there_is_no_share_and_the_row_says_why() -> None:
    row = _collaborations([Work(1, authors("CN", "?"))])["CN"]

    assert _of(row, "pp_int_collab", "pp_int_collab_low") == (None, None)
    assert _of(row, "pp_int_collab_min", "pp_int_collab_max") == (0.0, 1.0)
    assert row["not_computable"] == "nothing here has all its countries known"


def test_hong_kong_with_china_is_abroad_by_iso_and_at_home_like_cwts() -> None:
    works = [Work(1, authors("HK", "CN"))]

    assert _of(_collaborations(works)["CN"], *SHARES) == (1.0, 1.0, 1.0)
    assert _of(_collaborations(works, definition_id="cwts-like")["CN"], *SHARES) == (1.0, 0.0, 0.0)


def test_works_inside_a_group_are_neither_domestic_nor_international() -> None:
    works = [
        Work(1, authors("DE")),
        Work(2, authors("DE", "FR")),
        Work(3, authors("DE", "FR", "US")),
        Work(4, authors("FR", "US")),
    ]
    row = _collaborations(works, groups={"EU": ["DE", "FR"]})["EU"]

    assert _of(row, *SHARES, "p_intra_group") == (4.0, 2.0, 0.5, 1.0)


def test_works_that_two_addresses_of_one_person_make_international_are_told_apart() -> None:
    works = [Work(1, authors("CN+US")), Work(2, authors("CN", "US")), Work(3, authors("CN"))]
    row = _collaborations(works)["CN"]

    assert _of(row, "p_int_collab", "p_double_affiliation") == (2.0, 1.0)


def test_double_affiliation_is_not_told_of_groups() -> None:
    works = [Work(1, authors("DE+US", "DE")), Work(2, authors("FR+US", "DE"))]
    rows = _collaborations(works, groups={"EU": ["DE", "FR"]})

    assert rows["DE"]["p_double_affiliation"] == 1.0
    assert (rows["EU"]["p_int_collab"], rows["EU"]["p_double_affiliation"]) == (2.0, None)


def test_authors_of_unknown_country_have_no_share_with_others() -> None:
    row = _collaborations([Work(1, authors("CN", "US", "?"))])["UNKNOWN"]

    assert _of(row, "pp_int_collab", "pp_int_collab_min", "pp_int_collab_max") == (None,) * 3
    assert row["not_computable"] == (
        "authors of unknown country are of no country that could be abroad"
    )


def test_five_of_ten_is_stable_between_24_and_76_percent() -> None:
    works = [Work(key, authors("CN", "US" if key <= 5 else "CN")) for key in range(1, 11)]
    row = _collaborations(works)["CN"]

    assert row["pp_int_collab_low"] == pytest.approx(0.2365931, abs=1e-7)
    assert row["pp_int_collab_high"] == pytest.approx(0.7634069, abs=1e-7)


def test_a_share_of_credits_has_no_interval() -> None:
    row = _collaborations([Work(1, authors("CN", "US"))], counting="fractional")["CN"]

    assert _of(row, "pp_int_collab_low", "pp_int_collab_high", "p_double_affiliation") == (
        None,
        None,
        None,
    )


@settings(max_examples=10)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=5)
@given(worlds())
def test_a_share_lies_between_its_bounds(random_world: RandomWorld) -> None:
    for row in random_world.measure(INDICATOR):
        if row["pp_int_collab"] is not None:
            least, share, most = (
                float(str(row[name]))
                for name in ("pp_int_collab_min", "pp_int_collab", "pp_int_collab_max")
            )
            assert least - 1e-9 <= share <= most + 1e-9


@settings(max_examples=4)
@given(worlds())
def test_a_domestic_work_lowers_the_share_of_its_country_and_the_world_alone(
    random_world: RandomWorld,
) -> None:
    domestic = Work(999, authors("CN"), kind="article", year=2020)
    before = _by_unit(random_world.measure(INDICATOR))
    longer = replace(random_world, works=(*random_world.works, domestic))
    after = _by_unit(longer.measure(INDICATOR))

    for unit, row in before.items():
        if unit[0] in {"CN", "WORLD"}:
            if row["pp_int_collab"] is not None:
                share = float(str(after[unit]["pp_int_collab"]))
                assert share <= float(str(row["pp_int_collab"])) + 1e-9
        else:
            assert _of(after[unit], *SHARES) == _of(row, *SHARES)


def _by_unit(rows: Iterable[Row]) -> dict[tuple[object, ...], Row]:
    key = ("unit_id", "register", "definition_id", "scheme", "field_id", "year", "counting")
    return {_of(row, *key): row for row in rows}
