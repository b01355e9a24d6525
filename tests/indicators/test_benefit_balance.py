"""`benefit_balance` by hand, against plain SQL over works, and against its laws."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given, settings

from fourseas.indicators.benefit_balance import INDICATOR
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world


def _pairs(works: Iterable[Work], scope: str = "census") -> dict[tuple[object, ...], Row]:
    """Return the rows of pairs by the default definition and the last year of five."""
    tables = world(works, scope=scope)
    found = measure(on_duckdb(tables, steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        (row["unit_id"], row["partner_id"], row["year"]): row
        for row in found
        if (row["definition_id"], row["scheme"]) == ("openalex", "all")
    }


def _cited(key: int, countries: str, citations: int, year: int = 2020) -> Work:
    return Work(key, authors(*countries.split()), year=year, cited_by_count=citations)


THIRTY = [
    *(_cited(key, "CN US", 2 + 2 * (key % 2)) for key in range(30)),
    *(_cited(100 + key, "CN", 2 * (key % 2)) for key in range(30)),
    *(_cited(200 + key, "US", 1 + 2 * (key % 2)) for key in range(30)),
]
"""30 joint works of 2 or 4 citations, 30 of China of 0 or 2, 30 of US of 1 or 3: the mean is 2."""


def test_ninety_works_by_hand() -> None:
    found = _pairs(THIRTY)
    row = found["CN", "US", 2020]
    # Each mean has the standard error of 1/2 over 30 works, and their difference sqrt(2) times it.
    spread = 1.959963984540054 * (2 * 0.25 / 30) ** 0.5

    assert (row["p"], row["p_scored"], row["volume"]) == (30, 30, 15)
    assert (row["mncs_joint"], row["mncs_domestic"], row["mncs_other"]) == (1.5, 0.5, None)
    assert (row["uplift"], row["uplift_other"]) == (1.0, None)
    assert row["uplift_low"] == pytest.approx(1.0 - spread)
    assert row["uplift_high"] == pytest.approx(1.0 + spread)
    assert (row["gain"], row["partner_gain"]) == (15.0, 7.5)
    assert row["gain_low"] == pytest.approx(15.0 * (1.0 - spread))
    assert row["partner_gain_high"] == pytest.approx(15.0 * (0.5 + spread))
    assert (row["balance"], row["benefit"], row["is_win_win"]) == (0.5, "win-win", True)
    assert row["not_computable"] is None
    assert found["US", "CN", 2020]["balance"] == row["balance"]


def test_of_29_joint_works_ranges_alone_are_told() -> None:
    row = _pairs(THIRTY[1:])["CN", "US", 2020]

    assert (row["p"], row["uplift"], row["gain"], row["balance"]) == (29, None, None, None)
    assert (row["benefit"], row["is_win_win"]) == (None, None)
    assert row["gain_low"] is not None
    assert row["not_computable"] == (
        "fewer than 30 joint works have a score: ranges alone are shown"
    )


def test_five_years_are_summed_and_no_more() -> None:
    later = [_cited(300 + year, "KE", 1, year) for year in range(2021, 2027)]
    found = _pairs([*THIRTY, *later])

    assert {year for _, _, year in found} == {2020, 2021, 2022, 2023, 2024}
    assert found["CN", "US", 2024]["gain"] == found["CN", "US", 2020]["gain"]


def test_what_lifts_one_side_alone_has_no_balance() -> None:
    strong = [_cited(400 + key, "US", 4) for key in range(60)]
    row = _pairs([*THIRTY, *strong])["CN", "US", 2020]

    assert float(str(row["gain"])) > 0 > float(str(row["partner_gain"]))
    assert (row["balance"], row["benefit"], row["is_win_win"]) == (None, "one-sided", False)
    assert row["not_computable"] == "not both gain: there is no balance"


def test_who_is_lifted_by_nothing_does_not_gain() -> None:
    joint = [_cited(key, "CN US", 2 + 2 * (key % 2)) for key in range(30)]
    china = [_cited(100 + key, "CN", 2 + 2 * (key % 2)) for key in range(30)]
    as_joint = [_cited(200 + key, "US", 2 + 2 * (key % 2)) for key in range(30)]
    below = [_cited(200 + key, "US", 1 + 2 * (key % 2)) for key in range(30)]
    names = ("gain", "balance", "benefit", "not_computable")

    found = _pairs([*joint, *china, *below])
    row, back = found["CN", "US", 2020], found["US", "CN", 2020]
    told = [None, "one-sided", "not both gain: there is no balance"]
    assert [row[name] for name in names] == [0.0, *told]
    assert [back[name] for name in names] == [row["partner_gain"], *told]
    assert row["partner_gain"] == pytest.approx(15 * (3 - 2) / (8 / 3))
    row = _pairs([*joint, *china, *as_joint])["CN", "US", 2020]
    assert (row["gain"], row["partner_gain"], row["benefit"]) == (0.0, 0.0, "neither gains")
    above = [_cited(200 + key, "US", 3 + 2 * (key % 2)) for key in range(30)]
    found = _pairs([*joint, *china, *above])
    assert float(str(found["US", "CN", 2020]["gain"])) < 0
    assert found["CN", "US", 2020]["gain"] == 0.0
    assert {row["benefit"] for row in found.values()} == {"neither gains"}


@pytest.mark.parametrize(
    ("american", "balance", "benefit"), [(88, 1.0, "both gain"), (92, None, "one-sided")]
)
def test_a_gain_of_less_than_one_is_a_gain(
    american: int, balance: float | None, benefit: str
) -> None:
    works = [
        *(_cited(key, "CN US", 90 * (key % 3 == 0)) for key in range(30)),
        *(_cited(100 + key, "CN", 88 * (key % 3 == 0)) for key in range(30)),
        *(_cited(200 + key, "US", american * (key % 3 == 0)) for key in range(30)),
    ]
    found = _pairs(works)

    assert 0 < float(str(found["CN", "US", 2020]["gain"])) < 1
    for row in (found["CN", "US", 2020], found["US", "CN", 2020]):
        assert (row["balance"], row["benefit"]) == (balance, benefit)


def test_where_neither_is_lifted_neither_gains() -> None:
    strong = [_cited(400 + key, "CN" if key % 2 else "US", 5) for key in range(120)]

    assert _pairs([*THIRTY, *strong])["CN", "US", 2020]["benefit"] == "neither gains"


def test_two_gains_that_may_be_chance_are_no_win_win() -> None:
    works = [
        *(_cited(key, "CN US", 9 * (key % 3 == 0)) for key in range(30)),
        *(_cited(100 + key, "CN", 8 * (key % 3 == 0)) for key in range(30)),
        *(_cited(200 + key, "US", 8 * (key % 3 == 0)) for key in range(30)),
    ]
    row = _pairs(works)["CN", "US", 2020]

    assert float(str(row["gain_low"])) < 0 < float(str(row["gain"]))
    assert (row["balance"], row["benefit"], row["is_win_win"]) == (1.0, "both gain", False)


def test_where_all_works_score_alike_nothing_is_known_of_chance_and_no_win_win_is_told() -> None:
    works = [
        *(_cited(key, "CN US", 3) for key in range(30)),
        *(_cited(100 + key, "CN", 1) for key in range(30)),
        *(_cited(200 + key, "US", 1) for key in range(30)),
    ]
    row = _pairs(works)["CN", "US", 2020]

    assert row["gain"] == pytest.approx(15 * (3 - 1) / (5 / 3))
    assert (row["gain_low"], row["partner_gain_low"]) == (None, None)
    assert (row["balance"], row["benefit"], row["is_win_win"]) == (1.0, "both gain", False)


def test_without_domestic_works_nothing_is_gained_beyond_them() -> None:
    row = _pairs(THIRTY[:60])["CN", "US", 2020]
    back = _pairs(THIRTY[:60])["US", "CN", 2020]

    assert row["not_computable"] == "the partner has no domestic work with a score in these years"
    assert back["not_computable"] == "the country has no domestic work with a score in these years"
    assert (row["gain"], row["partner_gain"], row["balance"]) == (15.0, None, None)


def test_the_spread_of_one_other_work_is_not_told_beside_works_that_are_cited_far_more() -> None:
    joint = [
        Work(key, authors(*("CN", *["US"] * (1 + key % 3))), cited_by_count=997 * key % 101)
        for key in range(1, 31)
    ]
    other = Work(50, authors("CN", "DE", "KE", "BR", "IN", "FR", "IT"), cited_by_count=1)
    row = _pairs([*joint, other])["CN", "US", joint[0].year]

    assert row["uplift_other"] is not None
    assert (row["uplift_other_low"], row["uplift_other_high"]) == (None, None)


def test_over_a_corpus_no_gain_is_told() -> None:
    row = _pairs(THIRTY, scope="corpus")["CN", "US", 2020]

    assert (row["p"], row["gain"], row["gain_low"], row["mncs_domestic"]) == (30, None, None, None)
    assert row["not_computable"] == "the register is a corpus and no outside baseline is named"


def _many(seed: int) -> RandomWorld:
    """Return a world of few countries and so many works that pairs have thirty."""
    random = Random(seed)  # noqa: S311 - it hides nothing, it repeats
    sides = ("CN", "US", "CN US", "CN US US", "DE CN US", "DE US", "DE", "CN ?", "CN US ?", "HK US")
    works = []
    for key in range(1, 301):
        countries = random.choice(sides)
        citations = random.randint(0, 6) + countries.count(" ")
        works.append(_cited(key, countries, citations, random.randint(2016, 2022)))
    return RandomWorld(tuple(works))


def test_agrees_with_plain_sql_where_works_are_many() -> None:
    dense = _many(3)
    told = [row for row in dense.measure(INDICATOR) if row["balance"] is not None]

    assert len(told) > 20
    assert dense.disagreements(INDICATOR) == []


@settings(max_examples=4)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


def test_each_side_sees_the_gain_of_the_other_and_one_balance() -> None:
    rows = _many(4).measure(INDICATOR)
    names = ("register", "definition_id", "scheme", "field_id", "year")
    place = {
        (*(row[name] for name in names), row["unit_id"], row["partner_id"]): row for row in rows
    }

    assert place
    for (*of_place, unit, partner), row in place.items():
        other = place[*of_place, partner, unit]
        assert (other["partner_gain"], other["balance"]) == (row["gain"], row["balance"])
        assert (other["benefit"], other["is_win_win"]) == (row["benefit"], row["is_win_win"])
