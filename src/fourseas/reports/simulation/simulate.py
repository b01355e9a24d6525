"""Simulation: a policy asked of the past that a lake holds, counted on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import ibis.expr.types as ir
import pyarrow as pa

from fourseas.errors import NotComputableError, PolicyError, TableError, UnknownNameError
from fourseas.lake.progress import Progress
from fourseas.policy import history
from fourseas.policy.assumptions import Assumption, assumed
from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import Compiled, compiled, evaluate
from fourseas.policy.document import Policy
from fourseas.policy.exposed_parties import exposed_organizations, exposed_people
from fourseas.policy.exposure import (
    FIELD_SCHEMES,
    TOUCHED,
    exposed_partners,
    exposures,
    judged,
    marks,
    measures,
)
from fourseas.policy.finding import Sources
from fourseas.policy.history import READS, SIDES, Past, Span
from fourseas.policy.list_use import list_use
from fourseas.policy.lists import NamedList
from fourseas.policy.observability import Observed, answers, observed
from fourseas.policy.pair_exposure import pair_exposures, published
from fourseas.policy.reciprocity import mirrored_exposures, workloads
from fourseas.policy.third_countries import third_countries
from fourseas.policy.transitions import transitions
from fourseas.policy.vocabulary import OUTCOMES
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.table import TableSpec
from fourseas.workspace import Workspace

OUT_OF_SCOPE = OUTCOMES[0]
Rows = list[dict[str, object]]

MIRRORS = 12
"""Partners with the most works touched, of whom the mirror is counted."""


CASES_AT_ONCE = 1_000_000
"""Cases that are judged together: time grows with their number, memory with this one."""

WORKS_OF_STRETCH = 2**16
"""Neighboring works that stay together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is asked: a policy of an owner, over years.

    Attributes
    ----------
    policy, sources
        The policy, and the lists and the tree that it refers to.
    owner
        A country by code or name.
    years
        First and last year.
    against, against_sources
        The present policy, if any; without one all is open now.
    assumptions
        What is taken to be so in every case.
    definition
        The definition that counts works; the default ones if none is named.
    hours_per_case
        Hours that an officer needs to look at one case, if the user says so.
    not_acting
        The owner's dated words on what not acting would cost; those of the policy if none.
    """

    policy: Policy
    sources: Sources
    owner: str
    years: tuple[int, int]
    against: Policy | None = None
    against_sources: Sources | None = None
    assumptions: tuple[Assumption, ...] = ()
    definition: str | None = None
    hours_per_case: float | None = None
    not_acting: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A condition, and of which share of rows it is answered on either side."""

    condition: Observed
    owner_share: float | None
    partner_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one policy touches.

    Attributes
    ----------
    exposures, organizations, mirrored, pairs
        Rows of the tables of those names.
    owner_load, partner_load
        Rows of `WORKLOADS`, of the owner's cases and of the partners' under the mirror.
    """

    exposures: Rows
    organizations: Rows
    mirrored: Rows
    pairs: Rows
    owner_load: Rows
    partner_load: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What a policy touches of the past.

    Attributes
    ----------
    scenario
        What was asked.
    owner
        The owner's country code.
    counted, present
        What the policy touches, and what the present one does; None where all is open now.
    changes
        Rows of `TRANSITIONS`.
    people, thirds
        Rows of the tables of those names.
    known
        The conditions.
    unconfirmed
        Rows of `EXPOSURES` if every list entry that nobody confirmed were meant; none where all
        are confirmed.
    lists
        Rows of `LIST_USE`.
    n_outside, n_cases
        Cases that the policy is not about, whatever is not known, and all cases of the owner.
    works
        One row per work with its finding and a column for each rule, to be read while the
        workspace is open.
    countries, fields
        What the lake calls countries and fields, by code and id.
    registers
        Rows of the registers behind it.
    version
        Version of the lake.
    """

    scenario: Scenario
    owner: str
    counted: Counted
    present: Counted | None
    changes: Rows
    people: Rows
    thirds: Rows
    known: tuple[Known, ...]
    unconfirmed: Rows
    lists: Rows
    n_outside: int
    n_cases: int
    works: ir.Table
    countries: Mapping[str, str]
    fields: Mapping[str, str]
    registers: Rows
    version: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A policy asked of cases."""

    judged: ir.Table
    marked: ir.Table
    facts: FactTables
    of: Compiled
    answers: ir.Table


STEPS = (
    "what registers show of the years",
    "the policy asked of the owner's cases",
    "what it touches",
    "the same asked of the partners' cases",
    "the present policy",
    "people, third countries and lists",
)
"""Steps of a simulation, in their order; the present policy takes no time where there is none."""


def simulate(ws: Workspace, scenario: Scenario, progress: Progress | None = None) -> Simulation:
    """Ask a policy of the past, and count what it would touch on both sides.

    Parameters
    ----------
    ws, scenario
        The lake, and what is asked.
    progress
        Who is told of each of `STEPS` that is done, if anybody.

    Raises
    ------
    UnknownNameError
        For an owner or a definition that there is not.
    NotComputableError
        If the lake holds no work of the owner with others in the years, nor published counts.
    TableError
        If a table of the lake lacks a column that is read.
    PolicyError
        If a list is missing or of another date.
    """
    steps = iter(STEPS)

    def done() -> None:
        if progress is not None:
            progress.advance(1, next(steps))

    if progress is not None:
        progress.start(len(STEPS), "the lake is open")
    owner = _owner(ws, scenario.owner)
    span = _span(scenario)
    past = _past(ws, span)
    done()
    sides = ws.kept("simulated_owner", _rows_of(SIDES, history.sides([owner])))
    cases = ws.kept("simulated_cases", history.cases(past, sides))
    if cases.count().execute() == 0 and not _has_pairs(ws, owner, span):
        raise _nothing(ws, owner, span)
    world = _World(ws, scenario, past, owner, cases)
    policy, sources = scenario.policy, scenario.sources
    new = world.ask("policy", policy, sources, cases)
    done()
    partners = ws.kept("simulated_partners", exposed_partners(new.marked, cases, past))
    exposed = exposures(new.marked, cases, past, partners, measures(policy))
    exposed = ws.kept("simulated_exposures", exposed)
    done()
    abroad = world.partners_cases(exposed)
    mirror = world.ask("mirror", policy, sources, abroad)
    done()
    present, changes = _present(world, new, abroad)
    done()
    middle = (span.first + span.last + 1) // 2
    simulation = Simulation(
        scenario=scenario,
        owner=owner,
        counted=world.counted("policy", new, mirror, exposed),
        present=present,
        changes=changes,
        people=_listed(exposed_people(new.marked, cases, past, owner)),
        thirds=_listed(third_countries(new.marked, cases, past, owner, middle)),
        known=_known(scenario, new, mirror),
        unconfirmed=_unconfirmed(world, partners),
        lists=_lists(policy, new.facts),
        n_outside=_count(new.judged.filter(new.judged.at_most == OUT_OF_SCOPE)),
        n_cases=_count(new.judged),
        works=new.judged,
        countries=_named(ws.table("countries"), "country_code", "country_name"),
        fields=_named(_fields(ws.table("fields")), "field_id", "field_name"),
        registers=ws.table("registers").order_by("register").to_pyarrow().to_pylist(),
        version=ws.version,
    )
    done()
    if progress is not None:
        progress.finish()
    return simulation


def _owner(ws: Workspace, name: str) -> str:
    """Return the country that owns the policy."""
    (owner,) = ws.unit_ids((name,))
    codes = ws.table("countries").select("country_code").to_pyarrow()["country_code"].to_pylist()
    if owner not in codes:
        raise UnknownNameError.of("country", name, codes)
    return owner


def _span(scenario: Scenario) -> Span:
    computed = [definition for definition in DEFINITIONS if definition.computed]
    if scenario.definition is None:
        chosen = [definition for definition in computed if definition.is_default]
    else:
        chosen = [one for one in computed if one.definition_id == scenario.definition]
        if not chosen:
            names = (definition.definition_id for definition in computed)
            raise UnknownNameError.of("definition", scenario.definition, names)
    first, last = scenario.years
    return Span(first=first, last=last, definitions=tuple(chosen))


def _past(ws: Workspace, span: Span) -> Past:
    """Compute once what registers show of the years."""
    expressed = history.past({spec.name: _read(ws, spec) for spec in READS}, span)
    tables = {
        field.name: ws.kept(f"past_{field.name}", getattr(expressed, field.name))
        for field in fields(Past)
    }
    return Past(**tables)


def _read(ws: Workspace, spec: TableSpec) -> ir.Table:
    """Return a table of the lake with all the columns that it is declared to have."""
    table = ws.table(spec.name)
    missing = {*spec.column_names} - {*table.columns}
    if missing:
        raise TableError.missing_columns(spec.name, missing, table.columns)
    return table


def _has_pairs(ws: Workspace, owner: str, span: Span) -> bool:
    """Say whether somebody has published counts of the owner's works with others."""
    pairs = published(ws.table("pair_cells"), (span.first, span.last))
    return bool(pairs.filter(pairs.unit_id == owner).count().execute())


