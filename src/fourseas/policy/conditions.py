"""Conditions as table expressions: true, false, or null where a fact is not known.

SQL's three-valued logic is what is meant, where engines keep it: comparisons, and, or, not.
Membership in a table, semi-joins, array predicates and `ifelse` on a null do not keep it on
every engine, so they are not used: a list is a left join and two counts, a statement over rows
is two counts of its table, and NaN becomes null at the door.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from fourseas.policy.grammar import (
    Compared,
    Condition,
    InList,
    Leaf,
    OneOf,
    Overlaps,
    Quantified,
    all_nodes,
    fact_of,
    fold,
)
from fourseas.policy.vocabulary import LEVELS, Level, home_of_date
from fourseas.schema.table import extend

NO_DATE = dt.date(1, 1, 1)
"""Stands for a missing date in a join, which would lose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTables:
    """The facts that conditions are asked of, wherever they come from.

    Attributes
    ----------
    rows
        Tables by plural of their level, with its key and any of its facts as columns; a fact
        or a table that is not there is unknown throughout. A flag such as ``parties_complete``
        on the parent says of which rows all are given; without it there may be more.
    lists
        `LIST_MEMBERS` by id of the list; without days, its members were always on it.
    ancestors
        `ANCESTORS`, or None where no tree is at hand.
    """

    rows: Mapping[str, ir.Table]
    lists: Mapping[str, ir.Table]
    ancestors: ir.Table | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns that hold the leaves and statements of conditions.

    Attributes
    ----------
    names
        The column of each, on the table of the level that it is asked of.
    levels
        Those asked of each level, by plural.
    """

    names: Mapping[Leaf | Quantified, str]
    levels: Mapping[str, tuple[Leaf | Quantified, ...]]


def plan(conditions: Iterable[Condition]) -> Plan:
    """Name what conditions consist of, in the order of the text; what is the same is one."""
    names: dict[Leaf | Quantified, str] = {}
    levels: dict[str, list[Leaf | Quantified]] = {plural: [] for plural in LEVELS}
    for condition in conditions:
        for node in all_nodes(condition):
            if node in names:
                continue
            if isinstance(node, Leaf):
                names[node] = f"leaf_{len(names) + 1}"
                levels[node.level].append(node)
            else:
                names[node] = f"over_{len(names) + 1}"
                levels[LEVELS[node.level].parent or "cases"].append(node)
    return Plan(names, {plural: tuple(found) for plural, found in levels.items()})


def evaluated(
    plural: str, facts: FactTables, named: Plan, key: Iterable[str] | None = None
) -> ir.Table:
    """Return the rows of a level with a column for each leaf and statement asked of them.

    Parameters
    ----------
    plural
        The level; its table must be there.
    facts
        All facts.
    named
        What is asked.
    key
        Columns of the key that are needed; all if none are named.

    Returns
    -------
    ir.Table
        The key, the facts that are counted by, and the columns of `named`, Boolean or null.
    """
    level = LEVELS[plural]
    kept_key = tuple(key or level.key)
    asked = named.levels[plural]
    listed = [node for node in asked if isinstance(node, Leaf) and isinstance(node.test, InList)]
    over = [node for node in asked if isinstance(node, Quantified)]
    kept = _kept(level, facts, named)
    rows = _typed(facts.rows[plural], kept_key, kept)
    if level.parent is not None:
        dates = (on for on in _dates_needed(asked, facts) if home_of_date(level, on) is not level)
        rows = _with_dates(rows, tuple(dates), facts)
    for fact, on in dict.fromkeys(_looked_up(leaf, facts) for leaf in listed):
        tests = [leaf for leaf in listed if _looked_up(leaf, facts) == (fact, on)]
        keys = [fact] if on is None else [fact, on]
        keyed = (
            rows if on is None else rows.mutate(**{on: rows[on].fill_null(ibis.literal(NO_DATE))})
        )
        found = _listed(keyed.select(*keys), tests, facts, named)
        rows = extend(keyed, found, keys)
        if on is not None:
            rows = rows.mutate(**{on: rows[on].nullif(ibis.literal(NO_DATE))})
    for child in {LEVELS[node.level].plural: LEVELS[node.level] for node in over}.values():
        statements = [node for node in over if node.level == child.plural]
        if child.plural in facts.rows:
            rows = extend(rows, _counted(child, statements, facts, named), level.key)
        rows = rows.mutate(
            **{
                named.names[node]: _stated(rows, node, named.names[node], child)
                for node in statements
            }
        )
    direct = {
        named.names[leaf]: _direct(rows, leaf)
        for leaf in asked
        if isinstance(leaf, Leaf) and not isinstance(leaf.test, InList)
    }
    rows = rows.mutate(**direct)
    counted = [name for name in _counted_by(level, named) if name not in kept_key]
    return rows.select(*kept_key, *counted, *(named.names[node] for node in asked))


@dataclass(frozen=True, slots=True)
class Columns:
    """The algebra of Boolean columns: trees computed over the columns of a plan."""

    rows: ir.Table
    named: Plan

    def leaf(self, leaf: Leaf) -> ir.BooleanValue:
        """Return the column of a leaf."""
        return self.rows[self.named.names[leaf]]

    def quantified(self, node: Quantified) -> ir.BooleanValue:
        """Return the column of a statement."""
        return self.rows[self.named.names[node]]

    def both(self, left: ir.BooleanValue, right: ir.BooleanValue) -> ir.BooleanValue:
        """Return and."""
        return left & right

    def either(self, left: ir.BooleanValue, right: ir.BooleanValue) -> ir.BooleanValue:
        """Return or."""
        return left | right

    def negated(self, value: ir.BooleanValue) -> ir.BooleanValue:
        """Return not."""
        return ~value

    def constant(self, value: bool) -> ir.BooleanValue:  # noqa: FBT001
        """Return a literal."""
        return ibis.literal(value)


def _kept(level: Level, facts: FactTables, named: Plan) -> dict[str, str]:
    """Return names and types of the columns of a level's table that are read."""
    asked = named.levels[level.plural]
    kept: dict[str, str] = {}
    for node in asked:
        if isinstance(node, Leaf):
            kept |= dict(fact_of(node).columns)
        else:
            kept[LEVELS[node.level].complete] = "boolean"
    for name in _counted_by(level, named):
        kept |= dict(level.fact(name).columns)
    own = (on for on in _dates_needed(asked, facts) if home_of_date(level, on) is level)
    kept |= dict.fromkeys(own, "date")
    return kept


