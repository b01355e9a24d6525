"""`/partners`: who could work with whom, what either would gain, and why not others."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fourseas import challenge_lists
from fourseas.errors import FourseasError
from fourseas.partners.candidates import OBJECTIVES
from fourseas.partners.choice import Terms
from fourseas.reports.panel import CHOSEN
from fourseas.reports.partners.find import Question, find_card
from fourseas.reports.partners.place import Asked as Sought
from fourseas.reports.partners.why_not import why_not_card
from fourseas.schema.cells import ALL
from fourseas.web.pages.choices import challenge_options, country_names, field_options
from fourseas.web.reader import Opened
from fourseas.web.view import Asked, Form, Input, View

LARGEST_WEIGHT = 1000.0
NO_CHALLENGE = (("", "none: by field"),)


def partners(opened: Opened, asked: Asked) -> View:
    """Return partners whom no other beats; or why somebody is not among them."""
    seeker = asked.first("for") or CHOSEN["a"]
    challenge = asked.first("challenge")
    field = asked.first("field") or ALL
    why = asked.first("why")
    chosen = {name: asked.first(name) or "" for name in OBJECTIVES}
    question = Question(
        seeker=seeker,
        asked=Sought(fields=() if field == ALL else (field,)),
        challenge=challenge_lists.challenge(challenge) if challenge else None,
        weights={name: _weight(name, given) for name, given in chosen.items() if given},
        terms=Terms(),
    )
    kept = {"for": seeker, "challenge": challenge or "", "field": field if field != ALL else ""}
    codes = {code for code, _ in country_names(opened)}
    card = why_not_card(opened.ws, question, why) if why else find_card(opened.ws, question)
    back = urlencode({name: value for name, value in kept.items() if value})
    return View(
        card=card,
        section="Partners",
        forms=(_terms(opened, kept, field, chosen), _why_not(kept, why or "")),
        rows_lead_to={"partners": f"/pair/{quote(seeker)}/"} if seeker in codes else {},
        steps=(
            *(((f"/partners?{back}", "Back to the list"),) if why else ()),
            *(((f"/challenge/{challenge}", "About the challenge"),) if challenge else ()),
            *(((f"/country/{quote(seeker)}", "Every measure of it"),) if seeker in codes else ()),
        ),
    )


def _terms(opened: Opened, kept: dict[str, str], field: str, chosen: dict[str, str]) -> Form:
    """Ask who seeks, for what, and what each objective is worth."""
    known = opened.ws.field_ids([field])[0]
    return Form(
        action="/partners",
        verb="Find partners",
        inputs=(
            Input(
                name="for", label="For a country or organization", value=kept["for"], kind="text"
            ),
            Input(
                name="challenge",
                label="Challenge",
                value=kept["challenge"],
                options=(*NO_CHALLENGE, *challenge_options()),
            ),
            Input(
                name="field",
                label="or field",
                value=known,
                options=field_options(opened, field),
            ),
            *(
                Input(
                    name=name,
                    label=f"Weight of {name.replace('_', ' ')}",
                    value=value,
                    kind="number",
                )
                for name, value in chosen.items()
            ),
        ),
    )


def _why_not(kept: dict[str, str], why: str) -> Form:
    hidden = (
        Input(name=name, label="", value=value, kind="hidden") for name, value in kept.items()
    )
    return Form(
        action="/partners",
        verb="Why not?",
        inputs=(*hidden, Input(name="why", label="Somebody else", value=why, kind="text")),
    )


def _weight(name: str, given: str) -> float:
    try:
        weight = float(given)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= LARGEST_WEIGHT:
        message = f"The weight of {name.replace('_', ' ')} is {given!r}."
        raise FourseasError(message, f"Write a number from 0 to {LARGEST_WEIGHT:.0f}, or nothing.")
    return weight
