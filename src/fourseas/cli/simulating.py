"""`fourseas policy simulate`: what a policy would touch of the past, on both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fourseas import workspace
from fourseas.cli import policies, rendering, showing, writing
from fourseas.errors import FourseasError
from fourseas.policy.assumptions import read_assumptions
from fourseas.reports.simulation.sides import BothSides
from fourseas.reports.simulation.simulate import Scenario, Simulation, simulate
from fourseas.reports.simulation.statement import Statement, statement
from fourseas.reports.simulation.writing import as_html, as_json, as_markdown, notes, parts_of

WRITTEN: dict[str, Callable[[Statement], str]] = {
    ".html": as_html,
    ".md": as_markdown,
    ".json": as_json,
}
WORKS = ".parquet"
"""The ending by which each case is written with its finding, instead of a report."""

ROWS_ON_SCREEN = 8
ON_SCREEN = ("levels", "parts", "partners", "workload", "changes", "conditions", "pairs", "mirror")
"""Tables that a screen shows, by the first word of their name; a file holds all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a user wants to know, as it was written."""

    policy: Path
    owner: str
    years: str
    against: Path | None = None
    assume: tuple[str, ...] = ()
    hours_per_case: float | None = None
    definition: str | None = None
    lists: tuple[Path, ...] = ()
    organizations: Path | None = None
    not_acting: str | None = None


def run(lake: Path, asked: Asked, out: Path | None) -> None:
    """Print what a policy would touch, or write it to a file whose name says how."""
    kind = None if out is None else writing.kind(out, [*WRITTEN, WORKS])
    scenario = _scenario(lake, asked)
    with workspace.open(lake) as ws:
        found = simulate(ws, scenario)
        if out is not None and kind == WORKS:
            _write_works(found, out)
            return
    told = statement(found)
    if out is None or kind is None:
        _show(told)
        return
    writing.write({out: WRITTEN[kind](told).encode()})
    rendering.say(f"Wrote {out}.")


def _scenario(lake: Path, asked: Asked) -> Scenario:
    if asked.hours_per_case is not None and asked.hours_per_case <= 0:
        message = f"--hours-per-case is {asked.hours_per_case:g}."
        raise FourseasError(message, "Give the hours that one case takes, such as 2.5.")
    given = (asked.lists, asked.organizations, lake)
    policy, sources = policies.policy_and_sources(asked.policy, *given)
    against, against_sources = (
        (None, None)
        if asked.against is None
        else policies.policy_and_sources(asked.against, *given)
    )
    return Scenario(
        policy=policy,
        sources=sources,
        owner=asked.owner,
        years=showing.read_years(asked.years),
        against=against,
        against_sources=against_sources,
        assumptions=read_assumptions(asked.assume),
        definition=asked.definition,
        hours_per_case=asked.hours_per_case,
        not_acting=asked.not_acting,
    )


def _write_works(found: Simulation, out: Path) -> None:
    """Write each case with its finding and a column for each rule."""
    with writing.drafted(out) as draft:
        found.works.order_by("case_id").to_parquet(draft)
    rendering.say(f"Wrote {out}: one row for each case, with its finding and each rule.")


def _show(told: Statement) -> None:
    """Print the statement; long tables are cut, and the file has all of it."""
    rendering.say(told.title, "", *told.lead, "")
    rendering.say(*(f"{one.value}: {one.meaning}" for one in told.figures))
    for part in told.parts:
        rendering.say("", part.title.upper(), *part.text)
        for table in part.tables:
            if table.name.partition("-")[0] in ON_SCREEN:
                _show_table(table)
        for one in part.assessed:
            if one.is_about:
                rendering.say("", f"{one.interval}: {one.outcome}")
                rendering.say(*(f"  {name}: {said}" for name, said in parts_of(one)))
    left_out = [
        table.title
        for part in told.parts
        for table in part.tables
        if table.name.partition("-")[0] not in ON_SCREEN
    ]
    n_others = sum(not one.is_about for part in told.parts for one in part.assessed)
    if left_out:
        rendering.say("", f"Not shown for want of room: {'; '.join(left_out)}.")
    rendering.say(f"Nor {n_others} published results about other sides. --out FILE.html has all.")
    rendering.say("", *told.sources, told.citation)


def _show_table(table: BothSides) -> None:
    texts = table.texts()
    if not texts:
        rendering.say("", f"{table.title}: no row, nothing is or may be touched.")
        return
    rendering.show_rows(table.title, table.header, texts[:ROWS_ON_SCREEN])
    if len(texts) > ROWS_ON_SCREEN:
        rendering.say(f"{len(texts) - ROWS_ON_SCREEN} more rows in a file.")
    rendering.say(*notes(table))
