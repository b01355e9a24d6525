"""What was made and may be asked for again, kept up to a number of bytes."""

from __future__ import annotations

import dataclasses
import sys
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from itertools import chain
from threading import Lock

import pandas as pd
import pyarrow as pa

MOST_BYTES = 256 * 2**20
"""What is kept takes no more; what was asked for longest ago goes first."""

WITHOUT_PARTS = frozenset({str, bytes, int, float, bool, type(None)})


class Shelf:
    """The last things that were made, by key, as many as `most` bytes hold."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most = most
        self.lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self.n_bytes = 0

    def __len__(self) -> int:
        """Return how many things are kept."""
        return len(self._kept)

    def find(self, key: Hashable) -> tuple[object, ...]:
        """Return what was made for a key, or nothing."""
        with self.lock:
            if key not in self._kept:
                return ()
            self._kept.move_to_end(key)
            return (self._kept[key][0],)

    def clear(self) -> None:
        """Let everything go."""
        with self.lock:
            self._kept.clear()
            self.n_bytes = 0

    def keep(self, key: Hashable, made: object) -> None:
        """Keep what was made, and let go what is too much; of what is too large, nothing."""
        size = weight(made)
        with self.lock:
            if key in self._kept:
                self.n_bytes -= self._kept.pop(key)[1]
            self._kept[key] = (made, size)
            self.n_bytes += size
            while self.n_bytes > self.most:
                _, (_, freed) = self._kept.popitem(last=False)
                self.n_bytes -= freed


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
