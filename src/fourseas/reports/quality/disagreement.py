"""Where sources contradict each other: of one work by its DOI, and of an organization's country."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.reports.quality.section import Section
from fourseas.schema.table import Column, TableSpec, conform
from fourseas.schema.works import AFFILIATIONS, ORGANIZATIONS, WORKS

MOST_TOLD = 40

DISAGREEING_WORKS = TableSpec(
    name="disagreeing_works",
    grain="one row per two registers that have works of one DOI",
    key=("register", "other_register"),
    columns=(
        Column("register", "string", "code", "One register."),
        Column("other_register", "string", "code", "The other."),
        Column("n", "int64", "works", "Works that both have."),
        Column("n_other_year", "int64", "works", "Of these, both years known and not the same."),
        Column("pp_other_year", "float64", "share", "n_other_year / n."),
        Column(
            "n_other_countries",
            "int64",
            "works",
            "Of these, countries known to both and not the same.",
        ),
        Column("pp_other_countries", "float64", "share", "n_other_countries / n."),
        Column("example", "string", "id", "DOI of one that differs.", nullable=True),
    ),
)

MISPLACED_ORGANIZATIONS = TableSpec(
    name="misplaced_organizations",
    grain="one row per organization and country of its addresses that is not its own",
    key=("organization_id", "address_country"),
    columns=(
        Column("organization_name", "string", "name", "The organization.", nullable=True),
        Column("country_code", "string", "code", "Country of its head office."),
        Column("address_country", "string", "code", "Country of the addresses."),
        Column("n_elsewhere", "int64", "count", "Addresses of authors of it there."),
        Column("n", "int64", "count", "All addresses of authors of it with a country."),
        Column("pp_elsewhere", "float64", "share", "n_elsewhere / n."),
        Column("ror_id", "string", "id", "Its ROR id.", nullable=True),
        Column("organization_id", "int64", "id", "Its number in this version of the lake."),
    ),
)


def disagreeing_works(works: ir.Table) -> ir.Table:
    """Compare year and countries of works that two registers have under one DOI."""
    known = works.filter(works.doi.notnull()).select("register", "doi", "year", "country_set_id")
    other = known.rename("other_{name}")
    both = known.inner_join(
        other, [known.doi == other.other_doi, known.register < other.other_register]
    )
    is_known = (both.country_set_id != 0) & (both.other_country_set_id != 0)
    told = both.mutate(
        is_year=(both.year != both.other_year).fill_null(False),
        is_countries=is_known & (both.country_set_id != both.other_country_set_id),
    )
    sums = told.group_by("register", "other_register").agg(
        n=told.count(),
        n_other_year=told.is_year.sum(),
        n_other_countries=told.is_countries.sum(),
        example=told.doi.min(where=told.is_year | told.is_countries),
    )
    n = sums.n.cast("float64").nullif(0.0)
    shares = sums.mutate(
        pp_other_year=sums.n_other_year.cast("float64") / n,
        pp_other_countries=sums.n_other_countries.cast("float64") / n,
    )
    return conform(shares.order_by("register", "other_register"), DISAGREEING_WORKS)


def misplaced_organizations(affiliations: ir.Table, organizations: ir.Table) -> ir.Table:
    """Return where authors of an organization have addresses outside its own country."""
    placed = affiliations.filter(
        affiliations.organization_id.notnull() & affiliations.country_code.notnull()
    )
    addresses = placed.group_by("organization_id", address_country=placed.country_code).agg(
        n_elsewhere=placed.count()
    )
    whole = addresses.mutate(
        n=addresses.n_elsewhere.sum().over(ibis.window(group_by="organization_id"))
    )
    homes = organizations.filter(organizations.country_code.notnull()).select(
        "organization_id", "organization_name", "country_code", "ror_id"
    )
    joined = whole.inner_join(homes, "organization_id")
    elsewhere = joined.filter(joined.address_country != joined.country_code)
    shares = elsewhere.mutate(
        pp_elsewhere=elsewhere.n_elsewhere.cast("float64") / elsewhere.n.cast("float64").nullif(0.0)
    )
    ordered = shares.order_by(
        shares.n_elsewhere.desc(), "organization_id", "address_country"
    ).limit(MOST_TOLD)
    return conform(ordered, MISPLACED_ORGANIZATIONS)


WORKS_SECTION = Section(
    title="Works of one DOI that two registers describe otherwise.",
    compute=disagreeing_works,
    reads=(WORKS,),
    writes=DISAGREEING_WORKS,
    definition="Works of two registers with one DOI; other countries: the sets of countries of "
    "all authors, where both know one.",
    base="Works that both registers have.",
    coverage="Works without a DOI are not compared.",
    remedy="Never add up the works of two registers that have works in common. Look at the "
    "example in both, and use the register that knows more of what you count.",
)

ORGANIZATIONS_SECTION = Section(
    title="Organizations whose authors have addresses in another country.",
    compute=misplaced_organizations,
    reads=(AFFILIATIONS, ORGANIZATIONS),
    writes=MISPLACED_ORGANIZATIONS,
    definition="Country of the address as the works have it, against that of the head office as "
    "the register of organizations has it (ROR's where it is in the lake).",
    base="Addresses of the organization with a country; the "
    f"{MOST_TOLD} with most addresses elsewhere.",
    coverage="Organizations of unknown country are not compared.",
    remedy="Many are true: a firm or institute with sites abroad. Where nearly all addresses are "
    "elsewhere, the organization was mistaken for another of its name.",
)