def _counted_by(level: Level, named: Plan) -> tuple[str, ...]:
    """Return the facts of a level whose distinct values some statement counts."""
    found = (
        node.distinct
        for node in named.names
        if isinstance(node, Quantified) and node.level == level.plural and node.distinct
    )
    return tuple(dict.fromkeys(found))


def _typed(table: ir.Table, key: Iterable[str], kept: Mapping[str, str]) -> ir.Table:
    """Select the key and the columns that are read; those that are not there are null."""
    columns = {name: table[name] for name in key}
    for name, dtype in kept.items():
        if name in columns:
            continue
        if name not in table.columns:
            columns[name] = ibis.null(dtype)
        else:
            columns[name] = _entered(table[name], dtype)
    return table.select(**columns)


def _entered(column: ir.Column, dtype: str) -> ir.Value:
    """Return a column in its declared type; NaN and what cannot be read are null."""
    found = column
    if isinstance(found, ir.FloatingColumn):
        found = ibis.ifelse(found.isnan(), ibis.null(found.type()), found)
    return found if str(found.type()) == dtype else found.try_cast(dtype)


def _dates_needed(asked: Iterable[Leaf | Quantified], facts: FactTables) -> tuple[str, ...]:
    """Return the dates of a case that leaves are read on."""
    found: list[str] = []
    for leaf in asked:
        if not isinstance(leaf, Leaf):
            continue
        if isinstance(leaf.test, Overlaps) and leaf.test.years is not None:
            found.append(leaf.test.on)
        if isinstance(leaf.test, InList) and _is_dated(leaf.test, facts):
            found.append(leaf.test.on)
    return tuple(dict.fromkeys(found))


