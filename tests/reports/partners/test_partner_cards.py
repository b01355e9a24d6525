"""Cards of partners on the embedded lake, against numbers of other parts of the program."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fourseas.partners.candidates import OBJECTIVES, candidates, offered
from fourseas.partners.dominance import is_undominated
from fourseas.reports.partners.find import Question, find_card
from fourseas.reports.partners.gathering import Gathered, gathered
from fourseas.reports.partners.place import Asked, place
from fourseas.reports.partners.why_not import needed
from fourseas.workspace import Workspace
from tests.commands import run

NAMED = ("Qatar", "India")
COMPUTING = "computer-and-information-sciences"


@pytest.fixture(scope="module")
def pool(lake: Workspace) -> Gathered:
    """Return countries by NCSES field in one year."""
    return gathered(lake, place(lake, "country", Asked(years=(2020, 2020), register="ncses")))


def test_gains_equal_the_indicator_of_complementarity(lake: Workspace, pool: Gathered) -> None:
    table = lake.table("complementarity")
    told = (
        table.filter(
            (table.register == "ncses")
            & (table.year == 2020)
            & (table.unit_id == "KE")
            & (table.field_id == "all")
        )
        .select("partner_id", "gain", "partner_gain")
        .to_pandas()
        .set_index("partner_id")
    )
    found = candidates(
        pool.pool, pool.units.index("KE"), offered(pool.pool, np.ones(len(pool.fields)))
    )
    columns = [list(OBJECTIVES).index(one) for one in ("gain", "partner_gain")]
    compared = [unit for unit in pool.units if unit in told.index]
    ours = found.objectives[[pool.units.index(unit) for unit in compared]][:, columns]

    assert len(compared) > 100
    assert ours == pytest.approx(told.loc[compared].to_numpy(dtype=float), rel=1e-9, nan_ok=True)


def test_joint_works_are_those_of_the_matrix(lake: Workspace, pool: Gathered) -> None:
    cells = lake.table("pair_cells")
    of_pair = cells.filter(
        (cells.register == "matrix")
        & (cells.unit_id == "KE")
        & (cells.partner_id == "UG")
        & (cells.year == 2020)
    )
    found = candidates(pool.pool, pool.units.index("KE"), offered(pool.pool, pool.asked))

    assert found.joint[pool.units.index("UG")] == of_pair.p.sum().to_pyarrow().as_py() > 0


def test_ease_falls_with_distance_and_rises_with_a_language(pool: Gathered) -> None:
    assert pool.pool.ease is not None
    ease = pool.pool.ease[pool.units.index("KE")]

    assert ease[pool.units.index("UG")] > ease[pool.units.index("JP")]


def test_the_list_holds_nobody_whom_another_beats_but_for_places_that_are_kept(
    lake: Workspace,
) -> None:
    asked = Asked(fields=(COMPUTING,))
    card = find_card(lake, Question(seeker="Kenya", asked=asked))
    pool = gathered(lake, place(lake, "country", asked))
    values = candidates(
        pool.pool, pool.units.index("KE"), offered(pool.pool, pool.asked)
    ).objectives
    free = {pool.names[i] for i in np.flatnonzero(is_undominated(values))}
    rows = card.sheets[0].rows

    assert len(rows) == 12
    assert {str(row["name"]) for row in rows if not row["kept"]} <= free
    assert "Kenya" not in {row["name"] for row in rows}


def test_more_than_what_is_needed_in_one_objective_is_beaten_by_nobody() -> None:
    rng = np.random.default_rng(7)
    values = rng.integers(0, 9, (40, 5)).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    beaten = np.flatnonzero(~is_undominated(values))

    for one in beaten:
        for objective, highest in enumerate(needed(values, int(one))):
            if np.isfinite(highest):
                changed = values.copy()
                changed[one, objective] = highest
                assert not is_undominated(changed)[one] or highest > values[one, objective]
                changed[one, objective] = highest + 1
                assert is_undominated(changed)[one]


def test_a_user_reads_a_list_a_pair_and_why_not(lake_path: Path, tmp_path: Path) -> None:
    at = ("--field", COMPUTING, "--lake", str(lake_path))
    page = tmp_path / "found.html"
    found = run("partner", "find", "--for", "KE", "--weights", "gain=3,feasibility=1", *at)
    pair = run("partner", "pair", "Kenya", "India", *at)
    why_not = run("partner", "why-not", "Chad", "--for", "Kenya", *at)
    wrote = run("partner", "find", "--for", "KE", *at, "--out", str(page))

    assert "divided by their sum, which was not 1): gain 0.75, feasibility 0.25" in found.stdout
    assert pair.stdout.startswith("Kenya and India as partners")
    assert why_not.stdout.startswith("Why not Chad, for Kenya")
    assert wrote.returncode == 0
    assert "<h1>Partners of Kenya" in page.read_text(encoding="utf-8")


POLICY = """\
policy: mine
title: Partners of an invented fund
owner: An invented fund
version: 1
valid_from: 2020-01-01
scope: {activity: joint_project}
lists:
  barred: {of: country, title: Barred, source: invented, dated: 2024-01-01}
  watched: {of: country, title: Watched, source: invented, dated: 2024-01-01}
