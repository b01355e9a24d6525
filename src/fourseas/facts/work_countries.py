"""Author-fractional credit of countries, and who leads."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.facts.division import divided_works
from fourseas.schema.cells import ROLES
from fourseas.schema.facts import WORK_COUNTRIES
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, AUTHORSHIPS, COUNTRY_SETS, WORKS


def work_countries(
    works: ir.Table, country_sets: ir.Table, authorships: ir.Table, affiliations: ir.Table
) -> ir.Table:
    r"""Divide each work among the countries of its authors.

    .. math:: a_{iw} = \frac{1}{n_w} \sum_{k=1}^{n_w} s_{ki}

    where :math:`n_w` are all listed authors of work *w*, also those without any address, and
    :math:`s_{ki}` is the part of author *k*'s addresses in country *i*. The credit of authors
    without a country is lost, not spread over the others: a work's credits sum to at most one.

    The first, last and corresponding authorship of a work are one lead each, divided as
    `divided_works` says, where every author who holds it has a known country.

    A country that the register lists for an author is a country of the work even where no
    address accounts for it; its credit is then 0.

    References
    ----------
    Waltman & van Eck (2015), "Field-normalized citation impact indicators and the choice of
    an appropriate counting method", Journal of Informetrics 9(4), 872-894.
    """
    listed = works.select("work_id", "country_set_id").inner_join(
        country_sets.select("country_set_id", country_code=country_sets.country_codes.unnest()),
        "country_set_id",
    )
    addresses = affiliations.filter(affiliations.country_code.notnull())
    by_country = divided_works(addresses, authorships, "country_code")
    sizes = works.select("work_id", "n_authors")
    credited = listed.inner_join(sizes, "work_id").left_join(
        by_country, ["work_id", "country_code"]
    )
    n_authors = credited.n_authors.cast("float64").nullif(0.0)
    return conform(
        credited.select(
            work_id=credited.work_id,
            country_code=credited.country_code,
            credit=(credited.shares / n_authors).fill_null(0.0),
            n_authors_here=credited.n_authors_here.fill_null(0),
            **{role: credited[role].fill_null(0.0) for role in ROLES},
        ),
        WORK_COUNTRIES,
    )


STEP = Step(
    compute=work_countries,
    reads=(WORKS, COUNTRY_SETS, AUTHORSHIPS, AFFILIATIONS),
    writes=WORK_COUNTRIES,
    apart=("work_id",),
)
