"""The lake of the embedded registers, built once for all tests that ask for outside numbers."""

from __future__ import annotations

from pathlib import Path

from fourseas import workspace
from fourseas.lake.progress import Unit


class Silent:
    """Nobody who watches progress."""

    def start(self, total: float, label: str, unit: Unit = "steps") -> None:
        """Hear nothing."""

    def advance(self, amount: float, label: str) -> None:
        """Hear nothing."""

    def finish(self) -> None:
        """Hear nothing."""


def build_embedded(root: Path) -> Path:
    """Build the lake that `fourseas demo` builds."""
    workspace.build_embedded(root, Silent())
    return root
