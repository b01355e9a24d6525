"""What a benchmark has found, as lines for a screen and as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.environments import QUIET
from benchmarks.outcomes import Figure, Outcome, Ratio, Results, Run, read
from benchmarks.stages import STAGES, Stage

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "index.md"

REASONS = Path(__file__).parent / "reasons.md"
"""Why targets are missed and what was tried, in words: the one part of the page that is written."""

WHOLE_OF_OPENALEX = {"core": 270e6, "with the expansion set": 463e6}
"""Works in OpenAlex, to which figures are projected."""

HOUR = 3600

SLACK = 1.1
"""How much more a work may cost at a larger size and the growth still be called linear."""

ABOUT = """\
# How fast, against what, and in how much memory

Written by `make bench`; do not edit. Every figure is of **synthetic records of OpenAlex's shape**
(`fourseas synth`), not of OpenAlex itself: real records are of other lengths and compress
otherwise.

    make bench                      # a million works
    make bench SIZE=27000000        # a tenth of OpenAlex
    make bench STAGE=ingest         # one stage alone

A stage compares what fourseas does with a floor (the least that any program must do: inflate the
bytes, read the columns) and with peers, in one run on one machine. Ratios say more than seconds,
and CPU seconds more than wall where other work shared the machine. Seconds and memory are those
of all processes that a command starts, memory looked at every 50 ms. No time counts before the
results were compared: sums may differ by a part of 10^-9, nothing else may.
"""


def lines(results: Results) -> list[str]:
    """Return what a screen shows: every ratio with its target."""
    shown = [f"{results.size:,} works, {_machine(results.machine)}"]
    for stage, outcome in _in_order(results):
        shown += ["", f"{stage.name} ({outcome.measured_at} UTC{_busy(outcome)})"]
        shown += [f"  {_plain(row)}" for row in outcome.ratios]
        shown += [f"  {_plain(row)}" for row in outcome.figures]
        shown += [f"  {_equal(name, same)}" for name, same in outcome.checks.items()]
        shown += [f"  Note: {note}" for note in outcome.notes]
        if (outcome.busy or 0) > QUIET:
            shown.append("  Warning: the machine was busy when this began.")
    return shown


def page(every: Sequence[Results]) -> str:
    """Return the page of all sizes."""
    if not every:
        return ABOUT
    reasons = REASONS.read_text(encoding="utf-8")
    parts = [ABOUT, _summary(every), reasons, _curve(every), _projection(every)]
    parts += [_stage_of(stage, every) for stage in STAGES]
    parts.append(_machines(every))
    return "\n".join(part for part in parts if part)


def results_so_far(folder: Path = RESULTS) -> list[Results]:
    """Return the results of all sizes, the smallest first."""
    return sorted((read(path) for path in folder.glob("bench-*.json")), key=lambda one: one.size)


def write_page() -> None:
    """Write the page anew."""
    PAGE.write_text(page(results_so_far()), encoding="utf-8")


def _in_order(results: Results) -> Iterable[tuple[Stage, Outcome]]:
    return ((one, results.stages[one.name]) for one in STAGES if one.name in results.stages)


def _plain(row: Ratio | Figure) -> str:
    """Return a ratio or a figure in one line."""
    if isinstance(row, Figure):
        most = "" if row.most is None else f", at most {row.most:,g}: {_met(row.is_met)}"
        return f"{row.name}: {row.value:,g} {row.unit}{most}"
    values = ", ".join(
        f"{name} {value:,.3g}x"
        for name, value in (("wall", row.wall), ("CPU", row.cpu), ("memory", row.memory))
        if value is not None
    )
    target = _target(row)
    return f"{row.name}: {values}" + (f"; {target}: {_met(row.is_met)}" if target else "")


def _target(row: Ratio) -> str:
    if row.target is None:
        return ""
    sign = "at least" if row.is_least else "at most"
    return f"{sign} {row.target:g}x in {row.by.replace('cpu', 'CPU')}"


def _met(is_met: bool | None) -> str:  # noqa: FBT001
    return {True: "met", False: "NOT MET", None: "not compared"}[is_met]


def _equal(name: str, same: bool) -> str:  # noqa: FBT001
    return f"{name}: {'equal' if same else 'DIFFERENT: no time of it counts'}"


def _summary(every: Sequence[Results]) -> str:
    """Return every target, each at the largest size at which its stage was measured."""
    rows = []
    largest = {name: results for results in every for name in results.stages}
    for stage in STAGES:
        if stage.name not in largest:
            continue
        results = largest[stage.name]
        outcome = results.stages[stage.name]
        told = [
            (
                row.name,
                "" if getattr(row, row.by) is None else f"{getattr(row, row.by):,.3g}x",
                _target(row),
                row.is_met,
            )
            for row in outcome.ratios
            if row.target is not None
        ]
        told += [
            (one.name, f"{one.value:,g} {one.unit}", f"at most {one.most:,g}", one.is_met)
            for one in outcome.figures
            if one.most is not None
        ]
        rows += [
            [stage.name, f"{results.size:,}", name, measured, target, _met(is_met)]
            for name, measured, target, is_met in told
        ]
    header = ["stage", "works", "what", "measured", "target", ""]
    return "## Targets\n\n" + _markdown(header, rows)


def _curve(every: Sequence[Results]) -> str:
    """Return what a million works cost at each size."""
    columns = (
        ("writing them", "lake", "synth"),
        ("adding them", "lake", "add"),
        ("building", "build", "build"),
        ("the table from facts", "table", "facts"),
        ("all indicators", "indicators", "all"),
        ("flow_cells", "flows", "flow_cells"),
    )
    rows = []
    for results in every:
        row = [f"{results.size:,}"]
        for _, stage, run in columns:
            cost = _cost(results, stage, run)
            row.append("" if cost is None else f"{cost / results.size * 1e6:,.2f}")
        rows.append(row)
    text = (
        "## The curve of cost\n\nCPU seconds for each million works. A row that does not rise from "
        "the one above means that cost grows linearly with size, or better.\n\n"
    )
    return text + _markdown(["works", *(name for name, _, _ in columns)], rows)


def _cost(results: Results, stage: str, run: str) -> float | None:
    outcome = results.stages.get(stage)
    found = outcome.runs.get(run) if outcome else None
    return found["cpu_s"] if found else None


def _projection(every: Sequence[Results]) -> str:
    """Return what the whole of OpenAlex would take if cost grew as size does."""
    whole = [results for results in every if {"lake", "build"} <= results.stages.keys()]
    if not whole:
        return ""
    results = whole[-1]
    added, built = results.stages["lake"].runs["add"], results.stages["build"].runs["build"]
    sizes = {one.name: one.value for one in results.stages["lake"].figures}
    sizes |= {one.name: one.value for one in results.stages["build"].figures}
    rows = []
    for name, works in WHOLE_OF_OPENALEX.items():
        times = works / results.size
        hours = [run["wall_s"] * times / HOUR for run in (added, built)]
        disk = (sizes["staged"] + sizes["tables"]) * times / 1000
        shown = [*(f"{one:,.1f}" for one in (*hours, sum(hours))), f"{disk:,.0f}"]
        rows.append([f"{works / 1e6:,.0f} million ({name})", *shown])
    text = (
        f"## Projected, not measured\n\nThe figures of {results.size:,} works times the number of "
        "works in OpenAlex, from Parquet. Memory does not follow from these: see the curve of "
        "each stage. The goals for the core: Parquet within 1 hour, 8 GB of memory, 60 GB of "
        "disk.\n\n"
    )
    header = ["works", "add, hours", "build, hours", "both", "staged and tables, GB"]
    return text + _markdown(header, rows)


def _busy(outcome: Outcome) -> str:
    """Return how busy the machine was, where that was recorded."""
    return "" if outcome.busy is None else f", {outcome.busy:.0%} of the processors busy before"


def _stage_of(stage: Stage, every: Sequence[Results]) -> str:
    """Return a stage at all sizes."""
    found = [(one, one.stages[stage.name]) for one in every if stage.name in one.stages]
    if not found:
        return ""
    parts = [f"## {stage.name}\n", f"{stage.words}\n"]
    for results, outcome in found:
        warned = " **The machine was busy.**" if (outcome.busy or 0) > QUIET else ""
        parts.append(
            f"### {results.size:,} works\n\n{outcome.measured_at} UTC{_busy(outcome)}.{warned}\n"
        )
        parts.append(_markdown(*_runs(outcome.runs)))
        if outcome.ratios:
            parts.append(_markdown(*_ratios(outcome.ratios)))
        if outcome.figures:
            parts.append(_markdown(*_figures(outcome.figures)))
        parts += [f"- {_equal(name, same)}." for name, same in outcome.checks.items()]
        parts += [f"- {note}" for note in outcome.notes]
        parts.append("")
    last = found[-1][1]
    for title, rows in last.tables.items():
        parts.append(f"### {title}, at {found[-1][0].size:,} works\n")
        parts.append(_markdown(*_listed(rows)))
    return "\n".join(parts)


def _runs(runs: dict[str, Run]) -> tuple[list[str], list[list[str]]]:
    rows = [
        [name]
        + [_seconds(run.get(column)) for column in ("wall_s", "cpu_s", "inner_s", "inner_cpu_s")]
        + [f"{run['peak_mb']:,.0f}"]
        for name, run in runs.items()
    ]
    header = ["run", "wall s", "CPU s", "wall s inside", "CPU s inside", "peak MB"]
    return header, rows


def _ratios(ratios: Sequence[Ratio]) -> tuple[list[str], list[list[str]]]:
    rows = [
        [row.name]
        + ["" if one is None else f"{one:,.3g}" for one in (row.wall, row.cpu, row.memory)]
        + [_target(row), "" if row.target is None else _met(row.is_met)]
        for row in ratios
    ]
    return ["ratio", "wall", "CPU", "memory", "target", ""], rows


def _figures(figures: Sequence[Figure]) -> tuple[list[str], list[list[str]]]:
    rows = [
        [
            one.name,
            f"{one.value:,g} {one.unit}",
            "" if one.most is None else f"at most {one.most:,g}",
            "" if one.most is None else _met(one.is_met),
        ]
        for one in figures
    ]
    return ["figure", "measured", "target", ""], rows


def _listed(rows: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    header = list(dict.fromkeys(name for row in rows for name in row))
    return header, [[_cell(row.get(name)) for name in header] for row in rows]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _machine(machine: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']:g} GiB, "
        f"Python {machine['python']}, {packages}"
    )


def _machines(every: Sequence[Results]) -> str:
    parts = ["## Machines and versions\n"]
    for results in every:
        peers = "; ".join(
            ", ".join(f"{name} {version}" for name, version in packages.items())
            for packages in results.machine["peers"].values()
        )
        parts.append(f"- {results.size:,} works: {_machine(results.machine)}. Peers: {peers}.")
    return "\n".join(parts) + "\n"


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    table = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in table) + "\n"