def _with_dates(rows: ir.Table, dates: tuple[str, ...], facts: FactTables) -> ir.Table:
    """Give rows below a case the dates of their case."""
    if not dates:
        return rows
    cases = _typed(facts.rows["cases"], LEVELS["cases"].key, dict.fromkeys(dates, "date"))
    clash = {name: _on(name) for name in dates}
    return extend(rows, cases.select("case_id", **{clash[n]: cases[n] for n in dates}), ["case_id"])


def _on(date: str) -> str:
    """Return the column of a case's date on rows below it, which may bear one of that name."""
    return f"case_{date}"


def _date_column(leaf: Leaf) -> str:
    """Return the column of the date that a leaf is read on."""
    assert isinstance(leaf.test, Overlaps | InList)
    level, on = LEVELS[leaf.level], leaf.test.on
    return on if home_of_date(level, on) is level else _on(on)


def _is_dated(test: InList, facts: FactTables) -> bool:
    return "first_on" in facts.lists[test.list_id].columns


def _looked_up(leaf: Leaf, facts: FactTables) -> tuple[str, str | None]:
    """Return the fact that a leaf looks up and the date on which, or None if on none."""
    assert isinstance(leaf.test, InList)
    return leaf.fact, _date_column(leaf) if _is_dated(leaf.test, facts) else None


def _listed(keys: ir.Table, tests: list[Leaf], facts: FactTables, named: Plan) -> ir.Table:
    """Return one row per distinct value (and date) with the leaves that look it up.

    Few values stand for many rows: a million works have some 200 countries.
    """
    fact = keys.columns[0]
    values = keys.filter(keys[fact].notnull()).distinct()
    found = values
    for leaf in tests:
        assert isinstance(leaf.test, InList)
        name = named.names[leaf]
        members = _members(facts.lists[leaf.test.list_id])
        hits = (
            _reached(values, members, facts.ancestors)
            if leaf.test.within_tree
            else _hits(values, members, fact)
        )
        counted = hits.group_by(*values.columns).agg(
            n_true=hits.count(where=hits.is_hit), n_null=hits.count(where=hits.is_hit.isnull())
        )
        truth = _decided(counted.n_true > 0, counted.n_null > 0)
        found = extend(found, counted.select(*values.columns, **{name: truth}), values.columns)
    return found


def _members(listed: ir.Table) -> ir.Table:
    """Return the members of a list without nulls and repetitions."""
    days = [name for name in ("first_on", "last_on") if name in listed.columns]
    return (
        listed.filter(listed.member_id.notnull())
        .select("member_id", *days, "is_possible")
        .distinct()
    )


def _hits(values: ir.Table, members: ir.Table, value: str) -> ir.Table:
    """Join values to the entries of a list; `is_hit` is null where a match is possible."""
    joined = values.left_join(members, [(value, "member_id")])
    return joined.select(*values.columns, is_hit=_is_hit(joined, values.columns))


def _is_hit(joined: ir.Table, keys: Iterable[str]) -> ir.BooleanValue:
    """Say whether the entry of a joined row is a hit on the row's date, if it has one."""
    is_hit = joined.member_id.notnull() & ibis.ifelse(
        joined.is_possible, ibis.null("boolean"), ibis.literal(True)
    )
    if "first_on" not in joined.columns:
        return is_hit
    _, date = keys
    on = joined[date].nullif(ibis.literal(NO_DATE))
    has_begun = joined.first_on.isnull() | (joined.first_on <= on)
    is_over = joined.last_on.notnull() & (joined.last_on < on)
    return is_hit & has_begun & ~is_over


