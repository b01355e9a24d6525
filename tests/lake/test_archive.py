"""Archives: the same bytes for the same files, and nothing read that was not packed."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from fourseas.errors import BundleError, LakeError
from fourseas.lake.archive import MANIFEST, packed, unpacked

FILES = {"README.md": b"words", "inputs/cells.parquet": b"\x00\x01"}


def _written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    return path


def _repacked(changed: dict[str, bytes | None]) -> bytes:
    """Return the archive with entries changed, added or left out behind the list's back."""
    with zipfile.ZipFile(io.BytesIO(packed(FILES))) as archive:
        entries: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in (entries | changed).items():
            if content is not None:
                archive.writestr(name, content)
    return sink.getvalue()


def test_what_is_packed_comes_out_again(tmp_path: Path) -> None:
    assert unpacked(_written(tmp_path, packed(FILES))) == FILES


def test_the_same_files_give_the_same_bytes_in_any_order() -> None:
    assert packed(FILES) == packed(dict(reversed(FILES.items())))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"README.md": b"Words"}, "README.md is not what its hash says"),
        ({"README.md": b"words and more"}, "README.md is not what its hash says"),
        ({"README.md": None}, "README.md is missing"),
        ({"more.txt": b""}, "more.txt is not listed"),
        ({"../../etc/passwd": b""}, "../../etc/passwd is not listed"),
    ],
)
def test_whatever_was_changed_is_named(
    tmp_path: Path, changed: dict[str, bytes | None], said: str
) -> None:
    with pytest.raises(BundleError, match="not as it was packed") as caught:
        unpacked(_written(tmp_path, _repacked(changed)))

    assert said in caught.value.problem


@pytest.mark.parametrize("name", ["../up", "/root", "a/b/c", "", "-x", "a\\b", "a\nb"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleError, match="is no name for a file"):
        unpacked(_written(tmp_path, packed({name: b"x"})))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no zip", "no whole zip file"),
        (packed(FILES)[:60], "no whole zip file"),
        (_repacked({MANIFEST: None}), "holds no MANIFEST.json"),
        (_repacked({MANIFEST: b"[]"}), "is no list of files"),
        (_repacked({MANIFEST: b"{"}), "is no list of files"),
        (_repacked({MANIFEST: b'{"files": {"README.md": {}}}'}), "is no list of files"),
    ],
)
def test_what_is_no_bundle_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(BundleError, match=said):
        unpacked(_written(tmp_path, content))


def test_a_file_that_unpacks_to_more_than_is_listed_is_not_read_to_its_end(
    tmp_path: Path,
) -> None:
    listed = {"files": {"README.md": {"bytes": 5, "sha256": "0" * 64}}}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.md", bytes(10**8))
        archive.writestr(MANIFEST, json.dumps(listed))

    with pytest.raises(BundleError, match="not what its hash says"):
        unpacked(_written(tmp_path, sink.getvalue()))


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    many = {f"f{number}": b"" for number in range(300)}

    with pytest.raises(BundleError, match="more than 200 files"):
        unpacked(_written(tmp_path, packed(many)))


def test_a_path_where_nothing_is_says_so(tmp_path: Path) -> None:
    with pytest.raises((BundleError, LakeError), match="no such file"):
        unpacked(tmp_path / "absent.zip")
