"""A lake of organizations, works and standards written down by hand; all names are invented.

Registers are written as files in their own forms and read through the real sources and links.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fourseas import workspace
from fourseas.catalog import LINKS, LOADED
from fourseas.lake import build as lake_build
from fourseas.lake import ingest
from fourseas.lake.ingest import Request
from fourseas.lake.layout import Lake
from fourseas.lake.recipe import Recipe
from tests.embedded import Silent

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
FIRST, STEP = 23_456_789, 2**25
SNAPSHOT = "2026-01-15"


def ror(number: int) -> str:
    """Return a ROR id that is well formed: six signs for the number, two digits to check it."""
    # In the order of the numbers, with letters, so that no id is a number itself.
    body, rest = "", FIRST + number * STEP
    value = rest
    for _ in range(6):
        body = SIGNS[rest % 32] + body
        rest //= 32
    # ISO 7064, MOD 97-10: the id with its two digits leaves 1.
    check = 98 - (value * 100) % 97
    return f"0{body}{check:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Institute:
    """An organization as ROR has it; parents and successors by their numbers."""

    number: int
    name: str
    country: str
    aliases: tuple[str, ...] = ()
    status: str = "active"
    kind: str = "education"
    parents: tuple[int, ...] = ()
    successors: tuple[int, ...] = ()
    founded: int | None = None

    @property
    def ror_id(self) -> str:
        """Its id."""
        return ror(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper: for each author the numbers of their institutes; none is an unknown one."""

    number: int
    authors: tuple[tuple[int, ...], ...]
    year: int = 2022
    field: tuple[str, str] = ("17", "Computer Science")
    funders: tuple[str, ...] = ()
    is_retracted: bool = False
    kind: str = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A standards document: organizations of its authors as they are printed, and countries."""

    number: int
    authors: tuple[tuple[str | None, str | None], ...]
    year: int = 2022


def new(root: Path) -> Lake:
    """Return a lake of countries alone."""
    return workspace.init(root, scope="corpus", progress=Silent())


def build(
    lake: Lake,
    institutes: Iterable[Institute],
    papers: Iterable[Paper] = (),
    standards: Iterable[Standard] = (),
    *,
    snapshot: str = SNAPSHOT,
) -> Lake:
    """Add what is given in place of another snapshot, and link it; nothing is counted."""
    known = {one.number: one for one in institutes}
    files = lake.root.parent / f"{lake.root.name}-files"
    _write_lines(files / "ror" / "ror.jsonl", (_ror_record(one) for one in known.values()))
    _add(lake, files / "ror", "ror", snapshot)
    listed = list(papers)
    if listed:
        _write_lines(files / "openalex" / "works.jsonl", (_work(one, known) for one in listed))
        institutions = "".join(json.dumps(_institution(one)) + "\n" for one in known.values())
        packed = files / "openalex" / "institutions.jsonl.gz"
        packed.write_bytes(gzip.compress(institutions.encode(), mtime=0))
        _add(lake, files / "openalex", "openalex", snapshot)
    documents = list(standards)
    if documents:
        path = files / "rfc" / "documents.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist([_document(one) for one in documents]), path)
        _add(lake, files / "rfc", "rfc", snapshot)
    recipe = Recipe(steps=LINKS, loaded=LOADED, given=workspace.given_tables())
    lake_build.build(lake, recipe, Silent())
    return lake


def forget_policies(lake: Lake) -> None:
    """Remove lists and the audit log of a lake, so that the next test begins without."""
    shutil.rmtree(lake.policy, ignore_errors=True)


def _add(lake: Lake, path: Path, name: str, snapshot: str) -> None:
    request = Request(
        source=workspace.source(name), snapshot_on=snapshot, scope="corpus", replace=True
    )
    ingest.add(lake, path, request, Silent())


def _write_lines(path: Path, records: Iterable[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")


def _ror_record(one: Institute) -> dict[str, object]:
    place = {"country_code": one.country, "name": "Bay", "lat": 1.0, "lng": 2.0}
    return {
        "id": f"https://ror.org/{one.ror_id}",
        "status": one.status,
        "types": [one.kind],
        "names": [
            {"value": one.name, "types": ["ror_display"]},
            *({"value": alias, "types": ["alias"]} for alias in one.aliases),
        ],
        "locations": [{"geonames_details": place}],
        "established": one.founded,
        "relationships": [
            {"type": kind, "id": f"https://ror.org/{ror(number)}"}
            for kind, numbers in (("parent", one.parents), ("successor", one.successors))
            for number in numbers
        ],
    }


def _institution(one: Institute) -> dict[str, object]:
    return {
        "id": f"https://openalex.org/I{one.number}",
        "ror": f"https://ror.org/{one.ror_id}",
        "display_name": one.name,
        "type": one.kind,
        "country_code": one.country,
    }


def _work(one: Paper, known: dict[int, Institute]) -> dict[str, object]:
    field_id, field_name = one.field
    return {
        "id": f"https://openalex.org/W{one.number}",
        "title": f"Work {one.number}",
        "type": one.kind,
        "publication_year": one.year,
        "language": "en",
        "is_retracted": one.is_retracted,
        "primary_topic": {
            level: {"id": f"https://openalex.org/{level}s/{number}", "display_name": name}
            for level, number, name in (
                ("subfield", f"{field_id}01", f"{field_name} at large"),
                ("field", field_id, field_name),
                ("domain", "3", "Physical Sciences"),
            )
        },
        "authorships": [
            {
                "author_position": "middle",
                "author": {"id": f"https://openalex.org/A{one.number}{place}"},
                "countries": sorted({known[n].country for n in numbers}),
                "institutions": [_institution(known[n]) for n in numbers],
            }
            for place, numbers in enumerate(one.authors)
        ],
        "funders": [
            {"id": f"https://openalex.org/F{place}", "display_name": name}
            for place, name in enumerate(one.funders, start=1)
        ],
        "updated_date": "2026-01-01",
    }


def _document(one: Standard) -> dict[str, object]:
    return {
        "rfc": one.number,
        "doi": f"10.17487/rfc{one.number}",
        "title": f"Standard {one.number}",
        "year": one.year,
        "source": "Legacy",
        "authors": [
            {
                "position": place,
                "name": f"p{place}",
                "org": organization,
                "country": country,
                "editor": False,
            }
            for place, (organization, country) in enumerate(one.authors, start=1)
        ],
        "references": [],
    }
