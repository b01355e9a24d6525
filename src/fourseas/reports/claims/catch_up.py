"""Claim (b): those behind gain more from openness, given capacity."""

from __future__ import annotations

from fourseas.models.catch_up import MODEL
from fourseas.reports.claims.claim import Claim, Grid
from fourseas.reports.estimates.catch_up import catch_up_reading, estimated
from fourseas.reports.estimates.openness import chosen_in_short
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace


def grid(ws: Workspace) -> Grid:
    """Return openness x gap by every choice."""
    panels, found = estimated(ws)
    return Grid(
        estimates=chosen_in_short(row.interaction for row in found.rows),
        untested=found.untested,
        reading=catch_up_reading(panels, found, wording(ws).sources[panels.register]),
        registers=(panels.register, "countries"),
    )


CLAIM = Claim(
    name="catch-up",
    statement="Those behind rise more where they are open, given their capacity.",
    estimand=(
        "How much more growth of level, in logs, goes with ten points of openness where the gap is "
        "larger by one."
    ),
    data=(
        "Published tables of NCSES, 2003-2020, and R&D expenditure by GDP (World Bank); or works "
        "of a lake."
    ),
    model=MODEL.formula,
    refuted_by="An interaction of openness and gap that is 0 or below, in either form of the gap.",
    robustness=(
        "Logistic and exponential gap; fractional and full counting; two measures of openness; "
        "between and within countries; all fields together and single fields."
    ),
    not_shown=(
        "Whether openness brings it about. The share of excellent works is no technology; R&D "
        "expenditure stands for capacity in all fields alike; six periods are few."
    ),
    sign=1,
    grid=grid,
)
