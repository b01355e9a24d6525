"""Conditions as trees: what they consist of, and reading them from plain values.

A condition is one of `all_of`, `any_of`, `not`; a quantifier over rows of a level
(`any_party`, `all_people`, `count_ge`, `share_ge`, `exists`); or a fact with an operator. What
a document says in short (``activity: visit``) is written out here, so that all that follows
knows few forms.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar, cast

from fourseas.policy.places import NOWHERE, Document, Path, Place, Plain
from fourseas.policy.vocabulary import CASE, ID_TYPES, LEVELS, Fact, Level, children

Sign = Literal["eq", "lt", "le", "gt", "ge"]
Scalar = bool | float | str | dt.date
DEFAULT_ON = "date"


@dataclass(frozen=True, slots=True)
class Compared:
    """The value stands in this relation to a given one."""

    sign: Sign
    value: Scalar


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these words."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlaps:
    """The period shares a day with the years up to a date of the case, or with fixed dates.

    With `years`, from that many years before the date to the date itself; 0 means current.
    """

    years: int | None
    first: dt.date | None
    last: dt.date | None
    on: str = DEFAULT_ON


@dataclass(frozen=True, slots=True)
class InList:
    """The value is on the list as it stood on a date of the case.

    With `within_tree`, the organization or one that it is part of is on it.
    """

    list_id: str
    on: str = DEFAULT_ON
    within_tree: bool = False


Test = Compared | OneOf | Overlaps | InList


@dataclass(frozen=True, slots=True)
class Leaf:
    """One fact of one level, tested."""

    level: str
    fact: str
    test: Test
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every item holds; without items it always does."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some item holds."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The item does not hold."""

    item: Condition


@dataclass(frozen=True, slots=True)
class Quantified:
    """A statement over all rows of a level that hang on one row of its parent.

    Attributes
    ----------
    kind
        ``any`` row, ``all`` rows, ``count`` of rows at least `least`, or ``share`` of them.
    level
        Plural of the level.
    item
        What is asked of a row.
    least
        Least count or share.
    distinct
        The fact whose distinct values are counted instead of rows.
    """

    kind: Literal["any", "all", "count", "share"]
    level: str
    item: Condition
    least: float = 1.0
    distinct: str | None = None
    place: Place = field(default=NOWHERE, compare=False)


Condition = Leaf | AllOf | AnyOf | Not | Quantified
ALWAYS = AllOf(())
Truth = TypeVar("Truth")


class Algebra(Protocol[Truth]):
    """What a tree is computed in: columns of a table, or truth values."""

    def leaf(self, leaf: Leaf) -> Truth:
        """Return the value of a leaf."""

    def quantified(self, node: Quantified) -> Truth:
        """Return the value of a statement over rows."""

    def both(self, left: Truth, right: Truth) -> Truth:
        """Return left and right."""

    def either(self, left: Truth, right: Truth) -> Truth:
        """Return left or right."""

    def negated(self, value: Truth) -> Truth:
        """Return not value."""

    def constant(self, value: bool) -> Truth:  # noqa: FBT001  (the value, not an option)
        """Return true or false."""


def fold(condition: Condition, algebra: Algebra[Truth]) -> Truth:
    """Compute a tree in an algebra; all trees are computed here and nowhere else."""
    if isinstance(condition, Leaf):
        return algebra.leaf(condition)
    if isinstance(condition, Quantified):
        return algebra.quantified(condition)
    if isinstance(condition, Not):
        return algebra.negated(fold(condition.item, algebra))
    is_all = isinstance(condition, AllOf)
    if not condition.items:
        return algebra.constant(is_all)
    value = fold(condition.items[0], algebra)
    for item in condition.items[1:]:
        join = algebra.both if is_all else algebra.either
        value = join(value, fold(item, algebra))
    return value


def nodes(condition: Condition) -> Iterator[Leaf | Quantified]:
    """Yield the leaves and statements over rows of one level of a tree, not what is in those."""
    if isinstance(condition, Leaf | Quantified):
        yield condition
    elif isinstance(condition, Not):
        yield from nodes(condition.item)
    else:
        for item in condition.items:
            yield from nodes(item)


