"""Retraction Watch: notices on works, such as retractions, with their dates and reasons.

One record is one notice. A work is found by the DOI of the original paper, in whatever register it
is. A work counts as retracted where the latest retraction is not followed by a reinstatement;
corrections and expressions of concern are kept beside and retract nothing.

Faults to know: a notice on a paper without a DOI finds no work and is left out; dates are written
month first; a reason is a phrase of a list that grew over the years; names of persons are not read.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import Feed, Intake, Source
from fourseas.schema.staged import STAGED_RETRACTIONS
from fourseas.schema.table import conform
from fourseas.sources.expressions import bare_doi, elements, origin, sorted_strings, trimmed

REGISTER = "retraction_watch"

RAW = ibis.schema(
    {
        "Record ID": "string",
        "RetractionDate": "string",
        "RetractionDOI": "string",
        "OriginalPaperDOI": "string",
        "RetractionNature": "string",
        "Reason": "string",
    }
)
"""Columns of a notice."""

US_DATE = r"^(\d{1,2})/(\d{1,2})/(\d{4})"
ISO_DATE = r"^(\d{4}-\d{2}-\d{2})"


def retractions(raw: ir.Table) -> ir.Table:
    """Return one row per notice on a work with a DOI; reasons without the sign before them."""
    reasons = elements(raw.Reason.split(";")).map(
        lambda reason: trimmed(reason.re_replace(r"^\s*\+", "")).nullif("")
    )
    return conform(
        raw.select(
            **origin(raw, REGISTER),
            doi=_doi(raw.OriginalPaperDOI),
            nature=trimmed(raw.RetractionNature).lower(),
            noted_on=_date(raw.RetractionDate),
            reasons=sorted_strings(reasons),
            notice_doi=_doi(raw.RetractionDOI),
        ).filter(ibis._.doi.notnull()),
        STAGED_RETRACTIONS,
    )


def _doi(written: ir.StringValue) -> ir.StringValue:
    """Return a DOI, or null for a word such as unavailable."""
    bare = bare_doi(written)
    return ibis.ifelse(bare.startswith("10."), bare, ibis.null("string"))


def _date(written: ir.StringValue) -> ir.StringValue:
    """Return a date as YYYY-MM-DD, or null where it is none."""
    month, day, year = (written.re_extract(US_DATE, place) for place in (1, 2, 3))
    padded = year.concat("-", month.lpad(2, "0"), "-", day.lpad(2, "0"))
    return ibis.ifelse(year == "", written.re_extract(ISO_DATE, 1).nullif(""), padded)


SOURCE = Source(
    name=REGISTER,
    title="Retraction Watch Database",
    licence="CC0-1.0, as Crossref publishes it",
    url="https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/",
    citation="The Retraction Watch Database. The Center for Scientific Integrity; Crossref.",
    scope="census",
    intakes=(
        Intake(
            files=("**/*.csv", "**/*.csv.gz"),
            format="csv",
            raw=RAW,
            needed=("Record ID", "RetractionNature"),
            feeds=(Feed(writes=STAGED_RETRACTIONS, compute=retractions),),
        ),
    ),
)
