"""Parts that are fetched from a server: few at a time, and none that the server did not change."""

from __future__ import annotations

from pathlib import Path
from threading import Semaphore

from fourseas.lake.fetch import Server, Told
from fourseas.lake.fetch_errors import AbsentFileError, FetchError, UntriedError
from fourseas.lake.layout import disk_errors
from fourseas.lake.ledger import Origin
from fourseas.lake.parts import Part

FETCHES_AT_ONCE = 2
"""Beside the parts that are being read, so that neither the line nor the processors wait."""

MOST_FAILURES = 4
"""After so many in a row the server is given up: to wait for two thousand parts takes days."""


class Incoming:
    """Where parts come in from a server, and whether it still answers."""

    def __init__(self, server: Server, directory: Path) -> None:
        self._server = server
        self._directory = directory
        self._turns = Semaphore(FETCHES_AT_ONCE)
        self._failed_in_a_row = 0

    def url(self, part: Part) -> str:
        """Return the address of a part."""
        return self._server.url(_place(part))

    def told(self, part: Part) -> Told:
        """Return what the server says of a part.

        Raises
        ------
        SourceError
            If it is not there, the server does not answer, or it is of another size than listed.
        """
        if self._failed_in_a_row >= MOST_FAILURES:
            raise UntriedError.part(self.url(part))
        try:
            told = self._server.told(_place(part))
        except AbsentFileError:
            raise
        except FetchError:
            self._failed_in_a_row += 1
            raise
        listed = part.n_bytes_listed
        if listed is not None and listed != told.n_bytes:
            raise FetchError.other_size(self.url(part), listed, told.n_bytes)
        return told

    def origin(self, part: Part, told: Told) -> Origin:
        """Return by what a part is known again."""
        return Origin(url=self.url(part), n_bytes=told.n_bytes, version=told.version)

    def fetch(self, part: Part, told: Told) -> Path:
        """Bring a part here when it is its turn, and return where it lies.

        Raises
        ------
        SourceError
            If the server does not give it, or something else than it says.
        LakeError
            If the disk refuses.
        """
        with self._turns, disk_errors(self._directory):
            self._directory.mkdir(parents=True, exist_ok=True)
            try:
                path = self._server.fetch(_place(part), told, self._directory)
            except FetchError:
                self._failed_in_a_row += 1
                raise
            self._failed_in_a_row = 0
            return path


def _place(part: Part) -> str:
    assert part.place is not None, f"{part.name} is no part on a server"
    return part.place
