"""Openness and level as a card: every estimate in both countings, placebos and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from fourseas.models.level import COMPARED, COUNTING, MODEL, OPENNESS, PLACE, Level, level
from fourseas.models.openness import LEVEL_MEASURES, SCORES
from fourseas.models.verdict import Estimate
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.estimates.coefficients import coefficient_plot
from fourseas.reports.estimates.openness import (
    EVERYTHING,
    Asked,
    Panels,
    labeled,
    openness_panels,
    panel_reading,
)
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

QUESTION = "How level goes with openness"
NO_EFFECT = (
    "An association and no effect: good work attracts partners, means pay for both, and a joint "
    "work that is excellent is in openness and in level alike."
)

GRID = (
    Heading("choices", "level by; comparison; openness is; fields"),
    Heading("estimate", "points of level for 10 of openness", "effect"),
    Heading("se", "standard error", "finer_ratio"),
    Heading("low", "95% interval from", "effect"),
    Heading("high", "to", "effect"),
    Heading("least", "without one country at least", "effect"),
    Heading("most", "at most", "effect"),
    Heading("n", "rows", "count"),
    Heading("n_countries", "countries", "count"),
)


def level_card(ws: Workspace, asked: Asked = EVERYTHING) -> Card:
    """Return how level goes with openness, by every choice.

    Raises
    ------
    NotComputableError
        Where the lake has no levels, or too few countries.
    """
    panels = openness_panels(ws, QUESTION, asked)
    found = level(panels.of)
    words = wording(ws)
    first, last = panels.first.years
    reading = level_reading(panels, found, words.sources[panels.register])
    rows = grid_rows(found.rows)
    return Card(
        title=f"Openness and level of countries, {first}-{last}{asked.of_field}",
        lead=(*_lead(panels, found), NO_EFFECT, *_untested(found)),
        pictures=(
            Picture(
                name="estimates",
                title="Points of level that go with ten points of openness.",
                spec=coefficient_plot(
                    [row | {"regressor": row["choices"]} for row in rows],
                    title=f"points of the share in the world's {SCORES[panels.first.score]}",
                ),
                reading=reading,
            ),
        ),
        sheets=(
            Sheet(
                name="estimates",
                title="Points of level that go with ten points of openness.",
                headings=GRID,
                rows=rows,
                reading=reading,
            ),
            Sheet(
                name="leads",
                title="Placebo: the next period's openness, this period's held fixed.",
                headings=tuple(one for one in GRID if one.field not in ("least", "most")),
                rows=grid_rows(found.leads),
                reading=reading,
            ),
        ),
        sources=sources(ws, [panels.register]),
        citation=citation(ws),
    )


def grid_rows(estimates: Sequence[Estimate]) -> Rows:
    """Return a row for each estimate."""
    return [
        {
            "choices": labeled(one),
            "counting": one.choices[COUNTING],
            "openness": one.choices[OPENNESS],
            "fields": one.choices[PLACE],
            "comparison": one.choices[COMPARED],
            "estimate": one.coefficient.estimate,
            "se": one.coefficient.se,
            "low": one.coefficient.low,
            "high": one.coefficient.high,
            "least": one.without_one[0] if one.without_one else None,
            "most": one.without_one[1] if one.without_one else None,
            "n": one.n,
            "n_countries": one.n_clusters,
        }
        for one in estimates
    ]


def _lead(panels: Panels, found: Level) -> tuple[str, ...]:
    """Say the first estimates in both countings, and the rank correlations."""
    score = SCORES[panels.first.score]
    first = found.rows[0]
    same = [
        one
        for one in found.rows
        if all(one.choices[name] == first.choices[name] for name in (OPENNESS, PLACE, COMPARED))
    ]
    told = "; ".join(
        f"{one.coefficient.estimate:+.2f} points (95% interval {one.coefficient.low:+.2f} to "
        f"{one.coefficient.high:+.2f}) by {one.choices[COUNTING]}"
        for one in same
    )
    ranks = "; ".join(f"{rho:.2f} by {words}" for words, rho in found.rank_correlation.items())
    lines = [
        (
            f"{first.choices[COMPARED].capitalize()}, {first.choices[PLACE]}, ten points more of "
            f"the {first.choices[OPENNESS]} go with so much more of the share in the world's "
            f"{score}: {told}."
        )
    ]
    if ranks:
        lines.append(
            f"Rank correlation in the last period, {found.n_ranked} economies: {ranks}. The "
            "counting rule changes the answer."
        )
    shown = [one for one in found.leads if one.coefficient.low > 0]
    if found.leads:
        opposite = sum(one.coefficient.high < 0 for one in found.leads)
        lines.append(
            f"Placebo: the next period's openness goes with more level in {len(shown)} of "
            f"{len(found.leads)} estimates, with less in {opposite}."
        )
    return tuple(lines)


def _untested(found: Level) -> tuple[str, ...]:
    """Say what is not testable here, because."""
    if not found.untested:
        return ()
    return (f"Not testable here, because: {'; '.join(found.untested)}.",)


def level_reading(panels: Panels, found: Level, source: str) -> Reading:
    """Return how to read the estimates."""
    return panel_reading(
        panels,
        definition=(
            f"{MODEL.formula}, by least squares, in points of level for ten points of openness. "
            "d: effects of each field in each period; a: of each country in each field, within "
            "countries alone."
        ),
        source=source,
        n=(
            f"Countries: up to {found.n_countries}; fields: {found.n_fields}; periods: "
            f"{found.n_periods}; of each estimate in its row. Levels: "
            f"{', '.join(LEVEL_MEASURES.values())}."
        ),
        bounds=(
            "95% intervals by Student's t, errors clustered by country; and the least and greatest "
            "estimate where one country at a time is left out."
        ),
    )
