"""The registers that come with the package, with the dates of their snapshots and their scopes."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from fourseas.schema.source import Scope


@dataclass(frozen=True, slots=True)
class EmbeddedRegister:
    """A packaged register.

    Attributes
    ----------
    source
        Name of the source that reads it, and of its directory.
    snapshot_on
        When the data were taken, as YYYY-MM-DD.
    scope
        What they are.
    """

    source: str
    snapshot_on: str
    scope: Scope

    @property
    def path(self) -> Path:
        """The directory of its files."""
        return Path(str(resources.files("fourseas") / "embedded" / self.source))


REGISTERS: tuple[EmbeddedRegister, ...] = (
    EmbeddedRegister("3gpp", "2025-10-31", "census"),
    EmbeddedRegister("countries", "2024-12-31", "census"),
    EmbeddedRegister("matrix", "2024-08-27", "census"),
    EmbeddedRegister("ncses", "2023-04-30", "census"),
    EmbeddedRegister("openalex", "2026-04-30", "corpus"),
    EmbeddedRegister("rfc", "2024-01-06", "census"),
)
"""All packaged registers, by name. NCSES figures come from Scopus as accessed in April 2023."""
