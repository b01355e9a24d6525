"""Claim (d): those who write the rules gain more from joint work."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.models.gains import BODY, FIELD, gains, gains_by_rank
from fourseas.models.openness import SCORES
from fourseas.models.verdict import Estimate
from fourseas.reports.claims.claim import Claim, Grid, why
from fourseas.reports.estimates.openness import SINGLE, openness_panels
from fourseas.reports.panel import Reading
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.workspace import Workspace

BODIES = {"rfc": "IETF", "3gpp": "3GPP"}
FIELDS = {
    "computer-and-information-sciences": "computing",
    "engineering": "engineering",
}
"""Fields that telecommunication and computing come from."""
RANKED = "part in standards"
RANKS = {
    "standards_to_science": "per science",
    "participation": "as it is",
}
YEARS = 5


def grid(ws: Workspace) -> Grid:
    """Return how gains of joint works go with the rank in writing standards."""
    panels = openness_panels(ws, "Whether those who write rules gain more")
    panel = panels.of.get(SINGLE)
    fields = {} if panel is None else {f: n for f, n in FIELDS.items() if f in panel.fields}
    if panel is None or not fields:
        question = "Whether those who write rules gain more"
        raise NotComputableError.because(
            question,
            f"{panels.register} has no level of countries in {' or '.join(FIELDS.values())}",
            "Add the register ncses.",
        )
    last = panels.first.years[1]
    ranks = _ranks(ws, last)
    estimates: list[Estimate] = []
    untested: list[str] = []
    for body, body_name in BODIES.items():
        for field, field_name in fields.items():
            of = gains(panel, panel.fields.index(field))
            for column, words in RANKS.items():
                measured = ranks[body][column].reindex(list(panel.countries)).to_numpy(np.float64)
                choices = {BODY: body_name, FIELD: field_name, RANKED: words}
                try:
                    estimates += gains_by_rank(of, measured, choices)
                except NotComputableError as error:
                    untested.append(f"{body_name}, {field_name}: {why(error)}")
    if not estimates:
        question = "Whether those who write rules gain more"
        raise NotComputableError.because(
            question, "; ".join(dict.fromkeys(untested)), "Add the registers rfc and 3gpp."
        )
    return Grid(
        estimates=tuple(estimates),
        untested=tuple(dict.fromkeys(untested)),
        reading=_reading(estimates, SCORES[panel.score], last, wording(ws).sources),
        registers=(panels.register, *BODIES),
    )


def _ranks(ws: Workspace, last: int) -> dict[str, pd.DataFrame]:
    """Return the part of each country with authors in each body's standards over five years."""
    table = ws.table("rule_making")
    chosen = table.filter(
        (table.unit_type == "country")
        & (table.credit > 0)
        & (table.scheme == ALL)
        & (table.years == YEARS)
        & (table.year == last)
    ).select("register", "unit_id", *RANKS)
    found: pd.DataFrame = chosen.to_pandas()
    return {body: found[found.register == body].set_index("unit_id") for body in BODIES}


def _reading(
    estimates: list[Estimate], score: str, last: int, source: Mapping[str, str]
) -> Reading:
    n = max(one.n for one in estimates)
    named = " ".join(source[name] for name in ("ncses", *BODIES) if name in source)
    return Reading(
        definition=(
            f"gain_c = b rank_c (+ c L_c), by least squares. Gain: share in the world's {score} of "
            "joint works, each by the credit that others hold in it, against the country's own in "
            f"fractional counting, in points or as the log of the ratio, mean of two periods to "
            f"{last}. Rank: from 0 to 1 by the part in "
            f"authorship of standards of {last - YEARS + 1}-{last}, as it is or by its part in "
            "science. The own level is left free or held fixed."
        ),
        counting="Fractional; joint works by what full and fractional counting differ by.",
        source=named,
        n=f"Up to {n} countries that have a level in the field and a part in the standards.",
        bounds="95% intervals by Student's t, robust to unequal variance.",
        coverage=(
            "Two bodies of standards. Countries without any author there are not ranked. Not done: "
            "joint works of those who write standards, other bodies, years before."
        ),
    )


CLAIM = Claim(
    name="rule-makers",
    statement="Those who write the rules gain more from joint work.",
    estimand=(
        "How much more joint works stand above the own level, in the unit of the row, for the "
        "first in writing standards than for the last."
    ),
    data="Authors of RFCs and 3GPP specifications; levels of NCSES in computing and engineering.",
    model="gain_c = b rank_c (+ c L_c) + u_c",
    refuted_by="A gain that does not rise with the part in writing standards.",
    robustness=(
        "Two bodies; two fields; part in standards as it is and by part in science; gain as a "
        "difference and as a ratio; own level left free and held fixed."
    ),
    not_shown=(
        "Gains in markets, licenses or power to set terms: a gain here is in the standing of joint "
        "papers alone. One cross-section of countries shows no order in time."
    ),
    sign=1,
    grid=grid,
)
