"""Values that stand for all others, against trying every value of a small range."""

from __future__ import annotations

import datetime as dt
import itertools
import operator
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourseas.policy.grammar import Compared, OneOf, Overlaps, Scalar, Sign, Test
from fourseas.policy.possible_values import Value, holds, representatives, span, years_before
from fourseas.policy.vocabulary import LEVELS

SIGNS: dict[Sign, Callable[[float, float], bool]] = {
    "eq": operator.eq,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
FIRST = dt.date(2024, 2, 25)
CALENDAR = [FIRST + dt.timedelta(days=number) for number in range(16)]
"""Days with a leap day among them; tests are drawn from those in the middle."""

TRL, AMOUNT, START = (LEVELS["cases"].fact(name) for name in ("trl", "amount_usd", "starts_on"))
PERIOD = LEVELS["ties"].fact("period")
SIGN = st.sampled_from(sorted(SIGNS))
DAY = st.sampled_from(CALENDAR[4:-4])
MAYBE_DAY = st.none() | DAY


def _vectors(tests: Iterable[Test], values: Iterable[Value]) -> set[tuple[bool, ...]]:
    asked = list(tests)
    return {tuple(holds(test, value, {}) for test in asked) for value in values}


def _compared(tests: list[tuple[Sign, float]], values: Iterable[float]) -> set[tuple[bool, ...]]:
    return {tuple(SIGNS[sign](value, bound) for sign, bound in tests) for value in values}


@settings(max_examples=60)
@given(tests=st.lists(st.tuples(SIGN, st.integers(2, 18)), min_size=1, max_size=4))
def test_numbers_give_every_answer_that_a_number_of_the_scale_gives(
    tests: list[tuple[Sign, int]],
) -> None:
    halves = [(sign, bound / 2) for sign, bound in tests]
    asked: list[Test] = [Compared(sign, bound) for sign, bound in halves]
    values = list(representatives(TRL, asked, {}, {}))

    # Quarters tell apart all that halves do.
    assert _vectors(asked, values) == _compared(halves, (1 + n / 4 for n in range(33)))
    assert all(1 <= float(str(value)) <= 9 for (value,) in values)


def test_a_number_without_a_greatest_value_may_be_beyond_all_bounds() -> None:
    values = list(representatives(AMOUNT, [Compared("gt", 100.0), Compared("le", 5.0)], {}, {}))

    assert values == [(0.0,), (4.0,), (5.0,), (52.5,), (100.0,), (101.0,)]


@settings(max_examples=40)
@given(tests=st.lists(st.tuples(SIGN, DAY), min_size=1, max_size=3))
def test_days_give_every_answer_that_a_day_gives(tests: list[tuple[Sign, dt.date]]) -> None:
    numbered: list[tuple[Sign, float]] = [(sign, day.toordinal()) for sign, day in tests]
    asked: list[Test] = [Compared(sign, day) for sign, day in tests]
    every = _compared(numbered, (day.toordinal() for day in CALENDAR))

    assert _vectors(asked, representatives(START, asked, {}, {})) == every


@settings(max_examples=60)
@given(
    spans=st.lists(st.tuples(MAYBE_DAY, MAYBE_DAY), min_size=1, max_size=3),
    since=MAYBE_DAY,
    until=MAYBE_DAY,
)
def test_periods_give_every_answer_that_a_period_gives(
    spans: list[tuple[dt.date | None, dt.date | None]],
    since: dt.date | None,
    until: dt.date | None,
) -> None:
    known: dict[str, Scalar] = {}
    known |= {"since": since} if since else {}
    known |= {"until": until} if until else {}
    asked: list[Test] = [Overlaps(None, first, last) for first, last in spans]
    periods = [
        (begin, end)
        for begin, end in itertools.combinations_with_replacement(CALENDAR, 2)
        if since in (None, begin) and until in (None, end)
    ]
    expected = {
        tuple(
            (last is None or begin <= last) and (first is None or first <= end)
            for first, last in spans
        )
        for begin, end in periods
    }

    found = list(representatives(PERIOD, asked, {}, known))
    assert all(str(begin) <= str(end) for begin, end in found)
    if any(day for ends in spans for day in ends) or known:
        assert _vectors(asked, found) == expected


def test_words_and_flags_are_all_that_there_are() -> None:
    fact = LEVELS["cases"].fact("advances_or_uses")

    assert [*representatives(fact, [], {}, {})] == [("advances",), ("uses",)]
    assert [*representatives(LEVELS["cases"].fact("transfers_out"), [], {}, {})] == [
        (True,),
        (False,),
    ]
    assert holds(OneOf(("uses", "other")), ("uses",), {})
    assert not holds(OneOf(("other",)), ("uses",), {})


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date.min, [dt.date.min, dt.date(1, 1, 2)]),
        (dt.date.max, [dt.date(9999, 12, 30), dt.date.max]),
        (dt.date(2024, 3, 1), [dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2024, 3, 2)]),
    ],
)
def test_days_at_the_ends_of_the_calendar_have_one_neighbor(
    day: dt.date, expected: list[dt.date]
) -> None:
    found = representatives(START, [Compared("eq", day)], {}, {})

    assert [*found] == [(one,) for one in expected]


def test_years_before_a_leap_day_end_in_february() -> None:
    assert years_before(dt.date(2024, 2, 29), 1) == dt.date(2023, 2, 28)
    assert years_before(dt.date(2024, 2, 29), 4) == dt.date(2020, 2, 29)
    assert years_before(dt.date(2024, 6, 30), 10) == dt.date(2014, 6, 30)


def test_a_span_of_years_ends_on_a_date_of_the_case_and_is_unknown_without() -> None:
    test = Overlaps(5, None, None, on="signed_on")

    assert span(test, {"signed_on": dt.date(2024, 6, 30)}) == (
        dt.date(2019, 6, 30),
        dt.date(2024, 6, 30),
    )
    assert span(test, {"date": dt.date(2024, 6, 30)}) == (None, None)
    fixed = Overlaps(None, dt.date(2020, 1, 1), None)
    assert span(fixed, {"date": dt.date(2024, 6, 30)}) == (dt.date(2020, 1, 1), None)


@pytest.mark.parametrize(
    ("since", "until", "is_shared"),
    [
        ("2019-06-30", "2019-06-30", True),
        ("2010-01-01", "2019-06-29", False),
        ("2024-06-30", "2025-01-01", True),
        ("2024-07-01", "2025-01-01", False),
        ("2010-01-01", "2030-01-01", True),
    ],
)
def test_a_period_shares_the_first_or_the_last_day_of_a_span(
    since: str,
    until: str,
    is_shared: bool,  # noqa: FBT001
) -> None:
    value = (dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    days = {"date": dt.date(2024, 6, 30)}

    assert holds(Overlaps(5, None, None), value, days) is is_shared
