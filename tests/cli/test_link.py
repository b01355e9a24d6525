"""`fourseas link` as a user meets it, on the embedded lake."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from tests.commands import Ended, run

CAMBRIDGE = "013meh722"


def link(lake: Path, *words: str) -> Ended:
    return run("link", "org", *words, "--lake", str(lake))


def test_candidates_are_shown_with_what_speaks_for_them(lake_path: Path) -> None:
    told = link(lake_path, "Dept. of Zoology, Univ. of Cambridge, Cambridge, England")

    assert told.returncode == 0, told.stderr
    assert f"Names: University of Cambridge ({CAMBRIDGE})" in told.stdout
    assert "its country GB" in told.stdout


def test_none_is_said_where_nothing_is_likely(lake_path: Path) -> None:
    told = link(lake_path, "Dept of Biomedical Sciences, Univ Antwerp")

    assert told.returncode == 0, told.stderr
    assert "Names none of them" in told.stdout
    assert "an absent one is not found" in told.stdout


def test_a_file_is_linked_row_by_row_and_ids_of_the_source_are_kept(
    lake_path: Path, tmp_path: Path
) -> None:
    texts, out = tmp_path / "texts.csv", tmp_path / "linked.parquet"
    texts.write_text(
        "affiliation,country_code,ror_ids\n"
        '"Univ. Cambridge, England",,\n'
        "the moon,,\n"
        f'"Trinity Lane, with a ""quote""",gb,https://ror.org/{CAMBRIDGE}|00000zz00\n',
        encoding="utf-8",
    )
    told = link(lake_path, "--in", str(texts), "--out", str(out))
    rows = pq.read_table(out).to_pylist()

    assert told.returncode == 0, told.stderr
    assert "3 texts read from texts.csv; 2 name an organization, 1 none of them." in told.stdout
    assert [(row["row"], row["ror_id"]) for row in rows] == [
        (1, CAMBRIDGE),
        (2, None),
        (3, CAMBRIDGE),
        (3, "00000zz00"),
    ]
    assert rows[3]["reason"] == "the source gives the id; the lake does not know it"


def test_slips_end_with_1_and_say_what_to_do(lake_path: Path, tmp_path: Path) -> None:
    wrong, latin = tmp_path / "wrong.csv", tmp_path / "latin.csv"
    wrong.write_text("address\nx\n", encoding="utf-8")
    latin.write_bytes(b"affiliation\nUniversit\xe9 de Paris\n")
    out = str(tmp_path / "out.csv")

    assert "no column `affiliation`; it has address" in (
        link(lake_path, "--in", str(wrong), "--out", out).stderr
    )
    assert f"{latin}, as csv" in link(lake_path, "--in", str(latin), "--out", out).stderr
    assert "There is nothing at" in (
        link(lake_path, "--in", str(tmp_path / "no.csv"), "--out", out).stderr
    )
    assert "Did you mean germany" in link(lake_path, "x", "--country", "Germny").stderr
    assert "OECD is not one country" in link(lake_path, "x", "--country", "OECD").stderr
    assert link(lake_path).returncode == 1


def test_a_country_is_told_with_the_words_that_name_it(lake_path: Path) -> None:
    def country(text: str) -> str:
        return run("link", "country", text, "--lake", str(lake_path)).stdout

    assert country("Windhoek, Namibia") == "NA: “namibia” is named.\n"
    assert country("someone@ipv.sx") == "unknown: no country is named.\n"
