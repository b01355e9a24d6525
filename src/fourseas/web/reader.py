"""A lake that many read at once: one engine behind a lock, and what was made kept by version."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Condition, Lock
from typing import TypeVar, cast

from fourseas.errors import LakeError
from fourseas.lake import engine, layout
from fourseas.lake.recalling import recalling
from fourseas.lake.shelf import Shelf
from fourseas.selection import Slice
from fourseas.web.remembering import Remembering, Session

Made = TypeVar("Made")

SECONDS_BETWEEN_LOOKS = 2.0
"""How often who waits for a version looks whether it is there."""


class ClosedError(Exception):
    """What was to be made of a lake ends, since it is closed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A version of the lake that one thread reads, and the shelf of that version."""

    version: str
    ws: Remembering
    shelf: Shelf

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return a part of many answers, made once for a version and key."""
        return self.shelf.once((self.version, key), make)


class Reader:
    """The current version of a lake, opened anew when it was built anew.

    DuckDB's connection belongs to one thread at a time: a lock keeps it so. A request that is
    being answered ends on the version that it began with; the next one opens the new one.

    Attributes
    ----------
    lake
        What is read.
    shelf
        What was made of its current version.
    is_followed
        Whether what pages need of a version is made ahead as soon as it is opened.
    """

    def __init__(
        self, lake: Path, *, threads: int | None = None, shelf: Shelf | None = None
    ) -> None:
        located = layout.locate(lake)
        self.lake = replace(located, threads=threads or located.threads)
        self._engine = Lock()
        self.shelf = Shelf() if shelf is None else shelf
        self._opened: Opened | None = None
        self._n_asking = 0
        self._turn = Condition()
        self._is_closed = False
        self.is_followed = False
        self.version()

    @property
    def is_large(self) -> bool:
        """Return whether the version last opened has too many cells for figures in memory."""
        opened = self._opened
        return opened is not None and opened.ws.is_large

    def version(self) -> str:
        """Return the version that is current now, also where another lake took its place."""
        return _key(self._folder())

    def _folder(self) -> Path:
        """Return where the current version lies."""
        current = self.lake.current()
        if current is None or not current.exists():
            raise LakeError.not_built(str(self.lake.root))
        return current

    def answer(self, key: Hashable, make: Callable[[Opened], Made]) -> Made:
        """Return what is made of the current version, made once for a version and key."""
        found = self.shelf.find((self.version(), key))
        if found:
            return cast("Made", found[0])
        return self.once(lambda opened: opened.kept(key, lambda: make(opened)))

    def once(self, make: Callable[[Opened], Made]) -> Made:
        """Return what is made of the current version, and keep nothing of it.

        Raises
        ------
        LakeError
            Where a file is damaged, or memory does not suffice for what is asked.
        """
        with self._turn:
            self._n_asking += 1
        try:
            with self._engine, engine.asked(self.lake.versions):
                return make(self._current())
        finally:
            with self._turn:
                self._n_asking -= 1
                self._turn.notify_all()

    def let_go_first(self) -> None:
        """Wait until nobody asks for a page.

        Raises
        ------
        ClosedError
            Where the lake is closed.
        """
        with self._turn:
            self._turn.wait_for(lambda: self._is_closed or not self._n_asking)
        if self._is_closed:
            raise ClosedError

    def wait_for_another(self, version: str) -> str:
        """Return the version that is current once it is another.

        Raises
        ------
        ClosedError
            Where the lake is closed.
        """
        with self._turn:
            while not self._is_closed:
                self._turn.wait(SECONDS_BETWEEN_LOOKS)
                # Between two versions there may be none for a moment.
                with suppress(LakeError):
                    if (current := self.version()) != version:
                        return current
        raise ClosedError

    def beside(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of answers without the engine, made once for a version and key."""
        return self.shelf.once((self.version(), key), make)

    def close(self) -> None:
        """Close the engine."""
        with self._turn:
            self._is_closed = True
            self._turn.notify_all()
        with self._engine:
            if self._opened is not None:
                self._opened.ws.close()
                self._opened = None

    def _current(self) -> Opened:
        """Return the current version, opened; only with the engine's lock held."""
        version = self.version()
        if self._opened is None or self._opened.version != version:
            opened = self._open()
            if self._opened is not None:
                self._opened.ws.close()
            self._opened = opened
        return self._opened

    def _open(self) -> Opened:
        """Open the current version, and let go what is kept of the one before."""
        folder = self._folder()
        version = _key(folder)
        session = Session(recalling(self.lake, self.shelf, version))
        if self.is_followed:
            session.making.begin(1)
            session.making.go_on("the first")
        ws = Remembering(self.lake, folder, session)
        if self._opened is not None:
            self.shelf.clear()
        return Opened(version, ws, self.shelf)


class Beside(Reader):
    """Who reads what others read in a session of its own, so that they need not wait for it."""

    def __init__(self, others: Reader) -> None:
        super().__init__(others.lake.root, shelf=others.shelf)
        self.others = others

    def _open(self) -> Opened:
        """Open the version that others read."""
        theirs, session = self.others.once(lambda opened: (opened, self._beside(opened)))
        ws = Remembering(self.lake, self.lake.versions / theirs.ws.version, session)
        return Opened(theirs.version, ws, self.shelf)

    def _beside(self, opened: Opened) -> Session:
        return opened.ws.session.beside()


class Ahead(Beside):
    """Who makes what others will ask for, in a session beside theirs, while none of them waits.

    Before each question to the engine it lets those go first who ask for a page. A page that it
    has begun it ends on the version that it began with.
    """

    def once(self, make: Callable[[Opened], Made]) -> Made:
        """Return what is made of the current version once nobody asks for a page."""
        self.others.let_go_first()
        return super().once(make)

    def remember(self, name: str) -> None:
        """Compute what pages read of an indicator."""
        # Of an older lake whoever asks is told what it lacks; all else is made ahead.
        with suppress(LakeError):
            self.once(partial(_remember, name=name))

    def gather(self, part: Slice) -> None:
        """Keep a slice of an indicator that pages take units from."""
        with suppress(LakeError):
            self.once(partial(_gather, part=part))

    def _beside(self, opened: Opened) -> Session:
        return opened.ws.session.ahead(self.others.let_go_first)


def _remember(opened: Opened, *, name: str) -> None:
    if name in opened.ws.remembered():
        opened.ws.table(name)


def _gather(opened: Opened, *, part: Slice) -> None:
    opened.ws.of_units(part, ())


def _key(folder: Path) -> str:
    """Return by what a version is known, also where another lake took its place."""
    status = folder.stat()
    return f"{folder.name}-{status.st_mtime_ns}-{status.st_ino}"
