"""A file whose one JSON object holds the records: what is read, and what is told of a bad one."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.commands import run
from tests.sources.published import SAMPLES

CROSSREF = ("--source", "crossref", "--snapshot", "2022-05-01")
WHOLE = (SAMPLES / "crossref" / "2022.json").read_bytes()
OTHER = WHOLE.replace(b"Tides", b"Winds")
LINES = (SAMPLES / "crossref" / "2025.jsonl").read_bytes()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of a lake without works."""
    path = str(tmp_path_factory.mktemp("items") / "lake")
    assert run("init", path, "--scope", "corpus").returncode == 0
    return path


@pytest.mark.parametrize("name", ["works.json", "works.json.gz"])
def test_records_of_one_object_are_read(lake: str, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(WHOLE) if name.endswith("gz") else WHOLE)

    added = run("add", lake, str(path), *CROSSREF, "--format", "json")

    assert added.returncode == 0, added.stderr
    report = json.loads(added.stdout)
    assert report["n_records"] == 3
    assert report["rows"]["staged_works"] == 3
    assert {"container-title", "published"} & set(report["unknown_keys"]) == {"container-title"}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.json", b'{"items": [{"DOI": "10.1/a"},', "at its end: the object is not closed"),
        ("a.json", b'{"items": [{"DOI": "10.1/\xff"}]}', "line 1: byte 0xff is not UTF-8"),
        ("a.json", b'{"items": [{"type": "x"}]}', "record 1: the needed key `DOI` is missing"),
        ("a.json", b'{"works": []}', "as a whole: there is no array `items` of records"),
        ("a.json", LINES, "one record in each line needs a .jsonl file"),
        ("a.json.gz", gzip.compress(WHOLE, mtime=0)[:-30], "the compressed data end too early"),
        ("a.json.gz", OTHER, "Not a gzipped file"),
        ("a.jsonl", OTHER, "line 1: column "),
        (
            "a.json",
            b'{\n"items": [\n{"DOI": "10.1/a"},\n{"DOI": "10.1/b", "issued": 7}]}',
            "record 2: the key `issued` is 7, which is not an object",
        ),
    ],
)
def test_a_bad_file_is_named_with_the_place_and_what_was_expected(
    lake: str, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    refused = run("add", lake, str(path), *CROSSREF)

    assert refused.returncode == 1
    assert str(path) in refused.stderr
    assert told in " ".join(refused.stderr.split())
