"""The figures of trust as lines of one table, and how much in them is wrong."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import cast

from scipy.stats import binomtest

from tests.fuzz.readers import READERS
from tools.trust import audit as auditing
from tools.trust.mutants import EQUIVALENT

LEAST_SEEN = 0.85
"""Part of mistakes that tests should see."""

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


def mutants(found: Figures) -> tuple[list[str], int]:
    """Return the part of mistakes that tests see, by package; too small a part is wrong.

    A mistake that changes nothing anybody could see is left out of the part, and listed in
    `mutants.EQUIVALENT` with the reason.
    """
    reasons = equivalents()
    lines = [f"{'Package':<24}{'made':>6}{'seen':>6}{'no change':>11}{'part':>7}   interval of 95%"]
    of_all = [0, 0, 0]
    for package, of in cast("dict[str, Figures]", found).items():
        survived = cast("list[str]", of["survived"])
        n_same = sum(one in reasons for one in survived)
        counts = [cast("int", of["n"]), cast("int", of["killed"]), n_same]
        of_all = [every + one for every, one in zip(of_all, counts, strict=True)]
        lines += [_seen(package, *counts), *(f"  {one}" for one in survived if one not in reasons)]
    lines.append(_seen("all", *of_all))
    n, n_killed, n_same = of_all
    return lines, int(n_killed < LEAST_SEEN * (n - n_same))


def _seen(package: str, n: int, n_killed: int, n_same: int) -> str:
    counted = n - n_same
    if not counted:
        return f"{package:<24}{n:>6}{n_killed:>6}{n_same:>11}"
    ends = binomtest(n_killed, counted).proportion_ci(method="exact")
    figures = f"{n:>6}{n_killed:>6}{n_same:>11}{n_killed / counted:>7.1%}"
    return f"{package:<24}{figures}   {ends.low:.1%} to {ends.high:.1%}"


def equivalents() -> dict[str, str]:
    """Return mistakes that change nothing, with the reason of each."""
    path = Path(__file__).parents[2] / EQUIVALENT
    with path.open(encoding="utf-8", newline="") as file:
        return {row["mistake"]: row["reason"] for row in csv.DictReader(file)}


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
