"""Who is told how far a long piece of work has come."""

from __future__ import annotations

from typing import Literal, Protocol

Unit = Literal["steps", "bytes"]
"""What the amounts of a piece of work are."""


class Progress(Protocol):
    """Somebody who shows progress; the lake itself prints nothing."""

    def start(self, total: float, label: str, unit: Unit = "steps") -> None:
        """Hear that work of so many units begins."""

    def advance(self, amount: float, label: str) -> None:
        """Hear that so many units are done, the last of them on what the label names."""

    def finish(self) -> None:
        """Hear that the work has ended, well or not."""
