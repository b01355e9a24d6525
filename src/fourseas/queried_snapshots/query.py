"""A query of OpenAlex as an address: of the API, or of the page where a person made it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from fourseas.queried_snapshots.errors import QueryError

HOSTS = ("openalex.org", "www.openalex.org", "explore.openalex.org", "api.openalex.org")
ENTITIES = ("works", "institutions", "topics")
"""The records that `add` reads."""

MEANT = ("filter", "search", "sample", "seed", "include_xpac")
"""Parameters that say which records are meant; further ways to search begin with `search.`."""

SHOWN = (
    "page",
    "per_page",
    "per-page",
    "cursor",
    "sort",
    "select",
    "view",
    "mailto",
    "data-version",
)
"""Parameters that say how records are shown or paged, which a fetch decides itself."""

KEY = "api_key"
SECRET = re.compile(rf"([?&]{KEY}=)[^&#]*")
SERVER = "https://api.openalex.org"
GROUPED = ("group_by", "group-by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which records of OpenAlex are meant.

    Attributes
    ----------
    entity
        Kind of record, such as works.
    parameters
        What they are chosen by, in order of name.
    key
        The key that the address bore, or null. It is sent to the API and written nowhere.
    """

    entity: str
    parameters: tuple[tuple[str, str], ...]
    key: str | None = None

    @property
    def url(self) -> str:
        """The query as an address of the API, the same for the same query, without a key."""
        asked = urlencode(self.parameters, safe=":|,!-<>/")
        return f"{SERVER}/{self.entity}" + (f"?{asked}" if asked else "")

    @property
    def is_sample(self) -> bool:
        """Whether a random sample is asked for; the API pages through it by number."""
        return any(name == "sample" for name, _ in self.parameters)


def query(url: str) -> Query:
    """Return what an address asks for.

    Raises
    ------
    QueryError
        If it is of another site, asks for something else than a list of records that are read,
        or has a parameter that is not known.
    """
    parts = urlsplit(url.strip())
    shown = SECRET.sub(r"\1...", url.strip())
    if parts.scheme not in {"http", "https"} or parts.hostname not in HOSTS:
        raise QueryError.not_of_openalex(shown)
    place = parts.path.strip("/")
    if place not in ENTITIES:
        raise QueryError.not_a_list(shown, f"`{place}`" if place else "nothing", ENTITIES)
    meant, key = [], None
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name == KEY:
            key = value or None
        elif name in GROUPED:
            raise QueryError.grouped()
        elif name in MEANT or name.startswith("search."):
            if not value:
                raise QueryError.empty(name)
            meant.append((name, value))
        elif name not in SHOWN:
            raise QueryError.parameter(name, (*MEANT, *SHOWN))
    names = {name for name, _ in meant}
    if "sample" in names and "seed" not in names:
        raise QueryError.unseeded()
    return Query(entity=place, parameters=tuple(sorted(meant)), key=key)
