"""`fourseas synth`: write a synthetic snapshot and say what is in it."""

from __future__ import annotations

from pathlib import Path

from fourseas import synthetic_snapshots
from fourseas.cli import rendering
from fourseas.cli.bars import Bars
from fourseas.synthetic.records import Schema
from fourseas.synthetic_snapshots import Layout

GIGABYTE = 1e9


def run(out: Path, works: int, seed: int, *, layout: Layout, schema: Schema) -> None:
    """Write a snapshot and say how to go on."""
    order = synthetic_snapshots.Order(works=works, seed=seed, layout=layout, schema=schema)
    with Bars() as bars:
        written = synthetic_snapshots.write(out, order, bars)
    rendering.say(
        f"Wrote {out}: {written.n_records:,} records of works in {written.n_parts} parts, "
        f"{written.n_bytes / GIGABYTE:,.2f} GB.",
        f"What is planted in them stands in {out / 'truth' / 'planted.json'}.",
        f"Next: fourseas add LAKE {out / 'data'} --source openalex --snapshot 2025-06-01",
    )
