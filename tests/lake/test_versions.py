"""Which versions of a lake are there, and what is said of those that are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fourseas.errors import LakeError
from fourseas.lake import versions
from fourseas.lake.layout import Lake
from tests.lake import small


@pytest.fixture(scope="module")
def lake(settled: Lake, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Return a lake of which three versions were built."""
    lake = small.copy_of(settled, tmp_path_factory.mktemp("versions") / "lake")
    for n_notes in (0, 1):
        small.make(lake, replace(small.RECIPE, given={"notes": small.NOTES.slice(0, n_notes)}))
    return lake


def test_a_version_is_found_by_its_number(lake: Lake) -> None:
    assert versions.numbered(lake, 2) == lake.versions / "000002"
    assert versions.numbered(lake, 3) == lake.current()


def test_the_version_before_the_current_one_is_the_last_older_one(lake: Lake) -> None:
    assert versions.before_current(lake).name == "000002"


def test_where_an_older_version_is_current_again_it_is_compared_with_the_newer_one(
    lake: Lake, tmp_path: Path
) -> None:
    again = small.copy_of(lake, tmp_path / "lake")
    small.make(again, replace(small.RECIPE, given={"notes": small.NOTES.slice(0, 0)}))

    assert again.current() == again.versions / "000002"
    assert versions.before_current(again).name == "000003"


def test_a_removed_version_is_said_to_be_removed(lake: Lake) -> None:
    with pytest.raises(LakeError, match=r"Version 1 .* no longer there") as raised:
        versions.numbered(lake, 1)

    assert "the last 2 are kept" in raised.value.problem
    assert "versions 2 and 3 (current)" in raised.value.problem
    assert "copy the lake's directory" in raised.value.remedy


@pytest.mark.parametrize("number", [0, 4])
def test_a_version_that_never_was_is_refused_with_those_that_are(lake: Lake, number: int) -> None:
    with pytest.raises(LakeError, match=rf"no version {number} .* versions 2 and 3 \(current\)"):
        versions.numbered(lake, number)


def test_one_version_alone_has_none_to_compare_with(settled: Lake) -> None:
    with pytest.raises(LakeError, match=r"holds version 1 \(current\); there is no other"):
        versions.before_current(settled)


def test_a_lake_that_was_never_built_has_no_version(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="has not been built"):
        versions.numbered(small.new_lake(tmp_path / "lake"), 1)
