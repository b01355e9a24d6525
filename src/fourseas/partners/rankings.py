"""Measures of a ranking against what came true, and of how unevenly it deals out its places.

A ranking is scores and hits, shape (m,) each: one row per candidate, a higher score standing
earlier. Scores that are equal stand at one place: none is put before another by the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Steps:
    """A ranking as the places that its different scores have.

    Attributes
    ----------
    order
        Rows from the highest score to the lowest, shape (m,).
    ends
        Last row of each place in that order, shape (places,).
    hits
        Whether a row is a hit, shape (m,), in the order of the candidates.
    """

    order: Integers
    ends: Integers
    hits: Booleans


def steps(scores: Floats, hits: Booleans) -> Steps:
    """Return a ranking as places, sorted once for many weightings."""
    order = np.argsort(-scores, kind="stable").astype(np.int64)
    falls = np.flatnonzero(np.diff(scores[order]))
    return Steps(order, np.append(falls, len(scores) - 1).astype(np.int64), hits)


def average_precision(scores: Floats, hits: Booleans) -> float:
    r"""Return the mean precision over hits, from 0 to 1; NaN without a hit.

    .. math:: AP = \sum_k (R_k - R_{k-1}) P_k

    over the places *k* of different scores, with recall *R* and precision *P* down to it. A
    ranking at random has the share of hits.

    References
    ----------
    Zhu (2004), Recall, Precision and Average Precision, University of Waterloo, Working Paper
    2004-09.
    """
    return weighted_average_precision(steps(scores, hits), np.ones(len(scores)))


def weighted_average_precision(ranked: Steps, weights: Floats) -> float:
    """Return `average_precision` with each candidate counted by its weight, shape (m,)."""
    weight = weights[ranked.order]
    found = np.cumsum(weight * ranked.hits[ranked.order])[ranked.ends]
    shown = np.cumsum(weight)[ranked.ends]
    if not found[-1] > 0:
        return float("nan")
    precision = np.divide(found, shown, out=np.zeros(len(found)), where=shown > 0)
    return float(np.diff(found, prepend=0.0) @ precision / found[-1])


def area_under_curve(scores: Floats, hits: Booleans) -> float:
    """Return how often a hit stands above a miss, ties as a half; NaN without both.

    References
    ----------
    Hanley & McNeil (1982), Radiology 143(1), 29-36.
    """
    n_hits = int(hits.sum())
    n_misses = len(hits) - n_hits
    if not n_hits or not n_misses:
        return float("nan")
    ranks = scipy.stats.rankdata(scores)
    return float((ranks[hits].sum() - n_hits * (n_hits + 1) / 2) / (n_hits * n_misses))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who is shown to whom in the first places of every requester's list.

    Attributes
    ----------
    requester, candidate
        Numbers of units, shape (s,).
    part
        Chance of standing there, shape (s,): 1, or less where equal scores share the last places.
    is_hit
        Whether the pair came true, shape (s,).
    """

    requester: Integers
    candidate: Integers
    part: Floats
    is_hit: Booleans


def shown(pairs: tuple[Integers, Integers], scores: Floats, hits: Booleans, *, k: int) -> Shown:
    """Return the first `k` places of the list of each unit; a pair stands in both units' lists."""
    left, right = pairs
    requester, candidate = np.concatenate([left, right]), np.concatenate([right, left])
    score, is_hit = np.concatenate([scores, scores]), np.concatenate([hits, hits])
    order = np.lexsort((-score, requester))
    requester, candidate, score, is_hit = (
        values[order] for values in (requester, candidate, score, is_hit)
    )
    starts = np.flatnonzero(np.diff(requester, prepend=-1))
    of_list = np.cumsum(np.diff(requester, prepend=-1) != 0) - 1
    place = np.arange(len(requester)) - starts[of_list]
    is_new = np.append(True, (np.diff(requester) != 0) | (np.diff(score) != 0))
    of_tie = np.cumsum(is_new) - 1
    n_tied = np.bincount(of_tie)[of_tie]
    above = place[np.flatnonzero(is_new)][of_tie]
    part = np.clip((k - above) / n_tied, 0.0, 1.0)
    kept = part > 0
    return Shown(
        requester=requester[kept],
        candidate=candidate[kept],
        part=part[kept],
        is_hit=is_hit[kept],
    )


def precision_at(lists: Shown, *, k: int) -> float:
    """Return the mean over requesters of the share of hits in their first `k` places.

    Over requesters with any candidate; a list shorter than `k` is divided by its own length. Where
    equal scores share the last places it is the mean over all ways to order them.
    """
    n = np.bincount(lists.requester, weights=lists.part)
    found = np.bincount(lists.requester, weights=lists.part * lists.is_hit)
    asked = n > 0
    return float((found[asked] / np.minimum(n[asked], k)).mean())


def exposure(lists: Shown, n_units: int) -> Floats:
    """Return in how many lists each unit is shown, shape (n_units,), by `part`."""
    return np.bincount(lists.candidate, weights=lists.part, minlength=n_units).astype(np.float64)


def gini(values: Floats) -> float:
    r"""Return how unevenly values of at least 0 are dealt out; NaN where all are 0.

    .. math:: G = \frac{\sum_i (2 i - n - 1) x_{(i)}}{n \sum_i x_i}

    over values in rising order: 0 where all are equal, :math:`1 - 1/n` where one has all.

    References
    ----------
    Dixon, Weiner, Mitchell-Olds & Woodley (1987), Ecology 68(5), 1548-1551.
    """
    n, total = len(values), values.sum()
    if not total > 0:
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ np.sort(values) / (n * total))


def theil(values: Floats) -> float:
    r"""Return how unevenly values of at least 0 are dealt out, sensitive to the top.

    .. math:: T = \sum_i s_i \ln (n s_i), \quad s_i = x_i / \sum_j x_j

    0 where all are equal, :math:`\ln n` where one has all; a value of 0 adds 0. NaN where all
    are 0.

    References
    ----------
    Theil (1967), Economics and Information Theory, North-Holland.
    """
    total = values.sum()
    if not total > 0:
        return float("nan")
    parts = values[values > 0] / total
    return float(parts @ np.log(len(values) * parts))
