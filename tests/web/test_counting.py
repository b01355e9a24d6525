"""Counts beside the pages: begun once, told as they go, kept a while, and never too many."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest

from fourseas.errors import FourseasError
from fourseas.lake.progress import Progress
from fourseas.web.counting import MOST_KEPT, MOST_WAITING, Counting

SOON = 30.0


def waiting(until: Event) -> Callable[[Progress], int]:
    """Return what takes two steps and ends when it may."""

    def make(progress: Progress) -> int:
        progress.start(2, "begun")
        progress.advance(1, "one")
        assert until.wait(SOON)
        return 7

    return make


def test_what_is_asked_for_twice_is_counted_once() -> None:
    made: list[int] = []

    def make(_progress: Progress) -> int:
        made.append(1)
        return len(made)

    counting: Counting[int] = Counting()
    assert [counting.begun("a", make).within(SOON) for _ in range(3)] == [1, 1, 1]
    assert counting.begun("b", make).within(SOON) == 2


def test_there_is_no_answer_before_the_end_and_then_it_stays() -> None:
    may_end = Event()
    counting: Counting[int] = Counting()
    count = counting.begun("a", waiting(may_end))
    assert count.within(0.05) is None
    assert not count.has_ended
    may_end.set()
    assert count.within(SOON) == 7
    assert (count.n_done, count.total, count.label) == (1, 2, "one")
    assert counting.find("a") is count
    assert counting.find("b") is None


def test_an_error_is_told_to_whoever_asks() -> None:
    problem = "There is nothing."

    def make(_progress: Progress) -> int:
        raise FourseasError(problem, "Ask for something.")

    count = Counting[int]().begun("a", make)
    for _ in range(2):
        with pytest.raises(FourseasError, match="There is nothing"):
            count.within(SOON)


def test_more_than_may_wait_are_refused_until_some_are_done() -> None:
    may_end = Event()
    counting: Counting[int] = Counting()
    counts = [counting.begun(n, waiting(may_end)) for n in range(MOST_WAITING)]
    with pytest.raises(FourseasError, match="8 others are being counted"):
        counting.begun("more", waiting(may_end))
    assert counting.begun(0, waiting(may_end)) is counts[0]
    may_end.set()
    assert [count.within(SOON) for count in counts] == [7] * MOST_WAITING
    assert counting.begun("more", waiting(may_end)).within(SOON) == 7


def test_the_oldest_answers_go_first() -> None:
    counting: Counting[int] = Counting()
    for n in range(MOST_KEPT + 3):
        assert counting.begun(n, lambda _progress: 1).within(SOON) == 1
    assert [counting.find(n) is None for n in range(5)] == [True, True, True, False, False]
