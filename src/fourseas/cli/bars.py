"""How far a long piece of work has come: bars on a screen, now and then a line in a file.

Both go to the error stream, so that results can be piped.
"""

from __future__ import annotations

from time import monotonic
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from fourseas.lake.progress import Unit

SECONDS_BETWEEN_LINES = 30.0
MEGABYTE = 1e6
MINUTE = 60.0


class Bars:
    """Progress of one command."""

    def __init__(self, *, seconds_between_lines: float = SECONDS_BETWEEN_LINES) -> None:
        console = Console(stderr=True)
        self._is_screen = console.is_terminal
        self._bars = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            _Amounts(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not self._is_screen,
        )
        self._console = console
        self._pause = seconds_between_lines
        self._task: TaskID | None = None
        self._title, self._unit = "", "steps"
        self._total = self._done = 0.0
        self._began = self._told = 0.0

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop drawing and clear the bars."""
        self._bars.stop()

    def start(self, total: float, label: str, unit: Unit = "steps") -> None:
        """Begin a bar of so many units."""
        self._task = self._bars.add_task(label, total=total, unit=unit)
        self._title, self._unit = label, unit
        self._total, self._done = total, 0.0
        self._began = self._told = monotonic()

    def advance(self, amount: float, label: str) -> None:
        """Move the bar on and say what is being done."""
        self._done += amount
        if self._task is not None:
            self._bars.update(self._task, advance=amount, description=label)
        now = monotonic()
        if not self._is_screen and now - self._told >= self._pause:
            self._told = now
            self._console.print(Text(self._line(label, now - self._began)), soft_wrap=True)

    def finish(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None

    def _line(self, label: str, seconds: float) -> str:
        """Say in a line how far the work has come, how fast, and how long it will take."""
        speed = self._done / max(seconds, 0.001)
        told = [f"{self._title}: {label}", _amounts(self._done, self._total, self._unit, speed)]
        if self._total and speed:
            told.append(f"about {(self._total - self._done) / speed / MINUTE:,.0f} min left")
        return ", ".join(told)


class _Amounts(ProgressColumn):
    """How much is done of how much; of bytes also how fast."""

    def render(self, task: Task) -> Text:
        """Return it as text."""
        total = task.total or 0.0
        return Text(_amounts(task.completed, total, task.fields["unit"], task.speed))


def _amounts(done: float, total: float, unit: str, speed: float | None) -> str:
    """Return how much is done; where the whole is not known, without it."""
    if unit == "steps":
        return f"{done:,.0f}/{total:,.0f}"
    whole = f"/{total / MEGABYTE:,.0f}" if total else ""
    rate = f", {speed / MEGABYTE:,.1f} MB/s" if speed else ""
    return f"{done / MEGABYTE:,.0f}{whole} MB{rate}"
