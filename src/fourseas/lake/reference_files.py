"""Lists of publications as other programs export them: BibTeX, RIS, and tables of databases.

Read are the DOI, the title and the year of each record, and nothing of persons. Which kind a file
is follows from its first lines, where these are those of Web of Science or RIS, and else from its
ending:

- ``.bib``: BibTeX
- ``.ris``: RIS
- ``.txt``: Web of Science, tagged (`FN ...`) or tab-delimited
- ``.csv``, ``.tsv``: Scopus, Dimensions, OpenAlex's web site, or any table with a column of DOIs
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import rispy
from pybtex import errors as bibtex_errors
from pybtex.database import BibliographyDataError
from pybtex.database.input import bibtex
from pybtex.exceptions import PybtexError

from fourseas.errors import SourceError

DOI = re.compile(r"10\.\d{4,9}/\S+")
BRACES = re.compile(r"[{}]")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
WEB_OF_SCIENCE = re.compile(r"FN .*\r?\nVR ")
TAGGED = re.compile(r"([A-Z][A-Z0-9]) (.*)")
RIS_RECORD = re.compile(r"^TY {0,2}- ?", re.MULTILINE)
RIS_FIELD = re.compile(
    rf"^({'|'.join([*sorted(rispy.TAG_KEY_MAPPING), 'ER'])})[ \t]+-(?:[ \t]+|$)", re.MULTILINE
)
"""A tag as some programs write it: RIS has two blanks before the dash, and one after it."""

ENDINGS = (".bib", ".ris", ".txt", ".csv", ".tsv")
BYTE_ORDER_MARKS = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}
WOK_VERSION = "1.0"

ZIP = b"PK\x03\x04"
PAGES = (b"<!doctype html", b"<html")
BEFORE_HEADER = ("About the data", "sep=")
"""How a line begins that Dimensions, or a spreadsheet, writes before the header."""

DOI_COLUMNS = ("doi", "di")
TITLE_COLUMNS = ("title", "ti", "display_name")
YEAR_COLUMNS = ("year", "pubyear", "py", "publication_year")

COLUMNS_OF_DATABASES = (
    ("eid", "Scopus"),
    ("publication id", "Dimensions"),
    ("di", "Web of Science"),
)
"""By which column the export of a database is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One record of a list.

    Attributes
    ----------
    place
        Where it stands, for a reader who looks for it.
    written
        Its DOI as written; null where there is none.
    title, year
        What else tells it apart; null where it is not there.
    fault
        Why it cannot be read whole; null if it can.
    """

    place: str
    written: str | None
    title: str | None
    year: int | None
    fault: str | None = None

    @property
    def doi(self) -> str | None:
        """Its DOI in lower case without a resolver, or null where what is written is none."""
        found = DOI.search(self.written or "")
        return found.group().lower().rstrip(".,;") if found else None


@dataclass(frozen=True, slots=True)
class References:
    """A list: what kind of file it is, and its records in order."""

    kind: str
    records: tuple[Reference, ...]


def read(path: Path) -> References:
    """Read a list of publications.

    Raises
    ------
    SourceError
        If there is no file, or it is none of the kinds above, damaged, cut off or without records;
        it says where and what was expected.
    """
    if not path.is_file():
        raise SourceError.missing_path(str(path))
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise _unreadable(path, "as a whole", f"{ending or 'no ending'} is none of {_KINDS}")
    text = _text(path)
    if not text.strip():
        raise SourceError.empty_part(str(path))
    if WEB_OF_SCIENCE.match(text):
        found = References("Web of Science", tuple(_tagged(path, text)))
    elif RIS_RECORD.match(text):
        found = References("RIS", tuple(_ris(path, text)))
    elif ending == ".bib":
        found = References("BibTeX", tuple(_bibtex(path, text)))
    elif ending == ".ris":
        found = References("RIS", tuple(_ris(path, text)))
    elif ending == ".txt" and not _is_table(text):
        found = References("Web of Science", tuple(_tagged(path, text)))
    else:
        found = _table(path, text, "\t" if ending == ".tsv" else _delimiter(text))
    if not found.records:
        raise _unreadable(path, "as a whole", f"there is no record of {found.kind} in it")
    return found


_KINDS = "BibTeX (.bib), RIS (.ris), Web of Science (.txt) and tables (.csv, .tsv)"


def _text(path: Path) -> str:
    """Return what a file says in the encoding that its first bytes name, or else in UTF-8."""
    content = path.read_bytes()
    if content.startswith(ZIP):
        found = "it is a workbook or an archive; save the sheet as CSV in UTF-8"
        raise _unreadable(path, "as a whole", found)
    if content.lstrip().lower().startswith(PAGES):
        found = "it is a web page, as sites send one in place of an export; export it again"
        raise _unreadable(path, "as a whole", found)
    marked = (code for mark, code in BYTE_ORDER_MARKS.items() if content.startswith(mark))
    encoding = next(marked, "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x} is not {encoding.upper()}; export it in UTF-8"
        raise _unreadable(path, f"line {line}", found) from error


def _bibtex(path: Path, text: str) -> Iterator[Reference]:
    """Read BibTeX; of entries with one key the first is read and the others are told."""
    try:
        with bibtex_errors.capture() as faults:
            entries = bibtex.Parser().parse_string(text).entries
    except PybtexError as error:
        raise _unreadable(path, "as a whole", str(error)) from error
    for key, entry in entries.items():
        fields = {name.lower(): BRACES.sub("", value) for name, value in entry.fields.items()}
        doi = fields.get("doi") or _doi_of_url(fields.get("url", ""))
        yield _reference(f"entry {key}", doi, fields.get("title"), fields.get("year"))
    for fault in faults:
        if isinstance(fault, BibliographyDataError):
            told = str(fault)
            yield Reference(
                place=told.replace("repeated bibliography entry:", "entry"),
                written=None,
                title=None,
                year=None,
                fault="its key occurs before",
            )
        elif "undefined string" not in str(fault):
            line = getattr(fault, "lineno", None)
            raise _unreadable(path, f"line {line}" if line else "as a whole", str(fault))


def _ris(path: Path, text: str) -> Iterator[Reference]:
    """Read RIS, of which each record begins with TY and ends with ER."""
    try:
        records = rispy.loads(RIS_FIELD.sub(r"\1  - ", text.replace("\r\n", "\n")))
    except KeyError as error:
        found = f"a line goes on with the field {error}, which its record does not have"
        raise _unreadable(path, "as a whole", found) from error
    n_begun = len(RIS_RECORD.findall(text))
    if len(records) != n_begun:
        found = f"{n_begun} records begin with TY and {len(records)} end with ER; it is cut off"
        raise _unreadable(path, "at its end", found)
    for place, record in enumerate(records, start=1):
        urls = " ".join(record.get("urls", ()))
        title = record.get("title") or record.get("primary_title")
        year = record.get("year") or record.get("publication_year")
        doi = record.get("doi") or _doi_of_url(urls)
        yield _reference(f"record {place}", doi, title, year)


def _tagged(path: Path, text: str) -> Iterator[Reference]:
    """Read the tagged export of Web of Science: FN, VR, records of PT to ER, EF."""
    lines = text.splitlines()
    if not lines[0].startswith("FN "):
        found = f"it begins with {lines[0][:30]!r}, not with FN as Web of Science does"
        raise _unreadable(path, "line 1", found)
    version = lines[1].removeprefix("VR ").strip() if len(lines) > 1 else ""
    if version != WOK_VERSION:
        raise _unreadable(path, "line 2", f"version {version or 'unknown'}, not {WOK_VERSION}")
    tag, fields, place = "", dict[str, str](), 0
    for line in lines[2:]:
        if line.strip() == "ER":
            place += 1
            yield _reference(
                f"record {place}", fields.get("DI"), fields.get("TI"), fields.get("PY")
            )
            fields = {}
        elif line.strip() == "EF":
            return
        elif line.startswith("   ") and tag:
            fields[tag] = f"{fields.get(tag, '')} {line.strip()}"
        elif found_tag := TAGGED.match(line):
            tag, fields[found_tag.group(1)] = found_tag.group(1), found_tag.group(2)
    raise _unreadable(path, f"line {len(lines)}", "it does not end with EF; it is cut off")


def _is_table(text: str) -> bool:
    return "\t" in text.split("\n", 1)[0]


def _delimiter(text: str) -> str:
    """Return what parts the cells: some programs call a table with tabulators CSV too.

    Where a comma is the decimal mark, spreadsheets take semicolons.
    """
    lines = (line for line in text.splitlines() if not line.lstrip('"').startswith(BEFORE_HEADER))
    header = next(lines, "")
    return max(",", ";", "\t", key=header.count)


def _table(path: Path, text: str, delimiter: str) -> References:
    """Read a table with a column of DOIs; a line about the file may stand before the header."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        listed = [(rows.line_num, row) for row in rows if any(row)]
    except csv.Error as error:
        raise _unreadable(path, f"line {rows.line_num}", f"{error}; it may be cut off") from error
    if listed and listed[0][1][0].startswith(BEFORE_HEADER):
        listed = listed[1:]
    header = [name.strip().lower() for name in listed[0][1]] if listed else []
    if not set(DOI_COLUMNS) & set(header):
        shown = ", ".join(header[:8])
        raise _unreadable(path, "line 1", f"none of its columns is DOI or DI, but {shown}")
    kind = next((name for column, name in COLUMNS_OF_DATABASES if column in header), "table")
    return References(kind, tuple(_rows(path, header, listed[1:])))


def _rows(path: Path, header: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[Reference]:
    for line, row in rows:
        # Web of Science ends its lines with a tabulator more than its header.
        if len(row) < len(header) or any(row[len(header) :]):
            found = f"{len(row)} cells where the header has {len(header)}"
            raise _unreadable(path, f"line {line}", found)
        cells = dict(zip(header, row, strict=False))
        yield _reference(
            f"line {line}",
            _cell(cells, DOI_COLUMNS),
            _cell(cells, TITLE_COLUMNS),
            _cell(cells, YEAR_COLUMNS),
        )


def _cell(cells: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((cells[name] for name in names if cells.get(name)), None)


def _doi_of_url(url: str) -> str | None:
    """Return a DOI that is written as an address."""
    return url if "doi.org/" in url else None


def _reference(place: str, doi: str | None, title: str | None, year: str | None) -> Reference:
    found = YEAR.search(year or "")
    return Reference(
        place=place,
        written=(doi or "").strip() or None,
        title=" ".join((title or "").split()) or None,
        year=int(found.group()) if found else None,
    )


def _unreadable(path: Path, place: str, found: str) -> SourceError:
    return SourceError.unreadable_part(str(path), place, found)
