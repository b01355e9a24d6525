"""Catch-up as a card: the grid, both forms of the gap out of sample, and what cannot be told."""

from __future__ import annotations

from fourseas.models.catch_up import (
    AHEAD,
    CAPACITY,
    COMPARED,
    COUNTING,
    GAP,
    GAP_FORM,
    GAP_FORMS,
    GAP_X_CAPACITY,
    MODEL,
    OPEN,
    OPENNESS,
    PLACE,
    CatchUp,
    catch_up,
)
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.estimates.coefficients import coefficient_plot
from fourseas.reports.estimates.openness import (
    EVERYTHING,
    Asked,
    Panels,
    by_period,
    labeled,
    openness_panels,
    panel_reading,
)
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

QUESTION = "Catch-up"
CAPACITY_COLUMN = "gerd_share"
NO_EFFECT = (
    "An association and no effect. What the data cannot do: R&D expenditure stands for capacity in "
    "all fields of a country alike; the share of excellent works is no technology; six periods are "
    "too few to set slow catch-up apart from lasting differences."
)
NAMED = {
    OPEN: "openness",
    GAP: "gap",
    CAPACITY: "R&D by GDP",
    GAP_X_CAPACITY: "gap x R&D",
}
GRID = (
    Heading("choices", "gap; level by; comparison; openness is; fields"),
    Heading("estimate", "openness x gap", "effect"),
    Heading("se", "standard error", "finer_ratio"),
    Heading("low", "95% interval from", "effect"),
    Heading("high", "to", "effect"),
    *(Heading(name, words, "effect") for name, words in NAMED.items()),
    Heading("n", "changes", "count"),
    Heading("n_countries", "countries", "count"),
)
FORECASTS = (
    Heading("choices", "level by; openness is; fields"),
    Heading("better", "smaller error"),
    Heading("logistic", "error, logistic", "finer_ratio"),
    Heading("exponential", "error, exponential", "finer_ratio"),
    Heading("none", "error, no gap", "finer_ratio"),
    Heading("n", "changes", "count"),
    Heading("n_countries", "countries", "count"),
)


def estimated(ws: Workspace, asked: Asked = EVERYTHING) -> tuple[Panels, CatchUp]:
    """Return the panels of a lake and the estimate of catch-up on them."""
    panels = openness_panels(ws, QUESTION, asked)
    capacity = {place: by_period(ws, panel, CAPACITY_COLUMN) for place, panel in panels.of.items()}
    return panels, catch_up(panels.of, capacity)


def catch_up_card(ws: Workspace, asked: Asked = EVERYTHING) -> Card:
    """Return whether those behind rise more where they are open, by every choice.

    Raises
    ------
    NotComputableError
        Where the lake has no levels, or too few countries with R&D expenditure.
    """
    panels, found = estimated(ws, asked)
    first, last = panels.first.years
    reading = catch_up_reading(panels, found, wording(ws).sources[panels.register])
    rows = _grid(found)
    return Card(
        title=f"Catch-up and capacity of countries, {first}-{last}{asked.of_field}",
        lead=(*_lead(found), NO_EFFECT, *_untested(found)),
        pictures=(
            Picture(
                name="interactions",
                title="Openness x gap: above 0, those further behind rise more if open.",
                spec=coefficient_plot(
                    [
                        row | {"regressor": str(row["choices"]).removeprefix("logistic; ")}
                        for row in rows
                        if _is_logistic(row)
                    ],
                    title="growth of level, in logs, for 10 points of openness x gap (logistic)",
                ),
                reading=reading,
            ),
        ),
        sheets=(
            Sheet(
                name="estimates",
                title="Openness x gap, and the other coefficients, by every choice.",
                headings=GRID,
                rows=rows,
                reading=reading,
            ),
            Sheet(
                name="forecasts",
                title="Growth of countries that were not fitted on, foretold by either form.",
                headings=FORECASTS,
                rows=_forecasts(found),
                reading=reading,
            ),
        ),
        sources=sources(ws, [panels.register, "countries"]),
        citation=citation(ws),
    )


def _grid(found: CatchUp) -> Rows:
    rows: Rows = []
    for row in found.rows:
        one = row.interaction
        estimates = {c.name: c.estimate for c in row.coefficients}
        rows.append(
            {
                "choices": f"{one.choices[GAP_FORM]}; {labeled(one)}",
                "form": one.choices[GAP_FORM],
                "counting": one.choices[COUNTING],
                "openness_measure": one.choices[OPENNESS],
                "fields": one.choices[PLACE],
                "comparison": one.choices[COMPARED],
                "estimate": one.coefficient.estimate,
                "se": one.coefficient.se,
                "low": one.coefficient.low,
                "high": one.coefficient.high,
                "n": one.n,
                "n_countries": one.n_clusters,
            }
            | {name: estimates.get(name) for name in NAMED}
        )
    return rows


def _is_logistic(row: dict[str, object]) -> bool:
    return row["form"] == "logistic"


def _forecasts(found: CatchUp) -> Rows:
    return [
        {
            "choices": labeled(one),
            "counting": one.choices[COUNTING],
            "openness": one.choices[OPENNESS],
            "fields": one.choices[PLACE],
            "better": one.better,
            "logistic": one.error["logistic"],
            "exponential": one.error["exponential"],
            "none": one.error["none"],
            "n": one.n,
            "n_countries": one.n_countries,
        }
        for one in found.forecasts
    ]


def _lead(found: CatchUp) -> tuple[str, ...]:
    above = sum(row.interaction.coefficient.low > 0 for row in found.rows)
    below = sum(row.interaction.coefficient.high < 0 for row in found.rows)
    logistic = sum(one.better == "logistic" for one in found.forecasts)
    helped = sum(min(one.error.values()) < one.error["none"] for one in found.forecasts)
    return (
        (
            f"Those further behind rise more where they are open in {above} of {len(found.rows)} "
            f"estimates, less in {below}; the others cannot be told from 0."
        ),
        (
            f"Out of sample the logistic gap has the smaller error in {logistic} of "
            f"{len(found.forecasts)} comparisons, the exponential in the others; one of them "
            f"foretells better than no gap in {helped}."
        ),
    )


def _untested(found: CatchUp) -> tuple[str, ...]:
    """Say what is not testable here, because."""
    if not found.untested:
        return ()
    return (f"Not testable here, because: {'; '.join(found.untested)}.",)


def catch_up_reading(panels: Panels, found: CatchUp, source: str) -> Reading:
    """Return how to read the estimates."""
    forms = "; ".join(f"{form}: {words}" for form, words in GAP_FORMS.items())
    return panel_reading(
        panels,
        definition=(
            f"{MODEL.formula}, by least squares. Growth from one period to the next; openness (in "
            "ten points), gap and R&D expenditure by GDP (in points, World Bank) of the period "
            f"before both, less their means. Gap to the mean of the {AHEAD} highest levels L of "
            f"the field ({forms}). d: effects of each field in each period; a: of each country in "
            "each field, within countries alone. Forecast: of each tenth of the countries from the "
            "others; the error is the root of the mean square, in logs."
        ),
        source=source,
        n=(
            f"Countries: up to {found.n_countries}; fields: {found.n_fields}; of each estimate in "
            f"its row. Left out at most: {found.n_zero:,} changes from or to no excellent work, "
            f"{found.n_without_capacity:,} of countries whose R&D expenditure is not known."
        ),
        bounds="95% intervals by Student's t, errors clustered by country.",
    )
