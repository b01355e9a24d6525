"""What registers of works show of past collaboration, as the facts that conditions are asked of.

A case is a work of one side that has, or may have, authors in another country. What no register
shows (people's ties, documents, amounts) is a column that is not there, and so unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import ibis
import ibis.expr.types as ir

from fourseas.facts.universe import universe
from fourseas.policy.conditions import FactTables
from fourseas.policy.vocabulary import SECTORS
from fourseas.schema.definition import FORMER_TERRITORIES, Definition
from fourseas.schema.facts import WORK_COUNTRIES, WORK_IMPACT
from fourseas.schema.table import Column, TableSpec, extend
from fourseas.schema.works import (
    AFFILIATIONS,
    AUTHORSHIPS,
    ORGANIZATIONS,
    REGISTERS,
    WORK_FIELDS,
    WORKS,
)

READS = (
    WORKS,
    WORK_COUNTRIES,
    WORK_FIELDS,
    WORK_IMPACT,
    AUTHORSHIPS,
    AFFILIATIONS,
    ORGANIZATIONS,
    REGISTERS,
)
"""Tables of a lake that history is read from."""

SECTOR_OF_KIND = {"education": "university"} | {sector: sector for sector in SECTORS}
"""What a register of organizations calls a kind, and the sector that it shows."""

SCHEMES = {"topics": "openalex_topic", "fields": "openalex_field", "challenges": "challenge"}
"""Facts with many values, and the classification that shows them."""

MONTH, DAY = 7, 1
"""The day that stands for a year: its middle."""

CASES_OF_SIDE = 2**32
"""Numbers that are set aside for the works of each side."""

PAST_WORKS = TableSpec(
    name="past_works",
    grain="one row per work that a definition counts in the years",
    key=("work_id",),
    columns=(
        Column("work_id", "int32", "id", "The work."),
        Column("work_label", "string", "id", "The register's own id as it is printed."),
        Column("register", "string", "code", "The register that it comes from."),
        Column("definition_id", "string", "code", "The definition that counts it."),
        Column("year", "int16", "year", "Year of publication."),
        Column("activity", "string", "category", "Co-authorship or standard-setting."),
        Column("is_open_ended", "boolean", "flag", "An author or a country may be missing."),
        Column("is_oa", "boolean", "flag", "Free to read somewhere.", nullable=True),
        Column("n_authors", "int32", "authors", "Authors listed."),
        Column("top_10", "float64", "share", "Part in the world's top 10%.", nullable=True),
    ),
)

SIDES = TableSpec(
    name="sides",
    grain="one row per country whose collaboration is looked at",
    key=("side_id",),
    columns=(
        Column("side_id", "int64", "id", "Its number; the owner of a policy is 0."),
        Column("side", "string", "code", "The country."),
    ),
)

CASES = TableSpec(
    name="past_cases",
    grain="one row per side and work of it that has, or may have, authors elsewhere",
    key=("case_id",),
    columns=(
        Column("case_id", "int64", "id", "The side and the work in one number."),
        Column("side", "string", "code", "The country whose collaboration it is."),
        Column("is_international", "boolean", "flag", "Of two countries.", nullable=True),
        *PAST_WORKS.columns,
    ),
)
"""Null in `is_international` is a work of which only the side is known and an author is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The works that are looked at: first and last year, and the definitions that count them."""

    first: int
    last: int
    definitions: tuple[Definition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Works of a span with all that registers show of them.

    Attributes
    ----------
    works
        `PAST_WORKS`.
    countries
        One row per work and country.
    organizations
        One row per work, organization and country of the address, with its `party_id`; either
        may be null, not both.
    fields
        One row per work, scheme and field.
    people
        One row per work, person and country of an address.
    """

    works: ir.Table
    countries: ir.Table
    organizations: ir.Table
    fields: ir.Table
    people: ir.Table


def past(tables: Mapping[str, ir.Table], span: Span) -> Past:
    """Return what the tables of a lake show of the works of a span.

    Parameters
    ----------
    tables
        Those of `READS`, by name.
    span
        Years and definitions. A work that two definitions count would be there twice: give
        definitions that count different works.
    """
    works = _works(tables, span)
    countries = _countries(works, tables["work_countries"])
    return Past(
        works=works.drop("territory"),
        countries=countries,
        organizations=_organizations(works, countries, tables),
        fields=tables["work_fields"]
        .semi_join(works, "work_id")
        .select("work_id", "scheme", "field_id", "weight"),
        people=_people(works, tables["authorships"], tables["affiliations"]),
    )


