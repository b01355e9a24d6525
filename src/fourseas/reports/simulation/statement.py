"""The statement on a policy before it is adopted: what it would touch, and what that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fourseas import __version__
from fourseas.errors import PolicyError
from fourseas.policy.document import Policy
from fourseas.policy.exposure import TOUCHED
from fourseas.policy.grammar import leaves
from fourseas.policy.mirror import mirror as mirrored_rule
from fourseas.policy.vocabulary import NEEDS_INFORMATION
from fourseas.reports.panel import Rows
from fourseas.reports.simulation import context_tables, exposure_tables, scenarios
from fourseas.reports.simulation.charts import partners_chart
from fourseas.reports.simulation.series import (
    EACH,
    Series,
    counted,
    country_named,
    ends,
    number,
    owner_named,
    ranked,
    register_named,
    series_of,
    unseen,
)
from fourseas.reports.simulation.sides import Assessed, BothSides, Ends, said
from fourseas.reports.simulation.simulate import Simulation
from fourseas.reports.theme import Spec

NAMED = 3
"""Partners that the first sentences name."""

DATED = re.compile(r"\s*(\d{4}-\d{2}-\d{2})\s*:\s*\S")

LIMITS = (
    (
        "Exposure says how much a policy is about. It is no forecast and no estimate of an effect: "
        "works that are touched may be written all the same, under conditions or after a review."
    ),
    (
        "Joint works are an imperfect sign of collaboration: visits, teaching, data, money leave "
        "few traces in them, and a work appears months or years after it was agreed upon."
    ),
    (
        "The policy is asked as if it had always been in force: its own days are not heeded, while "
        "dated entries of lists are, on the first of July of each year."
    ),
    "Countries are those of authors' addresses. Nobody's nationality, name or origin is read.",
    (
        "Facts that registers do not show (roles, ties, documents, money) are unknown and never "
        "taken to be harmless; they widen the intervals."
    ),
    "Fields and topics are a classifier's; its errors are not in the intervals.",
    (
        "What a policy prevents cannot be measured with works; only the owner can say what not "
        "acting would cost, and does so above in words or not at all."
    ),
    "Past works say nothing of collaboration that never came about.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number in large, of both sides."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the statement.

    Attributes
    ----------
    name, title
        By which data call it, and what it answers.
    text
        Paragraphs.
    tables
        Tables of both sides.
    assessed
        Numbers of bounds and studies.
    chart
        A picture, as a Vega-Lite specification.
    """

    name: str
    title: str
    text: tuple[str, ...] = ()
    tables: tuple[BothSides, ...] = ()
    assessed: tuple[Assessed, ...] = ()
    chart: Spec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """All of it.

    Attributes
    ----------
    title, lead
        What it is about, and what it comes to in a few sentences.
    figures
        The same in numbers, both sides in each.
    parts
        In the order of reading.
    sources, citation
        Registers behind it, and how to cite it.
    """

    title: str
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    citation: str


def statement(of: Simulation) -> Statement:
    """Return what there is to say of a simulation, in the order in which it is read.

    Raises
    ------
    PolicyError
        If the owner's words on not acting bear no day.
    """
    policy, (first, last) = of.scenario.policy, of.scenario.years
    series = series_of(of)
    lead = [f"{policy.title}, version {policy.version}, {policy.owner}."]
    if policy.banner:
        lead.append(f"{policy.banner[0].upper()}{policy.banner[1:].rstrip('.')}.")
    lead.extend(_summary(one) for one in series)
    if not series:
        lead.append(
            f"This lake holds no single work of {owner_named(of)} with others in those years, "
            "only published counts of pairs of countries: what follows is of these, all fields "
            "together."
        )
    lead.extend(
        f"{one.title}: whether others took part in {number(one.whole['n_joint']):,.0f} works of "
        f"{owner_named(of)} is not known. They may be touched, and are not counted below."
        for one in unseen(of)
    )
    lead.extend(_outside(of))
    lead.extend(_own_lists(of))
    return Statement(
        title=f"What a policy would touch: {owner_named(of)} and its partners, {first}-{last}",
        lead=tuple(lead),
        figures=tuple(figure for one in series[:2] for figure in _figures(one)),
        parts=(
            *(_exposure(one) for one in series),
            *_pairs(of),
            _observability(of),
            *_unconfirmed(series),
            *_comparison(of, series),
            _scenarios(of, series),
            *_thirds(series),
            _mirror(of, series),
            _not_acting(of),
            Part(name="limits", title="What this cannot say", text=LIMITS),
        ),
        sources=_sources(of),
        citation=f"Cite as: fourseas {__version__}, lake version {of.version}, with the policy, "
        "its lists and the registers above.",
    )


