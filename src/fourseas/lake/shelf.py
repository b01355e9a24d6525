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
    if isinstance(made, pa.Table):
        return int(made.nbytes)
    if isinstance(made, pd.DataFrame):
        return int(made.memory_usage(deep=True).sum())
    parts: Iterable[object] = ()
    if isinstance(made, dict):
        parts = chain.from_iterable(made.items())
    elif isinstance(made, list | tuple | set | frozenset):
        parts = made
    elif dataclasses.is_dataclass(made) and not isinstance(made, type):
        parts = [getattr(made, one.name) for one in dataclasses.fields(made)]
    return sys.getsizeof(made) + sum(weight(one) for one in parts)
