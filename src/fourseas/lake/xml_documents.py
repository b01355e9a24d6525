"""Records of files that hold one XML document after another, each a record.

What is declared of a record says how it is read: a structure holds children by their tag and
attributes by ``@`` and their name, an array every child of its tag, a text all that is written
inside. No entity is expanded and nothing outside of the file is read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
from defusedxml import DefusedXmlException, ElementTree

from fourseas.errors import SourceError
from fourseas.lake.archive import DAMAGES

BEGIN = b"<?xml"
ATTRIBUTE = "@"
LARGEST_DOCUMENT = 2**26
"""Bytes of a document; a patent with all its text has a few megabytes."""

AT_ONCE = 1000
"""Documents that are held as objects; a small archive may hold many millions of small ones."""

Value = str | list["Value"] | dict[str, "Value"] | None


def records(path: Path, declared: ibis.Schema) -> pa.Table:
    """Return the records of a file, or of the one XML file in a zip archive.

    Raises
    ------
    SourceError
        If it is no such file, or a document is cut off, too large or not well-formed.
    """
    whole = dt.Struct(dict(declared.items()))
    schema = declared.to_pyarrow()
    structures = _structures(path, whole)
    tables = [schema.empty_table()]
    while some := list(islice(structures, AT_ONCE)):
        tables.append(pa.Table.from_pylist(some, schema=schema))
    return pa.concat_tables(tables)


def _structures(path: Path, declared: dt.Struct) -> Iterator[dict[str, Value]]:
    """Return what is declared of each document of a file."""
    for number, text in enumerate(_documents(path), start=1):
        try:
            root = ElementTree.fromstring(text)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            told = str(error) or type(error).__name__
            raise SourceError.unreadable_part(str(path), f"document {number}", told) from error
        yield _structure(root, declared)


def _documents(path: Path) -> Iterator[bytes]:
    """Return each document of a file as it stands there."""
    lines: list[bytes] = []
    size = 0
    with _opened(path) as file:
        for line in _lines(file):
            if line.startswith(BEGIN) and lines:
                yield b"".join(lines)
                lines, size = [], 0
            elif not lines and not line.strip():
                continue
            size += len(line)
            if size > LARGEST_DOCUMENT:
                told = f"a document has more than {LARGEST_DOCUMENT:,} bytes"
                raise SourceError.unreadable_part(str(path), "as a whole", told)
            lines.append(line)
    if lines:
        yield b"".join(lines)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Return lines, and pieces of those that are too long to be one."""
    while line := file.readline(LARGEST_DOCUMENT + 1):
        yield line


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, or the one XML file in an archive, of which nothing is written."""
    if path.suffix.lower() != ".zip":
        with path.open("rb") as file:
            yield file
        return
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".xml")]
            if len(names) != 1:
                told = f"it holds {len(names)} XML files, and not one"
                raise SourceError.unreadable_part(str(path), "as a whole", told)
            with archive.open(names[0]) as file:
                yield file
    except (*DAMAGES, OSError) as error:  # a place before the begin of the file is an OSError
        raise SourceError.unreadable_part(str(path), "as a whole", str(error)) from error


def _structure(element: Element, declared: dt.Struct) -> dict[str, Value]:
    return {name: _member(element, name, dtype) for name, dtype in declared.items()}


def _member(element: Element, name: str, dtype: dt.DataType) -> Value:
    """Return an attribute, a child or all children of a name, as declared; null where none is."""
    if name.startswith(ATTRIBUTE):
        return element.get(name.removeprefix(ATTRIBUTE))
    if isinstance(dtype, dt.Array):
        return [_value(child, dtype.value_type) for child in element.findall(name)]
    child = element.find(name)
    return None if child is None else _value(child, dtype)


def _value(element: Element, dtype: dt.DataType) -> Value:
    if isinstance(dtype, dt.Struct):
        return _structure(element, dtype)
    return " ".join("".join(element.itertext()).split()) or None
