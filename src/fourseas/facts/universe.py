"""Which works a definition counts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.definition import DEFINITIONS, Definition

ARTICLE_KINDS = ("article", "review")
"""Kinds that are compared with each other when impact is normalised."""


def requirements(works: ir.Table, definition: Definition) -> dict[str, ir.BooleanValue]:
    """Return what a work must be to be counted, by what is said of one that is not.

    ``needs`` reads: ``authors``, at least one is listed; ``affiliations``, the country of at
    least one author is known; ``references``, at least one is reported.
    """
    needed: dict[str, ir.BooleanValue] = {"its year is missing or impossible": works.year.notnull()}
    if definition.registers:
        needed["its register is not counted"] = works.register.isin(definition.registers)
    if definition.kinds:
        needed["its kind is not counted"] = works.kind.isin(definition.kinds)
    if definition.languages:
        needed["its language is not counted"] = works.language.isin(definition.languages)
    if definition.excludes_retracted:
        needed["it is retracted"] = ~works.is_retracted
    if not definition.includes_xpac:
        needed["it is in the expansion set"] = works.stratum == "core"
    if "authors" in definition.needs:
        needed["it lists no author"] = works.n_authors > 0
    if "affiliations" in definition.needs:
        needed["no country of an author is known"] = works.country_set_id > 0
    if "references" in definition.needs:
        needed["it reports no reference"] = (works.n_references > 0).fill_null(False)
    return needed


def universe(works: ir.Table, definition: Definition) -> ir.Table:
    """Return the works with a possible year that the definition counts."""
    return works.filter(*requirements(works, definition).values())


def uncounted(works: ir.Table) -> ir.Table:
    """Return how many works no definition counts, by register and kind.

    A work is counted where it has a year and its kind, language and stratum are those of a
    definition; what else a definition needs is left out of account.
    """
    counted = ibis.or_(
        *(
            works.work_id.isin(universe(works, definition).work_id)
            for definition in DEFINITIONS
            if definition.computed
        )
    )
    left = works.filter(~counted)
    return left.group_by("register", "kind").agg(n_works=left.count())


def why_not_counted(works: ir.Table, definition: Definition) -> ir.StringValue:
    """Say why a work is not counted, the first of several reasons; null where it is."""
    reasons = (
        (~is_met.fill_null(False), reason)
        for reason, is_met in requirements(works, definition).items()
    )
    return ibis.cases(*reasons, else_=ibis.null("string"))


def kind_group(kind: ir.StringValue) -> ir.Value:
    """Return the group of kinds within which a work is compared: articles with reviews."""
    return ibis.ifelse(kind.isin(ARTICLE_KINDS), "article", kind)