def _summary(series: Series) -> str:
    cell = series.whole
    owner, partner = (ends(cell, f"{side}_share") for side in ("owner", "partner"))
    joint, touched = number(cell["n_joint"]), counted(cell)
    part = f"{series.title}: of {joint:,.0f} works that {series.sides[0]} has, or may have, with "
    part += f"others, {said(touched, 'count')} are touched"
    if not touched.most:
        return f"{part}."
    most = ranked(series.cells(TOUCHED, partner=EACH), "partner_id")[:NAMED]
    named = "; ".join(
        f"{country_named(series.of, one['partner_id'])} {said(counted(one), 'count')}, "
        f"{said(ends(one, 'partner_share'), 'share')} of its own"
        for one in most
        if one["n_most"]
    )
    return (
        f"{part}: {said(owner, 'share')} of all its works, and {said(partner, 'share')} of all "
        f"works of the countries on the other side. With the most: {named}."
    )


def _outside(of: Simulation) -> Iterator[str]:
    """Yield how many cases the policy is not about, and what to do if that is by their kind."""
    if of.n_outside:
        yield f"{of.n_outside:,} of {of.n_cases:,} past cases are outside the policy's scope."
    asked = [leaf for one in of.scenario.policy.conditions for leaf in leaves(one)]
    is_assumed = any(one.fact == "activity" for one in of.scenario.assumptions)
    if any(leaf.fact == "activity" for leaf in asked) and not is_assumed:
        yield (
            "The policy asks what activity is planned, and registers show co-authorship and "
            "standard-setting alone: with --assume activity=WORD each work is taken for "
            "another, such as joint_project."
        )


def _figures(series: Series) -> tuple[Figure, ...]:
    """Return the numbers in large; each names both sides."""
    cell = series.whole
    owner = series.sides[0]
    (unsettled,) = series.cells(NEEDS_INFORMATION)
    joint = number(cell["n_joint"])
    unknown = Ends(None, None) if not joint else _over(counted(unsettled), joint)
    loads = [
        _yearly(series, rows)
        for rows in (series.of.counted.owner_load, series.of.counted.partner_load)
    ]
    work = " | ".join(f"{load:,.1f}" for load in loads) + " cases a year"
    hours = series.of.scenario.hours_per_case
    if hours is not None:
        work += f", {' | '.join(f'{hours * load:,.0f}' for load in loads)} hours"
    n_partners = len(series.own(series.of.counted.mirrored))
    return (
        Figure(
            value=f"{said(counted(cell), 'count')} of {joint:,.0f}",
            meaning=f"works of {owner} with others touched, {series.title}",
        ),
        Figure(
            value=f"{said(ends(cell, 'owner_share'), 'share')} | "
            f"{said(ends(cell, 'partner_share'), 'share')}",
            meaning=f"of all works of {owner} | of all works of the other side",
        ),
        Figure(
            value=work,
            meaning=f"to look at for officers of {owner} | of "
            + (f"the {n_partners} partners touched most" if n_partners else "partners")
            + ", under the same policy",
        ),
        Figure(
            value=said(unknown, "share"),
            meaning="of those works need information: their level is not known",
        ),
    )


def _own_lists(of: Simulation) -> Iterator[str]:
    """Yield which lists name the owner itself, which a condition on any party would meet."""
    for reference in of.scenario.policy.lists:
        listed = of.scenario.sources.lists[reference.list_id]
        if listed.of == "country" and listed.member(of.owner) is not None:
            yield (
                f"{owner_named(of)} itself is on the list `{reference.list_id}`: a condition on "
                "any party there holds for each of its works."
            )


def _yearly(series: Series, load: Rows) -> float:
    """Return the cases that a person would look at in a year."""
    first, last = series.of.scenario.years
    looked_at = (
        number(one["n_review"]) + number(one["n_needs_information"]) for one in series.own(load)
    )
    return sum(looked_at) / (last - first + 1)


def _over(of: Ends, whole: float) -> Ends:
    return Ends(*(None if end is None else end / whole for end in of))


def _exposure(series: Series) -> Part:
    tables = (
        exposure_tables.levels(series),
        exposure_tables.parts_of_output(series),
        exposure_tables.partners(series),
        exposure_tables.fields(series),
        exposure_tables.organizations(series),
        exposure_tables.people(series),
        exposure_tables.years(series),
        context_tables.workload(series),
    )
    scope = {
        "census": "The register is complete here.",
        "sample": "The register is a sample here: counts are of the sample.",
        "corpus": "A corpus that somebody's search chose: it shows how the counting goes, and "
        "its shares are of the corpus, not of either side's output.",
    }
    complete = number(series.described["last_complete_year"])
    is_late = series.of.scenario.years[1] > complete
    late = f" Years after {complete:.0f} are not complete." if is_late else ""
    return Part(
        name=f"exposure-{series.register}",
        title=f"Exposure in {series.title}",
        text=(
            scope.get(series.scope, f"The register is {series.scope} here.") + late,
            (
                "The other side is every country with a work that is, or may be, touched, taken "
                "together; full counting: a work counts once for each of its countries."
            ),
        ),
        tables=tuple(one for one in tables if one is not None),
        chart=partners_chart(series),
    )


