"""Would the advice have been right in the past? Forecasts held against the ties that started.

The weight of gains is chosen on an earlier split, whose years are all before the end of training;
the split that is reported is looked at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fourseas.errors import NotComputableError
from fourseas.partners.forecasts import (
    BOTH,
    FEASIBILITY,
    GAINS,
    baselines,
    expected_works,
    feasibility,
    mutual_gain,
    with_gains,
)
from fourseas.partners.hold_out import (
    RECENT_YEARS,
    Material,
    Outcome,
    Split,
    Threshold,
    Training,
    outcome,
    training,
)
from fourseas.partners.link_scores import Floats, preferential_attachment
from fourseas.partners.rankings import (
    Booleans,
    area_under_curve,
    average_precision,
    exposure,
    gini,
    precision_at,
    shown,
    steps,
    theil,
    weighted_average_precision,
)

GAIN_WEIGHTS = (0.1, 0.25, 0.5, 1.0)
"""Weights of gains that are tried on the earlier split."""

TAKE = 10
"""Places of a requester's list."""

SAMPLES = 100
LEVELS = (2.5, 97.5)
SEED = 1
FIFTHS = 5
TOP = 0.9
LEAST_HITS = 10
"""Of fewer ties that started nothing is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How one ranking did.

    Attributes
    ----------
    name
        Of the ranking.
    average_precision, low, high
        With a 95% interval over requesters.
    ahead, ahead_low, ahead_high
        How far feasibility is ahead in average precision, with its interval; the same requesters
        are drawn for both.
    area
        Under the curve.
    precision_at_take
        Share of hits in the first `TAKE` places, mean over requesters.
    gini, theil
        Of how often units are shown, over units with any candidate.
    pp_tail
        Part of the places that units outside the top tenth by links have.
    pp_group
        Part of the places by group of units.
    """

    name: str
    average_precision: float
    low: float
    high: float
    ahead: float
    ahead_low: float
    ahead_high: float
    area: float
    precision_at_take: float
    gini: float
    theil: float
    pp_tail: float
    pp_group: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a weight of gains costs or brings: average precision on both splits, and balance."""

    weight: float
    earlier: float
    reported: float
    gini: float
    mean_gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fifth:
    """Candidates of one fifth by expected joint works, from the lowest.

    Attributes
    ----------
    expected
        Mean joint works that were expected in the years predicted.
    seen
        Mean joint works that came, of all.
    pp_started
        Part of them whose tie started.
    expected_started, seen_started
        As `expected` and `seen`, of those that started; NaN where none did.
    """

    expected: float
    seen: float
    pp_started: float
    expected_started: float
    seen_started: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A back-test as it came.

    Attributes
    ----------
    split, threshold
        What was asked.
    weight
        Of gains, chosen on the earlier split.
    n_units, n_pairs, n_candidates, n_hits
        Units taking part, their pairs, those that were candidates, those that became linked.
    n_unknown_gain
        Candidates whose gains are not known.
    n_no_gain
        Candidates of whom a side gains nothing, and how many of these became linked.
    rankings
        Ours first, then the baselines by average precision.
    weights
        What each weight of gains would have done.
    fifths
        Expected joint works against those that came; none where gravity is not computed.
    """

    split: Split
    threshold: Threshold
    weight: float
    n_units: int
    n_pairs: int
    n_candidates: int
    n_hits: int
    n_unknown_gain: int
    n_no_gain: tuple[int, int]
    rankings: tuple[Measured, ...]
    weights: tuple[Weighed, ...]
    fifths: tuple[Fifth, ...]


OURS = (BOTH, FEASIBILITY, GAINS)