def _nothing(ws: Workspace, owner: str, span: Span) -> NotComputableError:
    works = ws.table("works").filter(ws.table("works").year.notnull())
    first, last = works.year.min().execute(), works.year.max().execute()
    definitions = " and ".join(one.definition_id for one in span.definitions)
    return NotComputableError.because(
        f"What a policy of {owner} touches in {span.first}-{span.last}",
        f"no work of {owner} with, or perhaps with, others is counted there by {definitions}",
        f"The lake holds works of {first}-{last}; choose other years or another owner.",
    )


@dataclass(frozen=True, slots=True)
class _World:
    """The past that policies are asked of, with the owner's cases."""

    ws: Workspace
    scenario: Scenario
    past: Past
    owner: str
    cases: ir.Table

    def ask(self, name: str, policy: Policy, sources: Sources, cases: ir.Table) -> _Asked:
        """Ask a policy of cases, with the assumptions of the scenario."""
        ws = self.ws
        lists, tree = _held(ws, name, policy, sources)
        of = compiled(policy, dates="ignored")
        conditions = observed(of, self.scenario.assumptions)

        def facts(past: Past, of_cases: ir.Table) -> FactTables:
            return history.facts(past, of_cases, owner=self.owner, lists=lists, ancestors=tree)

        evaluations = [
            evaluate(of, assumed(facts(*portion), self.scenario.assumptions))
            for portion in self.portions(cases)
        ]
        findings = ws.gathered(f"simulated_{name}_findings", (one.findings for one in evaluations))
        answered = ws.gathered(
            f"simulated_{name}_answers",
            (answers(one.levels["cases"], conditions) for one in evaluations),
        )
        found = ws.kept(f"simulated_{name}", judged(cases, findings, policy))
        marked = ws.kept(f"simulated_{name}_marks", marks(found, policy))
        return _Asked(found, marked, facts(self.past, cases), of, answered)

    def portions(self, cases: ir.Table) -> list[tuple[Past, ir.Table]]:
        """Return the past and its cases in portions of about `CASES_AT_ONCE`."""
        stretch = cases.mutate(stretch=cases.work_id // WORKS_OF_STRETCH)
        sizes = stretch.group_by("stretch").agg(n=stretch.count()).order_by("stretch")
        rows = sizes.to_pyarrow().to_pylist()
        ends = _ends([(int(row["stretch"]), int(row["n"])) for row in rows])
        return [history.portion(self.past, cases, first, last) for first, last in ends]

    def partners_cases(self, exposed: ir.Table) -> ir.Table:
        """Return the cases of the partners that the policy touches most."""
        whole = exposed.filter(
            (exposed.measure == TOUCHED)
            & (exposed.period == ALL)
            & (exposed.field_id == ALL)
            & (exposed.partner_id != ALL)
            & (exposed.n_most > 0)
        )
        touched = whole.group_by("partner_id").agg(
            n_least=whole.n_least.sum(), n_most=whole.n_most.sum()
        )
        ranked = touched.order_by(touched.n_least.desc(), touched.n_most.desc(), touched.partner_id)
        partners = ranked.limit(MIRRORS).to_pyarrow()["partner_id"].to_pylist()
        sides = self.ws.kept("simulated_sides", _rows_of(SIDES, history.sides(partners, 1)))
        return self.ws.kept("simulated_mirror_cases", history.cases(self.past, sides))

    def counted(self, name: str, asked: _Asked, mirror: _Asked, exposed: ir.Table) -> Counted:
        """Count what a policy touches."""
        marked, past, owner = asked.marked, self.past, self.owner
        pairs = pair_exposures(
            asked.of,
            (self.ws.table("unit_cells"), self.ws.table("pair_cells")),
            owner=owner,
            years=self.scenario.years,
            facts=FactTables(rows={}, lists=asked.facts.lists, ancestors=asked.facts.ancestors),
            assumptions=self.scenario.assumptions,
        )
        return Counted(
            exposures=_listed(exposed),
            organizations=_listed(exposed_organizations(marked, self.cases, past, owner)),
            mirrored=_listed(mirrored_exposures(mirror.marked, mirror.judged, past, owner)),
            pairs=_listed(self.ws.kept(f"simulated_{name}_pairs", pairs)),
            owner_load=_listed(workloads(asked.judged)),
            partner_load=_listed(workloads(mirror.judged)),
        )


def _ends(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join neighboring stretches of works to portions; return their first and last numbers."""
    ends: list[tuple[int, int]] = []
    held = 0
    for number, n in stretches or [(0, 0)]:
        first, last = number * WORKS_OF_STRETCH, (number + 1) * WORKS_OF_STRETCH - 1
        if not ends or held + n > CASES_AT_ONCE:
            ends.append((first, last))
            held = n
        else:
            ends[-1] = (ends[-1][0], last)
            held += n
    return ends


def _held(
    ws: Workspace, name: str, policy: Policy, sources: Sources
) -> tuple[dict[str, ir.Table], ir.Table | None]:
    """Return the lists and the tree of organizations as tables."""
    lists = {
        reference.list_id: ws.kept(
            f"simulated_{name}_list_{number}",
            _list_for(policy, reference.list_id, sources).table(),
        )
        for number, reference in enumerate(policy.lists)
    }
    tree = sources.tree
    held = ws.kept(f"simulated_{name}_tree", tree.table()) if tree is not None else None
    return lists, held


def _list_for(policy: Policy, list_id: str, sources: Sources) -> NamedList:
    """Return a list as the policy means it."""
    given = sources.lists.get(list_id)
    if given is None:
        raise PolicyError.missing_list(policy.policy_id, list_id, sources.lists)
    meant = next(one for one in policy.lists if one.list_id == list_id)
    if (given.of, given.dated) != (meant.of, meant.dated):
        raise PolicyError.other_list(
            list_id, f"{meant.of} of {meant.dated}", f"{given.of} of {given.dated}"
        )
    return given


def _present(world: _World, new: _Asked, abroad: ir.Table) -> tuple[Counted | None, Rows]:
    """Return what the present policy touches, and which cases change their finding."""
    scenario, cases, past = world.scenario, world.cases, world.past
    policy = scenario.against
    if policy is None:
        return None, []
    sources = scenario.against_sources or scenario.sources
    old = world.ask("present", policy, sources, cases)
    mirror = world.ask("present_mirror", policy, sources, abroad)
    partners = exposed_partners(old.marked, cases, past)
    exposed = exposures(old.marked, cases, past, partners, measures(policy))
    counted = world.counted("present", old, mirror, exposed)
    return counted, _listed(transitions(old.judged, new.judged, past))


def _unconfirmed(world: _World, partners: ir.Table) -> Rows:
    """Return exposures as they would be if every entry that nobody confirmed were meant."""
    policy, sources = world.scenario.policy, world.scenario.sources
    used = [sources.lists[one.list_id] for one in policy.lists]
    if not any(one.is_possible for listed in used for one in listed.members):
        return []
    meant = {
        listed.list_id: replace(
            listed, members=tuple(replace(one, is_possible=False) for one in listed.members)
        )
        for listed in used
    }
    found = world.ask("unconfirmed", policy, replace(sources, lists=meant), world.cases)
    return _listed(exposures(found.marked, world.cases, world.past, partners, measures(policy)))


def _lists(policy: Policy, facts: FactTables) -> Rows:
    """Return how much of each list past cases hold."""
    kinds = {reference.list_id: reference.of for reference in policy.lists}
    return _listed(list_use(facts, kinds)) if kinds else []


def _known(scenario: Scenario, new: _Asked, mirror: _Asked) -> tuple[Known, ...]:
    """Return the conditions with the share of cases of which each is answered."""
    conditions = observed(new.of, scenario.assumptions)
    if not conditions:
        return ()
    owner, partner = (_answered(asked.answers) for asked in (new, mirror))
    return tuple(
        Known(
            condition=one,
            owner_share=owner[one.column],
            partner_share=partner[one.column],
        )
        for one in conditions
    )


def _answered(answers: ir.Table) -> dict[str, float | None]:
    """Return the share of cases of which each condition is answered; none where none is there."""
    (sums,) = (
        answers.agg(**{name: answers[name].sum() for name in answers.columns})
        .to_pyarrow()
        .to_pylist()
    )
    n_cases = sums.pop("n_cases")
    return {name: n / n_cases if n_cases else None for name, n in sums.items()}


def _fields(fields: ir.Table) -> ir.Table:
    """Return the fields by which exposure is told."""
    return fields.filter(fields.scheme.isin(FIELD_SCHEMES))


def _named(table: ir.Table, code: str, name: str) -> dict[str, str]:
    """Return names by code."""
    rows = table.select(code=table[code], name=table[name]).distinct().to_pyarrow().to_pylist()
    return {str(row["code"]): str(row["name"]) for row in rows}


def _count(table: ir.Table) -> int:
    return int(table.count().execute())


def _rows_of(spec: TableSpec, rows: Rows) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=spec.ibis_schema.to_pyarrow())


def _listed(table: ir.Table) -> Rows:
    """Return all rows of a table in the order of its first columns."""
    found: Rows = table.order_by(*table.columns).to_pyarrow().to_pylist()
    return found