def _reached(values: ir.Table, members: ir.Table, ancestors: ir.Table | None) -> ir.Table:
    """Join organizations to the entries of a list that they, or what holds them, have.

    One that the tree does not know may be part of anything: unless it is listed itself, the
    answer is null.
    """
    fact = values.columns[0]
    if ancestors is None:
        own = _hits(values, members, fact)
        return own.mutate(is_hit=own.is_hit | ibis.null("boolean"))
    tree = ancestors.select("organization_id", "ancestor_id").distinct()
    joined = values.left_join(tree, [(fact, "organization_id")])
    found = joined.select(*values.columns, "ancestor_id")
    upward = found.mutate(
        is_known=found.ancestor_id.notnull(),
        reached_id=ibis.coalesce(found.ancestor_id, found[fact]),
    )
    reached = upward.left_join(members, [("reached_id", "member_id")])
    is_hit = _is_hit(reached, values.columns)
    sure = ibis.ifelse(reached.is_known, ibis.literal(False), ibis.null("boolean"))
    return reached.select(*values.columns, is_hit=is_hit | sure)


def _decided(is_true: ir.BooleanValue, is_open: ir.BooleanValue) -> ir.BooleanValue:
    """Return true, else null, else false; neither argument is ever null."""
    rest = ibis.ifelse(is_open, ibis.null("boolean"), ibis.literal(False))
    return ibis.ifelse(is_true, ibis.literal(True), rest)


def _direct(rows: ir.Table, leaf: Leaf) -> ir.BooleanValue:
    """Return a leaf that needs nothing but its row."""
    test = leaf.test
    if isinstance(test, OneOf):
        return rows[leaf.fact].isin(test.values)
    if isinstance(test, Compared):
        column = rows[leaf.fact]
        if isinstance(test.value, bool):
            return column if test.value else ~column
        value = ibis.literal(test.value)
        comparisons = {
            "eq": column == value,
            "lt": column < value,
            "le": column <= value,
            "gt": column > value,
            "ge": column >= value,
        }
        return comparisons[test.sign]
    assert isinstance(test, Overlaps)
    first, last = _window(rows, leaf)
    is_shared: ir.BooleanValue = ibis.literal(True)
    if last is not None:
        is_shared = is_shared & (rows.since <= last)
    if first is not None:
        is_shared = is_shared & (rows.until >= first)
    return is_shared


def _window(rows: ir.Table, leaf: Leaf) -> tuple[ir.Value | None, ir.Value | None]:
    """Return the first and last day that a period is held against."""
    test = leaf.test
    assert isinstance(test, Overlaps)
    if test.years is not None:
        last = rows[_date_column(leaf)]
        return (last if test.years == 0 else last - ibis.interval(years=test.years)), last
    first = ibis.literal(test.first) if test.first is not None else None
    return first, ibis.literal(test.last) if test.last is not None else None


def _counted(
    child: Level, statements: list[Quantified], facts: FactTables, named: Plan
) -> ir.Table:
    """Return one row per parent with what statements over its rows need.

    For some and every row that is one number, the greatest or the least of `_rank`. Over three
    million rows, true and unknown ones counted apart took 25.6 s of operators' time, this 18.6 s.
    """
    parent = LEVELS[child.parent or "cases"]
    has_own = any(isinstance(node, Quantified) for node in named.levels[child.plural])
    rows = evaluated(child.plural, facts, named, key=child.key if has_own else parent.key)
    algebra = Columns(rows, named)
    ranks = {named.names[node]: _rank(fold(node.item, algebra)) for node in statements}
    ranked = rows.mutate(**ranks)
    found = ranked.group_by(*parent.key).agg(
        **{
            name: value
            for node in statements
            if node.distinct is None
            for name, value in _counts(ranked, node, named.names[node]).items()
        },
        **{f"{child.plural}_n_rows": ranked.count()},
    )
    for node in statements:
        if node.distinct is not None:
            counted = _distinct(ranked, node, named.names[node], parent)
            found = extend(found, counted, parent.key)
    return found


