"""What texts of affiliations name, by the organisations and countries that a lake knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

from fourseas.affiliations.countries import Gazetteer, gazetteer
from fourseas.affiliations.directory import Directory, Organization, directory
from fourseas.affiliations.match import Candidate, candidates
from fourseas.errors import FourseasError, NotComputableError
from fourseas.workspace import Workspace

LINKED = pa.schema(
    {
        "row": pa.int64(),
        "affiliation": pa.string(),
        "ror_id": pa.string(),
        "organization_name": pa.string(),
        "country_code": pa.string(),
        "city": pa.string(),
        "score": pa.float64(),
        "part": pa.string(),
        "reason": pa.string(),
    }
)
"""One row per text and organisation that it names; one with no id where it names none."""

ADDING = "fourseas add LAKE v2-ror-data.json --source ror --snapshot DATE"
NONE_NAMED = "no organization of the lake is likely enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to link.

    Attributes
    ----------
    affiliation
        The text.
    country_code
        Country of the address, if the source gives it.
    ror_ids
        Organisations, if the source gives them; they are taken as they are.
    """

    affiliation: str
    country_code: str | None = None
    ror_ids: tuple[str, ...] = ()


def organizations(ws: Workspace) -> Directory:
    """Return the directory of the organisations of a lake that have a ROR id.

    Raises
    ------
    NotComputableError
        If there are none.
    """
    listed = ws.table("organizations")
    listed = listed.filter(listed.ror_id.notnull() & listed.organization_name.notnull())
    names: dict[int, list[str]] = {}
    for row in (
        ws.table("organization_names").order_by("organization_id", "name").to_pyarrow().to_pylist()
    ):
        names.setdefault(row["organization_id"], []).append(row["name"])
    parts = _parts(ws)
    found = [
        Organization(
            ror_id=row["ror_id"],
            name=row["organization_name"],
            names=tuple(names.get(row["organization_id"], ())),
            country_code=row["country_code"],
            city=row["city"],
            kind=row["organization_kind"],
            status=row["status"],
            n_parts=parts.get(row["organization_id"], 0),
        )
        for row in listed.to_pyarrow().to_pylist()
    ]
    if not found:
        question = "Linking affiliations"
        reason = "the lake holds no organization with a ROR id"
        remedy = f"Add ROR's data dump: {ADDING}."
        raise NotComputableError.because(question, reason, remedy)
    return directory(found)


def _parts(ws: Workspace) -> dict[int, int]:
    """Return how many organisations of the lake are part of each that has any."""
    relations = ws.table("organization_relations")
    parents = relations.filter(relations.relation_kind == "parent")
    counted = parents.group_by("related_id").agg(n_parts=parents.organization_id.nunique())
    return {row["related_id"]: row["n_parts"] for row in counted.to_pyarrow().to_pylist()}


def countries(ws: Workspace) -> Gazetteer:
    """Return the names of countries that a lake knows."""
    rows = ws.table("country_names").select("name", "country_code").to_pyarrow().to_pylist()
    return gazetteer((row["name"], row["country_code"]) for row in rows)


def country(ws: Workspace, name: str) -> str:
    """Return the code of a country by its code or name.

    Raises
    ------
    UnknownNameError
        For a name that nothing bears.
    FourseasError
        For a group of countries.
    """
    (code, *others) = ws.unit_ids((name,))
    codes = set(countries(ws).codes.values())
    if others or code not in codes:
        message = f"{name} is not one country."
        raise FourseasError(message, "Name the one of the address.")
    return code


def linked(texts: Iterable[Text], known: Directory, places: Gazetteer) -> pa.Table:
    """Return `LINKED`: what each text names, in the order of the texts."""
    rows = list(_rows(texts, known, places))
    return pa.Table.from_pylist(rows, schema=LINKED)


def _rows(
    texts: Iterable[Text], known: Directory, places: Gazetteer
) -> Iterator[dict[str, object]]:
    """Yield rows; a text that comes again is looked up once."""
    met: dict[tuple[str, str | None], tuple[Candidate, ...]] = {}
    for number, text in enumerate(texts, start=1):
        start = {"row": number, "affiliation": text.affiliation}
        if text.ror_ids:
            yield from (start | _given(ror_id, known) for ror_id in text.ror_ids)
            continue
        asked = (text.affiliation, text.country_code)
        if asked not in met:
            every = candidates(text.affiliation, known, places, country_code=text.country_code)
            met[asked] = tuple(found for found in every if found.is_named)
        for found in met[asked]:
            yield start | {
                "ror_id": found.ror_id,
                "organization_name": found.name,
                "country_code": found.country_code,
                "city": found.city,
                "score": found.score,
                "part": found.part,
                "reason": found.reason,
            }
        if not met[asked]:
            yield start | {"reason": NONE_NAMED}


def _given(ror_id: str, known: Directory) -> dict[str, object]:
    """Return what is known of an organisation whose id the source gives."""
    place = known.places.get(ror_id)
    if place is None:
        return {"ror_id": ror_id, "reason": "the source gives the id; the lake does not know it"}
    organization = known.entries[place].organization
    return {
        "ror_id": ror_id,
        "organization_name": organization.name,
        "country_code": organization.country_code,
        "city": organization.city,
        "score": 1.0,
        "reason": "the source gives the id",
    }