def backtest(
    material: Material,
    split: Split,
    threshold: Threshold,
    groups: Mapping[str, Booleans],
) -> Backtest:
    """Return how our ranking and the baselines did on ties that started after training.

    Parameters
    ----------
    material
        Ties, profiles and places of all years; forecasts see those up to `split.train_to`.
    split
        Years to learn from and to predict.
    threshold
        What makes a pair linked.
    groups
        Whether each unit is in a group, shape (n_units,), by name, for exposure.

    Raises
    ------
    NotComputableError
        Where there is nothing to learn from, no candidate, or fewer than `LEAST_HITS` hits.
    """
    earlier, before = _forecast(material, split.earlier(), threshold)
    weight, tried = _chosen(earlier, before)
    seen, after = _forecast(material, split, threshold)
    feasible, gain = feasibility(seen), mutual_gain(seen)
    scores = {
        BOTH: with_gains(feasible, gain, weight=weight),
        FEASIBILITY: feasible,
        GAINS: with_gains(np.ones(len(gain)), gain, weight=1.0),
        **baselines(seen),
    }
    measured = _measured(seen, after, scores, groups)
    no_gain = gain == 0
    return Backtest(
        split=split,
        threshold=threshold,
        weight=weight,
        n_units=int(seen.is_active.sum()),
        n_pairs=int(seen.is_active.sum() * (seen.is_active.sum() - 1) // 2),
        n_candidates=len(seen.left),
        n_hits=int(after.came.sum()),
        n_unknown_gain=int(np.isnan(gain).sum()),
        n_no_gain=(int(no_gain.sum()), int(after.came[no_gain].sum())),
        rankings=measured,
        weights=tuple(
            _weighed(seen, after, with_gains(feasible, gain, weight=w), (w, tried[w]), gain)
            for w in (0.0, *GAIN_WEIGHTS)
        ),
        fifths=_fifths(seen, after, split) if seen.apart else (),
    )


def _forecast(material: Material, split: Split, threshold: Threshold) -> tuple[Training, Outcome]:
    """Return what forecasts of a split see, and what came of its candidates."""
    _check(material, split)
    seen = training(material.before(split.train_to), split.train_to, threshold)
    after = outcome(material, seen, split, threshold)
    n_hits = int(after.came.sum())
    if n_hits < LEAST_HITS:
        years = f"{split.first}-{split.last}"
        question = f"A back-test trained to {split.train_to} and tested on {years}"
        raise NotComputableError.because(
            question,
            f"of {len(seen.left):,} pairs that were not linked {n_hits} became so, and it takes "
            f"{LEAST_HITS}",
            "Take other years: both they and as many before them must have joint works.",
        )
    return seen, after


def _check(material: Material, split: Split) -> None:
    """Refuse a split that has no joint works to learn from or to predict."""
    years = material.ties.year
    spans = ((split.train_to - RECENT_YEARS + 1, split.train_to), (split.first, split.last))
    for first, last in spans:
        if ((years >= first) & (years <= last)).any():
            continue
        question = f"A back-test trained to {split.train_to}"
        have = f"{years.min()} to {years.max()}" if len(years) else "no year"
        raise NotComputableError.because(
            question,
            f"there are no joint works in {first}-{last}; there are from {have}, with gaps if any",
            "Take other years, or another --register. The weight of gains is chosen on an earlier "
            "split of the same shape, which needs joint works too.",
        )


def _chosen(seen: Training, after: Outcome) -> tuple[float, dict[float, float]]:
    """Return the weight of gains that did best, and how each did."""
    feasible, gain = feasibility(seen), mutual_gain(seen)
    tried = {
        weight: average_precision(with_gains(feasible, gain, weight=weight), after.came)
        for weight in (0.0, *GAIN_WEIGHTS)
    }
    return max(GAIN_WEIGHTS, key=lambda weight: tried[weight]), tried


def _measured(
    seen: Training,
    after: Outcome,
    scores: Mapping[str, Floats],
    groups: Mapping[str, Booleans],
) -> tuple[Measured, ...]:
    drawn = _drawn(seen, after, scores)
    found = []
    for name, score in scores.items():
        lists = shown((seen.left, seen.right), score, after.came, k=TAKE)
        places = exposure(lists, len(seen.is_active))
        of_active = places[seen.is_active]
        low, high = np.percentile(drawn[name], LEVELS)
        ahead_low, ahead_high = np.percentile(drawn[FEASIBILITY] - drawn[name], LEVELS)
        mean = average_precision(score, after.came)
        found.append(
            Measured(
                name=name,
                average_precision=mean,
                low=float(low),
                high=float(high),
                ahead=average_precision(scores[FEASIBILITY], after.came) - mean,
                ahead_low=float(ahead_low),
                ahead_high=float(ahead_high),
                area=area_under_curve(score, after.came),
                precision_at_take=precision_at(lists, k=TAKE),
                gini=gini(of_active),
                theil=theil(of_active),
                pp_tail=float(places[~_is_top(seen)].sum() / places.sum()),
                pp_group={
                    group: float(places[is_in].sum() / places.sum())
                    for group, is_in in groups.items()
                },
            )
        )
    others = sorted(found[len(OURS) :], key=lambda one: -one.average_precision)
    return (*found[: len(OURS)], *others)


def _drawn(seen: Training, after: Outcome, scores: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return average precision over requesters drawn with replacement, shape (samples,), by name.

    A pair counts in the list of each of its two requesters.
    """
    draw = np.random.default_rng(SEED)
    active = np.flatnonzero(seen.is_active)
    ranked = {name: steps(score, after.came) for name, score in scores.items()}
    found = {name: np.empty(SAMPLES) for name in scores}
    for i in range(SAMPLES):
        times = np.bincount(draw.choice(active, len(active)), minlength=len(seen.is_active)).astype(
            np.float64
        )
        weights = times[seen.left] + times[seen.right]
        for name, one in ranked.items():
            found[name][i] = weighted_average_precision(one, weights)
    return found


def _is_top(seen: Training) -> Booleans:
    """Return which units are in the top tenth by number of links, shape (n,)."""
    every = np.arange(len(seen.is_active))
    links = np.sqrt(preferential_attachment(seen.links, every, every))
    top: Booleans = seen.is_active & (links > np.quantile(links[seen.is_active], TOP))
    return top


def _weighed(
    seen: Training, after: Outcome, score: Floats, tried: tuple[float, float], gain: Floats
) -> Weighed:
    lists = shown((seen.left, seen.right), score, after.came, k=TAKE)
    by_pair = {
        (int(a), int(b)): value
        for a, b, value in zip(seen.left, seen.right, gain, strict=True)
        if np.isfinite(value)
    }
    pairs = zip(lists.requester, lists.candidate, strict=True)
    gains = np.array([by_pair.get((min(a, b), max(a, b)), np.nan) for a, b in pairs])
    known = np.isfinite(gains)
    weight, earlier = tried
    return Weighed(
        weight=weight,
        earlier=earlier,
        reported=average_precision(score, after.came),
        gini=gini(exposure(lists, len(seen.is_active))[seen.is_active]),
        mean_gain=float(np.average(gains[known], weights=lists.part[known]))
        if known.any()
        else float("nan"),
    )


def _fifths(seen: Training, after: Outcome, split: Split) -> tuple[Fifth, ...]:
    """Return expected joint works against those that came, by fifths of what was expected."""
    expected = expected_works(seen) * split.n_years / RECENT_YEARS
    order = np.argsort(expected, kind="stable")
    found = []
    for rows in np.array_split(order, FIFTHS):
        came = rows[after.came[rows]]
        nothing = float("nan")
        found.append(
            Fifth(
                expected=float(expected[rows].mean()),
                seen=float(after.works[rows].mean()),
                pp_started=float(after.came[rows].mean()),
                expected_started=float(expected[came].mean()) if len(came) else nothing,
                seen_started=float(after.works[came].mean()) if len(came) else nothing,
            )
        )
    return tuple(found)
