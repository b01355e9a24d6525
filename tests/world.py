"""A small world: works written down by hand, built through the real steps on any engine.

`build(con, world(...))` runs the same links and facts as a lake does. `tests.flat` holds the
same world in another shape, for oracles that share nothing with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.sql import SQLBackend

from fourseas.catalog import LINKS, STEPS
from fourseas.challenges.membership import CHALLENGE_FIELDS
from fourseas.facts.pair_cells import PUBLISHED_PAIR_CELLS
from fourseas.schema.cells import CITATION_INDEX_CELLS
from fourseas.schema.companies import COMPANY_NAMES
from fourseas.schema.corrections import CORRECTIONS
from fourseas.schema.countries import COUNTRIES, GROUP_MEMBERSHIPS
from fourseas.schema.definition import DEFINITION_ROWS, DEFINITIONS
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_AUTHORSHIPS,
    STAGED_CITATIONS,
    STAGED_FIELDS,
    STAGED_FUNDER_DOIS,
    STAGED_FUNDINGS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATION_RELATIONS,
    STAGED_ORGANIZATIONS,
    STAGED_OWNERS,
    STAGED_RETRACTIONS,
    STAGED_STATISTICS,
    STAGED_WORK_FIELDS,
    STAGED_WORKS,
)
from fourseas.schema.step import Indicator, Step
from fourseas.schema.table import ROUNDING, TableSpec, unbound
from fourseas.schema.works import REGISTERS

Row = dict[str, object]

DUCKDB_TYPES = {
    "array<string>": "VARCHAR[]",
    "boolean": "BOOLEAN",
    "float64": "DOUBLE",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "string": "VARCHAR",
}
"""What DuckDB calls the declared types; its sums of integers are wider than declared."""


@dataclass(frozen=True, slots=True)
class Author:
    """An author: a share of their credit for each country, and who they are.

    Attributes
    ----------
    shares
        Country to the part of the author's addresses there; empty if nothing is known.
    person
        Number of the person; by default nobody in particular.
    is_corresponding
        Null where the register does not say.
    organizations
        Country to the keys of the author's organizations there, which divide its share
        equally; under ``?``, those of no known country, which divide what the shares leave.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    person: int | None = None
    is_corresponding: bool | None = None
    organizations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def addresses(self) -> tuple[tuple[str | None, str | None, float], ...]:
        """Return country, organization and share of each address."""
        found: list[tuple[str | None, str | None, float]] = []
        for country, share in sorted(self.shares.items()):
            here = self.organizations.get(country) or (None,)
            found += [(country, organization, share / len(here)) for organization in here]
        left = 1.0 - sum(self.shares.values())
        elsewhere = self.organizations.get("?", ()) if left > ROUNDING else ()
        return (*found, *((None, name, left / len(elsewhere)) for name in elsewhere))


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization as OpenAlex describes it."""

    ror_id: str | None = None
    name: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A work with its authors, in the order of their names on it.

    Attributes
    ----------
    subfield
        Its subfield; the first two digits are its field.
    fields
        Scheme, field and weight of what it belongs to beside.
    funders
        Names of who paid for it.
    doi, title
        By which duplicates are found.
    part, record
        Where its record stands; by default all are in one part, in the order of listing.
    """

    key: int
    authors: tuple[Author, ...] = ()
    year: int | None = 2020
    kind: str = "article"
    register: str = "openalex"
    subfield: str | None = "1702"
    fields: tuple[tuple[str, str, float], ...] = ()
    language: str | None = "en"
    cited_by_count: int | None = 0
    references: tuple[int, ...] = ()
    n_references: int = 1
    is_xpac: bool = False
    is_retracted: bool = False
    is_authors_truncated: bool = False
    is_oa: bool | None = None
    funders: tuple[str, ...] = ()
    updated_on: str | None = "2024-01-01"
    doi: str | None = None
    title: str | None = None
    part: str = "part"
    record: int | None = None


def authors(*countries: str) -> tuple[Author, ...]:
    """Return one author for each word: `CN`, `CN+DE` for two addresses, `?` for none."""
    return tuple(
        Author({} if word == "?" else {c: 1 / len(word.split("+")) for c in word.split("+")})
        for word in countries
    )


def arrow(spec: TableSpec, rows: Iterable[Row]) -> pa.Table:
    """Return rows as an Arrow table of the declared columns; absent ones are null."""
    schema = pa.schema([(c.name, _arrow_type(c.dtype)) for c in spec.columns])
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in spec.column_names} for row in rows], schema=schema
    )


def _arrow_type(dtype: str) -> pa.DataType:
    return ibis.dtype(dtype).to_pyarrow()


