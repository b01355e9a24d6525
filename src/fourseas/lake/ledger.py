"""What was read and what was built from it: the records that staging and versions keep.

A register counts with the parts that its `register.json` names and no others; a version says in
`ledger.json` of every table what it was built from, and of every register what it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import ibis
import pyarrow as pa

from fourseas.errors import LakeError
from fourseas.lake.layout import Lake, write_text
from fourseas.schema.works import REGISTERS

PART = "part.json"
REGISTER = "register.json"
LEDGER = "ledger.json"

CHUNK = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where on a server a part came from.

    Attributes
    ----------
    url, n_bytes
        Its address and size.
    version
        Its ETag, or else the time of its last change; null where the server says neither.
    """

    url: str
    n_bytes: int
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedPart:
    """One input part that has been read.

    Attributes
    ----------
    register, name
        The register, and the part's path below what the user named.
    part_key, sha256
        What rows name the part by, and the hash of its bytes.
    stage
        Its directory below the register's.
    n_bytes, n_records
        Size of the file, and records in it.
    rows
        Staged table to the rows that the part has in it.
    n_bytes_staged
        Size of the staged tables.
    unknown_keys
        Keys that were passed over.
    snapshot_on, scope, licence
        What it was added as; a register states it of its parts anew for each snapshot.
    mapping
        Hash of the mapping functions that it was read with.
    code_version, added_at
        Version of fourseas, and when.
    seconds
        What reading, mapping and checking it took; null where it was not noted.
    origins
        Where on servers it came from: a part that lies at two addresses is one part.
    """

    register: str
    name: str
    part_key: str
    sha256: str
    stage: str
    n_bytes: int
    n_records: int
    rows: Mapping[str, int]
    n_bytes_staged: int
    unknown_keys: tuple[str, ...]
    snapshot_on: str
    scope: str
    licence: str
    mapping: str
    code_version: str
    added_at: str
    seconds: float | None = None
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register in the lake: its terms, snapshot and parts.

    Attributes
    ----------
    register, title, licence, url, citation
        As its source declares them.
    snapshot_on, scope
        As the user said when adding it.
    listed
        What its manifests list, or the parts themselves where there is no manifest.
    parts
        The parts that count.
    """

    register: str
    title: str
    licence: str
    url: str
    citation: str
    snapshot_on: str
    scope: str
    listed: tuple[str, ...]
    parts: tuple[StagedPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltTable:
    """One table of a version.

    Attributes
    ----------
    name, reads
        The table, and those that it was built from.
    rows, n_bytes, sha256
        Of its file.
    seconds
        What building and checking took.
    engine
        Name and version of what computed it.
    """

    name: str
    reads: tuple[str, ...]
    rows: int
    n_bytes: int
    sha256: str
    seconds: float
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A version: what was built from what.

    Attributes
    ----------
    fingerprint
        Hash of everything that decides what the tables hold.
    code_version, built_at
        Version of fourseas, and when.
    registers
        The registers with their parts.
    tables
        All tables, in the order in which they were built.
    definitions
        The definitions by which it counts, by id; each with its choices as text.
    """

    fingerprint: str
    code_version: str
    built_at: str
    registers: tuple[Register, ...]
    tables: tuple[BuiltTable, ...]
    definitions: Mapping[str, Mapping[str, str]]

    @property
    def engines(self) -> tuple[str, ...]:
        """What computed the tables that were computed from others."""
        return tuple(sorted({table.engine for table in self.tables if table.reads}))


Entry = StagedPart | Register | BuiltTable | Ledger


def write(path: Path, entry: Entry) -> None:
    """Write an entry as JSON, whole or not at all."""
    write_text(path, json.dumps(asdict(entry), indent=1, ensure_ascii=False) + "\n")


def read_part(path: Path) -> StagedPart:
    """Read the record of a staged part."""
    with _damage(path):
        return _part(path.read_text(encoding="utf-8"))


