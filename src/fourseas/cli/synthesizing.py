"""`fourseas synth`: write a synthetic snapshot and say what is in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from fourseas import synthetic_snapshots
from fourseas.cli import rendering
from fourseas.cli.bars import Bars
from fourseas.errors import WorldError
from fourseas.synthetic.records import Keys, Schema
from fourseas.synthetic_snapshots import Layout

GIGABYTE = 1e9

SPAN = re.compile(r"(\d+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A world, and which parts of it, as they were written."""

    works: int
    seed: int
    layout: Layout
    schema: Schema
    keys: Keys
    parts: str | None


def run(out: Path, asked: Asked) -> None:
    """Write a snapshot and say how to go on."""
    order = synthetic_snapshots.Order(
        works=asked.works,
        seed=asked.seed,
        layout=asked.layout,
        schema=asked.schema,
        keys=asked.keys,
    )
    span = None if asked.parts is None else _span(asked.parts, order)
    with Bars() as bars:
        written = synthetic_snapshots.write(out, order, bars, span=span)
    incomplete = "" if span is None else " --allow-incomplete"
    rendering.say(
        f"Wrote {out}: {written.n_records:,} records of works in {written.n_parts} parts, "
        f"{written.n_bytes / GIGABYTE:,.2f} GB.",
        f"What is planted in them stands in {out / 'truth' / 'planted.json'}.",
        f"Next: fourseas add LAKE {out / 'data'} --source openalex --snapshot 2025-06-01"
        + incomplete,
    )


def _span(text: str, order: synthetic_snapshots.Order) -> tuple[int, int]:
    """Return the first and last of parts: `3` or `3-7`."""
    found = SPAN.fullmatch(text.strip())
    if found is None:
        raise WorldError.parts(text, synthetic_snapshots.n_parts(order))
    first, last = found.groups()
    return int(first), int(last or first)