def _pairs(of: Simulation) -> tuple[Part, ...]:
    tables = context_tables.pairs(of)
    if not tables:
        return ()
    return (
        Part(
            name="pairs",
            title="Exposure in published counts of pairs of countries",
            text=(
                (
                    "No single work is known here, so conditions on topics, fields, organizations "
                    "and people are not answered. All fields are taken together."
                ),
            ),
            tables=tables,
        ),
    )


def _observability(of: Simulation) -> Part:
    assumed = [one.written for one in of.scenario.assumptions]
    lists = [_list_said(of.scenario.policy, row) for row in of.lists]
    return Part(
        name="observability",
        title="How well the past shows what the policy asks",
        text=(
            f"Taken to be so in every case, because the user says so: {', '.join(assumed)}."
            if assumed
            else "Nothing was assumed: what registers do not show is unknown.",
            *lists,
        ),
        tables=(context_tables.conditions(of),) if of.known else (),
    )


def _list_said(policy: Policy, row: dict[str, object]) -> str:
    """Say of a list what it is, how sure its entries are, and how many history meets."""
    meant = next(one for one in policy.lists if one.list_id == row["list_id"])
    members, unsure = number(row["n_members"]), number(row["n_unconfirmed"])
    sure = "all confirmed" if not unsure else f"{unsure:,.0f} of them confirmed by nobody"
    return (
        f"List `{meant.list_id}`: {meant.title}, {meant.source}, {meant.dated}. "
        f"{members:,.0f} members, {sure}; {number(row['n_met']):,.0f} of them occur in the "
        "owner's past cases."
    )


def _unconfirmed(series: tuple[Series, ...]) -> tuple[Part, ...]:
    tables = [exposure_tables.unconfirmed(one) for one in series]
    found = tuple(one for one in tables if one is not None)
    if not found:
        return ()
    return (
        Part(
            name="unconfirmed",
            title="Matches of low confidence, apart",
            text=("Some entries of the lists are matches that nobody has confirmed.",),
            tables=found,
        ),
    )


def _comparison(of: Simulation, series: tuple[Series, ...]) -> tuple[Part, ...]:
    tables = tuple(one for one in map(context_tables.changes, series) if one is not None)
    if of.scenario.against is None:
        return ()
    return (Part(name="changes", title="Against the present policy", tables=tables),)


def _scenarios(of: Simulation, series: tuple[Series, ...]) -> Part:
    found = scenarios.studies(of)
    n_about = sum(one.is_about for one in found)
    about = (
        f"{n_about} of {len(found)} published results are about these two sides"
        if n_about
        else f"None of {len(found)} published results is about these two sides"
    )
    return Part(
        name="scenarios",
        title="Ranges of what might follow",
        text=(
            "No number here is an effect of this policy: nobody has measured one. "
            + (
                "Two bounds come from arithmetic: what either side writes would be between them "
                "if nothing else changed."
                if series
                else "Counts of pairs overlap, so that no bound of either side's output is here."
            ),
            (
                f"{about}; the others show how far results differ and carry over to nobody else. "
                "Read each with its population and condition."
            ),
        ),
        assessed=(*(one for each in series for one in scenarios.bounds(each)), *found),
    )


def _thirds(series: tuple[Series, ...]) -> tuple[Part, ...]:
    tables = tuple(one for one in map(context_tables.thirds, series) if one is not None)
    if not tables:
        return ()
    return (
        Part(
            name="thirds",
            title="Substitutes and third countries",
            text=("Hypotheses, from works that either side wrote in the same fields and years.",),
            tables=tables,
        ),
    )


def _mirror(of: Simulation, series: tuple[Series, ...]) -> Part:
    tables = tuple(one for one in map(context_tables.mirror, series) if one is not None)
    return Part(
        name="mirror",
        title="If the partners adopted the same",
        text=(
            *(f"Rule {rule.rule_id}: {mirrored_rule(rule)}" for rule in of.scenario.policy.rules),
            *(() if tables else ("It is not counted: no single work is, or may be, touched.",)),
        ),
        tables=tables,
    )


def _not_acting(of: Simulation) -> Part:
    """Return the owner's dated words on what not acting would cost."""
    given = of.scenario.not_acting or of.scenario.policy.cost_of_not_acting
    if given is not None and not DATED.match(given):
        raise PolicyError.undated_statement("--not-acting")
    return Part(
        name="not-acting",
        title="What not acting would cost, in the owner's words",
        text=(
            f"“{given}”" if given else "The owner has said nothing on it.",
            "No register of works can measure it, so fourseas neither checks nor weighs it.",
        ),
    )


def _sources(of: Simulation) -> tuple[str, ...]:
    used = {one.register for one in series_of(of)} | {row["register"] for row in of.counted.pairs}
    return tuple(
        f"{register_named(of, row['register'])}, snapshot of {row['snapshot_on']}, scope "
        f"{row['scope']}, licence: {row['licence']}, {row['url']}"
        for row in of.registers
        if row["register"] in used
    )