def read_parts(lake: Lake, register: str) -> tuple[StagedPart, ...]:
    """Read all parts of a register that are staged, whether they count or not, by name."""
    found = (read_part(path) for path in (lake.staging / register).glob(f"*/{PART}"))
    return tuple(sorted(found, key=lambda entry: (entry.name, entry.part_key)))


def staged_files(lake: Lake, register: str, table: str) -> list[Path]:
    """Return the files of a staged table, of the parts of a register that count."""
    found = read_register(lake, register)
    return [
        lake.staging / register / part.stage / f"{table}.parquet"
        for part in (found.parts if found else ())
        if table in part.rows
    ]


def read_table(path: Path) -> BuiltTable:
    """Read the record of a built table."""
    with _damage(path):
        return _table(path.read_text(encoding="utf-8"))


def read_ledger(version: Path) -> Ledger:
    """Read the ledger of a version."""
    path = version / LEDGER
    with _damage(path):
        stated = json.loads(path.read_text(encoding="utf-8"))
        return Ledger(
            **stated
            | {
                "registers": tuple(_register(json.dumps(one)) for one in stated["registers"]),
                "tables": tuple(_table(json.dumps(one)) for one in stated["tables"]),
            }
        )


def read_register(lake: Lake, name: str) -> Register | None:
    """Read what the lake holds of a register, or None if it holds nothing."""
    path = lake.staging / name / REGISTER
    if not path.is_file():
        return None
    with _damage(path):
        return _register(path.read_text(encoding="utf-8"))


def read_registers(lake: Lake) -> tuple[Register, ...]:
    """Read all registers that the lake holds, by name."""
    names = sorted(path.parent.name for path in lake.staging.glob(f"*/{REGISTER}"))
    found = (read_register(lake, name) for name in names)
    return tuple(register for register in found if register is not None)


def registers_table(registers: Iterable[Register]) -> pa.Table:
    """Return the table `registers`: one row for each."""
    types = [(column.name, ibis.dtype(column.dtype).to_pyarrow()) for column in REGISTERS.columns]
    rows = [
        {
            "register": register.register,
            "title": register.title,
            "scope": _scope(register),
            "snapshot_on": register.snapshot_on,
            "last_complete_year": int(register.snapshot_on[:4]) - 1,
            "licence": register.licence,
            "url": register.url,
            "n_parts": len(register.parts),
            "n_parts_listed": len(register.listed),
            "n_records": sum(part.n_records for part in register.parts),
        }
        for register in registers
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


def _scope(register: Register) -> str:
    """Return the scope of what is there: a census of which listed parts are missing is none."""
    is_partial = register.scope == "census" and len(register.parts) < len(register.listed)
    return "partial" if is_partial else register.scope


def code_version() -> str:
    """Return the version of fourseas that runs."""
    try:
        return metadata.version("fourseas")
    except metadata.PackageNotFoundError:
        return "not installed"


def now() -> str:
    """Return the time as text, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def sha256_of_file(path: Path) -> str:
    """Return the hash of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sha256_of_texts(texts: Iterable[str]) -> str:
    """Return one hash of several texts; it changes when any of them or their number does."""
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()


def _part(text: str) -> StagedPart:
    stated = json.loads(text)
    origins = tuple(Origin(**origin) for origin in stated.get("origins", ()))
    unknown_keys = tuple(stated["unknown_keys"])
    return StagedPart(**stated | {"unknown_keys": unknown_keys, "origins": origins})


def _register(text: str) -> Register:
    stated = json.loads(text)
    parts = tuple(_part(json.dumps(one)) for one in stated["parts"])
    return Register(**stated | {"listed": tuple(stated["listed"]), "parts": parts})


def _table(text: str) -> BuiltTable:
    stated = json.loads(text)
    # Ledgers did not say so when there was only one engine.
    return BuiltTable(**{"engine": "DuckDB"} | stated | {"reads": tuple(stated["reads"])})


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Say which record cannot be read."""
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise LakeError.wrong_settings(str(path), f"{type(error).__name__} {error}") from error
