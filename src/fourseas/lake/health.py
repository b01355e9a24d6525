"""Whether a lake is whole: every file against what the ledgers say of it, and what to do if not.

A check looks and changes nothing. `repair` takes out of use what is damaged, to `LAKE/damaged/`,
and removes nothing but what killed processes have left.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from fourseas.errors import FourseasError
from fourseas.lake import audit, engine, ledger
from fourseas.lake.layout import (
    Lake,
    discard,
    disk_errors,
    flush,
    is_left_behind,
    write_text,
    writing,
)

State = Literal["good", "notice", "fault"]
"""good: as it should be; notice: nothing is wrong, but somebody should know; fault: damaged."""

DAMAGED = "damaged"
GIGABYTE = 1e9
LITTLE_ROOM = 2.0
"""Times the size of the current version that a build needs beside it."""

ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check has found of one thing.

    Attributes
    ----------
    subject
        What was looked at.
    state
        Whether it is as it should be.
    detail
        What was found, in a sentence.
    remedy
        What to do, of what is damaged once it is out of use; empty where nothing is to be done.
    place
        What `repair` takes out of use or removes; null where it can do nothing.
    """

    subject: str
    state: State
    detail: str
    remedy: str = ""
    place: Path | None = None


def settings(lake: Lake, *, deep: bool) -> Iterator[Finding]:  # noqa: ARG001  (siblings are deep)
    """Yield what the engine may use, and whether the disk has room for a build."""
    with disk_errors(lake.root):
        free = shutil.disk_usage(lake.root).free
    yield Finding(
        subject="engine",
        state="good",
        detail=f"{engine.memory_limit(lake)} of memory and {engine.threads(lake)} threads, "
        + ("as lake.json says." if lake.memory_limit else "by what the machine has."),
    )
    current = lake.current()
    size = _n_bytes(current) if current is not None and current.is_dir() else 0
    is_little = free < LITTLE_ROOM * size
    yield Finding(
        subject="disk",
        state="notice" if is_little else "good",
        detail=f"{free / GIGABYTE:,.1f} GB are free; the current version takes "
        f"{size / GIGABYTE:,.1f} GB.",
        remedy="Free some before the next build: it writes a version beside the current one."
        if is_little
        else "",
    )


def pointer(lake: Lake, *, deep: bool) -> Iterator[Finding]:  # noqa: ARG001  (siblings are deep)
    """Yield whether readers are pointed to a version that is there."""
    current = lake.current()
    if current is None:
        is_empty = not lake.complete_versions()
        yield Finding(
            subject="CURRENT",
            state="notice" if is_empty else "fault",
            detail="No version was built yet." if is_empty else "No version is the current one.",
            remedy=f"Run `fourseas build {lake.root}`.",
        )
    elif current in lake.complete_versions():
        yield Finding(subject="CURRENT", state="good", detail=f"Readers open {current.name}.")
    else:
        yield Finding(
            subject="CURRENT",
            state="fault",
            detail=f"It names the version {current.name!r}, which is not there.",
            remedy=f"Run `fourseas build {lake.root}`.",
            place=lake.pointer,
        )


def versions(lake: Lake, *, deep: bool) -> Iterator[Finding]:
    """Yield whether the tables of each version are those that its ledger describes."""
    for version in lake.complete_versions():
        subject = f"version {version.name}"
        try:
            entry = _ledger(version)
        except FourseasError as error:
            yield _bad_version(lake, version, error.problem)
            continue
        faults = [fault for table in entry.tables if (fault := _table_fault(version, table, deep))]
        if faults:
            yield _bad_version(lake, version, _listed(faults))
            continue
        how = "hashes equal" if deep else "sizes equal; hashes not looked at"
        size = sum(table.n_bytes for table in entry.tables)
        yield Finding(
            subject=subject,
            state="good",
            detail=f"{len(entry.tables)} tables, {size / GIGABYTE:,.2f} GB, {how}.",
        )


def _ledger(version: Path) -> ledger.Ledger:
    with disk_errors(version):
        return ledger.read_ledger(version)


def _table_fault(version: Path, table: ledger.BuiltTable, deep: bool) -> str | None:  # noqa: FBT001
    path = version / f"{table.name}.parquet"
    if not path.is_file():
        return f"{path.name} is missing"
    size = path.stat().st_size
    if size != table.n_bytes:
        return f"{path.name} has {size:,} bytes, not {table.n_bytes:,}"
    if deep and ledger.sha256_of_file(path) != table.sha256:
        return f"the hash of {path.name} is another"
    return None


def _bad_version(lake: Lake, version: Path, problem: str) -> Finding:
    return Finding(
        subject=f"version {version.name}",
        state="fault",
        detail=f"{problem.rstrip('.')}.",
        remedy=f"Run `fourseas build {lake.root}`: a version is made anew from what is staged.",
        place=version,
    )


def staging(lake: Lake, *, deep: bool) -> Iterator[Finding]:
    """Yield whether the parts of each register that count are there, with all their rows."""
    if not lake.staging.is_dir():
        return
    for name in sorted(path.name for path in lake.staging.iterdir() if path.is_dir()):
        try:
            register = ledger.read_register(lake, name)
        except FourseasError as error:
            yield Finding(
                subject=f"register {name}",
                state="fault",
                detail=error.problem,
                remedy=error.remedy,
                place=lake.staging / name / ledger.REGISTER,
            )
            continue
        if register is None:
            yield Finding(
                subject=f"register {name}",
                state="notice",
                detail="Parts were read, but adding it has not ended: none of them counts yet.",
                remedy="Run the same `fourseas add` again.",
            )
            continue
        yield from _parts(lake, register, deep=deep)


