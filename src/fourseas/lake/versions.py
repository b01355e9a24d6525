"""The versions of a lake that are still there, by number."""

from __future__ import annotations

from pathlib import Path

from fourseas.errors import LakeError
from fourseas.lake.layout import KEPT_VERSIONS, Lake


def numbered(lake: Lake, number: int) -> Path:
    """Return the directory of a version.

    Raises
    ------
    LakeError
        If there never was such a version, or it was removed when later ones were built.
    """
    present = _present(lake)
    if number in present:
        return present[number]
    listed = f"{lake.root} holds {_listed(lake, present)}."
    if 0 < number < max(present):
        problem = (
            f"Version {number} of the lake is no longer there: of the versions that were built, "
            f"the last {KEPT_VERSIONS} are kept. {listed}"
        )
        remedy = (
            "Name one that is there. To keep an older one to compare with, copy the lake's "
            "directory before the next build, and give the path of the copy."
        )
        raise LakeError(problem, remedy)
    problem = f"There is no version {number} of the lake. {listed}"
    raise LakeError(problem, "Name one that is there.")


def before_current(lake: Lake) -> Path:
    """Return the version that a reader would compare the current one with: the last before it.

    Where an older version was made current again, it is the last of the others.

    Raises
    ------
    LakeError
        If the current version is the only one.
    """
    present = _present(lake)
    current = lake.current()
    others = {number: path for number, path in present.items() if path != current}
    older = [path for path in others.values() if current is not None and path.name < current.name]
    if not others:
        problem = f"{lake.root} holds {_listed(lake, present)}; there is no other to compare with."
        remedy = (
            f"Add a newer snapshot with `fourseas add {lake.root} FILES ... --replace` and build, "
            "or name another lake."
        )
        raise LakeError(problem, remedy)
    return max(older) if older else max(others.values())


def _present(lake: Lake) -> dict[int, Path]:
    """Return the versions that are there, by number in order."""
    found = {int(path.name): path for path in lake.complete_versions()}
    if not found:
        raise LakeError.not_built(str(lake.root))
    return found


def _listed(lake: Lake, present: dict[int, Path]) -> str:
    """Name the versions that are there, and say which is current."""
    current = lake.current()
    names = [f"{number}{' (current)' * (path == current)}" for number, path in present.items()]
    return f"version{'s' * (len(names) > 1)} {' and '.join(names)}"