def world(
    works: Iterable[Work],
    *,
    statistics: Iterable[Row] = (),
    pairs: Iterable[Row] = (),
    groups: Mapping[str, Iterable[str]] | None = None,
    memberships: Iterable[Row] = (),
    scope: str = "census",
) -> dict[str, pa.Table]:
    """Return the staged tables, registers and definitions of a world.

    Members of `groups` are members for ever; those of `memberships` in their years.
    """
    listed = list(works)
    staged: dict[str, list[Row]] = {
        spec.name: []
        for spec in (
            STAGED_WORKS,
            STAGED_AUTHORSHIPS,
            STAGED_AFFILIATIONS,
            STAGED_CITATIONS,
            STAGED_WORK_FIELDS,
            STAGED_FIELDS,
            STAGED_FUNDER_DOIS,
            STAGED_FUNDINGS,
            STAGED_ORGANIZATIONS,
            STAGED_ORGANIZATION_NAMES,
            STAGED_ORGANIZATION_RELATIONS,
            STAGED_OWNERS,
            STAGED_RETRACTIONS,
        )
    }
    for place, work in enumerate(listed, start=1):
        origin: Row = {
            "register": work.register,
            "part_key": work.part,
            "record": work.record or place,
        }
        _stage(work, origin, staged)
    registers = sorted(
        {work.register for work in listed} | {str(row["register"]) for row in (*statistics, *pairs)}
    )
    standing: list[Row] = [
        {
            "group_id": group,
            "group_name": group,
            "country_code": country,
            "first_year": 1,
            "last_year": 9999,
            "source": "test",
        }
        for group, members in (groups or {}).items()
        for country in members
    ]
    specs = {
        STAGED_STATISTICS: list(statistics),
        PUBLISHED_PAIR_CELLS: list(pairs),
        CITATION_INDEX_CELLS: [],
        COUNTRIES: [],
        GROUP_MEMBERSHIPS: [*standing, *memberships],
        REGISTERS: [_register(name, scope) for name in registers],
    }
    tables = {spec.name: arrow(spec, rows) for spec, rows in specs.items()}
    by_name = {
        spec.name: spec
        for spec in (
            STAGED_WORKS,
            STAGED_AUTHORSHIPS,
            STAGED_AFFILIATIONS,
            STAGED_CITATIONS,
            STAGED_WORK_FIELDS,
            STAGED_FIELDS,
            STAGED_FUNDER_DOIS,
            STAGED_FUNDINGS,
            STAGED_ORGANIZATIONS,
            STAGED_ORGANIZATION_NAMES,
            STAGED_ORGANIZATION_RELATIONS,
            STAGED_OWNERS,
            STAGED_RETRACTIONS,
        )
    }
    tables |= {name: arrow(by_name[name], rows) for name, rows in staged.items()}
    return tables | given_tables()


def given_tables() -> dict[str, pa.Table]:
    """Return the tables that every lake is given; of challenges, none."""
    definitions = [
        {name: getattr(definition, name) for name in DEFINITION_ROWS.column_names}
        for definition in DEFINITIONS
    ]
    return {
        DEFINITION_ROWS.name: arrow(DEFINITION_ROWS, definitions),
        CHALLENGE_FIELDS.name: arrow(CHALLENGE_FIELDS, []),
        CORRECTIONS.name: arrow(CORRECTIONS, []),
        COMPANY_NAMES.name: arrow(COMPANY_NAMES, []),
    }


def _register(name: str, scope: str) -> Row:
    return {
        "register": name,
        "title": name,
        "scope": scope,
        "snapshot_on": "2024-06-30",
        "last_complete_year": 2023,
        "licence": "CC0-1.0",
        "url": "https://example.org",
        "n_parts": 1,
        "n_parts_listed": 1,
        "n_records": 1,
    }


def _stage(work: Work, origin: Row, staged: dict[str, list[Row]]) -> None:
    """Write one work into the staged tables."""
    codes = sorted({code for author in work.authors for code in author.shares})
    staged["staged_works"].append(
        origin
        | {
            "work_key": work.key,
            "work_label": f"W{work.key}",
            "doi": work.doi,
            "title": work.title,
            "kind": work.kind,
            "publication_year": work.year,
            "language": work.language,
            "is_xpac": work.is_xpac,
            "is_retracted": work.is_retracted,
            "is_authors_truncated": work.is_authors_truncated,
            "is_oa": work.is_oa,
            "cited_by_count": work.cited_by_count,
            "n_references": max(work.n_references, len(work.references)),
            "n_authors": len(work.authors),
            "n_authors_unknown": sum(not author.shares for author in work.authors),
            "country_codes": codes,
            "n_country_conflicts": 0,
            "updated_on": work.updated_on,
        }
    )
    for position, author in enumerate(work.authors, start=1):
        place = origin | {"position": position}
        staged["staged_authorships"].append(
            place
            | {
                "person_key": author.person,
                "is_first": position == 1,
                "is_last": position == len(work.authors),
                "is_corresponding": author.is_corresponding,
                "country_codes": sorted(author.shares),
            }
        )
        for number, (code, organization, share) in enumerate(author.addresses(), start=1):
            staged["staged_affiliations"].append(
                place
                | {
                    "affiliation": number,
                    "organization_key": organization,
                    "country_code": code,
                    "share": share,
                }
            )
    for number, funder in enumerate(work.funders, start=1):
        staged["staged_fundings"].append(
            origin | {"funding": number, "funder_key": f"F{funder}", "funder_name": funder}
        )
    for cited in sorted(set(work.references)):
        staged["staged_citations"].append(
            origin | {"citing_work_key": work.key, "cited_work_key": cited}
        )
    for scheme, field_id, weight in fields_of(work):
        named = origin | {"scheme": scheme, "field_id": field_id}
        staged["staged_work_fields"].append(named | {"weight": weight})
        staged["staged_fields"].append(named | {"field_name": f"Field {field_id}"})


