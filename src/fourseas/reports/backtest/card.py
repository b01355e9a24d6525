"""A back-test as a card: rankings, exposure, what gains cost, and what was expected."""

from __future__ import annotations

from dataclasses import dataclass

from fourseas.partners.backtest import SAMPLES, TAKE, Backtest, Measured, backtest
from fourseas.partners.forecasts import BOTH, BY_WORKS, FEASIBILITY, GAINS, GRAVITY
from fourseas.partners.hold_out import RECENT_YEARS, THRESHOLDS, Split, Threshold
from fourseas.partners.link_scores import LINK_SCORES
from fourseas.reports.backtest.benefits import benefits
from fourseas.reports.backtest.material import NO_INCOME, Read, Units, read
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL
from fourseas.workspace import Workspace

TITLES = {
    BOTH: "ours: feasibility x gains",
    FEASIBILITY: "ours: feasibility alone",
    GAINS: "ours: gains alone",
    GRAVITY: "gravity",
    **{one.name: one.title for one in LINK_SCORES},
    **{one.name + BY_WORKS: f"{one.title}, by works" for one in LINK_SCORES},
}

INCOMES = {
    "WB_HIGH_2021": "high income",
    "WB_UPPER_MIDDLE_2021": "upper middle",
    "WB_LOWER_MIDDLE_2021": "lower middle",
    "WB_LOW_2021": "low income",
    NO_INCOME: NO_INCOME,
}

