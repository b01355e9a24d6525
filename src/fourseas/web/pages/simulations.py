"""`/policy/simulate`: what a policy would touch of the past, on both sides, before it is adopted.

What is known without counting comes first: how well history shows each condition. Counting asks
the policy of every past work, on an engine of its own, so that readers of other pages do not wait.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from fourseas import workspace
from fourseas.errors import FourseasError
from fourseas.policy.assumptions import Assumption, read_assumptions
from fourseas.policy.decide import compiled
from fourseas.policy.document import Policy
from fourseas.policy.observability import observed
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.panel import CHOSEN, Heading, Reading
from fourseas.reports.simulation.charts import drawn
from fourseas.reports.simulation.simulate import MIRRORS, Scenario, simulate
from fourseas.reports.simulation.statement import Statement, statement
from fourseas.reports.simulation.writing import as_html, as_json, as_markdown
from fourseas.web import rendering
from fourseas.web.pages.policy_papers import Papers, papers
from fourseas.web.view import Asked, Form, Input, View

ADDRESS = "/policy/simulate"
YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
BETWEEN_WORDS = re.compile(r"\s+")
USUAL_YEARS = "2014-2023"

WRITTEN: dict[str, tuple[str, Callable[[Statement], str]]] = {
    "html": ("text/html; charset=utf-8", as_html),
    "md": ("text/markdown; charset=utf-8", as_markdown),
    "json": ("application/json", as_json),
}
"""Kinds of file that the whole statement is taken home as."""

ANSWERS = (
    ("", "a page"),
    ("html", "a file to hand in (HTML)"),
    ("md", "Markdown"),
    ("json", "data (JSON)"),
)
CONDITIONS = (
    Heading("said", "what is asked"),
    Heading("rules", "by"),
    Heading("mark", "history shows it"),
    Heading("how", "how"),
)
WHAT_IS_COUNTED = (
    "Counting asks the policy of each past work that the owner has, or may have, with others, and "
    f"the same policy of the works of up to {MIRRORS} partners that it touches most. This takes "
    "seconds to minutes, by the size of the lake; other pages answer meanwhile."
)

_counting = Lock()
"""One simulation at a time: each takes the memory of a lake's past works."""


def counting_form(given: Papers, asked: Asked | None = None) -> Form:
    """Return the form that asks whose past is counted; an address holds it if nothing is pasted."""
    at = asked or Asked(ADDRESS, ())
    return Form(
        action=ADDRESS,
        method="post" if given.policy or given.lists else "get",
        verb="Count what it would touch",
        inputs=(
            *given.hidden,
            Input(name="owner", label="Owner", value=at.first("owner") or CHOSEN["a"], kind="text"),
            Input(name="years", label="Years", value=at.first("years") or USUAL_YEARS, kind="text"),
            Input(
                name="assume",
                label="Taken to be so, as activity=joint_project",
                value=at.first("assume") or "",
                kind="text",
            ),
            Input(name="hours", label="Hours a case", value=at.first("hours") or "", kind="number"),
            Input(name="as", label="As", value=at.first("as") or "", options=ANSWERS),
        ),
    )


def answer(lake: Path, asked: Asked) -> tuple[str, bytes]:
    """Return the kind and the content of the answer: what is known, or all that was counted.

    Parameters
    ----------
    lake
        Directory of the lake.
    asked
        What was sent: papers, and the owner once it is to be counted.

    Raises
    ------
    FourseasError
        Where something that was sent cannot be, with what to do.
    """
    given = papers(asked)
    if asked.first("owner") is None:
        page = rendering.as_page(_known(lake, given, asked), Asked("", ()))
        return "text/html; charset=utf-8", page.encode()
    kind = asked.first("as")
    if kind is not None and kind not in WRITTEN:
        problem = f"An answer as `{kind}` is not made."
        raise FourseasError(problem, f"Choose one of {', '.join(WRITTEN)}, or none for a page.")
    told = counted(lake, given, asked)
    if kind is not None:
        media, write = WRITTEN[kind]
        return media, write(told).encode()
    return "text/html; charset=utf-8", _page(told, given, asked).encode()


