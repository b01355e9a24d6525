"""Rivalry in joint works: planted effects, both meanings of close, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fourseas.errors import NotComputableError
from fourseas.models.joint_rivalry import JointFlows, joint_rivalry
from fourseas.models.rivalry import percentiles

N, FIELDS = 16, 6
PLANTED = -4.0


def world(seed: int, *, planted: float = PLANTED) -> JointFlows:
    """Return joint works that fall where two of the same topics are both strong."""
    rng = np.random.default_rng(seed)
    level = rng.uniform(0.0, 1.0, (N, FIELDS))
    ranks = percentiles(level)
    size, pair = rng.normal(0.0, 0.4, (N, FIELDS)), rng.normal(0.0, 0.3, (N, N))
    low, high = np.triu_indices(N, 1)
    i, j = (np.repeat(part, FIELDS) for part in (low, high))
    field = np.tile(np.arange(FIELDS), len(low))
    topics = rng.uniform(0.0, 1.0, len(i))
    lower = np.minimum(ranks[i, field], ranks[j, field])
    log_mean = 3.5 + size[i, field] + size[j, field] + pair[i, j]
    log_mean += 0.5 * (topics - 0.5) + planted * (topics - 0.5) * (lower - lower.mean())
    works = rng.poisson(np.exp(log_mean)).astype(np.float64)
    return JointFlows(
        unit=np.concatenate([i, j]),
        partner=np.concatenate([j, i]),
        field=np.concatenate([field, field]),
        works=np.concatenate([works, works]),
        level={"share": level},
        topics=np.concatenate([topics, topics]),
    )


def test_a_planted_interaction_of_topics_and_level_is_inside_its_interval() -> None:
    inside = 0
    for seed in range(6):
        by_topics = joint_rivalry(world(seed)).rows[1]
        assert by_topics.close == "topics"
        inside += by_topics.interaction.low <= PLANTED <= by_topics.interaction.high

    assert inside >= 5


def test_closeness_of_level_does_not_show_what_is_planted_on_topics() -> None:
    by_level = joint_rivalry(world(0)).rows[0]

    assert by_level.close == "level"
    assert by_level.interaction.low < 0 < by_level.interaction.high


def test_a_pair_counts_once_although_it_stands_there_twice() -> None:
    row = joint_rivalry(world(1)).rows[0]

    assert row.n_pairs == N * (N - 1) // 2
    assert row.n + row.n_left_out == row.n_pairs * FIELDS


def test_without_topics_closeness_of_level_remains_and_the_reason_is_told() -> None:
    found = joint_rivalry(replace(world(1), topics=None))

    assert [row.close for row in found.rows] == ["level"]
    assert "no topics below fields" in found.untested[0]


def test_too_few_joint_works_are_refused_with_what_it_takes() -> None:
    flows = world(1)
    few = np.where(np.arange(len(flows.works)) % 100 == 0, flows.works, 0.0)

    with pytest.raises(NotComputableError, match="it takes 100"):
        joint_rivalry(replace(flows, works=few))


def without_noise(seed: int, close: str, **slopes: float) -> JointFlows:
    """Return joint works that the equation gives without any noise; joint works need not be whole.

    Slopes are those of what is close and of its product with the lower level, less their means.
    """
    flows = world(seed)
    rng = np.random.default_rng(seed)
    ranks = percentiles(flows.level["share"])
    one, other = ranks[flows.unit, flows.field], ranks[flows.partner, flows.field]
    near = 1 - np.abs(one - other) if close == "level" else flows.topics
    assert near is not None
    low = np.minimum(one, other)
    near, low = near - near.mean(), low - low.mean()
    pair, size = rng.normal(0.0, 0.3, (N, N)), rng.normal(0.0, 0.4, (N, FIELDS))
    log_mean = slopes["near"] * near + slopes["product"] * near * low + 2
    log_mean += (pair + pair.T)[flows.unit, flows.partner]
    log_mean += size[flows.unit, flows.field] + size[flows.partner, flows.field]
    return replace(flows, works=np.exp(log_mean))


@pytest.mark.parametrize("close", ["level", "topics"])
def test_without_noise_both_slopes_are_found_at_the_means(close: str) -> None:
    found = joint_rivalry(without_noise(3, close, near=0.5, product=-2.0))
    (row,) = (row for row in found.rows if row.close == close)

    assert row.closeness.estimate == pytest.approx(0.5, abs=1e-5)
    assert row.interaction.estimate == pytest.approx(-2.0, abs=1e-5)
    assert (row.n, row.n_pairs, row.n_left_out) == (N * (N - 1) // 2 * FIELDS, N * (N - 1) // 2, 0)
    assert (row.measure, found.untested) == ("share", ())


def test_cells_of_unknown_level_or_closeness_are_left_out_once_for_a_pair() -> None:
    # One country has no level in one field, and of three pairs the topics are not known in another.
    flows = without_noise(3, "topics", near=0.5, product=-2.0)
    share = flows.level["share"].copy()
    share[4, 2] = np.nan
    apart = np.abs(flows.unit - flows.partner)
    is_far = (apart == N - 1) | ((apart == N - 2) & (flows.field == 1))
    assert flows.topics is not None
    topics = np.where(is_far & (flows.field == 1), np.nan, flows.topics)
    by_level, by_topics = joint_rivalry(replace(flows, level={"share": share}, topics=topics)).rows

    assert by_level.n_left_out == N - 1
    assert by_topics.n_left_out == N - 1 + 3
    assert by_topics.n + by_topics.n_left_out == N * (N - 1) // 2 * FIELDS


def test_a_field_in_which_no_level_is_known_tells_nothing() -> None:
    flows = without_noise(3, "level", near=0.5, product=-2.0)
    share = flows.level["share"].copy()
    share[:, 5] = np.nan
    row = joint_rivalry(replace(flows, level={"share": share}, topics=None)).rows[0]

    assert row.n == of_fields(flows, 5).works.size // 2
    assert row.interaction.estimate == pytest.approx(
        joint_rivalry(of_fields(flows, 5)).rows[0].interaction.estimate, abs=1e-6
    )


def of_fields(flows: JointFlows, n: int) -> JointFlows:
    """Return the first fields alone."""
    kept = flows.field < n
    return JointFlows(
        unit=flows.unit[kept],
        partner=flows.partner[kept],
        field=flows.field[kept],
        works=flows.works[kept],
        level={"share": flows.level["share"][:, :n]},
        topics=None,
    )


def test_a_hundred_pairs_and_fields_with_joint_works_are_enough() -> None:
    flows = without_noise(3, "level", near=0.5, product=-2.0)
    low, high = np.minimum(flows.unit, flows.partner), np.maximum(flows.unit, flows.partner)
    # Of six countries 15 pairs in each of six fields, and ten pairs of a seventh in one field.
    among = (high < 6) | ((high == 6) & (flows.field < 2) & (low < 5))
    hundred = replace(flows, works=np.where(among, flows.works, 0.0), topics=None)
    is_one = (low == 0) & (high == 1) & (flows.field == 0)

    assert int((hundred.works > 0).sum()) == 200
    assert len(joint_rivalry(hundred).rows) == 1
    with pytest.raises(NotComputableError, match="99 pairs and fields"):
        joint_rivalry(replace(hundred, works=np.where(is_one, 0.0, hundred.works)))


def test_what_one_measure_of_level_cannot_tell_is_told_beside_the_other() -> None:
    flows = without_noise(3, "level", near=0.5, product=-2.0)
    few = np.where(np.arange(N)[:, None] < 3, flows.level["share"], np.nan)
    found = joint_rivalry(
        replace(flows, level={"share": few, "volume": flows.level["share"]}, topics=None)
    )

    assert [row.measure for row in found.rows] == ["volume"]
    assert found.untested == (
        (
            "18 pairs and fields have joint works, levels of both and known closeness, and it "
            "takes 100 (level in the field, by share)"
        ),
        "the register has no topics below fields (topics within the field)",
    )
