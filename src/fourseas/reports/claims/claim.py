"""What a claim is made of, and the page of one: grid, verdict and reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fourseas.errors import NotComputableError
from fourseas.models.verdict import RULE, Estimate, Sign, Verdict, is_as_claimed, judged
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.estimates.coefficients import coefficient_plot
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Estimates that a claim is judged by.

    Attributes
    ----------
    estimates
        The main one first; all would have to show what is claimed.
    placebos
        Estimates that should not show it.
    untested
        Parts of the grid for which there are no data, each with its reason.
    reading
        How to read them.
    registers
        Where the data are from.
    """

    estimates: tuple[Estimate, ...]
    placebos: tuple[Estimate, ...] = ()
    untested: tuple[str, ...] = ()
    reading: Reading
    registers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim that data can speak for or against.

    Attributes
    ----------
    name
        By which users ask for it.
    statement
        What is claimed, in plain words.
    estimand
        The number that would show it, and how its unit reads.
    data
        What it is estimated from.
    model
        The equation.
    refuted_by
        What would refute it.
    robustness
        The choices of the grid, and its placebos.
    not_shown
        What these data cannot show, whatever the verdict.
    sign
        Side of 0 that is claimed.
    grid
        Returns the estimates; raises `NotComputableError` where there are no data.
    """

    name: str
    statement: str
    estimand: str
    data: str
    model: str
    refuted_by: str
    robustness: str
    not_shown: str
    sign: Sign
    grid: Callable[[Workspace], Grid]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """A claim with what the data of a lake say of it.

    Attributes
    ----------
    claim, verdict
        What was judged, and how.
    grid
        What it was judged by; null where it is not testable.
    """

    claim: Claim
    verdict: Verdict
    grid: Grid | None


def judgment(ws: Workspace, claim: Claim) -> Judgment:
    """Judge a claim by the data of a lake; what cannot be computed is not testable here."""
    try:
        grid = claim.grid(ws)
    except NotComputableError as error:
        reason = f"because {why(error)}. {error.remedy}"
        return Judgment(
            claim=claim, verdict=Verdict(word="not testable here", reason=reason), grid=None
        )
    verdict = judged(grid.estimates, grid.placebos, claim.sign)
    return Judgment(claim=claim, verdict=verdict, grid=grid)


def why(error: NotComputableError) -> str:
    """Return the reason of a refusal alone."""
    _, _, reason = error.problem.partition(", because ")
    return (reason or error.problem).removesuffix(".")


GRID = (
    Heading("choices", "by"),
    Heading("estimate", "estimate", "effect"),
    Heading("se", "standard error", "finer_ratio"),
    Heading("low", "95% interval from", "effect"),
    Heading("high", "to", "effect"),
    Heading("says", "on the claimed side"),
    Heading("n", "rows", "count"),
    Heading("n_clusters", "clusters", "count"),
)
PARTS = (Heading("part", "part"), Heading("words", "in words", is_ours=True))
UNTOLD = Reading(
    definition="What is claimed, and what would show it.",
    counting="As the rows say.",
    source="None: the data that it takes are not in this lake.",
    n="0.",
    bounds="None: there is no estimate.",
    coverage="None.",
)


def claim_card(ws: Workspace, claim: Claim) -> Card:
    """Return the page of a claim: verdict, main estimate, grid, placebos and what it rests on."""
    found = judgment(ws, claim)
    grid = found.grid
    reading = UNTOLD if grid is None else grid.reading
    asked = Sheet(
        name="claim",
        title="What is claimed, by what it is judged, and what would refute it.",
        headings=PARTS,
        rows=_parts(claim),
        reading=reading,
    )
    return Card(
        title=f"{claim.statement.removesuffix('.')}: {found.verdict.word}",
        lead=_lead(found),
        pictures=() if grid is None else _pictures(claim, grid),
        sheets=(asked,) if grid is None else (*_sheets(claim, grid), asked),
        sources=sources(ws, [] if grid is None else grid.registers),
        citation=citation(ws),
    )


def _lead(found: Judgment) -> tuple[str, ...]:
    verdict = found.verdict
    lines = [f"The verdict is {verdict.word}: {verdict.reason.removesuffix('.')}."]
    if verdict.depends_on:
        lines.append(f"It depends on: {verdict.depends_on}.")
    if found.grid is not None:
        main = found.grid.estimates[0]
        one = main.coefficient
        lines.append(
            f"Main estimate ({_chosen(main)}): {one.estimate:+.3f}, 95% interval {one.low:+.3f} to "
            f"{one.high:+.3f}. {found.claim.estimand}"
        )
        if found.grid.untested:
            lines.append(f"Not testable here, because: {'; '.join(found.grid.untested)}.")
    lines.append(f"Not shown: {found.claim.not_shown}")
    return tuple(lines)


def _parts(claim: Claim) -> Rows:
    parts = {
        "claim": claim.statement,
        "estimand": claim.estimand,
        "data": claim.data,
        "model": claim.model,
        "refuted by": claim.refuted_by,
        "robustness grid": claim.robustness,
        "rule of the verdict": RULE,
        "not shown": claim.not_shown,
    }
    return [{"part": part, "words": words} for part, words in parts.items()]


def _pictures(claim: Claim, grid: Grid) -> tuple[Picture, ...]:
    rows = [row | {"regressor": row["choices"]} for row in _rows(claim, grid.estimates)]
    return (
        Picture(
            name="grid",
            title=f"Claimed: {'above' if claim.sign > 0 else 'below'} 0.",
            spec=coefficient_plot(rows, title="estimate and 95% interval"),
            reading=grid.reading,
        ),
    )


def _sheets(claim: Claim, grid: Grid) -> tuple[Sheet, ...]:
    side = "above" if claim.sign > 0 else "below"
    estimates = Sheet(
        name="grid",
        title=f"The grid; claimed is {side} 0 throughout.",
        headings=GRID,
        rows=_rows(claim, grid.estimates),
        reading=grid.reading,
    )
    if not grid.placebos:
        return (estimates,)
    placebos = Sheet(
        name="placebos",
        title=f"Placebos; {side} 0 would speak against the claim's own reading.",
        headings=GRID,
        rows=_rows(claim, grid.placebos),
        reading=grid.reading,
    )
    return estimates, placebos


def _rows(claim: Claim, estimates: tuple[Estimate, ...]) -> Rows:
    return [
        {
            "choices": _chosen(one),
            "estimate": one.coefficient.estimate,
            "se": one.coefficient.se,
            "low": one.coefficient.low,
            "high": one.coefficient.high,
            "says": _says(one, claim.sign),
            "n": one.n,
            "n_clusters": one.n_clusters,
        }
        | {name: value for name, value in one.choices.items() if name not in RESERVED}
        for one in estimates
    ]


RESERVED = tuple(heading.field for heading in GRID)


def _says(one: Estimate, sign: Sign) -> str:
    if is_as_claimed(one.coefficient, sign):
        return "yes"
    return "opposite" if is_as_claimed(one.coefficient, -sign) else "cannot be told"


def _chosen(one: Estimate) -> str:
    return "; ".join(one.choices.values())
