"""`verify`: what a build got right is found equal, and what is wrong or missing is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from fourseas import workspace
from fourseas.errors import FourseasError, NotComputableError, UnknownNameError
from fourseas.lake import second_opinion
from fourseas.reports.verification import verification
from fourseas.workspace import Workspace
from tests.commands import run

EVERYTHING = 1_000_000
COMPARED = ("open_access", "pair_cells")


@pytest.fixture(scope="module")
def damaged(lake_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the embedded lake in which one cell is 1 too high and one is missing."""
    copy = tmp_path_factory.mktemp("damaged") / "lake"
    shutil.copytree(lake_path, copy)
    version = copy / "versions" / (copy / "CURRENT").read_text(encoding="ascii").strip()
    path, draft = version / "pair_cells.parquet", copy / "draft.parquet"
    of_pair = "register = 'rfc' AND scheme = 'all' AND year = 2020 AND unit_id = 'US'"
    with duckdb.connect() as con:
        con.sql(
            f"COPY (SELECT * REPLACE (CASE WHEN {of_pair} AND partner_id = 'DE' THEN p + 1 "
            f"ELSE p END AS p) FROM '{path}' WHERE NOT ({of_pair} AND partner_id = 'CA')) "
            f"TO '{draft}' (FORMAT parquet)"
        )
    draft.replace(path)
    return copy


@pytest.mark.parametrize("name", COMPARED)
def test_every_row_of_a_country_is_found_again_in_the_records(lake: Workspace, name: str) -> None:
    found = verification(lake, name, countries=("Germany",), sample=EVERYTHING)

    assert len(found.rows) == found.n_rows > 100
    assert found.n_left_out > 0
    assert found.different == ()


def test_a_cell_that_is_wrong_and_one_that_is_missing_are_found(damaged: Path) -> None:
    with workspace.open(damaged) as ws:
        found = verification(ws, "pair_cells", countries=("US",), sample=EVERYTHING)

    wrong = {str(row.key["partner_id"]): row.differences for row in found.different}
    assert wrong.keys() == {"CA", "DE"}
    assert wrong["CA"] == ("the lake has no such row",)
    assert [one.split(":")[0] for one in wrong["DE"]] == ["p"]


def test_the_sample_is_that_of_its_seed(lake: Workspace) -> None:
    def drawn(seed: int) -> list[object]:
        asked = verification(lake, "pair_cells", countries=("DE",), sample=5, seed=seed)
        return [row.key for row in asked.rows]

    assert drawn(1) == drawn(1) != drawn(2)


def test_a_misspelt_table_is_offered_the_near_ones(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean collaboration"):
        verification(lake, "colaboration", sample=1)


def test_a_table_without_a_second_opinion_is_told_so(lake: Workspace) -> None:
    with pytest.raises(FourseasError, match="There is no second opinion on position"):
        verification(lake, "position", sample=1)


def test_a_sample_of_nothing_is_refused(lake: Workspace) -> None:
    with pytest.raises(FourseasError, match="A sample of 0 rows"):
        verification(lake, "volume", sample=0)


def test_a_place_without_records_is_told_so(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="no rows there that come from records"):
        verification(lake, "pair_cells", countries=("Tuvalu",), sample=1)


def test_every_statement_is_of_a_table_of_its_name() -> None:
    assert {"volume", "pair_cells"} <= set(second_opinion.names())
    assert not {"records", "counted"} & set(second_opinion.names())


def test_the_command_leaves_with_1_where_a_row_differs(damaged: Path) -> None:
    asked = ("verify", "pair_cells", "--country", "US", "--sample", "100000")
    ended = run(*asked, "--lake", str(damaged))

    assert ended.returncode == 1
    assert " 2 different." in ended.stdout
    assert "the lake has no such row" in ended.stdout


def test_the_command_leaves_with_0_where_all_is_equal(lake_path: Path) -> None:
    ended = run("verify", "pair_cells", "--country", "KE", "--lake", str(lake_path))

    assert ended.returncode == 0
    assert "20 equal, 0 different." in ended.stdout
