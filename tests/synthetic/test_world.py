"""What a synthetic world is like, against the registers it follows and what is planted in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fourseas.lake.embedded import REGISTERS
from fourseas.synthetic.planted import PLANTED
from fourseas.synthetic.world import NOBODY, World
from fourseas.synthetic_snapshots import Order, world

PATHS = {one.source: one.path for one in REGISTERS}
N = 400_000
OF_TWO = 2


@pytest.fixture(scope="module")
def drawn() -> World:
    """Return a world of moderate size."""
    return world(Order(works=N, seed=5, layout="jsonl", schema="walden"))


def _expected(of: World, year: int) -> np.ndarray:
    """Return the expected joint works of a year as a matrix."""
    size = of.margins
    n = len(size.countries)
    row = size.cell_weights[int(np.flatnonzero(size.years == year)[0]), n:]
    found = np.zeros((n, n))
    found[size.firsts[n:], size.seconds[n:]] = row
    return found + found.T


def test_each_country_has_the_joint_works_of_the_real_matrix(drawn: World) -> None:
    (path,) = PATHS["matrix"].glob("*.parquet")
    matrix = pd.read_parquet(path)
    diagonal = matrix[(matrix.a == matrix.b) & (matrix.year == 2019)].set_index("a").works
    expected = _expected(drawn, 2019).sum(axis=1)

    for place, code in enumerate(drawn.margins.countries):
        assert expected[place] == pytest.approx(diagonal.get(code, 0.0), rel=1e-6)


def test_pairs_differ_by_distance_border_and_language_as_planted(drawn: World) -> None:
    listed = pd.read_parquet(PATHS["countries"] / "distances.parquet").to_dict("records")
    links = {(row["country_code_a"], row["country_code_b"]): row for row in listed}
    codes = drawn.margins.countries
    of_year = _expected(drawn, 2010)

    def effect(a: str, b: str) -> float:
        row = links[a, b]
        planted = PLANTED.log_distance * np.log(row["dist"])
        planted += PLANTED.border * row["contig"] + PLANTED.language * row["comlang_off"]
        return float(planted)

    # Sizes fall out where two countries change partners.
    for a, b, c, d in (
        ("BR", "PT", "CN", "JP"),
        ("US", "CA", "DE", "AT"),
        ("KE", "UG", "FR", "TN"),
    ):
        found = sum(
            sign * np.log(of_year[codes.index(x), codes.index(y)])
            for sign, x, y in ((1, a, b), (1, c, d), (-1, a, d), (-1, c, b))
        )
        planted = effect(a, b) + effect(c, d) - effect(a, d) - effect(c, b)
        assert found == pytest.approx(planted, abs=1e-9)


def test_rivals_work_together_less_from_the_year_on(drawn: World) -> None:
    size = drawn.margins
    by_size = np.argsort(-size.mass.sum(axis=0))
    high, low = (by_size[mask[by_size]] for mask in (size.levels >= 1.0, size.levels < 1.0))
    a, b = next(
        (int(i), int(j))
        for i in high
        for j in high
        if i != j
        and abs(size.levels[i] - size.levels[j])
        < PLANTED.close * max(size.levels[i], size.levels[j])
    )
    c, d = int(low[0]), int(low[1])

    def odds(year: int) -> float:
        of_year = _expected(drawn, year)
        return float(
            np.log(of_year[a, b]) + np.log(of_year[c, d]) - np.log(of_year[a, d] * of_year[c, b])
        )

    assert odds(2015) == pytest.approx(odds(2000), abs=1e-9)
    assert odds(2016) - odds(2015) == pytest.approx(PLANTED.rivalry, abs=1e-9)


def test_works_of_two_countries_are_drawn_as_expected(drawn: World) -> None:
    works = drawn.works(np.arange(N))
    size = drawn.margins
    n = len(size.countries)
    joint = works.countries[works.n_countries >= OF_TWO]
    drawn_pairs = np.bincount(joint[:, 0] * n + joint[:, 1], minlength=n * n).reshape(n, n)
    weights = size.cell_weights[:, n:].sum(axis=0) / size.year_weights.sum()
    expected = weights * N * (1 - PLANTED.unplaced)
    found = drawn_pairs[size.firsts[n:], size.seconds[n:]]
    # Of the closed pair some works in one field are missing.
    is_open = ~(
        (size.firsts[n:] == size.closed_pair[0]) & (size.seconds[n:] == size.closed_pair[1])
    )
    large = (expected > 100) & is_open

    assert large.sum() > 50
    scores = (found[large] - expected[large]) / np.sqrt(expected[large])
    assert np.abs(scores).max() < 4.5
    assert 0.8 < scores.std() < 1.2
    assert drawn_pairs.sum() == len(joint)


def test_the_closed_pair_meets_in_every_field_but_one(drawn: World) -> None:
    works = drawn.works(np.arange(N))
    pair = np.array(drawn.margins.closed_pair)
    both = np.isin(works.countries, pair).sum(axis=1) == OF_TWO
    late = drawn.margins.years[works.years] >= PLANTED.closed_from
    closed = works.fields == drawn.margins.closed_field

    assert (both & late & ~closed).sum() > 100
    assert (both & ~late & closed).sum() > 5
    assert not (both & late & closed).any()


def test_a_work_is_the_same_whoever_asks(drawn: World) -> None:
    numbers = np.arange(1000, 3000)
    together = drawn.works(numbers)
    some = drawn.works(numbers[::-7])

    assert (together.countries[::-7] == some.countries).all()
    assert (together.topics[::-7] == some.topics).all()
    assert (together.years[::-7] == some.years).all()


def test_another_seed_is_another_world(drawn: World) -> None:
    numbers = np.arange(1000)
    other = replace(drawn, seed=6)

    assert (drawn.works(numbers).topics != other.works(numbers).topics).mean() > 0.9


def test_authors_cover_the_countries_of_their_work_and_some_lose_theirs(drawn: World) -> None:
    works = drawn.works(np.arange(100_000, 120_000))
    authors = drawn.authors(works)
    is_placed = works.n_countries[authors.work] > 0
    is_known = authors.country != NOBODY

    assert not is_known[~is_placed].any()
    assert (~is_known).mean() == pytest.approx(1 - (1 - PLANTED.lost) * is_placed.mean(), abs=0.005)
    own = works.countries[authors.work[is_known]]
    assert (own == authors.country[is_known][:, None]).any(axis=1).all()
    first = authors.position == 0
    lead = works.countries[authors.work[first & is_known], 0]
    assert (authors.country[first & is_known] == lead).all()


def _odds_of_joint(of: World) -> float:
    works = of.works(np.arange(N - 4000, N))
    _, cited = of.references(works)
    share = float((of.works(cited).n_countries >= OF_TWO).mean())
    return share / (1 - share)


def test_joint_works_are_cited_more_as_planted(drawn: World) -> None:
    apart = replace(PLANTED, level=0.0, home=0.0)
    effect = _odds_of_joint(replace(drawn, planted=apart)) / _odds_of_joint(
        replace(drawn, planted=replace(apart, openness=0.0))
    )

    assert np.log(effect) == pytest.approx(PLANTED.openness, abs=0.05)


def test_references_go_back_in_time_and_to_works_of_the_same_country_more(drawn: World) -> None:
    works = drawn.works(np.arange(N - 4000, N))
    citing, cited = drawn.references(works)
    assert (cited >= 0).all()
    assert (cited < works.numbers[citing]).all()

    lead, other = works.countries[citing, 0], drawn.works(cited).countries[:, 0]
    is_known = (lead != NOBODY) & (other != NOBODY)
    met = (lead == other)[is_known].mean()
    by_chance = (np.random.default_rng(1).permutation(lead[is_known]) == other[is_known]).mean()
    assert met > 1.3 * by_chance
