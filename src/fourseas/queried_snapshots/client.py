"""The OpenAlex API: pages of a query, asked for as often as it takes, and what they cost.

The API meters by the day. Every answer says what is left; an answer 429 that asks to wait longer
than `PATIENCE` means that the budget of the day is used up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeVar

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_delay
from tenacity.wait import wait_exponential_jitter

from fourseas.queried_snapshots.errors import QueryError
from fourseas.queried_snapshots.query import KEY, Query

PER_PAGE = 100
"""The most that the API gives at once."""

FIRST_CURSOR = "*"
PATIENCE = 180.0
"""Seconds for which a page is asked for while the server is busy, silent or cuts it off."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
SILENCE = 60.0
BUSY = frozenset({408, 429, 500, 502, 503, 504})
LONGEST_MESSAGE = 300

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the API says is left for today, and what a page costs, in US dollars; null if unsaid."""

    left: float | None
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer of the API.

    Attributes
    ----------
    body
        What came, as text.
    n_found
        Records that the query finds, as the API counts them.
    after
        Where the next page begins, or null after the last.
    records
        The records on this page.
    budget
        What is left.
    """

    body: str
    n_found: int
    after: str | None
    records: tuple[Mapping[str, object], ...]
    budget: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The records that a query finds, counted by a property of theirs.

    Attributes
    ----------
    n_found
        Records that the query finds, as the API counts them.
    counts
        Records of each value of the property, by the value.
    budget
        What is left.
    """

    n_found: int
    counts: Mapping[str, int]
    budget: Budget


class NotAPageError(ValueError):
    """What came is no page of records, or of groups of them."""

    def __init__(self, found: str, of: str = "records") -> None:
        super().__init__(f"the answer is no page of {of} ({found})")


class _AgainError(Exception):
    """A page did not come, though it may the next time."""

    def __init__(self, found: str, pause: float = 0.0) -> None:
        super().__init__(found)
        self.pause = pause

    @classmethod
    def busy(cls, answer: httpx.Response) -> Self:
        """Say how a server puts off."""
        return cls(f"the server answers {answer.status_code}", _asked_to_wait(answer))


class Api:
    """A connection to the API; a context, which closes it."""

    def __init__(self, server: str, key: str | None, *, patience: float = PATIENCE) -> None:
        self._server = server.rstrip("/")
        self._key = key
        self._patience = patience
        self._client = httpx.Client(timeout=SILENCE, follow_redirects=True)

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._client.close()

    def page(self, query: Query, at: str, *, size: int = PER_PAGE) -> Page:
        """Return the page that begins at a cursor, or of a number where a sample is asked for.

        Raises
        ------
        QueryError
            If the API refuses the query, its budget is used up, or it does not give the page.
        """
        place = {"page" if query.is_sample else "cursor": at, "per_page": str(size)}
        return self._given(query, place, page)

    def groups(self, query: Query, by: str) -> Groups:
        """Return how many records of each value of a property a query finds, up to `PER_PAGE`.

        Raises
        ------
        QueryError
            If the API refuses the query, its budget is used up, or it does not give the counts.
        """
        return self._given(query, {"group_by": by, "per_page": str(PER_PAGE)}, groups)

    def _given(
        self,
        query: Query,
        how: Mapping[str, str],
        read: Callable[[str, Budget], Answer],
    ) -> Answer:
        """Return what the API gives, asked for as often as it takes."""
        key = {} if self._key is None else {KEY: self._key}
        asked = httpx.QueryParams([*query.parameters, *how.items(), *key.items()])
        pauses = wait_exponential_jitter(multiplier=SHORTEST_PAUSE, max=LONGEST_PAUSE)
        again = Retrying(
            retry=retry_if_exception_type(_AgainError),
            stop=stop_after_delay(self._patience),
            wait=lambda state: max(pauses(state), _pause(state)),
            reraise=True,
        )
        try:
            given: Answer = again(self._ask, query, asked, read)
        except _AgainError as error:
            raise QueryError.not_given(query.url, str(error)) from error
        return given

    def _ask(
        self, query: Query, asked: httpx.QueryParams, read: Callable[[str, Budget], Answer]
    ) -> Answer:
        try:
            answer = self._client.get(f"{self._server}/{query.entity}", params=asked)
        except httpx.TransportError as error:
            raise _AgainError(str(error) or type(error).__name__) from error
        if answer.status_code in BUSY:
            self._require_patience(query, answer)
            raise _AgainError.busy(answer)
        if not answer.is_success:
            raise QueryError.refused(query.url, answer.status_code, _said(answer))
        try:
            return read(answer.text, _budget(answer.headers))
        except NotAPageError as error:
            raise _AgainError(str(error)) from error

    def _require_patience(self, query: Query, answer: httpx.Response) -> None:
        pause = _asked_to_wait(answer)
        if pause > self._patience:
            raise QueryError.spent(query.url, str(timedelta(seconds=round(pause))))


def page(body: str, budget: Budget) -> Page:
    """Read an answer.

    Raises
    ------
    NotAPageError
        If it is none of records.
    """
    try:
        told = json.loads(body)
        meta, records = told["meta"], told["results"]
        n_found, after = int(meta["count"]), meta.get("next_cursor")
        texts = [record["id"] for record in records] + ([] if after is None else [after])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAPageError(repr(error)) from error
    if not all(isinstance(text, str) for text in texts):
        raise NotAPageError(repr(texts))
    return Page(body=body, n_found=n_found, after=after, records=tuple(records), budget=budget)


def groups(body: str, budget: Budget) -> Groups:
    """Read an answer that counts records by a property.

    Raises
    ------
    NotAPageError
        If it counts nothing.
    """
    try:
        told = json.loads(body)
        listed = [(str(group["key"]), int(group["count"])) for group in told["group_by"]]
        n_found = int(told["meta"]["count"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotAPageError(repr(error), of="groups") from error
    return Groups(n_found=n_found, counts=dict(listed), budget=budget)


def _pause(state: RetryCallState) -> float:
    """Return how long the server asked to be left alone."""
    error = None if state.outcome is None else state.outcome.exception()
    return error.pause if isinstance(error, _AgainError) else 0.0


def _asked_to_wait(answer: httpx.Response) -> float:
    """Return the seconds that an answer asks to wait."""
    told = answer.headers.get("Retry-After", "")
    return _number(told) or 0.0


def _budget(headers: httpx.Headers) -> Budget:
    return Budget(
        left=_number(headers.get("X-RateLimit-Remaining-USD")),
        cost=_number(headers.get("X-RateLimit-Cost-USD")),
    )


def _number(told: str | None) -> float | None:
    try:
        return None if told is None else float(told)
    except ValueError:
        return None


def _said(answer: httpx.Response) -> str:
    """Return what the API says of a query that it refuses."""
    try:
        told = answer.json()
        said = str(told.get("message") or told.get("error") or answer.text)
    except (ValueError, AttributeError):
        said = answer.text
    return " ".join(said.split())[:LONGEST_MESSAGE] or "nothing"