def all_nodes(condition: Condition) -> Iterator[Leaf | Quantified]:
    """Yield the leaves and statements of a tree at all levels, an outer one before its inner."""
    for node in nodes(condition):
        yield node
        if isinstance(node, Quantified):
            yield from all_nodes(node.item)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the leaves of a tree at all levels."""
    return (node for node in all_nodes(condition) if isinstance(node, Leaf))


def read_condition(document: Document, path: Path, plain: Plain, level: Level = CASE) -> Condition:
    """Read a condition that keeps the published schema.

    Parameters
    ----------
    document
        The text that it stands in.
    path
        Where in it.
    plain
        The condition as plain values; a list means all of its items.
    level
        Whose rows it is asked of.
    """
    if isinstance(plain, list):
        return _joined(
            AllOf,
            tuple(
                read_condition(document, (*path, number), item, level)
                for number, item in enumerate(plain)
            ),
        )
    ((word, inner),) = cast("dict[str, Plain]", plain).items()
    below = (*path, word)
    if word in {"all_of", "any_of"}:
        items = tuple(
            read_condition(document, (*below, number), item, level)
            for number, item in enumerate(cast("list[Plain]", inner))
        )
        return _joined(AllOf if word == "all_of" else AnyOf, items)
    if word == "not":
        return Not(read_condition(document, below, inner, level))
    quantified = _quantified(document, below, inner, level)
    if quantified is not None:
        return quantified
    fact = next((fact for fact in level.facts if fact.name == word), None)
    if fact is not None:
        tests = _TESTS[fact.type](inner)
        place = document.place(below)
        return _joined(AllOf, tuple(Leaf(level.plural, word, test, place) for test in tests))
    return _of_values(LEVELS[word], inner, document.place(below))


def _joined(kind: type[AllOf | AnyOf], items: tuple[Condition, ...]) -> Condition:
    return items[0] if len(items) == 1 else kind(items)


def _quantified(document: Document, path: Path, inner: Plain, level: Level) -> Condition | None:
    """Read a statement over rows, or return None where the word is another."""
    word, place = path[-1], document.place(path)
    for child in children(level):
        for kind, name in zip(("any", "all"), child.quantifiers, strict=True):
            if word == name:
                item = read_condition(document, path, inner, child)
                return Quantified(kind, child.plural, item, place=place)  # type: ignore[arg-type]
    if word == "exists":
        return Quantified("any", str(inner), ALWAYS, place=place)
    if word == "document_present":
        return _any_value("documents", Compared("eq", str(inner)), place)
    if word in {"count_ge", "share_ge"}:
        options = cast("dict[str, Plain]", inner)
        child = LEVELS[str(options["of"])]
        item = (
            read_condition(document, (*path, "where"), options["where"], child)
            if "where" in options
            else ALWAYS
        )
        distinct = options.get("distinct")
        is_count = word == "count_ge"
        return Quantified(
            "count" if is_count else "share",
            child.plural,
            item,
            float(cast("float", options["n" if is_count else "share"])),
            str(distinct) if distinct is not None else None,
            place,
        )
    return None


def _any_value(plural: str, test: Test, place: Place) -> Quantified:
    return Quantified("any", plural, Leaf(plural, "value", test, place), place=place)


def _of_values(level: Level, inner: Plain, place: Place) -> Condition:
    """Read a condition on a fact with many values."""
    tests: list[Condition] = []
    for operator, operand in cast("dict[str, Plain]", inner).items():
        if operator == "on":
            continue
        on = str(cast("dict[str, Plain]", inner).get("on", DEFAULT_ON))
        test: Test
        if isinstance(operand, list):
            test = OneOf(tuple(str(one) for one in operand))
        else:
            test = InList(str(operand), on, within_tree=operator == "within_org_tree")
        kind: Literal["any", "all"] = "all" if operator == "subset_of" else "any"
        leaf = Leaf(level.plural, "value", test, place)
        tests.append(Quantified(kind, level.plural, leaf, place=place))
    return _joined(AllOf, tuple(tests))


def _word_tests(inner: Plain) -> tuple[Test, ...]:
    if isinstance(inner, str):
        return (Compared("eq", inner),)
    if isinstance(inner, list):
        return (OneOf(tuple(str(word) for word in inner)),)
    return tuple(
        OneOf(tuple(str(word) for word in cast("list[Plain]", operand)))
        if operator == "one_of"
        else Compared("eq", str(operand))
        for operator, operand in cast("dict[str, Plain]", inner).items()
    )


def _flag_tests(inner: Plain) -> tuple[Test, ...]:
    value = inner["eq"] if isinstance(inner, dict) else inner
    return (Compared("eq", bool(value)),)


def _number_tests(inner: Plain) -> tuple[Test, ...]:
    if not isinstance(inner, dict):
        return (Compared("eq", float(cast("float", inner))),)
    return tuple(
        Compared(cast("Sign", sign), float(cast("float", bound))) for sign, bound in inner.items()
    )


def _date_tests(inner: Plain) -> tuple[Test, ...]:
    if not isinstance(inner, dict):
        return (Compared("eq", day(inner)),)
    tests: list[Test] = []
    for operator, operand in inner.items():
        if operator == "between_dates":
            first, last = cast("list[Plain]", operand)
            tests += [Compared("ge", day(first)), Compared("le", day(last))]
        else:
            tests.append(Compared(cast("Sign", operator), day(operand)))
    return tuple(tests)


def _period_tests(inner: Plain) -> tuple[Test, ...]:
    if isinstance(inner, str):
        return (Overlaps(0, None, None),)
    whole = cast("dict[str, dict[str, Plain]]", inner)
    options = whole["overlaps_period"]
    years = options.get("years")
    first, last = options.get("from"), options.get("to")
    return (
        Overlaps(
            int(cast("int", years)) if years is not None else None,
            day(first) if first is not None else None,
            day(last) if last is not None else None,
            str(options.get("on", DEFAULT_ON)),
        ),
    )


def _id_tests(inner: Plain) -> tuple[Test, ...]:
    options = cast("dict[str, Plain]", inner)
    on = str(options.get("on", DEFAULT_ON))
    return tuple(
        InList(str(operand), on, within_tree=operator == "within_org_tree")
        for operator, operand in options.items()
        if operator != "on"
    )


def day(text: Plain) -> dt.date:
    """Return a date that is written YYYY-MM-DD."""
    return dt.date.fromisoformat(str(text))


def years_after(on: dt.date, years: int) -> dt.date:
    """Return the same day of a later year; the first of March after a leap day."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return dt.date(on.year + years, 3, 1)


_TESTS: Mapping[str, Callable[[Plain], tuple[Test, ...]]] = {
    "word": _word_tests,
    "flag": _flag_tests,
    "number": _number_tests,
    "date": _date_tests,
    "period": _period_tests,
    **dict.fromkeys(ID_TYPES, _id_tests),
}


def fact_of(leaf: Leaf) -> Fact:
    """Return the declaration of the fact that a leaf tests."""
    return LEVELS[leaf.level].fact(leaf.fact)
