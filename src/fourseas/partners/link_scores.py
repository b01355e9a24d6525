r"""Scores of pairs by what is known of their links alone: the baselines of partner advice.

A score says which of two pairs comes first and is no probability. Links are a symmetric sparse
matrix of weights of at least 0 with nothing on its diagonal; a pair is a row and a column of it.
Pairs that hold no link are what is asked for, but any pair can be scored.

The neighbours of *i* are :math:`N_i`, the weight of a link :math:`w_{ij}`, and the size of *i* is
:math:`d_i = \sum_z w_{iz}^2`, which is the number of its neighbours where all weights are 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

Score = Callable[[sparse.csr_array, Integers, Integers], Floats]


def common_neighbours(links: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    r"""Return the weight of paths of two links between each pair.

    .. math:: CN_{ij} = \sum_{z \in N_i \cap N_j} w_{iz} w_{zj}

    Parameters
    ----------
    links
        Weights, shape (n, n), symmetric, with nothing on the diagonal.
    left, right
        Numbers of both sides, shape (m,) each.

    Returns
    -------
    Floats
        Shape (m,), from 0; where all weights are 1, how many neighbours both have.

    References
    ----------
    Newman (2001), Physical Review E 64, 025102.
    """
    return _through(links, np.ones(links.shape[0]), left, right)


def adamic_adar(links: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    r"""Return common neighbours of each pair, those with many links counting for less.

    .. math:: AA_{ij} = \sum_{z \in N_i \cap N_j} \frac{w_{iz} w_{zj}}{\ln d_z}

    Weights are at least 1, as counts are: for less the logarithm turns its sign. Shapes as of
    `common_neighbours`.

    References
    ----------
    Adamic & Adar (2003), Social Networks 25(3), 211-230.
    """
    size = _size(links)
    n_links = np.diff(links.indptr)
    is_between = n_links > 1
    assert (size[is_between] > 1).all(), "weights below 1 have no logarithm to divide by"
    by_size = np.zeros(len(size))
    by_size[is_between] = 1 / np.log(size[is_between])
    return _through(links, by_size, left, right)


def resource_allocation(links: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    r"""Return what one side would receive if the other dealt a unit to all through neighbours.

    .. math:: RA_{ij} = \sum_{z \in N_i \cap N_j} \frac{w_{iz} w_{zj}}{d_z}

    Shapes as of `common_neighbours`.

    References
    ----------
    Zhou, Lu & Zhang (2009), European Physical Journal B 71, 623-630.
    """
    return _through(links, _inverse(_size(links)), left, right)


def preferential_attachment(links: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    r"""Return the product of sizes: those with many links find each other.

    .. math:: PA_{ij} = d_i d_j

    Shapes as of `common_neighbours`.

    References
    ----------
    Liben-Nowell & Kleinberg (2007), Journal of the American Society for Information Science and
    Technology 58(7), 1019-1031.
    """
    size = _size(links)
    product: Floats = size[left] * size[right]
    return product


def jaccard(links: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    r"""Return the part of all neighbours of a pair that both have.

    .. math:: J_{ij} = \frac{CN_{ij}}{d_i + d_j - CN_{ij}}

    From 0 to 1; 0 where neither has a neighbour. Shapes as of `common_neighbours`.

    References
    ----------
    Liben-Nowell & Kleinberg (2007), as of `preferential_attachment`.
    """
    size, both = _size(links), common_neighbours(links, left, right)
    return _part(both, size[left] + size[right] - both)


def association(links: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    r"""Return common neighbours against what the sizes of both would lead to.

    .. math:: AS_{ij} = \frac{CN_{ij}}{d_i d_j}

    From 0; 0 where a side has no neighbour. Shapes as of `common_neighbours`.

    References
    ----------
    van Eck & Waltman (2009), Journal of the American Society for Information Science and
    Technology 60(8), 1635-1651, of neighbours instead of joint occurrences.
    """
    size = _size(links)
    return _part(common_neighbours(links, left, right), size[left] * size[right])


def probabilistic_affinity(links: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    r"""Return the weight of the link of each pair against what those of both would lead to.

    .. math:: PAI_{ij} = \frac{w_{ij} T}{s_i s_j}, \quad s_i = \sum_z w_{iz}, \quad T = \sum_i s_i

    1 where links are as if drawn at random, and 0 for every pair that has no link: it tells
    such pairs apart only where weak links do not count as links. Shapes as of
    `common_neighbours`.

    References
    ----------
    Zitt, Bassecoulard & Okubo (2000), Scientometrics 47(3), 627-657.
    """
    strength = links.sum(axis=1)
    weight = weights_at(links, left, right)
    return _part(weight * strength.sum(), strength[left] * strength[right])


def gravity_expected(expected: Floats, left: Integers, right: Integers) -> Floats:
    """Return what a gravity equation expects of each pair, read off its fitted values.

    Parameters
    ----------
    expected
        Fitted values of all pairs, shape (n, n), in works; NaN where a pair's distance is unknown.
    left, right
        Numbers of both sides, shape (m,) each.

    Returns
    -------
    Floats
        Shape (m,), in works; what is unknown is 0 and so comes last.

    References
    ----------
    Santos Silva & Tenreyro (2006), Review of Economics and Statistics 88(4), 641-658.
    """
    found: Floats = np.nan_to_num(expected[left, right], nan=0.0)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkScore:
    """A score with what a reader needs to know of it.

    Attributes
    ----------
    name
        By which data call it.
    title
        By which a table calls it.
    formula
        In one line.
    score
        From links and pairs to scores.
    """

    name: str
    title: str
    formula: str
    score: Score


LINK_SCORES: tuple[LinkScore, ...] = (
    LinkScore(
        name="common_neighbours",
        title="common neighbours",
        formula="sum over common neighbours z of w_iz w_zj",
        score=common_neighbours,
    ),
    LinkScore(
        name="adamic_adar",
        title="Adamic-Adar",
        formula="sum over common neighbours z of w_iz w_zj / ln d_z",
        score=adamic_adar,
    ),
    LinkScore(
        name="resource_allocation",
        title="resource allocation",
        formula="sum over common neighbours z of w_iz w_zj / d_z",
        score=resource_allocation,
    ),
    LinkScore(
        name="preferential_attachment",
        title="preferential attachment",
        formula="d_i d_j",
        score=preferential_attachment,
    ),
    LinkScore(
        name="jaccard",
        title="Jaccard",
        formula="CN / (d_i + d_j - CN)",
        score=jaccard,
    ),
    LinkScore(
        name="association",
        title="association of neighbours",
        formula="CN / (d_i d_j)",
        score=association,
    ),
    LinkScore(
        name="probabilistic_affinity",
        title="affinity",
        formula="w_ij T / (s_i s_j)",
        score=probabilistic_affinity,
    ),
)
"""Scores that links alone give, in the order of tables."""


def _through(links: sparse.csr_array, worth: Floats, left: Integers, right: Integers) -> Floats:
    """Return the weight of paths of two links between pairs, by the worth of who is between."""
    paths = sparse.csr_array(links * worth[np.newaxis, :]) @ links
    return weights_at(paths, left, right)


def weights_at(values: sparse.csr_array, left: Integers, right: Integers) -> Floats:
    """Return the value of each pair in a sparse matrix, shape (m,); 0 where it holds none."""
    # Without this, no pair at all gives an empty matrix and no array.
    if not len(left):
        return np.zeros(0)
    return np.asarray(values[left, right], dtype=np.float64).reshape(-1)


def _size(links: sparse.csr_array) -> Floats:
    size: Floats = np.asarray(links.power(2).sum(axis=1), dtype=np.float64)
    return size


def _inverse(values: Floats) -> Floats:
    return _part(np.ones(len(values)), values)


def _part(numerator: Floats, denominator: Floats) -> Floats:
    """Return quotients, 0 where there is nothing to divide by."""
    found: Floats = np.divide(
        numerator, denominator, out=np.zeros(len(numerator)), where=denominator > 0
    )
    return found
