"""Files made to harm: nested, swollen, or leading out of their place."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import ibis
import pytest

from fourseas.errors import BundleError, PolicyError, SourceError
from fourseas.lake import archive, diagnosis, parts, xml_documents
from fourseas.policy.places import MOST_DEPTH, read_yaml
from tests.lake import small


def test_a_manifest_leads_nowhere_outside_its_snapshot(tmp_path: Path) -> None:
    inside = tmp_path / "snapshot"
    small.write_lines(inside / "trees_1.jsonl", [small.tree(1)])
    small.write_lines(tmp_path / "secret" / "trees_2.jsonl", [small.tree(2)])
    small.write_manifest(inside / "manifest", [("s3://forest/../secret/trees_2.jsonl", 1)])

    with pytest.raises(SourceError, match="leads out of the snapshot"):
        parts.find(inside, small.FOREST, allow_incomplete=True)


def test_a_small_file_that_swells_to_one_long_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trees.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as bomb:
        bomb.write(b'{"id": 1}\n')
        for _ in range(diagnosis.LONGEST_LINE // 2**20 + 1):
            bomb.write(b" " * 2**20)

    assert path.stat().st_size < 2_000_000
    fault = diagnosis.json_fault(path)
    assert fault is not None
    assert "line 2: the line is longer than 268,435,456 bytes" in fault.problem


def test_a_separator_that_only_text_takes_for_a_blank_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "trees.jsonl"
    path.write_bytes(b'{"id": 1}\n \x1f\n')

    with pytest.raises(SourceError, match="line 2: column 2: Expecting value"):
        small.add(small.new_lake(tmp_path / "lake"), path)


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        (b"id,ki\0nd\n", "the name of a column holds a zero byte"),
        (b"id,Kind,kind\n", "the column `kind` occurs twice"),
        (b"\nid,kind\n", "it names no columns"),
    ],
)
def test_a_head_of_which_no_columns_can_be_made_is_named(
    tmp_path: Path, head: bytes, problem: str
) -> None:
    path = tmp_path / "trees.csv"
    path.write_bytes(head + b"1,oak,0.5\n")

    with pytest.raises(SourceError, match=f"line 1: {problem}"):
        small.add(small.new_lake(tmp_path / "lake"), path)


def test_a_list_of_files_that_swells_is_refused(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr(archive.MANIFEST, b" " * (archive.MOST_BYTES_OF_LIST + 1))
    path = tmp_path / "bundle.zip"
    path.write_bytes(sink.getvalue())

    with pytest.raises(BundleError, match="is over"):
        archive.unpacked(path)


def test_a_bundle_that_ends_before_its_files_do_is_refused(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as short:
        short.writestr(archive.MANIFEST, b"{}")
    data = bytearray(sink.getvalue())
    listed = data.index(b"PK\x01\x02")
    data[listed + 20 : listed + 28] = (9999).to_bytes(4, "little") * 2  # its sizes, packed or not
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)

    with pytest.raises(BundleError, match="no whole zip file"):
        archive.unpacked(path)


def test_a_bundle_with_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    data = bytearray(archive.packed({"a.txt": b"a"}))
    listed = data.index(b"PK\x01\x02")
    data[listed + 9] |= 0x08  # it says that its name is UTF-8
    data[listed + 46] = 0xFB
    path = tmp_path / "bundle.zip"
    path.write_bytes(data)

    with pytest.raises(BundleError, match="no whole zip file"):
        archive.unpacked(path)


def test_documents_in_an_archive_that_begins_before_its_file_are_refused(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as short:
        short.writestr("trees.xml", "<tree/>")
    path = tmp_path / "trees.zip"
    path.write_bytes(sink.getvalue()[5:])

    with pytest.raises(SourceError, match="as a whole"):
        xml_documents.records(path, ibis.schema({"kind": "string"}))


def test_documents_are_read_in_their_order_however_many(tmp_path: Path) -> None:
    n = 2 * xml_documents.AT_ONCE + 1
    path = tmp_path / "trees.xml"
    path.write_text("".join(f'<?xml version="1.0"?>\n<a id="{at}"/>\n' for at in range(n)))

    read = xml_documents.records(path, ibis.schema({"@id": "string"}))

    assert read.column("@id").to_pylist() == [str(at) for at in range(n)]


def test_yaml_may_be_nested_as_deep_as_anybody_writes_and_no_deeper() -> None:
    assert read_yaml("a: [[[[[[1]]]]]]", "deep").root == {"a": [[[[[[1]]]]]]}
    with pytest.raises(PolicyError, match="nested too deeply"):
        read_yaml("[" * (MOST_DEPTH + 1), "deeper")


def test_few_aliases_do_not_become_many_values() -> None:
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]" for before, name in
              zip("abcd", "bcde", strict=True)]  # fmt: skip

    with pytest.raises(PolicyError, match="by alias"):
        read_yaml("\n".join(lines), "bomb")
