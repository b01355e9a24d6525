"""Print the figures of trust as one table and write them to trust/results.json.

python -m tools.trust [--seconds 120] [--every 1]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import cast

from tools.trust.faults import faults
from tools.trust.fuzz import fuzz
from tools.trust.wheel import wheel

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure, print and write; end with 1 where anything was found."""
    asked = argparse.ArgumentParser(prog="trust")
    asked.add_argument("--seconds", type=float, default=120, help="CPU seconds for each reader")
    asked.add_argument("--every", type=int, default=1, help="one of so many faults")
    options = asked.parse_args()
    found: dict[str, object] = {"wheel": wheel(ROOT)}
    found["fuzz"] = fuzz(options.seconds)
    found["faults"] = faults(options.every)
    place = ROOT / "trust"
    place.mkdir(exist_ok=True)
    (place / "results.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    lines, n_wrong = told(found)
    print("\n".join(lines))  # noqa: T201
    sys.exit(1 if n_wrong else 0)


def told(found: dict[str, object]) -> tuple[list[str], int]:
    """Return the lines of the table, and how much in it is wrong."""
    of_faults = cast("dict[str, object]", found["faults"])
    wrong = cast("list[str]", of_faults["wrong"])
    reads = cast("dict[str, int]", of_faults["reads"])
    writers = cast("dict[str, int]", of_faults["writers"])
    lines = [f"{'Boundary':<24}{'faults':>8}   outcomes"]
    by_boundary = cast("dict[str, dict[str, int]]", of_faults["by_boundary"])
    for boundary, outcomes in by_boundary.items():
        told_of = ", ".join(f"{name} {n}" for name, n in sorted(outcomes.items()))
        lines.append(f"{boundary:<24}{sum(outcomes.values()):>8}   {told_of}")
    lines += [
        f"{'all':<24}{of_faults['n']:>8}   wrong {len(wrong)}",
        *wrong,
        f"{'reads during builds':<24}{reads['n']:>8}   wrong {reads['wrong']}",
        f"{'pairs of writers':<24}{writers['pairs']:>8}   wrong {writers['wrong']}",
        "",
        f"{'Reader':<24}{'files':>8}{'CPU s':>8}{'slowest':>9}   findings",
    ]
    n_found = 0
    for name, of in cast("dict[str, dict[str, object]]", found["fuzz"]).items():
        findings = cast("list[str]", of["findings"])
        n_found += len(findings)
        lines.append(
            f"{name:<24}{of['n']:>8}{of['seconds']:>8}{of['slowest']:>9}   {len(findings)}"
        )
        lines += [f"  {finding}" for finding in findings]
    of_wheel = cast("dict[str, object]", found["wheel"])
    lines += ["", f"Wheel {of_wheel['sha256']}, reproducible: {of_wheel['is_reproducible']}"]
    n_wrong = len(wrong) + reads["wrong"] + writers["wrong"] + n_found
    return lines, n_wrong + (not of_wheel["is_reproducible"])


if __name__ == "__main__":
    main()
