"""What was measured, at which commit; and how much has changed since."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

PLACE = Path("trust") / "results.json"
MEASURED = (
    "src",
    "tests/faults",
    "tests/fuzz",
    "tests/hostile",
    "tests/indicators",
    "tests/models",
    "tests/policy",
    "tests/web/asking.py",
    "pyproject.toml",
)
"""What figures are of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Figures of one part.

    Attributes
    ----------
    commit, on
        What was measured, with "+" where the tree held more than the commit; and on which day.
    found
        The figures.
    """

    commit: str
    on: str
    found: dict[str, object]


def read(root: Path) -> dict[str, Measured]:
    """Return what was measured before, by part."""
    path = root / PLACE
    if not path.is_file():
        return {}
    stated = json.loads(path.read_text(encoding="utf-8"))
    return {part: Measured(**one) for part, one in stated.items()}


def keep(root: Path, part: str, found: dict[str, object]) -> None:
    """Write the figures of one part beside those of the others."""
    today = datetime.now(UTC).date().isoformat()
    measured = Measured(commit=commit(root), on=today, found=found)
    kept = {name: asdict(one) for name, one in read(root).items()} | {part: asdict(measured)}
    path = root / PLACE
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def commit(root: Path) -> str:
    """Return the commit at which the tree is, with "+" where it holds more."""
    is_changed = _git(root, "status", "--porcelain", "--", *MEASURED)
    return _git(root, "rev-parse", "--short", "HEAD") + ("+" if is_changed else "")


def age(root: Path, measured: Measured) -> str:
    """Say at which commit figures were measured, and how many files have changed since."""
    told = f"at {measured.commit} on {measured.on}"
    base = measured.commit.rstrip("+")
    if not _git(root, "cat-file", "-t", base):
        return f"{told}, which is no commit of this history"
    changed = _git(root, "diff", "--name-only", base, "--", *MEASURED).splitlines()
    return f"{told}, {len(changed)} files changed since" if changed else f"{told}, as it is now"


def _git(root: Path, *arguments: str) -> str:
    """Return what git says; nothing where there is none."""
    try:
        said = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), *arguments],  # noqa: S607
            check=False,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        return ""
    return said.stdout.strip()
