"""Lists of publications in the form of each program, and what is told of bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourseas.errors import SourceError
from fourseas.lake import reference_files

Told = tuple[str | None, str | None, int | None]

TWO: list[Told] = [("10.5555/tides.1", "Tides of four seas", 2022), (None, "Winds", 2021)]

BIBTEX = """\
% a comment
@article{tides,
  author = {Sem, Ana}, title = {{Tides} of four seas}, year = 2022,
  doi = {https://doi.org/10.5555/TIDES.1}, month = sept
}
@misc{winds, title = "Winds", year = {2021}, url = {https://example.org/winds}}
"""
RIS = """\
TY  - JOUR
AU  - Sem, Ana
TI  - Tides of four seas
PY  - 2022/04
DO  - 10.5555/tides.1
ER  -

TY  - CONF
T1  - Winds
Y1  - 2021
ER  -
"""
TAGGED = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Sem, A
   Carberry, J
TI Tides of
   four seas
PY 2022
DI 10.5555/tides.1
UT WOS:1
ER

PT J
TI Winds
PY 2021
ER

EF
"""
TABBED = (
    "PT\tAU\tTI\tPY\tDI\tUT\n"
    "J\tSem, A\tTides of four seas\t2022\t10.5555/tides.1\tWOS:1\t\n"
    "J\tSem, A\tWinds\t2021\t\tWOS:2\t\n"
)
SCOPUS = (
    '"Authors","Title","Year","DOI","EID"\n'
    '"Sem A.","Tides of\nfour seas","2022","10.5555/tides.1","2-s2.0-1"\n'
    '"Sem A.","Winds","2021","","2-s2.0-2"\n'
)
DIMENSIONS = (
    '"About the data: Exported on Jan 01, 2026."\n'
    "Rank,Publication ID,DOI,Title,PubYear\n"
    "1,pub.1,10.5555/tides.1,Tides of four seas,2022\n"
    "2,pub.2,,Winds,2021\n"
)
OWN = "doi\thow\nhttp://dx.doi.org/10.5555/Tides.1\tread\n\tunread\n"


def _written(directory: Path, name: str, content: str | bytes) -> Path:
    path = directory / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("list.bib", BIBTEX, "BibTeX"),
        ("list.ris", RIS, "RIS"),
        ("list.ris", RIS.replace("\n", "\r\n"), "RIS"),
        ("list.ris", RIS.replace("  -", " -"), "RIS"),
        ("list.ris", RIS.replace("TI  - ", "TI - ").replace("DO  - ", "DO\t-\t"), "RIS"),
        ("list.txt", RIS, "RIS"),
        ("savedrecs.txt", "\ufeff" + TAGGED, "Web of Science"),
        ("savedrecs.csv", TAGGED, "Web of Science"),
        ("savedrecs.ris", TAGGED.replace("\n", "\r\n"), "Web of Science"),
        ("savedrecs.csv", TABBED, "Web of Science"),
        ("savedrecs.txt", TABBED, "Web of Science"),
        ("savedrecs.txt", TABBED.encode("utf-16"), "Web of Science"),
        ("scopus.csv", "\ufeff" + SCOPUS, "Scopus"),
        ("Dimensions.csv", DIMENSIONS, "Dimensions"),
    ],
)
def test_the_same_two_records_in_the_form_of_each_program(
    tmp_path: Path, name: str, content: str | bytes, kind: str
) -> None:
    found = reference_files.read(_written(tmp_path, name, content))

    assert found.kind == kind
    assert [(one.doi, one.title, one.year) for one in found.records] == TWO


def test_any_table_with_a_column_of_dois_is_a_list(tmp_path: Path) -> None:
    found = reference_files.read(_written(tmp_path, "mine.tsv", OWN))

    assert found.kind == "table"
    assert [one.doi for one in found.records] == ["10.5555/tides.1", None]


@pytest.mark.parametrize("before", ["", "sep=;\n"])
def test_a_table_of_a_spreadsheet_with_semicolons_is_a_list(tmp_path: Path, before: str) -> None:
    written = f'{before}Title;DOI;Year\n"Tides, of ""four"" seas";10.5555/tides.1;2022\n'
    found = reference_files.read(_written(tmp_path, "mine.csv", written))

    (one,) = found.records
    assert (one.doi, one.title, one.year) == ("10.5555/tides.1", 'Tides, of "four" seas', 2022)
    assert one.place == ("line 3" if before else "line 2")


def test_a_key_that_occurs_twice_in_bibtex_is_told_and_not_lost(tmp_path: Path) -> None:
    twice = BIBTEX + "@article{Tides, title = {Other}, doi = {10.5555/other}}\n"
    found = reference_files.read(_written(tmp_path, "list.bib", twice))

    assert len(found.records) == 3
    assert found.records[2].fault == "its key occurs before"


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.5555/A", "10.5555/a"),
        ("https://doi.org/10.5555/a", "10.5555/a"),
        ("doi:10.5555/a.", "10.5555/a"),
        ("DOI 10.1002/(SICI)1097-4571(1999)50:9<799::AID-ASI9>3.0.CO;2-G",
         "10.1002/(sici)1097-4571(1999)50:9<799::aid-asi9>3.0.co;2-g"),
        ("see page 3", None),
        ("10.5555", None),
    ],
)  # fmt: skip
def test_dois_as_people_write_them(tmp_path: Path, written: str, doi: str | None) -> None:
    found = reference_files.read(_written(tmp_path, "mine.csv", f"DOI\n{written}\n"))

    assert [one.doi for one in found.records] == [doi]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("list.pdf", "x", "as a whole: .pdf is none of BibTeX (.bib)"),
        ("list.bib", "", "is empty"),
        ("list.bib", "A letter without records", "there is no record of BibTeX"),
        ("list.bib", BIBTEX + "@article{cut, title = {Un", "line 7: syntax error"),
        ("list.bib", b"@misc{a, title = {\xfcber}}", "line 1: byte 0xfc is not UTF-8"),
        ("list.ris", RIS[:-7], "2 records begin with TY and 1 end with ER; it is cut off"),
        ("list.ris", "A letter", "there is no record of RIS"),
        ("list.txt", "A letter", "line 1: it begins with 'A letter', not with FN"),
        ("list.txt", TAGGED.replace("VR 1.0", "VR 2.0"), "line 2: version 2.0, not 1.0"),
        ("list.txt", TAGGED[:120], "it does not end with EF; it is cut off"),
        ("list.csv", TAGGED[:120], "it does not end with EF; it is cut off"),
        ("list.ris", RIS.replace("  -", "-"), "2 records begin with TY and 0 end with ER"),
        ("list.csv", "Title,Year\nA,2020\n", "none of its columns is DOI or DI, but title, year"),
        ("list.csv", SCOPUS[:-20], "line 4: unexpected end of data; it may be cut off"),
        ("list.csv", "DOI,Title\n10.5555/a\n", "line 2: 1 cells where the header has 2"),
        ("list.csv", "DOI,Title\n", "there is no record of table"),
        ("list.csv", "PK\x03\x04\x00", "it is a workbook or an archive; save the sheet as CSV"),
        ("list.csv", "\n<!DOCTYPE html><html></html>", "it is a web page"),
        ("list.csv", "DOI;Title\n10.5555/a\n", "line 2: 1 cells where the header has 2"),
    ],
)
def test_a_bad_list_is_named_with_the_place_and_what_was_expected(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    path = _written(tmp_path, name, content)
    with pytest.raises(SourceError) as raised:
        reference_files.read(path)

    assert str(path) in raised.value.problem
    assert told in raised.value.problem


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is nothing at"):
        reference_files.read(tmp_path / "list.bib")


def test_a_line_that_goes_on_with_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.ris"
    path.write_bytes(b"TY  - JOUR\nTI  - a\nER  - \nTY  2 JOUR\n0\nDOabc\nER  - \n")

    with pytest.raises(SourceError, match="goes on with the field 'title'"):
        reference_files.read(path)
