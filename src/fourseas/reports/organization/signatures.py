"""Which organization signs which work, with what its report says of the work, whole or of a few.

A report reads the works of two organizations, which lie all over a lake that is in the order of
works. A server keeps all signatures beside the version in the order of organizations, so that a
report takes as long as its organizations have works, however many there are of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from fourseas.facts.universe import universe
from fourseas.lake import aside
from fourseas.lake.ranges import Range, divided
from fourseas.schema.definition import DEFINITIONS
from fourseas.workspace import Workspace

DEFINED = {one.definition_id: one for one in DEFINITIONS}
WORKS, STANDARDS = DEFINED["openalex"], DEFINED["standards"]

FIELD_SCHEME, TOPIC_SCHEME = "openalex_field", "openalex_subfield"
GROUP_SCHEMES = ("3gpp_group", "ietf_group")
SCHEMES = (FIELD_SCHEME, TOPIC_SCHEME, *GROUP_SCHEMES)

IN_SCHEME = "/"
"""Between a scheme and the id of its field."""

FORM = "signatures 1"
"""Number of what is kept and how; what is of another number is made anew."""

COLUMNS = (
    "organization_id",
    "work_id",
    "year",
    "is_standard",
    "is_retracted",
    "country_codes",
    "field_ids",
    "fundings",
)

KEPT = "kept_signatures"
WORKS_AT_ONCE = 2_000_000
"""Works whose signatures are sorted together, as many as little memory holds."""


def counted(ws: Workspace) -> ir.Table:
    """Return the works and standards that are counted."""
    works = ws.table("works")
    parts = [
        universe(works, definition).select(
            "work_id",
            "register",
            "year",
            "is_retracted",
            is_standard=ibis.literal(definition is STANDARDS),
        )
        for definition in (WORKS, STANDARDS)
    ]
    return parts[0].union(parts[1])


def signatures(ws: Workspace, organization_ids: Iterable[int]) -> pa.Table:
    """Return the signatures of some organizations: one row for each and each counted work.

    Returns
    -------
    pa.Table
        ``organization_id``, ``work_id``, ``year``, ``is_standard``, ``is_retracted``;
        ``country_codes`` of the organization's addresses on the work, null among them where one
        tells no country; ``field_ids``, scheme before the id; ``fundings`` that name a funder.
    """
    wanted = tuple(organization_ids)
    if _path(ws).is_dir():
        # An engine takes twice as long, most of it to make texts of the lists of fields.
        kept = ws.once("groups of signatures", lambda: aside.groups_of(_path(ws)))
        return aside.rows_of(kept, {"organization_id": wanted}, COLUMNS)
    affiliations = ws.table("affiliations")
    own = affiliations.filter(affiliations.organization_id.isin(wanted))
    of_works = (one.semi_join(own, "work_id") for one in _of_works(ws))
    return _signatures(own, *of_works).select(*COLUMNS).to_pyarrow()


def signed_by(ws: Workspace, organization_ids: Iterable[int]) -> ir.Table:
    """Return which of some organizations sign which works, and nothing else of these."""
    kept = _kept(ws)
    table = ws.table("affiliations") if kept is None else kept
    own = table.filter(table.organization_id.isin([*organization_ids]))
    return own.select("organization_id", "work_id").distinct()


def keep(ws: Workspace, wait: Callable[[], None]) -> None:
    """Keep all signatures in the order of organizations, if they are not kept yet.

    Parameters
    ----------
    ws
        The lake.
    wait
        What is done before each portion is computed.
    """
    path = _path(ws)
    if not path.is_dir():
        aside.keep(ws.lake, path, _portions(ws, wait))


def _portions(ws: Workspace, wait: Callable[[], None]) -> Iterator[ir.Table]:
    """Yield the signatures of so many works at a time."""
    works = ws.table("works")
    ((ends),) = (
        works.agg(first=works.work_id.min(), last=works.work_id.max()).to_pyarrow().to_pylist()
    )
    first, last = ends["first"] or 0, ends["last"] or 0
    n_portions = -(-(last - first + 1) // WORKS_AT_ONCE)
    for part in divided(first, last, "work_id", n_portions):
        wait()
        yield _portion(ws, part)


def _portion(ws: Workspace, part: Range) -> ir.Table:
    affiliations = ws.table("affiliations")
    signed = affiliations.filter(affiliations.organization_id.notnull())
    found = _signatures(part.of(signed), *(part.of(one) for one in _of_works(ws)))
    return found.order_by("organization_id", "work_id")


def _kept(ws: Workspace) -> ir.Table | None:
    """Return all signatures where they are kept."""
    return aside.opened(ws.table("works").get_backend(), _path(ws), KEPT)


def _path(ws: Workspace) -> Path:
    return aside.path_of(ws.lake, ws.version, FORM, ws.ledger.fingerprint)


def _of_works(ws: Workspace) -> tuple[ir.Table, ir.Table, ir.Table]:
    """Return counted works, their fields and who funded them."""
    fields, fundings = ws.table("work_fields"), ws.table("fundings")
    return (
        counted(ws),
        fields.filter(fields.scheme.isin(SCHEMES)),
        fundings.filter(fundings.funder_name.notnull()),
    )


def _signatures(
    affiliations: ir.Table, works: ir.Table, fields: ir.Table, fundings: ir.Table
) -> ir.Table:
    addressed = affiliations.inner_join(works, "work_id")
    signed = addressed.group_by(
        "organization_id", "work_id", "year", "is_standard", "is_retracted"
    ).agg(country_codes=addressed.country_code.collect(distinct=True, include_null=True))
    named = fields.mutate(label=fields.scheme + IN_SCHEME + fields.field_id)
    fields_of = named.group_by("work_id").agg(field_ids=named.label.collect(distinct=True))
    funders = fundings.mutate(
        funder=ibis.struct({"name": fundings.funder_name, "key": fundings.funder_key})
    )
    funders_of = funders.group_by("work_id").agg(fundings=funders.funder.collect(distinct=True))
    placed = signed.left_join(fields_of, "work_id").drop("work_id_right")
    return placed.left_join(funders_of, "work_id").drop("work_id_right")
