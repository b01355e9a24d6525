"""The guard against separation: published data sets with the truth, its proof, and its laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.models.separation import (
    TOLERANCE,
    Floats,
    Integers,
    Separation,
    combined,
    n_levels,
    renumbered,
    separation,
)
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


@pytest.mark.parametrize("pull", [0.15, 0.127, 0.107, 0.08])
def test_a_separated_row_is_found_beside_rows_that_pull_a_regressor_to_both_sides(
    pull: float,
) -> None:
    # The last row alone can be raised by the second regressor; what the first one leaves of its
    # rows falls by 1 / (1 + pull^2) from round to round, and is from 1e-10 to 1e-3 in the end.
    regressors = np.array([[0.0, 0.0], [1.0, 0.0], [-pull, 0.0], [0.0, 1.0]])
    found = separation(np.array([1.0, 0.0, 0.0, 0.0]), regressors, {"all": np.array([1, 1, 1, 1])})

    assert found.is_separated.tolist() == [False, False, False, True]
    assert found.certificate.tolist() == [0.0, 0.0, 0.0, 1.0]
    assert found.is_complete


def test_what_the_rounds_do_not_settle_is_said_to_be_open() -> None:
    regressors = np.array([[0.0, 0.0], [1.0, 0.0], [-0.001, 0.0], [0.0, 1.0]])
    found = separation(np.array([1.0, 0.0, 0.0, 0.0]), regressors, {"all": np.array([1, 1, 1, 1])})

    assert not found.is_complete


def blocks(n: int, rows: int) -> tuple[Floats, dict[str, Integers]]:
    """Return two blocks of many origins and destinations, which meet in one direction alone.

    Each origin has flows to some destinations of its own block; the last row is the only one from
    the first block to the second, and 0.
    """
    origin = np.repeat(np.arange(2 * n), rows)
    step = np.tile(np.arange(rows), 2 * n)
    destination = n * (origin // n) + (origin % n + step) % n
    outcome = np.append(np.ones(len(origin)), 0.0)
    return outcome, {"o": np.append(origin, 0), "d": np.append(destination, n)}


def test_however_many_levels_two_effects_have_they_are_a_graph_whose_blocks_are_told() -> None:
    outcome, effects = blocks(400, 3)
    x = np.random.default_rng(0).normal(size=(len(outcome), 2))
    for regressors in (x[:, :0], x, 1e6 * x, x * np.array([1e-6, 1.0])):
        found = separation(outcome, regressors, effects)

        assert found.is_complete
        assert np.flatnonzero(found.is_separated).tolist() == [len(outcome) - 1]


def test_a_regressor_that_effects_hold_where_flows_are_is_too_large_to_examine() -> None:
    outcome, effects = blocks(400, 3)
    rng = np.random.default_rng(0)
    held = rng.normal(size=800)[effects["o"]] + rng.normal(size=800)[effects["d"]]
    barely = held + 5e-5 * rng.normal(size=len(outcome))
    other = rng.normal(size=len(outcome))
    nothing = np.zeros(len(outcome))
    short = (effects["o"] == 5).astype(np.float64)
    short[np.flatnonzero(short)] += np.array([2e-4, -2e-4, 0.0])
    for columns in ([barely], [other, 2 * other], [nothing], [short, other]):
        regressors = np.stack(columns, axis=1)
        found = separation(outcome, regressors, effects)

        assert not found.is_complete
        assert not found.is_separated.any()


def test_a_regressor_that_varies_in_the_last_levels_alone_is_no_combination_of_effects() -> None:
    # More positive rows than are looked at first.
    outcome, effects = blocks(400, 26)
    rng = np.random.default_rng(0)
    x = np.where(effects["o"] >= 790, rng.normal(size=len(outcome)), 0.0)
    found = separation(outcome, x[:, None], effects)

    assert found.is_complete
    assert np.flatnonzero(found.is_separated).tolist() == [len(outcome) - 1]


def test_one_effect_alone_separates_its_levels_without_a_positive_outcome_and_no_more() -> None:
    level = np.repeat(np.arange(1600), 2)
    outcome = np.tile([1.0, 0.0], 1600)
    outcome[:4] = 0.0
    found = separation(outcome, np.zeros((3200, 0)), {"level": level})

    assert found.is_complete
    assert np.flatnonzero(found.is_separated).tolist() == [0, 1, 2, 3]
    assert found.without_positive.tolist() == found.is_separated.tolist()


def test_levels_of_each_effect_without_a_positive_outcome_are_left_out() -> None:
    # By the second effect the last two rows; the row before is in levels that each have one.
    a, b = np.array([1, 1, 2, 2, 2, 3]), np.array([1, 2, 2, 2, 3, 3])
    found = separation(np.array([2.0, 0.0, 0.0, 1.0, 0.0, 0.0]), np.zeros((6, 0)), {"a": a, "b": b})

    assert found.without_positive.tolist() == [False, False, False, False, True, True]


def test_without_effects_a_constant_and_regressors_may_separate() -> None:
    # Both rows without a flow have the regressor, and no row with one.
    x = np.array([[0.0], [0.0], [1.0], [2.0]])
    found = separation(np.array([1.0, 2.0, 0.0, 0.0]), x, {})
    held = separation(np.array([1.0, 2.0, 0.0, 0.0]), np.array([[0.0], [1.0], [1.0], [2.0]]), {})

    assert found.certificate == pytest.approx([0.0, 0.0, 0.5, 1.0])
    assert found.is_separated.tolist() == [False, False, True, True]
    assert not held.is_separated.any()
    assert not separation(np.array([1.0, 0.0]), np.zeros((2, 0)), {}).is_separated.any()


def test_levels_are_numbered_in_their_order_and_counted() -> None:
    far = np.array([10**15, -3, 10**15, 0])

    assert renumbered(far).tolist() == [2, 0, 2, 1]
    assert (n_levels(far), n_levels(far[:0])) == (3, 0)


def rows_of_their_own(n: int) -> tuple[Floats, dict[str, Integers]]:
    """Return ten effects of so many levels, of which each positive row has its own.

    The last row takes a level of each of ten of them, so that it can be raised alone.
    """
    effects = {str(at): np.append(np.arange(n), at).astype(np.int64) for at in range(10)}
    return np.append(np.ones(n), 0.0), effects


def test_a_row_that_takes_its_levels_from_many_others_can_be_raised_alone() -> None:
    outcome, effects = rows_of_their_own(12)
    found = separation(outcome, np.zeros((13, 0)), effects)

    assert found.is_complete
    assert found.is_separated.tolist() == [False] * 12 + [True]


def test_more_than_fifteen_hundred_columns_are_too_many_to_examine() -> None:
    outcome, effects = rows_of_their_own(150)

    assert not separation(outcome, outcome[:, None], effects).is_complete


def test_where_nothing_is_positive_a_constant_separates_every_row() -> None:
    found = separation(np.zeros(3), np.array([[0.0], [1.0], [2.0]]), {})

    assert found.is_separated.all()
    assert found.is_complete


def test_each_combination_has_a_number() -> None:
    year, country = np.array([2001, 2000, 2001, 2000]), np.array([4, 4, -4, 4])

    assert combined(year, country).tolist() == [2, 0, 1, 0]
    assert combined(year[:0], country[:0]).tolist() == []


def test_a_row_between_two_with_flows_is_not_separated_where_more_could_be_told() -> None:
    # Five regressors of four rows; the last is a mean of the first two but for rounding.
    rows = np.random.default_rng(2).normal(size=(3, 5))
    regressors = np.vstack([rows, 0.3 * rows[0] + 0.7 * rows[1]])
    found = separation(np.array([1.0, 2.0, 3.0, 0.0]), regressors, {})

    assert found.certificate.tolist() == [0.0] * 4
    assert found.is_complete
