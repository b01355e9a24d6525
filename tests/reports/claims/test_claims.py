"""Claims: each ends in a verdict with its estimates, or says why it is not testable."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

import fourseas
from fourseas import workspace
from fourseas.errors import NotComputableError, UnknownNameError
from fourseas.reports.cards.card import as_html, as_json
from fourseas.reports.claims.claim import Claim, Grid, Judgment, claim_card, judgment
from fourseas.reports.claims.listing import CLAIMS, claim_named, claims_card
from fourseas.reports.estimates.coefficients import as_csv, as_latex, as_markdown
from fourseas.workspace import Workspace

ORACLE = Path(__file__).parents[2] / "oracle" / "gains_of_joint_works.sql"
NCSES = Path(fourseas.__file__).parent / "embedded" / "ncses"
CAUSAL = re.compile(r"\b(cause[sd]?|causing|leads? to|results? in|impacts? on|boosts?)\b")


@pytest.fixture(scope="module")
def judged(lake: Workspace) -> dict[str, Judgment]:
    """Return the judgment of every claim on the embedded registers."""
    return {claim.name: judgment(lake, claim) for claim in CLAIMS}


@pytest.mark.parametrize(
    ("name", "word", "depends_on"),
    [
        ("level", "mixed", "counting and comparison"),
        ("catch-up", "mixed", "openness and comparison"),
        ("rivalry", "mixed", "meaning of level"),
        ("rule-makers", "not supported", ""),
        ("challenges", "mixed", ""),
        ("bought-technology", "mixed", "growing measure and own capacity and comparison"),
    ],
)
def test_the_embedded_registers_give_a_verdict_on_every_claim(
    judged: dict[str, Judgment], name: str, word: str, depends_on: str
) -> None:
    verdict = judged[name].verdict

    assert (verdict.word, verdict.depends_on) == (word, depends_on)


def test_rivalry_is_judged_by_the_estimates_that_were_computed_apart(
    judged: dict[str, Judgment],
) -> None:
    grid = judged["rivalry"].grid
    assert grid is not None
    main = {
        one.choices["meaning of level"][:5]: one.coefficient
        for one in grid.estimates
        if one.choices["variant"] == "main"
    }

    assert round(main["share"].estimate, 3) == -0.269
    assert round(main["numbe"].estimate, 3) == -0.007


def test_gains_of_joint_works_are_those_of_plain_sql(judged: dict[str, Judgment]) -> None:
    grid = judged["challenges"].grid
    assert grid is not None
    (health,) = (
        one
        for one in grid.estimates
        if list(one.choices.values()) == ["health", "ahead", "in points"]
    )
    ((mean, n),) = duckdb.sql(ORACLE.read_text().format(embedded=NCSES)).fetchall()

    assert health.coefficient.estimate == pytest.approx(mean)
    assert health.n == n


def test_what_shows_in_placebos_as_well_is_not_supported_outright(
    judged: dict[str, Judgment],
) -> None:
    assert judged["challenges"].verdict.reason.endswith(
        "but so are 40 of 40 placebos, which should show nothing"
    )


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_claim_says_all_that_it_is_judged_by_and_no_causal_word(claim: Claim) -> None:
    for words in (
        claim.statement,
        claim.estimand,
        claim.data,
        claim.model,
        claim.refuted_by,
        claim.robustness,
        claim.not_shown,
    ):
        assert words.strip()
        assert not CAUSAL.search(words.lower())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_page_has_verdict_interval_grid_and_reasons(lake: Workspace, claim: Claim) -> None:
    card = claim_card(lake, claim)
    page, data, table, paper = (write(card) for write in (as_html, as_json, as_csv, as_latex))

    assert card.lead[0].startswith("The verdict is ")
    assert any("95% interval" in line for line in card.lead)
    assert any(line.startswith("Not shown: ") for line in card.lead)
    assert card.sheets[-1].name == "claim"
    for sheet in card.sheets:
        titles = [heading.title for heading in sheet.headings]
        assert len(titles) == len(set(titles))
    for written in (page, data, table, paper):
        assert len(written) > 1000


def test_all_verdicts_stand_on_one_page(lake: Workspace) -> None:
    card = claims_card(lake)

    assert [row["claim"] for row in card.sheets[0].rows] == [claim.name for claim in CLAIMS]
    assert card.title == "Claims about openness: 5 mixed, 1 not supported"


def test_a_claim_without_data_is_not_testable_and_says_what_it_takes(lake: Workspace) -> None:
    def nothing(_: Workspace) -> Grid:
        question = "The claim"
        raise NotComputableError.because(question, "the lake has no flows", "Add a register.")

    claim = CLAIMS[0]
    bare = Claim(
        **{name: getattr(claim, name) for name in Claim.__dataclass_fields__ if name != "grid"},
        grid=nothing,
    )
    card = claim_card(lake, bare)

    assert card.title.endswith("not testable here")
    assert card.lead[0] == (
        "The verdict is not testable here: because the lake has no flows. Add a register."
    )


def test_in_a_lake_without_published_tables_no_claim_is_testable_and_each_says_why(
    changed_path: Path,
) -> None:
    with workspace.open(changed_path) as ws:
        for claim in CLAIMS:
            found = judgment(ws, claim)
            assert found.verdict.word == "not testable here"
            assert found.verdict.reason.startswith("because ")


def test_a_slip_in_a_name_is_met_with_all_claims() -> None:
    with pytest.raises(UnknownNameError, match="There are level, catch-up, rivalry"):
        claim_named("levle")


def test_a_page_in_markdown_has_each_estimate_in_a_row_of_as_many_cells(lake: Workspace) -> None:
    card = claim_card(lake, claim_named("rivalry"))
    rows = [line for line in as_markdown(card).splitlines() if line.startswith("|")]
    cells = len(card.sheets[0].headings)

    assert rows[0].startswith("| by | estimate |")
    assert [line.count(" | ") for line in rows[:10]] == [cells - 1] * 10
    assert rows[2].startswith("| share in top 1%; main | -0.269 | 0.095 |")
