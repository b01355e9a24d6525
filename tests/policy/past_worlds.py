"""Small worlds of past works that a policy is asked of, through the real steps."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.lake import engine
from fourseas.policy import history
from fourseas.policy.assumptions import assumed as with_assumed
from fourseas.policy.assumptions import read_assumptions
from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import Compiled, Evaluation, compiled, evaluate
from fourseas.policy.document import Policy, read_policy
from fourseas.policy.exposure import exposed_partners, exposures, judged, marks, measures
from fourseas.policy.history import READS, SIDES, Past, Span
from fourseas.policy.lists import read_list
from fourseas.schema.definition import DEFINITIONS
from tests.world import Organization, Row, Work, build, described, steps_to
from tests.world import world as small_world

YEARS = (2018, 2023)
SAID = {"source": "invented", "dated": "2024-01-01"}

DEFAULT = tuple(one.definition_id for one in DEFINITIONS if one.computed and one.is_default)

NAMED = {"any_party": {"country": {"in_list": "named"}}}
FOUR = {"count_ge": {"of": "parties", "n": 4, "distinct": "country"}}


def policy(*rules: tuple[str, object, str], of: Mapping[str, str] | None = None) -> Policy:
    """Return a policy of rules, each an id, a condition and a decision."""
    lists = {
        name: {"of": kind, "title": name, **SAID}
        for name, kind in (of or {"named": "country"}).items()
    }
    document = {
        "policy": "p",
        "title": "A policy",
        "owner": "An institute",
        "version": "1",
        "valid_from": "2024-01-01",
        "appeal": "To the head",
        "lists": lists,
        "rules": [
            {
                "id": name,
                "text": name,
                "when": when,
                "decision": decision,
                "basis": "none",
                "appeal": "To the head",
            }
            for name, when, decision in rules
        ],
    }
    return read_policy(json.dumps(document))


REVIEW = policy(("named", NAMED, "review"))


def listed(*members: str | Mapping[str, object], of: str = "country") -> pa.Table:
    """Return a list of these members, as the evaluator reads it."""
    entries = [{"id": one} if isinstance(one, str) else dict(one) for one in members]
    return read_list(json.dumps({"list": "named", "of": of, "members": entries, **SAID})).table()


@dataclass(frozen=True, slots=True)
class World:
    """A small world that was built, and what it shows of the years."""

    con: Backend
    past: Past
    numbers: Iterator[int] = field(default_factory=itertools.count)


@dataclass(frozen=True, slots=True)
class Asked:
    """A policy that was asked of the works of one side of a small world."""

    con: Backend
    of: Compiled
    past: Past
    cases: ir.Table
    evaluation: Evaluation
    facts: FactTables
    judged: ir.Table
    marked: ir.Table
    owner: str

    def exposures(self) -> list[Row]:
        """Return all rows of `EXPOSURES`."""
        partners = exposed_partners(self.marked, self.cases, self.past)
        found = exposures(self.marked, self.cases, self.past, partners, measures(self.of.policy))
        return list(self.con.to_pyarrow(found).to_pylist())

    def exposure(self, **which: object) -> Row:
        """Return the row of all partners, years and fields, or of those that are named."""
        wanted: Row = {
            "measure": "touched",
            "partner_id": "all",
            "period": "all",
            "field_id": "all",
            **which,
        }
        (row,) = [
            row
            for row in self.exposures()
            if all(row[name] == value for name, value in wanted.items())
        ]
        return row

    def rows(self, table: ir.Table) -> list[Row]:
        """Return the rows of a table."""
        return list(self.con.to_pyarrow(table).to_pylist())


def past_of(
    works: Iterable[Work],
    *,
    scope: str = "census",
    years: tuple[int, int] = YEARS,
    organizations: Mapping[str, Organization] | None = None,
    definition_ids: Iterable[str] = DEFAULT,
) -> World:
    """Build a world and return what it shows of the years."""
    con: Backend = ibis.duckdb.connect(threads=1)
    staged = small_world(works, scope=scope) | described(organizations or {})
    tables = build(con, staged, steps_to(*READS))
    chosen = tuple(one for one in DEFINITIONS if one.definition_id in set(definition_ids))
    span = Span(first=years[0], last=years[1], definitions=chosen)
    found = history.past(tables, span)
    kept = {
        one.name: engine.materialize(con, getattr(found, one.name), f"past_{one.name}")
        for one in fields(Past)
    }
    return World(con, Past(**kept))


def ask(
    works: Iterable[Work] | World,
    of: Policy = REVIEW,
    *,
    lists: Mapping[str, pa.Table] | None = None,
    owner: str = "CA",
    side: str | None = None,
    assume: Iterable[str] = (),
) -> Asked:
    """Ask a policy of an owner of the works of a side, by default the owner's own."""
    world = works if isinstance(works, World) else past_of(works)
    past, number = world.past, next(world.numbers)
    sides = pa.Table.from_pylist(
        history.sides([side or owner], 0 if side is None else 1),
        schema=SIDES.ibis_schema.to_pyarrow(),
    )
    held = {
        name: engine.hold(world.con, one, f"list_{name}_{number}")
        for name, one in (lists or {"named": listed("CN")}).items()
    }
    cases = engine.materialize(
        world.con,
        history.cases(past, engine.hold(world.con, sides, f"sides_{number}")),
        f"cases_{number}",
    )
    facts = with_assumed(
        history.facts(past, cases, owner=owner, lists=held), read_assumptions(assume)
    )
    meant = compiled(of, dates="ignored")
    evaluation = evaluate(meant, facts)
    findings = engine.materialize(world.con, evaluation.findings, f"findings_{number}")
    found = engine.materialize(world.con, judged(cases, findings, of), f"judged_{number}")
    marked = engine.materialize(world.con, marks(found, of), f"marked_{number}")
    return Asked(world.con, meant, past, cases, evaluation, facts, found, marked, side or owner)
