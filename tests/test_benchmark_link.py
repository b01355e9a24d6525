"""What the benchmark of affiliations counts: strings of which nothing was chosen."""

from __future__ import annotations

import json

import pytest

from benchmarks.link import (
    REPORTED,
    RESULTS,
    SETS,
    TUNED,
    Counts,
    best,
    counted,
    every,
    labeled,
)
from benchmarks.link import Labeled as String
from benchmarks.link_page import PEERS, interval
from fourseas.affiliations.match import Candidate


def named(*ror_ids: str) -> list[Candidate]:
    """Return an answer that names these organizations and has one more candidate."""
    return [
        Candidate(
            ror_id=ror_id,
            name=ror_id,
            country_code=None,
            city=None,
            score=0.9,
            is_named=ror_id != "unlikely",
            part="",
            reason="",
        )
        for ror_id in (*ror_ids, "unlikely")
    ]


def test_found_wrong_and_missed_by_hand() -> None:
    strings = [
        String("a", frozenset({"x"})),  # found, and y besides
        String("b", frozenset({"x", "z"})),  # one of two
        String("c", frozenset({"elsewhere"})),  # none expected, but y named
        String("d", frozenset({"z"})),  # missed
    ]
    answers = [named("x", "y"), named("z"), named("y"), named()]
    known = frozenset({"x", "y", "z"})
    found = counted(strings, answers, known, every)

    assert found.labels["all"] == Counts(found=2, wrong=1, missed=2)
    assert found.labels["several labels"] == Counts(found=1, wrong=0, missed=1)
    assert (found.absent, found.named) == (1, 1)
    assert counted(strings, answers, known, best).labels["all"].wrong == 0
    assert found.labels["all"].measures()["precision"] == pytest.approx(2 / 3)
    assert found.labels["all"].measures()["recall"] == 0.5
    assert found.labels["all"].measures()["f1"] == pytest.approx(4 / 7)


@pytest.mark.parametrize(("name", "n"), [("crossref_asserted", 6747), ("s2aff_2021", 1350)])
def test_no_string_is_in_both_halves_and_none_is_lost(name: str, n: int) -> None:
    tuned, reported = labeled(name, TUNED), labeled(name, REPORTED)

    assert len(tuned) + len(reported) == n
    assert not {one.text for one in tuned} & {one.text for one in reported}


def test_the_kept_results_are_of_the_reported_half_and_better_than_the_best_peer() -> None:
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))

    assert {name: kept["sets"][name]["strings"] for name in SETS} == {
        name: len(labeled(name, REPORTED)) for name in SETS
    }
    assert {name: kept["other_way_round"][name]["strings"] for name in SETS} == {
        name: len(labeled(name, TUNED)) for name in SETS
    }
    f1 = kept["sets"]["crossref_asserted"]["best"]["labels"]["all"]["f1"]
    assert f1 > max(peer[-1] for peer in PEERS)


def test_an_interval_is_that_of_wilson() -> None:
    # Newcombe (1998), table I: 81 of 263 and 0 of 20, without correction of continuity.
    assert interval(81, 263) == "0.255 to 0.366"
    assert interval(0, 20) == "0.000 to 0.161"
