"""How much of a policy's lists history meets: an entry that no register knows touches nothing."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from fourseas.policy.conditions import FactTables
from fourseas.schema.table import Column, TableSpec, conform

LIST_USE = TableSpec(
    name="list_use",
    grain="one row per list of a policy",
    key=("list_id",),
    columns=(
        Column("list_id", "string", "code", "The list."),
        Column("n_members", "int64", "count", "Its members."),
        Column("n_unconfirmed", "int64", "count", "Of these, matches that nobody confirmed."),
        Column("n_met", "int64", "count", "Members that take part in, or classify, past cases."),
    ),
)
"""Members are counted once, however often they were on the list."""


def list_use(facts: FactTables, kinds: Mapping[str, str]) -> ir.Table:
    """Count the members of lists that past cases hold, as `LIST_USE`.

    What an organization is part of is not followed: a member counts if it takes part itself.

    Parameters
    ----------
    facts
        Facts of past cases, and the lists.
    kinds
        What each list holds, by its id: ``country``, ``organization``, ``topic`` or ``field``.
    """
    parties = facts.rows["parties"]
    held = {
        "country": parties.select(member_id="country"),
        "organization": parties.select(member_id="organization"),
        "topic": facts.rows["topics"].select(member_id="value"),
        "field": facts.rows["fields"].select(member_id="value"),
    }
    found = []
    for list_id, kind in kinds.items():
        entries = facts.lists[list_id]
        members = entries.group_by("member_id").agg(is_possible=entries.is_possible.all())
        known = held[kind].distinct()
        met = members.semi_join(known.filter(known.member_id.notnull()), "member_id")
        counted = members.agg(
            n_members=members.count(), n_unconfirmed=members.count(where=members.is_possible)
        )
        found.append(
            counted.cross_join(met.agg(n_met=met.count())).mutate(list_id=ibis.literal(list_id))
        )
    return conform(ibis.union(*found), LIST_USE)
