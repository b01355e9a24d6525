"""Hold-out in time: what was known up to a year, and which ties started after it.

What is predicted from and what is predicted are cut apart here, once: `before` gives what a
forecast may see, and nothing else is handed to one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import sparse

from fourseas.partners.link_scores import Floats, Integers, probabilistic_affinity, weights_at
from fourseas.partners.rankings import Booleans

RECENT_YEARS = 5
"""Last years of training: who has a link in them is taking part, and links of them count."""

Threshold = Literal["any", "above_expectation"]
THRESHOLDS: dict[Threshold, str] = {
    "any": "any joint work",
    "above_expectation": "more joint works than expected",
}
"""What makes a pair linked: a joint work, or more of them than the links of both lead to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Years that are learned from and years that are predicted.

    Attributes
    ----------
    train_to
        Last year that a forecast may see.
    first, last
        Years in which ties may start.
    """

    train_to: int
    first: int
    last: int

    @property
    def n_years(self) -> int:
        """How many years are predicted."""
        return self.last - self.first + 1

    def earlier(self) -> Split:
        """Return a split of the same shape that ends before this one's training does."""
        back = 2 * self.n_years
        return Split(train_to=self.train_to - back, first=self.first - back, last=self.last - back)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Joint works by year, each unordered pair once a year, shape (m,) each.

    Attributes
    ----------
    left, right
        Numbers of both units.
    year
        Of the joint works.
    works
        How many, above 0.
    """

    left: Integers
    right: Integers
    year: Integers
    works: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Works by unit, field and year, shape (m,) each.

    Attributes
    ----------
    unit, field
        Their numbers.
    year
        Of the works.
    works
        How many, fractional where known.
    """

    unit: Integers
    field: Integers
    year: Integers
    works: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that a back-test is made from.

    Attributes
    ----------
    n_units
        How many units there are.
    ties, profiles
        With their years.
    apart
        What does not change between two units, shape (n_units, n_units) each, by name; nothing
        where units have no place.
    """

    n_units: int
    ties: Ties
    profiles: Profiles
    apart: Mapping[str, Floats]

    def before(self, train_to: int) -> Material:
        """Return what was known at the end of a year."""
        return replace(
            self,
            ties=_kept(self.ties, self.ties.year <= train_to),
            profiles=_of(self.profiles, self.profiles.year <= train_to),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What a forecast sees.

    Attributes
    ----------
    works
        Joint works of the recent years, shape (n, n), symmetric.
    links
        1 for each pair that counts as linked in them.
    threshold
        By which it does.
    profiles, apart
        As of `Material`.
    left, right
        Candidates: pairs of units with a link in the recent years, not linked themselves.
    first_year, last_year
        The recent years.
    """

    works: sparse.csr_array
    links: sparse.csr_array
    threshold: Threshold
    profiles: Profiles
    apart: Mapping[str, Floats]
    left: Integers
    right: Integers
    first_year: int
    last_year: int

    @property
    def is_active(self) -> Booleans:
        """Whether each unit takes part, shape (n,)."""
        active: Booleans = np.diff(self.works.indptr) > 0
        return active


def training(known: Material, train_to: int, threshold: Threshold) -> Training:
    """Return what is known as links, profiles and candidates.

    By any joint work, candidates are pairs without one in all years known. By expectation they
    are pairs whose affinity in the recent years is 1 or less, joint works or not.
    """
    assert not len(known.ties.year) or known.ties.year.max() <= train_to
    first = train_to - RECENT_YEARS + 1
    works = matrix(_kept(known.ties, known.ties.year >= first), known.n_units)
    active = np.flatnonzero(np.diff(works.indptr) > 0).astype(np.int64)
    a, b = np.triu_indices(len(active), 1)
    left, right = active[a], active[b]
    if threshold == "any":
        links = sparse.csr_array((works > 0).astype(np.float64))
        is_linked = weights_at(matrix(known.ties, known.n_units), left, right) > 0
    else:
        is_linked = probabilistic_affinity(works, left, right) > 1
        half = sparse.coo_array(
            (np.ones(int(is_linked.sum())), (left[is_linked], right[is_linked])), works.shape
        )
        links = sparse.csr_array(half + half.T)
    return Training(
        works=works,
        links=links,
        threshold=threshold,
        profiles=_of(known.profiles, known.profiles.year >= first),
        apart=known.apart,
        left=left[~is_linked],
        right=right[~is_linked],
        first_year=first,
        last_year=train_to,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of candidates in the years after, shape (m,) each.

    Attributes
    ----------
    came
        Whether they became linked.
    works
        Their joint works in these years.
    """

    came: Booleans
    works: Floats


def outcome(every: Material, seen: Training, split: Split, threshold: Threshold) -> Outcome:
    """Return what became of the candidates of a training."""
    is_after = (every.ties.year >= split.first) & (every.ties.year <= split.last)
    later = matrix(_kept(every.ties, is_after), every.n_units)
    works = weights_at(later, seen.left, seen.right)
    if threshold == "any":
        return Outcome(came=works > 0, works=works)
    return Outcome(came=probabilistic_affinity(later, seen.left, seen.right) > 1, works=works)


def matrix(ties: Ties, n_units: int) -> sparse.csr_array:
    """Return joint works of all years together, shape (n, n), symmetric."""
    half = sparse.coo_array((ties.works, (ties.left, ties.right)), shape=(n_units, n_units))
    return sparse.csr_array(half + half.T)


def _kept(ties: Ties, rows: Booleans) -> Ties:
    return Ties(
        left=ties.left[rows], right=ties.right[rows], year=ties.year[rows], works=ties.works[rows]
    )


def _of(profiles: Profiles, rows: Booleans) -> Profiles:
    return Profiles(
        unit=profiles.unit[rows],
        field=profiles.field[rows],
        year=profiles.year[rows],
        works=profiles.works[rows],
    )
