"""What `fourseas link review` does: names to decide, as a file that comes back as corrections."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from fourseas import corrections, workspace
from fourseas.cli import rendering, writing
from fourseas.lake import layout
from fourseas.reports import spreadsheets
from fourseas.reports.linking import linking
from fourseas.reports.linking.review import MADE, NAMED, UNDECIDED, linked_shares, review


def write(lake: Path, out: Path) -> None:
    """Write the file and say how much is linked."""
    writing.kind(out, (".csv",))
    kept = corrections.editions(layout.locate(lake))
    with workspace.open(lake) as ws:
        known, places = linking.organizations(ws), linking.countries(ws)
        found = review(ws, known, places, kept[-1].corrections if kept else ())
        shares = linked_shares(ws).to_pyarrow().to_pylist()
    writing.write({out: spreadsheets.csv(found)})
    rendering.show_rows(
        "Organizations of authors",
        ("register", "authorships", "with a ROR id", "a known company", "neither"),
        (
            (
                row["register"],
                row["n"],
                f"{row['ror'] / row['n']:.0%}",
                f"{row['company'] / row['n']:.0%}",
                f"{1 - (row['ror'] + row['company']) / row['n']:.0%}",
            )
            for row in shares
        ),
    )
    counts = Counter(found["outcome"].to_pylist())
    rendering.tell(
        f"{len(known.entries):,} organizations with a ROR id are in the lake.",
        f"Wrote {out}: {counts[UNDECIDED]:,} names to decide, {counts[NAMED]:,} that are named, "
        f"{counts[MADE]:,} corrections made before.",
        f"Next: decide, then fourseas corrections add {out} --lake {lake}",
    )
