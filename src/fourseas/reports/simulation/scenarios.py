"""Ranges of what might follow: two bounds that count, and published studies; never one number."""

from __future__ import annotations

from fourseas.policy.exposure import TOUCHED
from fourseas.policy.studies import STUDY_RESULTS, StudyResult
from fourseas.reports.simulation.series import (
    EACH,
    Series,
    counted,
    counted_abroad,
    ends,
    series_of,
)
from fourseas.reports.simulation.sides import NO_COMPARISON, Assessed, Ends, said
from fourseas.reports.simulation.simulate import Simulation


def bounds(series: Series) -> tuple[Assessed, ...]:
    """Return the two ends between which both sides' output would be, by arithmetic alone."""
    cell = series.whole
    owner, _ = series.sides
    first, last = series.of.scenario.years
    touched = {
        owner: (counted(cell), ends(cell, "owner_share")),
        "the other side": (counted_abroad(cell), ends(cell, "partner_share")),
    }
    population = f"works of {owner} in {series.title}, {first}-{last}, and of the other side"
    return (
        Assessed(
            outcome="output if nothing takes the place of a touched work (S0)",
            interval="; ".join(
                f"{side}: {_fewer(works)} works, {_fewer(share, is_share=True)} of its output"
                for side, (works, share) in touched.items()
            ),
            source="counted in this lake: all touched works left out",
            population=population,
            comparison=NO_COMPARISON,
            applies_if="each touched work is stopped and no other is written in its stead; "
            "a level short of closed stops fewer",
            is_about=True,
        ),
        Assessed(
            outcome="output if every touched work is replaced by one with somebody else (S1)",
            interval="; ".join(f"{side}: 0 works, 0.0% of its output" for side in touched)
            + f"; works with each other: {_fewer(touched[owner][0])}",
            source="by definition: output is held at what it was",
            population=population,
            comparison=NO_COMPARISON,
            applies_if="either side finds other partners at once, for all of it; who they would "
            "be is not computed here, see the hypotheses below",
            is_about=True,
        ),
    )


def _fewer(of: Ends, *, is_share: bool = False) -> str:
    """Say how much less it would be, by its two ends."""
    less = Ends(*(None if end is None else -end for end in of))
    return (
        said(less, "share" if is_share else "count").replace("-0.0%", "0.0%").replace("-0 ", "0 ")
    )


def studies(of: Simulation) -> tuple[Assessed, ...]:
    """Return published results, those about the sides at hand first."""
    partners = {
        str(cell["partner_id"])
        for series in series_of(of)
        for cell in series.cells(TOUCHED, partner=EACH)
        if cell["n_most"]
    } | {str(row["partner_id"]) for row in of.counted.pairs if row["n_most"]}
    found = [
        _assessed(study, any(study.is_about(of.owner, one) for one in partners))
        for study in STUDY_RESULTS
    ]
    return tuple(sorted(found, key=lambda one: not one.is_about))


def _assessed(study: StudyResult, is_about: bool) -> Assessed:  # noqa: FBT001  (the value)
    return Assessed(
        outcome=f"{study.outcome} ({study.side})",
        interval=_interval(study),
        source=f"{study.source}; {study.design}",
        population=study.population,
        comparison=study.comparison,
        applies_if=study.applies_if,
        is_about=is_about,
    )


def _interval(study: StudyResult) -> str:
    """Return the ends of a study in words."""
    if study.least is None or study.most is None:
        return study.unit
    if study.least == study.most:
        return f"{study.least:g} {study.unit} (one value; its own interval stands in the study)"
    return f"{study.least:g} to {study.most:g} {study.unit}"
