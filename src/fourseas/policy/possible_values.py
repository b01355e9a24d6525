"""Values that stand for all that a fact can be, as far as some tests can tell them apart."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from fourseas.policy.grammar import Compared, InList, OneOf, Overlaps, Scalar, Test
from fourseas.policy.vocabulary import Fact

Days = Mapping[str, dt.date]
"""Known dates of a case, by name."""

Value = tuple[Scalar, ...]
"""A value: one scalar, or the two ends of a period."""


def representatives(
    fact: Fact, tests: Iterable[Test], days: Days, known: Mapping[str, Scalar]
) -> Iterator[Value]:
    """Yield values of a fact such that every answer its tests can give together is among them.

    Parameters
    ----------
    fact
        The fact; not one whose values stand in lists.
    tests
        What is asked of it.
    days
        Dates against which periods are held.
    known
        Ends of a period that are known, by column.
    """
    if fact.type == "word":
        yield from ((word,) for word in fact.words)
    elif fact.type == "flag":
        yield from ((True,), (False,))
    elif fact.type == "number":
        yield from ((number,) for number in _numbers(fact, tests))
    elif fact.type == "date":
        bounds = [test.value for test in tests if isinstance(test, Compared)]
        yield from ((one,) for one in _around(cast("list[dt.date]", bounds)))
    else:
        yield from _periods(tests, days, known)


def _periods(tests: Iterable[Test], days: Days, known: Mapping[str, Scalar]) -> Iterator[Value]:
    spans = [span(test, days) for test in tests if isinstance(test, Overlaps)]
    days_told = cast("Iterable[dt.date]", known.values())
    bounds = (day for ends in spans for day in ends if day is not None)
    # An end that is known bounds the other, whatever the spans are.
    edges: list[Scalar] = [*_around(itertools.chain(bounds, days_told))]
    for since in [known["since"]] if "since" in known else edges:
        for until in [known["until"]] if "until" in known else edges:
            if cast("dt.date", since) <= cast("dt.date", until):
                yield since, until


def _numbers(fact: Fact, tests: Iterable[Test]) -> list[float]:
    bounds = {float(cast("float", test.value)) for test in tests if isinstance(test, Compared)}
    ordered = sorted(bounds)
    between = [(low + high) / 2 for low, high in itertools.pairwise(ordered)]
    found = {*ordered, *between, ordered[0] - 1, ordered[-1] + 1, fact.least, fact.greatest}
    return sorted(one for one in found if fact.least <= one <= fact.greatest and one < float("inf"))


def _around(days: Iterable[dt.date]) -> list[dt.date]:
    """Return days with the day before and the day after each."""
    step = dt.timedelta(days=1)
    found: set[dt.date] = set()
    for day in days:
        found.add(day)
        if day > dt.date.min:
            found.add(day - step)
        if day < dt.date.max:
            found.add(day + step)
    return sorted(found)


def span(test: Overlaps, days: Days) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day that a period is held against, None where there is none."""
    if test.years is None:
        return test.first, test.last
    last = days.get(test.on)
    return (None if last is None else years_before(last, test.years)), last


def years_before(day: dt.date, years: int) -> dt.date:
    """Return the same day so many years before; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def holds(test: Test, value: Value, days: Days) -> bool:
    """Say whether a test holds of a value that is known; lists are not asked here."""
    assert not isinstance(test, InList)
    first, last = value[0], value[-1]
    if isinstance(test, OneOf):
        return first in test.values
    if isinstance(test, Overlaps):
        begin, end = span(test, days)
        starts = end is None or cast("dt.date", first) <= end
        return starts and (begin is None or cast("dt.date", last) >= begin)
    if test.sign == "eq":
        return first == test.value
    number, bound = cast("float", first), cast("float", test.value)
    comparisons = {
        "lt": number < bound,
        "le": number <= bound,
        "gt": number > bound,
        "ge": number >= bound,
    }
    return comparisons[test.sign]
