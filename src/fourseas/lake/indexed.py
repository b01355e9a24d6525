"""Rows of a table that are found by the value of a column without asking an engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.types as pat
from ibis.formats.pandas import PandasData
from numpy.typing import NDArray

MOST_SCHEMAS = 128
"""Schemas of which types are known by heart: more than pages read slices."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """Rows, and where those of each value of a column stand.

    Attributes
    ----------
    rows
        All of them, each text once for the whole.
    places
        Places of rows, those of a value beside each other, in the order of the rows.
    spans
        First and past the last of the places of each value.
    schema
        What types the columns had.
    """

    rows: pa.Table
    places: NDArray[np.int64]
    spans: dict[str, tuple[int, int]]
    schema: pa.Schema

    @classmethod
    def by(cls, column: str, rows: pa.Table) -> Self:
        """Return rows indexed by a text column that is nowhere null."""
        encoded = _encoded(rows).combine_chunks()
        if not len(encoded):
            return cls(encoded, np.zeros(0, np.int64), {}, rows.schema)
        values = encoded[column].chunk(0)
        codes = values.indices.to_numpy()
        places = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(values.dictionary))).tolist()
        spans = zip([0, *ends[:-1]], ends, strict=True)
        named = dict(zip(values.dictionary.to_pylist(), spans, strict=True))
        return cls(encoded, places, named, rows.schema)

    def of(self, wanted: Iterable[str]) -> pa.Table:
        """Return the rows of some values, in the order in which all rows are."""
        found = [
            self.places[slice(*self.spans[value])]
            for value in dict.fromkeys(wanted)
            if value in self.spans
        ]
        together = np.sort(np.concatenate(found)) if found else self.places[:0]
        return self.rows.take(together).cast(self.schema)


def _encoded(rows: pa.Table) -> pa.Table:
    """Return rows with each text once, where a column is of text."""
    columns = [
        column.dictionary_encode() if pat.is_string(column.type) else column
        for column in rows.columns
    ]
    return pa.table(dict(zip(rows.column_names, columns, strict=True))).unify_dictionaries()


def frame(rows: pa.Table) -> pd.DataFrame:
    """Return rows as the frame that an engine answers with: a missing number is no number."""
    # As lists, columns with gaps took three quarters of a page's reading.
    columns = {
        name: column.to_pylist()
        if column.null_count and pat.is_integer(column.type)
        else column.to_pandas()
        for name, column in zip(rows.column_names, rows.columns, strict=True)
    }
    given = pd.DataFrame(columns, copy=False)
    found: pd.DataFrame = PandasData.convert_table(given, _types(rows.schema))
    return found


@lru_cache(maxsize=MOST_SCHEMAS)
def _types(schema: pa.Schema) -> ibis.Schema:
    """Return what an engine calls the types of columns: a page asks of sixteen tables anew."""
    return ibis.Schema.from_pyarrow(schema)
