"""A file of corrections: what is read, what is refused with its place, and what a lake keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas import corrections
from fourseas.errors import LakeError, PolicyError
from fourseas.lake import layout
from fourseas.lake.layout import Lake

HEADER = "kind,register,key,corrected,by,on,why,source\n"
LINK = "organization_ror,rfc,leiden univ,https://ror.org/027bh9e22,Ana,2026-01-31,Same,Its site\n"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Return a lake that holds nothing."""
    return layout.init(tmp_path / "lake", scope="corpus", memory_limit="1GB", threads=1)


def _refused(text: str) -> str:
    with pytest.raises(PolicyError) as refused:
        corrections.read(text.encode(), "mine.csv")
    return refused.value.problem


def test_a_row_says_what_who_when_why_and_by_what_source() -> None:
    (found,) = corrections.read((HEADER + LINK).encode(), "mine.csv")

    assert (found.line, found.register, found.organization_key) == (2, "rfc", "leiden univ")
    assert found.corrected == "027bh9e22"
    assert (found.said_by, found.said_on) == ("Ana", "2026-01-31")
    assert (found.why, found.source) == ("Same", "Its site")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (LINK.replace("_ror", "_rot"), "line 2, column 1: The column kind says"),
        (LINK.replace("027bh9e22", "027bh9e23"), "line 2, column 4: The column corrected says"),
        (LINK.replace("Ana", ""), "line 2, column 5: The column by is empty."),
        (LINK.replace("2026-01-31", "9999-01-31"), "line 2, column 6: The column on says"),
        (LINK.replace("rfc", "ror"), "line 2, column 2: The column register says `ror`."),
        (LINK.replace("Same,", "Same, or so,"), "line 2, column 1: The row has 9 fields"),
        (LINK + LINK, "line 3, column 1: Line 2 corrects the same of `rfc:leiden univ`."),
    ],
)
def test_a_fault_has_its_line_and_column(row: str, told: str) -> None:
    assert told in _refused(HEADER + row)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    text = HEADER + LINK.replace("Ana", "") + LINK.replace("_ror", "_rot")

    assert _refused(text).startswith("mine.csv: 2 problems.")


@pytest.mark.parametrize("text", ["", "kind,register\n", HEADER.replace("why", "reason")])
def test_a_file_with_other_columns_is_told_which_it_needs(text: str) -> None:
    assert "Begin with the columns kind,register,key," in _refused(text)


def test_editions_follow_each_other_and_the_same_one_is_kept_once(lake: Lake) -> None:
    first = corrections.add(lake, (HEADER + LINK).encode(), "one.csv")
    again = corrections.add(lake, (HEADER + LINK).encode(), "two.csv")
    second = corrections.add(lake, HEADER.encode(), "two.csv")

    assert (first.number, again.number, second.number) == (1, 1, 2)
    assert [len(one.corrections) for one in corrections.editions(lake)] == [1, 0]


def test_an_edition_that_was_changed_on_the_disk_is_refused(lake: Lake) -> None:
    corrections.add(lake, (HEADER + LINK).encode(), "one.csv")
    path = lake.root / "corrections" / "0001.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Ana", "Eve"), encoding="utf-8")

    with pytest.raises(LakeError, match="its hash does not fit"):
        corrections.editions(lake)


def test_a_row_of_a_review_file_that_decides_nothing_is_passed_over() -> None:
    header = ",".join((*corrections.COLUMNS, *corrections.EVIDENCE)) + "\n"
    rest = "," * len(corrections.EVIDENCE) + "\n"
    decided = LINK.strip() + rest
    undecided = "organization_ror,rfc,reef,,,,Alike,ROR" + rest
    nobody = LINK.replace("Ana", "").strip() + rest

    (found,) = corrections.read((header + undecided + decided).encode(), "mine.csv")

    assert (found.line, found.organization_key) == (3, "leiden univ")
    assert "line 2, column 5: The column by is empty." in _refused(header + nobody)
