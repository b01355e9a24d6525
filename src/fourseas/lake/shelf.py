"""What was made and may be asked for again, kept up to a number of bytes."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import chain, count
from threading import Lock
from time import thread_time
from typing import TypeVar, cast

import pandas as pd
import pyarrow as pa

MOST_BYTES = 256 * 2**20
"""What is kept takes no more."""

Made = TypeVar("Made")

WITHOUT_PARTS = frozenset({str, bytes, int, float, bool, type(None)})


@dataclass(slots=True)
class Kept:
    """What was made, how many bytes it takes, how long it took, and when it goes.

    In the order of going it stands as `ordered` until its turn comes and a later one is known.
    """

    made: object
    size: int
    seconds: float
    goes: tuple[float, int]
    ordered: tuple[float, int]


class Shelf:
    """The things that were made, by key, that `most` bytes hold and that take longest to make.

    What goes first is what took least seconds for its bytes, or was asked for longest ago: the
    rule GreedyDual-Size of Cao and Irani (1997). What took seconds and is small outlasts answers
    that are large and soon asked again; what nobody asks for goes all the same.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self.lock = Lock()
        self.n_bytes = 0
        self._kept: dict[Hashable, Kept] = {}
        self._order: list[tuple[float, int, Hashable]] = []
        self._gone = 0.0
        self._turns = count()

    def __len__(self) -> int:
        """Return how many things are kept."""
        return len(self._kept)

    def find(self, key: Hashable) -> tuple[object, ...]:
        """Return what was made for a key, or nothing."""
        with self.lock:
            kept = self._kept.get(key)
            if kept is None:
                return ()
            kept.goes = self._goes(kept.seconds, kept.size)
            return (kept.made,)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made for a key, made now if it is not there."""
        found = self.find(key)
        if found:
            return cast("Made", found[0])
        # Waiting for others makes nothing dearer.
        began = thread_time()
        made = make()
        self.keep(key, made, thread_time() - began)
        return made

    def clear(self) -> None:
        """Let everything go."""
        with self.lock:
            self._kept.clear()
            self._order.clear()
            self.n_bytes = 0

    def keep(self, key: Hashable, made: object, seconds: float = 0.0) -> None:
        """Keep what took seconds to make, and let go what is too much; of too large, nothing."""
        size = weight(made)
        with self.lock:
            if key in self._kept:
                self.n_bytes -= self._kept.pop(key).size
            if size > self.most:
                return
            goes = self._goes(seconds, size)
            self._kept[key] = Kept(made, size, seconds, goes, goes)
            heappush(self._order, (*goes, key))
            self.n_bytes += size
            while self.n_bytes > self.most:
                self._let_go()

    def _goes(self, seconds: float, size: int) -> tuple[float, int]:
        """Return the place in the order of going: later than all that went, by what it is worth."""
        return self._gone + seconds / max(size, 1), next(self._turns)

    def _let_go(self) -> None:
        """Let the first go; who was asked for since it was put in order takes its new place."""
        worth, turn, key = heappop(self._order)
        kept = self._kept.get(key)
        if kept is None or kept.ordered != (worth, turn):
            return
        if kept.goes != kept.ordered:
            kept.ordered = kept.goes
            heappush(self._order, (*kept.goes, key))
            return
        self._gone = worth
        self.n_bytes -= self._kept.pop(key).size


def weight(made: object) -> int:
    """Return how many bytes something takes with its parts; what two parts share counts twice."""
    total = 0
    left: list[object] = [made]
    while left:
        one = left.pop()
        # A page holds ten thousands of these: what they are is looked at once.
        if type(one) in WITHOUT_PARTS:
            total += sys.getsizeof(one)
        elif isinstance(one, pa.Table):
            total += int(one.nbytes)
        elif isinstance(one, pd.DataFrame):
            total += int(one.memory_usage(deep=True).sum())
        else:
            total += sys.getsizeof(one)
            left.extend(_parts(one))
    return total


def _parts(made: object) -> Iterable[object]:
    """Return what something holds."""
    if isinstance(made, dict):
        return chain(made.keys(), made.values())
    if isinstance(made, list | tuple | set | frozenset):
        return made
    if dataclasses.is_dataclass(made) and not isinstance(made, type):
        return [getattr(made, one.name) for one in dataclasses.fields(made)]
    return ()
