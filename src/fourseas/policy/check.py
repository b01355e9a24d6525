"""Checking cases: the facts of a case are one-row tables of the evaluator of millions."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fourseas.errors import PolicyError
from fourseas.policy.case import Case, tables
from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import Compiled, compiled, evaluate
from fourseas.policy.document import ListReference, Policy
from fourseas.policy.explanation import explained
from fourseas.policy.finding import Finding, Sources
from fourseas.policy.kleene import Reading, Spot, Truth
from fourseas.policy.lists import NamedList
from fourseas.policy.vocabulary import LEVELS


class Engine(Protocol):
    """What computes expressions: any Ibis backend."""

    def to_pyarrow(self, expression: ir.Table) -> pa.Table:
        """Return the rows of an expression."""


def check(policy: Policy, case: Case, sources: Sources, engine: Engine) -> Finding:
    """Find what a policy says of one case.

    Parameters
    ----------
    policy, case, sources
        What is asked, of what, against which lists.
    engine
        Where the expressions run; the case is a table of one row there.

    Raises
    ------
    PolicyError
        If a list to which the policy refers is missing or of another date.
    """
    (found,) = check_all(policy, (case,), sources, engine)
    return found


def check_all(
    policy: Policy, cases: tuple[Case, ...], sources: Sources, engine: Engine
) -> tuple[Finding, ...]:
    """Find what a policy says of each case; those with the same confirmations are one table."""
    of = compiled(policy)
    found: dict[int, Finding] = {}
    numbered = sorted(enumerate(cases), key=lambda one: repr(one[1].confirmations))
    for _, group in itertools.groupby(numbered, key=lambda one: one[1].confirmations):
        numbers, together = zip(*group, strict=True)
        held = confirmed(sources, together[0])
        asked = readings(of, together, held, engine)
        for number, case, reading in zip(numbers, together, asked, strict=True):
            found[number] = explained(of, case, reading, held)
    return tuple(found[number] for number in range(len(cases)))


def findings(
    of: Compiled, cases: tuple[Case, ...], sources: Sources, engine: Engine
) -> tuple[dict[str, object], ...]:
    """Return the rows of `FINDINGS` on cases, in their order, as the evaluator computes them.

    The confirmations of a case are its own: they stand in the `sources` that `confirmed` returns
    for it, and are not heeded here, nor by `readings`.
    """
    evaluation = evaluate(of, _facts(of.policy, cases, sources))
    return tuple(engine.to_pyarrow(evaluation.findings.order_by("case_id")).to_pylist())


def readings(
    of: Compiled, cases: tuple[Case, ...], sources: Sources, engine: Engine
) -> tuple[Reading, ...]:
    """Return the truth of every leaf and statement of each case."""
    evaluation = evaluate(of, _facts(of.policy, cases, sources))
    truths: list[dict[Spot, Truth]] = [{} for _ in cases]
    for plural, table in evaluation.levels.items():
        level = LEVELS[plural]
        numbers = _numbers(cases, plural) if level.holds_values else {}
        for line in engine.to_pyarrow(table).to_pylist():
            number, *rest = (line[name] for name in level.key)
            key = (*rest[:-1], numbers[number, *rest]) if level.holds_values else tuple(rest)
            for node in of.named.levels[plural]:
                truths[number][key, node] = line[of.named.names[node]]
    return tuple(Reading(case.row, found) for case, found in zip(cases, truths, strict=True))


def _facts(policy: Policy, cases: tuple[Case, ...], sources: Sources) -> FactTables:
    """Return cases and lists as tables of the evaluator."""
    lists = {one.list_id: _list_for(policy, one, sources) for one in policy.lists}
    return FactTables(
        rows={plural: ibis.memtable(table) for plural, table in tables(cases).items()},
        lists={list_id: ibis.memtable(one.table()) for list_id, one in lists.items()},
        ancestors=ibis.memtable(sources.tree.table()) if sources.tree is not None else None,
    )


def _numbers(cases: tuple[Case, ...], plural: str) -> dict[tuple[object, ...], int]:
    """Return the place of each value among the values of its row."""
    return {
        (number, *key[:-1], row.facts["value"].value if row.facts else None): key[-1]
        for number, case in enumerate(cases)
        for key, row in case.rows(plural)
    }


def _list_for(policy: Policy, reference: ListReference, sources: Sources) -> NamedList:
    """Return the list to which a policy refers, which is of the day that it names."""
    given = sources.lists.get(reference.list_id)
    if given is None:
        raise PolicyError.missing_list(policy.policy_id, reference.list_id, sources.lists)
    if given.of != reference.of or given.dated != reference.dated:
        raise PolicyError.other_list(
            reference.list_id,
            f"{reference.of} of {reference.dated}",
            f"{given.of} of {given.dated}",
        )
    return given


def confirmed(sources: Sources, case: Case) -> Sources:
    """Return the sources with possible matches as persons have settled them for a case.

    A match that is confirmed holds; one that is denied is gone. What is on a list beyond doubt
    stays there, whatever the case says.
    """
    said = {(one.list_id, one.organization_id): one.is_same for one in case.confirmations}
    if not said:
        return sources
    lists = {
        list_id: replace(
            one,
            members=tuple(
                replace(member, is_possible=(list_id, member.member_id) not in said)
                if member.is_possible
                else member
                for member in one.members
                if said.get((list_id, member.member_id), True) or not member.is_possible
            ),
        )
        for list_id, one in sources.lists.items()
    }
    return Sources(lists=lists, tree=sources.tree)
