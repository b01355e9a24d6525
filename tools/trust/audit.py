"""Whether a package of the locks has a known hole, or that nobody could be asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import cast

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-trust.lock")
PATIENCE = 60
"""Seconds that the service of advisories has."""

NOT_AUDITED = "not audited"


def audit(root: Path) -> dict[str, dict[str, object]]:
    """Ask for the known holes of every package of every lock.

    Returns
    -------
    dict
        By lock, either ``state`` "audited" with ``n`` packages and ``holes``, a line for each; or
        ``state`` "not audited" and ``why``. A lock of which a package was
        passed over has not passed.
    """
    return {lock: _audited(root / lock) for lock in LOCKS}


def _audited(lock: Path) -> dict[str, object]:
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes"),
        *("--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "20"),
    ]
    try:
        ended = subprocess.run(  # noqa: S603  (the auditor of our own lock)
            command, check=False, capture_output=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return {"state": NOT_AUDITED, "why": f"no answer in {PATIENCE} seconds"}
    return told(ended.stdout, ended.stderr.decode("utf-8", "replace"))


def told(answer: bytes, complaints: str) -> dict[str, object]:
    """Return what an auditor's answer says; without a whole one, nothing was audited."""
    try:
        packages = cast("list[dict[str, object]]", json.loads(answer)["dependencies"])
        names = [one["name"] for one in packages]
    except (ValueError, KeyError, TypeError):
        names = []
    if not names:
        last = [line for line in complaints.splitlines() if line.strip()][-1:]
        return {"state": NOT_AUDITED, "why": " ".join(last) or "the auditor said nothing"}
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {hole['fix_versions']}"
        for one in packages
        for hole in cast("list[dict[str, object]]", one.get("vulns", []))
    ]
    passed_over = [str(one["skip_reason"]) for one in packages if "skip_reason" in one]
    if passed_over:
        n = f"{len(passed_over)} of {len(packages)} packages"
        return {"state": NOT_AUDITED, "why": f"{n}: {passed_over[0]}", "holes": holes}
    return {"state": "audited", "n": len(packages), "holes": holes}


def lines(found: dict[str, dict[str, object]]) -> list[str]:
    """Return the lines of the table."""
    return [
        f"{lock:<28}{of['state']}: "
        + (
            f"{of['n']} packages, {len(cast('list[str]', of['holes']))} with known holes"
            if of["state"] != NOT_AUDITED
            else str(of["why"])
        )
        for lock, of in found.items()
    ] + [f"  {hole}" for of in found.values() for hole in cast("list[str]", of.get("holes", []))]


def main() -> None:
    """Print what was found; end with 1 for a hole, with 2 where nobody could be asked."""
    found = audit(Path(__file__).parents[2])
    print("\n".join(lines(found)))  # noqa: T201
    if any(of.get("holes") for of in found.values()):
        sys.exit(1)
    if any(of["state"] == NOT_AUDITED for of in found.values()):
        sys.exit(2)


if __name__ == "__main__":
    main()
