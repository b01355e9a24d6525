"""Bad files: each is refused with what, where and what to do, and nothing of it is seen."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourseas.errors import FourseasError, LakeError, SourceError
from fourseas.lake import engine, layout, ledger
from fourseas.lake.layout import Lake
from tests.lake import small
from tests.lake.places import closed_directory, files_end_at
from tests.lake.small import add, tree, write_lines

LINES = "".join(json.dumps(tree(number)) + "\n" for number in range(1, 201))


@pytest.fixture
def lake(settled: Lake, tmp_path: Path) -> Lake:
    """Return a lake that was built once, to see that it stays usable."""
    return small.copy_of(settled, tmp_path / "lake")


def refused(lake: Lake, inputs: Path) -> FourseasError:
    """Add files that must be refused; return the error after a look at what is left."""
    before = small.current_rows(lake), ledger.read_registers(lake)
    with pytest.raises(FourseasError) as raised:
        add(lake, inputs)
    assert (small.current_rows(lake), ledger.read_registers(lake)) == before
    assert not list(lake.temporary.iterdir())
    assert raised.value.remedy
    return raised.value


def refused_file(lake: Lake, path: Path, content: bytes) -> str:
    """Write a bad file and add it; return the problem without the path."""
    path.write_bytes(content)
    error = refused(lake, path)
    assert isinstance(error, SourceError)
    assert str(path) in error.problem
    return error.problem.replace(str(path), "")


def test_a_compressed_file_that_is_cut_off_in_a_line(lake: Lake, tmp_path: Path) -> None:
    whole = gzip.compress(LINES.encode())
    problem = refused_file(lake, tmp_path / "trees.jsonl.gz", whole[: len(whole) // 2])

    assert problem.startswith(", after line ")
    assert problem.endswith("the compressed data end too early; the file is cut off")


def test_a_compressed_file_that_is_cut_off_after_its_last_line(lake: Lake, tmp_path: Path) -> None:
    problem = refused_file(lake, tmp_path / "trees.jsonl.gz", gzip.compress(LINES.encode())[:-6])

    assert problem == ", after line 200: the compressed data end too early; the file is cut off"


def test_a_compressed_file_whose_checksum_is_wrong(lake: Lake, tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(LINES.encode()))
    whole[-6] ^= 0xFF

    problem = refused_file(lake, tmp_path / "trees.jsonl.gz", bytes(whole))
    assert problem.startswith(", after line 200: the compressed data are damaged (CRC check failed")


def test_a_file_that_is_called_compressed_but_is_not(lake: Lake, tmp_path: Path) -> None:
    problem = refused_file(lake, tmp_path / "trees.jsonl.gz", LINES.encode())

    assert problem.startswith(", after line 0: the compressed data are damaged (Not a gzipped file")


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz"])
def test_a_broken_line_is_named_by_its_number(lake: Lake, tmp_path: Path, suffix: str) -> None:
    lines = LINES.splitlines(keepends=True)
    content = "".join([*lines[:149], '{"id": 3, "kind": "oak}\n', *lines[150:]]).encode()
    problem = refused_file(
        lake,
        tmp_path / f"trees.{suffix}",
        gzip.compress(content) if suffix.endswith("gz") else content,
    )

    assert problem.startswith(", line 150: column 24: Invalid control character at")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", ", line 1: column 2: Expecting property name enclosed in double quotes"),
        (b'{"id": 1}\n[2]\n', ", line 2: the record is not a JSON object"),
        (b'{"id": 1}\n7\n', ", line 2: the record is not a JSON object"),
        (b'{"id": 1}{"id": 2}\n', ", line 1: column 10: Extra data"),
        (b'{"id": 1, "id": 2}\n', ', line 1: Object {"id":1,"id":2} has duplicate key "id"'),
        (b'{"id": "one"}\n', ', line 1: the key `id` is "one", which is not of type int64'),
        (b'\xef\xbb\xbf{"id": 1}\n', ", line 1: column 1: Unexpected UTF-8 BOM"),
    ],
)
def test_what_is_no_record_is_named(
    lake: Lake, tmp_path: Path, content: bytes, problem: str
) -> None:
    assert refused_file(lake, tmp_path / "trees.jsonl", content).startswith(problem)


@pytest.mark.parametrize("name", ["trees.jsonl", "trees.jsonl.gz"])
def test_a_wrong_type_far_down_is_named_by_its_line(lake: Lake, tmp_path: Path, name: str) -> None:
    lines = [json.dumps(tree(number, "x" * 300)) for number in range(1, 150_001)]
    lines[129_999] = '{"id": "?"}'
    content = "\n".join(lines).encode()
    problem = refused_file(
        lake, tmp_path / name, gzip.compress(content, 1) if name.endswith("gz") else content
    )

    assert problem == ', line 130000: the key `id` is "?", which is not of type int64'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'[{"id": 1},\n{"id": 2', ", at its end: the array is not closed"),
        (b'[{"id": 1},', ", at its end: the array is not closed"),
        (b'[{"id": 1},\n{"id" 2}]', ", line 2: column 7: Expecting ':' delimiter"),
        (b'[{"id": 1},\n{"id": 2, "kind": "\xe9"}]', ", line 2: byte 0xe9 is not UTF-8"),
    ],
)
def test_a_broken_array_is_named(lake: Lake, tmp_path: Path, content: bytes, problem: str) -> None:
    assert refused_file(lake, tmp_path / "trees.json", content).startswith(problem)


def test_json_in_another_encoding(lake: Lake, tmp_path: Path) -> None:
    content = '{"id": 1}\n{"id": 2, "kind": "chêne"}\n'.encode("latin-1")
    problem = refused_file(lake, tmp_path / "trees.jsonl", content)

    assert problem == ", line 2: byte 0xea is not UTF-8; save the file in that encoding"


def test_csv_in_another_encoding(lake: Lake, tmp_path: Path) -> None:
    rows = "id,kind\n" + "1,oak\n" * 9000 + "2,chêne\n"
    problem = refused_file(lake, tmp_path / "trees.csv", rows.encode("latin-1"))

    assert problem.startswith(", line 9002: Invalid unicode")


def test_a_csv_header_in_another_encoding(lake: Lake, tmp_path: Path) -> None:
    problem = refused_file(lake, tmp_path / "trees.csv", "id,espèce\n1,oak\n".encode("latin-1"))

    assert problem.startswith(", in its first lines: byte 0xe8 is not UTF-8")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,kind\n1,oak\n2\n", ", line 3: Expected Number of Columns: 2 Found: 1"),
        ("id,kind\n1,oak\n2,oak,fir\n", ", line 3: Expected Number of Columns: 2 Found: 3"),
        ("id,id\n1,1\n", ", line 1: the column `id` occurs twice"),
        (
            "id,share\n1,0.5\n2,half\n",
            ", record 2: `share` is 'half', which is not of type float64",
        ),
    ],
)
def test_a_broken_table_is_named_by_its_line(
    lake: Lake, tmp_path: Path, text: str, problem: str
) -> None:
    assert refused_file(lake, tmp_path / "trees.csv", text.encode()) == problem


def test_a_broken_parquet_file(lake: Lake, tmp_path: Path) -> None:
    problem = refused_file(lake, tmp_path / "trees.parquet", b"PAR1 nothing PAR1")

    assert problem.startswith(", as a whole: ")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trees.jsonl", b""),
        ("trees.jsonl", b"\n \n"),
        ("trees.jsonl.gz", gzip.compress(b"", mtime=0)),
        ("trees.json", b"[]"),
        ("trees.csv", b""),
        ("trees.csv", b"id,kind\n"),
        ("trees.parquet", b""),
    ],
)
def test_an_empty_file(lake: Lake, tmp_path: Path, name: str, content: bytes) -> None:
    assert refused_file(lake, tmp_path / name, content) == " is empty."


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("trees.jsonl", b'{"id": 1}\n\n{"kind": "oak"}\n'),
        ("trees.jsonl", b'{"id": 1}\n{"id": null}\n'),
        ("trees.json", b'[{"id": 1}, {}]'),
        ("trees.csv", b"id,kind\n1,oak\n,fir\n"),
    ],
)
def test_a_missing_needed_key(lake: Lake, tmp_path: Path, name: str, content: bytes) -> None:
    problem = refused_file(lake, tmp_path / name, content)

    assert problem == ", record 2: the needed key `id` is missing or null."


def test_a_missing_needed_column(lake: Lake, tmp_path: Path) -> None:
    problem = refused_file(lake, tmp_path / "trees.csv", b"kind\noak\n")

    assert problem == ", record 1: the needed key `id` is missing or null."


def test_nothing_at_the_path(lake: Lake, tmp_path: Path) -> None:
    error = refused(lake, tmp_path / "absent")

    assert error.problem == f"There is nothing at {tmp_path / 'absent'}."


def test_nothing_that_the_register_reads(lake: Lake, tmp_path: Path) -> None:
    small.write_text(tmp_path / "in" / "letter.txt", "Dear Li,")
    problem = refused(lake, tmp_path / "in").problem

    assert "holds no file that this register reads (**/trees/**/part_*.gz, " in problem
    assert refused(lake, tmp_path / "in" / "letter.txt").problem.startswith(
        f"{tmp_path / 'in' / 'letter.txt'} holds no file"
    )


def test_a_file_that_may_not_be_read(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "trees.jsonl").symlink_to("/proc/self/mem")

    assert refused(lake, tmp_path / "in").problem.endswith("as a whole: Input/output error")


def test_a_full_disk_while_reading(lake: Lake, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "trees.jsonl", [tree(n * 7919) for n in range(50_000)])
    with files_end_at(60_000):
        error = refused(lake, path)
    assert isinstance(error, LakeError)
    assert "staged_trees.parquet failed: " in error.problem
    assert error.problem.endswith("File too large.")
    assert "Free space or permissions" in error.remedy

    assert add(lake, path).n_parts_read == 1


def test_a_full_disk_while_building(lake: Lake, tmp_path: Path) -> None:
    add(lake, write_lines(tmp_path / "trees.jsonl", [tree(n * 7919) for n in range(50_000)]))
    before = small.current_rows(lake)

    with (
        files_end_at(60_000),
        pytest.raises(LakeError, match=r"trees\.parquet failed: .*too large"),
    ):
        small.make(lake)
    assert small.current_rows(lake) == before

    assert small.make(lake).n_kept > 0
    assert len(small.current_rows(lake)["trees"]) > 50_000


def test_a_lake_that_is_closed_to_writing(tmp_path: Path) -> None:
    with small.temporary_directory() as place:
        lake = small.settled(place)
        before = small.current_rows(lake)
        path = write_lines(place / "trees.jsonl", [tree(8)])
        place.chmod(0o755)
        with closed_directory(lake.root):
            for work in (lambda: add(lake, path), lambda: small.make(lake)):
                with pytest.raises(LakeError, match="failed: Permission denied"):
                    work()
            assert small.current_rows(lake) == before

    assert not list(tmp_path.iterdir())


def test_a_memory_limit_that_does_not_suffice(tmp_path: Path) -> None:
    lake = layout.init(tmp_path / "lake", scope="census", memory_limit="20MB", threads=1)
    path = write_lines(tmp_path / "trees.jsonl", [tree(1)])

    with pytest.raises(LakeError, match=r"The memory limit, 19\.0 MiB, does not suffice") as raised:
        add(lake, path)
    assert "Raise `memory_limit`" in raised.value.remedy


@pytest.mark.parametrize(
    "short",
    [
        {"MEGABYTES_OF_READER": 10, "MEGABYTES_ALONE": 10},
        # All there may be would not suffice: the parts are read alone before.
        {"MEGABYTES_OF_READER": 10, "memory_limit": lambda _: "10MiB"},
    ],
)
def test_little_memory_that_does_not_suffice_is_not_all_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: dict[str, object]
) -> None:
    for name, value in short.items():
        monkeypatch.setattr(engine, name, value)
    lake = layout.init(tmp_path / "lake", scope="census", threads=2)
    for number in range(4):
        lines = [tree(100 * number + place) for place in range(50)]
        write_lines(tmp_path / "in" / f"trees_{number}.jsonl", lines)
    report = add(lake, tmp_path / "in")

    assert (report.n_parts, report.n_parts_read, report.n_records) == (4, 4, 200)
    assert not list(lake.temporary.iterdir())


def test_duplicate_records_are_for_the_links_to_judge(lake: Lake, tmp_path: Path) -> None:
    add(lake, write_lines(tmp_path / "trees.jsonl", [tree(50), tree(50)]))
    small.make(lake)

    assert [row["tree_key"] for row in small.current_rows(lake)["trees"]].count(50) == 1


def test_a_value_of_another_type_is_named_by_line_and_key(lake: Lake, tmp_path: Path) -> None:
    lines = [tree(1), tree(2), tree(3) | {"share": {"of": 1}}]
    path = write_lines(tmp_path / "trees.jsonl", lines)
    error = refused(lake, path)

    assert f"{path}, line 3: the key `share` is" in error.problem


def test_a_schema_that_changed_between_parts_is_told_or_read(lake: Lake, tmp_path: Path) -> None:
    place = tmp_path / "in"
    write_lines(place / "trees_1.jsonl", [tree(51)])
    write_lines(place / "trees_2.jsonl", [tree(52) | {"leaves": {"color": "red"}}])
    write_lines(place / "trees_3.jsonl", [{"id": 53, "species": "oak"}])
    write_lines(place / "trees_4.jsonl", [{"tree": 54, "kind": "oak"}])
    pq.write_table(pa.table({"id": [55], "kind": [{"name": "oak"}]}), place / "trees_5.parquet")
    pq.write_table(pa.table({"id": ["56"], "share": ["half"]}), place / "trees_6.parquet")
    pq.write_table(pa.table({"id": pa.array([57], pa.int32())}), place / "trees_7.parquet")
    error = refused(lake, place)

    assert error.problem.startswith("4 of 7 parts could not be added:")
    for name, found in {
        "trees_2.jsonl, line 1": "the key `leaves` is {",
        "trees_4.jsonl, record 1": "the needed key `id` is missing",
        "trees_5.parquet, as a whole": "the column `kind` is of type struct",
        "trees_6.parquet, as a whole": "half",
    }.items():
        (line,) = [line for line in error.problem.splitlines() if name in line]
        assert found in line

    for number in (2, 4):
        write_lines(place / f"trees_{number}.jsonl", [tree(50 + number)])
    for number in (5, 6):
        pq.write_table(pa.table({"id": [50 + number]}), place / f"trees_{number}.parquet")
    report = add(lake, place)
    assert (report.n_parts, report.n_parts_read) == (7, 4)
    assert report.unknown_keys == ("species",)
