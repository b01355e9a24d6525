"""The workspace: names to ids, selections, tables in every form."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import fourseas
from fourseas.catalog import INDICATORS
from fourseas.errors import (
    AmbiguousNameError,
    LakeError,
    NotComputableError,
    UnknownNameError,
)
from fourseas.selection import Selection
from fourseas.workspace import Workspace


def test_a_lake_is_opened_by_its_path(lake_path: Path) -> None:
    with fourseas.open(lake_path) as ws:
        assert ws.version == "000001"
        assert "unit_cells" in ws.tables


@pytest.mark.parametrize(
    ("asked", "absent"), [("same_works", "same_works"), ("volume", "unit_cells")]
)
def test_a_table_that_an_older_release_did_not_build_is_told_with_what_to_do(
    lake_path: Path, tmp_path: Path, asked: str, absent: str
) -> None:
    older = tmp_path / "lake"
    shutil.copytree(lake_path, older)
    (older / "versions" / "000001" / f"{absent}.parquet").unlink()

    with fourseas.open(older) as ws, pytest.raises(LakeError, match=absent) as caught:
        ws.table(asked)

    assert "fourseas build LAKE" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "unit"),
    [("BR", "BR"), ("brazil", "BR"), ("BRA", "BR"), ("eu", "EU"), ("World", "WORLD")],
)
def test_units_are_found_by_code_name_or_group(lake: Workspace, name: str, unit: str) -> None:
    assert lake.unit_ids([name]) == (unit,)


def test_a_field_is_found_by_its_name_whatever_the_case(lake: Workspace) -> None:
    assert lake.field_ids(["Computer and Information Sciences"]) == (
        "computer-and-information-sciences",
    )


def test_an_unknown_country_is_refused_with_near_names(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean germany"):
        lake.unit_ids(["Germny"])


@pytest.mark.parametrize(
    "name", ["Cisco Systems, Inc.", "cisco systems, inc.", "rfc:Cisco Systems"]
)
def test_an_organization_is_found_by_name_or_id_whatever_the_case(
    lake: Workspace, name: str
) -> None:
    (unit,) = lake.organization_ids([name])

    assert unit.removeprefix("rfc:") in name.casefold()


def test_a_misspelt_organization_is_refused_with_like_ones(lake: Workspace) -> None:
    with pytest.raises(UnknownNameError, match=r"Ericsson, SE \(3gpp:ericsson\)"):
        lake.organization_ids(["Ericson"])


def test_a_name_of_several_organizations_is_refused_with_their_ids(lake: Workspace) -> None:
    listed = lake.table("organizations")
    twice = listed.group_by(name=listed.organization_name.lower()).agg(n=listed.count())
    name = str(twice.filter(twice.n > 1).order_by("name").to_pyarrow()["name"][0])

    with pytest.raises(AmbiguousNameError, match=r"Give the id") as refused:
        lake.organization_ids([name])

    assert str(refused.value).count("(") >= 2


def test_a_register_decides_between_organizations_of_one_name(lake: Workspace) -> None:
    with pytest.raises(AmbiguousNameError):
        lake.organization_ids(["Vencore Labs"])

    assert lake.organization_ids(["Vencore Labs"], "3gpp") == ("3gpp:peraton labs",)
    assert lake.organization_ids(["Vencore Labs"], "rfc") == ("rfc:vencore labs",)
    with pytest.raises(AmbiguousNameError):
        lake.organization_ids(["Vencore Labs"], "openalex")


@pytest.mark.parametrize("register", ["3gpp", "rfc"])
def test_an_organization_of_two_registers_is_one_whichever_is_asked(
    lake: Workspace, register: str
) -> None:
    assert lake.organization_ids(["Huawei", "rfc:huawei"], register) == ("3gpp:huawei",) * 2


def test_rows_of_organizations_are_shown_only_when_asked_for(lake: Workspace) -> None:
    without = lake.show(Selection(indicator="volume", register="rfc"))
    asked = lake.show(Selection(indicator="volume", organizations=("rfc:ericsson",)))

    assert "organization" not in without.to_pyarrow()["unit_type"].to_pylist()
    assert set(asked.to_pyarrow()["unit_id"].to_pylist()) == {"3gpp:ericsson"}


def test_an_empty_selection_says_what_there_is(lake: Workspace) -> None:
    with pytest.raises(NotComputableError, match="ncses by ncses-published, 2003-2022"):
        lake.show(Selection(indicator="volume", countries=("BR",), years=(1800, 1801)))


def test_a_result_comes_as_pandas_polars_and_arrow(lake: Workspace) -> None:
    shown = lake.show(
        Selection(indicator="volume", countries=("BR",), register="ncses", years=(2022, 2022))
    )

    assert len(shown.to_pandas()) == shown.to_polars().height == shown.to_pyarrow().num_rows > 0


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.name)
def test_every_indicator_has_rows_in_the_embedded_lake_with_unique_keys(
    lake: Workspace, indicator: object
) -> None:
    found = next(i for i in INDICATORS if i is indicator)
    table = lake.table(found.name)
    n_rows = int(table.count().execute())

    assert n_rows > 0
    assert int(table.select(*found.writes.key).distinct().count().execute()) == n_rows


def test_two_definitions_are_shown_only_when_asked_for(lake: Workspace) -> None:
    shown = lake.show(Selection(indicator="collaboration", register="openalex"))
    asked = lake.show(
        Selection(indicator="collaboration", register="openalex", definition="cwts-like")
    )

    assert set(shown.to_pyarrow()["definition_id"].to_pylist()) == {"openalex"}
    assert set(asked.to_pyarrow()["definition_id"].to_pylist()) == {"cwts-like"}


def test_a_question_that_needs_more_memory_than_there_is_says_what_to_raise(
    cramped_path: Path,
) -> None:
    # Lists cannot be put aside, as much disk as there may be.
    numbers = "SELECT list(i) FROM range(20_000_000) AS numbers (i)"

    with pytest.raises(LakeError, match="memory limit"), fourseas.open(cramped_path) as ws:
        ws.table("works").get_backend().raw_sql(numbers).fetchall()