def counted(lake: Path, given: Papers, asked: Asked) -> Statement:
    """Return the statement on a policy, the same as `fourseas policy simulate` makes."""
    policy, sources = given.read(lake)
    scenario = Scenario(
        policy=policy,
        sources=sources,
        owner=asked.first("owner") or CHOSEN["a"],
        years=_years(asked.first("years") or USUAL_YEARS),
        assumptions=_assumed(asked),
        hours_per_case=_hours(asked.first("hours")),
    )
    with _counting, workspace.open(lake) as ws:
        return statement(simulate(ws, scenario))


def _page(told: Statement, given: Papers, asked: Asked) -> str:
    card = Card(
        title=told.title, lead=told.lead, sheets=(), sources=told.sources, citation=told.citation
    )
    view = View(
        card=card, section="Policy", forms=(counting_form(given, asked),), steps=given.steps
    )
    return rendering.as_page(
        view,
        Asked("", ()),
        "simulation.html",
        statement=told,
        pictures={part.name: drawn(part.chart) for part in told.parts if part.chart},
    )


def _known(lake: Path, given: Papers, asked: Asked) -> View:
    """Return what is known before anything is counted."""
    policy, sources = given.read(lake)
    meant = {reference.list_id for reference in policy.lists}
    return View(
        card=Card(
            title=f"What would it touch? {policy.title}",
            lead=(
                f"{policy.policy_id}, version {policy.version}; owner: {policy.owner}.",
                WHAT_IS_COUNTED,
                *(
                    f"The list `{list_id}` is not at hand: paste it with the policy."
                    for list_id in sorted(meant - {*sources.lists})
                ),
            ),
            sheets=(_conditions(policy, _assumed(asked)),),
            sources=tuple(
                f"List {one.list_id}: members: {len(one.members):,}, of {one.dated} ({one.source})."
                for one in sources.lists.values()
                if one.list_id in meant
            ),
            citation="`fourseas policy simulate` does the same on files.",
        ),
        section="Policy",
        forms=(counting_form(given, asked),),
        steps=given.steps,
    )


def _conditions(policy: Policy, assumptions: tuple[Assumption, ...]) -> Sheet:
    """Return how well history shows each condition, which needs no counting."""
    conditions = observed(compiled(policy, dates="ignored"), assumptions)
    rows: list[dict[str, object]] = [
        {"said": one.said, "rules": ", ".join(one.rules), "mark": one.mark, "how": one.how}
        for one in conditions
    ]
    return Sheet(
        name="conditions",
        title="How well the past shows what the policy asks.",
        headings=CONDITIONS,
        rows=rows,
        reading=Reading(
            definition="Exact, by something near it (proxy), taken to be so, or not observable.",
            counting="Nothing is counted yet.",
            source="The text of the policy, and what registers of works hold.",
            n=f"{len(rows)} conditions.",
            bounds="What history does not show stays unknown and widens the intervals.",
            coverage="Every condition of the scope and of the rules.",
        ),
    )


def _assumed(asked: Asked) -> tuple[Assumption, ...]:
    written = asked.first("assume") or ""
    return read_assumptions(word for word in BETWEEN_WORDS.split(written) if word)


def _years(written: str) -> tuple[int, int]:
    found = YEARS.fullmatch(written.strip())
    if found is None:
        problem = f"The years are `{written}`."
        raise FourseasError(problem, "Write one year such as 2020, or a range such as 2015-2020.")
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        problem = f"The years are `{written}`: the first is after the last."
        raise FourseasError(problem, f"Write {last}-{first}.")
    return first, last


def _hours(written: str | None) -> float | None:
    if written is None:
        return None
    try:
        hours = float(written)
    except ValueError:
        hours = 0.0
    if not 0 < hours < float("inf"):
        problem = f"The hours a case takes are `{written}`."
        raise FourseasError(problem, "Write a number such as 2.5, or nothing.")
    return hours
