"""`fourseas corrections` as a user meets it: a file is kept, built, and told of."""

from __future__ import annotations

import pytest

from fourseas import workspace
from fourseas.catalog import LINKS, LOADED
from fourseas.corrections import applied
from fourseas.lake import build as lake_build
from fourseas.lake.layout import Lake
from fourseas.lake.recipe import Recipe
from tests import organized
from tests.commands import run
from tests.embedded import Silent
from tests.organized import Institute, Standard

ACADEMY = Institute(number=1, name="Reef Academy", country="KE")
HEADER = "kind,register,key,corrected,by,on,why,source\n"
SAID = "A. Reader,2026-01-31,The same,Its web site\n"
LINK = f"organization_ror,rfc,reef acad,{ACADEMY.ror_id},{SAID}"
GONE = f"organization_name,rfc,reef academie,Reef,{SAID}"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake of one institute and a standard whose author's employer is printed."""
    standards = (Standard(number=1, authors=(("Reef Acad", "KE"),)),)
    lake = organized.new(tmp_path_factory.mktemp("corrected") / "lake")
    return organized.build(lake, (ACADEMY,), standards=standards)


def _file(lake: Lake, *rows: str) -> str:
    path = lake.root.parent / "mine.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return str(path)


def test_a_correction_is_kept_then_built_then_told(lake: Lake) -> None:
    root = str(lake.root)
    added = run("corrections", "add", _file(lake, LINK, GONE), "--lake", root)
    waiting = run("corrections", "list", "--lake", root)
    again = run("corrections", "add", _file(lake, LINK, GONE), "--lake", root)
    recipe = Recipe(steps=LINKS, loaded=LOADED, given=workspace.given_tables())
    lake_build.build(lake, applied(recipe, lake), Silent())
    told = run("corrections", "list", "--lake", root)

    assert "Edition 1: 2 corrections of mine.csv" in added.stdout
    assert waiting.stdout.count("not built yet") == 2
    assert again.stdout.startswith("Nothing new")
    assert "applied" in told.stdout
    assert "no such organization" in told.stdout
    with workspace.open(lake.root) as ws:
        named = ws.table("organizations").organization_name.to_pyarrow().to_pylist()
    assert named == ["Reef Academy"]


def test_a_slip_is_told_with_its_place_and_nothing_is_kept(lake: Lake) -> None:
    path = _file(lake, LINK.replace("organization_ror", "organisation_ror"))
    before = run("corrections", "list", "--lake", str(lake.root)).stdout
    checked = run("corrections", "check", path)
    added = run("corrections", "add", path, "--lake", str(lake.root))

    assert checked.returncode == added.returncode == 1
    assert "line 2, column 1" in checked.stderr
    assert "Did you mean `organization_ror`?" in added.stderr
    assert run("corrections", "list", "--lake", str(lake.root)).stdout == before


def test_a_file_that_is_not_there_is_named(lake: Lake) -> None:
    ended = run("corrections", "add", str(lake.root / "absent.csv"), "--lake", str(lake.root))

    assert ended.returncode == 1
    assert "There is nothing at" in ended.stderr
