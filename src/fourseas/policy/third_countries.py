"""With whom else either side of touched works writes, in the same fields and years.

These are hypotheses about who might take part instead: no claim that anybody would.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.policy.exposure import FIELD_SCHEMES, TOUCHED, own_works
from fourseas.policy.history import Past
from fourseas.schema.table import Column, TableSpec, conform, extend

THIRD_COUNTRIES = TableSpec(
    name="third_countries",
    grain="one row per field with a touched work and country of which none is or may be touched",
    key=("register", "definition_id", "field_id", "country"),
    columns=(
        Column("register", "string", "code", "The register of the works."),
        Column("definition_id", "string", "code", "The definition that counts them."),
        Column("field_id", "string", "id", "The field."),
        Column("country", "string", "code", "A country beside both sides."),
        Column("n_touched", "int64", "works", "Works of the owner that are touched there."),
        Column("n_with_owner", "int64", "works", "Works of the country with the owner."),
        Column("n_with_partners", "int64", "works", "Its works with partners, without owner."),
        Column("owner_share", "float64", "share", "The first, of the owner's in the field."),
        Column("partner_share", "float64", "share", "The second, of the partners' there."),
        Column("owner_change", "int64", "count", "The first, later half less earlier half."),
        Column("partner_change", "int64", "count", "The second, later half less earlier half."),
    ),
)

KEY = ["register", "definition_id", "field_id"]
COUNTS = ("n_with_owner", "owner_change", "n_with_partners", "partner_change")


def third_countries(
    marked: ir.Table, of_cases: ir.Table, of: Past, owner: str, middle: int
) -> ir.Table:
    """Count works of either side with countries of which no work is, or may be, touched.

    Parameters
    ----------
    marked
        Marks of the owner's cases.
    of_cases
        Those cases.
    of
        Works of the span.
    owner
        The owner's country.
    middle
        The first year of the later half of the span.

    Returns
    -------
    ir.Table
        `THIRD_COUNTRIES`, by fields in which a work is touched whatever is not known.
    """
    fields = of.fields.filter(of.fields.scheme.isin(FIELD_SCHEMES)).select("work_id", "field_id")
    every = own_works(of).select("work_id", "register", "definition_id", "year", "country")
    placed = every.inner_join(fields, "work_id")
    of_touched = (
        marked.filter(marked.measure == TOUCHED)
        .inner_join(of_cases.select("case_id", "work_id"), "case_id")
        .select("work_id", "is_sure")
    )
    exposed = placed.inner_join(of_touched, "work_id")
    beside = exposed.filter(exposed.country != owner)
    touching = beside.filter(beside.is_sure).select(*KEY, "country").distinct()
    taken = beside.select(*KEY, "country").distinct()
    at_owner = exposed.filter(exposed.is_sure & (exposed.country == owner))
    touched = at_owner.group_by(*KEY).agg(n_touched=at_owner.count())
    own = placed.filter(placed.country == owner).select("work_id", *KEY).distinct()
    theirs = placed.semi_join(touching, [*KEY, "country"]).select("work_id", *KEY).distinct()
    sizes = extend(
        extend(touched, own.group_by(*KEY).agg(owner_output=own.count()), KEY),
        theirs.group_by(*KEY).agg(partner_output=theirs.count()),
        KEY,
    )
    others = (
        placed.filter(placed.country != owner)
        .semi_join(touched, KEY)
        .anti_join(taken, [*KEY, "country"])
    )
    sign = ibis.ifelse(others.year >= middle, 1, -1)
    signed = others.mutate(sign=sign)
    with_owner = signed.semi_join(own, ["work_id", *KEY])
    with_partners = signed.semi_join(theirs, ["work_id", *KEY]).anti_join(own, ["work_id", *KEY])
    found = extend(
        signed.select(*KEY, "country").distinct(),
        _counted(with_owner, "n_with_owner", "owner_change"),
        [*KEY, "country"],
    )
    found = extend(
        found, _counted(with_partners, "n_with_partners", "partner_change"), [*KEY, "country"]
    )
    found = found.mutate(**{name: found[name].fill_null(0) for name in COUNTS})
    known = extend(found, sizes, KEY)
    is_tied = (known.n_with_owner > 0) | (known.n_with_partners > 0)
    kept = known.filter(is_tied)
    return conform(
        kept.mutate(
            owner_share=_ratio(kept.n_with_owner, kept.owner_output),
            partner_share=_ratio(kept.n_with_partners, kept.partner_output),
        ),
        THIRD_COUNTRIES,
    )


def _counted(works: ir.Table, count: str, change: str) -> ir.Table:
    return works.group_by(*KEY, "country").agg(**{count: works.count(), change: works.sign.sum()})


def _ratio(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    return part.cast("float64") / whole.cast("float64").nullif(0.0)
