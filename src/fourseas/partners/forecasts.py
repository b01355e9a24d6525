"""Forecasts of which ties start: ours, and the baselines that it is held against.

Ours ranks a pair by how feasible it is and by what both would gain. A forecast sees a `Training`
and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import sparse

from fourseas.models.gravity import Flows, gravity
from fourseas.partners.hold_out import Training
from fourseas.partners.link_scores import (
    LINK_SCORES,
    Floats,
    adamic_adar,
    jaccard,
    preferential_attachment,
)

GRAVITY = "gravity"
FEASIBILITY = "feasibility"
GAINS = "gains"
BOTH = "feasibility_and_gains"
BY_WORKS = "_by_works"
"""Suffix of a baseline in which a link weighs as many as its joint works."""

ONCE_ONLY = "probabilistic_affinity"
"""A baseline that is of joint works alone, and so stands once."""


def baselines(seen: Training) -> dict[str, Floats]:
    """Return the scores that others would rank candidates by, by name.

    Each by links alone and with links weighed by joint works; gravity where units have a place.
    """
    found = {}
    for one in LINK_SCORES:
        of_works = one.score(seen.works, seen.left, seen.right)
        if one.name == ONCE_ONLY:
            found[one.name] = of_works
            continue
        found[one.name] = one.score(seen.links, seen.left, seen.right)
        found[one.name + BY_WORKS] = of_works
    if seen.apart:
        found[GRAVITY] = expected_works(seen)
    return found


def feasibility(seen: Training) -> Floats:
    r"""Return how likely a tie is to come about, as a score of at least 0.

    .. math:: F_{ij} = \sqrt{AA_{ij} E_{ij}}

    the geometric mean of common neighbours (Adamic-Adar) and of what is expected between two of
    their size: joint works by gravity where units have a place, and the product of their numbers
    of links where they have none.

    Where a link is more joint works than the sizes of both lead to, sizes are taken out of both
    parts: neighbours by Jaccard, and gravity by what the links of both lead to.
    """
    if seen.threshold == "above_expectation":
        near = jaccard(seen.links, seen.left, seen.right)
        by_size = np.divide(1.0, _drawn(seen), out=np.zeros(len(near)), where=_drawn(seen) > 0)
        return np.sqrt(near * expected_works(seen) * by_size)
    through = adamic_adar(seen.links, seen.left, seen.right)
    if seen.apart:
        return np.sqrt(through * expected_works(seen))
    return np.sqrt(through * preferential_attachment(seen.links, seen.left, seen.right))


def mutual_gain(seen: Training) -> Floats:
    r"""Return what both sides would gain, as the root of the Nash product; NaN where unknown.

    .. math:: G_{ij} = \sqrt{g_{ij} g_{ji}}, \quad
              g_{ij} = \sum_f \max(1 - AI_{if}, 0) \max(AI_{jf} - 1, 0)

    with *AI* the activity index of the recent years: a unit gains where it does little and the
    other does much. It is 0 where either side gains nothing, and unknown where a side has no
    works by field. As `complementarity`, without the level of the other, which no embedded
    register has for all units.

    References
    ----------
    Nash (1950), "The Bargaining Problem", Econometrica 18(2), 155-162. Balassa (1965), The
    Manchester School 33(2), 99-123, of the activity index.
    """
    profiles, shape = seen.profiles, seen.works.shape
    n_fields = int(profiles.field.max(initial=0)) + 1
    works = np.zeros((shape[0], n_fields))
    np.add.at(works, (profiles.unit, profiles.field), profiles.works)
    of_unit, of_field = works.sum(axis=1), works.sum(axis=0)
    is_known = of_unit > 0
    share = np.divide(
        works, of_unit[:, np.newaxis], out=np.zeros_like(works), where=is_known[:, np.newaxis]
    )
    of_world = of_field / of_field.sum() if of_field.sum() > 0 else of_field
    index = np.divide(share, of_world, out=np.ones_like(share), where=of_world > 0)
    need, strength = np.maximum(1 - index, 0), np.maximum(index - 1, 0)
    gain = need @ strength.T
    found: Floats = np.sqrt(gain[seen.left, seen.right] * gain[seen.right, seen.left])
    return np.where(is_known[seen.left] & is_known[seen.right], found, np.nan)


def with_gains(feasible: Floats, gain: Floats, *, weight: float) -> Floats:
    r"""Return the score of advice, :math:`F_{ij} G_{ij}^w`.

    A pair of whom a side gains nothing is not advised: its score is 0. Where gains are not
    known they neither raise nor lower: the median of those that are stands for them.
    """
    known = gain[np.isfinite(gain) & (gain > 0)]
    assumed = float(np.median(known)) if len(known) else 1.0
    raised: Floats = feasible * np.where(np.isfinite(gain), gain, assumed) ** weight
    return raised


def expected_works(seen: Training) -> Floats:
    """Return joint works that gravity expects of candidates in the recent years, shape (m,).

    Where gravity cannot tell, since the distance of a pair is unknown, what the links of both
    lead to stands for it: the product of their sums by the sum of all.
    """
    fitted = fitted_works(seen.works, seen.apart)[seen.left, seen.right]
    return np.where(np.isfinite(fitted), fitted, _drawn(seen))


def _drawn(seen: Training) -> Floats:
    """Return joint works of candidates if links were drawn at random, shape (m,)."""
    strength = seen.works.sum(axis=1)
    drawn: Floats = strength[seen.left] * strength[seen.right] / strength.sum()
    return drawn


def fitted_works(works: sparse.csr_array, apart: Mapping[str, Floats]) -> Floats:
    """Return the fitted values of gravity for all pairs, shape (n, n); NaN where it has none."""
    is_active = np.diff(works.indptr) > 0
    origin, destination = np.nonzero(is_active[:, np.newaxis] & is_active[np.newaxis, :])
    is_apart = origin != destination
    origin, destination = origin[is_apart], destination[is_apart]
    covariates = {name: values[origin, destination] for name, values in apart.items()}
    fit = gravity(
        Flows(
            origin=origin.astype(np.int64),
            destination=destination.astype(np.int64),
            year=np.zeros(len(origin), dtype=np.int64),
            flow=works.toarray()[origin, destination],
            covariates=covariates,
            is_symmetric=True,
        )
    ).fit
    is_known = np.all([np.isfinite(values) for values in covariates.values()], axis=0)
    rows = np.flatnonzero(is_known)[fit.is_used]
    expected = np.full(works.shape, np.nan)
    expected[origin[rows], destination[rows]] = fit.fitted
    # The effects of both sides are estimated apart and agree but for rounding.
    both: Floats = (expected + expected.T) / 2
    return both
