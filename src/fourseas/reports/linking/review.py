"""Organizations that only a printed name tells: which of ROR they may be, for you to decide.

Nothing is linked here. What a person has decided comes back as a file of corrections.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fourseas import __version__
from fourseas.affiliations.countries import Gazetteer
from fourseas.affiliations.directory import Directory
from fourseas.affiliations.match import candidates
from fourseas.corrections import Correction
from fourseas.schema.corrections import LINK
from fourseas.workspace import Workspace

WORTH_ASKING = 0.2
"""Score from which a candidate is shown; below it a name is nobody's."""

NAMED, UNDECIDED, MADE = "named", "undecided", "corrected before"

ORDER = [("outcome", "descending"), ("authorships", "descending"), ("key", "ascending")]
"""What is undecided first; of alike ones what most authorships bear."""

REVIEW = pa.schema(
    {
        "kind": pa.string(),
        "register": pa.string(),
        "key": pa.string(),
        "corrected": pa.string(),
        "by": pa.string(),
        "on": pa.string(),
        "why": pa.string(),
        "source": pa.string(),
        "outcome": pa.string(),
        "name": pa.string(),
        "country_code": pa.string(),
        "authorships": pa.int64(),
        "candidate": pa.string(),
        "candidate_id": pa.string(),
        "score": pa.float64(),
        "second": pa.string(),
        "second_id": pa.string(),
        "second_score": pa.float64(),
        "margin": pa.float64(),
    }
)
"""A file of corrections with what there is to decide by. `corrected` is empty where the likeliest
is not likely enough, or two are nearly alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """An organization without a ROR id: register, key and name, country, and its authorships."""

    register: str
    key: str
    name: str
    country_code: str | None
    authorships: int


def review(
    ws: Workspace, known: Directory, places: Gazetteer, corrected: Iterable[Correction]
) -> pa.Table:
    """Return `REVIEW`: names without a ROR id that may be an organization of the directory.

    What is undecided comes first, then what is named, each by authorships. A name that is a known
    company or that nothing is like is left out. Corrections that were made before come last as they
    are, so that the file can take their place.
    """
    before = list(corrected)
    known_keys = {(one.register, one.organization_key) for one in before if one.kind == LINK}
    asked = [one for one in _unlinked(ws) if (one.register, one.key) not in known_keys]
    rows = [row for one in asked if (row := _row(one, known, places)) is not None]
    made = [_as_before(one) for one in before]
    return pa.Table.from_pylist([*rows, *made], schema=REVIEW).sort_by(ORDER)


def _row(one: Unlinked, known: Directory, places: Gazetteer) -> dict[str, object] | None:
    """Return what there is to decide of a name, or null where it has no candidate."""
    every = candidates(one.name, known, places, country_code=one.country_code)
    first, second = (*every[:2], None, None)[:2]
    if first is None or first.score < WORTH_ASKING:
        return None
    named = [found for found in every if found.is_named]
    is_sure = len(named) == 1
    return {
        "kind": LINK,
        "register": one.register,
        "key": one.key,
        "corrected": first.ror_id if is_sure else "",
        "by": f"fourseas {__version__}" if is_sure else "",
        "on": dt.datetime.now(tz=dt.UTC).date().isoformat() if is_sure else "",
        "why": first.reason,
        "source": "ROR",
        "outcome": NAMED if is_sure else UNDECIDED,
        "name": one.name,
        "country_code": one.country_code,
        "authorships": one.authorships,
        "candidate": first.name,
        "candidate_id": first.ror_id,
        "score": first.score,
        "second": second and second.name,
        "second_id": second and second.ror_id,
        "second_score": second and second.score,
        "margin": first.score - (second.score if second else 0.0),
    }


def _as_before(one: Correction) -> dict[str, object]:
    """Return a correction that was made before."""
    return {
        "kind": one.kind,
        "register": one.register,
        "key": one.organization_key,
        "corrected": one.corrected,
        "by": one.said_by,
        "on": one.said_on,
        "why": one.why,
        "source": one.source,
        "outcome": MADE,
    }


def _unlinked(ws: Workspace) -> list[Unlinked]:
    """Return names without a ROR id, with the country that most of their authorships bear."""
    organizations = ws.table("organizations")
    companies = ws.table("organization_companies").select("organization_id")
    unlinked = organizations.filter(
        organizations.ror_id.isnull() & organizations.organization_name.notnull()
    ).anti_join(companies, "organization_id")
    placed = ws.table("affiliations").group_by("organization_id", "country_code")
    counted = placed.agg(n=ibis._.count()).order_by(ibis._.n.desc(), "country_code")
    borne: Counter[int] = Counter()
    countries: dict[int, str] = {}
    for row in counted.to_pyarrow().to_pylist():
        borne[row["organization_id"]] += row["n"]
        if row["country_code"] is not None:
            countries.setdefault(row["organization_id"], row["country_code"])
    return [
        Unlinked(
            register=row["register"],
            key=row["organization_key"],
            name=row["organization_name"],
            country_code=row["country_code"] or countries.get(row["organization_id"]),
            authorships=borne[row["organization_id"]],
        )
        for row in unlinked.to_pyarrow().to_pylist()
    ]


def linked_shares(ws: Workspace) -> ir.Table:
    """Return the authorships of each register that name an organization, and those linked.

    Columns: ``register``; ``n``, rows of authors with an organization; ``ror``, those of one with a
    ROR id; ``company``, those of a known company that has none.
    """
    companies = ws.table("organization_companies").select("organization_id", "company")
    organizations = ws.table("organizations").select("organization_id", "ror_id")
    works = ws.table("works").select("work_id", "register")
    placed = ws.table("affiliations").inner_join(works, "work_id")
    named = placed.inner_join(organizations, "organization_id")
    told = named.left_join(companies, "organization_id")
    return (
        told.group_by("register")
        .agg(n=told.count(), ror=told.ror_id.count(), company=told.company.count())
        .order_by("register")
    )
