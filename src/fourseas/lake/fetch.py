"""Files on a server: what it says of them, and their bytes, whole and once.

The network is used here and by queries of an API (`fourseas.queried_snapshots`), and only where
the user names an address. Requests here are unsigned. What the server gives is kept in a file
named for address and version, so that a fetch that broke off goes on where it ended, whenever
that is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import (
    BaseError,
    NotSupportedError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import HTTPStore, S3Store

from fourseas.lake.fetch_errors import AbsentFileError, FetchError
from fourseas.lake.ledger import sha256_of_texts

if TYPE_CHECKING:
    from obstore import GetOptions, ObjectMeta
    from obstore.store import ClientConfig, RetryConfig

SCHEMES = ("http", "https", "s3")

PATIENCE = 180.0
"""Seconds for which a request is repeated while the server is busy, silent or cuts it off."""

MOST_RETRIES = 60
LONGEST_PAUSE = timedelta(seconds=15)
SILENCE = timedelta(seconds=60)
"""After so long without a byte a connection is given up and opened anew."""

ONE_FILE = timedelta(days=1)

CHUNK = 2**20
ATTEMPTS = 3
"""A fetch that breaks off is gone on with, as long as it does not break off so often in a row
without coming farther than before."""

NAME_DIGITS = 16

MD5_E_TAG = re.compile(r'"([0-9a-f]{32})"')
"""An S3 store names what was put there in one piece, unencrypted, by its MD5. What is encrypted
otherwise cannot be read unsigned."""

S3_HOST = "amazonaws.com"

STATUS = re.compile(r"Server returned non-2xx status code: (\d+ [A-Za-z ]+)")


@dataclass(frozen=True, slots=True)
class Address:
    """What a user named on a server: a directory of a snapshot, or a file.

    Attributes
    ----------
    root
        The server, as ``https://host`` or ``s3://bucket``.
    place
        Path of what is meant on it.
    patience
        Seconds for which a request is repeated.
    """

    root: str
    place: str
    patience: float = PATIENCE

    @property
    def url(self) -> str:
        """The address as one text."""
        return f"{self.root}/{self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a server says of a file: its size, its ETag, and what tells its versions apart."""

    n_bytes: int
    e_tag: str | None
    version: str | None


def is_address(text: str) -> bool:
    """Return whether a text names something on a server, and not on this machine."""
    return text.partition("://")[0].lower() in SCHEMES and "://" in text


def address(url: str, *, patience: float = PATIENCE) -> Address:
    """Return a URL as a server and a place on it.

    Raises
    ------
    FetchError
        If it has a query or names no server.
    """
    parts = urlsplit(url)
    if not parts.netloc or parts.query or parts.fragment:
        raise FetchError.not_an_address(url)
    root = f"{parts.scheme.lower()}://{parts.netloc}"
    return Address(root, unquote(parts.path).strip("/"), patience)


