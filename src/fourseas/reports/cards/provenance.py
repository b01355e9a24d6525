"""What a card says of where it comes from."""

from __future__ import annotations

from collections.abc import Iterable

from fourseas import __version__
from fourseas.workspace import Workspace


def sources(ws: Workspace, registers: Iterable[str]) -> tuple[str, ...]:
    """Return title, snapshot, scope, licence and address of registers."""
    wanted = set(registers)
    listed = ws.table("registers").order_by("register").to_pyarrow().to_pylist()
    return tuple(
        f"{row['title']}, snapshot of {row['snapshot_on']}, scope {row['scope']}, licence: "
        f"{row['licence']}, {row['url']}"
        for row in listed
        if row["register"] in wanted
    )


def citation(ws: Workspace, *, has_sources: bool = True) -> str:
    """Return how to cite what was computed here, beside its registers where they are listed."""
    registers = ", with the registers above" if has_sources else ""
    return f"Cite as: fourseas {__version__}, lake version {ws.version}{registers}."
