"""Facts: what is computed once per work, so that cells are small sums of it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.definition import DEFINITIONS
from fourseas.schema.table import ROUNDING, Column, Law, TableSpec


def _overspent_works(credited: ir.Table) -> ir.Table:
    """Return works whose units hold more than one work's credit."""
    spent = credited.group_by("work_id").agg(credit=credited.credit.sum())
    return spent.filter(spent.credit > 1 + ROUNDING)


def _unbalanced_leads(credited: ir.Table) -> ir.Table:
    """Return works whose placed first authors do not add up to one lead."""
    led = credited.group_by("work_id").agg(first=credited["first"].sum())
    return led.filter((led["first"] > ROUNDING) & ((led["first"] - 1).abs() > ROUNDING))


WORK_COUNTRIES = TableSpec(
    name="work_countries",
    grain="one row per work and country of an author",
    key=("work_id", "country_code"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("country_code", "string", "code", "A country of an author."),
        Column("credit", "float64", "share", "Author-fractional credit of the country."),
        Column("n_authors_here", "int32", "authors", "Authors with an address in the country."),
        Column("first", "float64", "share", "Part of the first authorship."),
        Column("last", "float64", "share", "Part of the last authorship."),
        Column("corresponding", "float64", "share", "Part of the corresponding authorship."),
    ),
    laws=(
        Law("the credit of a work's countries is at most 1", _overspent_works, "work_id"),
        Law("the first authorship of a work is led once or unplaced", _unbalanced_leads, "work_id"),
    ),
)

WORK_ORGANIZATIONS = TableSpec(
    name="work_organizations",
    grain="one row per work and organization of an author",
    key=("work_id", "organization_id"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("organization_id", "int32", "id", "An organization of an author."),
        Column("credit", "float64", "share", "Author-fractional credit of the organization."),
        Column("n_authors_here", "int32", "authors", "Authors with an address there."),
        Column("first", "float64", "share", "Part of the first authorship."),
        Column("last", "float64", "share", "Part of the last authorship."),
        Column("corresponding", "float64", "share", "Part of the corresponding authorship."),
    ),
    laws=(
        Law("the credit of a work's organizations is at most 1", _overspent_works, "work_id"),
        Law("the first authorship of a work is led once or unplaced", _unbalanced_leads, "work_id"),
    ),
)

WORK_ROLES = TableSpec(
    name="work_roles",
    grain="one row per work with authors",
    key=("work_id",),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("n_authors_placed", "int32", "authors", "Authors with a known country."),
        Column("is_first_known", "boolean", "flag", "The first author's country is known."),
        Column("is_last_known", "boolean", "flag", "The last author's country is known."),
        Column(
            "is_corresponding_known",
            "boolean",
            "flag",
            "Somebody is flagged as corresponding and the countries of all such are known.",
        ),
        *(
            Column(
                f"is_{role}_organization_known",
                "boolean",
                "flag",
                f"The {role} author's organization is known.",
            )
            for role in ("first", "last", "corresponding")
        ),
    ),
)

DOUBLE_AFFILIATIONS = TableSpec(
    name="double_affiliations",
    grain="one row per territory policy and work that is international by one address alone",
    key=("work_id", "territory"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("territory", "string", "code", "Territory policy under which it is."),
    ),
)

SET_COUNTRIES = TableSpec(
    name="set_countries",
    grain="one row per country set, territory policy and country that it counts for",
    key=("country_set_id", "territory", "unit_id"),
    columns=(
        Column("country_set_id", "int32", "id", "The set."),
        Column("territory", "string", "code", "Territory policy."),
        Column("unit_id", "string", "code", "Country under the policy."),
        Column("n_countries", "int32", "count", "Countries of the set under the policy."),
    ),
)

CITATION_WINDOWS = tuple(
    sorted({d.citation_window for d in DEFINITIONS if d.computed and d.citation_window})
)
"""The windows that some definition counts in."""

WORK_CITATIONS = TableSpec(
    name="work_citations",
    grain="one row per cited work and citation window",
    key=("work_id", "citation_window"),
    columns=(
        Column("work_id", "int32", "id", "The cited work."),
        Column("citation_window", "int16", "count", "Years counted, that of publication included."),
        Column("n_citations", "int64", "citations", "Citations by works of the lake therein."),
    ),
)


COMPARED_WORKS = ("register", "field_id", "year", "kind_group")
"""Works are compared with those of the same here."""

TOP_SHARES = {"top_10": 0.1, "top_1": 0.01}
"""Part of the most cited works that a top is, by the column that holds it."""

CITATION_DISTRIBUTIONS = TableSpec(
    name="citation_distributions",
    grain="one row per definition, register, field, year, group of kinds and number of citations",
    key=("definition_id", *COMPARED_WORKS, "n_citations"),
    columns=(
        Column("definition_id", "string", "code", "The definition by which works are compared."),
        Column("register", "string", "code", "The register of the works."),
        Column("field_id", "string", "code", "Their field in the definition's scheme."),
        Column("year", "int16", "year", "Their year."),
        Column("kind_group", "string", "code", "Their group of kinds."),
        Column("n_citations", "int64", "citations", "Citations that each of them has."),
        Column("n", "float64", "works", "Works with as many, by their weight in the field."),
        Column("ncs", "float64", "score", "These citations by the mean of the cell."),
        Column("top_10", "float64", "share", "What of each is in the top 10%, ties shared."),
        Column("top_1", "float64", "share", "What of each is in the top 1%, ties shared."),
    ),
)


def _overfull_tops(work_impact: ir.Table) -> ir.Table:
    """Return definitions whose top shares are not those that they are named for."""
    tops = work_impact.group_by("definition_id", "register").agg(
        n=work_impact.weight.sum(), top_10=work_impact.top_10.sum(), top_1=work_impact.top_1.sum()
    )
    off = (tops.top_10 - 0.1 * tops.n).abs() + (tops.top_1 - 0.01 * tops.n).abs()
    return tops.filter(off > ROUNDING * ibis.greatest(tops.n, 1.0) * 1e3)


WORK_IMPACT = TableSpec(
    name="work_impact",
    grain="one row per work with an impact score and definition",
    key=("work_id", "definition_id"),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("definition_id", "string", "code", "The definition by which it is scored."),
        Column("register", "string", "code", "The register within which it is compared."),
        Column("weight", "float64", "share", "Part of it that lies in scored fields; 1 if all."),
        Column("n_citations", "int64", "citations", "Citations counted."),
        Column("ncs", "float64", "score", "Citations by the mean of field, year and kind."),
        Column("top_10", "float64", "share", "Weight in the top 10%, ties shared exactly."),
        Column("top_1", "float64", "share", "Weight in the top 1%, ties shared exactly."),
    ),
    laws=(Law("10% of works are in the top 10% and 1% in the top 1%", _overfull_tops),),
)

FUNDED_REGISTERS = TableSpec(
    name="funded_registers",
    grain="one row per register that names who paid for any of its works",
    key=("register",),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("n_funded", "int64", "works", "Works of it that name who paid."),
    ),
)

WORK_DISTANCES = TableSpec(
    name="work_distances",
    grain="one row per work with a placed organization",
    key=("work_id",),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("n_organizations", "int32", "count", "Distinct organizations with coordinates."),
        Column(
            "distance_km",
            "float64",
            "km",
            "Greatest distance between two of them; 0 where there is one.",
        ),
        Column(
            "is_whole",
            "boolean",
            "flag",
            "Every author's addresses are of organizations with coordinates; else the distance "
            "is the least that it can be.",
        ),
    ),
)