def _works(tables: Mapping[str, ir.Table], span: Span) -> ir.Table:
    """Return the works that a definition counts, with their part in the top and their policy.

    Only a census shows the world, and so who is in its top; elsewhere that part is null.
    """
    works, registers = tables["works"], tables["registers"]
    whole = registers.filter(registers.scope == "census").select("register")
    work_impact = tables["work_impact"].semi_join(works.semi_join(whole, "register"), "work_id")
    counted = []
    for definition in span.definitions:
        of_definition = universe(works, definition)
        of_years = of_definition.filter(of_definition.year.between(span.first, span.last))
        scores = work_impact.filter(work_impact.definition_id == definition.definition_id)
        scored = extend(of_years, scores.select("work_id", "top_10"), ["work_id"])
        is_standard = scored.kind == "standard"
        counted.append(
            scored.select(
                "work_id",
                "work_label",
                "register",
                "year",
                "is_oa",
                "n_authors",
                "top_10",
                definition_id=ibis.literal(definition.definition_id),
                territory=ibis.literal(definition.territory),
                activity=ibis.ifelse(is_standard, "standard_setting", "co_authorship"),
                is_open_ended=(scored.n_authors_unknown > 0)
                | scored.is_authors_truncated
                | (scored.n_authors == 0),
            )
        )
    return ibis.union(*counted).select(*PAST_WORKS.column_names, "territory")


def _countries(works: ir.Table, work_countries: ir.Table) -> ir.Table:
    """Return the countries of works under the territory policy of their definition."""
    placed = work_countries.inner_join(works.select("work_id", "territory"), "work_id")
    return placed.select("work_id", country=_counted_under(placed)).distinct()


def _counted_under(placed: ir.Table) -> ir.StringValue:
    """Return the country that a row's code counts for under the policy of its work."""
    moved = [
        ((placed.territory == territory) & (placed.country_code == code), unit)
        for territory, units in FORMER_TERRITORIES.items()
        for code, unit in units.items()
    ]
    return ibis.cases(*moved, else_=placed.country_code)


def _organizations(
    works: ir.Table, countries: ir.Table, tables: Mapping[str, ir.Table]
) -> ir.Table:
    """Return who took part in works, with a share of the authors.

    A country that a register lists of a work without an address takes part, by whom is unknown.
    """
    affiliations = tables["affiliations"].inner_join(
        works.select("work_id", "n_authors", "territory"), "work_id"
    )
    placed = affiliations.select(
        "work_id",
        "organization_id",
        "share",
        "n_authors",
        country=_counted_under(affiliations),
    )
    by_organization = placed.group_by("work_id", "organization_id", "country").agg(
        share=placed.share.sum() / placed.n_authors.max().cast("float64").nullif(0.0)
    )
    known = by_organization.filter(
        by_organization.organization_id.notnull() | by_organization.country.notnull()
    )
    addressed = known.filter(known.country.notnull()).select("work_id", "country").distinct()
    unaddressed = countries.anti_join(addressed, ["work_id", "country"])
    bare = unaddressed.select(
        "work_id",
        organization_id=ibis.null("int32"),
        country=unaddressed.country,
        share=ibis.null("float64"),
    )
    every = known.union(bare)
    organizations = tables["organizations"]
    described = organizations.select(
        "organization_id",
        "ror_id",
        "organization_name",
        sector=ibis.cases(
            *(
                (organizations.organization_kind == kind, word)
                for kind, word in SECTOR_OF_KIND.items()
            ),
            else_=ibis.null("string"),
        ),
    )
    named = every.mutate(
        party_id=every.country.fill_null("?")
        + ":"
        + every.organization_id.cast("string").fill_null("?")
    )
    return extend(named, described, ["organization_id"])


def _people(works: ir.Table, authorships: ir.Table, affiliations: ir.Table) -> ir.Table:
    """Return who wrote works, by country of an address."""
    known = authorships.filter(authorships.person_id.notnull()).semi_join(works, "work_id")
    places = affiliations.filter(affiliations.country_code.notnull())
    joined = known.select("work_id", "position", "person_id").inner_join(
        places.select("work_id", "position", country=places.country_code), ["work_id", "position"]
    )
    return joined.select("work_id", "person_id", "country").distinct()


