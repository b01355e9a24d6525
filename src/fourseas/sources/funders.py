"""The Funder Registry: names of those who pay for research, by the DOI that works give.

One line is one funder. It becomes an organization of the kind `funder` under its DOI, which is the
key that Crossref's works name it by. The file tells no country, parent or ROR id; where ROR names
the DOI, the funder is the organization of ROR.

Faults to know: names hold quotation marks that are not doubled (`""13th Five-Year" Plan of ...`),
so that the file is no CSV: it is read line by line, and such a name is kept whole, with its marks.
A line without a DOI or a name is left out. A funder that was replaced by another (`R`) counts as
inactive; by which one, the file does not say.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import (
    STAGED_FUNDER_DOIS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATIONS,
)
from fourseas.schema.table import conform
from fourseas.sources.expressions import bare_doi, origin, trimmed

REGISTER = "funders"

HEADER = "uri,primary_name_display,replaced"
RAW = ibis.schema({HEADER: "string"})
"""A line, called by the first line of the file."""

URI = r"^\s*([^,]+),"
NAME = r"^[^,]+,(.*),[^,]*$"
REPLACED = r",\s*R\s*$"
QUOTED = '^"(.*)"$'


def organizations(raw: ir.Table) -> ir.Table:
    """Return one row per funder."""
    listed = _funders(raw)
    return conform(
        listed.mutate(
            ror_id=ibis.null("string"),
            organization_name=listed.name,
            organization_kind=ibis.literal("funder"),
            country_code=ibis.null("string"),
            city=ibis.null("string"),
            latitude=ibis.null("float64"),
            longitude=ibis.null("float64"),
            n_locations=ibis.literal(0),
        ),
        STAGED_ORGANIZATIONS,
    )


def organization_names(raw: ir.Table) -> ir.Table:
    """Return the one name of each funder."""
    return conform(_funders(raw), STAGED_ORGANIZATION_NAMES)


def funder_dois(raw: ir.Table) -> ir.Table:
    """Return the DOI of each funder, which is its key."""
    listed = _funders(raw)
    return conform(
        listed.mutate(funder_doi=listed.organization_key, is_preferred=ibis.literal(value=True)),
        STAGED_FUNDER_DOIS,
    )


def _funders(raw: ir.Table) -> ir.Table:
    """Take lines apart: what is before the first comma, after the last, and between them."""
    line = raw[HEADER]
    written = trimmed(line.re_extract(NAME, 1))
    bare = written.re_extract(QUOTED, 1).nullif("")
    parted = raw.select(
        **origin(raw, REGISTER),
        organization_key=bare_doi(line.re_extract(URI, 1).nullif("")),
        name=ibis.coalesce(bare.replace('""', '"'), written).nullif(""),
        status=ibis.ifelse(line.re_search(REPLACED), "inactive", "active"),
    )
    has_doi = parted.organization_key.startswith("10.")
    return parted.filter(has_doi & parted.name.notnull())


SOURCE = Source(
    name=REGISTER,
    title="Funder Registry",
    licence="CC0-1.0, as Crossref publishes it",
    url="https://www.crossref.org/documentation/funder-registry/",
    citation="Open Funder Registry, Crossref.",
    scope="census",
    intakes=(
        Intake(
            files=("**/*.csv",),
            format="lines",
            raw=RAW,
            needed=(HEADER,),
            feeds=(
                Feed(writes=STAGED_ORGANIZATIONS, compute=organizations),
                Feed(writes=STAGED_ORGANIZATION_NAMES, compute=organization_names),
                Feed(writes=STAGED_FUNDER_DOIS, compute=funder_dois),
            ),
        ),
    ),
)
