"""What forms offer: countries, fields, and numbers that were typed."""

from __future__ import annotations

from fourseas import challenge_lists
from fourseas.errors import FourseasError
from fourseas.reports.panel import ALL_FIELDS
from fourseas.schema.cells import ALL
from fourseas.web.reader import Opened
from fourseas.web.view import Asked

Options = tuple[tuple[str, str], ...]

SCHEMES = ("ncses", "openalex_field", "openalex_domain", "3gpp_tsg", "ietf_stream")
"""Schemes that are short enough for a list; other fields are reached by their address."""


def country_names(opened: Opened) -> Options:
    """Return code and name of every country, by name."""

    def read() -> Options:
        known = opened.ws.table("countries").select("country_code", "country_name").to_pyarrow()
        named = ((str(row["country_code"]), str(row["country_name"])) for row in known.to_pylist())
        return tuple(sorted(named, key=lambda one: one[1]))

    return opened.kept("country names", read)


def field_options(opened: Opened, chosen: str) -> Options:
    """Return id and name of fields, and of the one that is chosen where the list has it not."""

    def read() -> tuple[tuple[str, str, str], ...]:
        table = opened.ws.table("fields").select("scheme", "field_id", "field_name").to_pyarrow()
        return tuple(
            (str(row["scheme"]), str(row["field_id"]), str(row["field_name"]))
            for row in table.to_pylist()
        )

    def short(every: tuple[tuple[str, str, str], ...]) -> Options:
        return tuple(
            (field, f"{name} ({scheme.replace('_', ' ')})")
            for wanted in SCHEMES
            for scheme, field, name in sorted(every, key=lambda one: one[2])
            if scheme == wanted
        )

    listed = opened.kept("short fields", lambda: short(opened.kept("fields", read)))
    if chosen == ALL or chosen in {field for field, _ in listed}:
        return ((ALL, ALL_FIELDS), *listed)
    others = opened.kept("fields", read)
    named = ((field, name) for _, field, name in others if field == chosen)
    return ((ALL, ALL_FIELDS), *listed, *named)


def whole_number(asked: Asked, name: str) -> int | None:
    """Return a parameter as a number.

    Raises
    ------
    FourseasError
        Where it is none.
    """
    given = asked.first(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) <= len("2000")):
        message = f"{name} is {given!r}, which is no year."
        raise FourseasError(message, f"Write it as a number, such as {name}=2020.")
    return int(given)


def challenge_options() -> Options:
    """Return name and title of the challenges that come with the package."""
    return tuple((one.name, one.title) for one in challenge_lists.packaged())
