"""Of how many works the register knows countries, organizations, roles, references and funding."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.reports.quality.section import Section
from fourseas.schema.countries import GROUP_MEMBERSHIPS
from fourseas.schema.facts import SET_COUNTRIES, WORK_ORGANIZATIONS
from fourseas.schema.table import Column, TableSpec, conform
from fourseas.schema.works import AUTHORSHIPS, FUNDINGS, WORKS

FIRST_SPAN = 2000
SPAN = 5
"""Years that are told together; all before the first span are one."""

WORLD = "WORLD"

MEASURES = {
    "country": "Every author has a known country.",
    "organization": "Some author has a known organization.",
    "corresponding": "Some author is marked as corresponding.",
    "references": "It has references.",
    "funding": "It has a funder or award.",
}

KNOWN_SHARES = TableSpec(
    name="known_shares",
    grain="one row per register, span of years and the world or group of countries with works",
    key=("register", "unit_id", "last_year"),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("unit_id", "string", "code", "WORLD, or a group of countries."),
        Column("first_year", "int64", "year", "First; null for all before.", nullable=True),
        Column("last_year", "int64", "year", "Last year of publication."),
        Column("n", "int64", "works", "Works with an author there."),
        *(
            Column(f"pp_{name}", "float64", "share", f"Of these: {meaning}")
            for name, meaning in MEASURES.items()
        ),
    ),
)


def known_shares(
    works: ir.Table,
    authorships: ir.Table,
    work_organizations: ir.Table,
    fundings: ir.Table,
    set_countries: ir.Table,
    group_memberships: ir.Table,
) -> ir.Table:
    r"""Return shares of works of which something is known, by span of years and group.

    .. math:: pp_x = |\{w : x \text{ of } w \text{ is known}\}| / |W|

    A work belongs to a group if an author has an address in a country that was a member in the
    year of the work. Works are counted by set of countries first and expanded to groups last.
    """
    flagged = _flagged(works, authorships, work_organizations, fundings)
    key = ["register", "country_set_id", "year"]
    by_set = flagged.group_by(*key).agg(
        n=flagged.count(), **{name: flagged[f"is_{name}"].sum() for name in MEASURES}
    )
    iso = set_countries.filter(set_countries.territory == "iso")
    members = iso.inner_join(group_memberships, iso.unit_id == group_memberships.country_code)
    dates = by_set.select("country_set_id", "year").distinct()
    dated = dates.inner_join(members, "country_set_id")
    groups = (
        dated.filter(dated.year.between(dated.first_year, dated.last_year))
        .select("country_set_id", "year", unit_id=dated.group_id)
        .distinct()
    )
    sums = ("n", *MEASURES)
    placed = ibis.union(
        by_set.select("register", "year", *sums, unit_id=ibis.literal(WORLD)),
        by_set.inner_join(groups, ["country_set_id", "year"]).select(
            "register", "year", *sums, "unit_id"
        ),
    )
    year = placed.year.cast("int64")
    is_early = year < FIRST_SPAN
    first = ibis.ifelse(is_early, ibis.null("int64"), year - year % SPAN)
    spans = placed.mutate(
        first_year=first, last_year=ibis.ifelse(is_early, FIRST_SPAN - 1, first + SPAN - 1)
    )
    totals = spans.group_by("register", "unit_id", "first_year", "last_year").agg(
        **{name: spans[name].sum() for name in sums}
    )
    shares = totals.mutate(
        **{
            f"pp_{name}": totals[name].cast("float64") / totals.n.cast("float64").nullif(0.0)
            for name in MEASURES
        }
    )
    ordered = shares.order_by(shares.unit_id != WORLD, "register", "unit_id", "last_year")
    return conform(ordered, KNOWN_SHARES)


def _flagged(
    works: ir.Table, authorships: ir.Table, work_organizations: ir.Table, fundings: ir.Table
) -> ir.Table:
    """Return every dated work with what is known of it."""
    known = {
        "organization": work_organizations,
        "corresponding": authorships.filter(authorships.is_corresponding.fill_null(False)),
        "funding": fundings,
    }
    flagged = works.filter(works.year.notnull()).select(
        "work_id",
        "register",
        "country_set_id",
        "year",
        is_country=(works.n_authors > 0) & (works.n_authors_unknown == 0),
        is_references=works.n_references.fill_null(0) > 0,
    )
    for name, table in known.items():
        told = table.select(told_id=table.work_id).distinct()
        joined = flagged.left_join(told, flagged.work_id == told.told_id)
        flagged = joined.select(*flagged.columns, **{f"is_{name}": joined.told_id.notnull()})
    return flagged


SECTION = Section(
    title="Of how many works it is known who and where, what they cite and who paid.",
    compute=known_shares,
    reads=(
        WORKS,
        AUTHORSHIPS,
        WORK_ORGANIZATIONS,
        FUNDINGS,
        SET_COUNTRIES,
        GROUP_MEMBERSHIPS,
    ),
    writes=KNOWN_SHARES,
    definition="Country: of every author. Organization, corresponding author: of or by some "
    "author. References, funding: one or more. A group holds works with an author in a country "
    "that was its member in that year. A share of 0 may mean that the register does not tell.",
    base="Works of the register with a year and, in a group, an author in it.",
    coverage="A work without any known country is in WORLD alone, so that groups look better "
    "known than they are. A work without references may have none.",
    remedy="Do not read a rise across years or groups whose shares differ as a rise of what is "
    "counted: compare within one, or show the bounds that indicators give.",
)
