"""Rivalry in joint work: whether two work together less than expected where strong and close.

The question that `rivalry` puts to citations is put to joint works by field, with a second
meaning of close: that two work on the same topics within the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fourseas.errors import NotComputableError
from fourseas.models.regression import Coefficient, Design, Fit, fit_ppml
from fourseas.models.rivalry import LevelMeasure, percentiles
from fourseas.models.separation import Floats, Integers, combined, n_levels

Closeness = Literal["level", "topics"]
CLOSENESS: dict[Closeness, str] = {
    "level": "level in the field",
    "topics": "topics within the field",
}
NEAR, LOWER, INTERACTION = "closeness", "lower", "closeness_x_lower"
LEAST_CELLS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class JointFlows:
    """Joint works of each two countries in each field, as arrays.

    Attributes
    ----------
    unit, partner, field
        Numbers of countries and fields, shape (n,); each pair stands there once each way.
    works
        Joint works, shape (n,); 0 where there are none.
    level
        Level of each country in each field, shape (countries, fields), by measure; NaN where it is
        not known.
    topics
        Closeness of topics within the field, shape (n,), NaN where it is not known; null where
        the register has no topics below fields.
    """

    unit: Integers
    partner: Integers
    field: Integers
    works: Floats
    level: Mapping[LevelMeasure, Floats]
    topics: Floats | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRow:
    """One estimate.

    Attributes
    ----------
    measure
        What level is.
    close
        What closeness is of.
    closeness, interaction
        Coefficients of closeness, at the mean lower level, and of closeness x lower level.
    n, n_pairs
        Cells, each pair once, and unordered pairs.
    n_left_out
        Cells left out because a level or closeness is not known, or joint works cannot tell.
    """

    measure: LevelMeasure
    close: Closeness
    closeness: Coefficient
    interaction: Coefficient
    n: int
    n_pairs: int
    n_left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRivalry:
    """All estimates, and why others are missing.

    Attributes
    ----------
    rows
        By measure of level and meaning of closeness.
    untested
        What could not be estimated, and why.
    """

    rows: tuple[JointRow, ...]
    untested: tuple[str, ...]


def joint_rivalry(flows: JointFlows) -> JointRivalry:
    r"""Estimate how joint works go with closeness where both are strong.

    .. math::

        E[C_{ijf}] = \exp(\beta_1\, near_{ijf} + \beta_2\, low_{ijf}
        + \beta_3\, near_{ijf} \times low_{ijf} + g_{ij} + a_{if} + b_{jf})

    by Poisson pseudo maximum likelihood, where :math:`low` is the lower of both percentiles by
    level within the field, :math:`near` one minus their difference, or the closeness of topics, and
    both are less their means. Of closeness in level the lower level has no estimate of its own: the
    effects and closeness hold it. Each pair stands there once each way and errors are clustered by
    pair.

    Raises
    ------
    NotComputableError
        Where no row can be estimated.
    """
    rows: list[JointRow] = []
    untested: list[str] = []
    for measure, level in flows.level.items():
        ranks = percentiles(level)
        sides = np.stack([ranks[part, flows.field] for part in (flows.unit, flows.partner)])
        nearness: dict[Closeness, Floats | None] = {
            "level": 1.0 - np.abs(sides[0] - sides[1]),
            "topics": flows.topics,
        }
        for close, near in nearness.items():
            if near is None:
                untested.append(f"the register has no topics below fields ({CLOSENESS[close]})")
                continue
            try:
                rows.append(_row(flows, (measure, close), near, sides.min(axis=0)))
            except NotComputableError as error:
                reason = error.problem.partition(", because ")[2].removesuffix(".")
                untested.append(f"{reason} ({CLOSENESS[close]}, by {measure})")
    if not rows:
        question = "Rivalry in joint works"
        remedy = "Take a lake with more works, or more years."
        raise NotComputableError.because(question, "; ".join(dict.fromkeys(untested)), remedy)
    return JointRivalry(rows=tuple(rows), untested=tuple(dict.fromkeys(untested)))


def _row(
    flows: JointFlows, named: tuple[LevelMeasure, Closeness], near: Floats, low: Floats
) -> JointRow:
    is_known = np.isfinite(near) & np.isfinite(low)
    positive = int((flows.works[is_known] > 0).sum()) // 2
    if positive < LEAST_CELLS:
        question = "This estimate"
        raise NotComputableError.because(
            question,
            f"{positive} pairs and fields have joint works, levels of both and known closeness, "
            f"and it takes {LEAST_CELLS}",
            "Take a lake with more works, or more years.",
        )
    close = near[is_known] - near[is_known].mean()
    lower = low[is_known] - low[is_known].mean()
    unit, partner, field = (part[is_known] for part in (flows.unit, flows.partner, flows.field))
    pairs = combined(np.minimum(unit, partner), np.maximum(unit, partner))
    regressors = {NEAR: close, INTERACTION: close * lower}
    if named[1] == "topics":
        regressors[LOWER] = lower
    fit: Fit = fit_ppml(
        Design(
            outcome=flows.works[is_known],
            regressors=regressors,
            effects={
                "pair": combined(unit, partner),
                "unit_field": combined(field, unit),
                "partner_field": combined(field, partner),
            },
            clusters={"pair": pairs},
        )
    )
    return JointRow(
        measure=named[0],
        close=named[1],
        closeness=fit.of(NEAR),
        interaction=fit.of(INTERACTION),
        n=fit.n // 2,
        n_pairs=n_levels(pairs[fit.is_used]),
        n_left_out=(len(flows.works) - fit.n) // 2,
    )
