"""Verdicts: what a grid of estimates says of a claim, by a rule that is the same for all claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from fourseas.models.regression import Coefficient

Word = Literal["supported", "not supported", "mixed", "not testable here"]
Sign = Literal[-1, 1]

RULE = (
    "Supported: the 95% interval of every estimate of the grid lies on the claimed side of 0, and "
    "of no placebo. Not supported: that of no estimate does. Mixed: that of some does, or of all "
    "and of a placebo as well. Not testable here: there is no estimate, and the reason is told. "
    "Where there is no association, one interval in forty lies there by chance."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One estimate of a grid.

    Attributes
    ----------
    choices
        What was chosen for it, by the name of the choice.
    coefficient
        With its interval.
    n, n_clusters
        Rows, and groups within which errors may be related.
    without_one
        Least and greatest estimate where one country at a time is left out; null where that was
        not tried.
    """

    choices: Mapping[str, str]
    coefficient: Coefficient
    n: int
    n_clusters: int
    without_one: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a grid says of a claim.

    Attributes
    ----------
    word
        One of four.
    reason
        By which estimates.
    depends_on
        The choices that divide the estimates most; empty unless they are mixed by a choice.
    """

    word: Word
    reason: str
    depends_on: str = ""


def judged(grid: Sequence[Estimate], placebos: Sequence[Estimate], sign: Sign) -> Verdict:
    """Judge a claim by `RULE`.

    Parameters
    ----------
    grid
        Estimates that would all have to show what is claimed; one at least.
    placebos
        Estimates that should not show it.
    sign
        Side of 0 that is claimed.
    """
    assert grid
    shown = [one for one in grid if is_as_claimed(one.coefficient, sign)]
    against = [one for one in grid if is_as_claimed(one.coefficient, -sign)]
    told = (
        f"{len(shown)} of {len(grid)} estimates are on the claimed side of 0, {len(against)} on "
        f"the other, and {len(grid) - len(shown) - len(against)} cannot be told from 0"
    )
    if not shown:
        return Verdict(word="not supported", reason=told)
    failing = [one for one in placebos if is_as_claimed(one.coefficient, sign)]
    if len(shown) < len(grid):
        parts = _dividing(grid, shown)
        by = "; ".join(f"by {choice}: {counts}" for choice, counts in parts.items())
        return Verdict(word="mixed", reason=f"{told}; {by}", depends_on=" and ".join(parts))
    if failing:
        return Verdict(
            word="mixed",
            reason=f"{told}; but so are {len(failing)} of {len(placebos)} placebos, which should "
            "show nothing",
        )
    none = f", and none of {len(placebos)} placebos" if placebos else ""
    return Verdict(word="supported", reason=f"all {len(grid)} estimates are{none}")


def is_as_claimed(one: Coefficient, sign: int) -> bool:
    """Say whether the whole interval lies on the claimed side of 0."""
    return one.low > 0 if sign == 1 else one.high < 0


def _dividing(grid: Sequence[Estimate], shown: Sequence[Estimate]) -> dict[str, str]:
    """Return the choices whose values differ most in how often the claim shows, and how often."""
    spreads: dict[str, Fraction] = {}
    told: dict[str, str] = {}
    for choice in dict.fromkeys(name for one in grid for name in one.choices):
        counts: dict[str, tuple[int, int]] = {}
        for one in grid:
            value = one.choices.get(choice, "")
            n_shown, n = counts.get(value, (0, 0))
            counts[value] = (n_shown + (one in shown), n + 1)
        rates = [Fraction(n_shown, n) for n_shown, n in counts.values()]
        spreads[choice] = max(rates) - min(rates)
        told[choice] = ", ".join(
            f"{n_shown} of {n} with {value}" for value, (n_shown, n) in counts.items()
        )
    widest = max(spreads.values())
    return {choice: told[choice] for choice, spread in spreads.items() if spread == widest > 0}
