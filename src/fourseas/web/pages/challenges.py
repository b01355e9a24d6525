"""`/challenge`: shared challenges, the works of each and the countries that have most of them."""

from __future__ import annotations

from fourseas import challenge_lists
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation
from fourseas.reports.challenges.card import challenge_card
from fourseas.reports.panel import Heading, Reading
from fourseas.web.pages.choices import challenge_options
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Form, Input, View

LISTED = (
    Heading("name", "name"),
    Heading("title", "challenge"),
    Heading("core", "core topics", "count"),
    Heading("wide", "wide topics", "count"),
    Heading("left_out", "left out", "count"),
    Heading("goals", "goals of the United Nations"),
    Heading("definition", "definition"),
)
DECISIONS = (
    Heading("label", "what it is"),
    Heading("kind", "kind"),
    Heading("id", "id"),
    Heading("weight", "weight"),
    Heading("decision", "decision"),
    Heading("reason", "reason"),
)


def challenges(opened: Opened, _asked: Asked) -> View:
    """Return the challenges that come with the package."""
    known = challenge_lists.packaged()
    card = Card(
        title="Shared challenges",
        lead=("Each is a list of topics and goals, every decision with its reason.",),
        sheets=(
            Sheet(
                name="challenges",
                title="What can be asked for as a challenge.",
                headings=LISTED,
                rows=[
                    {
                        "name": one.name,
                        "title": one.title,
                        "core": len(one.included("topic", "core")),
                        "wide": len(one.included("topic", "wide")),
                        "left_out": sum(row.decision == "exclude" for row in one.rows),
                        "goals": ", ".join(row.id for row in one.included("sdg")) or "-",
                        "definition": one.definition_id,
                    }
                    for one in known
                ],
                reading=_reading(f"{len(known)} challenges."),
            ),
        ),
        sources=(),
        citation=citation(opened.ws, has_sources=False),
    )
    return View(card=card, section="Challenges", rows_lead_to={"challenges": "/challenge/"})


def challenge(opened: Opened, _asked: Asked, name: str) -> View:
    """Return what the lake holds of a challenge, and the list that it is."""
    of = challenge_lists.challenge(name)
    card = challenge_card(opened.ws, of)
    decisions = Sheet(
        name="decisions",
        title=f"The list: {len(of.rows)} decisions with their reasons.",
        headings=DECISIONS,
        rows=[{one.field: str(getattr(row, one.field)) for one in DECISIONS} for row in of.rows],
        reading=_reading(f"{len(of.rows)} decisions."),
    )
    whole = Card(
        title=card.title,
        lead=card.lead,
        sheets=(*card.sheets, decisions),
        sources=card.sources,
        citation=card.citation,
    )
    options = challenge_options()
    return View(
        card=whole,
        section="Challenges",
        forms=(
            Form(
                action="/challenge",
                inputs=(Input(name="name", label="Challenge", value=of.name, options=options),),
            ),
        ),
        rows_lead_to={"countries": "/country/"},
        steps=(
            (f"/partners?challenge={of.name}", "Partners for it"),
            (f"/field/{of.name}", "On the map"),
            ("/challenge", "All challenges"),
        ),
    )


def _reading(n: str) -> Reading:
    return Reading(
        definition="Core: what the challenge is about. Wide: what serves it among other things. "
        "What was looked at and left out stands in the list too.",
        counting="Nothing is counted here: these are decisions.",
        source="The list, which comes with fourseas and can be replaced by one of your own.",
        n=n,
        bounds="None: `fourseas challenge sample` measures how many works belong.",
        coverage="The whole list.",
    )
