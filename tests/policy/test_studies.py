"""Figures of published studies as their abstracts and summaries print them."""

from __future__ import annotations

import re

import pytest

from fourseas.policy.studies import STUDY_RESULTS, StudyResult

PRINTED = [
    # Jia, Roberts, Wang, Yang: publications -1.9%, citations -7.1% (2022) and about -10% (PNAS).
    ("Jia", "publications", -1.9, -1.9),
    ("Jia", "citations", -10.0, -7.1),
    # Flynn, Glennon, Murciano-Goroff, Xiao: 2 to 6% in the first version, 8 to 11% in a later one,
    # whose abstract has the 15%; the 2.1 points are in the NBER Digest of October 2024.
    ("32622", "productivity", -11.0, -2.0),
    ("32622", "doctorate in the US", -15.0, -15.0),
    ("32622", "English language", 2.1, 2.1),
]


@pytest.mark.parametrize(("source", "outcome", "least", "most"), PRINTED)
def test_a_figure_is_the_one_that_was_printed(
    source: str, outcome: str, least: float, most: float
) -> None:
    found = [
        (one.least, one.most)
        for one in STUDY_RESULTS
        if source in one.source and outcome in one.outcome and one.least is not None
    ]

    assert found == [(least, most)]


def _of(word: str) -> StudyResult:
    (one,) = [study for study in STUDY_RESULTS if word in study.population]
    return one


def _counted(outcome: str) -> list[float]:
    return [float(one.replace(",", "")) for one in re.findall(r"[0-9][0-9,]*", outcome)]


def test_changes_are_those_of_the_counts_that_stand_beside_them() -> None:
    russia, britain = _of("Russia"), _of("Horizon 2020")
    before, after = _counted(russia.outcome)[:2]
    assert russia.least == russia.most == round(100 * (after - before) / before, 1)

    before, after = _counted(britain.outcome)[:2]
    assert britain.least == britain.most == after - before


def test_the_least_is_not_above_the_most_and_losses_are_below_nothing() -> None:
    known = [one for one in STUDY_RESULTS if one.least is not None and one.most is not None]

    assert len(known) == len(PRINTED) + 2
    assert all(one.least <= one.most for one in known if one.least and one.most)
    gains = [one.outcome for one in known if one.most is not None and one.most > 0]
    assert gains == ["who begin a doctorate in another country of English language"]


def test_a_study_of_one_side_is_about_it_with_whoever_it_works() -> None:
    of_one = {next(iter(one.sides[0])): one for one in STUDY_RESULTS if not one.sides[1]}

    assert {*of_one} == {"RU", "GB", "IR"}
    for code, study in of_one.items():
        assert study.is_about(code, "BR")
        assert study.is_about("BR", code)
        assert not study.is_about("BR", "IN")