def cases(of: Past, sides: ir.Table) -> ir.Table:
    """Return the collaboration of each side as `CASES`.

    Parameters
    ----------
    of
        Works of a span.
    sides
        `SIDES`.
    """
    own = of.countries.inner_join(sides, of.countries.country == sides.side).select(
        "work_id", "side_id", "side"
    )
    sizes = of.countries.group_by("work_id").agg(n_countries=of.countries.count())
    joined = own.inner_join(of.works, "work_id").inner_join(sizes, "work_id")
    is_elsewhere = joined.n_countries > 1
    may_be = joined.filter(is_elsewhere | joined.is_open_ended)
    return may_be.select(
        case_id=may_be.side_id * CASES_OF_SIDE + may_be.work_id.cast("int64"),
        side=may_be.side,
        is_international=(may_be.n_countries > 1).nullif(ibis.literal(False)),
        **{name: may_be[name] for name in PAST_WORKS.column_names},
    )


def portion(of: Past, of_cases: ir.Table, first: int, last: int) -> tuple[Past, ir.Table]:
    """Return what there is of works numbered `first` to `last`, and their cases.

    What a policy finds of a case depends on no other case, so that portions, judged one by one,
    give what the whole gives, in the memory that one needs.
    """
    tables = {field.name: _between(getattr(of, field.name), first, last) for field in fields(of)}
    return Past(**tables), _between(of_cases, first, last)


def _between(table: ir.Table, first: int, last: int) -> ir.Table:
    return table.filter(table.work_id.between(first, last))


def facts(
    of: Past,
    of_cases: ir.Table,
    *,
    owner: str,
    lists: Mapping[str, ir.Table],
    ancestors: ir.Table | None = None,
) -> FactTables:
    """Return the facts of past cases.

    For the cases of another side than the owner's, the two change places: its country stands
    for the owner's and the owner's for its own. So the same policy, asked of its cases, is the
    mirror of the policy. Which organizations a mirrored list would name nobody knows; those of
    either side are null there.

    Parameters
    ----------
    of
        Works of a span.
    of_cases
        `CASES`.
    owner
        The owner of the policy, a country.
    lists, ancestors
        As in `FactTables`.
    """
    rows = {"cases": _case_rows(of_cases, of.fields), "parties": _parties(of, of_cases, owner)}
    for plural, scheme in SCHEMES.items():
        values = of.fields.filter(of.fields.scheme == scheme)
        joined = of_cases.select("case_id", "work_id").inner_join(
            values.select("work_id", value="field_id"), "work_id"
        )
        rows[plural] = joined.select("case_id", "value")
    return FactTables(rows=rows, lists=lists, ancestors=ancestors)


def _case_rows(of_cases: ir.Table, fields: ir.Table) -> ir.Table:
    """Return the facts of cases themselves; what a register classified, it classified wholly."""
    rows = of_cases.select(
        "case_id",
        "work_id",
        "activity",
        date=ibis.date(of_cases.year.cast("int32"), MONTH, DAY),
        outputs_open=ibis.ifelse(
            of_cases.is_oa.fill_null(False), ibis.literal("open"), ibis.null("string")
        ),
        parties_complete=~of_cases.is_open_ended,
    )
    told = fields.filter(fields.scheme.isin(SCHEMES.values()))
    classified = told.group_by("work_id").agg(
        **{
            f"{plural}_complete": (told.scheme == scheme).any()
            for plural, scheme in SCHEMES.items()
        }
    )
    return extend(rows, classified, ["work_id"]).drop("work_id")


def _parties(of: Past, of_cases: ir.Table, owner: str) -> ir.Table:
    """Return who takes part in cases, the sides swapped where the case is not the owner's."""
    joined = of_cases.select("case_id", "work_id", "side").inner_join(of.organizations, "work_id")
    is_owner, is_side = joined.country == owner, joined.country == joined.side
    is_swapped = (joined.side != owner) & (is_owner | is_side)
    return joined.select(
        case_id=joined.case_id,
        party_id=joined.party_id,
        country=ibis.cases(
            (is_owner, joined.side), (is_side, ibis.literal(owner)), else_=joined.country
        ),
        organization=ibis.ifelse(is_swapped.fill_null(False), ibis.null("string"), joined.ror_id),
        sector=joined.sector,
        share=joined.share,
    )


def sides(countries: Iterable[str], first: int = 0) -> list[dict[str, object]]:
    """Return rows of `SIDES`, numbered from `first`."""
    return [{"side_id": number, "side": code} for number, code in enumerate(countries, first)]
