"""A list of publications from elsewhere, joined to the works of a lake by DOI."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from fourseas import workspace
from fourseas.lake import extraction, layout, reference_files
from fourseas.lake.reference_files import Reference
from fourseas.schema.staged import RECORD_KEY


@dataclass(frozen=True, slots=True)
class Unjoined:
    """A record of the list that is no work of the corpus, and why."""

    reference: Reference
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What came of a list.

    Attributes
    ----------
    kind
        What kind of file it was.
    n_read, n_joined
        Records of the list, and those of them that are works of the lake.
    unjoined
        The others, in their order.
    works_by_register
        Works of each register that were found; one publication may be in several.
    records
        `register`, `part_key` and `record` of the works that were found.
    """

    kind: str
    n_read: int
    n_joined: int
    unjoined: tuple[Unjoined, ...]
    works_by_register: Mapping[str, int]
    records: pa.Table

    @property
    def reasons(self) -> Mapping[str, int]:
        """How many records were not joined for each reason, the most frequent first."""
        return dict(Counter(one.reason for one in self.unjoined).most_common())


def join(lake: Path, path: Path) -> Joined:
    """Find the works of a lake that a list of publications names by DOI.

    A DOI that several registers have is one publication with a work in each. One that a register
    has twice is not decided, and a publication that the list names twice is joined once.

    Raises
    ------
    SourceError
        If the list cannot be read.
    LakeError
        If there is no lake, or it has not been built.
    """
    read = reference_files.read(path)
    dois = {one.doi for one in read.records if one.doi}
    with workspace.open(lake) as ws:
        named = ws.kept("named_dois", pa.table({"doi": pa.array(sorted(dois), pa.string())}))
        works = ws.table("works").inner_join(named, "doi")
        placed = works.select("doi", "work_id").inner_join(ws.table("work_records"), "work_id")
        found = placed.select("doi", *RECORD_KEY).order_by("doi", *RECORD_KEY).to_pyarrow()
    registers = defaultdict[str, list[str]](list)
    for row in found.to_pylist():
        registers[row["doi"]].append(row["register"])
    joined, unjoined = _divided(read.records, registers)
    kept = found.filter(pa.compute.is_in(found["doi"], pa.array(sorted(joined), pa.string())))
    return Joined(
        kind=read.kind,
        n_read=len(read.records),
        n_joined=len(joined),
        unjoined=tuple(unjoined),
        works_by_register=dict(sorted(Counter(kept["register"].to_pylist()).items())),
        records=kept.select(list(RECORD_KEY)),
    )


def write(lake: Path, joined: Joined, path: Path) -> None:
    """Write the works that were found as a lake of their own."""
    extraction.extract(layout.locate(lake), joined.records, path)


def _divided(
    records: Iterable[Reference], registers: Mapping[str, Sequence[str]]
) -> tuple[set[str], list[Unjoined]]:
    """Return the DOIs that are joined, and the records that are not, with the reason."""
    first_place: dict[str, str] = {}
    unjoined = []
    for record in records:
        reason = _reason(record, registers, first_place)
        if reason is not None:
            unjoined.append(Unjoined(record, reason))
        elif record.doi is not None:
            first_place[record.doi] = record.place
    return set(first_place), unjoined


def _reason(
    record: Reference, registers: Mapping[str, Sequence[str]], first_place: Mapping[str, str]
) -> str | None:
    """Say why a record is not joined, or return None if it is."""
    if record.fault is not None or record.written is None:
        return record.fault or "no DOI"
    if record.doi is None:
        return "what stands for the DOI is none"
    if record.doi in first_place:
        return "listed twice"
    of_doi = registers.get(record.doi, ())
    if len(set(of_doi)) < len(of_doi):
        return "several works of one register have this DOI"
    return None if of_doi else "no work of the lake has this DOI"
