"""Every reader of what others have written, with texts that it understands to begin from."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from fourseas.challenges.challenge import parse_challenge
from fourseas.lake import archive, chain, engine, parts, reading, reference_files
from fourseas.policy.case import read_cases
from fourseas.policy.document import read_policy
from fourseas.policy.list_entries import read_entries
from fourseas.policy.lists import read_list, read_tree
from fourseas.reports.partners.brief import read_brief
from fourseas.schema.source import Intake
from tests.lake import small

PACKAGE = Path(reading.__file__).parents[1]
EXAMPLES = PACKAGE / "policy" / "examples"
CHALLENGES = PACKAGE / "embedded" / "challenges"

DEEP = 100_000
"""Brackets in each other: more than Python's parsers follow."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader, as a function of bytes that ends or raises an error of ours; and its seeds."""

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


@cache
def _place() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz-"))


@cache
def _connection() -> Backend:
    return engine.connect(small.new_lake(_place() / "lake"))


def _written(name: str, data: bytes) -> Path:
    path = _place() / name
    path.write_bytes(data)
    return path


def _references(ending: str) -> Callable[[bytes], object]:
    return lambda data: reference_files.read(_written(f"list{ending}", data))


def _part(name: str, intake: Intake) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        with engine.beside(_connection()) as session:
            return reading.read(session, _written(name, data), intake).n_records

    return read


def _manifest(data: bytes) -> object:
    directory = _place() / "snapshot"
    directory.mkdir(exist_ok=True)
    (directory / "trees.jsonl").write_bytes(b'{"id": 1}\n')
    (directory / "manifest").write_bytes(data)
    return parts.find(directory, small.FOREST, allow_incomplete=True)


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """Return a reader of bytes; what is no UTF-8 is refused before a text is read."""
    return lambda data: read(data.decode("utf-8", "replace"))


def _examples(pattern: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(EXAMPLES.glob(pattern)))


TREES = "".join(json.dumps(small.tree(n, "oak", "red")) + "\n" for n in range(1, 5)).encode()
TABLE = b"id,kind,share\n1,oak,0.5\n2,NA,\n"
BIB = b'@article{a, title={On {Trees}}, year=2020, doi="10.1234/abc"}\n@string{x="y"}\n'
RIS = b"TY  - JOUR\nTI  - Trees\nPY  - 2020\nDO  - 10.1234/abc\nER  - \n"
WOS = b"FN Clarivate\nVR 1.0\nPT J\nTI Trees\n   and woods\nDI 10.1234/abc\nPY 2020\nER\n\nEF\n"
ENTRIES = b"name,aliases,country,ror,from,to\nOak Institute,OI|Oaks,BR,,2020-01-01,\n"
BRIEF = b"brief: Trees\nneeds:\n  topics: [T10001]\noffers:\n  equipment: [Saws]\n"
NAMES = b'kind\noak\n"red" oak, of a kind\n\nash\n'
XML = (
    b'<?xml version="1.0"?>\n<!DOCTYPE tree SYSTEM "tree.dtd" [ ]>\n'
    b'<tree id="1"><kind>oak <b>red</b></kind><leaf><color>red</color></leaf><leaf/></tree>\n'
)
ENTITIES = (
    b'<?xml version="1.0"?>\n<!DOCTYPE tree [<!ENTITY a "aa"><!ENTITY b "&a;&a;">\n'
    b'<!ENTITY c SYSTEM "file:///etc/hostname">]>\n<tree id="&b;"><kind>&c;</kind></tree>\n'
)
NESTED_XML = b'<?xml version="1.0"?>\n' + b"<kind>" * DEEP + b"</kind>" * DEEP
MANIFEST = json.dumps(
    {"entries": [{"url": "s3://forest/trees.jsonl", "meta": {"record_count": 1}}]}
).encode()
BOMB = b"a: &a [1,1,1,1,1,1,1,1,1]\n" + b"".join(
    b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 110)
)
NESTED = b"[" * DEEP + b"]" * DEEP
NESTED_LINE = b'{"id": 1, "kind": ' + b"[" * DEEP + b"]" * DEEP + b"}\n"
TAGGED = b"!!python/object/apply:os.system ['true']\n"


