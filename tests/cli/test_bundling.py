"""`fourseas bundle` and `fourseas replay` as a user meets them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas.lake.archive import packed, unpacked
from tests.commands import run

ASKED = ("collaboration", "--country", "BR", "--years", "2018-2020", "--register", "ncses")


@pytest.fixture(scope="module")
def bundled(lake_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a bundle."""
    path = tmp_path_factory.mktemp("bundles") / "brazil.zip"
    ended = run("bundle", *ASKED, "--lake", str(lake_path), "--out", str(path))
    assert ended.returncode == 0, ended.stderr
    return path


def test_a_bundle_is_written_and_computes_to_the_same_again(bundled: Path) -> None:
    ended = run("replay", str(bundled))

    assert ended.returncode == 0
    assert "Every file is as it was packed." in ended.stdout
    assert ended.stdout.count("gives the same, row for row.") == 2


def test_a_bundle_whose_result_was_made_up_ends_with_1_and_says_where(
    bundled: Path, tmp_path: Path, lake_path: Path
) -> None:
    other = tmp_path / "other.zip"
    asked = [word.replace("BR", "CN") for word in ASKED]
    run("bundle", *asked, "--lake", str(lake_path), "--out", str(other))
    forged = tmp_path / "forged.zip"
    result = {"result.parquet": unpacked(other)["result.parquet"]}
    forged.write_bytes(packed(unpacked(bundled) | result))
    ended = run("replay", str(forged))

    assert ended.returncode == 1
    assert "gives something else" in ended.stdout
    assert "CN" in ended.stdout


def test_a_file_that_is_no_bundle_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"no zip")
    ended = run("replay", str(path))

    assert ended.returncode == 1
    assert "cannot be read as a bundle" in ended.stderr
    assert "fourseas bundle" in ended.stderr


def test_a_bundle_wants_a_name_that_ends_in_zip(lake_path: Path, tmp_path: Path) -> None:
    ended = run("bundle", *ASKED, "--lake", str(lake_path), "--out", str(tmp_path / "x.tar"))

    assert ended.returncode == 1
    assert ".zip" in ended.stderr
    assert list(tmp_path.iterdir()) == []
