"""A question about the quality of a lake: what it computes, how to read it and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

from fourseas.schema.table import TableSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table of the report that is computed from tables of the lake.

    Attributes
    ----------
    title
        What it shows, in one sentence.
    compute
        From the tables that it reads to the one that it writes, in the order to be shown.
    reads, writes
        Their declarations.
    definition
        What is counted, with every threshold.
    base
        What shares are of.
    coverage
        What is not seen by it.
    remedy
        What to do about what it finds.
    """

    title: str
    compute: Callable[..., ir.Table]
    reads: tuple[TableSpec, ...]
    writes: TableSpec
    definition: str
    base: str
    coverage: str
    remedy: str
