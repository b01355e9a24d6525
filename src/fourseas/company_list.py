"""The companies that come with the package: those that standards name and ROR does not hold."""

from __future__ import annotations

import csv
from importlib import resources

import ibis
import pyarrow as pa

from fourseas.schema.companies import COMPANY_NAMES

COMPANIES = resources.files("fourseas") / "embedded" / "companies" / "companies.csv"
BETWEEN = "|"


def given() -> dict[str, pa.Table]:
    """Return every name of every company as the table that a build is given."""
    rows = [
        {
            "name": name,
            "company": row["company"],
            "parent": row["parent"],
            "country_code": row["head_office"],
            "source": row["source"],
        }
        for row in csv.DictReader(COMPANIES.read_text("utf-8").splitlines())
        for name in row["names"].split(BETWEEN)
    ]
    types = [(c.name, ibis.dtype(c.dtype).to_pyarrow()) for c in COMPANY_NAMES.columns]
    return {COMPANY_NAMES.name: pa.Table.from_pylist(rows, schema=pa.schema(types))}
