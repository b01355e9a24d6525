"""All that a query finds, in a directory: page by page, gone on with after an interruption.

    OUT/query.json        the query, what the API counted, when it was begun and ended
    OUT/pages/000001.gz   answers of the API, until all are here
    OUT/works.jsonl.gz    every record once, when all are here

Pages are no input of `add`; the records are there whole or not at all.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fourseas.lake.layout import disk_errors, flush, write_text
from fourseas.lake.progress import Progress
from fourseas.queried_snapshots.client import FIRST_CURSOR, PER_PAGE, Api, Budget, Page, page
from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.query import Query

MOST_RECORDS = 1_000_000
"""What the free budget of a day gives; more is a matter for the snapshot."""

MOST_SAMPLED = 10_000
"""Up to here the API pages by number."""

ATTEMPTS = 3
"""So often a page that holds nothing new is asked for again."""

UNKNOWN = Budget(left=None, cost=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a query would take: records as the API counts them, pages, and its budget."""

    n_found: int
    n_pages: int
    budget: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was brought here.

    Attributes
    ----------
    path, ended_on
        The file of records, and the day on which it was whole.
    n_records, n_found
        Different records, and how many the API counts.
    n_repeated
        Records that came more than once, as they do where the register changes meanwhile.
    n_pages, n_kept
        Pages in all, and those of them that an earlier run had brought.
    budget
        What is left, as the last answer said.
    """

    path: Path
    ended_on: str
    n_records: int
    n_found: int
    n_repeated: int
    n_pages: int
    n_kept: int
    budget: Budget


@dataclass(frozen=True, slots=True)
class _Note:
    """What is written of a query."""

    url: str
    begun_on: str
    ended_on: str | None = None
    n_found: int | None = None
    n_records: int | None = None


def plan(api: Api, query: Query) -> Plan:
    """Ask how many records a query finds, with one small page."""
    first = api.page(query, _first(query), size=1)
    return Plan(n_found=first.n_found, n_pages=-(-first.n_found // PER_PAGE), budget=first.budget)


def fetch(
    api: Api, query: Query, out: Path, progress: Progress, *, allow_incomplete: bool = False
) -> Fetched:
    """Bring all that a query finds into a directory.

    Raises
    ------
    QueryError
        If the directory holds another query or all of this one, the query finds too much, the
        API does not give it, or the records are not as many as the API counts.
    LakeError
        If the disk refuses.
    """
    with disk_errors(out):
        note = _begun(query, out) or _Note(query.url, _today())
        pages = _Pages(api, query, out, note)
        try:
            ids = pages.bring(progress)
        finally:
            progress.finish()
        n_records = len(set(ids))
        if n_records != pages.n_found and not allow_incomplete:
            raise QueryError.not_as_announced(str(out), n_records, pages.n_found)
        path = out / f"{query.entity}.jsonl.gz"
        _assemble(pages.kept(), path)
        ended_on = _today()
        _write(replace(note, ended_on=ended_on, n_found=pages.n_found, n_records=n_records), out)
        shutil.rmtree(out / "pages")
    return Fetched(
        path=path,
        ended_on=ended_on,
        n_records=n_records,
        n_found=pages.n_found,
        n_repeated=len(ids) - n_records,
        n_pages=pages.n_pages,
        n_kept=pages.n_kept,
        budget=pages.budget,
    )


class _Pages:
    """The pages of a query: those that are here, and those that are still to come."""

    def __init__(self, api: Api, query: Query, out: Path, note: _Note) -> None:
        self._api = api
        self._query = query
        self._out = out
        self._note = note
        self.n_found = self.n_pages = self.n_kept = 0
        self.budget = UNKNOWN

    def bring(self, progress: Progress) -> list[str]:
        """Bring what is wanting; return the id of each record, as often as it came."""
        ids: list[str] = []
        at: str | None = _first(self._query)
        for one in self.kept():
            ids += _ids(one)
            at = self._after(one)
        self.n_kept = self.n_pages
        seen = set(ids)
        while at is not None:
            one = self._new(at, seen)
            if self.n_pages == 0:
                self._require_size(one.n_found)
            self.n_found, self.budget = one.n_found, one.budget
            if not one.records:
                break
            if self.n_pages == self.n_kept:
                progress.start(-(-one.n_found // PER_PAGE), "pages")
                if self.n_kept:
                    progress.advance(self.n_kept, "pages kept")
            self._keep(one)
            progress.advance(1, _left(self.budget))
            came = _ids(one)
            ids += came
            seen.update(came)
            at = self._after(one)
        return ids

    def kept(self) -> Iterator[Page]:
        """Return the pages that are here, in order, and count them."""
        self.n_pages = 0
        while (path := self._path(self.n_pages + 1)).exists():
            try:
                with gzip.open(path, "rt", encoding="utf-8") as file:
                    one = page(file.read(), UNKNOWN)
            except (OSError, EOFError, ValueError) as error:
                raise QueryError.damaged(str(path), str(error)) from error
            self.n_pages += 1
            self.n_found = one.n_found
            yield one

    def _new(self, at: str, seen: set[str]) -> Page:
        """Return a page that is not a repetition of what came before."""
        for _ in range(ATTEMPTS):
            one = self._api.page(self._query, at)
            if not one.records or not seen.issuperset(_ids(one)):
                return one
        found = f"the page after {len(seen):,} records holds only what came before"
        raise QueryError.not_given(self._query.url, found)

    def _require_size(self, n_found: int) -> None:
        if n_found == 0:
            raise QueryError.nothing(self._query.url)
        most = MOST_SAMPLED if self._query.is_sample else MOST_RECORDS
        if n_found > most:
            raise QueryError.too_large(n_found, most)

    def _after(self, one: Page) -> str | None:
        """Return where the page after one begins; a sample is paged by number."""
        if not self._query.is_sample:
            return one.after
        is_last = self.n_pages * PER_PAGE >= min(one.n_found, MOST_SAMPLED)
        return None if is_last else str(self.n_pages + 1)

    def _keep(self, one: Page) -> None:
        path = self._path(self.n_pages + 1)
        draft = path.with_suffix(".draft")
        if self.n_pages == 0:
            self._out.mkdir(parents=True, exist_ok=True)
            _write(self._note, self._out)
            path.parent.mkdir(exist_ok=True)
        draft.write_bytes(gzip.compress(one.body.encode("utf-8"), mtime=0))
        flush(draft)
        draft.replace(path)
        self.n_pages += 1

    def _path(self, number: int) -> Path:
        return self._out / "pages" / f"{number:06}.gz"


def _begun(query: Query, out: Path) -> _Note | None:
    """Return what was begun in a directory, or null where there is nothing."""
    place = out / "query.json"
    if not place.exists():
        if out.exists() and any(out.iterdir()):
            raise QueryError.in_the_way(str(out))
        return None
    try:
        note = _Note(**json.loads(place.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise QueryError.damaged(str(place), str(error)) from error
    if note.url != query.url:
        raise QueryError.another(str(out), note.url)
    if note.ended_on is not None:
        raise QueryError.done(str(out), note.ended_on)
    return note


def _write(note: _Note, out: Path) -> None:
    write_text(out / "query.json", json.dumps(asdict(note), indent=2) + "\n")


def _assemble(pages: Iterator[Page], path: Path) -> None:
    """Write every record once, in the order in which they came."""
    draft = path.with_name(f".{path.name}.draft")
    seen: set[str] = set()
    with draft.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        for record in _records(pages):
            if str(record["id"]) not in seen:
                seen.add(str(record["id"]))
                file.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")
    flush(draft)
    draft.replace(path)


def _records(pages: Iterator[Page]) -> Iterator[Mapping[str, object]]:
    for one in pages:
        yield from one.records


def _ids(one: Page) -> list[str]:
    return [str(record["id"]) for record in one.records]


def _first(query: Query) -> str:
    return "1" if query.is_sample else FIRST_CURSOR


def _left(budget: Budget) -> str:
    return "pages" if budget.left is None else f"pages, ${budget.left:,.4f} left today"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
