"""`home_bias` by hand, against plain SQL, against what was published, and against its laws."""

from __future__ import annotations

import math
from collections.abc import Iterable
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.indicators.home_bias import FITTED_COUNTRIES, INDICATOR
from fourseas.workspace import Workspace
from tests.random_worlds import RandomWorld, worlds
from tests.world import Row, Work, authors, measure, on_duckdb, steps_to, world

COUNTRIES = ("AT", "BE", "CN", "DE", "ES", "FI", "GR", "HU", "IT", "JP", "KE", "LU")


def _units(works: Iterable[Work], scope: str = "census") -> dict[object, Row]:
    """Return the rows of works of 2010 by the default definition."""
    found = measure(on_duckdb(world(works, scope=scope), steps_to(*INDICATOR.reads)), INDICATOR)
    return {
        row["unit_id"]: row
        for row in found
        if (row["definition_id"], row["scheme"], row["year"]) == ("openalex", "all", 2010)
    }


SIX = [
    Work(1, authors("CN"), year=2010),
    Work(2, authors("US"), year=2010),
    Work(3, authors("US"), year=2010),
    Work(4, authors("US"), year=2010),
    Work(5, authors("CN"), year=2011, references=(1, 2)),
    Work(6, authors("US"), year=2012, references=(1, 2, 3, 4)),
]
"""CN has a quarter of the credit. It cites itself once in two, the US three times in four."""


def test_six_works_by_hand() -> None:
    china = _units(SIX)["CN"]

    assert (china["citations"], china["citations_home"], china["citations_received"]) == (2, 1, 2)
    assert (china["home_share"], china["knowledge_inflow"], china["presence"]) == (0.5, 0.5, 0.25)
    assert china["home_over_citation"] == 2.0
    # One citation abroad, one from abroad; of the four that others make, one by a quarter.
    assert china["citation_balance"] == 0.0
    assert china["foreign_citation_index"] == pytest.approx((1 / 4) / (1 / 4))
    assert china["coverage"] == 1.0


def test_a_line_through_few_countries_is_not_drawn() -> None:
    china = _units(SIX)["CN"]

    assert (china["home_bias"], china["slope"], china["n_fitted"]) == (None, None, 2)
    assert china["not_computable"] == "fewer than 10 countries cite themselves here"


def test_a_country_that_does_not_cite_itself_has_no_bias_and_says_so() -> None:
    works = [*SIX, Work(7, authors("DE"), year=2010), Work(8, authors("DE"), references=(1,))]
    late = [*works, Work(9, authors("DE"), year=2011, references=(1,))]

    assert "DE" not in _units(works)
    assert (_units(late)["DE"]["home_share"], _units(late)["DE"]["home_bias"]) == (0.0, None)
    assert _units(late)["DE"]["not_computable"] == "the unit does not cite itself here"


def test_a_country_without_works_of_the_year_has_a_part_of_none_of_them() -> None:
    row = _units([*SIX, Work(7, authors("DE"), year=2011, references=(1,))])["DE"]

    assert (row["citations"], row["presence"], row["home_bias"]) == (1.0, 0.0, None)
    assert row["not_computable"] == "the unit wrote nothing here that could be cited"


def test_over_a_corpus_only_citations_are_told() -> None:
    china = _units(SIX, scope="corpus")["CN"]

    assert (china["citations"], china["citations_home"]) == (2.0, 1.0)
    assert {
        china[name] for name in ("home_share", "presence", "home_over_citation", "citation_balance")
    } == {None}
    assert china["not_computable"] == "the register is a corpus and no outside baseline is named"


