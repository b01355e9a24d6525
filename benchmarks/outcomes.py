"""What a run of the benchmark has found, stage by stage, and where it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

By = Literal["wall", "cpu", "memory"]

WHOLE: Mapping[By, str] = {"wall": "wall_s", "cpu": "cpu_s", "memory": "peak_mb"}
INNER: Mapping[By, str] = {"wall": "inner_s", "cpu": "inner_cpu_s"}

Run = dict[str, float]
"""What one command cost: `wall_s`, `cpu_s`, `peak_mb`, and perhaps `inner_s` and `inner_cpu_s`
without the start of Python or of a cluster, and more by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How many times more one run cost than another.

    Attributes
    ----------
    name
        What is divided by what.
    wall, cpu, memory
        The ratios; null where one of the two is not known.
    by
        Which of them the target is for.
    target, is_least
        What is to be reached, and whether it is the least that is allowed or the most; null
        where nothing is promised.
    """

    name: str
    wall: float | None
    cpu: float | None
    memory: float | None
    by: By = "wall"
    target: float | None = None
    is_least: bool = False

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; null where there is none, or nothing to compare."""
        value = getattr(self, self.by)
        if self.target is None or value is None:
            return None
        return bool(value >= self.target if self.is_least else value <= self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that is measured against a bound: seconds or MB."""

    name: str
    value: float
    unit: str
    most: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether it is within its bound; null where there is none."""
        return None if self.most is None else self.value <= self.most


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a stage has found.

    Attributes
    ----------
    measured_at, busy
        When it began, and the share of the processors that others used then, where known.
    runs
        What each command cost.
    ratios, figures
        What is compared, and what is bounded.
    checks
        What was compared before any time counts, and whether it was equal.
    tables
        Further rows, by title.
    notes
        What could not be run, and why.
    """

    measured_at: str
    busy: float | None = None
    runs: dict[str, Run] = field(default_factory=dict)
    ratios: list[Ratio] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    checks: dict[str, bool] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def compare(
        self,
        name: str,
        one: str,
        other: str,
        *,
        by: By = "wall",
        most: float | None = None,
        least: float | None = None,
    ) -> None:
        """Divide what one run cost by what another did, where both were run.

        Seconds without the start of Python are taken where both runs know them.
        """
        if one not in self.runs or other not in self.runs:
            return
        values = {which: self._ratio(one, other, which) for which in WHOLE}
        target = most if least is None else least
        self.ratios.append(
            Ratio(name=name, **values, by=by, target=target, is_least=least is not None)
        )

    def _ratio(self, one: str, other: str, by: By) -> float | None:
        for name in (INNER.get(by), WHOLE[by]):
            if name is not None and name in self.runs[one] and name in self.runs[other]:
                return round(self.runs[one][name] / max(self.runs[other][name], 1e-3), 3)
        return None


@dataclass(slots=True, kw_only=True)
class Results:
    """All stages of one size."""

    size: int
    machine: dict[str, Any]
    stages: dict[str, Outcome] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write them as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        told = {"data": "synthetic records of OpenAlex's shape"} | asdict(self)
        draft.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)


def read(path: Path) -> Results:
    """Read results from JSON."""
    stated = json.loads(path.read_text(encoding="utf-8"))
    stages = {
        name: Outcome(
            **one
            | {
                "ratios": [Ratio(**ratio) for ratio in one["ratios"]],
                "figures": [Figure(**figure) for figure in one["figures"]],
            }
        )
        for name, one in stated["stages"].items()
    }
    return Results(size=stated["size"], machine=stated["machine"], stages=stages)
