"""The command line as a user meets it: what is printed, written and returned."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fourseas.catalog import INDICATORS
from fourseas.lake import layout
from fourseas.schema.definition import DEFINITIONS
from tests.cli import running
from tests.commands import run


def test_errors_of_a_process_go_to_stderr_with_a_code_that_is_not_0(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "fourseas", "show", "volume", "--lake", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "is not a lake" in ended.stderr


def test_show_prints_the_row_its_definition_snapshot_and_scope(lake_path: Path) -> None:
    shown = run(
        "show",
        "collaboration",
        "--lake",
        str(lake_path),
        "--country",
        "Brazil",
        "--field",
        "all",
        "--years",
        "2022",
        "--register",
        "ncses",
        "--counting",
        "full",
    )

    assert shown.returncode == 0, shown.stderr
    assert "0.375" in shown.stdout
    assert "ncses-published" in shown.stdout
    assert "snapshot 2023-" in shown.stdout
    assert "scope census" in shown.stdout


def test_csv_holds_the_declared_columns_and_can_be_piped(lake_path: Path) -> None:
    shown = run(
        "show",
        "impact",
        "--lake",
        str(lake_path),
        "--country",
        "US",
        "--country",
        "CN",
        "--years",
        "2020",
        "--register",
        "ncses",
        "--field",
        "all",
        "--format",
        "csv",
    )
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))

    assert {(row["unit_id"], row["counting"]) for row in rows} == {
        ("US", "full"),
        ("US", "fractional"),
        ("CN", "full"),
        ("CN", "fractional"),
    }
    assert all(float(row["pp_top_1"]) > 0 for row in rows)


def test_json_says_by_what_definition_and_from_what_register(lake_path: Path) -> None:
    shown = run(
        "show",
        "volume",
        "--lake",
        str(lake_path),
        "--country",
        "US",
        "--years",
        "2020",
        "--format",
        "json",
        "--register",
        "rfc",
        "--field",
        "all",
    )
    whole = json.loads(shown.stdout)

    assert whole["rows"]
    assert any("standards" in note for note in whole["notes"])


def test_parquet_carries_its_notes(lake_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "affinity.parquet"
    shown = run(
        "show",
        "affinity",
        "--lake",
        str(lake_path),
        "--country",
        "BR",
        "--years",
        "2022",
        "--register",
        "ncses",
        "--out",
        str(out),
    )

    assert shown.returncode == 0, shown.stderr
    assert pq.read_table(out).num_rows == 45
    assert b"ncses-published" in pq.read_schema(out).metadata[b"fourseas"]


def test_what_is_not_computable_is_said_in_a_sentence(lake_path: Path) -> None:
    shown = run("show", "impact", "--lake", str(lake_path), "--register", "openalex")

    assert shown.returncode == 0, shown.stderr
    assert "because the register is a corpus and no outside baseline is named" in shown.stdout


def test_what_may_be_an_artifact_is_said_below_the_table(lake_path: Path) -> None:
    words = ("--lake", str(lake_path), "--register", "matrix", "--country", "CR")
    shown = run("show", "affinity", *words, "--years", "2020")

    assert "Possible artifact: CR with CO in 2020, because joint works grew" in shown.stdout


def test_csv_file_has_its_notes_beside_it(lake_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "volume.csv"
    run("show", "volume", "--lake", str(lake_path), "--years", "2020", "--out", str(out))

    assert "licence" in (tmp_path / "volume.csv.about.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "problem", "remedy"),
    [
        (("colaboration",), "There is no indicator named `colaboration`.", "collaboration"),
        (("volume", "--country", "Brasilia"), "There is no country named `Brasilia`.", "brazil"),
        (("volume", "--country", "ZZ"), "There is no country named `ZZ`.", "fourseas list country"),
        (("volume", "--field", "astronmy"), "There is no field named `astronmy`.", "list field"),
        (("volume", "--definition", "cwts"), "There is no definition named `cwts`.", "cwts-like"),
        (("volume", "--counting", "whole"), "There is no counting named `whole`.", "full"),
        (("volume", "--register", "scopus"), "There is no register named `scopus`.", "openalex"),
        (("volume", "--years", "20x2"), "--years is `20x2`.", "2015-2020"),
        (("volume", "--years", "2020-"), "--years is `2020-`.", "2015-2020"),
        (("volume", "--years", "202\u00b2"), "--years is `202\u00b2`.", "2015-2020"),
        (("volume", "--out", "x.xlsx"), "x.xlsx does not say by its name", ".csv or .json"),
        (("volume", "--format", "json", "--out", "x.csv"), "named as csv", "--format out"),
        (("affinity", "--country", "EU"), "no row of it is in the lake", "Pairs are of countries"),
        (
            ("volume", "--country", "EU", "--register", "ncses", "--years", "2020"),
            "no row of it is in the lake",
            "EU27_2020",
        ),
        (("development", "--country", "BR"), "of all countries together", "Leave out the country"),
        (("development", "--organization", "rfc:ericsson"), "of all countries", "Leave out"),
        (("specialization", "--field", "all"), "it is of single fields", "Name a field"),
        (("volume", "--counting", "full,fractional"), "full and fractional counting", "each row"),
        (("development", "--years", "1700"), "no row of it is in the lake", "There is: 3gpp"),
        (("leadership", "--counting", "fractional"), "no row of it", "It is counted there full"),
        (("volume", "--years", "2020-2010"), "the first year is after the last", "2010-2020"),
        (("volume", "--years", "1700"), "no row of it is in the lake", "There is: 3gpp"),
    ],
)
def test_slips_are_met_with_what_is_wrong_and_what_to_do(
    lake_path: Path, words: tuple[str, ...], problem: str, remedy: str
) -> None:
    shown = run("show", *words, "--lake", str(lake_path))

    assert shown.returncode == 1
    assert problem in shown.stderr
    assert remedy in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.stdout == ""


@pytest.mark.parametrize("name", [indicator.name for indicator in INDICATORS])
def test_every_indicator_shows_rows_with_nothing_but_its_name(lake_path: Path, name: str) -> None:
    shown = run("show", name, "--lake", str(lake_path))

    assert shown.returncode == 0, shown.stderr
    assert "fourseas, lake version" in shown.stdout


def test_countries_may_be_written_in_one_word(lake_path: Path) -> None:
    words = ("show", "volume", "--lake", str(lake_path), "--years", "2020", "--format", "csv")
    together = run(*words, "--country", "CN,KE")

    assert together.returncode == 0, together.stderr
    assert together.stdout == run(*words, "--country", "CN", "--country", "KE").stdout


def test_a_register_is_not_explained_but_named_as_one() -> None:
    shown = run("explain", "rfc")

    assert shown.returncode == 1
    assert "`rfc` is a register" in shown.stderr
    assert "fourseas list source" in shown.stderr


def test_explain_shows_formulas_without_markup() -> None:
    shown = run("explain", "impact").stdout

    assert "MNCS_i = (sum_w a_iw NCS_w) / (sum_w a_iw)" in shown
    assert "Waltman & van Eck" in shown
    for markup in (":math:", ".. math", "\\frac", "``", "----"):
        assert markup not in shown.partition("SQL:")[0]


def test_an_interruption_is_said_with_its_code() -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fourseas.cli.listing.list_names", interrupt)
        shown = run("list", "scope")

    assert shown.returncode == 130
    assert "interrupted; what was finished stays" in shown.stderr


def test_an_output_that_is_full_is_said_in_a_line() -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fourseas.cli.listing.list_names", refuse)
        shown = run("list", "scope")

    assert shown.returncode == 1
    assert "error: No space left on device: the output cannot be written." in shown.stderr


def test_a_lake_whose_making_was_broken_off_gets_its_countries(tmp_path: Path) -> None:
    lake = tmp_path / "lake [1]"
    layout.init(lake, scope="corpus")
    built = run("build", str(lake))

    assert built.returncode == 0, built.stderr
    assert "Kenya" in run("list", "country", "--lake", str(lake)).stdout


def test_an_organisation_register_refuses_works(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    run("init", str(lake), "--scope", "corpus")
    works = tmp_path / "works.jsonl"
    works.write_text('{"id": "https://openalex.org/W1", "display_name": "A work"}\n')
    added = run("add", str(lake), str(works), "--source", "ror", "--snapshot", "2024-01-01")

    assert added.returncode == 1
    assert "record 1: the needed key `names` or `name` is missing" in added.stderr


def test_a_snapshot_after_today_is_refused(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    run("init", str(lake), "--scope", "corpus")
    added = run("add", str(lake), str(tmp_path), "--source", "ror", "--snapshot", "2999-01-01")

    assert added.returncode == 1
    assert "is after today" in added.stderr


def test_many_citations_are_no_reason_to_stop(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    run("init", str(lake), "--scope", "corpus")
    works = tmp_path / "works.jsonl"
    cited = {"id": "https://openalex.org/W1", "publication_year": 2020, "type": "paratext"}
    works.write_text(json.dumps(cited | {"cited_by_count": 10**12}) + "\n")
    added = run("add", str(lake), str(works), "--source", "openalex", "--snapshot", "2024-01-01")
    built = run("build", str(lake))

    assert (added.returncode, built.returncode) == (0, 0), added.stderr + built.stderr
    assert "1 of kind paratext (openalex)" in built.stdout


def test_a_directory_that_is_no_lake_is_named(tmp_path: Path) -> None:
    shown = run("show", "volume", "--lake", str(tmp_path))

    assert shown.returncode == 1
    assert f"{tmp_path} is not a lake." in shown.stderr


def test_an_unknown_option_is_a_usage_error(lake_path: Path) -> None:
    shown = run("show", "volume", "--lake", str(lake_path), "--colour", "red")

    assert shown.returncode == 2
    assert "--colour" in shown.stdout + shown.stderr


@pytest.mark.parametrize("name", [indicator.name for indicator in INDICATORS])
def test_explain_gives_definition_columns_source_caveats_and_sql(name: str) -> None:
    shown = run("explain", name)

    assert shown.returncode == 0, shown.stderr
    for part in ("Source:", "Caveats:", "SQL:", "SELECT", "definition_id"):
        assert part in shown.stdout


@pytest.mark.parametrize("name", [definition.definition_id for definition in DEFINITIONS])
def test_explain_says_what_a_definition_keeps_of_its_model_and_what_not(name: str) -> None:
    shown = run("explain", name)

    assert shown.returncode == 0, shown.stderr
    assert "Reproduces:" in shown.stdout
    assert "Does not reproduce:" in shown.stdout


def test_impact_of_an_organization_is_shown_with_its_name_and_drawn_intervals(
    lake_path: Path,
) -> None:
    of_ericsson = ("--organization", "rfc:ericsson", "--years", "2011", "--lake", str(lake_path))
    shown = run("show", "impact", *of_ericsson, "--bootstrap", "200")

    assert shown.returncode == 0, shown.stderr
    assert "Ericsson, SE (3gpp:ericsson)" in shown.stdout
    assert "200 samples" in shown.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("volume", "--country", "CN", "--bootstrap", "1000"), "not volume"),
        (("impact", "--country", "CN", "--bootstrap", "5"), "Give 100 or more"),
        (("impact", "--bootstrap", "1000"), "Name units"),
        (("impact", "--organization", "Ericson"), "(3gpp:ericsson)"),
    ],
)
def test_what_cannot_be_drawn_or_found_is_refused_with_a_remedy(
    lake_path: Path, words: tuple[str, ...], expected: str
) -> None:
    refused = run("show", *words, "--lake", str(lake_path))

    assert refused.returncode == 1
    assert expected in refused.stderr


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("indicator", "leadership"),
        ("definition", "cwts-like"),
        ("source", "openalex"),
        ("counting", "fractional"),
        ("scope", "corpus"),
        ("register", "Requests for Comments"),
        ("country", "Kosovo"),
        ("field", "computer and information sciences"),
        ("organization", "Cisco Systems (rfc:cisco systems)"),
        ("table", "unit_cells"),
    ],
)
def test_list_names_what_there_is(lake_path: Path, what: str, expected: str) -> None:
    shown = run("list", what, "--lake", str(lake_path))

    assert shown.returncode == 0, shown.stderr
    assert expected.casefold() in shown.stdout.casefold()


def test_a_lake_is_made_filled_built_and_shown(tmp_path: Path) -> None:
    sample = Path(__file__).parents[1] / "samples" / "openalex" / "snapshot_2023"
    lake = tmp_path / "lake"

    assert run("init", str(lake), "--scope", "sample").returncode == 0
    refused = run("add", str(lake), str(sample), "--source", "openalex", "--snapshot", "2023-09-30")
    assert refused.returncode == 1
    assert "are not here" in refused.stderr
    added = run(
        "add",
        str(lake),
        str(sample),
        "--source",
        "openalex",
        "--snapshot",
        "2023-09-30",
        "--allow-incomplete",
    )
    assert added.returncode == 0, added.stderr
    assert "Incomplete" in added.stdout
    planned = run("build", str(lake), "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "unit_cells" in planned.stdout
    assert run("show", "volume", "--lake", str(lake)).returncode == 1
    built = run("build", str(lake))
    assert built.returncode == 0, built.stderr
    shown = run("list", "register", "--lake", str(lake))
    assert "openalex" in shown.stdout


def test_what_no_register_tells_is_said_by_register_and_its_empty_column_is_not_shown(
    lake_path: Path,
) -> None:
    lake = str(lake_path)
    asked = ("show", "collaboration", "--lake", lake, "--country", "KE", "--years", "2018-2022")
    shown = running.run(*asked, columns=80)

    assert "no pp_int_collab, because the register counts international works alone" in shown.stdout
    assert (
        "ncses: no pp_int_collab, because the register does not divide these works by collaboration"
        in shown.stdout
    )
    heading = next(line for line in shown.stdout.splitlines() if "definition_id" in line)
    assert "pp_int_collab" not in heading
    assert heading.split()[3:5] == ["p_int_collab", "p"]


def test_words_of_what_is_found_are_whole_on_a_narrow_screen(lake_path: Path) -> None:
    shown = running.run("find", "cellular security", "--lake", str(lake_path), columns=80)

    table = shown.stdout.split("Not shown")[0]
    assert {"evolution", "Cellular", "standard"} <= set(table.split())
    assert any(word.startswith("openalex_topic/T1") and len(word) == 21 for word in table.split())
    assert "--format json prints all" in shown.stdout