def _parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": [1, 2], "kind": ["oak", None], "share": [0.5, 0.1]}), sink)
    return sink.getvalue()


def _zipped(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("trees.xml"), data)
    return sink.getvalue()


def _record() -> bytes:
    return chain.Record(
        seq=1,
        at="2026-01-01T00:00:00+00:00",
        kind="note",
        case=None,
        body={"n": 1},
        previous=chain.FIRST,
        version="0",
    ).line


YAML_SEEDS = (BOMB, NESTED, TAGGED)
ITEMS = replace(small.JSON_INTAKE, format="json_items")
LINES = replace(
    small.CSV_INTAKE, format="lines", raw=ibis.schema({"kind": "string"}), needed=("kind",)
)
DOCUMENTS = replace(
    small.JSON_INTAKE,
    format="xml",
    raw=ibis.schema({"@id": "string", "kind": "string", "leaf": "array<struct<color: string>>"}),
    needed=("@id",),
)

READERS = (
    Reader("JSON lines", _part("trees.jsonl", small.JSON_INTAKE), (TREES, NESTED, NESTED_LINE)),
    Reader("JSON array", _part("trees.json", small.JSON_INTAKE), (b"[" + NESTED + b"]",)),
    Reader("JSON items", _part("items.json", ITEMS), (b'{"items": [{"id": 1}]}', NESTED_LINE)),
    Reader(
        "gz", _part("trees.jsonl.gz", small.JSON_INTAKE), (gzip.compress(TREES, mtime=0), b"\x1f")
    ),
    Reader("Parquet", _part("trees.parquet", small.PARQUET_INTAKE), (_parquet(),)),
    Reader("CSV of a register", _part("trees.csv", small.CSV_INTAKE), (TABLE,)),
    Reader("lines", _part("names.csv", LINES), (NAMES, b"\xef\xbb\xbfkind\r\noak\r\n")),
    Reader("XML", _part("trees.xml", DOCUMENTS), (XML, XML + XML, ENTITIES, NESTED_XML)),
    Reader("XML in zip", _part("trees.zip", DOCUMENTS), (_zipped(XML), _zipped(XML + XML))),
    Reader("manifest", _manifest, (MANIFEST, NESTED)),
    Reader("BibTeX", _references(".bib"), (BIB,)),
    Reader("RIS", _references(".ris"), (RIS,)),
    Reader("Web of Science", _references(".txt"), (WOS, b"DI\tTI\tPY\n10.1/a\tTrees\t2020\n")),
    Reader("CSV of works", _references(".csv"), (b"doi,title,year\n10.1234/a,Trees,2020\n",)),
    Reader("policy YAML", _text(read_policy), (*_examples("*/policy.yaml"), *YAML_SEEDS)),
    Reader("case YAML", _text(read_cases), (*_examples("*/cases.yaml"), *YAML_SEEDS)),
    Reader("list YAML", _text(read_list), (*_examples("*/lists/*.yaml"), *YAML_SEEDS)),
    Reader("organizations YAML", _text(read_tree), _examples("*/organizations.yaml")),
    Reader("brief YAML", _text(lambda text: read_brief(text, "brief")), (BRIEF, *YAML_SEEDS)),
    Reader("list CSV", lambda data: read_entries(data, "list.csv"), (ENTRIES,)),
    Reader(
        "challenge CSV",
        _text(lambda text: parse_challenge(text, name="trees", where="trees.csv")),
        tuple(path.read_bytes()[:3000] for path in sorted(CHALLENGES.glob("*.csv"))),
    ),
    Reader(
        "bundle zip",
        lambda data: archive.unpacked(_written("bundle.zip", data)),
        (archive.packed({"a.txt": b"a"}),),
    ),
    Reader("audit log", lambda data: chain.examine(data.splitlines(keepends=True)), (_record(),)),
)
