"""`/find`, `/quality`: what is in the lake by words, and what is missing or doubtful in it."""

from __future__ import annotations

from typing import get_args
from urllib.parse import quote

from fourseas.errors import UnknownNameError
from fourseas.lake.progress import Unit
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation
from fourseas.reports.finding.find import (
    LIMIT,
    RANKING,
    Answer,
    Found,
    find,
    is_prepared,
    prepare,
)
from fourseas.reports.finding.resources import Kind
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.quality.quality import quality_card
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Form, Input, View

KINDS: tuple[Kind, ...] = get_args(Kind)
ANY = (("", "anything"),)
HEADINGS = (
    Heading("name", "name"),
    Heading("kind", "kind"),
    Heading("resource_id", "id"),
    Heading("countries", "countries"),
    Heading("n_works", "works here", "count"),
    Heading("n_citations", "cited", "count"),
    Heading("years", "years"),
    Heading("why", "words that match"),
    Heading("score", "score", "ratio"),
)


class Unseen:
    """Nobody looks on while a page is made."""

    def start(self, total: float, label: str, unit: Unit = "steps") -> None:
        """Hear that work begins."""

    def advance(self, amount: float, label: str) -> None:
        """Hear that some is done."""

    def finish(self) -> None:
        """Hear that it has ended."""


def search(opened: Opened, asked: Asked) -> View:
    """Return what is found by words."""
    words = asked.first("q") or ""
    kind = asked.first("kind")
    kinds = tuple(one for one in KINDS if one == kind)
    if kind and not kinds:
        raise UnknownNameError.of("kind", kind, KINDS)
    lead = ["Fields, topics, organizations, funders, standards and works, by words of their names."]
    sheets = []
    if words:
        answer = looked_for(opened, words, kinds, LIMIT)
        sheets = [found_sheet(words, answer, on_map=_fields_on_map(opened))]
        lead = [f"{answer.n:,} have words of `{words}`; the best {len(answer.found)} are shown."]
        if answer.unknown:
            lead.append(f"Nowhere in the lake: {', '.join(answer.unknown)}.")
        if answer.suggestion:
            lead.append(f"Did you mean `{answer.suggestion}`?")
    card = Card(
        title=f"Find: {words}" if words else "Find",
        lead=tuple(lead),
        sheets=tuple(sheets),
        sources=(),
        citation=citation(opened.ws, has_sources=False),
    )
    return View(
        card=card,
        section="Find",
        forms=(
            Form(
                action="/find",
                verb="Find",
                inputs=(
                    Input(name="q", label="Words", value=words, kind="text"),
                    Input(
                        name="kind",
                        label="Among",
                        value=kind or "",
                        options=(*ANY, *((one, one) for one in KINDS)),
                    ),
                ),
            ),
        ),
    )


def quality(opened: Opened, _asked: Asked) -> View:
    """Return what is missing, doubtful or contradictory in the lake."""
    return View(
        card=quality_card(opened.ws),
        section="Quality",
        steps=(("/about", "Registers and definitions"),),
    )


def looked_for(opened: Opened, words: str, kinds: tuple[Kind, ...], limit: int) -> Answer:
    """Return what is found by words, of some kinds or of all."""
    if opened.ws.is_large and not is_prepared(opened.ws):
        opened.ws.session.before_making()
    return find(opened.ws, words, kinds=kinds, limit=limit, progress=Unseen())


def prepare_words(opened: Opened) -> None:
    """Make the index of words before anybody looks for one."""
    prepare(opened.ws, Unseen())


def found_sheet(
    words: str, answer: Answer, *, ending: str = "", on_map: frozenset[str] = frozenset()
) -> Sheet:
    """Return what was found as a table whose rows lead to their pages.

    Parameters
    ----------
    words, answer
        What was looked for, and found.
    ending
        Of the address of each organization.
    on_map
        Fields that have a page.
    """
    return Sheet(
        name="found",
        title=f"What has words of `{words}`.",
        headings=HEADINGS,
        rows=[
            {heading.field: getattr(one, heading.field) for heading in HEADINGS}
            | {"leads_to": _address(one, ending, on_map)}
            for one in answer.found
        ],
        reading=Reading(
            definition=RANKING,
            counting="A work counts once for each organization, field or funder that it names.",
            source="Names and titles as the registers of this lake write them.",
            n=f"{answer.n:,} match.",
            bounds="None: this is a search.",
            coverage="What is in this lake, and nothing else.",
        ),
    )


def _address(found: Found, ending: str, on_map: frozenset[str]) -> str:
    """Return the page of what was found; nothing where it has none."""
    if found.kind == "organization":
        return f"/organization/{quote(found.resource_id, safe='')}{ending}"
    field = found.resource_id.partition("/")[2]
    if found.kind in ("field", "topic") and field in on_map:
        return f"/field/{quote(field, safe='')}"
    return ""


def _fields_on_map(opened: Opened) -> frozenset[str]:
    """Return the fields of which works of countries are counted here."""

    def read() -> frozenset[str]:
        volume = opened.ws.table("volume")
        of_countries = volume.filter(volume.unit_type == "country").select("field_id").distinct()
        return frozenset(str(one) for one in of_countries.to_pyarrow()["field_id"].to_pylist())

    return opened.kept("fields on the map", read)
