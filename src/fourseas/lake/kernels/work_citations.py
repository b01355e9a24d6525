"""Citations by window in one pass over the citations, with a counter for each work and window."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.backends.duckdb import Backend

from fourseas.lake.kernels.columns import (
    ROWS_OF_BATCH,
    Ints,
    batches,
    flags,
    greatest,
    parts_of,
    whole,
)
from fourseas.lake.kernels.compiled import compiled
from fourseas.schema.facts import CITATION_WINDOWS
from fourseas.schema.step import Step

WORK = np.dtype([("year", np.int16), ("is_cited", np.bool_), ("is_citing", np.bool_)], align=True)
"""What a citation must know of a work: its year, whether it may be cited and may cite."""

WINDOWS = np.array(CITATION_WINDOWS, np.int16)


def work_citations(con: Backend, step: Step) -> pa.RecordBatchReader:
    """Return the citations of each cited work in each window, as the step does."""
    parts = parts_of(con, step)
    works = np.zeros(greatest(con, parts["works"], "work_id") + 1, WORK)
    for batch in batches(con, parts["works"]):
        ids = whole(batch, "work_id")
        works["year"][ids] = whole(batch, "year")
        works["is_cited"][ids] = flags(batch, "is_cited")
        works["is_citing"][ids] = flags(batch, "is_citing")
    counts = np.zeros((works.size, WINDOWS.size), np.int32)
    for batch in batches(con, parts["citations"]):
        ends = (whole(batch, "citing_work_id"), whole(batch, "cited_work_id"))
        _count(ends, works, WINDOWS, counts)
    told = _told(counts)
    return pa.RecordBatchReader.from_batches(_batch(counts[:0], 0).schema, told)


@compiled
def _count(
    citations: tuple[Ints, Ints],
    works: npt.NDArray[np.void],
    windows: npt.NDArray[np.int16],
    counts: Ints,
) -> None:
    """Count citations in all windows that are longer than their age."""
    citing_works, cited_works = citations
    for row in range(citing_works.size):
        if not (0 <= citing_works[row] < works.size and 0 <= cited_works[row] < works.size):
            continue
        citing, cited = works[citing_works[row]], works[cited_works[row]]
        if citing.is_citing and cited.is_cited:
            age = max(int(citing.year) - int(cited.year), 0)
            for place in range(windows.size):
                if age < windows[place]:
                    counts[cited_works[row], place] += 1


def _told(counts: Ints) -> Iterator[pa.RecordBatch]:
    """Yield counts above 0 by work and window."""
    for first in range(0, counts.shape[0], ROWS_OF_BATCH):
        yield _batch(counts[first : first + ROWS_OF_BATCH], first)


def _batch(counts: Ints, first: int) -> pa.RecordBatch:
    """Return the counts of consecutive works that are above 0."""
    works, windows = np.nonzero(counts)
    columns = {
        "work_id": (works + first).astype(np.int32),
        "citation_window": WINDOWS[windows],
        "n_citations": counts[works, windows].astype(np.int64),
    }
    return pa.record_batch({name: pa.array(column) for name, column in columns.items()})
