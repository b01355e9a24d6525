"""The small world in another shape: one table of works, one of authors, one of references.

The oracles of `fourseas.lake.second_opinion` are plain SQL over these tables. They know nothing
of staged records, country sets, facts or cells, so that a mistake there cannot hide in them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
from ibis.backends.sql import SQLBackend

from fourseas.lake import second_opinion
from tests.world import Organization, Row, Work, fields_of

ORACLES = Path(__file__).parent / "oracle"
"""Statements over figures, or of one test; those over works come with the package."""

TOLERANCE = 1e-9
INTERVAL_TOLERANCE = 1e-7
"""An interval is the root of a small difference of sums, which keeps half of the digits."""

WORLD_WORKS = pa.schema(
    {
        "register": pa.string(),
        "work": pa.int64(),
        "year": pa.int64(),
        "kind": pa.string(),
        "language": pa.string(),
        "is_xpac": pa.bool_(),
        "is_retracted": pa.bool_(),
        "is_truncated": pa.bool_(),
        "n_authors": pa.int64(),
        "n_references": pa.int64(),
        "cited_by_count": pa.int64(),
        "is_oa": pa.bool_(),
    }
)
WORLD_ADDRESSES = pa.schema(
    {
        "register": pa.string(),
        "work": pa.int64(),
        "position": pa.int64(),
        "country": pa.string(),
        "organization": pa.string(),
        "share": pa.float64(),
    }
)
WORLD_ORGANIZATIONS = pa.schema(
    {
        "register": pa.string(),
        "organization": pa.string(),
        "unit": pa.string(),
        "ror_id": pa.string(),
        "name": pa.string(),
        "country": pa.string(),
        "latitude": pa.float64(),
        "longitude": pa.float64(),
    }
)
WORLD_NAMES = pa.schema({"name": pa.string(), "country": pa.string(), "identity": pa.string()})
WORLD_FUNDERS = pa.schema(
    {
        "register": pa.string(),
        "work": pa.int64(),
        "funder": pa.string(),
        "payer": pa.string(),
        "country": pa.string(),
        "identity": pa.string(),
    }
)
WORLD_AUTHORS = pa.schema(
    {
        "register": pa.string(),
        "work": pa.int64(),
        "position": pa.int64(),
        "country": pa.string(),
        "share": pa.float64(),
        "is_first": pa.bool_(),
        "is_last": pa.bool_(),
        "is_corresponding": pa.bool_(),
        "person": pa.int64(),
    }
)
WORLD_FIELDS = pa.schema(
    {
        "register": pa.string(),
        "work": pa.int64(),
        "scheme": pa.string(),
        "field": pa.string(),
        "weight": pa.float64(),
    }
)
WORLD_REFERENCES = pa.schema(
    {"register": pa.string(), "citing": pa.int64(), "cited": pa.int64()},
)
WORLD_REGISTERS = pa.schema(
    {"register": pa.string(), "scope": pa.string(), "last_complete_year": pa.int64()}
)
WORLD_MEMBERS = pa.schema(
    {
        "group_id": pa.string(),
        "country": pa.string(),
        "first_year": pa.int64(),
        "last_year": pa.int64(),
    }
)


def flat(
    works: Iterable[Work],
    memberships: Iterable[Row],
    organizations: Mapping[str, Organization] | None = None,
) -> dict[str, pa.Table]:
    """Return the tables of a world; a work stands in it once, as the register has it last."""
    listed = list(works)
    return {
        "world_addresses": pa.Table.from_pylist(
            [row for work in listed for row in _addresses(work)], WORLD_ADDRESSES
        ),
        "world_organizations": pa.Table.from_pylist(
            [
                asdict(organization)
                | {
                    "register": "openalex",
                    "organization": key,
                    "unit": organization.ror_id or f"openalex:{key}",
                }
                for key, organization in (organizations or {}).items()
            ],
            WORLD_ORGANIZATIONS,
        ),
        "world_names": pa.Table.from_pylist(
            [
                {
                    "name": organization.name,
                    "country": organization.country,
                    "identity": organization.ror_id or key,
                }
                for key, organization in (organizations or {}).items()
            ],
            WORLD_NAMES,
        ),
        "world_funders": pa.Table.from_pylist(
            [
                {"register": work.register, "work": work.key, "funder": funder, "payer": funder}
                for work in listed
                for funder in work.funders
            ],
            WORLD_FUNDERS,
        ),
        "world_works": pa.Table.from_pylist([_work(work) for work in listed], WORLD_WORKS),
        "world_authors": pa.Table.from_pylist(
            [row for work in listed for row in _authors(work)], WORLD_AUTHORS
        ),
        "world_fields": pa.Table.from_pylist(
            [
                {
                    "register": work.register,
                    "work": work.key,
                    "scheme": scheme,
                    "field": field_id,
                    "weight": weight,
                }
                for work in listed
                for scheme, field_id, weight in fields_of(work)
            ],
            WORLD_FIELDS,
        ),
        "world_references": pa.Table.from_pylist(
            [
                {"register": work.register, "citing": work.key, "cited": cited}
                for work in listed
                for cited in work.references
            ],
            WORLD_REFERENCES,
        ),
        "world_registers": pa.Table.from_pylist(
            [
                {"register": register, "scope": "census", "last_complete_year": 2023}
                for register in sorted({work.register for work in listed})
            ],
            WORLD_REGISTERS,
        ),
        "world_members": pa.Table.from_pylist(
            [
                {
                    "group_id": row["group_id"],
                    "country": row["country_code"],
                    "first_year": row["first_year"],
                    "last_year": row["last_year"],
                }
                for row in memberships
            ],
            WORLD_MEMBERS,
        ),
    }


def _work(work: Work) -> Row:
    return {
        "register": work.register,
        "work": work.key,
        "year": work.year,
        "kind": work.kind,
        "language": work.language,
        "is_xpac": work.is_xpac,
        "is_retracted": work.is_retracted,
        "is_truncated": work.is_authors_truncated,
        "n_authors": len(work.authors),
        "n_references": max(work.n_references, len(work.references)),
        "cited_by_count": work.cited_by_count,
        "is_oa": work.is_oa,
    }


def _addresses(work: Work) -> list[Row]:
    return [
        {
            "register": work.register,
            "work": work.key,
            "position": position,
            "country": country,
            "organization": organization,
            "share": share,
        }
        for position, author in enumerate(work.authors, start=1)
        for country, organization, share in author.addresses()
    ]


def _authors(work: Work) -> list[Row]:
    """Return a row for each author and country, or one without a country."""
    return [
        {
            "register": work.register,
            "work": work.key,
            "position": position,
            "country": country,
            "share": share,
            "is_first": position == 1,
            "is_last": position == len(work.authors),
            "is_corresponding": bool(author.is_corresponding),
            "person": author.person,
        }
        for position, author in enumerate(work.authors, start=1)
        for country, share in (author.shares.items() or [(None, None)])
    ]


def oracle(name: str) -> str:
    """Return the independent statement of a table."""
    if name in second_opinion.names():
        return second_opinion.statement(name)
    return (ORACLES / f"{name}.sql").read_text(encoding="utf-8")


def plain_sql(
    con: SQLBackend, name: str, tables: Mapping[str, pa.Table], *, counted: bool = True
) -> list[Row]:
    """Return the rows of an oracle over the tables of a world, or of figures as published."""
    for table_name, table in tables.items():
        con.create_table(table_name, table, overwrite=True)
    if counted:
        con.raw_sql(second_opinion.statement("counted"))
    found = con.raw_sql(oracle(name))
    return [dict(row) for row in found.to_arrow_table().to_pylist()]


def differences(found: Iterable[Row], expected: Iterable[Row], key: Sequence[str]) -> list[str]:
    """Say in what two lists of rows differ; all rows and all columns of the expected count."""
    ours, theirs = _by_key(found, key), _by_key(expected, key)
    told = [f"only found: {name}" for name in ours.keys() - theirs.keys()]
    told += [f"only expected: {name}" for name in theirs.keys() - ours.keys()]
    for name in ours.keys() & theirs.keys():
        for column, value in theirs[name].items():
            if not _is_equal(ours[name][column], value, _tolerance(column)):
                told.append(f"{name}: {column} is {ours[name][column]!r}, expected {value!r}")
    return sorted(told)


def _by_key(rows: Iterable[Row], key: Sequence[str]) -> dict[tuple[str, ...], Row]:
    listed = list(rows)
    named = {tuple(str(row[column]) for column in key): row for row in listed}
    assert len(named) == len(listed), "two rows have one key"
    return named


def _tolerance(column: str) -> float:
    return INTERVAL_TOLERANCE if column.endswith(("_low", "_high")) else TOLERANCE


def _is_equal(found: object, expected: object, tolerance: float) -> bool:
    if isinstance(found, float) and isinstance(expected, int | float):
        return math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance)
    return found == expected
