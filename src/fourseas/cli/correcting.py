"""What `fourseas corrections` does: read a file, keep it, say what became of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from fourseas import corrections, workspace
from fourseas.cli import rendering
from fourseas.errors import SourceError
from fourseas.lake import layout
from fourseas.schema.corrections import APPLIED
from fourseas.workspace import Workspace

SIGNS_OF_HASH = 12


def add(path: Path, file: Path) -> None:
    """Keep a file of corrections."""
    lake = layout.locate(path)
    before = corrections.editions(lake)
    kept = corrections.add(lake, _data(file), file.name)
    if before and kept.number == before[-1].number:
        rendering.say(f"Nothing new: the file says what edition {kept.number} says.")
        return
    rendering.say(
        f"Edition {kept.number}: {len(kept.corrections)} corrections of {file.name}, "
        f"SHA-256 {kept.sha256[:SIGNS_OF_HASH]}.",
        f"Next: fourseas build {path}",
    )


def check(file: Path) -> None:
    """Say that a file can be kept."""
    found = corrections.read(_data(file), file.name)
    rendering.say(f"{file.name}: {len(found)} corrections, nothing wrong. Nothing was kept.")


def show(path: Path) -> None:
    """Show the newest edition and what the current version made of it."""
    lake = layout.locate(path)
    kept = corrections.editions(lake)
    if not kept:
        rendering.say(f"No corrections. Next: fourseas corrections add FILE --lake {path}")
        return
    newest = kept[-1]
    rendering.say(
        f"Edition {newest.number} of {newest.added_at[:10]}: {newest.file_name}, "
        f"SHA-256 {newest.sha256[:SIGNS_OF_HASH]}."
    )
    outcomes: dict[tuple[str, str, str, str], tuple[str, str | None]] = {}
    if lake.current() is not None:
        with workspace.open(path) as ws:
            for row in ws.table("correction_outcomes").to_pyarrow().to_pylist():
                key = (row["kind"], row["register"], row["organization_key"], row["corrected"])
                outcomes[key] = (row["outcome"], row["registered"])
    for one in newest.corrections:
        outcome, registered = outcomes.get(_key(one), ("not built yet", None))
        rendering.say(
            f"Line {one.line}: {one.kind} of {one.register}:{one.organization_key}: "
            f"{registered or 'nothing'} -> {one.corrected}: {outcome}.",
            f"   {one.said_by}, {one.said_on}: {one.why} ({one.source})",
        )
    if any(_key(one) not in outcomes for one in newest.corrections):
        rendering.say(f"Next: fourseas build {path}")


def tell_outcomes(ws: Workspace) -> None:
    """Say after a build how many corrections were applied, and name those that were not."""
    rows = ws.table("correction_outcomes").order_by("line").to_pyarrow().to_pylist()
    if not rows:
        return
    counts = Counter(row["outcome"] for row in rows)
    told = ", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items()))
    rendering.say(f"Local corrections: {told}.")
    for row in rows:
        if row["outcome"] != APPLIED:
            rendering.say(
                f"  Not applied, {row['outcome']}: line {row['line']}, {row['kind']} of "
                f"{row['register']}:{row['organization_key']} to {row['corrected']}."
            )


def _key(one: corrections.Correction) -> tuple[str, str, str, str]:
    return one.kind, one.register, one.organization_key, one.corrected


def _data(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise SourceError.missing_path(str(file)) from error
    except OSError as error:
        raise SourceError.unreadable_part(str(file), "the file", str(error)) from error
