"""Profiles that are kept beside a version: the same numbers, and no cell summed for them."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from fourseas import workspace
from fourseas.partners.choice import Terms
from fourseas.reports.partners import keeping
from fourseas.reports.partners.ahead import prepare
from fourseas.reports.partners.find import Question, find_card
from fourseas.reports.partners.gathering import exposed, gathered
from fourseas.reports.partners.keeping import Tables, kept
from fourseas.reports.partners.place import Asked, Place, place
from fourseas.reports.partners.profiles import Profiles, profiles, summed
from fourseas.workspace import Workspace

ASKED = Asked(register="rfc")


@pytest.fixture
def lake_apart(lake_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a lake of its own whose cells are many enough for sums of them to be kept."""
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 1)
    return Path(shutil.copytree(lake_path, tmp_path / "lake"))


def at_of(ws: Workspace) -> Place:
    """Return where partners of organizations are sought."""
    return place(ws, "organization", ASKED)


def values(of: Profiles) -> dict[str, object]:
    """Return what profiles hold; a matrix as its arrays."""
    held = {one.name: getattr(of, one.name) for one in dataclasses.fields(of)}
    return {
        name: [part.tolist() for part in (one.indptr, one.indices, one.data)]
        if isinstance(one, sparse.csr_array)
        else one.tolist()
        if isinstance(one, np.ndarray)
        else one
        for name, one in held.items()
    }


def refused() -> Tables:
    """Make nothing: what is kept is to be read."""
    raise AssertionError


def test_what_is_kept_is_what_the_cells_sum_to(lake_apart: Path) -> None:
    with workspace.open(lake_apart) as ws:
        made = profiles(ws, at_of(ws))
    with workspace.open(lake_apart) as ws:
        read, anew = profiles(ws, at_of(ws)), summed(ws, at_of(ws))

    assert values(made) == values(read) == values(anew)
    assert read.credit.nnz > len(read.units) > 100


def test_credit_of_an_organization_is_the_sum_of_its_cells(lake: Workspace) -> None:
    at = at_of(lake)
    found = profiles(lake, at)
    unit = found.units[int(np.argmax(found.works))]
    cells = at.of(lake.table("unit_cells")).filter(lambda t: t.unit_id == unit).to_pandas()
    by_field = cells.groupby("field_id").credit.sum().reindex(list(found.fields)).fillna(0)

    of_unit = found.credit[[found.units.index(unit)]].toarray()[0]
    assert of_unit == pytest.approx(by_field.to_numpy(), rel=1e-12)


def test_a_list_is_the_same_from_cells_when_kept_and_as_it_was_kept(
    lake: Workspace, lake_apart: Path
) -> None:
    at = at_of(lake)
    found = profiles(lake, at)
    seeker = found.units[int(np.argmax(found.works))]
    question = Question(seeker=seeker, asked=ASKED)
    cards = [find_card(lake, question)]
    for _ in range(2):
        with workspace.open(lake_apart) as ws:
            cards.append(find_card(ws, question))

    assert cards[0].sheets[0].rows
    assert cards[0] == cards[1] == cards[2]


def test_what_is_made_ahead_is_read_and_not_made_again(lake_apart: Path) -> None:
    with workspace.open(lake_apart) as ws:
        assert prepare(ws) > 0
        at = place(ws, "organization", Asked())
        parts = exposed(ws, gathered(ws, at), Terms())
    before = {path.name for path in (lake_apart / "search").iterdir()}
    with workspace.open(lake_apart) as ws:
        again = exposed(ws, gathered(ws, at), Terms())

    assert again.tolist() == parts.tolist()
    assert {path.name for path in (lake_apart / "search").iterdir()} == before


def test_what_is_of_another_form_or_place_is_made_anew(lake_apart: Path) -> None:
    with workspace.open(lake_apart) as ws:
        at = at_of(ws)
        profiles(ws, at)
        assert kept(ws, at, "profiles 1", refused)["units"].num_rows > 0
        for other in (dataclasses.replace(at, years=(2001, 2002)), at):
            form = "profiles 1" if other != at else "profiles 0"
            with pytest.raises(AssertionError):
                kept(ws, other, form, refused)


def test_a_lake_that_cannot_be_written_is_read_all_the_same(lake_apart: Path) -> None:
    shutil.rmtree(lake_apart / "search", ignore_errors=True)
    (lake_apart / "search").write_text("no folder")
    with workspace.open(lake_apart) as ws:
        assert profiles(ws, at_of(ws)).units


def test_of_few_cells_nothing_is_kept_or_made_ahead(lake: Workspace) -> None:
    there = set(lake.lake.search.glob("*/units.parquet"))

    assert prepare(lake) == 0
    assert set(lake.lake.search.glob("*/units.parquet")) == there
