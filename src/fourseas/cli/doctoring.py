"""`fourseas doctor`: what this machine runs, whether a lake is whole, and what to do if not."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Literal

from fourseas import catalog
from fourseas.cli import rendering
from fourseas.errors import FourseasError
from fourseas.lake import health, layout, ledger
from fourseas.lake.health import Finding
from fourseas.lake.layout import Lake

EXIT_DAMAGED = 1

NEEDED = ("fourseas", "duckdb", "ibis-framework", "pyarrow", "numpy", "numba", "sqlglot")
"""Packages that every command needs, whose versions decide what comes out."""

OPTIONAL = {
    "pyfixest": "models (`pip install fourseas[models]`)",
    "pyspark": "building on Spark (`pip install fourseas[spark]`)",
    "polars": "`.to_polars()` (`pip install fourseas[polars]`)",
}
"""Packages that some commands need, and what for."""

OUT_OF_USE = "Take it out of use first: `fourseas doctor --repair`."

SIGNS = {"good": "ok", "notice": "note", "fault": "FAULT"}


def doctor(
    lake: Path, *, quick: bool, repair: bool, output_format: Literal["table", "json"]
) -> None:
    """Print what was found and leave with 1 if anything is damaged and was not dealt with."""
    machine = tuple(_machine())
    found = layout.locate(lake)
    findings = (*health.examine(found, deep=not quick), *_of_older(found))
    done: tuple[Finding, ...] = ()
    if repair and any(finding.place is not None for finding in findings):
        done = health.repair(found, findings)
    left = [finding for finding in findings if finding.state == "fault" and finding not in done]
    if output_format == "json":
        shown = {
            "machine": [_stated(finding) for finding in machine],
            "lake": [_stated(finding) for finding in findings],
            "repaired": [finding.subject for finding in done],
        }
        rendering.say(json.dumps(shown, indent=1, ensure_ascii=False))
    else:
        _print(lake, machine, findings, done)
    if left or any(finding.state == "fault" for finding in done):
        sys.exit(EXIT_DAMAGED)


def _machine() -> Iterable[Finding]:
    """Yield the versions of what runs, and what is missing for some commands."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    yield Finding(
        subject="machine",
        state="good",
        detail=f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
        f"{pages * size / 2**30:.1f} GiB, Python {platform.python_version()}.",
    )
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in NEEDED)
    yield Finding(subject="packages", state="good", detail=f"{versions}.")
    for name, purpose in OPTIONAL.items():
        try:
            yield Finding(subject=name, state="good", detail=f"{metadata.version(name)}.")
        except metadata.PackageNotFoundError:
            yield Finding(subject=name, state="notice", detail=f"Not here; needed for {purpose}.")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        yield Finding(
            subject="java", state="notice", detail="Not here; needed for building on Spark."
        )


def _of_older(lake: Lake) -> Iterable[Finding]:
    """Yield that the current version lacks tables which this fourseas builds."""
    current = lake.current()
    if current is None or not (current / ledger.LEDGER).is_file():
        return
    try:
        there = {table.name for table in ledger.read_ledger(current).tables}
    except FourseasError:
        return  # its damage is told already
    lacking = sorted({step.writes.name for step in catalog.STEPS} - there)
    if lacking:
        yield Finding(
            subject=f"version {current.name}",
            state="notice",
            detail=f"An older fourseas built it: it lacks {', '.join(lacking)}.",
            remedy=f"Bring it up to date: fourseas build {lake.root}",
        )


def _stated(finding: Finding) -> dict[str, object]:
    return asdict(finding) | {"place": None if finding.place is None else str(finding.place)}


def _print(
    lake: Path, machine: Iterable[Finding], findings: Iterable[Finding], done: tuple[Finding, ...]
) -> None:
    findings = tuple(findings)
    for title, listed in (("What runs here", machine), (f"The lake {lake}", findings)):
        rendering.show_rows(
            title,
            ("", "what", "found"),
            ((SIGNS[one.state], one.subject, one.detail) for one in listed),
        )
    for finding in findings:
        is_aside = finding.state == "fault" and finding.place is not None
        if finding in done and not is_aside:
            rendering.tell(f"{finding.subject}: removed.")
        elif finding in done:
            aside = f"taken out of use, to {lake / health.DAMAGED}."
            rendering.tell(f"{finding.subject}: {aside} {finding.remedy}")
        elif finding.remedy:
            first = f"{OUT_OF_USE} " if is_aside else ""
            rendering.tell(f"{finding.subject}: {first}{finding.remedy}")
    n_faults = sum(finding.state == "fault" for finding in findings)
    if not n_faults:
        rendering.tell("Nothing is damaged.")
    else:
        rendering.tell(f"{n_faults} {'thing is' if n_faults == 1 else 'things are'} damaged.")
