"""Claim (f): bought technology pays only with own capacity."""

from __future__ import annotations

from fourseas.models.bought_technology import CAPACITIES, bought_technology
from fourseas.models.openness import SCORES
from fourseas.reports.claims.claim import Claim, Grid
from fourseas.reports.estimates.openness import (
    Panels,
    by_period,
    chosen_in_short,
    openness_panels,
)
from fourseas.reports.panel import Reading
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace


def grid(ws: Workspace) -> Grid:
    """Return payments x capacity by every choice."""
    panels = openness_panels(ws, "Growth with bought technology")
    panel = panels.first
    payments = by_period(ws, panel, "ip_payments_usd") / by_period(ws, panel, "gdp_usd")
    capacity = {name: by_period(ws, panel, name) for name in CAPACITIES}
    return Grid(
        estimates=chosen_in_short(bought_technology(panel, payments, capacity)),
        reading=_reading(panels, wording(ws).sources[panels.register]),
        registers=(panels.register, "countries"),
    )


def _reading(panels: Panels, source: str) -> Reading:
    first, last = panels.first.years
    return Reading(
        definition=(
            "ln y_t+1 / y_t = b1 pay + b2 cap + b3 pay cap + d_t (+ a_c), by least squares. pay: "
            "log of payments for the use of foreign intellectual property by GDP; cap: log of own "
            "capacity, R&D expenditure by GDP or researchers by people; both of period t, less "
            "their means (World Bank). y: fractional works, or their share in the world's "
            f"{SCORES[panels.first.score]}. {first}-{last} in periods of three years."
        ),
        counting="Fractional.",
        source=source,
        n="Changes of countries in each row.",
        bounds="95% intervals by Student's t, errors clustered by country.",
        coverage=(
            "Countries with 100 fractional works a year whose payments and capacity are known. Not "
            "done: firms, sectors, products, joint ventures, machines, purchases within groups."
        ),
    )


CLAIM = Claim(
    name="bought-technology",
    statement="Output rises with bought technology only where own capacity is high.",
    estimand=(
        "How much more later growth, in logs, goes with the log of payments for foreign "
        "intellectual property by GDP where the log of own capacity is higher by one."
    ),
    data="Payments for IP, R&D expenditure, researchers (World Bank); output and level of NCSES.",
    model="ln y_t+1 / y_t = b1 pay + b2 cap + b3 pay cap + d_t (+ a_c)",
    refuted_by="An interaction of payments and capacity that is 0 or below.",
    robustness=(
        "Growth of works and of their level; capacity by R&D expenditure and by researchers; "
        "between and within countries."
    ),
    not_shown=(
        "Whether bought technology pays: papers are not what it is bought for, and payments move "
        "with where groups book them. That would take output of firms by sector, with what each "
        "bought and from whom. Whether buying it works is contested: studies of "
        "firms find transfer in joint ventures, and that own R&D complements it."
    ),
    sign=1,
    grid=grid,
)
