"""The records of one input part as a table, each with its place in the part."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from fourseas.errors import FourseasError, LakeError, SourceError
from fourseas.lake import diagnosis, engine, xml_documents
from fourseas.schema.source import EITHER, Intake

RECORDS_OF_PART = "records_of_part"
"""Name of the session's table that holds the part in hand."""

ITEMS = "items"
"""Key of the one object of a file under which its records are."""

RECORDS_SEARCHED = 1000
"""Records of a JSON part in which unknown keys are looked for."""

JSON_FORMATS = ("jsonl", "json_items")

TRANSFORM_ERROR = re.compile(r'JSON transform error in file ".*", in (\S+ \d+): (.*)')
SPILL_ERROR = re.compile(r"temporary|duckdb_temp|create directory", re.IGNORECASE)
CSV_ERROR = re.compile(r"CSV Error on Line: (\d+)\n(?:Original Line: .*?\n)?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a part.

    Attributes
    ----------
    table
        What the declared keys are prepared to, and `record`, the place from 1.
    n_records
        How many there are.
    unknown_keys
        Keys that are there but not declared, sorted.
    """

    table: ir.Table
    n_records: int
    unknown_keys: tuple[str, ...]


def read(con: Backend, path: Path, intake: Intake) -> Records:
    """Read a part once, the declared keys alone.

    Raises
    ------
    SourceError
        If the file is empty, cannot be read, or a record lacks a needed key; it says where.
    """
    if path.stat().st_size == 0:
        raise SourceError.empty_part(str(path))
    try:
        columns, keys = _READERS[intake.format](con, path, intake)
    except engine.FAULTS_OF_FILES as error:
        raise _reason(path, intake, error) from error
    except duckdb.Error as error:
        if type(error) is not duckdb.Error:
            raise
        # The engine's reader of Parquet has no name for what is wrong with damaged metadata.
        found = str(error).split("\n", maxsplit=1)[0]
        raise SourceError.unreadable_part(str(path), "as a whole", found) from error
    n_records = int(con.execute(columns.count()))
    if n_records == 0:
        # DuckDB also finds no record in a file of one sign that is no JSON.
        raise _scan(path, intake) or SourceError.empty_part(str(path))
    # A table that was filled in the order of the file numbers its rows from 0 in that order.
    numbered = columns.select(*columns.columns, record=columns.rowid() + 1)
    _require(con, path, numbered, intake.needed)
    return Records(
        table=_typed(con, path, numbered, intake.raw),
        n_records=n_records,
        unknown_keys=tuple(sorted(keys - set(intake.raw))),
    )


def _read_json(con: Backend, path: Path, intake: Intake) -> tuple[ir.Table, set[str]]:
    """Read JSON records; retry with more room where one of them is very long."""
    sign = diagnosis.first_sign(path)
    if not sign:
        raise SourceError.empty_part(str(path))
    _refuse_mark(path, sign)
    form: engine.JsonForm = "array" if sign == b"[" else "newline_delimited"
    if form == "array" and diagnosis.last_sign(path) != b"]":
        # DuckDB takes an array that is cut off after a comma for a whole one.
        raise SourceError.unreadable_part(str(path), "at its end", "the array is not closed")
    *smaller, greatest = engine.OBJECT_BYTES
    for object_bytes in smaller:
        try:
            return _json_records(con, path, form, intake, object_bytes)
        except duckdb.InvalidInputException as error:
            if "maximum_object_size" not in str(error):
                raise
    return _json_records(con, path, form, intake, greatest)


def _refuse_mark(path: Path, sign: bytes) -> None:
    """Stop at a byte order mark, which an engine of one thread alone reads over."""
    if sign and codecs.BOM_UTF8.startswith(sign):
        fault = diagnosis.json_fault(path)
        assert fault is not None, f"{path} begins with {sign!r} and is JSON"
        raise fault


def _json_records(
    con: Backend, path: Path, form: engine.JsonForm, intake: Intake, object_bytes: int
) -> tuple[ir.Table, set[str]]:
    """Read JSON records of limited length, and the keys of the first of them."""
    records = engine.json(con, path, form, intake.raw, object_bytes)
    columns = _stored(con, intake.prepare(records))
    return columns, engine.keys_of_records(con, path, form, object_bytes, RECORDS_SEARCHED)


def _read_items(con: Backend, path: Path, intake: Intake) -> tuple[ir.Table, set[str]]:
    """Read the records in `items` of the one JSON object that the file is."""
    sign = diagnosis.first_sign(path)
    _refuse_mark(path, sign)
    if sign == b"{" and diagnosis.last_sign(path) != b"}":
        raise SourceError.unreadable_part(str(path), "at its end", "the object is not closed")
    *smaller, greatest = engine.OBJECT_BYTES
    for object_bytes in smaller:
        try:
            return _item_records(con, path, intake, object_bytes)
        except duckdb.InvalidInputException as error:
            if "maximum_object_size" not in str(error):
                raise
    return _item_records(con, path, intake, greatest)


def _item_records(
    con: Backend, path: Path, intake: Intake, object_bytes: int
) -> tuple[ir.Table, set[str]]:
    """Read the records of an object of limited length, and the keys of the first of them."""
    items = ibis.schema({ITEMS: dt.Array(dt.Struct(dict(intake.raw.items())))})
    whole = engine.json(con, path, "unstructured", items, object_bytes)
    item = whole.select(item=whole[ITEMS].unnest())
    records = item.select(**{name: item.item[name] for name in intake.raw})
    columns = _stored(con, intake.prepare(records))
    return columns, engine.keys_of_items(con, path, object_bytes, RECORDS_SEARCHED)


def _read_csv(con: Backend, path: Path, intake: Intake) -> tuple[ir.Table, set[str]]:
    """Read the declared columns of a CSV file as text."""
    header = _header(path)
    return _stored(con, _declared(engine.csv(con, path, header), intake.raw)), set(header)


def _read_lines(con: Backend, path: Path, intake: Intake) -> tuple[ir.Table, set[str]]:
    """Read each line of a text after the first as a record of one key, the first line."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            first = next(lines, "").rstrip("\n")
    except UnicodeDecodeError as error:
        found = "it is not UTF-8; save the file in that encoding"
        raise SourceError.unreadable_part(str(path), "in its first lines", found) from error
    fault = _fault_of_header([first])
    if fault is not None:
        raise SourceError.unreadable_part(str(path), "line 1", fault)
    header = first or "line"
    file = engine.lines(con, path, header)
    filled = file.filter(file[header].notnull())
    return _stored(con, _declared(filled, intake.raw)), {header}


def _read_parquet(con: Backend, path: Path, intake: Intake) -> tuple[ir.Table, set[str]]:
    """Read the declared columns of a Parquet file with their declared types."""
    file = engine.parquet(con, [path], "records_of_file")
    _require_nesting(path, file, intake.raw)
    declared = _declared(file, intake.raw)
    typed = declared.select(
        **{name: declared[name].cast(dtype) for name, dtype in intake.raw.items()}
    )
    return _stored(con, intake.prepare(typed)), set(file.columns)


def _read_xml(con: Backend, path: Path, intake: Intake) -> tuple[ir.Table, set[str]]:
    """Read XML documents, of which what is not declared is passed over."""
    records = engine.hold(con, xml_documents.records(path, intake.raw), "records_of_file")
    return _stored(con, intake.prepare(records)), set()


def _require_nesting(path: Path, file: ir.Table, raw: ibis.Schema) -> None:
    """Stop at a structure where a plain value is declared: DuckDB would make a text of it."""
    for name, dtype in raw.items():
        if name not in file.columns or dtype.is_nested():
            continue
        found = file[name].type()
        if found.is_nested():
            told = f"the column `{name}` is of type {found}, which is not {dtype}"
            raise SourceError.unreadable_part(str(path), "as a whole", told)


_READERS = {
    "jsonl": _read_json,
    "json_items": _read_items,
    "csv": _read_csv,
    "lines": _read_lines,
    "parquet": _read_parquet,
    "xml": _read_xml,
}


def _stored(con: Backend, columns: ir.Table) -> ir.Table:
    return engine.materialize(con, columns, RECORDS_OF_PART)


def _declared(file: ir.Table, raw: ibis.Schema) -> ir.Table:
    """Select the declared columns; one that the file lacks is null."""
    return file.select(
        **{
            name: file[name] if name in file.columns else ibis.null(dtype)
            for name, dtype in raw.items()
        }
    )


def _header(path: Path) -> list[str]:
    """Return the names of the columns of a CSV file; one without a name is called by its place."""
    opened = gzip.open if path.name.endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            first = next(csv.reader(lines), [])
    except UnicodeDecodeError as error:
        found = (
            f"byte {error.object[error.start]:#04x} is not UTF-8; save the file in that encoding"
        )
        raise SourceError.unreadable_part(str(path), "in its first lines", found) from error
    except csv.Error as error:
        raise SourceError.unreadable_part(str(path), "line 1", str(error)) from error
    header = [name or f"column {place}" for place, name in enumerate(first, start=1)]
    fault = _fault_of_header(header)
    if fault is not None:
        raise SourceError.unreadable_part(str(path), "line 1", fault)
    return header


def _fault_of_header(header: list[str]) -> str | None:
    """Say why the engine could not have columns of these names, or return None if it can."""
    if not header:
        return "it names no columns"
    if any("\0" in name for name in header):
        return "the name of a column holds a zero byte; the file is damaged or no CSV"
    folded = [name.lower() for name in header]  # to the engine `Kind` and `kind` are one column
    repeated = sorted({name for name in folded if folded.count(name) > 1})
    return f"the column `{repeated[0]}` occurs twice" if repeated else None


def _require(con: Backend, path: Path, records: ir.Table, needed: tuple[str, ...]) -> None:
    """Stop at the first record that lacks a needed key, or all of those of which one is needed."""
    for key in needed:
        alternatives = key.split(EITHER)
        lacks = ibis.and_(*(records[name].isnull() for name in alternatives))
        lacking = records.filter(lacks)
        (found,) = con.to_pyarrow(lacking.agg(first=lacking.record.min())).to_pylist()
        if found["first"] is not None:
            raise SourceError.missing_key(str(path), found["first"], "` or `".join(alternatives))


def _typed(con: Backend, path: Path, records: ir.Table, raw: ibis.Schema) -> ir.Table:
    """Cast to the declared types; only CSV comes as text and can hold what is no number."""
    declared = {name: dtype for name, dtype in raw.items() if name in records.columns}
    for name, dtype in declared.items():
        if records[name].type() == dtype:
            continue
        value = records[name]
        wrong = records.filter(value.notnull() & value.try_cast(dtype).isnull())
        example = wrong.order_by("record").select("record", value=wrong[name]).limit(1)
        for row in con.to_pyarrow(example).to_pylist():
            found = f"`{name}` is {row['value']!r}, which is not of type {dtype}"
            raise SourceError.unreadable_part(str(path), f"record {row['record']}", found)
    return records.mutate(**{name: records[name].cast(dtype) for name, dtype in declared.items()})


def _reason(path: Path, intake: Intake, error: duckdb.Error) -> FourseasError:
    """Find out why a part could not be read, and say where."""
    if isinstance(error, duckdb.IOException) and SPILL_ERROR.search(str(error)):
        return LakeError.disk(str(path), engine.first_line(error))
    fault = _scan(path, intake)
    if fault is not None:
        return fault
    if intake.format in JSON_FORMATS:
        items = ITEMS if intake.format == "json_items" else None
        wrong = diagnosis.type_fault(path, intake.raw, items)
        if wrong is not None:
            return wrong
    if match := TRANSFORM_ERROR.search(str(error)):
        place, found = match.groups()
        return SourceError.unreadable_part(str(path), place.replace("/value", ""), found)
    if match := CSV_ERROR.search(str(error)):
        line, found = match.groups()
        return SourceError.unreadable_part(str(path), f"line {line}", found.strip().split("\n")[0])
    return SourceError.unreadable_part(str(path), "as a whole", engine.first_line(error))


def _scan(path: Path, intake: Intake) -> SourceError | None:
    """Look for a fault of the file itself."""
    if intake.format not in JSON_FORMATS:
        return None
    if intake.format == "json_items":
        return diagnosis.items_fault(path, ITEMS)
    is_array = diagnosis.first_sign(path) == b"["
    return diagnosis.array_fault(path) if is_array else diagnosis.json_fault(path)
