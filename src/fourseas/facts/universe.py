"""Which works a definition counts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.definition import Definition

ARTICLE_KINDS = ("article", "review")
"""Kinds that are compared with each other when impact is normalised."""


def universe(works: ir.Table, definition: Definition) -> ir.Table:
    """Return the works with a possible year that the definition counts.

    ``needs`` reads: ``authors``, at least one is listed; ``affiliations``, the country of at
    least one author is known; ``references``, at least one is reported.
    """
    counted = works.filter(works.year.notnull())
    if definition.registers:
        counted = counted.filter(counted.register.isin(definition.registers))
    if definition.kinds:
        counted = counted.filter(counted.kind.isin(definition.kinds))
    if definition.languages:
        counted = counted.filter(counted.language.isin(definition.languages))
    if definition.excludes_retracted:
        counted = counted.filter(~counted.is_retracted)
    if not definition.includes_xpac:
        counted = counted.filter(counted.stratum == "core")
    if "authors" in definition.needs:
        counted = counted.filter(counted.n_authors > 0)
    if "affiliations" in definition.needs:
        counted = counted.filter(counted.country_set_id > 0)
    if "references" in definition.needs:
        counted = counted.filter(counted.n_references > 0)
    return counted


def kind_group(kind: ir.StringValue) -> ir.Value:
    """Return the group of kinds within which a work is compared: articles with reviews."""
    return ibis.ifelse(kind.isin(ARTICLE_KINDS), "article", kind)
