"""What first ties would bring: published numbers, closed forms and planted truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fourseas.models.separation import Booleans, Floats
from fourseas.partners.benefit import Benefit, Premium, Scored, benefit, premium
from fourseas.partners.benefit_test import benefit_test

# Davies (1947), "Statistical Methods in Research and Production": yield of dyestuff, six batches.
DYESTUFF = np.array(
    [
        (1545, 1440, 1440, 1520, 1580),
        (1540, 1555, 1490, 1560, 1495),
        (1595, 1550, 1605, 1510, 1560),
        (1445, 1440, 1595, 1465, 1545),
        (1595, 1630, 1515, 1635, 1625),
        (1520, 1455, 1450, 1480, 1445),
    ],
    dtype=np.float64,
)


def scored(values: list[Floats], level: float = 0.0, *, credit: float = 1.0) -> Scored:
    """Return sides of which each has its works, with these scores, with the next side."""
    n = len(values)

    def placed(sums: list[float]) -> Floats:
        found = np.zeros((n, n))
        found[np.arange(n), (np.arange(n) + 1) % n] = sums
        return found

    return Scored(
        works=placed([float(len(one)) for one in values]),
        credit=placed([credit * len(one) for one in values]),
        credit2=placed([credit**2 * len(one) for one in values]),
        ncs=placed([credit * float(one.sum()) for one in values]),
        cross=placed([credit**2 * float(one.sum()) for one in values]),
        ncs2=placed([credit**2 * float((one**2).sum()) for one in values]),
        level=np.full(n, level),
    )


def test_means_and_variances_are_those_of_the_published_batches() -> None:
    found = premium(scored([*DYESTUFF]))

    # As lme4 prints them for these data: variances 1764 and 2451, mean 1527.5, effects of batches.
    effects = [-17.6068514, 0.3912634, 28.5622256, -23.0845385, 56.7331877, -44.9952868]
    assert found.mean == pytest.approx(1527.5 + np.array(effects), abs=1e-5)
    assert found.spread == pytest.approx(2451.25)
    assert found.doubt == pytest.approx(1764.05 * 2451.25 / (5 * 1764.05 + 2451.25))


def test_a_gain_is_credit_times_what_a_score_is_above_the_level_at_home() -> None:
    # Two works of half the credit, scores 3 and 1, level 1.5: 0.5 * 1.5 and 0.5 * -0.5.
    one = scored([np.array([3.0, 1.0])], 1.5, credit=0.5)

    assert one.gain.sum() == pytest.approx(0.75 - 0.25)
    assert one.square.sum() == pytest.approx(0.75**2 + 0.25**2)


def test_sides_that_do_not_differ_beyond_chance_have_the_mean_of_all() -> None:
    same = [np.array([0.0, 1.0] * 10)] * 3

    found = premium(scored(same))

    assert found.mean == pytest.approx([0.5] * 3)
    assert (found.doubt == 0).all()


def test_a_side_without_a_known_level_is_told_nothing_and_tells_nothing() -> None:
    values = [np.array([0.0, 1.0] * 10)] * 3
    seen = scored([*values, np.array([50.0] * 20)])
    seen.level[3] = np.nan

    found = premium(seen)

    assert np.isnan(found.mean[3])
    assert found.mean[:3] == pytest.approx([0.5] * 3)


def test_of_few_works_in_all_nothing_is_told() -> None:
    found = premium(scored([np.array([0.0, 1.0])] * 2))

    assert np.isnan(found.mean).all()


def test_a_tie_that_comes_about_has_a_work_at_least() -> None:
    flat = Premium(
        mean=np.array([1.0, 2.0]), doubt=np.zeros(2), spread=np.zeros(2), n=np.full(2, 40.0)
    )

    found = benefit(flat, np.array([[0.0, 1e-9], [1.0, 0.0]]))

    assert found.works[0, 1] == pytest.approx(1)
    assert found.works[1, 0] == pytest.approx(1 / (1 - math.exp(-1)))
    assert found.gain[1, 0] == pytest.approx(2 / (1 - math.exp(-1)))
    assert np.isnan(found.gain[0, 0])


def test_mean_and_range_are_those_of_ties_that_are_drawn() -> None:
    draw = np.random.default_rng(7)
    rate, mean, spread, doubt = 1.4, 0.3, 0.5, 0.04
    number = draw.poisson(rate, 400_000)
    number = number[number > 0]
    of_side = mean + math.sqrt(doubt) * draw.standard_normal(len(number))
    came = number * of_side + np.sqrt(number * spread) * draw.standard_normal(len(number))

    side = Premium(
        mean=np.array([mean, mean]),
        doubt=np.array([doubt, doubt]),
        spread=np.array([spread, spread]),
        n=np.full(2, 40.0),
    )
    found = benefit(side, np.full((2, 2), rate))

    assert found.gain[0, 1] == pytest.approx(came.mean(), abs=0.005)
    # What is not known of the side's mean is multiplied by the mean number alone.
    reach = (found.high[0, 1] - found.low[0, 1]) / 2
    assert reach == pytest.approx(1.96 * came.std(), rel=0.03)


def world(seed: int) -> tuple[Benefit, Scored, Booleans]:
    """Return a prediction and what came, of 60 sides whose premium is 0.2 on average."""
    draw = np.random.default_rng(seed)
    n, rate = 60, 1.2
    of_side = 0.2 + 0.1 * draw.standard_normal(n)
    before = [side + draw.standard_normal(200) for side in of_side]
    told = benefit(premium(scored(before)), np.full((n, n), rate))
    number = draw.poisson(rate, (n, n)).astype(np.float64)
    number = np.triu(number, 1) + np.triu(number, 1).T
    came = number * of_side[:, np.newaxis] + np.sqrt(number) * draw.standard_normal((n, n))
    after = Scored(
        works=number,
        credit=number,
        credit2=number,
        ncs=came,
        cross=came,
        ncs2=came**2,
        level=np.zeros(n),
    )
    return told, after, number > 0


def test_a_right_prediction_passes_and_a_doubled_one_does_not() -> None:
    told, after, has_started = world(3)
    doubled = Benefit(
        works=told.works, gain=2 * told.gain, low=told.low + told.gain, high=told.high + told.gain
    )

    right = benefit_test(told, after, has_started)
    wrong = benefit_test(doubled, after, has_started)

    assert right is not None
    assert wrong is not None
    assert right.every.low <= right.every.predicted <= right.every.high
    assert right.every.pp_within == pytest.approx(0.95, abs=0.01)
    assert right.fifths[0].seen < right.fifths[-1].seen
    assert wrong.every.predicted > wrong.every.high
    assert sum(one.n for one in right.fifths) == right.every.n == int(has_started.sum())


def test_too_few_ties_that_started_tell_nothing() -> None:
    told, after, has_started = world(3)
    has_started[4:, :] = has_started[:, 4:] = False

    assert benefit_test(told, after, has_started) is None
