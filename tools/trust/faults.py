"""Every fault at every step of every scenario, counted by boundary and outcome."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from tests.faults import running, sharing
from tests.faults.scenarios import SCENARIOS
from tests.lake import small

N_BUILDS = 20
N_WRITERS = 5


def faults(every: int = 1) -> dict[str, object]:
    """Inject every fault, or each of so many; return counts, and what was wrong.

    Returns
    -------
    dict
        ``n``; ``steps`` by scenario; ``by_boundary`` and in it counts by kind and outcome;
        ``wrong``, a line for each fault after which something was lost, doubled, half visible or
        left; ``reads`` of readers and ``writers`` of pairs of writers, with what was wrong.
    """
    began = perf_counter()
    steps: dict[str, int] = {}
    counts: dict[str, Counter[str]] = {}
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for scenario in SCENARIOS:
            clean = running.undisturbed(scenario, place / scenario.name)
            steps[scenario.name] = len(clean.steps)
            for at, kind in list(running.all_points(clean))[::every]:
                found = running.injected(clean, at, kind, place / "disturbed")
                of_boundary = counts.setdefault(found.boundary, Counter())
                of_boundary[f"{kind}: {found.outcome}"] += 1
                outcomes[found.outcome] += 1
                if found.wrong is not None:
                    place_of_fault = f"{scenario.name}, step {at}, {found.boundary}, {kind}"
                    wrong.append(f"{place_of_fault}: {found.wrong}")
            print(f"  {scenario.name}: {len(clean.steps)} steps", flush=True)  # noqa: T201
        lake = small.settled(place / "shared")
        read = sharing.read_during_builds(small.copy_of(lake, place / "read"), n_builds=N_BUILDS)
        pairs = [
            sharing.write_twice(small.copy_of(lake, place / f"pair_{n}"), place / f"inputs_{n}")
            for n in range(N_WRITERS)
        ]
    return {
        "n": outcomes.total(),
        "steps": steps,
        "outcomes": dict(outcomes),
        "by_boundary": {boundary: dict(of) for boundary, of in sorted(counts.items())},
        "wrong": wrong,
        "reads": {"n": read.n_reads, "wrong": read.n_wrong},
        "writers": {"pairs": len(pairs), "wrong": sum(pair["wrong"] for pair in pairs)},
        "seconds": round(perf_counter() - began),
    }
