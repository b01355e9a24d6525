"""The mirror of a policy, counted: what it would touch of partners' work if they adopted it."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.policy.exposure import TOUCHED, own_works
from fourseas.policy.history import Past
from fourseas.policy.vocabulary import NEEDS_INFORMATION
from fourseas.schema.table import Column, TableSpec, conform, extend

MIRRORED = TableSpec(
    name="mirrored_exposures",
    grain="one row per register and partner that might adopt the policy with the sides swapped",
    key=("register", "definition_id", "partner_id"),
    columns=(
        Column("register", "string", "code", "The register of the works."),
        Column("definition_id", "string", "code", "The definition that counts them."),
        Column("partner_id", "string", "code", "The partner."),
        Column("n_least", "int64", "works", "Works of the partner that it would touch."),
        Column("n_most", "int64", "works", "Works that it would, or may, touch."),
        Column("n_owner_least", "int64", "works", "Of these, with the owner, at least."),
        Column("n_owner_most", "int64", "works", "Of these, with the owner, at most."),
        Column("n_output", "int64", "works", "All works of the partner."),
        Column("share_least", "float64", "share", "Of all works of the partner, at least."),
        Column("share_most", "float64", "share", "Of all works of the partner, at most."),
    ),
)

WORKLOADS = TableSpec(
    name="workloads",
    grain="one row per register and year: the cases that a person would have to look at",
    key=("register", "definition_id", "year"),
    columns=(
        Column("register", "string", "code", "The register of the works."),
        Column("definition_id", "string", "code", "The definition that counts them."),
        Column("year", "int16", "year", "Year of publication."),
        Column("n_cases", "int64", "count", "Cases, one per work and country that decides."),
        Column("n_review", "int64", "count", "Of these, found for review."),
        Column("n_needs_information", "int64", "count", "Of these, found to need information."),
    ),
)


def mirrored_exposures(marked: ir.Table, of_cases: ir.Table, of: Past, owner: str) -> ir.Table:
    """Count what the mirrored policy touches of each partner's collaboration, as `MIRRORED`.

    Parameters
    ----------
    marked
        Marks of partners' cases, the sides swapped.
    of_cases
        Those cases.
    of
        Works of the span.
    owner
        The owner's country.
    """
    keys = ["register", "definition_id", "side"]
    with_owner = of.countries.filter(of.countries.country == owner).select(
        "work_id", owner="country"
    )
    known = extend(of_cases, with_owner, ["work_id"])
    partners = known.select(*keys).distinct()
    touched = marked.filter(marked.measure == TOUCHED).select("case_id", "is_sure")
    works = touched.inner_join(known.select("case_id", *keys, "owner"), "case_id")
    counts = works.group_by(*keys).agg(
        n_least=works.count(where=works.is_sure),
        n_most=works.count(),
        n_owner_least=works.count(where=works.is_sure & works.owner.notnull()),
        n_owner_most=works.count(where=works.owner.notnull()),
    )
    own = own_works(of)
    outputs = own.group_by("register", "definition_id", side=own.country).agg(n_output=own.count())
    found = extend(extend(partners, counts, keys), outputs, keys)
    found = found.mutate(
        **{name: found[name].fill_null(0) for name in counts.columns if name not in keys}
    )
    whole = found.n_output.cast("float64")
    return conform(
        found.mutate(
            partner_id=found.side,
            share_least=found.n_least.cast("float64") / whole,
            share_most=found.n_most.cast("float64") / whole,
        ),
        MIRRORED,
    )


def workloads(judged: ir.Table) -> ir.Table:
    """Count the cases that a person would have to look at, by year, as `WORKLOADS`.

    Works that are perhaps of one country only are left out: they are cases only if they are
    of two.
    """
    decided = judged.filter(judged.is_international.fill_null(False))
    counted = decided.group_by("register", "definition_id", "year").agg(
        n_cases=decided.count(),
        n_review=decided.count(where=decided.finding == "review"),
        n_needs_information=decided.count(where=decided.finding == NEEDS_INFORMATION),
    )
    return conform(counted, WORKLOADS)
