"""Exposure: on how many lists a unit would stand if everybody asked."""

from __future__ import annotations

import numpy as np

from fourseas.models.separation import Floats
from fourseas.partners.candidates import Pool, objectives_of, offered
from fourseas.partners.choice import Terms, choice

CAP = 0.5
"""Part of all lists on which a unit may stand before it gives way to others."""

MOST_REQUESTERS = 60
"""So many units are let ask, spread evenly over the pool: the cost grows with its square."""


def exposure(pool: Pool, asked: Floats, terms: Terms) -> Floats:
    """Return the part of requesters on whose list each unit stands, from 0 to 1, shape (n,).

    Each asks for the same fields, without any cap.
    """
    n = len(pool.works)
    asking = np.unique(np.linspace(0, n - 1, min(n, MOST_REQUESTERS)).astype(np.int64))
    listed, could = np.zeros(n), np.full(n, float(len(asking)))
    nobody = np.zeros(n, dtype=bool)
    could[asking] -= 1
    of = offered(pool, asked)
    for values in objectives_of(pool, asking, of):
        listed[choice(values, pool.works, nobody, terms).places] += 1
    found: Floats = listed / np.maximum(could, 1)
    return found
