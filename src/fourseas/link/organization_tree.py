"""What an organization is part of, what came after it, and where its head is."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.staged import STAGED_ORGANIZATION_RELATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import (
    ORGANIZATION_IDS,
    ORGANIZATION_RELATIONS,
    ORGANIZATION_TREE,
    ORGANIZATIONS,
)

INVERSE = {"child": "parent", "predecessor": "successor"}
"""Kinds that are told from the other side: what they are turned into."""

SYMMETRIC = "related"
"""Told of both by either."""

MOST_STEPS = 6
"""From an organization to the head; ROR has 5 at most (of 35,990 records that relate, 2026-06)."""

PAIR = ["organization_id", "related_id"]


def organization_relations(
    staged_organization_relations: ir.Table,
    organization_ids: ir.Table,
    organizations: ir.Table,
) -> ir.Table:
    r"""Return the parents, successors and related ones of organizations that the lake knows.

    What only one of the two records tells counts; a child makes its parent, a predecessor its
    successor. A relation to a record that is not in the lake is left out, and so is one of an
    organization to itself.

    .. math:: since_{ab} = \max(founded_a, founded_b)

    No register here tells when a relation began or ended. It cannot have begun before both were
    founded; it is current where neither is marked inactive. Of a successor that is the rule too:
    it says since when it can have been one, not when the first one closed.
    """
    register, key = "register", "organization_key"
    staged = staged_organization_relations
    numbers = organization_ids.select(register, key, "organization_id")
    others = organization_ids.select(
        register, related_key=organization_ids.organization_key, related_id="organization_id"
    )
    told = staged.inner_join(numbers, [register, key]).inner_join(others, [register, "related_key"])
    apart = told.filter(told.organization_id != told.related_id)
    forward = apart.select(*PAIR, "relation_kind")
    backward = apart.select(
        organization_id="related_id",
        related_id="organization_id",
        relation_kind=apart.relation_kind.cases(
            *INVERSE.items(), (SYMMETRIC, SYMMETRIC), else_=ibis.null("string")
        ),
    )
    every = forward.filter(~forward.relation_kind.isin([*INVERSE])).union(
        backward.filter(backward.relation_kind.notnull())
    )
    founded = told.group_by("organization_id").agg(founded_year=told.founded_year.min())
    facts = organizations.left_join(founded, "organization_id").select(
        "organization_id",
        "founded_year",
        is_active=organizations.status.fill_null("active") == "active",
    )
    of_others = facts.select(
        related_id="organization_id", founded_there="founded_year", is_active_there="is_active"
    )
    dated = (
        every.distinct().inner_join(facts, "organization_id").inner_join(of_others, "related_id")
    )
    return conform(
        dated.mutate(
            since_year=_later(dated.founded_year, dated.founded_there),
            is_current=dated.is_active & dated.is_active_there,
        ),
        ORGANIZATION_RELATIONS,
    )


def organization_tree(organization_relations: ir.Table, organizations: ir.Table) -> ir.Table:
    """Return every organization with all that it is part of, itself at depth 0.

    An organization may have several parents, and several heads: it stands below each. Where
    several ways lead to one ancestor, the depth is that of the shortest, the year the earliest of
    them, and one way of active organizations is enough to be current. Ways are followed
    `MOST_STEPS` up; a circle ends where it began. The country of the organization and that of
    its ancestor stand side by side, and neither takes the place of the other.
    """
    relations = organization_relations
    parents = relations.filter(relations.relation_kind == "parent")
    steps_up = parents.select(
        ancestor_id="organization_id",
        parent_id="related_id",
        year_of_step="since_year",
        is_current_step="is_current",
    )
    level = organizations.select(
        "organization_id",
        ancestor_id="organization_id",
        depth=ibis.literal(0, type="int64"),
        since_year=ibis.null("int64"),
        is_current=ibis.literal(value=True),
    )
    levels = [level]
    for _ in range(MOST_STEPS):
        stepped = level.inner_join(steps_up, "ancestor_id")
        onward = stepped.filter(stepped.parent_id != stepped.organization_id)
        ways = onward.select(
            "organization_id",
            ancestor_id="parent_id",
            depth=onward.depth + 1,
            since_year=_later(onward.since_year, onward.year_of_step),
            is_current=onward.is_current & onward.is_current_step,
        )
        level = ways.group_by("organization_id", "ancestor_id").agg(
            depth=ways.depth.min(),
            since_year=ways.since_year.min(),
            is_current=ways.is_current.any(),
        )
        levels.append(level)
    ways_up = ibis.union(*levels)
    by_pair = ways_up.group_by("organization_id", "ancestor_id").agg(
        depth=ways_up.depth.min(),
        since_year=ways_up.since_year.min(),
        is_current=ways_up.is_current.any(),
    )
    below = parents.select(ancestor_id="organization_id").distinct().mutate(has_parent=True)
    own = organizations.select("organization_id", "country_code")
    of_ancestors = organizations.select(
        ancestor_id="organization_id", ancestor_country_code="country_code"
    )
    placed = by_pair.inner_join(own, "organization_id").inner_join(of_ancestors, "ancestor_id")
    joined = placed.left_join(below, "ancestor_id")
    return conform(joined.mutate(is_head=joined.has_parent.isnull()), ORGANIZATION_TREE)


def _later(one: ir.IntegerValue, other: ir.IntegerValue) -> ir.IntegerValue:
    """Return the later of two years, or the one that is known."""
    both = one.notnull() & other.notnull()
    return ibis.ifelse(both, ibis.ifelse(one > other, one, other), ibis.coalesce(one, other))


RELATIONS_STEP = Step(
    compute=organization_relations,
    reads=(STAGED_ORGANIZATION_RELATIONS, ORGANIZATION_IDS, ORGANIZATIONS),
    writes=ORGANIZATION_RELATIONS,
)
TREE_STEP = Step(
    compute=organization_tree,
    reads=(ORGANIZATION_RELATIONS, ORGANIZATIONS),
    writes=ORGANIZATION_TREE,
)