RANKINGS = (
    Heading("ranking", "ranking"),
    Heading("average_precision", "average precision", "finer_ratio"),
    Heading("low", "95% interval from", "finer_ratio"),
    Heading("high", "to", "finer_ratio"),
    Heading("ahead", "feasibility ahead by", "effect"),
    Heading("ahead_low", "interval from", "effect"),
    Heading("ahead_high", "interval to", "effect"),
    Heading("area", "area under curve", "finer_ratio"),
    Heading("precision_at_take", f"hits in first {TAKE}", "share"),
)
WEIGHTS = (
    Heading("weight", "weight of gains", "ratio"),
    Heading("earlier", "average precision, earlier split", "finer_ratio"),
    Heading("reported", "reported split", "finer_ratio"),
    Heading("gini", "Gini of exposure", "ratio"),
    Heading("mean_gain", f"mean gain in first {TAKE}", "ratio"),
)
FIFTHS = (
    Heading("fifth", "fifth by expectation", "count"),
    Heading("expected", "expected joint works", "finer_ratio"),
    Heading("seen", "joint works that came", "finer_ratio"),
    Heading("pp_started", "became linked", "share"),
    Heading("expected_started", "expected, of those linked", "finer_ratio"),
    Heading("seen_started", "came, of those linked", "finer_ratio"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a back-test is asked for.

    Attributes
    ----------
    split
        Years to learn from and to predict.
    units
        Countries or organizations.
    field
        By id or name.
    register
        The one with most joint works where none is said.
    """

    split: Split
    units: Units = "countries"
    field: str = ALL
    register: str | None = None


def backtest_card(ws: Workspace, question: Question) -> Card:
    """Return how advice on partners would have done in the past.

    Raises
    ------
    UnknownNameError
        For a field or register that is not known.
    NotComputableError
        Where there are no joint works in the years, or too few ties started.
    """
    found = read(ws, question.units, question.field, question.register)
    thresholds: tuple[Threshold, ...] = ("any",)
    if question.units == "countries":
        thresholds = ("any", "above_expectation")
    tests = [
        backtest(found.material, question.split, threshold, found.groups)
        for threshold in thresholds
    ]
    split = question.split
    source = wording(ws).sources[found.register]
    field = "" if question.field == ALL else f", field {question.field}"
    brought, told = _brought(ws, question, found)
    return Card(
        title=(
            f"Back-test of advice on partners, {question.units}{field}: learned to "
            f"{split.train_to}, tested on {split.first}-{split.last}"
        ),
        lead=(*(line for test in tests for line in _lead(test, question.units)), told),
        sheets=(
            *(sheet for test in tests for sheet in _sheets(test, _reading(test, found, source))),
            *brought,
        ),
        sources=sources(ws, {found.register, found.profile_register} - {""}),
        citation=citation(ws),
    )


def _brought(ws: Workspace, question: Question, found: Read) -> tuple[tuple[Sheet, ...], str]:
    """Return the sheet of predicted benefit, if it can be tested, and what it says."""
    if question.units == "organizations":
        return (), (
            "Predicted benefit is not tested: joint works of organizations have no scores by pair."
        )
    if question.field != ALL:
        return (), "Predicted benefit is told and tested of all fields together alone."
    sheet, told = benefits(ws, found.register, question.split)
    return (() if sheet is None else (sheet,)), told


def _lead(test: Backtest, units: Units) -> tuple[str, ...]:
    """Say plainly whether ours beats all others."""
    best, feasible = test.rankings[0], test.rankings[1]
    others = test.rankings[3:]
    linked = THRESHOLDS[test.threshold]
    no_gain, came = test.n_no_gain
    return (
        (
            f"Linked is {linked}. Of {test.n_pairs:,} pairs of {test.n_units:,} {units} "
            f"{test.n_candidates:,} were not linked in training, and {test.n_hits:,} of these "
            f"({test.n_hits / test.n_candidates:.2%}) became so."
        ),
        (
            f"Feasibility x gains {_against(best, others)} Feasibility alone "
            f"{_against(feasible, others)}"
        ),
        (
            f"Gains weigh {test.weight:g}, chosen on an earlier split. In {no_gain:,} candidates a "
            f"side gains nothing by field, so that they are not advised; {came:,} of these became "
            "linked all the same."
        ),
    )


def _against(one: Measured, others: tuple[Measured, ...]) -> str:
    """Say where a ranking stands among the baselines."""
    ahead = [other for other in others if other.average_precision >= one.average_precision]
    if ahead:
        names = ", ".join(
            f"{TITLES[other.name]} ({other.average_precision:.3f})" for other in ahead
        )
        return (
            f"(average precision {one.average_precision:.3f}) does not beat every baseline: "
            f"{names} did better."
        )
    nearest = others[0]
    told = ""
    if one.name == FEASIBILITY:
        told = f", behind by {nearest.ahead_low:+.3f} to {nearest.ahead_high:+.3f}"
        if nearest.ahead_low <= 0:
            told += ", which is not told apart from chance"
    return (
        f"(average precision {one.average_precision:.3f}) beats every baseline; the nearest is "
        f"{TITLES[nearest.name]} ({nearest.average_precision:.3f}{told})."
    )


def _sheets(test: Backtest, reading: Reading) -> tuple[Sheet, ...]:
    suffix = "" if test.threshold == "any" else "_above_expectation"
    linked = THRESHOLDS[test.threshold]
    incomes = tuple(Heading(group, INCOMES[group], "share") for group in test.rankings[0].pp_group)
    found = [
        Sheet(
            name=f"rankings{suffix}",
            title=f"Which ranking foresaw the ties that started ({linked}).",
            headings=RANKINGS,
            rows=[
                {
                    "ranking": TITLES[one.name],
                    **{heading.field: getattr(one, heading.field) for heading in RANKINGS[1:]},
                }
                for one in test.rankings
            ],
            reading=reading,
        ),
        Sheet(
            name=f"exposure{suffix}",
            title=f"Whom each ranking shows in the first {TAKE} places ({linked}).",
            headings=(
                Heading("ranking", "ranking"),
                Heading("average_precision", "average precision", "finer_ratio"),
                Heading("gini", "Gini of exposure", "ratio"),
                Heading("theil", "Theil", "ratio"),
                Heading("pp_tail", "outside top tenth by links", "share"),
                *incomes,
            ),
            rows=[
                {
                    "ranking": TITLES[one.name],
                    "average_precision": one.average_precision,
                    "gini": one.gini,
                    "theil": one.theil,
                    "pp_tail": one.pp_tail,
                    **one.pp_group,
                }
                for one in test.rankings
            ],
            reading=reading,
        ),
        Sheet(
            name=f"weights{suffix}",
            title=f"What asking for gains costs in foresight ({linked}).",
            headings=WEIGHTS,
            rows=[
                {heading.field: getattr(one, heading.field) for heading in WEIGHTS}
                for one in test.weights
            ],
            reading=reading,
        ),
    ]
    if test.fifths:
        found.append(
            Sheet(
                name=f"expected{suffix}",
                title=f"Joint works that gravity expected, and those that came ({linked}).",
                headings=FIFTHS,
                rows=[
                    {
                        "fifth": i + 1,
                        **{heading.field: getattr(one, heading.field) for heading in FIFTHS[1:]},
                    }
                    for i, one in enumerate(test.fifths)
                ],
                reading=reading,
            )
        )
    return tuple(found)


def _reading(test: Backtest, found: Read, source: str) -> Reading:
    """Return how to read the tables."""
    split = test.split
    first = split.train_to - RECENT_YEARS + 1
    fields = (
        f"Gains by field from {found.profile_register} ({found.scheme}); "
        f"unknown for {test.n_unknown_gain:,} candidates, for which the median stands."
        if found.scheme
        else "No works by field, so that gains are unknown."
    )
    candidates = (
        f"without a joint work in any year to {split.train_to}"
        if test.threshold == "any"
        else f"with no more joint works in {first}-{split.train_to} than their links lead to"
    )
    return Reading(
        definition=(
            f"Candidates are pairs of units with a link in {first}-{split.train_to}, {candidates}. "
            "Average precision: mean precision at each tie that started; a ranking at random has "
            f"their share, {test.n_hits / test.n_candidates:.4f}. Feasibility: geometric mean of "
            "neighbours in common and of what is expected of two of that size. Gains: root of the "
            "product of what either side gains in fields where it does little and the other much. "
            "By works: a link weighs as many as its joint works."
        ),
        counting="Full: a joint work counts once for each pair.",
        source=source,
        n=f"{test.n_candidates:,} candidates, {test.n_hits:,} ties that started. {fields}",
        bounds=(
            f"95% intervals over requesters drawn with replacement {SAMPLES} times, the same for "
            "all rankings; they do not hold the chance of which years were tested."
        ),
        coverage=(
            "A tie that did not start may have been good advice, and one that started bad: this "
            "says what was foreseen, not what was worth doing."
        ),
    )
