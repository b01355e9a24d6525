"""Fields whose authors are mostly listed by the alphabet, so that first and last mean nothing."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

ALPHABETICAL_FIELDS: tuple[tuple[str, str], ...] = (
    ("openalex_field", "20"),  # economics, econometrics and finance
    ("openalex_subfield", "2002"),  # economics and econometrics
    ("openalex_subfield", "2003"),  # finance
    ("openalex_field", "26"),  # mathematics
    *(("openalex_subfield", str(subfield)) for subfield in range(2600, 2615)),
    ("openalex_subfield", "3106"),  # nuclear and high energy physics
    ("ncses", "mathematics-and-statistics"),
)
"""Scheme and field. Waltman (2012), "An empirical analysis of the use of alphabetical authorship in
scientific publishing", Journal of Informetrics 6(4), 700-711, finds the alphabet most common in
mathematics, economics with finance, and high energy physics. Physics as a whole is not here: high
energy physics is a small part of it."""

ALPHABETICAL = (
    "authors of this field are mostly listed by the alphabet: to be first or last says nothing"
)


def is_alphabetical(scheme: ir.StringValue, field_id: ir.StringValue) -> ir.BooleanValue:
    """Tell whether the order of authors means nothing in a field."""
    named = [f"{scheme_id}/{field}" for scheme_id, field in ALPHABETICAL_FIELDS]
    return scheme.concat("/", field_id).isin(named)


def why_no_order(role: str, scheme: ir.StringValue, field_id: ir.StringValue) -> ir.StringValue:
    """Say why nothing can be told of a role here; null where it can."""
    nothing = ibis.null("string")
    if role == "corresponding":
        return nothing
    return ibis.ifelse(is_alphabetical(scheme, field_id), ALPHABETICAL, nothing)
