"""Exposure by hand and against its laws; plain SQL over a register is in `reports`."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.policy.exposure import TOUCHED
from tests.policy.past_worlds import FOUR, NAMED, Asked, ask, listed, past_of, policy
from tests.world import Author, Row, Work, authors

WORKS = (
    Work(1, authors("CA", "CN"), 2020),
    Work(2, authors("CA", "US"), 2020),
    Work(3, authors("CA", "?"), 2020),
    Work(4, authors("CA", "US", "?"), 2020),
    Work(5, authors("CA"), 2020),
    Work(6, authors("CN", "US"), 2020, subfield="2700"),
    Work(7, authors("CA", "CN", "US"), 2021),
    Work(8, authors("CA", "CN"), 2017),
)
COUNTS = ("n_joint", "n_least", "n_most", "n_undecided")
OWN = ("owner_output", "owner_international", "owner_undecided")


@pytest.fixture(scope="module")
def asked() -> Asked:
    """Ask whether a party is in China, of works of Canada."""
    return ask(WORKS)


def _of(row: Row, *names: str) -> tuple[object, ...]:
    return tuple(row[name] for name in names)


def test_works_of_the_owner_are_touched_surely_perhaps_or_not(asked: Asked) -> None:
    row = asked.exposure()

    assert _of(row, *COUNTS) == (5, 2, 4, 1)
    assert _of(row, *OWN) == (6, 4, 1)
    assert _of(row, "owner_share_least", "owner_share_most") == (2 / 6, 4 / 6)


def test_the_other_side_is_every_work_of_a_country_that_is_or_may_be_touched(asked: Asked) -> None:
    row = asked.exposure()

    assert row["partner_output"] == 5
    assert _of(row, "partner_share_least", "partner_share_most") == (2 / 5, 3 / 5)


def test_works_that_may_be_international_are_in_the_divisor_of_the_least_share(
    asked: Asked,
) -> None:
    row = asked.exposure()

    ends = ("owner_international_share_least", "owner_international_share_most")
    assert _of(row, *ends) == (2 / 5, 4 / 5)


def test_a_work_of_two_countries_is_decided_though_an_author_has_none() -> None:
    works = [
        *(Work(number, authors("CA", "?"), 2020) for number in (1, 2)),
        Work(3, authors("CA", "US", "?"), 2020),
    ]

    assert _of(ask(works).exposure(), *OWN) == (3, 1, 2)


def test_each_partner_has_its_own_output(asked: Asked) -> None:
    names = (*COUNTS, "partner_output", "partner_share_least", "partner_share_most")

    assert _of(asked.exposure(partner_id="CN"), *names) == (2, 2, 2, 0, 3, 2 / 3, 2 / 3)
    assert _of(asked.exposure(partner_id="US"), *names) == (3, 1, 2, 0, 4, 1 / 4, 2 / 4)


def test_where_nothing_is_touched_there_is_no_other_side() -> None:
    row = ask(WORKS, lists={"named": listed("KE")}, assume=["parties=complete"]).exposure()

    assert _of(row, "n_least", "n_most", "owner_share_most") == (0, 0, 0.0)
    assert _of(row, "partner_output", "partner_international", "partner_undecided") == (0, 0, 0)
    assert _of(row, "partner_share_least", "partner_share_most") == (None, None)


def test_years_and_fields_hold_the_same_works(asked: Asked) -> None:
    assert _of(asked.exposure(period="2020"), *COUNTS) == (4, 1, 3, 1)
    assert _of(asked.exposure(period="2021"), *COUNTS) == (1, 1, 1, 0)
    assert _of(asked.exposure(field_id="17"), *COUNTS, "partner_output") == (5, 2, 4, 1, 4)


def test_top_works_count_by_their_part_and_only_in_a_census() -> None:
    works = [
        Work(1, authors("CA", "CN"), 2020, cited_by_count=90),
        *(Work(number, authors("CA"), 2020, cited_by_count=1) for number in range(2, 11)),
    ]
    names = ("owner_top_10", "owner_top_10_share_least")

    assert _of(ask(works).exposure(), *names) == (1.0, 1.0)
    assert _of(ask(past_of(works, scope="corpus")).exposure(), *names) == (None, None)


def test_top_works_that_may_be_of_nobody_else_are_none_of_the_other_side() -> None:
    # Of 40 works the first four are at the top: three of Canada, two of China, one of both. The
    # second and third may be with China, or of Canada alone.
    works = [
        Work(1, authors("CA", "CN"), 2020, cited_by_count=90),
        Work(2, authors("CA", "?"), 2020, cited_by_count=80),
        Work(3, authors("CA", "?"), 2020, cited_by_count=80),
        Work(4, authors("CN"), 2020, cited_by_count=70),
        *(Work(number, authors("CA"), 2020, cited_by_count=1) for number in range(5, 41)),
        # Whose citations are not known has no part in the top.
        Work(41, authors("CA", "CN"), 2020, cited_by_count=None),
    ]
    row = ask(works).exposure()
    ends = ("top_10_share_least", "top_10_share_most")

    assert _of(row, "owner_top_10", *(f"owner_{end}" for end in ends)) == (3.0, 1 / 3, 1.0)
    assert _of(row, "partner_top_10", *(f"partner_{end}" for end in ends)) == (2.0, 1 / 2, 1 / 2)


TWO = policy(("named", NAMED, "review"), ("four", FOUR, "open_with_conditions"))


def test_a_rule_alone_touches_what_no_other_does_and_a_level_is_the_strictest() -> None:
    works = [
        Work(1, authors("CA", "CN"), 2020),
        Work(2, authors("CA", "CN", "US", "DE"), 2020),
        Work(3, authors("CA", "FR", "US", "DE"), 2020),
        Work(4, authors("CA", "FR"), 2020),
    ]
    found = ask(works, TWO)
    counts = {row["measure"]: row["n_least"] for row in _whole(found)}

    assert counts == {
        "touched": 3,
        "open_with_conditions": 1,
        "review": 2,
        "closed": 0,
        "needs_information": 0,
        "rule:named": 2,
        "rule:four": 2,
        "alone:named": 1,
        "alone:four": 1,
    }


def _whole(found: Asked) -> list[Row]:
    return [
        row
        for row in found.exposures()
        if row["partner_id"] == row["period"] == row["field_id"] == "all"
    ]


def test_what_is_not_known_needs_information_and_is_in_no_level_for_sure() -> None:
    (row,) = (one for one in _whole(ask(WORKS)) if one["measure"] == "needs_information")

    assert _of(row, "n_least", "n_most") == (1, 2)


def test_a_work_may_come_to_no_level_that_no_rule_decides() -> None:
    most = {row["measure"]: row["n_most"] for row in _whole(ask(WORKS))}

    assert most["review"] == most["touched"] == 4
    assert most["open_with_conditions"] == most["closed"] == 0


def test_challenges_are_told_where_the_lake_counts_works_by_them() -> None:
    works = [Work(1, authors("CA", "CN"), 2020, fields=(("challenge", "food_security", 1.0),))]

    assert ask(works).exposure(field_id="food_security")["n_least"] == 1


WORDS = st.lists(st.sampled_from(["CA", "CN", "DE", "US", "?"]), min_size=1, max_size=5)
some_works = settings(parent=settings.get_profile("unshrunk"), max_examples=3)


def _works(written: list[list[str]]) -> list[Work]:
    return [
        Work(number, authors(*words), 2018 + number % 6, subfield=("1702", "2700")[number % 2])
        for number, words in enumerate(written, start=1)
    ]


some = st.lists(WORDS, min_size=25, max_size=60).map(_works)


@some_works
@given(works=some)
def test_the_owner_and_a_partner_see_the_same_from_either_side(works: list[Work]) -> None:
    world = past_of(works)
    here = _by_cell(ask(world, lists={"named": listed("CN")}, owner="CA"), "CN")
    there = _by_cell(ask(world, lists={"named": listed("CA")}, owner="CN"), "CA")

    assert here.keys() == there.keys()
    for key, row in here.items():
        other = there[key]
        assert _of(row, *COUNTS) == _of(other, *COUNTS)
        for name in ("output", "international", "undecided"):
            assert row[f"owner_{name}"] == other[f"partner_{name}"]
            assert row[f"partner_{name}"] == other[f"owner_{name}"]
        for end in ("least", "most"):
            assert row[f"owner_share_{end}"] == other[f"partner_share_{end}"]
            assert row[f"partner_share_{end}"] == other[f"owner_share_{end}"]


def _by_cell(found: Asked, partner: str) -> dict[tuple[object, ...], Row]:
    """Return the exposures with one partner by measure and year."""
    return {
        (row["measure"], row["period"]): row
        for row in found.exposures()
        if row["partner_id"] == partner
    }


@some_works
@given(works=some)
def test_a_stricter_rule_touches_no_fewer_works_in_any_cell(works: list[Work]) -> None:
    world = past_of(works)
    mild, strict = (ask(world, lists={"named": listed(*on)}) for on in (("CN",), ("CN", "DE")))
    key = ("measure", "partner_id", "period", "field_id")
    before = {_of(row, *key): row for row in mild.exposures()}

    compared = 0
    for row in strict.exposures():
        earlier = before[_of(row, *key)]
        if row["measure"] in {TOUCHED, "review"}:
            compared += 1
            for name in ("n_least", "n_most"):
                assert cast("int", row[name]) >= cast("int", earlier[name])
    assert compared == 0 or before


@some_works
@given(works=some, blanked=st.sets(st.integers(0, 200)))
def test_what_becomes_unknown_only_widens_the_interval(
    works: list[Work], blanked: set[int]
) -> None:
    known, unknown = (_touched(one) for one in (works, _blanked(works, blanked)))

    assert unknown[0] <= known[0] <= known[1] <= unknown[1]


def _blanked(works: list[Work], places: set[int]) -> list[Work]:
    """Return works of which some authors abroad have lost their country."""
    place = 0
    found = []
    for work in works:
        kept = []
        for author in work.authors:
            place += 1
            kept.append(Author() if place in places and "CA" not in author.shares else author)
        found.append(replace(work, authors=tuple(kept)))
    return found


def _touched(works: list[Work]) -> tuple[int, int]:
    rows = [row for row in _whole(ask(works)) if row["measure"] == TOUCHED]
    least, most = (sum(cast("int", row[name]) for row in rows) for name in ("n_least", "n_most"))
    return least, most
