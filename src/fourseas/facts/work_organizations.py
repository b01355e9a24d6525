"""Author-fractional credit of organizations, and which of them lead."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.facts.division import divided_works
from fourseas.schema.cells import ROLES
from fourseas.schema.facts import WORK_ORGANIZATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, AUTHORSHIPS, WORKS


def work_organizations(works: ir.Table, authorships: ir.Table, affiliations: ir.Table) -> ir.Table:
    r"""Divide each work among the organizations of its authors.

    .. math:: a_{ow} = \frac{1}{n_w} \sum_{k=1}^{n_w} s_{ko}

    where :math:`n_w` are all listed authors of work *w* and :math:`s_{ko}` is the part of
    author *k*'s addresses in organization *o*. The credit of authors and addresses without an
    organization is lost, not spread over the others: it and the credits of the organizations
    sum to at most one. Organizations are those of `ORGANIZATIONS` as they are mentioned:
    nothing is moved from a component to its parent.

    The first, last and corresponding authorship of a work are one lead each, divided as
    `divided_works` says, where every author who holds it has a known organization.

    References
    ----------
    Waltman & van Eck (2015), "Field-normalized citation impact indicators and the choice of
    an appropriate counting method", Journal of Informetrics 9(4), 872-894.
    """
    addresses = affiliations.filter(affiliations.organization_id.notnull())
    by_organization = divided_works(addresses, authorships, "organization_id")
    sizes = works.select("work_id", size=works.n_authors.cast("float64").nullif(0.0))
    credited = by_organization.inner_join(sizes, "work_id")
    return conform(
        credited.select(
            "work_id",
            "organization_id",
            "n_authors_here",
            *ROLES,
            credit=(credited.shares / credited["size"]).fill_null(0.0),
        ),
        WORK_ORGANIZATIONS,
    )


STEP = Step(
    compute=work_organizations,
    reads=(WORKS, AUTHORSHIPS, AFFILIATIONS),
    writes=WORK_ORGANIZATIONS,
    apart=("work_id",),
)