def _parts(lake: Lake, register: ledger.Register, *, deep: bool) -> Iterator[Finding]:
    """Yield each damaged part of a register, or that all are whole."""
    n_bad = 0
    for part in register.parts:
        place = lake.staging / register.register / part.stage
        faults = [
            fault
            for table, rows in part.rows.items()
            if (fault := _staged_fault(place / f"{table}.parquet", rows, deep=deep))
        ]
        if faults:
            n_bad += 1
            yield Finding(
                subject=f"register {register.register}, part {part.name}",
                state="fault",
                detail=f"{_listed(faults)}.",
                remedy=f"Run `fourseas add` of {register.register}, snapshot "
                f"{register.snapshot_on}, again: it reads this part anew.",
                place=place,
            )
    if not n_bad:
        how = "every value was read" if deep else "values were not read"
        n_rows = sum(sum(part.rows.values()) for part in register.parts)
        yield Finding(
            subject=f"register {register.register}",
            state="good",
            detail=f"{len(register.parts)} parts, snapshot {register.snapshot_on}, "
            f"{n_rows:,} staged rows; {how}.",
        )


def _staged_fault(path: Path, n_rows: int, *, deep: bool) -> str | None:
    """Return what is wrong with a staged file; no hash of it is kept, so its values are read."""
    if not path.is_file():
        return f"{path.name} is missing"
    try:
        with pq.ParquetFile(path) as file:
            found = file.metadata.num_rows
            if deep:
                found = sum(len(batch) for batch in file.iter_batches(ROWS_AT_ONCE))
    except (OSError, pa.ArrowException) as error:
        return f"{path.name} cannot be read ({str(error).splitlines()[0]})"
    return None if found == n_rows else f"{path.name} has {found:,} rows, not {n_rows:,}"


def leftovers(lake: Lake, *, deep: bool) -> Iterator[Finding]:  # noqa: ARG001  (siblings are deep)
    """Yield what killed processes have left."""
    for path in sorted(_left(lake)):
        size = _n_bytes(path) if path.is_dir() else path.stat().st_size
        yield Finding(
            subject=f"{path.relative_to(lake.root)}",
            state="notice",
            detail=f"A process that has ended left it; {size / 1e6:,.1f} MB.",
            remedy="The next `fourseas add` or `build` removes it, and so does --repair.",
            place=path,
        )


def _left(lake: Lake) -> Iterator[Path]:
    if lake.temporary.is_dir():
        yield from (path for path in lake.temporary.iterdir() if is_left_behind(path))
    for folder in (lake.root, lake.versions, lake.policy):
        yield from folder.glob(".*.draft")


def log(lake: Lake, *, deep: bool) -> Iterator[Finding]:  # noqa: ARG001  (siblings are deep)
    """Yield whether the audit log is one unbroken chain."""
    if not lake.audit.is_file():
        return
    try:
        verdict = audit.verify(lake)
    except FourseasError as error:
        yield Finding(subject="audit log", state="fault", detail=error.problem, remedy=error.remedy)
        return
    yield Finding(
        subject="audit log",
        state="good",
        detail=f"{verdict.n_records} records in one chain. That its end was not cut off, only "
        "`fourseas audit verify --head` can tell.",
    )


Check = Callable[..., Iterable[Finding]]
CHECKS: tuple[Check, ...] = (settings, pointer, versions, staging, leftovers, log)
"""What is looked at, in this order; each is given the lake and whether to read every byte."""


def examine(lake: Lake, *, deep: bool) -> tuple[Finding, ...]:
    """Look at all of a lake.

    Parameters
    ----------
    lake
        The lake.
    deep
        Whether to hash and read every file, or to look at names, sizes and rows alone.
    """
    return tuple(finding for check in CHECKS for finding in check(lake, deep=deep))


def repair(lake: Lake, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Take what is damaged out of use, remove what was left behind; return what was dealt with.

    Readers are pointed to the last version that is whole, or to none.

    Raises
    ------
    LakeError
        If another process writes to the lake, or the disk does not let us.
    """
    done = []
    with writing(lake):
        for finding in findings:
            if finding.place is None:
                continue
            if finding.state == "fault":
                _put_aside(lake, finding.place)
            elif finding.place.is_dir():
                discard(lake, finding.place)
            else:
                finding.place.unlink(missing_ok=True)
            done.append(finding)
        _point(lake)
    return tuple(done)


def _put_aside(lake: Lake, path: Path) -> None:
    """Move a thing to where nothing looks for it."""
    aside = lake.root / DAMAGED
    aside.mkdir(exist_ok=True)
    name = "-".join(path.relative_to(lake.root).parts)
    number = sum(1 for other in aside.iterdir() if other.name.startswith(name))
    with disk_errors(path):
        os.rename(path, aside / (f"{name}.{number}" if number else name))  # noqa: PTH104
    flush(path.parent)
    flush(aside)


def _point(lake: Lake) -> None:
    """Point readers to the last version, where they are pointed to none that is there."""
    present = lake.complete_versions()
    if lake.current() in present:
        return
    if present:
        write_text(lake.pointer, f"{present[-1].name}\n")
    else:
        lake.pointer.unlink(missing_ok=True)


def _n_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _listed(faults: list[str]) -> str:
    first, *others = faults
    return f"{first}, and {len(others)} more like it" if others else first
