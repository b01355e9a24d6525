"""Measure what is to be trusted, print all figures as one table, keep them with their commit.

python -m tools.trust [PART ...] [--seconds 120] [--reader NAME] [--every 1]

Without parts all are measured. What was not measured now is shown with the commit at which it was.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import cast

from tests.fuzz.readers import READERS
from tools.trust import record, table
from tools.trust.agreement import agreement
from tools.trust.audit import audit
from tools.trust.faults import faults
from tools.trust.fuzz import fuzz
from tools.trust.hostile import hostile, routes
from tools.trust.mutants import mutants
from tools.trust.wheel import wheel

NAMES = tuple(reader.name for reader in READERS)
ROOT = Path(__file__).parents[2]

Options = argparse.Namespace
Figures = dict[str, object]
Measure = Callable[[Options], Iterable[Figures]]
"""Measures a part; what takes long tells of what it has so far, so that nothing is lost."""

PARTS: dict[str, tuple[str, Measure, Callable[[Figures], tuple[list[str], int]]]] = {
    "verify": ("Rows computed again from records", lambda _: agreement(), table.agreement),
    "wheel": ("The wheel, built twice", lambda _: [wheel(ROOT)], table.wheel),
    "audit": ("Known holes in packages", lambda _: [cast("Figures", audit(ROOT))], table.audit),
    "routes": ("Routes of the server", lambda _: [routes()], table.routes),
    "hostile": ("Hostile texts", lambda _: [hostile()], table.hostile),
    "fuzz": (
        "Readers, fuzzed by coverage",
        lambda options: fuzz(ROOT, options.seconds, options.reader),
        table.fuzz,
    ),
    "faults": (
        "Faults at every write",
        lambda options: [faults(options.every)],
        table.faults,
    ),
    "mutants": (
        "Mistakes in what thinks, made at random",
        lambda options: mutants(options.mutants, options.seed, options.minutes),
        table.mutants,
    ),
}
"""What is measured, in the order of the table: title, measure, lines."""


def main() -> None:
    """Measure, keep and print; end with 1 where anything was found."""
    asked = argparse.ArgumentParser(prog="trust")
    asked.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked.add_argument("--seconds", type=float, default=120, help="CPU seconds for each reader")
    asked.add_argument(
        "--reader", action="append", default=[], choices=NAMES, help="fuzz it alone; repeatable"
    )
    asked.add_argument("--every", type=int, default=1, help="one of so many faults")
    asked.add_argument("--mutants", type=int, default=150, help="mistakes to make")
    asked.add_argument("--seed", type=int, default=1, help="which mistakes")
    asked.add_argument("--minutes", type=float, default=600, help="begin no mistake later")
    options = asked.parse_args()
    if unknown := sorted(set(options.parts) - set(PARTS)):
        asked.error(f"there is no part {unknown[0]}, but {', '.join(PARTS)}")
    for part in options.parts or PARTS:
        for found in PARTS[part][1](options):
            record.keep(ROOT, part, found)
    lines, n_wrong = told(ROOT)
    print("\n".join(lines))  # noqa: T201
    sys.exit(1 if n_wrong else 0)


def told(root: Path) -> tuple[list[str], int]:
    """Return the lines of the table, and how much in it is wrong."""
    lines: list[str] = []
    n_wrong = 0
    for title, of_part, n in _parts(root):
        lines += [title, *(f"  {line}" for line in of_part), ""]
        n_wrong += n
    return [*lines, f"Wrong: {n_wrong}"], n_wrong


def _parts(root: Path) -> Iterator[tuple[str, list[str], int]]:
    measured = record.read(root)
    for part, (title, _, show) in PARTS.items():
        if part in measured:
            lines, n = show(measured[part].found)
            yield f"{title} ({record.age(root, measured[part])})", lines, n
        else:
            yield title, ["not measured"], 0


if __name__ == "__main__":
    main()
