"""What a tie that does not exist yet would bring either side, if it came about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourseas.indicators.stability import NORMAL_975
from fourseas.models.separation import Floats

LEAST_AT_HOME = 10
"""Of fewer domestic works with a score nobody knows a country's own level."""

LEAST_WORKS = 30
"""Of fewer joint works in all nothing is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Joint works with a score of some years, from the side of the row, shape (n, n) each.

    Attributes
    ----------
    works
        How many.
    credit, credit2
        Sums of the side's credit in them, and of its square.
    ncs, cross, ncs2
        Sums of credit times normalized citation score, of its square times the score, and of its
        square times the square of the score.
    level
        Mean score of the side's domestic works, shape (n,); NaN of fewer than `LEAST_AT_HOME`.
    """

    works: Floats
    credit: Floats
    credit2: Floats
    ncs: Floats
    cross: Floats
    ncs2: Floats
    level: Floats

    @property
    def gain(self) -> Floats:
        r"""Return what joint works brought the row, :math:`\sum a_w (y_w - D)`; NaN without *D*."""
        found: Floats = self.ncs - self.credit * self.level[:, np.newaxis]
        return found

    @property
    def square(self) -> Floats:
        r"""Return :math:`\sum a_w^2 (y_w - D)^2`; NaN without *D*."""
        own = self.level[:, np.newaxis]
        found: Floats = np.maximum(self.ncs2 - 2 * own * self.cross + own**2 * self.credit2, 0)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium:
    """What a joint work brings each side beyond its own level, shape (n,) each; NaN if unknown.

    Attributes
    ----------
    mean
        Of a side, drawn towards the mean of all sides the more, the fewer works tell of it.
    doubt
        Variance of what the mean of a side may be, given its works.
    spread
        Variance of what single works bring.
    n
        Joint works of the side that tell of it, each once with each partner.
    """

    mean: Floats
    doubt: Floats
    spread: Floats
    n: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What first ties would bring the row, shape (n, n) each; NaN where it is not known.

    Attributes
    ----------
    works
        Joint works of a tie that comes about.
    gain, low, high
        Normalized citation scores beyond the row's own level, and 95% of what may come.
    """

    works: Floats
    gain: Floats
    low: Floats
    high: Floats


def premium(seen: Scored) -> Premium:
    r"""Return what a joint work has brought each side, by credibility.

    A joint work *w* brought side *i* :math:`g_w = a_{iw} (y_w - D_i)`: its credit in the work,
    times what the score is above the mean *D* of its domestic works. With :math:`\bar g_i` their
    mean over the :math:`n_i` joint works of the side, :math:`\bar g` that over all sides,
    :math:`s^2` the variance within sides and :math:`t^2` that between them,

    .. math:: \hat g_i = z_i \bar g_i + (1 - z_i) \bar g, \qquad z_i = \frac{n_i}{n_i + s^2 / t^2}

    with variance :math:`(1 - z_i) t^2`. Both variances are estimated without bias, and a
    negative :math:`t^2` is 0: sides are then not told apart.

    References
    ----------
    Buehlmann & Straub (1970), "Glaubwuerdigkeit fuer Schadensaetze", Mitteilungen der
    Vereinigung schweizerischer Versicherungsmathematiker 70, 111-133.
    """
    known = np.isfinite(seen.level)
    n, sums, squares = (
        np.where(known[:, np.newaxis], one, 0.0).sum(axis=1)
        for one in (seen.works, seen.gain, seen.square)
    )
    told = n > 0
    total, n_sides = n.sum(), int(told.sum())
    if total < LEAST_WORKS or n_sides < 2:  # noqa: PLR2004  (a variance between needs two)
        nothing = np.full(len(n), np.nan)
        return Premium(mean=nothing, doubt=nothing, spread=nothing, n=n)
    own = sums / np.maximum(n, 1)
    mean = sums.sum() / total
    within = float((squares - n * own**2)[told].sum() / (total - n_sides))
    scale = total - float((n**2).sum()) / total
    apart = float((n * (own - mean) ** 2)[told].sum()) - (n_sides - 1) * within
    between = max(apart / scale, 0.0)
    weight = n * between / (n * between + within) if between > 0 else np.zeros(len(n))
    return Premium(
        mean=np.where(known, weight * own + (1 - weight) * mean, np.nan),
        doubt=np.where(known, (1 - weight) * between, np.nan),
        spread=np.where(known, within, np.nan),
        n=n,
    )


def benefit(of: Premium, expected: Floats) -> Benefit:
    r"""Return what a first tie would bring each side, if it came about.

    With :math:`E` the joint works that are expected of two of their size and place, and works
    that come as Poisson, a tie that comes about at all has

    .. math:: m = E / (1 - e^{-E}), \qquad v = m (1 + E - m)

    of them on average, with variance *v*. What it would bring side *i*, and 95% of what may come,

    .. math:: G_{ij} = m \hat g_i, \qquad
              G_{ij} \mp 1.96 \sqrt{m s^2 + v \hat g_i^2 + m^2 (1 - z_i) t^2}

    hold the chance of how works are cited, of how many there will be, and of what is known of the
    side's premium (`premium`).

    Parameters
    ----------
    of
        What a joint work brings each side.
    expected
        Joint works expected of each pair, shape (n, n); NaN where they are not known.

    References
    ----------
    The definition is ours, after that of `fourseas explain benefit_balance` for ties that there
    are.
    """
    rate = np.where(expected > 0, expected, np.nan)
    works = rate / -np.expm1(-rate)
    of_number = np.maximum(works * (1 + rate - works), 0)
    mean, doubt, spread = (one[:, np.newaxis] for one in (of.mean, of.doubt, of.spread))
    reach = NORMAL_975 * np.sqrt(works * spread + of_number * mean**2 + works**2 * doubt)
    gain = works * mean
    np.fill_diagonal(gain, np.nan)
    return Benefit(works=works, gain=gain, low=gain - reach, high=gain + reach)
