"""Which organization is meant, and under what other names registers may write it."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from fourseas.errors import AmbiguousNameError, UnknownNameError
from fourseas.policy.identifiers import UnknownIdError, identifier
from fourseas.policy.list_entries import normalized
from fourseas.workspace import Workspace

NEAREST = 8
LEAST_LIKENESS = 0.8
SHORTEST_NEAR = 4
SHORT = 6
"""Signs of an abbreviation: equal ones do not say that two organizations are one."""

COUNTRY_OF_COMPANY = re.compile(r"\s*\([^()]*\)$")
"""What ROR puts behind the name of a company's national branch."""


@dataclass(frozen=True, slots=True)
class SameName:
    """An organization without a ROR id that a register writes by a name of the subject."""

    organization_id: int
    register: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An organization.

    Attributes
    ----------
    organization_id
        Its number in this version of the lake.
    ror_id, key
        Its ROR id, or None, and what the register that describes it calls it.
    register
        That register.
    name, other_names
        The name that is displayed, and the others that registers know.
    country, city
        Of its head office, where known.
    kind, status
        Education, company, ...; active or not, where known.
    same_named
        Organizations of registers that write plain names, equal to one of its names.
    near_named
        Names there that begin with one of its names and are not counted.
    """

    organization_id: int
    ror_id: str | None
    key: str
    register: str
    name: str
    other_names: tuple[str, ...]
    country: str | None
    city: str | None
    kind: str | None
    status: str | None
    same_named: tuple[SameName, ...]
    near_named: tuple[str, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """Its number and those of the organizations that bear its name."""
        return (self.organization_id, *(one.organization_id for one in self.same_named))

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return (self.name, *self.other_names)

    @property
    def label(self) -> str:
        """By what it can be asked for again."""
        return self.ror_id or f"{self.register}:{self.key}"


@dataclass(frozen=True, slots=True)
class Known:
    """All organizations of a lake.

    Attributes
    ----------
    organizations, names
        The table, and the names of each besides the one that is displayed, by number.
    spelled
        Each name, normalized, to the places in the table of those that bear it.
    branches
        The same for names of companies without the country that ROR puts behind them.
    in_order
        All of ``spelled`` in the order of the alphabet.
    identified, keyed, numbered
        Places by ROR id, by register and its key, and by number.
    """

    organizations: pd.DataFrame
    names: dict[int, tuple[str, ...]]
    spelled: dict[str, tuple[int, ...]]
    branches: dict[str, tuple[int, ...]]
    in_order: tuple[str, ...]
    identified: dict[str, tuple[int, ...]]
    keyed: dict[str, tuple[int, ...]]
    numbered: dict[int, int]

    def beginning(self, name: str) -> Iterator[str]:
        """Yield the spelled names that begin with the words of another and have more."""
        begin = f"{name} "
        for place in range(bisect_left(self.in_order, begin), len(self.in_order)):
            if not self.in_order[place].startswith(begin):
                return
            yield self.in_order[place]


def known(ws: Workspace) -> Known:
    """Return all organizations and names, read once while the lake is open."""
    return ws.once("known organizations", lambda: _known(ws))


def _known(ws: Workspace) -> Known:
    table = ws.table("organizations").order_by("organization_id").to_pandas()
    table = table.astype(object).where(table.notna(), None)
    listed = ws.table("organization_names").order_by("organization_id", "name").to_pandas()
    names = {
        int(one): tuple(str(name) for name in group)
        for one, group in listed.groupby("organization_id")["name"]
    }
    spelled: dict[str, list[int]] = {}
    branches: dict[str, list[int]] = {}
    identified: dict[str, list[int]] = {}
    keyed: dict[str, list[int]] = {}
    for place, row in enumerate(table.itertuples()):
        keyed.setdefault(f"{row.register}:{row.organization_key}", []).append(place)
        if row.ror_id is not None:
            identified.setdefault(str(row.ror_id), []).append(place)
        others = names.get(int(row.organization_id), ())
        for name in {_spelled(one) for one in (row.organization_name, *others) if one}:
            spelled.setdefault(name, []).append(place)
        if row.ror_id and COUNTRY_OF_COMPANY.search(str(row.organization_name)):
            stem = _spelled(COUNTRY_OF_COMPANY.sub("", str(row.organization_name)))
            branches.setdefault(stem, []).append(place)
    numbered = {int(number): place for place, number in enumerate(table.organization_id)}
    keys = ws.table("organization_ids")
    for row in keys.filter(keys.identified_by == "name").to_pandas().itertuples():
        keyed.setdefault(
            f"{row.register}:{row.organization_key}", [numbered[int(row.organization_id)]]
        )
    return Known(
        organizations=table,
        names=names,
        spelled=_settled(spelled),
        branches=_settled(branches),
        in_order=tuple(sorted(spelled)),
        identified=_settled(identified),
        keyed=_settled(keyed),
        numbered=numbered,
    )


def _settled(places: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(found) for name, found in places.items()}


def find(organizations: Known, written: str) -> Subject:
    """Return the organization of a ROR id, of a register's id or of a name.

    A name is one in any spelling of case, accents and punctuation. One that a register of
    organizations knows goes before plain text in a register of works.

    Raises
    ------
    UnknownNameError
        If it is the name of none; it offers the nearest with their ids.
    AmbiguousNameError
        If it is the name of several; it lists them.
    """
    places = _places(organizations, written)
    if len(places) > 1:
        raise AmbiguousNameError.organization(written, _lines(organizations, places))
    if not places:
        near = _near(organizations, written)
        raise UnknownNameError.organization(written, _lines(organizations, near[:NEAREST]))
    return _subject(organizations, places[0])


def _places(organizations: Known, written: str) -> tuple[int, ...]:
    table = organizations.organizations
    try:
        ror_id = identifier("organization", written)
    except UnknownIdError:
        ror_id = None
    if ror_id is not None:
        return organizations.identified.get(ror_id, ())
    # A register may write a ROR id that is none: it finds its organization all the same.
    by_key = organizations.keyed.get(written) or organizations.identified.get(written)
    if by_key:
        return by_key
    named = organizations.spelled.get(normalized(written), ())
    described = tuple(place for place in named if table.ror_id.iloc[place] is not None)
    branches = organizations.branches.get(normalized(written), ())
    if described or not branches:
        return described or named[:1]  # equal plain names are one organization
    return branches if len(branches) == 1 else (*branches, *named)


def _near(organizations: Known, written: str) -> tuple[int, ...]:
    """Return organizations whose names have most words that were written, or words like them."""
    wanted = normalized(written).split()
    if not wanted:
        return ()
    words = {word for name in organizations.spelled for word in name.split()}
    alike = [
        {word, *difflib.get_close_matches(word, words, n=NEAREST, cutoff=LEAST_LIKENESS)}
        for word in wanted
    ]
    n_alike = {
        name: sum(bool(meant & {*name.split()}) for meant in alike)
        for name in organizations.spelled
    }
    holding = sorted(
        (name for name, n in n_alike.items() if 2 * n >= len(wanted)),
        key=lambda name: (-n_alike[name], len(name), name),
    )
    found = (place for name in holding[:NEAREST] for place in organizations.spelled[name])
    ror_ids = organizations.organizations.ror_id
    return tuple(sorted(dict.fromkeys(found), key=lambda place: ror_ids.iloc[place] is None))


def _lines(organizations: Known, places: Iterable[int]) -> list[str]:
    """Return name, country and id of organizations."""
    rows = (organizations.organizations.iloc[place] for place in places)
    return [
        ", ".join(str(part) for part in (row.organization_name, row.country_code) if part)
        + f" ({row.ror_id or f'{row.register}:{row.organization_key}'})"
        for row in rows
    ]


def _subject(organizations: Known, place: int) -> Subject:
    table = organizations.organizations
    row = table.iloc[place]
    names = organizations.names.get(int(row.organization_id), ())
    own = {_spelled(name) for name in (row.organization_name or row.organization_key, *names)}
    own |= {_spelled(COUNTRY_OF_COMPANY.sub("", str(row.organization_name)))}
    long_enough = {name for name in own if len(name.replace(" ", "")) > SHORT}
    plain = [
        other
        for name in sorted(long_enough)
        if _is_its_own(organizations, name, place)
        for other in organizations.spelled.get(name, ())
        if other != place and table.ror_id.iloc[other] is None
    ]
    telling = {name for name in own if len(name) >= SHORTEST_NEAR}
    longer = {spelled for name in telling for spelled in organizations.beginning(name)}
    near = sorted(
        {
            str(table.organization_name.iloc[other])
            for spelled in own | longer
            for other in organizations.spelled.get(spelled, ())
            if other not in {place, *plain} and table.ror_id.iloc[other] is None
        }
    )
    return Subject(
        organization_id=int(row.organization_id),
        ror_id=row.ror_id,
        key=row.organization_key,
        register=row.register,
        name=row.organization_name or row.organization_key,
        other_names=tuple(name for name in names if name != row.organization_name),
        country=row.country_code,
        city=row.city,
        kind=row.organization_kind,
        status=row.status,
        same_named=tuple(
            SameName(
                int(table.organization_id.iloc[other]),
                str(table.register.iloc[other]),
                str(table.organization_name.iloc[other]),
            )
            for other in dict.fromkeys(plain)
        ),
        near_named=tuple(near),
    )


def _is_its_own(organizations: Known, name: str, place: int) -> bool:
    """Say whether no other organization of a register bears a name, with a country or without."""
    bearers = (*organizations.spelled.get(name, ()), *organizations.branches.get(name, ()))
    described = (other for other in bearers if organizations.organizations.ror_id.iloc[other])
    return all(other == place for other in described)


def _spelled(name: object) -> str:
    return normalized(str(name))
