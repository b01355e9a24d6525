"""Labelling sheets: what is drawn, and what is made of the answers."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from fourseas.challenges.challenge import Challenge, ChallengeError, parse_challenge
from fourseas.reports.challenges.sheet import COLUMNS, Sheet, as_csv, score, sheet
from fourseas.workspace import Workspace

LIST = """\
kind,id,weight,decision,reason
topic,T10471,core,include,our subject
topic,T10841,wide,include,counts what nature is worth
topic,T10319,,exclude,nature itself
sdg,13,wide,include,the goal
"""
CLIMATE = parse_challenge(LIST, name="climate", where="climate.csv")


def _drawn(lake: Workspace, *, each: int = 5, seed: int = 1, of: Challenge = CLIMATE) -> Sheet:
    return sheet(lake, of, each=each, seed=seed)


def test_each_stratum_gives_as_many_as_were_asked_for_each_once(lake: Workspace) -> None:
    drawn = _drawn(lake)

    assert Counter(row["stratum"] for row in drawn.rows) == {
        name: min(5, size) for name, size in drawn.sizes.items() if size
    }
    assert len({row["work_label"] for row in drawn.rows}) == len(drawn.rows)
    assert all(row["n_stratum"] == drawn.sizes[str(row["stratum"])] for row in drawn.rows)


def test_near_misses_are_of_topics_that_were_left_out_or_lie_beside_core_ones(
    lake: Workspace,
) -> None:
    fields = lake.table("fields")
    topics = fields.filter(fields.scheme == "openalex_topic").to_pandas()
    beside = topics[topics.parent_id == topics[topics.field_id == "T10471"].parent_id.item()]
    near = {row["topic"] for row in _drawn(lake, each=500).rows if row["stratum"] == "near"}
    allowed = {*beside.field_name, *topics[topics.field_id == "T10319"].field_name}

    assert near
    assert near <= allowed - {*topics[topics.field_id.isin(["T10471", "T10841"])].field_name}


def test_the_same_seed_draws_the_same_works_and_another_others(lake: Workspace) -> None:
    assert _drawn(lake) == _drawn(lake)
    assert _drawn(lake) != _drawn(lake, seed=2)


def test_a_title_is_no_formula_of_a_spreadsheet() -> None:
    row: dict[str, object] = dict.fromkeys(COLUMNS, "")
    text = as_csv([row | {"title": "=HYPERLINK(1)"}, row | {"title": "A title"}])

    assert [one["title"] for one in csv.DictReader(text.splitlines())] == [
        "'=HYPERLINK(1)",
        "A title",
    ]


def _filled(*answers: tuple[str, int, str, str]) -> str:
    """Return a sheet by stratum, size and the answers of the two."""
    rows: list[dict[str, object]] = [
        dict.fromkeys(COLUMNS, "")
        | {
            "definition_id": "climate-1",
            "stratum": stratum,
            "n_stratum": size,
            "labeller_1": first,
            "labeller_2": second,
        }
        for stratum, size, first, second in answers
    ]
    return as_csv(rows)


def test_a_filled_sheet_gives_precision_recall_and_agreement() -> None:
    text = _filled(
        ("core", 100, "yes", "yes"),
        ("core", 100, "Yes", "no"),
        ("wide", 50, "no", "no"),
        ("wide", 50, "yes", ""),
        ("near", 400, "no", "no"),
        ("near", 400, "no", "yes"),
        ("near", 400, "yes", ""),
        ("near", 400, "no", ""),
    )
    found = score(text, where="sheet.csv")
    one = found.strata["labeller_1", "near"].judged
    both = found.recalls["labeller_1", "core+wide"]
    core = found.recalls["labeller_1", "core"]

    assert (one.k, one.n) == (1, 4)
    # 100 x 1 + 50 x 0.5 held, 400 x 0.25 missed; of core alone the 25 are missed too.
    assert both is not None
    assert both.share == pytest.approx(125 / 225)
    assert core is not None
    assert core.share == pytest.approx(100 / 225)
    assert found.agreement is not None
    assert (found.agreement.n, found.agreement.agreed) == (5, 0.6)
    assert found.n_open == {"labeller_1": 0, "labeller_2": 3}


def test_one_labeller_is_scored_and_agrees_with_nobody() -> None:
    found = score(_filled(("core", 9, "yes", ""), ("near", 9, "no", "")), where="sheet.csv")

    assert {name for name, _ in found.strata} == {"labeller_1"}
    assert found.agreement is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_filled(("core", 9, "maybe", "")), "line 2: labeller_1 is maybe; write yes or no"),
        (_filled(("core", 9, "", "")), "nothing is answered yet"),
        (_filled(("heart", 9, "yes", "")), "line 2: stratum or n_stratum is not as it was"),
        ("title,stratum\n", "line 1: no column work_label"),
        (
            _filled(("core", 9, "yes", ""))
            + _filled(("core", 9, "yes", "")).splitlines()[1].replace("climate-1", "food-2"),
            "the rows are of 2 lists: climate-1, food-2",
        ),
    ],
)
def test_a_slip_in_a_sheet_is_told(text: str, told: str) -> None:
    with pytest.raises(ChallengeError) as caught:
        score(text, where="sheet.csv")

    assert told in caught.value.problem