TRUE, UNKNOWN, FALSE = 2, 1, 0


def _rank(truth: ir.BooleanValue) -> ir.IntegerValue:
    """Return a truth as a number, so that the strongest of many is their greatest.

    Not by `isnull`: Ibis writes that of a negation as `NOT x IS NULL`, which SQL reads as
    `NOT (x IS NULL)`.
    """
    return (truth.cast("int8") * TRUE).fill_null(UNKNOWN)


def _counts(ranked: ir.Table, node: Quantified, name: str) -> dict[str, ir.IntegerScalar]:
    """Return what a statement over rows needs of them."""
    rank = ranked[name]
    if node.kind == "any":
        return {f"{name}_greatest": rank.max()}
    if node.kind == "all":
        return {f"{name}_least": rank.min()}
    return {
        f"{name}_n_true": ranked.count(where=rank == TRUE),
        f"{name}_n_null": ranked.count(where=rank == UNKNOWN),
    }


def _distinct(ranked: ir.Table, node: Quantified, name: str, parent: Level) -> ir.Table:
    """Return how many distinct values rows of a parent have that hold, or may.

    A row that may hold and whose value is not known may have any: it counts as one more.
    """
    assert node.distinct is not None
    value = ranked[node.distinct]
    by_value = ranked.group_by(*parent.key, value=value).agg(
        rank=ranked[name].max(), n_possible=ranked.count(where=ranked[name] > FALSE)
    )
    is_named = by_value.value.notnull()
    counted = by_value.group_by(*parent.key).agg(
        n_known=by_value.count(where=is_named & (by_value.rank == TRUE)),
        n_may=by_value.count(where=is_named & (by_value.rank > FALSE)),
        n_nameless=by_value.n_possible.sum(where=~is_named).fill_null(0),
        greatest=by_value["rank"].max(),
    )
    is_some = (counted.greatest == TRUE).cast("int64")
    least = ibis.greatest(counted.n_known, is_some)
    return counted.select(
        *parent.key,
        **{
            f"{name}_n_true": least,
            f"{name}_n_null": counted.n_may + counted.n_nameless - least,
        },
    )


def _stated(rows: ir.Table, node: Quantified, name: str, child: Level) -> ir.BooleanValue:
    """Return a statement over rows from their counts and whether all are given."""
    may_be_more = ~rows[child.complete].fill_null(False)
    has_rows = f"{child.plural}_n_rows" in rows.columns
    if node.kind == "any":
        greatest = rows[f"{name}_greatest"].fill_null(FALSE) if has_rows else ibis.literal(FALSE)
        return _decided(greatest == TRUE, (greatest == UNKNOWN) | may_be_more)
    if node.kind == "all":
        least_rank = rows[f"{name}_least"].fill_null(TRUE) if has_rows else ibis.literal(TRUE)
        return ~_decided(least_rank == FALSE, (least_rank == UNKNOWN) | may_be_more)
    n_true = n_null = n = ibis.literal(0)
    if has_rows:
        n_true, n_null = (rows[f"{name}_{end}"].fill_null(0) for end in ("n_true", "n_null"))
        n = rows[f"{child.plural}_n_rows"].fill_null(0)
    if node.kind == "count":
        least = ibis.literal(int(node.least))
        return _decided(n_true >= least, (n_true + n_null >= least) | may_be_more)
    needed = n.cast("float64") * node.least
    is_reached = (n > 0) & (n_true.cast("float64") >= needed) & ~may_be_more
    is_open = may_be_more | ((n > 0) & ((n_true + n_null).cast("float64") >= needed))
    return _decided(is_reached, is_open)
