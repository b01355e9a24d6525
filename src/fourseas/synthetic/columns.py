"""Columns of records made of numbers: words that are taken, texts put together, lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fourseas.synthetic.draws import Integers

SITE = "https://openalex.org/"


def taken(words: Sequence[object], places: npt.NDArray[np.integer]) -> pa.Array:
    """Return the words that stand at these places of a list."""
    return pa.array(list(words)).take(pa.array(places))


def text(numbers: Integers) -> pa.Array:
    """Return numbers as they are written."""
    return pa.array(numbers).cast(pa.string())


def address(letter: str, keys: Integers) -> pa.Array:
    """Return the addresses that OpenAlex gives as ids."""
    return joined(f"{SITE}{letter}", text(keys))


def joined(*parts: str | pa.Array) -> pa.Array:
    """Return texts put together, row by row."""
    return pc.binary_join_element_wise(*parts, "")


def struct(**columns: pa.Array) -> pa.StructArray:
    """Return columns as one column of structs."""
    return pa.StructArray.from_arrays(list(columns.values()), list(columns))


def lists(counts: Integers, values: pa.Array) -> pa.ListArray:
    """Return lists of so many values each."""
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)
