"""`/organization`: what registers show of an organization, for the one that asks."""

from __future__ import annotations

from urllib.parse import quote

from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation
from fourseas.reports.organization.inquiry import Question
from fourseas.reports.organization.largest import Largest, largest
from fourseas.reports.organization.report import organization_report, prepare
from fourseas.reports.panel import Heading, Reading
from fourseas.web.pages.finding import found_sheet, looked_for
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Form, Input, View

HOW_TO_TAKE_IT = (
    "A report is made for somebody: it shows what registers hold of an organization beside the "
    "one that asks. Nothing is said of persons, and no verdict is given."
)
SHOWN = 50


def organizations(opened: Opened, asked: Asked) -> View:
    """Return a search for organizations, and what it finds; the largest before one is asked."""
    words = asked.first("q") or ""
    our = asked.first("for") or ""
    lead: tuple[str, ...] = (HOW_TO_TAKE_IT,)
    ending = f"?for={quote(our, safe='')}" if our else ""
    if words:
        answer = looked_for(opened, words, ("organization",), SHOWN)
        sheet = found_sheet(words, answer, ending=ending)
        lead = (HOW_TO_TAKE_IT, f"{answer.n:,} organizations have words of `{words}`.")
    else:
        sheet = _largest_sheet(
            opened.ws.once("largest organizations", lambda: largest(opened.ws, SHOWN)), ending
        )
    card = Card(
        title="Organizations",
        lead=lead,
        sheets=(sheet,),
        sources=(),
        citation=citation(opened.ws, has_sources=False),
    )
    return View(
        card=card,
        section="Organizations",
        forms=(
            Form(
                action="/organization",
                verb="Look for it",
                inputs=(
                    Input(name="q", label="Words of its name", value=words, kind="text"),
                    Input(
                        name="for",
                        label="Your own: ROR id, or name in full",
                        value=our,
                        kind="text",
                    ),
                ),
            ),
        ),
    )


def _largest_sheet(found: Largest, ending: str) -> Sheet:
    """Return the organizations with most works as a table whose rows lead to their reports."""
    return Sheet(
        name="largest",
        title="Those with most works here; others are found by words of their names.",
        headings=(Heading("name", "name, country (id)"), Heading("works", "works here", "count")),
        rows=[
            {
                "name": found.labels[unit],
                "works": n,
                "leads_to": f"/organization/{quote(unit, safe='')}{ending}",
            }
            for unit, n in found.works.items()
        ],
        reading=Reading(
            definition="Works and standards of all years by the default definition of each "
            "register, over all fields.",
            counting="Full: a work counts once for each organization that it names.",
            source="The registers of this lake that name organizations.",
            n=f"{found.n:,} organizations have any.",
            bounds="None: works are counted.",
            coverage="Works that name an organization; `/quality` tells how many do.",
        ),
    )


def organization(opened: Opened, asked: Asked, name: str) -> View:
    """Return the report on an organization for another; ask for whom where it is not said."""
    our = asked.first("for")
    form = Form(
        action=f"/organization/{quote(name, safe='')}",
        verb="Report",
        inputs=(
            Input(
                name="for",
                label="For: your own organization, by ROR id or name in full",
                value=our or "",
                kind="text",
            ),
        ),
    )
    steps = (("/organization", "Look for another"),)
    if our is None:
        card = Card(
            title=f"Report on {name}",
            lead=(HOW_TO_TAKE_IT, "Say for whom, below."),
            sheets=(),
            sources=(),
            citation=citation(opened.ws, has_sources=False),
        )
        return View(card=card, section="Organizations", forms=(form,), steps=steps)
    made = organization_report(opened.ws, Question(organization=name, our=our))
    card = Card(
        title=made.title,
        lead=made.lead,
        sheets=made.sheets,
        sources=made.sources,
        citation=made.citation,
    )
    return View(
        card=card,
        section="Organizations",
        forms=(form,),
        steps=steps,
        passages=tuple((title, lines or ("Nothing.",)) for _, title, lines in made.sections),
    )


def prepare_organizations(opened: Opened) -> None:
    """Make what all reports have in common, each portion while nobody waits for a page."""
    prepare(opened.ws, opened.ws.session.engine.wait)
