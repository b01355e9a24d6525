"""The guard against separation: published data sets with the truth, its proof, and its laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.models.separation import TOLERANCE, Floats, Integers, Separation, separation
from tests.models.samples import SAMPLES, numbers

DATA_SETS = tuple(f"{number:02d}" for number in range(1, 19))
HARDEST = "07"


def read(number: str) -> tuple[pd.DataFrame, Floats, dict[str, Integers]]:
    """Return a data set, its regressors and its effects."""
    table = pd.read_csv(SAMPLES / "ppmlhdfe" / "separation" / f"{number}.csv")
    names = [name for name in table if str(name).startswith("x")]
    regressors = numbers(table, *map(str, names)).values()
    effects = {str(name): table[name].to_numpy() for name in table if str(name).startswith("id")}
    return table, np.column_stack([np.zeros((len(table), 0)), *regressors]), effects


def found_in(number: str) -> tuple[pd.DataFrame, Separation]:
    """Return a data set and what the guard finds in it."""
    table, regressors, effects = read(number)
    return table, separation(table.y.to_numpy(dtype=np.float64), regressors, effects)


@pytest.mark.parametrize("number", DATA_SETS)
def test_the_rows_found_are_those_that_are_separated(number: str) -> None:
    table, found = found_in(number)

    assert found.is_complete
    assert found.is_separated.tolist() == (table.separated == 1).tolist()


@pytest.mark.parametrize("number", DATA_SETS)
def test_the_certificate_is_a_combination_that_proves_them(number: str) -> None:
    table, regressors, effects = read(number)
    found = separation(table.y.to_numpy(dtype=np.float64), regressors, effects)
    kept = ~found.without_positive
    dummies = [
        (codes[:, None] == np.unique(codes)[None, :]).astype(float) for codes in effects.values()
    ]
    design = np.hstack([regressors, *dummies, np.ones((len(table), 1))])[kept]
    proof = found.certificate[kept]
    nearest = design @ np.linalg.lstsq(design, proof, rcond=None)[0]
    proved = found.is_separated[kept]

    assert np.abs(nearest - proof).max() < 1e-8
    assert np.abs(proof[~proved]).max(initial=0.0) == 0.0
    assert proof[proved].min(initial=1.0) > TOLERANCE
    assert (table.y[kept][proved] == 0).all()


def test_a_level_without_a_positive_outcome_is_told_apart() -> None:
    outcome = np.array([0.0, 0.0, 1.0, 2.0])
    found = separation(outcome, np.zeros((4, 0)), {"group": np.array([7, 7, 8, 8])})

    assert found.without_positive.tolist() == [True, True, False, False]
    assert found.certificate.tolist() == [0.0, 0.0, 0.0, 0.0]


def test_two_blocks_that_meet_in_one_direction_alone_are_separated_there() -> None:
    # 1 trades with 1 and 2 with 2; of the two ways between them only one can be seen.
    origin, destination = np.array([1, 2, 1]), np.array([1, 2, 2])
    found = separation(np.array([3.0, 4.0, 0.0]), np.zeros((3, 0)), {"o": origin, "d": destination})

    assert found.is_separated.tolist() == [False, False, True]


def test_the_greatest_value_of_a_certificate_is_one() -> None:
    # Three blocks in a row: the way over both steps is twice as high as each.
    origin, destination = np.array([1, 2, 3, 1, 2, 1]), np.array([1, 2, 3, 2, 3, 3])
    outcome = np.array([3.0, 4.0, 5.0, 0.0, 0.0, 0.0])
    found = separation(outcome, np.zeros((6, 0)), {"o": origin, "d": destination})

    assert found.certificate.tolist() == [0.0, 0.0, 0.0, 0.5, 0.5, 1.0]


def test_two_blocks_that_meet_in_both_directions_are_not_separated() -> None:
    origin, destination = np.array([1, 2, 1, 2]), np.array([1, 2, 2, 1])
    found = separation(
        np.array([3.0, 4.0, 0.0, 0.0]), np.zeros((4, 0)), {"o": origin, "d": destination}
    )

    assert not found.is_separated.any()


@pytest.mark.parametrize("pull", [0.1, 0.01, 0.001])
def test_rows_that_pull_a_regressor_to_both_sides_are_not_separated(pull: float) -> None:
    # No multiple of the regressor is at least 0 on both rows, however weak one of them is.
    regressor = np.array([[0.0], [1.0], [-pull]])
    found = separation(np.array([1.0, 0.0, 0.0]), regressor, {"all": np.array([1, 1, 1])})

    assert not found.is_separated.any()
    assert found.certificate.tolist() == [0.0, 0.0, 0.0]


def test_where_all_outcomes_are_positive_nothing_is_separated_however_many_levels() -> None:
    rng = np.random.default_rng(1)
    effects = {name: rng.integers(0, 700, 4000) for name in "abc"}
    found = separation(np.ones(4000), np.zeros((4000, 0)), effects)

    assert found.is_complete
    assert not found.is_separated.any()


def test_what_is_too_large_to_examine_is_said_to_be() -> None:
    n = 4000
    rng = np.random.default_rng(1)
    effects = {name: rng.integers(0, 700, n) for name in "abc"}
    outcome = rng.poisson(0.5, n).astype(np.float64)

    assert not separation(outcome, np.zeros((n, 0)), effects).is_complete


@settings(max_examples=20)
@given(st.integers(0, 2**16))
def test_a_positive_outcome_is_never_separated_and_numbers_of_levels_mean_nothing(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    outcome = rng.poisson(0.4, 40).astype(np.float64)
    regressors = rng.integers(0, 2, (40, 2)).astype(np.float64)
    effects = {name: rng.integers(0, 6, 40) for name in "ab"}
    found = separation(outcome, regressors, effects)
    renamed = separation(outcome, regressors, {name: 90 - 3 * e for name, e in effects.items()})

    assert not found.is_separated[outcome > 0].any()
    assert found.is_separated.tolist() == renamed.is_separated.tolist()
