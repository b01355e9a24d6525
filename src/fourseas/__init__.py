"""fourseas: see, measure, model, partner and control the openness of science and technology.

import fourseas
ws = fourseas.open("lake")
ws.table("collaboration").to_pandas()
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from fourseas.workspace import Workspace

__all__ = ["__version__", "open"]
__version__ = "0.1.0"


def open(  # noqa: A001  (fourseas.open reads as it should)
    path: str | PathLike[str], *, version: int | None = None
) -> Workspace:
    """Open a built lake for reading, at its current version if no other is named.

    Raises
    ------
    LakeError
        If the path is no lake or has not been built, or there is no such version of it.
    """
    # The command line imports this package for every `--help`; engines wait until they are used.
    from fourseas import workspace

    return workspace.open(path, version=version)
