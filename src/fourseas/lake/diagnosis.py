"""Where and why a file cannot be read: slow scans, for files that are known or feared to be bad."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from itertools import islice
from pathlib import Path

import ibis
import ibis.expr.datatypes as dt

from fourseas.errors import SourceError

SHOWN_SIGNS = 40
"""Of a value that is wrong."""

CHUNK = 2**20
GZIP_FAULTS = (EOFError, gzip.BadGzipFile, zlib.error)

LONGEST_LINE = 2**28
"""Bytes; a few MB of gz swell to more. It is the longest that DuckDB is asked to read."""

TOO_DEEP = "it is nested too deeply"


def inflate(path: Path) -> None:
    """Read compressed data to the end, which is the only way to know that they are whole.

    DuckDB takes a file that is cut off after a line, or whose checksum is wrong, for a good one.

    Raises
    ------
    SourceError
        If the data end too early or are damaged; it says after which line.
    """
    n_lines = 0
    with _stream(path) as stream:
        try:
            while chunk := stream.read1(CHUNK):
                n_lines += chunk.count(b"\n")
        except GZIP_FAULTS as error:
            raise _damaged(path, n_lines, error) from error


def json_fault(path: Path) -> SourceError | None:
    """Return the first fault of a file with a JSON record in each line, or None without one."""
    line = 0
    with _stream(path) as stream:
        try:
            for line, text in enumerate(_lines(stream), start=1):
                fault = _line_fault(text)
                if fault is not None:
                    return SourceError.unreadable_part(str(path), f"line {line}", fault)
        except GZIP_FAULTS as error:
            return _damaged(path, line, error)
    return None


def _lines(stream: BufferedIOBase) -> Iterator[bytes]:
    """Yield lines, of a line that is too long its beginning."""
    return iter(lambda: stream.readline(LONGEST_LINE + 1), b"")


def array_fault(path: Path) -> SourceError | None:
    """Return the first fault of a file that holds one JSON array, or None without one."""
    with _stream(path) as stream:
        try:
            content = stream.read()
        except GZIP_FAULTS as error:
            return _damaged(path, 0, error)
    try:
        json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return SourceError.unreadable_part(str(path), f"line {line}", _not_utf_8(error))
    except json.JSONDecodeError as error:
        return SourceError.unreadable_part(
            str(path), f"line {error.lineno}", f"column {error.colno}: {error.msg}"
        )
    except RecursionError:
        return SourceError.unreadable_part(str(path), "as a whole", TOO_DEEP)
    return None


def items_fault(path: Path, key: str) -> SourceError | None:
    """Return the first fault of a file that is one JSON object with an array of records."""
    fault = array_fault(path)
    if fault is None:
        with _stream(path) as stream:
            content = json.loads(stream.read())
        if isinstance(content, dict) and isinstance(content.get(key), list):
            return None
    elif not _is_record_in_each_line(path):
        return fault
    found = f"there is no array `{key}` of records; one record in each line needs a .jsonl file"
    return SourceError.unreadable_part(str(path), "as a whole", found)


def _is_record_in_each_line(path: Path) -> bool:
    """Tell whether the first two lines are records of their own."""
    with _stream(path) as stream:
        try:
            return all(_line_fault(line) is None and line.strip() for line in islice(stream, 2))
        except GZIP_FAULTS:
            return False


def type_fault(path: Path, raw: ibis.Schema, items: str | None = None) -> SourceError | None:
    """Return the first declared key whose value is of another type, or None without one.

    A record is named by its line, or in an array by its place; a key inside it by its path. The
    array is the file, or what its one object has under the key `items`.
    """
    is_array = items is not None or first_sign(path) == b"["
    with _stream(path) as stream:
        lines: Iterable[object] = stream
        if is_array:
            content = json.loads(stream.read())
            lines = content if items is None else content[items]
        for place, line in enumerate(lines, start=1):
            record = json.loads(line) if isinstance(line, bytes) and line.strip() else line
            if not isinstance(record, dict):
                continue
            for key, dtype in raw.items():
                fault = _wrong_value(key, record.get(key), dtype)
                if fault is not None:
                    where = f"{'record' if is_array else 'line'} {place}"
                    return SourceError.unreadable_part(str(path), where, fault)
    return None


def _wrong_value(key: str, value: object, dtype: dt.DataType) -> str | None:
    """Say that a value is not of its type, or return None; nothing is wrong with null."""
    if value is None:
        return None
    if isinstance(dtype, dt.Array) and isinstance(value, list):
        faults = (_wrong_value(f"{key}[]", one, dtype.value_type) for one in value)
        return next((fault for fault in faults if fault is not None), None)
    if isinstance(dtype, dt.Struct) and isinstance(value, dict):
        faults = (_wrong_value(f"{key}.{k}", value.get(k), t) for k, t in dtype.items())
        return next((fault for fault in faults if fault is not None), None)
    if dtype.is_nested():
        fits = isinstance(dtype, dt.Map) and isinstance(value, dict)
    elif isinstance(dtype, dt.Integer):
        fits = _fits_integer(value, dtype)
    elif isinstance(dtype, dt.Floating):
        fits = _is_number(value)
    elif isinstance(dtype, dt.Boolean):
        fits = isinstance(value, bool) or str(value).lower() in ("true", "false", "0", "1")
    else:
        fits = True
    if fits:
        return None
    shown = json.dumps(value, ensure_ascii=False)
    kind = "an object" if isinstance(dtype, dt.Struct) else f"of type {dtype}"
    kind = "an array" if isinstance(dtype, dt.Array) else kind
    return f"the key `{key}` is {shown[:SHOWN_SIGNS]}, which is not {kind}"


def _fits_integer(value: object, dtype: dt.Integer) -> bool:
    if not _is_number(value):
        return False
    number = float(str(value).lower() == "true") if isinstance(value, bool) else float(str(value))
    return bool(dtype.bounds.lower <= number <= dtype.bounds.upper)


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return True
    try:
        float(str(value))
    except ValueError:
        return False
    return isinstance(value, int | float | str)


def first_sign(path: Path) -> bytes:
    """Return the first byte of a file that is no white space, or nothing where there is none."""
    with _stream(path) as stream:
        try:
            while chunk := stream.read(CHUNK):
                if text := chunk.lstrip():
                    return text[:1]
        except GZIP_FAULTS as error:
            raise _damaged(path, 0, error) from error
    return b""


def last_sign(path: Path) -> bytes:
    """Return the last byte of a file that is no white space, or nothing where there is none."""
    last = b""
    with _stream(path) as stream:
        try:
            while chunk := stream.read(CHUNK):
                last = chunk.rstrip()[-1:] or last
        except GZIP_FAULTS as error:
            raise _damaged(path, 0, error) from error
    return last


def _line_fault(text: bytes) -> str | None:
    """Say what is wrong with a line, or return None if it is a record or blank."""
    if len(text) > LONGEST_LINE:
        return f"the line is longer than {LONGEST_LINE:,} bytes"
    try:
        line = text.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf_8(error)
    if not text.strip():
        return None
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        return f"column {error.colno}: {error.msg}"
    except RecursionError:
        return TOO_DEEP
    return None if isinstance(record, dict) else "the record is not a JSON object"


def _not_utf_8(error: UnicodeDecodeError) -> str:
    return f"byte {error.object[error.start]:#04x} is not UTF-8; save the file in that encoding"


def _damaged(path: Path, n_lines: int, error: Exception) -> SourceError:
    found = (
        "the compressed data end too early; the file is cut off"
        if isinstance(error, EOFError)
        else f"the compressed data are damaged ({error})"
    )
    return SourceError.unreadable_part(str(path), f"after line {n_lines}", found)


@contextmanager
def _stream(path: Path) -> Iterator[BufferedIOBase]:
    if path.name.endswith(".gz"):
        with gzip.open(path, "rb") as inflated:
            yield inflated
    else:
        with path.open("rb") as plain:
            yield plain
