"""Panels of countries in fields and periods in which an association is planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fourseas.models.openness import Panel
from fourseas.models.separation import Floats, Integers

N_COUNTRIES, N_FIELDS, N_PERIODS = 30, 4, 6


def places() -> tuple[Integers, Integers, Integers]:
    """Return country, field and period of each row."""
    square = np.indices((N_COUNTRIES, N_FIELDS, N_PERIODS)).reshape(3, -1).astype(np.int64)
    return square[0], square[1], square[2] - (N_PERIODS - 1)


def panel(openness: Floats, level: Floats) -> Panel:
    """Return a panel of one openness and one level, by all measures alike."""
    country, field, period = places()
    return Panel(
        country=country,
        field=field,
        period=period,
        openness={"international": openness, "abroad": openness},
        level={"fractional": level, "full": level, "home": level},
        joint_level=level,
        output=np.full(len(level), 1000.0),
        years=(2003, 2020),
        score="top_1",
        n_small=0,
        countries=tuple(f"C{i:02}" for i in range(N_COUNTRIES)),
        fields=tuple(f"f{i}" for i in range(N_FIELDS)),
    )


def open_countries(rng: np.random.Generator) -> Floats:
    """Return openness that differs between countries and moves within them, from 0 to 1."""
    country, field, _ = places()
    own = rng.normal(0, 0.6, (N_COUNTRIES, N_FIELDS))[country, field]
    shares: Floats = 1 / (1 + np.exp(-own - rng.normal(0, 0.6, len(country))))
    return shares


def level_world(seed: int, *, within: float, between: float) -> Panel:
    """Return levels that move with openness within countries, and differ with its mean between.

    Effects are in points of level for ten points of openness.
    """
    rng = np.random.default_rng(seed)
    country, field, period = places()
    openness = open_countries(rng)
    means = np.zeros((N_COUNTRIES, N_FIELDS))
    np.add.at(means, (country, field), openness / N_PERIODS)
    mean = means[country, field]
    points = 2 + 10 * (between * mean + within * (openness - mean))
    points += 0.1 * rng.normal(0, 1, (N_FIELDS, N_PERIODS))[field, period]
    points += 0.1 * rng.normal(0, 1, (N_COUNTRIES, N_FIELDS))[country, field]
    return panel(openness, (points + rng.normal(0, 0.1, len(points))) / 100)


def without(of: Panel, measure: str) -> Panel:
    """Return the panel without one measure of level."""
    unknown = np.full(len(of.country), np.nan)
    return replace(
        of, level={name: unknown if name == measure else x for name, x in of.level.items()}
    )
