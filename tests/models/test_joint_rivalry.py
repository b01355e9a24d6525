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
