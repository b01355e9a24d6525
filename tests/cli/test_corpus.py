"""`fourseas corpus join`: a list of publications against the embedded registers."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fourseas.lake import layout, ledger
from tests.commands import run
from tests.sources.published import EMBEDDED

JOINED = (791, 2460, 8446)
LIST = """\
@techreport{ip, title = {Internet Protocol}, doi = {10.17487/RFC0791}}
@techreport{ip6, title = {Internet Protocol, Version 6}, doi = {https://doi.org/10.17487/rfc2460}}
@techreport{tls, title = {TLS 1.3}, doi = {doi:10.17487/RFC8446}}
@techreport{again, title = {TLS, once more}, doi = {10.17487/rfc8446}}
@misc{talk, title = {A talk}}
@article{elsewhere, title = {Elsewhere}, doi = {10.5555/elsewhere}}
@article{odd, title = {Odd}, doi = {page 3}}
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.bib"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_what_was_read_joined_and_listed_is_told(lake_path: Path, listed: Path) -> None:
    ended = run("corpus", "join", str(listed), "--lake", str(lake_path))

    assert ended.returncode == 0, ended.stderr
    assert "BibTeX: 7 read, 3 joined, 4 listed; scope: corpus." in ended.stdout
    assert "Works: 3 of rfc." in ended.stdout
    for place, reason in (
        ("entry again", "listed twice"),
        ("entry talk", "no DOI"),
        ("entry elsewhere", "no work of the lake has this DOI"),
        ("entry odd", "what stands for the DOI is none"),
    ):
        (line,) = (line for line in ended.stdout.splitlines() if line.startswith(f" {place} "))
        assert reason in line


def test_the_joined_works_become_a_lake_of_their_own_rows(
    lake_path: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mine"
    ended = run("corpus", "join", str(listed), "--lake", str(lake_path), "--out", str(out))
    assert ended.returncode == 0, ended.stderr

    new = layout.locate(out / "lake")
    documents = pq.read_table(EMBEDDED / "rfc" / "documents.parquet").to_pylist()
    chosen = [document for document in documents if document["rfc"] in JOINED]

    def staged(table: str) -> list[dict[str, object]]:
        (path,) = ledger.staged_files(new, "rfc", table)
        rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
        return rows

    assert [register.register for register in ledger.read_registers(new)] == ["countries", "rfc"]
    assert new.scope == "corpus"
    assert {row["work_key"] for row in staged("staged_works")} == set(JOINED)
    assert len(staged("staged_authorships")) == sum(len(one["authors"]) for one in chosen)
    assert len(staged("staged_citations")) == sum(len(set(one["references"])) for one in chosen)


def test_the_lake_of_joined_works_is_whole_and_can_be_planned(
    lake_path: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mine"
    assert not run(
        "corpus", "join", str(listed), "--lake", str(lake_path), "--out", str(out)
    ).returncode

    checked = run("doctor", str(out / "lake"))
    planned = run("build", str(out / "lake"), "--dry-run")

    assert checked.returncode == 0, checked.stdout
    assert planned.returncode == 0, planned.stderr


def test_what_was_not_joined_is_written_with_its_reason(
    lake_path: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mine"
    run("corpus", "join", str(listed), "--lake", str(lake_path), "--out", str(out))
    with (out / "not_joined.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [(row["place"], row["title"]) for row in rows] == [
        ("entry again", "TLS, once more"),
        ("entry talk", "A talk"),
        ("entry elsewhere", "Elsewhere"),
        ("entry odd", "Odd"),
    ]


def test_a_doi_that_a_register_has_twice_is_listed_and_not_picked(
    lake_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("DOI\n10.1596/11185\n", encoding="utf-8")
    ended = run("corpus", "join", str(path), "--lake", str(lake_path))

    assert "table: 1 read, 0 joined, 1 listed" in ended.stdout
    assert "several works of one register have this DOI" in ended.stdout


def test_nothing_is_written_over(lake_path: Path, listed: Path, tmp_path: Path) -> None:
    ended = run("corpus", "join", str(listed), "--lake", str(lake_path), "--out", str(tmp_path))

    assert ended.returncode == 1
    assert f"{tmp_path} exists." in " ".join(ended.stderr.split())
