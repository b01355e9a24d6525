"""Mutated files given to every reader for a time, and what was found."""

from __future__ import annotations

import itertools
import warnings
from time import process_time

from tests.fuzz import mutating
from tests.fuzz.readers import READERS

ENOUGH = 10_000_000
SLOW = 5.0
"""CPU seconds that no reader may take for one small file."""


def fuzz(seconds: float) -> dict[str, dict[str, object]]:
    """Give every reader mutated files for so many CPU seconds.

    Returns
    -------
    dict
        By reader: CPU ``seconds``, ``n`` files that were read, the CPU seconds of the ``slowest``,
        and ``findings``: errors that are not ours, and files that took too long.
    """
    warnings.simplefilter("ignore")
    return {reader.name: _fuzzed(reader, seconds) for reader in READERS}


def _fuzzed(reader: mutating.Reader, seconds: float) -> dict[str, object]:
    began = process_time()
    findings: set[str] = set()
    slowest, n = 0.0, 0
    for data in itertools.islice(mutating.mutations(reader, ENOUGH), ENOUGH):
        before = process_time()
        found = mutating.finding(reader, data)
        took = process_time() - before
        slowest, n = max(slowest, took), n + 1
        if found is not None:
            findings.add(found)
        if took > SLOW:
            findings.add(f"a file of {len(data)} bytes took {took:.1f} s")
        if process_time() - began > seconds and n > len(reader.seeds):
            break
    return {
        "seconds": round(process_time() - began, 1),
        "n": n,
        "slowest": round(slowest, 2),
        "findings": sorted(findings),
    }
