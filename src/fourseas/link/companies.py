"""Organizations that only a printed name tells, such as `Cisco Systems, Inc.`, as companies."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.companies import COMPANY_NAMES, ORGANIZATION_COMPANIES
from fourseas.schema.legal_forms import compared
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import ORGANIZATIONS

IN_BRACKETS = r"\([^)]*\)"


def organization_companies(organizations: ir.Table, company_names: ir.Table) -> ir.Table:
    """Return the organizations without a ROR id whose whole name is that of a known company.

    The whole name decides: a name that begins with a company's is not taken for it, as a branch
    is listed under its own name or not at all. Several names of one company, in one register or
    in several, stay organizations of their own and share the company.
    """
    unlinked = organizations.filter(organizations.ror_id.isnull())
    named = unlinked.select("organization_id", name=_bare(unlinked.organization_name))
    return conform(named.inner_join(company_names, "name"), ORGANIZATION_COMPANIES)


def _bare(name: ir.StringValue) -> ir.StringValue:
    """Return a name in lower case without what is in brackets, marks and legal form."""
    return compared(name.re_replace(IN_BRACKETS, " "))


STEP = Step(
    compute=organization_companies,
    reads=(ORGANIZATIONS, COMPANY_NAMES),
    writes=ORGANIZATION_COMPANIES,
)