def test_countries_that_cite_as_their_size_leads_to_have_no_bias() -> None:
    """Country *k* has 2**k works and cites each country equally often: OCR is 1/(n presence)."""
    works: list[Work] = []
    for power, country in enumerate(COUNTRIES[:FITTED_COUNTRIES]):
        works += [Work(1 + 2**power + i, authors(country), year=2010) for i in range(2**power)]
    first = [1 + 2**power for power in range(FITTED_COUNTRIES)]
    works += [
        Work(9000 + number, authors(country), year=2011, references=tuple(first))
        for number, country in enumerate(COUNTRIES[:FITTED_COUNTRIES])
    ]
    found = _units(works)

    assert {row["n_fitted"] for row in found.values()} == {FITTED_COUNTRIES}
    for row in found.values():
        assert row["slope"] == pytest.approx(-1.0)
        assert row["home_bias"] == pytest.approx(0.0, abs=1e-9)
        assert row["home_over_citation_expected"] == pytest.approx(row["home_over_citation"])


@settings(max_examples=5)
@given(worlds())
def test_agrees_with_plain_sql(random_world: RandomWorld) -> None:
    assert random_world.disagreements(INDICATOR) == []


@settings(max_examples=3)
@given(st.integers(0, 2**16))
def test_the_line_agrees_with_the_regression_of_the_engine(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - it hides nothing, it repeats
    works = tuple(
        Work(
            key,
            authors(random.choice(COUNTRIES), random.choice(COUNTRIES)),
            year=random.choice((2019, 2020)),
            references=tuple({random.randint(1, 200) for _ in range(6)}),
        )
        for key in range(1, 200)
    )
    found = RandomWorld(works)

    assert found.disagreements(INDICATOR) == []
    fitted = [row for row in found.measure(INDICATOR) if row["home_bias"] is not None]
    assert fitted
    for place in {(row["definition_id"], row["scheme"], row["year"]) for row in fitted}:
        of_place = [r for r in fitted if (r["definition_id"], r["scheme"], r["year"]) == place]
        assert sum(float(str(r["home_bias"])) for r in of_place) == pytest.approx(0.0, abs=1e-9)


def _published(lake: Workspace) -> list[Row]:
    table = lake.table("home_bias")
    chosen = table.filter((table.register == "ncses") & (table.scheme == "all"))
    return [dict(row) for row in chosen.to_pyarrow().to_pylist()]


@pytest.mark.parametrize(
    ("country", "index"), [("US", 3.24), ("CN", 2.43), ("RU", 10.15), ("JP", 8.64)]
)
def test_home_over_citation_of_2020_is_as_published(
    lake: Workspace, country: str, index: float
) -> None:
    (row,) = [row for row in _published(lake) if row["unit_id"] == country]

    assert (row["home_over_citation"], row["citation_window"]) == (index, 3)
    assert row["home_share"] == pytest.approx(index * float(str(row["presence"])))
    assert row["citations"] is None


def test_the_line_through_42_published_economies_is_that_of_numpy(lake: Workspace) -> None:
    found = _published(lake)
    x = np.log([float(str(row["presence"])) for row in found])
    y = np.log([float(str(row["home_over_citation"])) for row in found])
    slope, intercept = np.polyfit(x, y, 1)

    assert len(found) == 42
    for row, bias in zip(found, y - intercept - slope * x, strict=True):
        assert row["slope"] == pytest.approx(slope)
        assert row["home_bias"] == pytest.approx(bias, abs=1e-9)


def test_shares_that_published_indices_imply_leave_room_for_the_other_economies(
    lake: Workspace,
) -> None:
    """The 42 columns of a row, weighted by presence, are what the row cites of 42 economies."""
    presence = {row["unit_id"]: float(str(row["presence"])) for row in _published(lake)}
    cells = lake.table("citation_index_cells")
    shares: dict[object, float] = dict.fromkeys(presence, 0.0)
    for row in cells.filter(cells.scheme == "all").to_pyarrow().to_pylist():
        shares[row["unit_id"]] += row["relative_citation_index"] * presence[row["partner_id"]]

    assert all(0.9 < share < 1.0 for share in shares.values())
    assert math.fsum(presence.values()) < 1.0
