"""Simulations of the embedded registers, against plain SQL and the errors that users meet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import pytest

from fourseas import workspace
from fourseas.errors import NotComputableError, PolicyError, TableError, UnknownNameError
from fourseas.lake import embedded, engine
from fourseas.lake.ingest import Request
from fourseas.policy.assumptions import read_assumptions
from fourseas.policy.finding import Sources
from fourseas.policy.lists import NamedList, read_list
from fourseas.reports.simulation import simulate as module
from fourseas.reports.simulation.series import CELL
from fourseas.reports.simulation.simulate import Scenario, Simulation, simulate
from fourseas.workspace import Workspace
from tests.embedded import Silent
from tests.flat import differences
from tests.policy.past_worlds import FOUR, NAMED, REVIEW, SAID, policy

ORACLE = Path(__file__).parents[2] / "oracle" / "policy_exposure.sql"
TWO = policy(("named", NAMED, "review"), ("four", FOUR, "open_with_conditions"))
COUNTS = ("n_joint", "n_least", "n_most", "n_undecided", "owner_output", "partner_output")
SHARES = ("owner_share_least", "owner_share_most", "partner_share_least", "partner_share_most")


def named(*members: str) -> NamedList:
    """Return a list of countries."""
    entries = [{"id": one} for one in members]
    return read_list(json.dumps({"list": "named", "of": "country", "members": entries, **SAID}))


def scenario(owner: str = "CA", *members: str, assume: Iterable[str] = ()) -> Scenario:
    """Return what is asked of two rules, one on named countries."""
    return Scenario(
        policy=TWO,
        sources=Sources(lists={"named": named(*(members or ("CN", "DE")))}),
        owner=owner,
        years=(2010, 2023),
        assumptions=read_assumptions(assume),
    )


def whole(found: Simulation, register: str = "rfc") -> dict[object, dict[str, Any]]:
    """Return the exposures of all partners, years and fields by measure."""
    return {
        row["measure"]: row
        for row in found.counted.exposures
        if row["register"] == register
        and row["partner_id"] == row["period"] == row["field_id"] == "all"
    }


@pytest.fixture(scope="module")
def canada(lake: Workspace) -> Simulation:
    """Simulate two rules of Canada."""
    return simulate(lake, scenario())


@pytest.mark.parametrize("owner", ["CA", "US", "JP"])
def test_a_register_gives_what_plain_sql_over_its_works_gives(owner: str, lake: Workspace) -> None:
    con = ibis.duckdb.connect()
    for name in ("works", "affiliations"):
        engine.hold(con, lake.table(name).to_pyarrow(), name)
    asked_for = {"owner": owner, "first": 2010, "last": 2023}
    answer = con.con.execute(ORACLE.read_text(encoding="utf-8"), asked_for)
    expected = {row["measure"]: row for row in answer.to_arrow_table().to_pylist()}

    found = whole(simulate(lake, scenario(owner)))
    assert len(expected) == 6
    for measure, row in expected.items():
        assert [found[measure][name] for name in COUNTS] == [row[name] for name in COUNTS], measure
        for name in SHARES:
            assert found[measure][name] == pytest.approx(row[name], abs=1e-12), (measure, name)


def test_portions_of_cases_give_what_all_at_once_give(
    lake: Workspace, canada: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = canada.works.to_pyarrow().sort_by("case_id")
    monkeypatch.setattr(module, "CASES_AT_ONCE", 50)
    monkeypatch.setattr(module, "WORKS_OF_STRETCH", 100)
    found = simulate(lake, scenario())

    assert found.n_cases > 3 * 50
    assert found.works.to_pyarrow().sort_by("case_id") == works
    assert found.known == canada.known
    # Sums of parts are taken in another order.
    assert differences(found.counted.exposures, canada.counted.exposures, CELL) == []
    assert found.counted.organizations == canada.counted.organizations
    assert found.counted.mirrored == canada.counted.mirrored


def test_a_partner_that_owned_it_would_see_what_the_mirror_counts(
    lake: Workspace, canada: Simulation
) -> None:
    mirrored = {
        row["partner_id"]: row for row in canada.counted.mirrored if row["register"] == "rfc"
    }
    china = whole(simulate(lake, scenario("CN", "CA", "DE")))["touched"]
    row = mirrored["CN"]

    # Of a work that may be of one country only, all holds only perhaps, on either side.
    assert (row["n_least"], row["n_most"]) == (china["n_least"], china["n_most"])
    assert row["n_output"] == china["owner_output"]
    joint = next(
        one
        for one in canada.counted.exposures
        if (one["register"], one["partner_id"], one["period"], one["measure"])
        == ("rfc", "CN", "all", "touched")
    )
    assert (row["n_owner_least"], row["n_owner_most"]) == (joint["n_least"], joint["n_most"])


def test_without_a_present_policy_nothing_changes_and_against_itself_neither(
    lake: Workspace, canada: Simulation
) -> None:
    assert canada.present is None
    assert canada.changes == []

    asked = scenario()
    same = simulate(lake, replace(asked, against=TWO))
    assert {row["before"] == row["after"] for row in same.changes} == {True}
    assert same.present is not None
    ends = ("register", "partner_id", "period", "field_id", "measure", "n_least", "n_most")
    told = [
        [[row[name] for name in ends] for row in one.exposures]
        for one in (same.present, same.counted)
    ]
    assert told[0] == told[1]
    kept = [int(str(row["n_most"])) for row in same.changes if row["register"] == "rfc"]
    assert sum(kept) == whole(same)["touched"]["n_joint"]


def test_an_assumption_settles_what_history_does_not_show(
    lake: Workspace, canada: Simulation
) -> None:
    closed = simulate(lake, scenario(assume=["parties=complete"]))

    (before, after) = (whole(one)["touched"] for one in (canada, closed))
    assert before["n_least"] <= after["n_least"] <= after["n_most"] <= before["n_most"]
    assert (
        whole(closed)["needs_information"]["n_most"] < whole(canada)["needs_information"]["n_most"]
    )


def test_each_work_is_there_with_its_finding_and_every_rule(canada: Simulation) -> None:
    rows = canada.works.to_pyarrow().to_pylist()
    sure = [row for row in rows if row["register"] == "rfc" and row["rule_named"]]

    assert {"finding", "rule_named", "rule_four"} <= {*rows[0]}
    assert (
        sum(bool(row["is_international"]) for row in sure) == whole(canada)["rule:named"]["n_least"]
    )


def test_lists_say_how_many_members_history_meets(canada: Simulation) -> None:
    assert canada.lists == [{"list_id": "named", "n_members": 2, "n_unconfirmed": 0, "n_met": 2}]


def test_an_unknown_owner_is_told_the_nearest(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Canda"):
        simulate(lake, scenario("Canda"))
    with pytest.raises(UnknownNameError, match="WORLD"):
        simulate(lake, scenario("WORLD"))


def test_years_without_works_are_told_with_those_that_there_are(lake: Workspace) -> None:
    asked = replace(scenario(), years=(1900, 1910))

    with pytest.raises(NotComputableError, match="1900-1910") as told:
        simulate(lake, asked)
    assert "The lake holds works of" in told.value.remedy


def test_a_missing_list_and_one_of_another_date_are_refused(lake: Workspace) -> None:
    asked = scenario()
    with pytest.raises(PolicyError, match="`named`, which was not given"):
        simulate(lake, replace(asked, sources=Sources(lists={})))

    older = read_list(
        json.dumps({"list": "named", "of": "country", "members": [], **SAID, "dated": "2020-01-01"})
    )
    with pytest.raises(PolicyError, match="2020-01-01"):
        simulate(lake, replace(asked, sources=Sources(lists={"named": older})))


class Older(Workspace):
    """A lake of which a table was written without a column."""

    def table(self, name: str) -> ibis.expr.types.Table:
        """Return a table, works without their number of authors."""
        found = super().table(name)
        return found.drop("n_authors") if name == "works" else found


def test_a_column_that_a_lake_lacks_is_named(lake: Workspace) -> None:
    with Older(lake.lake) as older, pytest.raises(TableError, match="`works` lacks n_authors"):
        simulate(older, scenario())


@pytest.fixture(scope="module")
def pairs_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a lake of published counts of pairs alone."""
    path = tmp_path_factory.mktemp("pairs") / "lake"
    workspace.init(path, scope="census", progress=Silent())
    registers = [one for one in embedded.REGISTERS if one.source == "ncses"]
    for register in registers:
        request = Request(
            source=workspace.source(register.source),
            snapshot_on=register.snapshot_on,
            scope=register.scope,
        )
        workspace.add(path, register.path, request, Silent())
    workspace.build(path, Silent())
    return path


def test_a_lake_of_pairs_alone_counts_pairs(pairs_only: Path) -> None:
    asked = replace(scenario(), policy=REVIEW, years=(2022, 2022))
    with workspace.open(pairs_only) as ws:
        found = simulate(ws, asked)
        cells = ws.table("pair_cells")
        (joint,) = (
            cells.filter(
                (cells.unit_id == "CA") & (cells.partner_id == "CN") & (cells.year == 2022)
            )
            .select("p")
            .to_pyarrow()["p"]
            .to_pylist()
        )

    assert found.counted.exposures == []
    china = next(row for row in found.counted.pairs if row["partner_id"] == "CN")
    assert (china["n_least"], china["n_most"]) == (joint, joint)
    assert joint > 0
