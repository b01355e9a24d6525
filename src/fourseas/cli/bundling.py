"""`fourseas bundle` and `fourseas replay`: a result with all that made it, and back again."""

from __future__ import annotations

import sys
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering, showing, writing
from fourseas.lake import archive
from fourseas.reports import bundle as bundles

EXIT_DIFFERENT = 1


def bundle(lake: Path, request: showing.Request, *, out: Path, creators: tuple[str, ...]) -> None:
    """Write the bundle of the selected rows."""
    writing.kind(out, (".zip",))
    with workspace.open(lake) as ws:
        files = bundles.bundle(ws, showing.selection(request), creators=creators)
    writing.write({out: archive.packed(files)})
    rendering.say(
        f"Wrote {out}: {len(files)} files.",
        *(f"  {name} ({len(content):,} bytes)" for name, content in sorted(files.items())),
        f"Anybody can compute it again: fourseas replay {out}",
    )


def replay(path: Path) -> None:
    """Compute a bundle again and say whether the same comes out; leave with 1 if not."""
    outcome = bundles.replay(archive.unpacked(path), str(path))
    rendering.say(
        f"{outcome.title} ({outcome.n_rows} rows, made by fourseas {outcome.version})",
        "Every file is as it was packed.",
    )
    for what, found in (
        ("The query of the bundle", outcome.by_query),
        ("The definition as this version has it", outcome.by_definition),
    ):
        if found:
            rendering.say(f"{what} gives something else:", *(f"  {one}" for one in found))
        else:
            rendering.say(f"{what} gives the same, row for row.")
    if not outcome.is_equal:
        sys.exit(EXIT_DIFFERENT)
