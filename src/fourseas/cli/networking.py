"""What `fourseas network` does: a network made, told and written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fourseas import workspace
from fourseas.cli import rendering, writing
from fourseas.cli.showing import read_years
from fourseas.reports.network_files import as_graphml, as_links, as_map, as_vosviewer
from fourseas.reports.networks import Chosen, Counting, Network
from fourseas.workspace import Workspace

KINDS = (".json", ".graphml", ".txt")


def chosen(
    register: str | None,
    definition: str | None,
    field: str,
    years: str | None,
    counting: Counting,
) -> Chosen:
    """Return which works a network is of, as a command line says it."""
    return Chosen(
        register=register,
        definition=definition,
        field=field,
        years=read_years(years) if years else None,
        counting=counting,
    )


def write(lake: Path, out: Path, make: Callable[[Workspace], Network]) -> None:
    """Make a network, write it in the form that a file's name says, and tell what it is of."""
    kind = writing.kind(out, KINDS)
    with workspace.open(lake) as ws:
        network = make(ws)
    files = _files(network, out, kind)
    writing.write(files)
    rendering.say(
        f"{network.title}.",
        network.told,
        f"Wrote {len(network.items):,} items and {len(network.links):,} links to "
        f"{' and '.join(str(path) for path in files)}.",
    )


def _files(network: Network, out: Path, kind: str) -> dict[Path, bytes]:
    if kind == ".json":
        return {out: as_vosviewer(network)}
    if kind == ".graphml":
        return {out: as_graphml(network)}
    return {
        out.with_name(f"{out.stem}-map.txt"): as_map(network),
        out.with_name(f"{out.stem}-network.txt"): as_links(network),
    }
