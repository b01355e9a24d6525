"""`relatedness` against the numbers of EconGeo, against plain SQL, and against its laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from fourseas.indicators.relatedness import INDICATOR
from tests.figures import Figure, disagreements, many_figures, measured
from tests.world import Row

FIELDS = ("P1", "P2", "P3", "P4")
SPECIALIZED = {"C1": FIELDS, "C2": ("P2",), "C3": ("P3", "P4"), "C4": ("P4",)}
"""The countries and products of the example of the supplement of Hidalgo & Hausmann (2009)."""

FOUR = (
    *(
        Figure(country, field, 100.0 / len(fields))
        for country, fields in SPECIALIZED.items()
        for field in fields
    ),
    *(Figure("WORLD", field, 1000.0) for field in FIELDS),
)
"""A world of equal fields, so that whoever divides its works equally has an index of 1."""


def _pairs(figures: tuple[Figure, ...]) -> dict[tuple[object, object], Row]:
    return {(row["field_id"], row["other_field_id"]): row for row in measured(figures, INDICATOR)}


@pytest.mark.parametrize(
    ("pair", "association", "probability", "cosine", "jaccard"),
    [
        (("P1", "P2"), 1.555556, 1.222222, 0.3333333, 0.2),
        (("P1", "P3"), 1.166667, 0.8730159, 0.2886751, 0.1666667),
        (("P3", "P4"), 1.75, 1.25, 0.5, 0.3333333),
    ],
)
def test_measures_are_those_of_econgeo(
    pair: tuple[str, str], association: float, probability: float, cosine: float, jaccard: float
) -> None:
    row = _pairs(FOUR)[pair]

    assert row["association"] == pytest.approx(association, abs=1e-6)
    assert row["probability"] == pytest.approx(probability, abs=1e-6)
    assert row["cosine"] == pytest.approx(cosine, abs=1e-6)
    assert row["jaccard"] == pytest.approx(jaccard, abs=1e-6)


def test_proximity_is_the_lesser_of_two_conditional_probabilities() -> None:
    row = _pairs(FOUR)["P1", "P4"]

    assert (row["n_both"], row["n_field"], row["n_other"]) == (1.0, 1.0, 3.0)
    assert row["proximity"] == pytest.approx(1 / 3)


def test_fields_that_no_country_combines_have_no_row() -> None:
    apart = (
        Figure("C1", "P1", 100.0),
        Figure("C2", "P2", 100.0),
        Figure("WORLD", "P1", 100.0),
        Figure("WORLD", "P2", 100.0),
    )

    assert _pairs(apart) == {}


def test_a_country_with_fewer_than_30_works_does_not_relate_fields() -> None:
    figures = (
        *(Figure("C1", field, 7.4) for field in FIELDS),
        *(Figure("WORLD", field, 1000.0) for field in FIELDS),
    )

    assert _pairs(figures) == {}


@settings(max_examples=15)
@given(many_figures())
def test_agrees_with_plain_sql(figures: tuple[Figure, ...]) -> None:
    assert disagreements(figures, INDICATOR) == []


@settings(max_examples=10)
@given(many_figures())
def test_relatedness_is_mutual_and_of_chance_on_average(figures: tuple[Figure, ...]) -> None:
    pairs = _pairs(figures)
    sizes: dict[object, float] = {}
    for (field, _), row in pairs.items():
        sizes[field] = sizes.get(field, 0.0) + float(str(row["n_both"]))
    whole = sum(sizes.values())

    for (field, other), row in pairs.items():
        assert row["association"] == pytest.approx(pairs[other, field]["association"])
    for field in sizes:
        drawn = sum(
            float(str(row["association"])) * sizes[other] / whole
            for (one, other), row in pairs.items()
            if one == field
        )
        assert drawn == pytest.approx(1.0)
