"""`/policy/ask`: a case entered question by question, only what can still change the finding.

The questions are those of `fourseas policy check`: the fewest that settle the finding, whatever
the answers. The form, or the address of an example's, holds every answer.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

import ibis
from ruamel.yaml import YAML

from fourseas.errors import FourseasError
from fourseas.policy.answers import Atom
from fourseas.policy.case import read_case
from fourseas.policy.check import confirmed, readings
from fourseas.policy.decide import compiled
from fourseas.policy.document import Policy
from fourseas.policy.explanation import explained
from fourseas.policy.finding import Finding, Match, Sources
from fourseas.policy.hypotheses import smallest_settling
from fourseas.policy.markdown import finding_sections
from fourseas.policy.vocabulary import NEEDS_INFORMATION
from fourseas.policy.wording import words
from fourseas.reports.cards.card import Card
from fourseas.web import rendering
from fourseas.web.pages.case_answers import (
    FLAGS,
    NO,
    YES,
    Control,
    Given,
    case_values,
    controls,
    given_answers,
    said_controls,
)
from fourseas.web.pages.policy_papers import Papers, names, papers
from fourseas.web.view import Asked, View

ADDRESS = "/policy/ask"
MATCH = "m."
"""Names of answers on possible matches begin so: ``m.LIST.ORGANIZATION``."""

UNNAMED = "an officer at the policy desk"
"""Who has looked at a match, as the case says it; people have no names on these pages."""

SETTLED = (
    "Settled: no answer that is still open can change the finding. What is said below can be "
    "changed."
)
OPEN = "Only what can still change the finding is asked. What is not known may stay empty."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and what a reader fills in."""

    text: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A case as far as it was entered.

    Attributes
    ----------
    finding
        What the policy finds of it.
    questions
        The fewest that settle it.
    case_text
        The case as a file of `fourseas policy check`.
    """

    finding: Finding
    questions: tuple[Question, ...]
    case_text: str


def answer(lake: Path, asked: Asked) -> tuple[int, bytes]:
    """Return the status and the page of a case as far as it was entered.

    Raises
    ------
    FourseasError
        For a policy or a list that cannot be read, with what to do. A slip in an answer is told
        on the page itself, beside all other answers.
    """
    given = papers(asked)
    policy, sources = given.read(lake)
    try:
        asking = entered(policy, sources, asked)
    except FourseasError as error:
        return 400, _page(policy, given, asked, None, f"{error.problem} {error.remedy}")
    return 200, _page(policy, given, asked, asking, "")


def entered(policy: Policy, sources: Sources, asked: Asked) -> Asking:
    """Return what a policy finds of the answers so far, and what it still asks.

    Raises
    ------
    FourseasError
        Where an answer cannot be.
    """
    answers = given_answers(asked.parameters)
    values = case_values(answers, asked.first("label") or "planned", _day(asked))
    matches = _matches(asked)
    if matches:
        values["matches"] = matches
    text = _written(values)
    case = read_case(text, "case", names())
    held = confirmed(sources, case)
    of = compiled(policy)
    (reading,) = readings(of, (case,), held, ibis.duckdb.connect())
    finding = explained(of, case, reading, held)
    atoms, _ = smallest_settling(of, reading)
    questions = tuple(
        Question(text=question, controls=_controls(atom, finding, answers, asked))
        for atom, question in zip(atoms, finding.questions, strict=True)
    )
    return Asking(finding=finding, questions=questions, case_text=text)


def _controls(atom: Atom, finding: Finding, answers: Given, asked: Asked) -> tuple[Control, ...]:
    if atom.kind != "match":
        return controls(atom, answers)
    return tuple(
        Control(
            name=_match_name(match),
            label=f"Is it the one that the list calls {match.listed_as}?",
            kind="select",
            values=asked.every(_match_name(match)),
            options=FLAGS,
        )
        for match in dict.fromkeys(finding.matches)
        if match.is_possible and match.list_id == atom.name
    )


def _match_name(match: Match) -> str:
    return f"{MATCH}{match.list_id}.{match.through or match.organization_id}"


def _matches(asked: Asked) -> list[dict[str, object]]:
    """Return what was answered on possible matches, as a case document holds it."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for name, value in asked.parameters:
        if name.startswith(MATCH) and value in (YES, NO):
            list_id, _, organization = name.removeprefix(MATCH).partition(".")
            found[list_id, organization] = {
                "list": list_id,
                "organization": organization,
                "same": value == YES,
                "by": UNNAMED,
                "on": _day(asked),
            }
    return list(found.values())


def _day(asked: Asked) -> str:
    return asked.first("c.date") or dt.datetime.now(tz=dt.UTC).date().isoformat()


def _written(values: dict[str, object]) -> str:
    """Return a case as a file holds it."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    sink = io.StringIO()
    yaml.dump(values, sink)
    return sink.getvalue()


def _page(policy: Policy, given: Papers, asked: Asked, asking: Asking | None, slip: str) -> bytes:
    finding = asking.finding if asking is not None else None
    questions = asking.questions if asking is not None else ()
    verdict = _verdict(finding) if finding else "An answer cannot be so"
    card = Card(
        title=f"{verdict}: {policy.title}",
        lead=(
            f"{policy.policy_id}, version {policy.version}; owner: {policy.owner}.",
            *((policy.banner,) if policy.banner else ()),
        ),
        sheets=(),
        sources=(),
        citation="`fourseas policy check` finds the same of the case below.",
    )
    sections = finding_sections(finding) if finding else ()
    # What a reader answers is in the form; the other parts explain.
    passages = tuple(
        (part.title, "\n".join(part.lines))
        for part in sections
        if not part.title.startswith("Questions")
    )
    view = View(card=card, section="Policy", steps=given.steps)
    try:
        said = said_controls(given_answers(asked.parameters))
    except FourseasError:
        said = ()
    return rendering.as_page(
        view,
        Asked("", ()),
        "ask.html",
        address=ADDRESS,
        method="post" if given.policy or given.lists else "get",
        papers=given.hidden,
        label=asked.first("label") or "planned",
        day=_day(asked),
        slip=slip,
        note=OPEN if questions else SETTLED,
        questions=questions,
        said=said,
        looked_at=_looked_at(asked),
        told=passages,
        case_text=asking.case_text if asking is not None else "",
    ).encode()


def _looked_at(asked: Asked) -> tuple[Control, ...]:
    """Return the matches that were answered, to be changed."""
    return tuple(
        Control(
            name=f"{MATCH}{one['list']}.{one['organization']}",
            label=f"{one['organization']} is the one meant by {one['list']}",
            kind="select",
            values=(YES if one["same"] else NO,),
            options=FLAGS,
        )
        for one in _matches(asked)
    )


def _verdict(finding: Finding) -> str:
    if finding.outcome == NEEDS_INFORMATION:
        return f"At least {words(finding.at_least)}, at most {words(finding.at_most)}"
    return words(finding.outcome).capitalize()
