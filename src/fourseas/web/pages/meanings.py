"""`/indicator`, `/standards`: what is measured and how; who writes the rules of technology."""

from __future__ import annotations

from dataclasses import replace

from fourseas.catalog import INDICATORS
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation
from fourseas.reports.cards.world import mapped
from fourseas.reports.panel import Heading, Reading
from fourseas.schema.step import Indicator
from fourseas.web.pages.world import world
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, View
from fourseas.workspace import indicator

COLUMNS = (
    Heading("name", "column"),
    Heading("unit", "unit"),
    Heading("missing", "may be missing"),
    Heading("meaning", "meaning"),
)
LISTED = (
    Heading("name", "indicator"),
    Heading("title", "title"),
    Heading("meaning", "what it tells"),
    Heading("formula", "in one line"),
)
RULE_MAKING = "rule_making"
NO_NUMBER = "None: this says what numbers are, and holds none."


def indicators(opened: Opened, _asked: Asked) -> View:
    """Return all indicators."""
    card = Card(
        title=f"{len(INDICATORS)} indicators",
        lead=("Each is one table, computed from cells of this lake when it is asked for.",),
        sheets=(
            Sheet(
                name="indicators",
                title="What can be measured.",
                headings=LISTED,
                rows=[
                    {heading.field: str(getattr(one, heading.field)) for heading in LISTED}
                    for one in INDICATORS
                ],
                reading=_reading(INDICATORS[0], f"{len(INDICATORS)} indicators."),
            ),
        ),
        sources=(),
        citation=citation(opened.ws, has_sources=False),
    )
    return View(card=card, section="About", rows_lead_to={"indicators": "/indicator/"})


def meaning(opened: Opened, _asked: Asked, name: str) -> View:
    """Return the definition of an indicator, its columns and caveats."""
    about = indicator(name)
    card = Card(
        title=about.title,
        lead=(about.meaning, f"In one line: {about.formula}"),
        sheets=(
            Sheet(
                name="columns",
                title=f"{about.writes.grain[0].upper()}{about.writes.grain[1:]}.",
                headings=COLUMNS,
                rows=[
                    {
                        "name": column.name,
                        "unit": column.unit,
                        "missing": "yes" if column.nullable else "no",
                        "meaning": column.meaning,
                    }
                    for column in about.writes.columns
                ],
                reading=_reading(about, f"{len(about.writes.columns)} columns."),
            ),
        ),
        sources=(f"Source of the definition: {about.source}",),
        citation=citation(opened.ws),
    )
    on_map = about.name in {one.name for one in mapped()}
    return View(
        card=card,
        section="About",
        indicator=about.name,
        passages=(("Before quoting it", about.caveats),),
        steps=(
            *(((f"/?indicator={about.name}", "On the map"),) if on_map else ()),
            ("/indicator", "All indicators"),
        ),
    )


def standards(opened: Opened, asked: Asked) -> View:
    """Return who writes standards: the share of each country in the authorship of a register."""
    given = tuple(one for one in asked.parameters if one[0] != "indicator")
    view = world(opened, Asked("/standards", (*given, ("indicator", RULE_MAKING))))
    forms = tuple(
        replace(form, action="/standards") if form.action == "/" else form
        for form in view.forms[1:]
    )
    return replace(
        view,
        section="Standards",
        forms=forms,
        steps=(*view.steps, ("/claims/rule-makers", "Do those who lead research write the rules?")),
    )


def _reading(about: Indicator, n: str) -> Reading:
    return Reading(
        definition=f"Computed from {', '.join(spec.name for spec in about.reads)}, and others "
        "likewise; docs/indicators has each in full.",
        counting="Each row says by which counting it is.",
        source="Declared in fourseas itself.",
        n=n,
        bounds=NO_NUMBER,
        coverage="All that is declared.",
    )
