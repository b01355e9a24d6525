"""Claim (e): cooperation on shared challenges benefits both sides."""

from __future__ import annotations

from fourseas.errors import NotComputableError
from fourseas.models.gains import FIELD, LAST_PERIODS, gains, mean_gains
from fourseas.models.openness import PERIOD_YEARS, SCORES, Panel
from fourseas.models.verdict import Estimate
from fourseas.reports.claims.claim import Claim, Grid, why
from fourseas.reports.estimates.openness import SINGLE, openness_panels
from fourseas.reports.panel import Reading
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

SHARED = {
    "health-sciences": "health",
    "natural-resources-and-conservation": "natural resources",
    "geosciences-atmospheric-sciences-and-ocean-sciences": "earth and oceans",
}
"""Fields of NCSES that stand for shared challenges: nearest to disease, nature and climate."""
QUESTION = "Whether joint works on shared challenges stand above both sides' own"


def grid(ws: Workspace) -> Grid:
    """Return the gains of those ahead and behind in fields of shared challenges, and in others."""
    panels = openness_panels(ws, QUESTION)
    panel = panels.of.get(SINGLE)
    if panel is None or not set(SHARED) & set(panel.fields):
        raise NotComputableError.because(
            QUESTION,
            f"{panels.register} has no level of countries in {', '.join(SHARED.values())}",
            "Add the register ncses.",
        )
    shared: list[Estimate] = []
    others: list[Estimate] = []
    untested: list[str] = []
    for number, field in enumerate(panel.fields):
        name = SHARED.get(field, field.replace("-", " "))
        try:
            found = mean_gains(gains(panel, number), {FIELD: name})
        except NotComputableError as error:
            untested.append(f"{name}: {why(error)}")
            continue
        (shared if field in SHARED else others).extend(found)
    if not shared:
        raise NotComputableError.because(QUESTION, "; ".join(untested), "Add the register ncses.")
    return Grid(
        estimates=tuple(shared),
        placebos=tuple(others),
        untested=tuple(untested),
        reading=_reading(panel, wording(ws).sources[panels.register]),
        registers=(panels.register,),
    )


def _reading(panel: Panel, source: str) -> Reading:
    last = panel.years[1]
    first = last - LAST_PERIODS * PERIOD_YEARS + 1
    return Reading(
        definition=(
            f"Mean gain. Gain: share in the world's {SCORES[panel.score]} of joint works, each by "
            "the credit that others hold in it, against the country's own in fractional counting, "
            f"in points or as the log of the ratio, {first}-{last}. Ahead and behind: upper and "
            "lower third by own level in the field."
        ),
        counting="Fractional; joint works by what full and fractional counting differ by.",
        source=source,
        n="Countries and periods of each side in its row.",
        bounds="95% intervals by Student's t, errors clustered by country.",
        coverage=(
            "Countries with 100 fractional works a year in the field and a level above 0. Not "
            "done: joint works of one ahead with one behind apart from others, topics within "
            "fields, a comparison with works that would have been written alone."
        ),
    )


CLAIM = Claim(
    name="challenges",
    statement="Joint work on shared challenges stands above the own level of both sides.",
    estimand=(
        "How far joint works stand above the own level, for those ahead and those behind, in the "
        "unit of the row."
    ),
    data="Levels of NCSES in both countings: health, natural resources, and earth, air and oceans.",
    model="mean of gain_cft by side and field",
    refuted_by="A side for which joint works do not stand above its own level.",
    robustness=(
        "Three fields; those ahead and those behind; gain as a difference and as a ratio. Placebo: "
        "the same in fields that are no shared challenge, where nothing special should show."
    ),
    not_shown=(
        "Benefit: more is meant by it than citations, and good partners choose good partners. The "
        "two sides are all countries ahead and behind, not the two of each joint work."
    ),
    sign=1,
    grid=grid,
)
