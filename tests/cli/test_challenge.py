"""`fourseas challenge` as a user meets it, against counts of OpenAlex's own records."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fourseas.lake.embedded import REGISTERS
from tests.commands import Ended, run

CORE = {"T10226", "T10471"}
WIDE = {"T10841"}
GOAL = "https://metadata.un.org/sdg/13"
LIST = """\
kind,id,label,weight,decision,reason
{core}topic,T10841,Economic and Environmental Valuation,wide,include,counts what nature is worth
sdg,13,Climate action,wide,include,the goal
"""
Record = dict[str, Any]


def _own(path: Path, *, text: str | None = None) -> Path:
    core = "".join(f"topic,{one},,core,include,our subject\n" for one in sorted(CORE))
    path.write_text(text or LIST.format(core=core))
    return path


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _asked(lake: Path, file: Path, *words: str) -> Ended:
    return run("challenge", *words, "--list", str(file), "--lake", str(lake))


def _records() -> list[Record]:
    (openalex,) = (one for one in REGISTERS if one.source == "openalex")
    with gzip.open(openalex.path / "works.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _topics(record: Record, least: float) -> set[str]:
    """Return the first topic of a record, and others that score at least so much."""
    first = (record.get("primary_topic") or {}).get("id")
    ids = {one["id"] for one in record.get("topics") or [] if one["score"] >= least}
    return {one.rpartition("/")[2] for one in ids | ({first} if first else set())}


def _is_core(record: Record) -> bool:
    return bool(_topics(record, 0.99) & CORE)


def _is_wide(record: Record) -> bool:
    return bool(_topics(record, 0.0) & (CORE | WIDE))


def _has_goal(record: Record) -> bool:
    return GOAL in {one["id"] for one in record.get("sustainable_development_goals") or []}


def _labels(belongs: Callable[[Record], bool]) -> set[str]:
    return {one["id"].rpartition("/")[2] for one in _records() if belongs(one)}


def test_counts_by_three_readings_are_those_of_the_records(lake_path: Path, tmp_path: Path) -> None:
    core, wide, goal = (_labels(one) for one in (_is_core, _is_wide, _has_goal))
    told = _asked(lake_path, _own(tmp_path / "nature.csv"), "show")

    assert told.returncode == 0, told.stderr
    lines = [line.split() for line in told.stdout.splitlines()]
    assert ["core", str(len(core))] in [line[:2] for line in lines]
    assert ["core+wide", str(len(wide))] in [line[:2] for line in lines]
    assert ["SDG", str(len(goal))] in [line[:2] for line in lines]
    shared = f"{len(wide & goal) / len(wide | goal):.4g}"
    assert ["core+wide", "SDG", str(len(wide & goal)), shared] in lines
    assert 0 < len(core) < len(wide)


def test_tagged_works_are_those_of_the_records_with_what_made_them_so(
    lake_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tagged.csv"
    told = _asked(lake_path, _own(tmp_path / "nature.csv"), "tag", "--out", str(out))
    rows = _read(out)
    found = {
        kind: {row["work_label"] for row in rows if row["membership"] == kind}
        for kind in ("core", "wide", "sdg")
    }
    core, wide, goal = (_labels(one) for one in (_is_core, _is_wide, _has_goal))

    assert told.stdout == f"Wrote {len(rows)} works to {out}.\n"
    assert found == {"core": core, "wide": wide - core, "sdg": goal - wide}
    assert {row["by_id"] for row in rows if row["membership"] == "core"} <= CORE
    assert {row["by_id"] for row in rows if row["membership"] == "sdg"} == {"13"}
    assert "nature-" in Path(f"{out}.about.txt").read_text(encoding="utf-8")


def test_keywords_find_whole_words_of_titles(lake_path: Path, tmp_path: Path) -> None:
    text = "kind,id,weight,decision,reason\nkeyword,climate,core,include,our subject\n"
    out = tmp_path / "tagged.csv"
    _asked(lake_path, _own(tmp_path / "own.csv", text=text), "tag", "--out", str(out))
    rows = _read(out)
    found = {row["work_label"] for row in rows if row["register"] == "openalex"}

    def says_so(record: Record) -> bool:
        title = record["title"] or ""
        words = "".join(sign if sign.isalnum() else " " for sign in title).casefold().split()
        return "climate" in words

    assert found == _labels(says_so) != set()


def test_a_challenge_that_no_work_has_names_the_nearest_topics_that_are_there(
    lake_path: Path, tmp_path: Path
) -> None:
    text = "kind,id,weight,decision,reason\nkeyword,quagga climate,core,include,extinct\n"
    told = _asked(lake_path, _own(tmp_path / "own.csv", text=text), "show")

    assert told.returncode == 1
    assert "no work has one of its 1 topics or keywords" in told.stderr
    assert "Nearest topics with works here: T" in told.stderr
    assert "limate" in told.stderr


def test_slips_end_with_1_and_name_the_line(lake_path: Path, tmp_path: Path) -> None:
    text = "kind,id,label,weight,decision,reason\ntopic,T1,Climate change policy,core,include,\n"
    slip = _own(tmp_path / "slip.csv", text=text)
    told = _asked(lake_path, slip, "show")
    both = run("challenge", "show", "heat", "--list", str(slip))
    neither = run("challenge", "show")
    absent = run("challenge", "show", "--list", str(tmp_path / "none.csv"))

    assert {one.returncode for one in (told, both, neither, absent)} == {1}
    assert f"{slip} is no list of a challenge:" in told.stderr
    assert (
        "line 2: there is no topic T1; T10471, Climate Change Policy and Economics?" in told.stderr
    )
    assert "line 2: no reason is given" in told.stderr
    assert "one of the two" in both.stderr
    assert "one of the two" in neither.stderr
    assert "none.csv" in absent.stderr


def test_rows_of_a_list_are_printed_with_their_reasons(tmp_path: Path) -> None:
    told = run("challenge", "show", "--list", str(_own(tmp_path / "nature.csv")), "--rows")

    assert told.returncode == 0
    assert "counts what nature is worth" in told.stdout
    assert "Definition: nature-" in told.stdout


def test_a_sheet_is_drawn_filled_in_and_scored(lake_path: Path, tmp_path: Path) -> None:
    out, own = tmp_path / "sheet.csv", _own(tmp_path / "nature.csv")
    drawn = _asked(lake_path, own, "sample", "--out", str(out), "--each", "4")
    rows = _read(out)
    for row in rows:
        row["labeller_1"] = "yes" if row["stratum"] == "core" else "no"
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    told = run("challenge", "score", str(out))
    lines = [line.split() for line in told.stdout.splitlines()]
    sizes = {row["stratum"]: row["n_stratum"] for row in rows}

    assert f"Wrote {len(rows)} works to {out}" in drawn.stdout
    assert told.returncode == 0, told.stderr
    # Wilson's interval of 4 in 4: from 4 / (4 + 1.96^2).
    assert ["labeller_1", "core", sizes["core"], "4", "4", "1", "0.5101", "to", "1"] in lines
    assert "no work was judged by both" in told.stdout
    assert sizes["core"] == str(len(_labels(_is_core)))


def test_a_draft_has_candidates_and_no_decisions(tmp_path: Path) -> None:
    out = tmp_path / "water.csv"
    told = run("challenge", "draft", "drought and irrigation", "--out", str(out), "--take", "2")
    rows = _read(out)

    assert told.returncode == 0, told.stderr
    assert [row["challenge"] for row in rows] == ["water"] * 2
    assert {row["decision"] for row in rows} == {""}
    assert any("Irrigation" in row["label"] for row in rows)
    assert run("challenge", "draft", "zzzz", "--out", str(out)).returncode == 1


def test_a_file_that_is_not_there_is_said_to_be_so_and_one_that_is_stands_for_a_name(
    lake_path: Path, tmp_path: Path
) -> None:
    gone, own = tmp_path / "gone.csv", _own(tmp_path / "nature.csv")
    missing = [run("challenge", "score", str(gone)), run("challenge", "show", str(gone))]
    shown = run("challenge", "show", str(own), "--lake", str(lake_path))

    assert {told.stderr for told in missing} == {
        f"error: There is nothing at {gone}.\nGive a file or a directory that exists.\n"
    }
    assert shown.returncode == 0, shown.stderr
    assert "Definition: nature-" in shown.stdout


def test_a_challenge_is_found_by_its_name_and_a_slip_is_offered_the_nearest() -> None:
    told = run("challenge", "show", "climate_chagne")
    listed = run("challenge", "list")

    assert told.returncode == 1
    assert "Did you mean climate_change?" in told.stderr
    assert "climate_change" in listed.stdout