class Server:
    """A connection to a server."""

    def __init__(self, to: Address) -> None:
        self._root = to.root
        scheme, _, name = to.root.partition("://")
        retries: RetryConfig = {
            "max_retries": MOST_RETRIES,
            "retry_timeout": timedelta(seconds=to.patience),
            "backoff": {"max_backoff": LONGEST_PAUSE},
        }
        # Plain HTTP is used where the user names it, and nowhere else.
        client: ClientConfig = {"timeout": ONE_FILE, "read_timeout": SILENCE, "allow_http": True}
        if scheme == "s3":
            self._store: HTTPStore | S3Store = S3Store(
                name, skip_signature=True, client_options=client, retry_config=retries
            )
        else:
            self._store = HTTPStore(to.root, client_options=client, retry_config=retries)
        self._names_md5 = scheme == "s3" or name.partition(":")[0].endswith(S3_HOST)

    def url(self, place: str) -> str:
        """Return the address of a file."""
        return f"{self._root}/{place}"

    def text(self, place: str) -> str | None:
        """Return a small text file, or None where there is none.

        Raises
        ------
        FetchError
            If the server does not give it.
        """
        with _server_errors(self.url(place)):
            try:
                content = obstore.get(self._store, place).bytes()
            except (FileNotFoundError, PermissionDeniedError):
                # S3 forbids what is not there to those who may not list.
                return None
        return bytes(content).decode("utf-8", errors="replace")

    def told(self, place: str) -> Told:
        """Return what the server says of a file.

        Raises
        ------
        AbsentFileError
            If it is not there.
        FetchError
            If the server does not answer.
        """
        with _server_errors(self.url(place)):
            return _told(obstore.head(self._store, place))

    def fetch(self, place: str, told: Told, directory: Path) -> Path:
        """Bring a file into a directory and return its path; go on where a fetch broke off.

        Raises
        ------
        FetchError
            If the server does not give all of it, or other bytes than it says.
        OSError
            If it cannot be written.
        """
        path = directory / self._name(place, told)
        if told.version is None:
            path.unlink(missing_ok=True)
        farthest = failures = 0
        while _size(path) != told.n_bytes:
            try:
                self._go_on(place, told, path)
            except _BrokenOffError as error:
                size = _size(path)
                failures = 0 if size > farthest else failures + 1
                farthest = max(farthest, size)
                if told.version is None or error.is_to_begin_anew:
                    path.unlink(missing_ok=True)
                if failures == ATTEMPTS:
                    raise FetchError.not_given(self.url(place), str(error)) from error
        path.touch()
        self._require_md5(place, told, path)
        return path

    def _name(self, place: str, told: Told) -> str:
        """Return the name of a file here: another one for another version."""
        version = sha256_of_texts([self.url(place), str(told.n_bytes), told.version or ""])
        return f"{version[:NAME_DIGITS]}-{place.rpartition('/')[2]}"

    def _go_on(self, place: str, told: Told, path: Path) -> None:
        """Append what is missing, as much of it as comes."""
        begun = _size(path)
        options: GetOptions = {"range": {"offset": begun}} if begun else {}
        if told.e_tag is not None:
            options["if_match"] = told.e_tag
        try:
            with _server_errors(self.url(place)):
                answer = obstore.get(self._store, place, options=options)
        except (PreconditionError, NotSupportedError) as error:
            raise _BrokenOffError(_found(error), is_to_begin_anew=True) from error
        size = answer.meta["size"]
        if size != told.n_bytes:
            found = f"it has {size:,} bytes, the server had named {told.n_bytes:,}"
            raise _BrokenOffError(found, is_to_begin_anew=True)
        with path.open("ab") as file:
            try:
                file.writelines(answer.stream(min_chunk_size=CHUNK))
            except BaseError as error:
                raise _BrokenOffError(_found(error)) from error

    def _require_md5(self, place: str, told: Told, path: Path) -> None:
        """Compare with the checksum that a store names."""
        named = MD5_E_TAG.fullmatch(told.e_tag or "")
        if named is None or not self._names_md5:
            return
        with path.open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        if found.hexdigest() != named.group(1):
            path.unlink()
            raise FetchError.not_given(
                self.url(place),
                f"its checksum (MD5) is {found.hexdigest()}, the server names {named.group(1)}",
            )


class _BrokenOffError(Exception):
    """A fetch ended before it should, though the server answers."""

    def __init__(self, found: str, *, is_to_begin_anew: bool = False) -> None:
        super().__init__(found)
        self.is_to_begin_anew = is_to_begin_anew


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _told(meta: ObjectMeta) -> Told:
    changed = meta["last_modified"]
    is_known = changed > datetime.fromtimestamp(0, UTC)
    e_tag = meta["e_tag"]
    version = e_tag or (changed.isoformat() if is_known else None)
    return Told(n_bytes=meta["size"], e_tag=e_tag, version=version)


@contextmanager
def _server_errors(url: str) -> Iterator[None]:
    """Say in one sentence what a server did; what a second attempt may mend passes through."""
    try:
        yield
    except (PreconditionError, NotSupportedError):
        raise
    except FileNotFoundError as error:
        raise AbsentFileError.at(url) from error
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise FetchError.not_given(url, f"{_found(error)}; requests are unsigned") from error
    except (BaseError, ValueError) as error:
        raise FetchError.not_given(url, _found(error)) from error


def _found(error: Exception) -> str:
    """Return what a server did, without addresses and what the library knows of itself."""
    status = STATUS.search(str(error))
    if status is not None:
        return f"the server answers {status.group(1).strip()}"
    if isinstance(error, PreconditionError):
        return "the file changes on the server while it is fetched"
    first = str(error).split("\n", maxsplit=1)[0]
    return first.rpartition(" - ")[2].strip().rstrip(".")
