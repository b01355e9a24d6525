"""The list that is drawn from candidates: undominated, not the largest alone, not the same ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourseas.models.separation import Booleans, Floats, Integers
from fourseas.partners.dominance import is_undominated_of, n_dominated, ranked

LARGEST = 0.1
"""Part of the candidates, by size, that count as the largest."""

GUARANTEED = 0.3
"""Part of the places that is kept for others than the largest."""


NOT_COUNTED = -1
"""Of a candidate, in place of how many others it dominates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a list is drawn.

    Attributes
    ----------
    take
        Places on it.
    guaranteed
        Part of the places, from 0 to 1, kept for candidates outside the largest tenth.
    """

    take: int = 12
    guaranteed: float = GUARANTEED


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A list of candidates.

    Attributes
    ----------
    places
        Numbers of the candidates on it, in order.
    is_guaranteed
        Of each, whether it is there for the guaranteed places alone: one of the largest
        dominates it.
    n_undominated
        Candidates that nobody dominates, before the list was cut to its length.
    n_capped
        Of these, how many gave way because they are on too many lists.
    """

    places: Integers
    is_guaranteed: Booleans
    n_undominated: int
    n_capped: int


def are_largest(sizes: Floats, is_candidate: Booleans) -> Booleans:
    """Return who is in the largest tenth of the candidates, at least one, equals together."""
    of_candidates = np.sort(sizes[is_candidate])
    n_largest = max(1, round(LARGEST * len(of_candidates)))
    found: Booleans = is_candidate & (sizes >= of_candidates[-n_largest])
    return found


def choice(values: Floats, sizes: Floats, is_capped: Booleans, terms: Terms) -> Choice:
    """Draw a list from the undominated, with places for others than the largest.

    Those stand first of whom every objective is known, and of these those that dominate most
    others; equals keep their order. The guaranteed places
    go to the undominated among all who are not of the largest tenth. Who is capped gives way
    to others and comes back where places are left.

    Parameters
    ----------
    values
        Objectives, shape (n, k), more is better; NaN where not known. Who is known in none is no
        candidate.
    sizes
        What the largest are told by, shape (n,).
    is_capped
        Who is on too many lists already, shape (n,).
    terms
        Places, and how many are guaranteed.
    """
    is_candidate: Booleans = np.asarray(np.isfinite(values).any(axis=1))
    if not is_candidate.any():
        nobody = np.zeros(0, dtype=np.int64)
        return Choice(places=nobody, is_guaranteed=nobody.astype(bool), n_undominated=0, n_capped=0)
    ranks = ranked(values)
    undominated = is_undominated_of(ranks)
    others = np.flatnonzero(is_candidate & ~are_largest(sizes, is_candidate))
    of_tail = np.zeros(len(values), dtype=bool)
    of_tail[others] = is_undominated_of(ranks[others])

    beaten = np.full(len(values), NOT_COUNTED)
    is_whole: Booleans = np.asarray(np.isfinite(values).all(axis=1))

    def ordered(which: Booleans, n: int) -> list[int]:
        """Return the first of some; who comes after them for being unknown is not counted."""
        found = np.flatnonzero(which)
        group = 2 * is_capped[found] + ~is_whole[found]
        if len(found) > n:
            found = found[group <= np.sort(group)[n]]
        new = found[beaten[found] == NOT_COUNTED]
        beaten[new] = n_dominated(ranks[is_candidate], ranks[new])
        order = np.lexsort((-beaten[found], ~is_whole[found], is_capped[found]))
        return [int(i) for i in found[order][:n]]

    n_kept = int(np.ceil(terms.guaranteed * terms.take))
    kept = ordered(of_tail, n_kept)
    free = [i for i in ordered(undominated, terms.take + n_kept) if i not in kept]
    free = free[: terms.take - len(kept)]
    listed = np.zeros(len(values), dtype=bool)
    listed[[*kept, *free]] = True
    places = np.array(ordered(listed, terms.take), dtype=np.int64)
    return Choice(
        places=places,
        is_guaranteed=~undominated[places],
        n_undominated=int(undominated.sum()),
        n_capped=int((undominated & is_capped & ~listed).sum()),
    )
