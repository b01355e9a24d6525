"""What lists of partners have in common, made before anybody asks for one."""

from __future__ import annotations

from fourseas import challenge_lists
from fourseas.errors import NotComputableError
from fourseas.partners.choice import Terms
from fourseas.reports.partners.find import located
from fourseas.reports.partners.gathering import exposed, gathered
from fourseas.reports.partners.keeping import is_large
from fourseas.reports.partners.place import Asked
from fourseas.workspace import Workspace


def prepare(ws: Workspace) -> int:
    """Keep what lists of organizations are drawn by, of a lake whose cells are many.

    Returns
    -------
    int
        The lists that it is kept for: in all fields, and for each challenge of the package.
    """
    n = 0
    for challenge in (None, *challenge_lists.packaged()):
        try:
            at, _ = located(ws, "organization", Asked(), challenge)
            if is_large(ws, at):
                exposed(ws, gathered(ws, at), Terms())
                n += 1
        except NotComputableError:
            # Of a lake without organizations, or without topics, there is no such list.
            continue
    return n
