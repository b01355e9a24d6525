"""Rivalry as a card: the grid of estimates, the verdict and its reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.models.regression import Coefficient
from fourseas.models.rivalry import (
    LEVEL_MEASURES,
    LEVEL_YEARS,
    MODEL,
    PLACEBOS,
    WITHOUT_PAIR,
    CitationFlows,
    LevelMeasure,
    Rivalry,
    rivalry,
)
from fourseas.models.separation import Floats
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.estimates.coefficients import coefficient_plot
from fourseas.reports.estimates.joint_rivalry import joint_estimates
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

LEFT_OUT = ("US", "CN")
"""The pair that is most spoken of; a variant leaves it out."""

ASKED = "Do countries cite each other less than expected in fields where both are strong and close?"
NO_EFFECT = (
    "An association and no effect, of citations and not of prevention: rules that hold research "
    "back leave no record in these data."
)

GRID = (
    Heading("level", "level is the"),
    Heading("variant", "variant"),
    Heading("interaction", "closeness x lower level", "effect"),
    Heading("se", "standard error", "finer_ratio"),
    Heading("low", "95% interval from", "effect"),
    Heading("high", "to", "effect"),
    Heading("closeness", "closeness", "effect"),
    Heading("closeness_se", "its error", "finer_ratio"),
    Heading("n", "cells", "count"),
    Heading("n_pairs", "pairs", "count"),
)


def rivalry_card(ws: Workspace) -> Card:
    """Return the grid of rivalry with its verdict.

    Raises
    ------
    NotComputableError
        Where the lake has no citation index of countries by field.
    """
    return _card(ws, *estimated(ws))


def estimated(ws: Workspace, *, placebos: int = PLACEBOS) -> tuple[Rivalry, str, int]:
    """Return the grid of rivalry, the register that it is from, and the year.

    Raises
    ------
    NotComputableError
        Where the lake has no citation index of countries by field.
    """
    observed: pd.DataFrame = MODEL.observations.compute(
        *(ws.table(spec.name) for spec in MODEL.reads)
    ).to_pandas()
    if observed.empty:
        question = "Rivalry"
        raise NotComputableError.because(
            question,
            "the lake has no citation index of countries by field",
            "Add the register ncses, or build the embedded registers with `fourseas demo`.",
        )
    register, year = str(observed.register.iloc[0]), int(observed.year.max())
    of_year = observed[(observed.register == register) & (observed.year == year)]
    countries = sorted({*of_year.unit_id} | {*of_year.partner_id})
    fields = sorted({*of_year.field_id})
    pair = tuple(countries.index(code) for code in LEFT_OUT if code in countries)
    found = rivalry(
        _flows(of_year, countries, fields),
        without_pair=(pair[0], pair[1]) if len(pair) == len(LEFT_OUT) else None,
        placebos=placebos,
    )
    return found, register, year


def _flows(rows: pd.DataFrame, countries: list[str], fields: list[str]) -> CitationFlows:
    """Read observations as arrays."""
    place = {code: i for i, code in enumerate(countries)}
    of_field = {field: i for i, field in enumerate(fields)}
    citing = np.asarray(rows.unit_id.map(place), dtype=np.int64)
    cited = np.asarray(rows.partner_id.map(place), dtype=np.int64)
    field = np.asarray(rows.field_id.map(of_field), dtype=np.int64)

    def level(measure: LevelMeasure) -> Floats:
        values = np.full((len(countries), len(fields)), np.nan)
        values[citing, field] = rows[f"unit_{measure}"].to_numpy(np.float64)
        values[cited, field] = rows[f"partner_{measure}"].to_numpy(np.float64)
        return values

    return CitationFlows(
        citing=citing,
        cited=cited,
        field=field,
        index=rows.relative_citation_index.to_numpy(np.float64),
        level={measure: level(measure) for measure in LEVEL_MEASURES},
    )


def _card(ws: Workspace, found: Rivalry, register: str, year: int) -> Card:
    words = wording(ws)
    grid = _grid(found)
    reading = rivalry_reading(found, words.sources[register], year)
    plotted = [
        {
            "regressor": f"{row['level']}; {row['variant']}",
            "estimate": row["interaction"],
            "low": row["low"],
            "high": row["high"],
        }
        for row in grid
    ]
    return Card(
        title=f"Rivalry in citations, {year}: {found.verdict}",
        lead=(
            f"{ASKED} The verdict is {found.verdict}: {found.reason}.",
            *_main(found),
            NO_EFFECT,
        ),
        pictures=(
            Picture(
                name="interactions",
                title="Closeness x lower level, by measure of level and variant.",
                spec=coefficient_plot(
                    plotted, title="change of the log of citations against expectation"
                ),
                reading=reading,
            ),
        ),
        sheets=(
            Sheet(
                name="grid",
                title="All estimates; below 0, strong and close countries cite each other less.",
                headings=GRID,
                rows=grid,
                reading=reading,
            ),
            _placebos(found, reading),
            _untested(ws, register, reading),
        ),
        sources=sources(ws, [register]),
        citation=citation(ws),
    )


def _grid(found: Rivalry) -> Rows:
    return [
        {
            "level": LEVEL_MEASURES[row.measure],
            "variant": {"": "main", WITHOUT_PAIR: f"without {' and '.join(LEFT_OUT)}"}.get(
                row.variant, row.variant
            ),
            "interaction": row.interaction.estimate,
            "se": row.interaction.se,
            "low": row.interaction.low,
            "high": row.interaction.high,
            "closeness": row.closeness.estimate,
            "closeness_se": row.closeness.se,
            "n": row.n,
            "n_pairs": row.n_pairs,
        }
        for row in found.rows
    ]


def _main(found: Rivalry) -> tuple[str, ...]:
    """Say the main estimate of each measure."""
    told = "; ".join(
        f"{_told(row.interaction)} where level is the {LEVEL_MEASURES[row.measure]}"
        for row in found.rows
        if not row.variant
    )
    return (f"The interaction of closeness and lower level is {told}.",)


def _told(one: Coefficient) -> str:
    return f"{one.estimate:+.3f} (standard error {one.se:.3f})"


def _placebos(found: Rivalry, reading: Reading) -> Sheet:
    """Return where the estimates lie among those of levels that are dealt out at random."""
    rows: Rows = []
    for measure, drawn in found.placebo.items():
        main = next(row for row in found.rows if row.measure == measure and not row.variant)
        rows.append(
            {
                "level": LEVEL_MEASURES[measure],
                "estimate": main.interaction.estimate,
                "least": float(drawn.min()),
                "most": float(drawn.max()),
                "as_low": int((drawn <= main.interaction.estimate).sum()),
                "n": len(drawn),
            }
        )
    return Sheet(
        name="placebos",
        title="The main estimates among placebos: levels dealt out at random within each field.",
        headings=(
            Heading("level", "level is the"),
            Heading("estimate", "estimate", "effect"),
            Heading("least", "placebos from", "effect"),
            Heading("most", "to", "effect"),
            Heading("as_low", "placebos as low", "count"),
            Heading("n", "placebos", "count"),
        ),
        rows=rows,
        reading=reading,
    )


def _untested(ws: Workspace, register: str, reading: Reading) -> Sheet:
    """Return the rows of the grid that these data do not have, and why."""
    rows: Rows = [
        {
            "row": "closeness of topics within fields",
            "why": f"not testable here, because {register} publishes no division of its fields",
        }
    ]
    try:
        at, _ = joint_estimates(ws)
        told = f"by {at.register}: fourseas model rivalry --flow collaboration"
    except NotComputableError as error:
        told = f"not testable here, because {error.problem.split(', because ', 1)[-1]}"
        told += f" {error.remedy}"
    rows.append({"row": "joint works by field instead of citations", "why": told})
    return Sheet(
        name="untested",
        title="Rows that these citations cannot have.",
        headings=(Heading("row", "row"), Heading("why", "why")),
        rows=rows,
        reading=reading,
    )


def rivalry_reading(found: Rivalry, source: str, year: int) -> Reading:
    """Return how to read the estimates."""
    used = next(row for row in found.rows)
    return Reading(
        definition=(
            f"{MODEL.formula}, by least squares. RCI: citations of one country to another against "
            "what its output leads to expect. Level: percentile within the field of the mean of "
            f"{year - LEVEL_YEARS + 1}-{year}; near = 1 - |difference|, low = the lower, both less "
            "their means. Effects of each directed pair, of each citing and each cited country in "
            "each field. The lower level alone is determined by these and by closeness, so that it "
            "has no estimate of its own."
        ),
        counting="Fractional.",
        source=source,
        n=(
            f"{used.n:,} cells of {found.n_countries} countries and {found.n_fields} fields, of "
            f"{found.n_cells:,} with different countries: {found.n_zero:,} have no citation, so no "
            f"log, and {found.n_without_level:,} others lack a published level."
        ),
        bounds="95% intervals by Student's t, errors clustered by unordered pair.",
        coverage=(
            "Countries and fields for which the index is published. Not done: years "
            "before and after, citations of single works; topics and joint works by field, as "
            "`fourseas model rivalry` says under untested."
        ),
    )
