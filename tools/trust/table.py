"""The figures of trust as lines of one table, and how much in them is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from tests.fuzz.readers import READERS
from tools.trust import audit as auditing

Figures = dict[str, object]


def faults(found: Figures) -> tuple[list[str], int]:
    """Return lines for each boundary, readers and writers."""
    wrong = cast("list[str]", found["wrong"])
    reads = cast("dict[str, int]", found["reads"])
    writers = cast("dict[str, int]", found["writers"])
    lines = [f"{'Boundary':<24}{'faults':>8}   outcomes"]
    for boundary, outcomes in cast("dict[str, dict[str, int]]", found["by_boundary"]).items():
        told = ", ".join(f"{name} {n}" for name, n in sorted(outcomes.items()))
        lines.append(f"{boundary:<24}{sum(outcomes.values()):>8}   {told}")
    lines += [
        f"{'all':<24}{found['n']:>8}   wrong {len(wrong)}",
        *wrong,
        f"{'reads during builds':<24}{reads['n']:>8}   wrong {reads['wrong']}",
        f"{'pairs of writers':<24}{writers['pairs']:>8}   wrong {writers['wrong']}",
    ]
    return lines, len(wrong) + reads["wrong"] + writers["wrong"]


def fuzz(found: Figures) -> tuple[list[str], int]:
    """Return a line for each reader, and its findings."""
    lines = [
        f"{'Reader':<24}{'files':>10}{'kept':>6}{'CPU s':>8}{'slowest':>9}   at        findings"
    ]
    n_found = 0
    for name, of in cast("dict[str, Figures]", found).items():
        findings = cast("list[str]", of["findings"])
        n_found += len(findings)
        figures = f"{of['n']:>10}{of['kept']:>6}{of['seconds']:>8}{of['slowest']:>9}"
        mended = cast("list[str]", of.get("mended", []))
        told = f"{len(findings)} left, {len(mended)} mended" if mended else f"{len(findings)}"
        lines += [
            f"{name:<24}{figures}   {of['commit']:<10}{told}",
            *(f"  {one}" for one in findings),
        ]
    missing = [reader.name for reader in READERS if reader.name not in found]
    if missing:
        lines.append(f"not fuzzed yet: {', '.join(missing)}")
    return lines, n_found


def wheel(found: Figures) -> tuple[list[str], int]:
    """Return the hash of the wheel, and whether two builds have it."""
    is_same = bool(found["is_reproducible"])
    return [f"{found['sha256']}, reproducible: {'yes' if is_same else 'NO'}"], int(not is_same)


def agreement(found: Figures) -> tuple[list[str], int]:
    """Return a line for each table, and some of its rows that differ; then one of all."""
    lines = [f"{'Table':<24}{'rows':>10}{'left out':>10}{'different':>11}"]
    sums = [0, 0, 0]
    for name, of in cast("dict[str, Figures]", found).items():
        counts = [cast("int", of[count]) for count in ("rows", "left_out", "different")]
        sums = [every + one for every, one in zip(sums, counts, strict=True)]
        lines += [
            _compared(name, counts),
            *(f"  {one}" for one in cast("list[str]", of["examples"])),
        ]
    return [*lines, _compared("all", sums)], sums[-1]


def _compared(name: str, counts: list[int]) -> str:
    rows, left_out, different = counts
    return f"{name:<24}{rows:>10,}{left_out:>10,}{different:>11,}"


def audit(found: Figures) -> tuple[list[str], int]:
    """Return a line for each lock; known holes are wrong, and silence is told as silence."""
    by_lock = cast("dict[str, Figures]", found)
    holes = [hole for of in by_lock.values() for hole in cast("list[str]", of.get("holes", []))]
    return auditing.lines(by_lock), len(holes)


def hostile(found: Figures) -> tuple[list[str], int]:
    """Return what was planted, opened and read, and what ran or broke."""
    executed, broken = (cast("list[str]", found[name]) for name in ("executed", "broken"))
    lines = [
        f"{found['texts']} texts in {found['fields']} fields ({found['values']} values)",
        f"{found['seen']} times seen in outputs",
        f"{found['pages']} pages opened: executed {len(executed)}",
        *(f"  {line}" for line in executed),
        f"{found['exports']} exports read again: broken {len(broken)}",
        *(f"  {line}" for line in broken),
    ]
    return lines, len(executed) + len(broken)


def mutation(path: Path) -> list[str]:
    """Return the numbers that a measurement of mutations has written."""
    if not path.is_file():
        return ["not measured"]
    stated = cast("Figures", json.loads(path.read_text(encoding="utf-8")))
    return [
        f"{name}: {value}" for name, value in stated.items() if isinstance(value, int | float | str)
    ]


def routes(found: Figures) -> tuple[list[str], int]:
    """Return how many requests had which status, and what was wrong."""
    wrong = cast("list[str]", found["wrong"])
    status = ", ".join(
        f"{n} x {code}" for code, n in cast("dict[str, int]", found["status"]).items()
    )
    lines = [
        f"{found['requests']} requests to {found['routes']} routes ({status}): wrong {len(wrong)}",
        *(f"  {line}" for line in wrong),
    ]
    return lines, len(wrong)
