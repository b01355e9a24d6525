"""`partner_concentration` by hand, against published numbers and plain SQL, and its laws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.indicators.partner_concentration import INDICATOR
from fourseas.schema.cells import PAIR_CELLS, UNIT_CELLS
from fourseas.schema.works import REGISTERS
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, arrow, authors, measure, on_duckdb, steps_to, world

CELL: Row = {
    "register": "matrix",
    "snapshot_on": "2024-08-27",
    "scope": "census",
    "definition_id": "matrix-published",
    "unit_type": "country",
    "scheme": "all",
    "field_id": "all",
    "year": 2020,
}


def _units(works: Iterable[Work], counting: str) -> dict[object, Row]:
    """Return the rows of countries in 2020 by the default definition."""
    found = measure(on_duckdb(world(works), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        row["unit_id"]: row
        for row in found
        if (row["definition_id"], row["scheme"], row["counting"]) == ("openalex", "all", counting)
    }


def _published(joint: Sequence[float]) -> Row:
    """Return the row of a country with so many joint works with each of its partners.

    Another country is published, of which the pairs are not.
    """
    con = ibis.duckdb.connect()
    pairs = [
        CELL | {"unit_id": "BR", "partner_id": f"{number:02}", "p": float(p)}
        for number, p in enumerate(joint)
    ]
    con.create_table("pair_cells", arrow(PAIR_CELLS, pairs))
    alone = {"unit_id": "KE", "stratum": "core", "collaboration_class": "international", "n": 9.0}
    con.create_table("unit_cells", arrow(UNIT_CELLS, [CELL | alone]))
    con.create_table("registers", arrow(REGISTERS, []))
    (row,) = measure(con, INDICATOR)
    return row


FIVE = [
    Work(1, authors("CN", "US")),
    Work(2, authors("CN", "US")),
    Work(3, authors("CN", "DE")),
    Work(4, authors("CN", "US", "DE")),
    Work(5, authors("KE", "KE")),
]
"""China has 3 links with US and 2 with DE in full; 2.5 and 1.5 by Newman."""


def test_five_works_by_hand() -> None:
    full, fractional = _units(FIVE, "full")["CN"], _units(FIVE, "fractional")["CN"]

    assert (full["n_links"], full["n_partners"]) == (5.0, 2.0)
    assert full["hhi"] == pytest.approx(9 / 25 + 4 / 25)
    assert full["hill_2"] == pytest.approx(25 / 13)
    assert full["hill_1"] == pytest.approx((5 / 3) ** (3 / 5) * (5 / 2) ** (2 / 5))
    assert (full["top_partner_id"], full["top_partner_share"]) == ("US", pytest.approx(3 / 5))
    assert (fractional["n_links"], fractional["n_partners"]) == (4.0, 2.0)
    assert fractional["hhi"] == pytest.approx((2.5**2 + 1.5**2) / 16)
    assert fractional["top_partner_share"] == pytest.approx(2.5 / 4)


def test_a_country_without_a_partner_has_no_concentration() -> None:
    row = _units(FIVE, "full")["KE"]

    assert [row[name] for name in ("n_partners", "hill_1", "hill_2", "hhi")] == [None] * 4
    assert row["not_computable"] == "the country has no joint work with another here"


def test_pairs_that_are_published_in_full_alone_have_no_fractional_row() -> None:
    assert _published([3, 1])["counting"] == "full"


def test_one_partner_is_one() -> None:
    row = _published([7])

    assert (row["n_partners"], row["hill_1"], row["hill_2"], row["hhi"]) == (1.0, 1.0, 1.0, 1.0)
    assert row["top_partner_share"] == 1.0


def test_a_pair_that_is_published_without_a_joint_work_is_no_partner() -> None:
    assert _published([3, 0, 3])["n_partners"] == 2.0


def test_of_partners_with_equally_many_works_the_first_by_code_is_named() -> None:
    assert _published([2, 5, 5])["top_partner_id"] == "01"


SPIDERS = {
    "girdled": ([46, 22, 17, 15, 15, 9, 8, 6, 6, 4, *[2] * 4, *[1] * 12], 168),
    "logged": (
        [88, 22, 16, 15, 13, 10, 8, 8, 7, 7, 7, 5, *[4] * 3, *[3] * 4, *[2] * 4, *[1] * 14],
        252,
    ),
}
"""Counts of the spider example of the R package iNEXT, and how many they are in all."""


@pytest.mark.parametrize(
    ("site", "hill_0", "hill_1", "hill_2", "hhi"),
    [
        ("girdled", 26, 12.0596505, 7.84, 0.1275510),
        ("logged", 37, 14.4210015, 6.7614991, 0.1478962),
    ],
)
def test_hill_numbers_of_spiders_are_those_of_inext(
    site: str, hill_0: float, hill_1: float, hill_2: float, hhi: float
) -> None:
    counts, n = SPIDERS[site]
    row = _published(counts)

    assert (row["n_links"], row["n_partners"]) == (n, hill_0)
    assert row["hill_1"] == pytest.approx(hill_1, abs=1e-6)
    assert row["hill_2"] == pytest.approx(hill_2, abs=1e-6)
    assert row["hhi"] == pytest.approx(hhi, abs=1e-6)


@pytest.mark.parametrize(
    ("counts", "hhi", "bits"),
    [
        ((100, 0, 0, 0, 0), 1.0, 0.0),
        ((0, 15, 5, 70, 10), 0.525, 1.319),
        ((0, 20, 10, 20, 50), 0.34, 1.761),
        ((0, 25, 30, 5, 40), 0.315, 1.766),
        ((0, 40, 55, 5, 0), 0.465, 1.219),
    ],
)
def test_concentration_is_that_of_econgeo(
    counts: tuple[float, ...], hhi: float, bits: float
) -> None:
    row = _published(counts)

    assert row["hhi"] == pytest.approx(hhi, abs=1e-6)
    assert row["hill_1"] == pytest.approx(2**bits, abs=1e-3 * 2**bits)


@settings(max_examples=8)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=9), st.integers(2, 5))
def test_numbers_of_partners_are_ordered_and_replicate(joint: list[int], times: int) -> None:
    row, replicated = _published(joint), _published(joint * times)

    numbers = [float(str(row[name])) for name in ("hill_2", "hill_1", "n_partners")]
    assert numbers[0] * (1 + 1e-12) >= 1.0
    assert sorted(numbers) == pytest.approx(numbers)
    # So many communities of equal partners have so many times as many of them.
    for name in ("hill_2", "hill_1", "n_partners"):
        assert replicated[name] == pytest.approx(times * float(str(row[name])))


@settings(max_examples=6)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=4)
@given(worlds())
def test_by_newman_the_links_of_a_country_are_its_international_works(
    random_world: RandomWorld,
) -> None:
    con = random_world.build(*INDICATOR.reads)
    cells = con.table("unit_cells")
    works = cells.filter(
        (cells.unit_type == "country") & (cells.collaboration_class == "international")
    )
    key = ("register", "definition_id", "scheme", "field_id", "year", "unit_id")
    international = {
        tuple(row[name] for name in key): row["n"] for row in works.to_pyarrow().to_pylist()
    }
    links = {
        tuple(row[name] for name in key): row["n_links"]
        for row in measure(con, INDICATOR)
        if row["counting"] == "fractional" and row["n_links"] is not None
    }

    assert links == pytest.approx(international)