def described(organizations: Mapping[str, Organization]) -> dict[str, pa.Table]:
    """Return the staged tables of organizations by OpenAlex's key, to join to a world's."""
    listed: list[Row] = [
        {
            "register": "openalex",
            "part_key": "organizations",
            "record": place,
            "organization_key": key,
            "ror_id": organization.ror_id,
            "organization_name": organization.name or key,
            "country_code": organization.country,
            "organization_kind": organization.kind,
            "latitude": organization.latitude,
            "longitude": organization.longitude,
            "n_locations": 1,
            "name": organization.name or key,
        }
        for place, (key, organization) in enumerate(organizations.items(), start=1)
    ]
    specs = (STAGED_ORGANIZATIONS, STAGED_ORGANIZATION_NAMES)
    return {spec.name: arrow(spec, listed) for spec in specs}


def fields_of(work: Work) -> tuple[tuple[str, str, float], ...]:
    """Return scheme, field and weight of all that a work belongs to."""
    if work.subfield is None:
        return work.fields
    return (
        ("openalex_subfield", work.subfield, 1.0),
        ("openalex_field", work.subfield[:2], 1.0),
        *work.fields,
    )


@cache
def compiled(step: Step, dialect: str) -> str:
    """Return a step as SQL over the tables that it reads; compiling takes longer than running."""
    return str(ibis.to_sql(step.compute(*(unbound(spec) for spec in step.reads)), dialect=dialect))


def steps_to(*specs: TableSpec) -> tuple[Step, ...]:
    """Return the steps that the named tables need, in order."""
    needed = {spec.name for spec in specs}
    chosen: list[Step] = []
    for step in reversed(STEPS):
        if step.writes.name in needed:
            needed |= {spec.name for spec in step.reads}
            chosen.append(step)
    return tuple(reversed(chosen))


def build(
    con: SQLBackend, tables: Mapping[str, pa.Table], steps: Iterable[Step] = STEPS
) -> dict[str, ir.Table]:
    """Build every step's table on DuckDB and return all tables by name."""
    listed = list(steps)
    _run(con, tables, listed)
    names = (*tables, *(step.writes.name for step in listed))
    return {name: con.table(name) for name in names}


def _run(con: SQLBackend, tables: Mapping[str, pa.Table], steps: Iterable[Step]) -> None:
    for name, table in tables.items():
        con.con.register("given", table)
        con.con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM given")
        con.con.unregister("given")
    for step in steps:
        columns = ", ".join(
            f'CAST("{column.name}" AS {DUCKDB_TYPES[column.dtype]}) AS "{column.name}"'
            for column in step.writes.columns
        )
        sql = f"SELECT {columns} FROM ({compiled(step, 'duckdb')})"
        con.con.execute(f"CREATE OR REPLACE TABLE {step.writes.name} AS {sql}")


def on_duckdb(tables: Mapping[str, pa.Table], steps: Iterable[Step] = STEPS) -> SQLBackend:
    """Build a world on a DuckDB of its own, where every table has its name."""
    con: SQLBackend = ibis.duckdb.connect(threads=1)
    _run(con, tables, steps)
    return con


def linked(tables: Mapping[str, pa.Table]) -> SQLBackend:
    """Link the registers of a world on a DuckDB of its own; nothing is counted."""
    return on_duckdb(tables, LINKS)


def measure(con: SQLBackend, indicator: Indicator) -> list[Row]:
    """Return the rows of an indicator over the tables that were built on DuckDB."""
    found = con.raw_sql(compiled(indicator, "duckdb")).to_arrow_table()
    return [dict(row) for row in found.to_pylist()]


def rows(table: ir.Table, *columns: str) -> list[tuple[object, ...]]:
    """Return the columns of a table as sorted tuples; numbers stay what they are."""
    found = table.select(*columns).to_pyarrow().to_pylist()
    return sorted((tuple(row[name] for name in columns) for row in found), key=repr)
