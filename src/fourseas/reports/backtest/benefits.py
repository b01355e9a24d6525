"""Benefit that was predicted of ties that started, and what came, as a sheet of a back-test."""

from __future__ import annotations

from fourseas.partners.benefit import benefit, premium
from fourseas.partners.benefit_test import SAMPLES, BenefitFifth, BenefitTest, benefit_test
from fourseas.partners.hold_out import RECENT_YEARS, Split
from fourseas.reports.cards.card import Sheet
from fourseas.reports.panel import Heading, Reading, Rows
from fourseas.reports.partners.scored import scored_ties
from fourseas.reports.wording import wording
from fourseas.workspace import Workspace

FIFTHS = (
    Heading("fifth", "fifth by prediction"),
    Heading("n", "sides", "count"),
    Heading("predicted", "predicted benefit", "finer_ratio"),
    Heading("seen", "benefit that came", "finer_ratio"),
    Heading("low", "95% interval from", "finer_ratio"),
    Heading("high", "to", "finer_ratio"),
    Heading("pp_within", "within their ranges", "share"),
    Heading("expected_works", "expected joint works", "ratio"),
    Heading("works", "joint works that came", "ratio"),
)


def benefits(ws: Workspace, register: str, split: Split) -> tuple[Sheet | None, str]:
    """Return predicted benefit against that of ties that started, and what it says.

    None, with the reason, where the register is no census of scored records or too few started.
    """
    ties = scored_ties(ws, register)
    if ties is None:
        return None, (
            f"Predicted benefit is not tested: {register} is no census of records with scores."
        )
    recent = (split.train_to - RECENT_YEARS + 1, split.train_to)
    later = (split.first, split.last)
    told = benefit(premium(ties.of(recent)), ties.expected(recent, split.n_years))
    has_started = ~ties.is_tied((0, split.train_to)) & ties.is_tied(later)
    found = benefit_test(told, ties.of(later), has_started)
    if found is None:
        return None, (
            f"Predicted benefit is not tested: of {int(has_started.sum()):,} sides of ties that "
            f"started in {register}, too few have both a prediction and a level of their own."
        )
    return _sheet(found, wording(ws).sources[register], recent), _lead(found)


def _lead(test: BenefitTest) -> str:
    """Say whether what was predicted came."""
    every = test.every
    if every.low <= every.predicted <= every.high:
        judged = "which cannot be told apart"
    elif every.predicted > every.high:
        judged = "so that too much was predicted"
    else:
        judged = "so that too little was predicted"
    return (
        f"Benefit, known of {every.n:,} of the {test.n_started:,} sides of ties that started: "
        f"predicted {every.predicted:.3f} on average, came {every.seen:.3f} (95% interval "
        f"{every.low:.3f} to {every.high:.3f}), {judged}; {every.pp_within:.1%} came within their "
        "95% ranges."
    )


def _sheet(test: BenefitTest, source: str, recent: tuple[int, int]) -> Sheet:
    rows: Rows = [_row(str(i + 1), one) for i, one in enumerate(test.fifths)] + [
        _row("all", test.every)
    ]
    return Sheet(
        name="benefits",
        title="Benefit that was predicted of ties that started, and that came.",
        headings=FIFTHS,
        rows=rows,
        reading=Reading(
            definition="Benefit: credit in joint works times their normalized citation score above "
            f"the mean of a side's domestic works. Predicted from {recent[0]}-{recent[1]} as the "
            "card of partners does: joint works that gravity expects of a tie that starts, times "
            "what a joint work brought the side. Both sides of a tie stand for themselves.",
            counting="Fractional; joint works full.",
            source=source,
            n=f"{test.every.n:,} sides of {test.n_started:,} of ties that started.",
            bounds=f"95% intervals of the mean that came, over pairs drawn {SAMPLES:,} times.",
            coverage="Sides of too few domestic works with a score are left out, before or after. "
            "Ties that did not start brought nothing and were not predicted to.",
        ),
    )


def _row(name: str, of: BenefitFifth) -> dict[str, object]:
    return {
        "fifth": name,
        **{heading.field: getattr(of, heading.field) for heading in FIFTHS[1:]},
    }
