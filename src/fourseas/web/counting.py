"""What takes minutes is counted beside the pages, and whoever asked for it looks again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from fourseas.errors import FourseasError
from fourseas.lake.progress import Progress, Unit

Made = TypeVar("Made")

MOST_KEPT = 32
"""Answers that are kept; the one that was begun longest ago goes first."""

MOST_WAITING = 8
"""Policies that may wait for their turn."""

SECONDS_KEPT = {True: 3600.0, False: 10.0}
"""How long an answer is kept, and why there is none: what was wrong may be mended."""


class Count(Generic[Made]):
    """Something that is being counted: how far it has come, and in the end its answer.

    Attributes
    ----------
    total, n_done, label
        How many steps there are, how many are done, and the last of them.
    """

    def __init__(self) -> None:
        self.total, self.n_done, self.label = 1.0, 0.0, "it waits for its turn"
        self._begun_at = time.monotonic()
        self._ended_at: float | None = None
        self._ended = Event()
        self._made: Made | None = None
        self._error: Exception | None = None

    def start(self, total: float, label: str, unit: Unit = "steps") -> None:  # noqa: ARG002
        """Hear that work of so many steps begins."""
        self.total, self.n_done, self.label = total, 0.0, label

    def advance(self, amount: float, label: str) -> None:
        """Hear that so many steps are done."""
        self.n_done += amount
        self.label = label

    def finish(self) -> None:
        """Hear that the work has ended."""

    @property
    def seconds(self) -> float:
        """Return how long it has been asked for."""
        return (self._ended_at or time.monotonic()) - self._begun_at

    @property
    def has_ended(self) -> bool:
        """Return whether it has ended, well or not."""
        return self._ended.is_set()

    @property
    def is_old(self) -> bool:
        """Return whether it ended longer ago than it is kept."""
        if self._ended_at is None:
            return False
        return time.monotonic() - self._ended_at > SECONDS_KEPT[self._error is None]

    def within(self, seconds: float) -> Made | None:
        """Return the answer if there is one so soon; raise what it ended with instead."""
        if not self._ended.wait(seconds):
            return None
        if self._error is not None:
            raise self._error
        return self._made

    def run(self, make: Callable[[Progress], Made]) -> None:
        """Count, and keep the answer or why there is none."""
        try:
            self._made = make(self)
        except Exception as error:  # noqa: BLE001  (whoever asked is told)
            self._error = error
        self._ended_at = time.monotonic()
        self._ended.set()


class Counting(Generic[Made]):
    """Counts by key, each in a thread of its own.

    Parameters
    ----------
    most
        Counts that may wait for their turn.
    """

    def __init__(self, most: int = MOST_WAITING) -> None:
        self.most = most
        self._counts: OrderedDict[Hashable, Count[Made]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> Count[Made] | None:
        """Return what is counted, or was counted lately, under a key."""
        with self._lock:
            return self._counts.get(key)

    def begun(self, key: Hashable, make: Callable[[Progress], Made]) -> Count[Made]:
        """Return what is counted under a key; begin it where it is not.

        Raises
        ------
        FourseasError
            Where too many wait for their turn.
        """
        with self._lock:
            self._let_go()
            if key in self._counts:
                return self._counts[key]
            waiting = sum(not one.has_ended for one in self._counts.values())
            if waiting >= self.most:
                problem = f"{waiting} others are being counted, one after the other."
                raise FourseasError(problem, "Ask again when some of them are done.")
            count: Count[Made] = Count()
            self._counts[key] = count
        Thread(target=count.run, args=(make,), daemon=True).start()
        return count

    def forget(self, key: Hashable) -> None:
        """Let go of an answer that is kept elsewhere."""
        with self._lock:
            self._counts.pop(key, None)

    def _let_go(self) -> None:
        """Forget what was counted too long ago, and what is too much."""
        ended = [key for key, one in self._counts.items() if one.has_ended]
        old = {key for key in ended if self._counts[key].is_old}
        too_many = max(len(ended) - len(old) - MOST_KEPT + 1, 0)
        for key in (*old, *[key for key in ended if key not in old][:too_many]):
            del self._counts[key]
