"""How well a challenge is tagged: precision, recall and agreement, from works that people read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NORMAL_975 = 1.959963984540054
"""The 97.5% quantile of the standard normal distribution: intervals hold 95%."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of judged works with its 95% interval.

    Attributes
    ----------
    n, k
        Works judged, and those of them that belong.
    share, low, high
        From 0 to 1; null where none was judged.
    """

    n: int
    k: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Stratum:
    """Works drawn alike: how many there are, and how many of those judged belong."""

    size: int
    judged: Proportion


@dataclass(frozen=True, slots=True)
class Recall:
    """The part of a challenge's works that a reading holds, with bounds; from 0 to 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two people beyond chance, with its 95% interval.

    Attributes
    ----------
    n
        Works that both judged.
    agreed
        Share of these that they judged alike.
    kappa, low, high
        1 for full agreement, 0 for that of chance; null where chance agrees fully.
    """

    n: int
    agreed: float
    kappa: float | None
    low: float | None
    high: float | None


def wilson(k: int, n: int) -> Proportion:
    r"""Return a share with its Wilson score interval.

    .. math:: \frac{s + z^2/2n \mp z \sqrt{s(1-s)/n + z^2/4n^2}}{1 + z^2/n}

    References
    ----------
    Wilson (1927), "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22, 209-212.
    """
    if n == 0:
        return Proportion(0, 0, None, None, None)
    share, z2 = k / n, NORMAL_975**2
    center = share + z2 / (2 * n)
    spread = NORMAL_975 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    # At the ends the interval touches what it is bound by; rounding must not move it off.
    low = (center - spread) / scale if k else 0.0
    return Proportion(n, k, share, low, (center + spread) / scale if k < n else 1.0)


def recall(tagged: Iterable[Stratum], near: Iterable[Stratum]) -> Recall | None:
    r"""Estimate what part of a challenge's works a reading holds.

    .. math:: R = \frac{\sum_{s \in T} N_s \pi_s}{\sum_{s \in T} N_s \pi_s +
                  \sum_{s \in M} N_s \pi_s}

    of the strata *T* that are tagged and the near misses *M*, with :math:`N_s` works of which
    the share :math:`\pi_s` belongs. Works that are neither are taken for none of the challenge,
    so that it is at most this. The bounds set each share at the worse end of its own interval:
    wider than a 95% interval of the ratio.

    Returns
    -------
    Recall | None
        None where a stratum with works was not judged, or nothing belongs.
    """
    strata = ([s for s in tagged if s.size], [s for s in near if s.size])
    if any(s.judged.share is None for part in strata for s in part):
        return None
    held, missed = (
        [
            sum(s.size * (getattr(s.judged, end) or 0.0) for s in part)
            for end in ("share", "low", "high")
        ]
        for part in strata
    )
    if held[0] + missed[0] == 0:
        return None
    return Recall(
        share=held[0] / (held[0] + missed[0]),
        low=held[1] / (held[1] + missed[2]) if held[1] + missed[2] else 0.0,
        high=held[2] / (held[2] + missed[1]),
    )


def kappa(judgements: Mapping[tuple[bool, bool], int]) -> Kappa | None:
    r"""Return Cohen's kappa of two people who judged the same works.

    .. math:: \kappa = \frac{p_o - p_e}{1 - p_e}, \qquad
              se = \sqrt{\frac{p_o (1 - p_o)}{n (1 - p_e)^2}}

    Parameters
    ----------
    judgements
        Works by what the first and the second said.

    Returns
    -------
    Kappa | None
        None where they judged no work both.

    References
    ----------
    Cohen (1960), "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20, 37-46.
    """
    n = sum(judgements.values())
    if n == 0:
        return None
    count = {pair: judgements.get(pair, 0) for pair in _PAIRS}
    agreed = (count[True, True] + count[False, False]) / n
    first = (count[True, True] + count[True, False]) / n
    second = (count[True, True] + count[False, True]) / n
    by_chance = first * second + (1 - first) * (1 - second)
    if by_chance == 1:
        return Kappa(n, agreed, None, None, None)
    value = (agreed - by_chance) / (1 - by_chance)
    spread = NORMAL_975 * math.sqrt(agreed * (1 - agreed) / (n * (1 - by_chance) ** 2))
    return Kappa(n, agreed, value, max(-1.0, value - spread), min(1.0, value + spread))


_PAIRS = ((True, True), (True, False), (False, True), (False, False))
