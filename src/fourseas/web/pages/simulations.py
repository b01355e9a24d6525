"""`/policy/simulate`: what a policy would touch of the past, on both sides, before it is adopted.

What is known without counting comes first: how well history shows each condition. Counting asks
the policy of every past work, on an engine of its own and beside the pages: who asked for it is
shown how far it has come, and the same address has the answer in the end.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

from fourseas import workspace
from fourseas.errors import FourseasError
from fourseas.lake.progress import Progress
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
from fourseas.web.counting import Count, Counting
from fourseas.web.pages.policy_papers import NOTHING_NOW, Papers, known_by_name, papers
from fourseas.web.view import Asked, Form, Input, View

ADDRESS = "/policy/simulate"
YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
BETWEEN_WORDS = re.compile(r"\s+")
USUAL_YEARS = "2014-2023"

MARK = "counted"
"""The parameter by which what was sent as a form is found again."""

SECONDS_WAITED = 0.1
"""How long an answer waits for what may be done at once, such as a slip in a name."""

SECONDS_BETWEEN = 2
"""After how long a page that waits asks again."""

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

LOOKS_AGAIN = (
    "Every work of the owner and of its partners is asked. This page looks again by itself until "
    "its address shows the answer."
)

_counting = Lock()
"""One simulation at a time: each takes the memory of a lake's past works."""


def counting_form(lake: Path, given: Papers, asked: Asked | None = None) -> Form:
    """Return the form that asks whose past is counted; an address holds it if nothing is pasted."""
    at = asked or Asked(ADDRESS, ())
    return Form(
        action=ADDRESS,
        method="post" if given.is_pasted else "get",
        verb="Count what it would touch",
        inputs=(
            *given.hidden,
            Input(name="owner", label="Owner", value=at.first("owner") or CHOSEN["a"], kind="text"),
            Input(name="years", label="Years", value=at.first("years") or USUAL_YEARS, kind="text"),
            Input(
                name="against",
                label="In force now",
                value=at.first("against") or "",
                options=_in_force(lake, given),
            ),
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


def _in_force(lake: Path, given: Papers) -> tuple[tuple[str, str], ...]:
    """Return what may be in force: what was pasted or nothing, recorded policies, examples."""
    first = ("", "the one that was pasted") if given.present else NOTHING_NOW
    return (first, *known_by_name(lake))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent: a page or file, or where to find it, or that it is being counted."""

    kind: str = "text/html; charset=utf-8"
    content: bytes = b""
    leads_to: str | None = None
    look_again: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What was counted, as a page and as each of `WRITTEN`."""

    page: bytes
    files: Mapping[str, bytes]


def answer(
    lake: Path, version: str, counting: Counting[Told], asked: Asked, *, is_form: bool
) -> Answer:
    """Return the answer: what is known, all that was counted, or how far that has come.

    Parameters
    ----------
    lake, version
        Directory of the lake, and its current version.
    counting
        What is being counted, or was lately.
    asked
        What was sent: papers, and the owner once it is to be counted; or the mark of a count.
    is_form
        Whether it was sent as a form, which has no address that could be asked again.

    Raises
    ------
    FourseasError
        Where something that was sent cannot be, with what to do.
    """
    mark = asked.first(MARK)
    if mark is not None:
        count = counting.find(mark)
        if count is None:
            problem = "This count is not kept any longer."
            raise FourseasError(problem, "Send the policy again, at /policy.")
        return _counted_so_far(count, asked)
    given = papers(asked)
    if asked.first("owner") is None:
        page = rendering.as_page(_known(lake, given, asked), Asked("", ()))
        return Answer(content=page.encode())
    _form(asked)
    scenario = _scenario(lake, given, asked)

    def make(progress: Progress) -> Told:
        told = _counted(lake, scenario, progress)
        files = {name: write(told).encode() for name, (_, write) in WRITTEN.items()}
        return Told(page=_page(lake, told, given, asked).encode(), files=files)

    if not is_form:
        about = tuple(one for one in asked.parameters if one[0] != "as")
        key = (version, about, repr(scenario))
        return _counted_so_far(counting.begun(key, make), asked)
    mark = secrets.token_urlsafe(16)
    counting.begun(mark, make).within(SECONDS_WAITED)
    wanted = asked.first("as")
    kept = {MARK: mark} | ({"as": wanted} if wanted else {})
    return Answer(leads_to=f"{ADDRESS}?{urlencode(kept)}")


def _form(asked: Asked) -> str | None:
    """Return as what the statement is wanted, None for a page."""
    kind = asked.first("as")
    if kind is not None and kind not in WRITTEN:
        problem = f"An answer as `{kind}` is not made."
        raise FourseasError(problem, f"Choose one of {', '.join(WRITTEN)}, or none for a page.")
    return kind


def _counted_so_far(count: Count[Told], asked: Asked) -> Answer:
    """Return the statement in the form that is asked for, or how far counting has come."""
    kind = _form(asked)
    told = count.within(SECONDS_WAITED)
    if told is None:
        return Answer(content=_progress(count).encode(), look_again=True)
    if kind is not None:
        return Answer(kind=WRITTEN[kind][0], content=told.files[kind])
    return Answer(content=told.page)


def _progress(count: Count[Told]) -> str:
    """Return a page that says how far counting has come, and asks again by itself."""
    done, total = round(count.n_done), round(count.total)
    return rendering.as_page(
        View(
            card=Card(
                title="Counting what it would touch",
                lead=(
                    _so_far(count),
                    LOOKS_AGAIN,
                ),
                sheets=(),
                sources=(),
                citation="`fourseas policy simulate` does the same on files.",
            ),
            section="Policy",
        ),
        Asked("", ()),
        "counting.html",
        done=done,
        total=total,
        seconds=SECONDS_BETWEEN,
    )


def _so_far(count: Count[Told]) -> str:
    """Say how many steps are done, and the last of them."""
    since = f"after {count.seconds:.0f} seconds"
    if not count.n_done:
        return f"Nothing is done yet {since}: {count.label}."
    return f"Done {since}: {count.n_done:.0f} of {count.total:.0f} steps, last {count.label}."


def _scenario(lake: Path, given: Papers, asked: Asked) -> Scenario:
    """Return what is asked, read from what was sent."""
    policy, sources = given.read(lake)
    present = given.read_present(lake, asked.first("against") or "")
    against, against_sources = present or (None, None)
    return Scenario(
        policy=policy,
        sources=sources,
        against=against,
        against_sources=against_sources,
        owner=asked.first("owner") or CHOSEN["a"],
        years=_years(asked.first("years") or USUAL_YEARS),
        assumptions=_assumed(asked),
        hours_per_case=_hours(asked.first("hours")),
    )


def _counted(lake: Path, scenario: Scenario, progress: Progress) -> Statement:
    """Return the statement on a policy, the same as `fourseas policy simulate` makes."""
    with _counting, workspace.open(lake) as ws:
        return statement(simulate(ws, scenario, progress))


def _page(lake: Path, told: Statement, given: Papers, asked: Asked) -> str:
    card = Card(
        title=told.title, lead=told.lead, sheets=(), sources=told.sources, citation=told.citation
    )
    view = View(
        card=card, section="Policy", forms=(counting_form(lake, given, asked),), steps=given.steps
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
        forms=(counting_form(lake, given, asked),),
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