rules:
  - id: no-barred
    text: No joint project with a party in a barred country.
    when: {any_party: [{country: {in_list: barred}}]}
    decision: closed
  - id: large
    text: More than a million with a party in a watched country is looked at.
    when:
      - any_party: [{country: {in_list: watched}}]
      - amount_usd: {gt: 1000000}
    decision: review
"""

LIST = """\
list: {name}
title: {title}
of: country
source: invented
dated: 2024-01-01
members:
  - {{id: {country}}}
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a policy that closes to Qatar and looks at much money with India."""
    place_ = tmp_path_factory.mktemp("policy")
    (place_ / "lists").mkdir()
    (place_ / "policy.yaml").write_text(POLICY, encoding="utf-8")
    plan = "case: plan\ndate: 2026-01-01\nactivity: joint_project\n"
    (place_ / "plan.yaml").write_text(plan, encoding="utf-8")
    for name, country in (("barred", "QA"), ("watched", "IN")):
        text = LIST.format(name=name, title=name.title(), country=country)
        (place_ / "lists" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return place_


def test_partners_are_held_against_a_policy_and_none_is_left_out(
    lake_path: Path, policy: Path
) -> None:
    seek = ("partner", "find", "--for", "KE", "--field", COMPUTING, "--lake", str(lake_path))
    held = ("--policy", str(policy / "policy.yaml"), "--case", str(policy / "plan.yaml"))
    plain, found = run(*seek, "--format", "json"), run(*seek, *held, "--format", "json")
    free, judged = (json.loads(one.stdout) for one in (plain, found))
    sheets = {sheet["name"]: sheet["rows"] for sheet in judged["sheets"]}
    of = {row["name"]: row for row in sheets["policy"]}

    # By name: the fit of gravity differs in its last digits from run to run.
    listed = [row["name"] for row in free["sheets"][0]["rows"]]
    assert [row["name"] for row in sheets["partners"]] == listed
    assert list(of) == listed
    assert (of["Qatar"]["least"], of["Qatar"]["most"]) == ("closed", "closed")
    # The plan does not say how much money it is: what is not known stays so.
    assert (of["India"]["least"], of["India"]["most"]) == ("open", "review")
    assert of["India"]["possible"] == "large"
    others = {(row["least"], row["most"]) for name, row in of.items() if name not in {*NAMED}}
    assert others == {("open", "open")}
    assert "Closed by it, with the rule: Qatar (no-barred)." in " ".join(judged["lead"])


def test_without_a_plan_a_policy_of_projects_may_not_be_about_it(
    lake_path: Path, policy: Path
) -> None:
    lake = ("--lake", str(lake_path))
    pair = run(
        *("partner", "pair", "KE", "QA", "--policy", str(policy / "policy.yaml")),
        *(*lake, "--format", "json"),
    )
    (row,) = next(x["rows"] for x in json.loads(pair.stdout)["sheets"] if x["name"] == "policy")
    no_policy = run("partner", "pair", "KE", "QA", "--case", str(policy / "plan.yaml"), *lake)

    assert (row["least"], row["most"]) == ("out of scope", "closed")
    assert "no policy is there to judge it" in no_policy.stderr


def test_organizations_are_found_by_working_group(lake_path: Path) -> None:
    found = run(
        *("partner", "find", "--for", "rfc:cisco", "--lake", str(lake_path)),
        *("--register", "rfc", "--take", "5"),
    )

    assert found.returncode == 0, found.stderr
    assert "resource allocation over common partners" in found.stdout


def test_slips_are_told_with_what_to_do(lake_path: Path) -> None:
    lake = ("--lake", str(lake_path))
    misspelt = run("partner", "find", "--for", "Kenja", *lake)
    twice = "International Union for Conservation of Nature"
    ambiguous = run("partner", "find", "--for", twice, *lake)
    mixed = run("partner", "pair", "Kenya", "rfc:cisco", *lake)
    group = run("partner", "find", "--for", "WORLD", *lake)
    weights = run("partner", "find", "--for", "Kenya", "--weights", "gain", *lake)
    objective = run("partner", "find", "--for", "Kenya", "--weights", "gian=1", *lake)

    assert "Did you mean kenya" in misspelt.stderr
    assert "is the name of 2 organizations" in ambiguous.stderr
    assert "Name two countries, or two organizations." in mixed.stderr
    assert "is not one country or organization" in group.stderr
    assert "not a name and a number" in weights.stderr
    assert "There are strength, gain, partner_gain" in objective.stderr
    every = (misspelt, ambiguous, mixed, group, weights, objective)
    assert {one.returncode for one in every} == {1}


def test_too_few_works_are_told_by_their_number(lake_path: Path) -> None:
    lake = ("--lake", str(lake_path))
    nobody = run("partner", "find", "--for", "US", "--register", "rfc", "--field", "quic", *lake)
    one = run("partner", "why-not", "Chad", "--for", "Kenya", "--field", COMPUTING, *lake)

    assert nobody.returncode == 1
    assert "none of the countries has 30 fractional works there" in nobody.stderr
    assert "works in what is asked for, and it takes 30" in one.stdout


def test_what_works_of_another_register_brought_is_told_with_its_name(lake_path: Path) -> None:
    found = run("partner", "find", "--for", "US", "--lake", str(lake_path), "--format", "json")

    card = json.loads(found.stdout)
    (brought,) = (sheet for sheet in card["sheets"] if sheet["name"] == "benefit")
    assert brought["title"].endswith("beyond its own level, by works of rfc.")
    assert "Requests for Comments" in brought["reading"]["Source"]


def test_who_is_on_the_list_is_told_nothing_to_change(lake_path: Path) -> None:
    at = ("--field", COMPUTING, "--lake", str(lake_path))
    listed = run("partner", "why-not", "India", "--for", "Kenya", *at)
    beaten = run("partner", "why-not", "Germany", "--for", "Kenya", *at)

    assert "it is on the list" in listed.stdout
    assert "What would have to change" not in listed.stdout
    assert "What would have to change" in beaten.stdout


def test_where_each_work_names_one_organization_ties_are_not_known_and_not_none(
    lake_path: Path,
) -> None:
    asked = ("--for", "3gpp:ericsson", "--register", "3gpp", "--lake", str(lake_path))
    found = run("partner", "find", *asked, "--format", "json")

    card = json.loads(found.stdout)
    assert any("No work of these years names two" in line for line in card["lead"])
    (partners,) = (sheet for sheet in card["sheets"] if sheet["name"] == "partners")
    for row in partners["rows"]:
        assert (row["joint"], row["feasibility"], row["independence"]) == (None, None, None)
        assert row["unknown"] == "feasibility, independence"
