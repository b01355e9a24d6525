"""Claim (c): prevention shows only where levels are high and close in a field."""

from __future__ import annotations

from fourseas.models.rivalry import AS_LOWEST, IN_THIRDS, MODEL, WITHOUT_PAIR, LevelMeasure
from fourseas.models.verdict import Estimate
from fourseas.reports.claims.claim import Claim, Grid
from fourseas.reports.estimates.rivalry import LEFT_OUT, estimated, rivalry_reading
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

LEVEL, VARIANT = "meaning of level", "variant"
SHORT: dict[LevelMeasure, str] = {"share": "share in top 1%", "volume": "number in top 1%"}
VARIANTS = {
    "": "main",
    IN_THIRDS: "levels in thirds",
    AS_LOWEST: "unpublished as lowest",
    WITHOUT_PAIR: f"without {' and '.join(LEFT_OUT)}",
}


def grid(ws: Workspace) -> Grid:
    """Return closeness x lower level by both measures of level and all variants."""
    found, register, year = estimated(ws, placebos=0)
    return Grid(
        estimates=tuple(
            Estimate(
                choices={LEVEL: SHORT[row.measure], VARIANT: VARIANTS[row.variant]},
                coefficient=row.interaction,
                n=row.n,
                n_clusters=row.n_pairs,
            )
            for row in found.rows
        ),
        reading=rivalry_reading(found, wording(ws).sources[register], year),
        registers=(register,),
    )


CLAIM = Claim(
    name="rivalry",
    statement="Prevention shows only where two are both strong and close in a field.",
    estimand=(
        "Change of the log of citations against expectation with closeness of level where the "
        "lower level is higher; below 0, the strong and close cite each other less."
    ),
    data="Relative citation index of NCSES: 42 economies, 14 fields, 2020; levels of 2016-2020.",
    model=MODEL.formula,
    refuted_by="An interaction of closeness and lower level of 0 or above by a measure of level.",
    robustness=(
        "Level by the share and by the number of works in the top 1%; levels in thirds; "
        "unpublished levels as the lowest; without the United States and China. `fourseas model "
        "rivalry` adds levels dealt out at random."
    ),
    not_shown=(
        "Prevention: rules that hold research back leave no record in citations. Closeness of "
        "topics is not seen in broad fields."
    ),
    sign=-1,
    grid=grid,
)
