"""Claim (a): openness goes with level."""

from __future__ import annotations

from fourseas.models.level import MODEL, level
from fourseas.reports.claims.claim import Claim, Grid
from fourseas.reports.estimates.level import level_reading
from fourseas.reports.estimates.openness import chosen_in_short, openness_panels
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace


def grid(ws: Workspace) -> Grid:
    """Return how level goes with openness by every choice, and with openness yet to come."""
    panels = openness_panels(ws, "How level goes with openness")
    found = level(panels.of)
    return Grid(
        estimates=chosen_in_short(found.rows),
        placebos=chosen_in_short(found.leads),
        untested=found.untested,
        reading=level_reading(panels, found, wording(ws).sources[panels.register]),
        registers=(panels.register,),
    )


CLAIM = Claim(
    name="level",
    statement="Countries that work more with others stand higher.",
    estimand=(
        "Points of the share of a country's works among the world's most cited that go with ten "
        "points more of openness."
    ),
    data="Published tables of NCSES: 133 economies, 14 fields, 2003-2020; or works of a lake.",
    model=MODEL.formula,
    refuted_by=(
        "No association, or a negative one, in either counting, between and within countries; or "
        "one with openness that is yet to come."
    ),
    robustness=(
        "Fractional and full counting; two measures of openness; between and within countries; all "
        "fields together and single fields. Placebo: the next period's openness."
    ),
    not_shown=(
        "Which way it goes, and whether anything brings it about. An excellent joint work is in "
        "openness and in level at once; works at home alone would tell, where a register has them."
    ),
    sign=1,
    grid=grid,
)
