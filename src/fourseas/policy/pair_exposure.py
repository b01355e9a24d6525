"""Exposure in published counts of pairs of countries, where no single work is known.

A work that two countries share may have others too, so a pair says less than a work: of each
pair the policy is asked twice, once as if nobody else took part and once as if others might.
What holds even then is touched for certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.policy.assumptions import Assumption, assumed
from fourseas.policy.conditions import FactTables
from fourseas.policy.decide import Compiled, evaluate
from fourseas.policy.exposure import OPEN, reaches
from fourseas.policy.grammar import AllOf, AnyOf, Condition, Leaf, Quantified
from fourseas.policy.history import DAY, MONTH
from fourseas.policy.vocabulary import OUTCOMES
from fourseas.schema.cells import ALL
from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.table import Column, TableSpec, conform, extend

PAIR_EXPOSURES = TableSpec(
    name="pair_exposures",
    grain="one row per published count of pairs, and partner of the owner",
    key=("register", "definition_id", "partner_id"),
    columns=(
        Column("register", "string", "code", "The register of the counts."),
        Column("definition_id", "string", "code", "The definition by which they count."),
        Column("partner_id", "string", "code", "The partner."),
        Column("first_year", "int16", "year", "First year that is counted."),
        Column("last_year", "int16", "year", "Last year that is counted."),
        Column("n_years", "int64", "count", "Years that are counted."),
        Column("n_joint", "float64", "works", "Works of both countries."),
        Column("n_least", "float64", "works", "Of these, touched whoever else takes part."),
        Column("n_most", "float64", "works", "Of these, touched, or perhaps by who else does."),
        Column("owner_international", "float64", "works", "The owner's, in those years."),
        Column("partner_international", "float64", "works", "The partner's, in those years."),
        Column("owner_share_least", "float64", "share", "Of the owner's, at least."),
        Column("owner_share_most", "float64", "share", "Of the owner's, at most."),
        Column("partner_share_least", "float64", "share", "Of the partner's, at least."),
        Column("partner_share_most", "float64", "share", "Of the partner's, at most."),
    ),
)

KEY = ["register", "definition_id", "partner_id"]
YEARLY = [*KEY, "year"]


def is_told_by_single_parties(of: Compiled) -> bool:
    """Say whether each rule that touches asks for one party, whoever the others are."""
    touching = [
        of.hits[rule.rule_id] for rule in of.policy.rules if OUTCOMES.index(rule.decision) > OPEN
    ]
    return all(_asks_for_one_party(condition) for condition in touching)


def _asks_for_one_party(condition: Condition) -> bool:
    """Say whether a condition can become true by one more party, and that alone decides."""
    if isinstance(condition, Leaf):
        return True
    if isinstance(condition, Quantified):
        return condition.level != "parties" or condition.kind == "any"
    if isinstance(condition, AnyOf):
        return all(_asks_for_one_party(item) for item in condition.items)
    if isinstance(condition, AllOf):
        about_parties = [item for item in condition.items if _is_about_parties(item)]
        return len(about_parties) <= 1 and all(map(_asks_for_one_party, condition.items))
    return not _is_about_parties(condition)


def _is_about_parties(condition: Condition) -> bool:
    if isinstance(condition, Leaf):
        return False
    if isinstance(condition, Quantified):
        return condition.level == "parties"
    if isinstance(condition, AllOf | AnyOf):
        return any(_is_about_parties(item) for item in condition.items)
    return _is_about_parties(condition.item)


def pair_exposures(
    of: Compiled,
    counts: tuple[ir.Table, ir.Table],
    *,
    owner: str,
    years: tuple[int, int],
    facts: FactTables,
    assumptions: Iterable[Assumption] = (),
) -> ir.Table:
    r"""Count what a policy touches of the works that a country shares with each other.

    Where every rule asks for one party, whoever the others are, works of the owner *o* and a
    partner *p* that two alone would not make touched are touched only by a third country *q*
    that would, and there are at most :math:`\sum_q \min(n_{op}, n_{oq}, n_{pq})` of them.

    Parameters
    ----------
    of
        The policy.
    counts
        `UNIT_CELLS` and `PAIR_CELLS`.
    owner
        The owner's country.
    years
        First and last year; of these, those that are published.
    facts
        Lists and the tree; its rows are not read.
    assumptions
        What is taken to be so.

    Returns
    -------
    ir.Table
        `PAIR_EXPOSURES`; shares are of international works, since not every publisher counts
        others.
    """
    cells, pairs = (published(table, years) for table in counts)
    own = pairs.filter(pairs.unit_id == owner)
    joint = own.group_by(*YEARLY).agg(n_joint=own.p.sum())
    numbered = joint.mutate(
        case_id=joint.register + ":" + joint.partner_id + ":" + joint.year.cast("string")
    )
    asked = (of, numbered, owner, facts, tuple(assumptions))
    alone = _asked(*asked, others="none").rename(is_alone="is_touched")
    among = _asked(*asked, others="perhaps").rename(is_among="is_touched")
    known = extend(extend(numbered, alone, ["case_id"]), among, ["case_id"])
    is_sure = known.is_among.fill_null(False)
    counted = known.mutate(n_least=ibis.ifelse(is_sure, known.n_joint, 0.0))
    yearly = _with_most(counted, pairs, is_single=is_told_by_single_parties(of))
    return _with_shares(yearly, cells, owner)


def published(cells: ir.Table, years: tuple[int, int]) -> ir.Table:
    """Return the cells that a publisher counted, of all fields together."""
    ids = [one.definition_id for one in DEFINITIONS if not one.computed]
    return cells.filter(
        cells.definition_id.isin(ids)
        & (cells.scheme == ALL)
        & (cells.unit_type == "country")
        & cells.year.between(*years)
    )


def _asked(
    of: Compiled,
    numbered: ir.Table,
    owner: str,
    facts: FactTables,
    assumptions: tuple[Assumption, ...],
    *,
    others: Literal["none", "perhaps"],
) -> ir.Table:
    """Return whether works of each pair are touched, null where they may be."""
    cases = numbered.select(
        "case_id",
        activity=ibis.literal("co_authorship"),
        date=ibis.date(numbered.year.cast("int32"), MONTH, DAY),
        parties_complete=ibis.literal(others == "none"),
    )
    first = numbered.select("case_id", party_id=ibis.literal(owner), country=ibis.literal(owner))
    second = numbered.select("case_id", party_id="partner_id", country="partner_id")
    rows = {"cases": cases, "parties": first.union(second)}
    known = FactTables(rows=rows, lists=facts.lists, ancestors=facts.ancestors)
    findings = evaluate(of, assumed(known, assumptions)).findings
    return findings.select("case_id", is_touched=reaches(findings))


def _with_most(yearly: ir.Table, pairs: ir.Table, *, is_single: bool) -> ir.Table:
    """Add the most works of each pair that may be touched."""
    is_possible = yearly.is_among.isnull() | yearly.is_among
    if not is_single:
        return yearly.mutate(n_most=ibis.ifelse(is_possible, yearly.n_joint, 0.0))
    by_itself = yearly.is_alone.isnull() | yearly.is_alone
    marked = yearly.mutate(is_possible=is_possible, is_by_itself=by_itself)
    thirds = marked.filter(marked.is_by_itself).select(
        "register", "definition_id", "year", third_id="partner_id", n_third="n_joint"
    )
    shared = pairs.select(
        "register", "definition_id", "year", "unit_id", third_id="partner_id", n_shared="p"
    )
    alike = ["register", "definition_id", "year"]
    beside = marked.filter(~marked.is_by_itself).inner_join(thirds, alike)
    triples = beside.inner_join(
        shared,
        [*alike, "third_id", beside.partner_id == shared.unit_id],
    )
    bounds = triples.group_by(*YEARLY).agg(
        n_by_others=ibis.least(triples.n_joint, triples.n_third, triples.n_shared).sum()
    )
    bounded = extend(marked, bounds, YEARLY)
    by_others = ibis.least(bounded.n_by_others.fill_null(0.0), bounded.n_joint)
    most = ibis.ifelse(bounded.is_by_itself, bounded.n_joint, by_others)
    return bounded.mutate(n_most=ibis.ifelse(bounded.is_possible, most, 0.0))


def _with_shares(yearly: ir.Table, cells: ir.Table, owner: str) -> ir.Table:
    """Sum years, and say what the works are of either side's international ones."""
    alike = ["register", "definition_id"]
    years = yearly.select(*alike, "year").distinct()
    is_joint = cells.collaboration_class == "international"
    known = cells.filter(is_joint).semi_join(years, [*alike, "year"])
    international = known.group_by(*alike, "unit_id").agg(n=known.n.sum())
    own = international.filter(international.unit_id == owner)
    counted = years.group_by(*alike).agg(
        first_year=years.year.min(), last_year=years.year.max(), n_years=years.count()
    )
    summed = yearly.group_by(*KEY).agg(
        n_joint=yearly.n_joint.sum(), n_least=yearly.n_least.sum(), n_most=yearly.n_most.sum()
    )
    with_years = extend(summed, counted, alike)
    with_own = extend(with_years, own.select(*alike, owner_international="n"), alike)
    theirs = international.select(*alike, partner_id="unit_id", partner_international="n")
    both = extend(with_own, theirs, KEY)
    shares = {
        f"{side}_share_{end}": both[f"n_{end}"] / both[f"{side}_international"].nullif(0.0)
        for side in ("owner", "partner")
        for end in ("least", "most")
    }
    return conform(both.mutate(**shares), PAIR_EXPOSURES)
