"""Numbers that look random and depend on nothing but a seed, a purpose and a number.

Whatever is drawn of a work can be drawn again from its number alone, in any order, by any part:
so a reference can ask what the work it may go to is like, without anything being kept.

The mixing function is the finalizer of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable
pseudorandom number generators", OOPSLA).
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STEP = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53


def uniform(seed: int, purpose: str, numbers: Integers) -> Floats:
    """Return one draw from [0, 1) for each number."""
    return (mixed(seed, purpose, numbers) >> np.uint64(11)).astype(np.float64) * TO_UNIT


def mixed(seed: int, purpose: str, numbers: Integers) -> Numbers:
    """Return 64 mixed bits for each number."""
    digest = hashlib.sha256(f"{seed}:{purpose}".encode()).digest()
    key = np.uint64(int.from_bytes(digest[:8], "little"))
    with np.errstate(over="ignore"):
        found = (numbers.astype(np.uint64) + np.uint64(1)) * STEP ^ key
        found = (found ^ (found >> np.uint64(30))) * MIX_1
        found = (found ^ (found >> np.uint64(27))) * MIX_2
    return found ^ (found >> np.uint64(31))


def below(limits: int | Integers | Floats, draws: Floats) -> Integers:
    """Return whole numbers from 0 up to limits, from draws from [0, 1)."""
    return np.floor(draws * limits).astype(np.int64)


def chosen(weights: Floats, draws: Floats) -> Integers:
    """Return places in a list, drawn by their weights."""
    ends = np.cumsum(weights)
    places = np.searchsorted(ends, draws * ends[-1], side="right")
    return np.asarray(np.minimum(places, len(weights) - 1), dtype=np.int64)
