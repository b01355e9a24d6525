"""Read the files of a register into staging: each part whole or not at all, and each part once.

A register counts with what its `register.json` names. That file is replaced at the very end, so
that an addition which was killed or failed is not seen, yet what it had read is not read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from fourseas.errors import SourceError
from fourseas.lake import ledger, parts
from fourseas.lake.fetch import Address, Server
from fourseas.lake.layout import Lake, discard, writing
from fourseas.lake.progress import Progress
from fourseas.lake.staging import Staged, Staging, Terms
from fourseas.schema.source import Scope, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be added, and as what.

    Attributes
    ----------
    source
        The register.
    snapshot_on
        Date of its snapshot, as YYYY-MM-DD.
    scope
        What it is a register of; null for what the source or else the lake says.
    allow_incomplete
        Whether parts that a manifest lists, or the manifest, may be absent.
    replace
        Whether it may take the place of another snapshot.
    """

    source: Source
    snapshot_on: str
    scope: Scope | None = None
    allow_incomplete: bool = False
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What was added.

    Attributes
    ----------
    register, snapshot_on, scope
        What the parts count as.
    n_parts, n_parts_read
        Parts of this addition, and those of them that were not staged before.
    n_parts_in_lake, n_parts_listed
        Parts that the register has in the lake now, and that its manifests list.
    n_records
        Records of this addition.
    rows
        Staged table to the rows that this addition has in it.
    unknown_keys
        Keys of records that were passed over, sorted.
    """

    register: str
    snapshot_on: str
    scope: str
    n_parts: int
    n_parts_read: int
    n_parts_in_lake: int
    n_parts_listed: int
    n_records: int
    rows: Mapping[str, int]
    unknown_keys: tuple[str, ...]


def add(lake: Lake, inputs: Path | Address, request: Request, progress: Progress) -> AddReport:
    """Read what is new below a path, or below an address on a server, and let it count.

    Raises
    ------
    SourceError
        If the files are not what the register promises, or a server does not give them; all
        bad parts are named, none counts, and those that were good are not read again.
    TableError
        If a mapping does not return what it declares.
    LakeError
        If another process writes to the lake, or it cannot be written to.
    """
    _require_date(request.snapshot_on)
    to_count_as = terms(lake, request)
    scope = to_count_as.scope
    with writing(lake):
        before = _counted_before(lake, request, scope)
        server = Server(inputs) if isinstance(inputs, Address) else None
        found = find(inputs, server, request)
        staged = Staging(lake, to_count_as, server).stage(found.parts, progress)
        register = _register(request, scope, before, listed=found.listed, staged=staged)
        ledger.write(lake.staging / request.source.name / ledger.REGISTER, register)
        _remove_unnamed(lake, register)
    return _report(register, staged, request.source)


def terms(lake: Lake, request: Request) -> Terms:
    """Return what the parts of a request count as."""
    return Terms(
        source=request.source,
        snapshot_on=request.snapshot_on,
        scope=request.scope or request.source.scope or lake.scope,
        allow_absent=request.allow_incomplete,
    )


def find(inputs: Path | Address, server: Server | None, request: Request) -> parts.Found:
    """Find the parts of a request, here or on a server."""
    if isinstance(inputs, Address):
        assert server is not None
        return parts.find_on_server(server, inputs.place, request.source)
    return parts.find(inputs, request.source, allow_incomplete=request.allow_incomplete)


def _require_date(text: str) -> None:
    try:
        is_date = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_date = False
    if not is_date:
        raise SourceError.not_a_date(text)
    today = datetime.now(tz=UTC).date().isoformat()
    if text > today:
        raise SourceError.not_yet(text, today)


def _counted_before(lake: Lake, request: Request, scope: Scope) -> ledger.Register | None:
    """Return the register as it counts now, to which parts are added; None to start anew."""
    present = ledger.read_register(lake, request.source.name)
    if present is None:
        return None
    if (present.snapshot_on, present.scope) == (request.snapshot_on, scope):
        return present
    if request.replace:
        return None
    raise SourceError.other_snapshot(
        present.register,
        f"a {present.scope} of {present.snapshot_on}",
        f"a {scope} of {request.snapshot_on}",
    )


def _register(
    request: Request,
    scope: Scope,
    before: ledger.Register | None,
    *,
    listed: Iterable[str],
    staged: Sequence[Staged],
) -> ledger.Register:
    """Return the register with the parts that count from now on."""
    source = request.source
    old = before.parts if before else ()
    stages = {entry.stage for entry in old}
    # What counts already keeps its name, so that adding it again changes nothing.
    new = (one.entry for one in staged if one.entry.stage not in stages)
    counting = {entry.part_key: entry for entry in (*old, *new)}
    unlisted = (one.entry.sha256 for one in staged if one.part.listed_as is None)
    return ledger.Register(
        register=source.name,
        title=source.title,
        licence=source.licence,
        url=source.url,
        citation=source.citation,
        snapshot_on=request.snapshot_on,
        scope=scope,
        listed=tuple(sorted({*(before.listed if before else ()), *listed, *unlisted})),
        parts=tuple(sorted(counting.values(), key=lambda entry: (entry.name, entry.part_key))),
    )


def _remove_unnamed(lake: Lake, register: ledger.Register) -> None:
    """Remove what was staged of a register but does not count any longer."""
    named = {part.stage for part in register.parts}
    for path in (lake.staging / register.register).iterdir():
        if path.is_dir() and path.name not in named:
            discard(lake, path)


def _report(register: ledger.Register, staged: Sequence[Staged], source: Source) -> AddReport:
    new = {one.entry.part_key for one in staged if one.is_new}
    entries = {one.entry.part_key: one.entry for one in staged}.values()
    rows: Counter[str] = Counter()
    for entry in entries:
        rows.update(entry.rows)
    # One file may be read as several kinds of records, each of which takes its own keys.
    declared = {key for intake in source.intakes for key in intake.raw}
    return AddReport(
        register=register.register,
        snapshot_on=register.snapshot_on,
        scope=register.scope,
        n_parts=len(entries),
        n_parts_read=len(new),
        n_parts_in_lake=len(register.parts),
        n_parts_listed=len(register.listed),
        n_records=sum(entry.n_records for entry in entries),
        rows=dict(rows),
        unknown_keys=tuple(
            sorted({key for entry in entries for key in entry.unknown_keys} - declared)
        ),
    )
