"""All claims, and the verdicts side by side."""

from __future__ import annotations

from fourseas.errors import UnknownNameError
from fourseas.models.verdict import RULE
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.claims import (
    catch_up,
    challenges,
    openness_and_level,
    rivalry,
    rule_makers,
    technology,
)
from fourseas.reports.claims.claim import Claim, Judgment, judgment
from fourseas.reports.panel import Heading, Reading
from fourseas.workspace import Workspace

CLAIMS: tuple[Claim, ...] = (
    openness_and_level.CLAIM,
    catch_up.CLAIM,
    rivalry.CLAIM,
    rule_makers.CLAIM,
    challenges.CLAIM,
    technology.CLAIM,
)

NO_CAUSE = (
    "All are associations. A verdict is about these data and these choices; `fourseas claims NAME` "
    "has every estimate, what would refute the claim, and what is not shown."
)
HEADINGS = (
    Heading("claim", "claim"),
    Heading("verdict", "verdict"),
    Heading("depends_on", "depends on"),
    Heading("estimate", "main estimate", "effect"),
    Heading("low", "95% interval from", "effect"),
    Heading("high", "to", "effect"),
    Heading("n", "estimates", "count"),
)


def claim_named(name: str) -> Claim:
    """Return a claim.

    Raises
    ------
    UnknownNameError
        Where there is none of that name.
    """
    found = next((one for one in CLAIMS if one.name == name), None)
    if found is None:
        problem = f"There is no claim named `{name}`."
        known = ", ".join(one.name for one in CLAIMS)
        remedy = f"There are {known}. `fourseas claims` says what each claims."
        raise UnknownNameError(problem, remedy)
    return found


def claims_card(ws: Workspace) -> Card:
    """Return the verdict on every claim."""
    found = [judgment(ws, claim) for claim in CLAIMS]
    grids = [one.grid for one in found if one.grid is not None]
    registers = sorted({name for grid in grids for name in grid.registers})
    counted = ", ".join(
        f"{sum(one.verdict.word == word for one in found)} {word}"
        for word in dict.fromkeys(one.verdict.word for one in found)
    )
    return Card(
        title=f"Claims about openness: {counted}",
        lead=(*(_line(one) for one in found), NO_CAUSE),
        sheets=(
            Sheet(
                name="claims",
                title="What the data of this lake say of each claim.",
                headings=HEADINGS,
                rows=[_row(one) for one in found],
                reading=Reading(
                    definition=RULE,
                    counting="Fractional and full where both are published; as each grid says.",
                    source=f"{len(registers)} registers, below.",
                    n=f"{sum(len(grid.estimates) for grid in grids)} estimates and "
                    f"{sum(len(grid.placebos) for grid in grids)} placebos.",
                    bounds="95% intervals; each estimate is judged by its own, not corrected for "
                    "their number.",
                    coverage="Countries and years of each claim on its page.",
                ),
            ),
        ),
        sources=sources(ws, registers),
        citation=citation(ws),
    )


def _line(found: Judgment) -> str:
    """Return a verdict with its reason in a line."""
    claim, verdict = found.claim, found.verdict
    reason = verdict.reason.removesuffix(".")
    return f"{claim.name}. {claim.statement} {verdict.word.capitalize()}: {reason}."


def _row(found: Judgment) -> dict[str, object]:
    main = found.grid.estimates[0].coefficient if found.grid else None
    return {
        "claim": found.claim.name,
        "statement": found.claim.statement,
        "verdict": found.verdict.word,
        "depends_on": found.verdict.depends_on or "-",
        "estimate": main.estimate if main else None,
        "low": main.low if main else None,
        "high": main.high if main else None,
        "n": len(found.grid.estimates) if found.grid else 0,
        "reason": found.verdict.reason,
    }
