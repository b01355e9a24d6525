"""Organizations that only a printed name tells, such as `Cisco Systems, Inc.`, as companies."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.companies import COMPANY_NAMES, ORGANIZATION_COMPANIES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import ORGANIZATIONS

IN_BRACKETS = r"\([^)]*\)"
MARKS = r"[^\p{L}\p{N}&+]+"
EDGES = "^ | $"
"""Not `strip`, which on Spark takes letters v and f away too."""

LEGAL_FORMS = (
    "( (inc|incorporated|corp|corporation|co|company|ltd|limited|llc|l l c|gmbh|ag|ab|sa|s a|plc"
    "|bv|b v|oy|oyj|spa|s p a|nv|n v|kk|k k|g k|pty|pvt|private|pte|lp|l p|as|asa|srl|s r l))+$"
)
"""Words at the end of a name that say what a company is by law."""


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
    unmarked = name.lower().re_replace(IN_BRACKETS, " ").re_replace(MARKS, " ")
    return unmarked.re_replace(EDGES, "").re_replace(LEGAL_FORMS, "")


STEP = Step(
    compute=organization_companies,
    reads=(ORGANIZATIONS, COMPANY_NAMES),
    writes=ORGANIZATION_COMPANIES,
)
