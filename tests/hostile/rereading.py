"""Exports read again by other readers than those that wrote them, to see if they are whole."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import pyarrow.parquet as pq
from pybtex.database import parse_string
from pybtex.exceptions import PybtexError

from tests.hostile.planting import MARK

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*([eE][-+]?\d+)?|inf|nan)%?")
RUNS = re.compile(r"^on|^href$|^src$")
DRAWN = ("script", "iframe", "foreignObject", "object", "embed")


def broken(ending: str, content: bytes) -> str | None:
    """Return what is wrong with an export, by the ending of its name; None where it is whole."""
    try:
        return READERS[ending](content)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, PybtexError, csv.Error) as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    except defusedxml.ElementTree.ParseError as error:
        return f"no XML: {error}"


def _csv(content: bytes) -> str | None:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return "a row has another number of cells than the head"
    for row in rows[1:]:
        for cell in row:
            if cell.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(cell):
                return f"a formula: {cell[:60]!r}"
    return None


def _xlsx(content: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if book.testzip() is not None:
            return "a file in it is damaged"
        for name in book.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            root: Element = defusedxml.ElementTree.fromstring(book.read(name))
            if root.findall(f".//{SHEET}f"):
                return f"a formula in {name}"
            if name.endswith(".rels") and 'TargetMode="External"' in book.read(name).decode():
                return f"a link that leads out in {name}"
    return None


def _parquet(content: bytes) -> str | None:
    table = pq.read_table(io.BytesIO(content))
    table.validate(full=True)
    return None


def _json(content: bytes) -> str | None:
    json.loads(content)
    return None


def _svg(content: bytes) -> str | None:
    for element in defusedxml.ElementTree.fromstring(content).iter():
        if element.tag.split("}")[-1] in DRAWN:
            return f"an element {element.tag}"
        for name, value in element.attrib.items():
            own = name.split("}")[-1]
            if own == MARK or (RUNS.match(own) and not value.startswith(("/", "#"))):
                return f"an attribute {own}={value[:60]}"
    return None


def _png(content: bytes) -> str | None:
    return None if content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82") else "cut"


def _citation(content: bytes) -> str | None:
    text = content.decode("utf-8")
    entries = parse_string(text[text.index("@misc{") :], "bibtex").entries
    return None if len(entries) == 1 else f"{len(entries)} entries and not one"


READERS = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
    ".metadata.json": _json,
    ".json": _json,
    ".svg": _svg,
    ".png": _png,
    ".citation": _citation,
}
