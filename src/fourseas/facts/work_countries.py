"""Author-fractional credit of countries, and who leads."""

from __future__ import annotations

import ibis.expr.types as ir

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

    The first, last and corresponding authorship of a work are one lead each, divided equally
    over several corresponding authors and over an author's countries as the addresses are.
    A lead counts only where every author who holds it has a known country.

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
    placed = addresses.group_by("work_id", "position", "country_code").agg(
        share=addresses.share.sum()
    )
    author_totals = placed.group_by("work_id", "position").agg(author_share=placed.share.sum())
    roles = authorships.select(
        "work_id",
        "position",
        "is_first",
        "is_last",
        is_corresponding=authorships.is_corresponding.fill_null(False),
    )
    holders = roles.left_join(author_totals, ["work_id", "position"])
    is_unplaced = holders.author_share.isnull()
    held = holders.group_by("work_id").agg(
        n_first=holders.is_first.sum(),
        n_last=holders.is_last.sum(),
        n_corresponding=holders.is_corresponding.sum(),
        n_first_unplaced=(holders.is_first & is_unplaced).sum(),
        n_last_unplaced=(holders.is_last & is_unplaced).sum(),
        n_corresponding_unplaced=(holders.is_corresponding & is_unplaced).sum(),
    )
    authors = (
        placed.inner_join(author_totals, ["work_id", "position"])
        .inner_join(roles, ["work_id", "position"])
        .inner_join(held, "work_id")
    )
    part = authors.share / authors.author_share

    def lead(role: str) -> ir.FloatingValue:
        is_counted = authors[f"is_{role}"] & (authors[f"n_{role}_unplaced"] == 0)
        return is_counted.ifelse(part / authors[f"n_{role}"].cast("float64"), 0.0)

    parts = authors.select(
        work_id=authors.work_id,
        country_code=authors.country_code,
        share=authors.share,
        first=lead("first"),
        last=lead("last"),
        corresponding=lead("corresponding"),
    )
    by_country = parts.group_by("work_id", "country_code").agg(
        shares=parts.share.sum(),
        n_authors_here=parts.count(),
        first=parts["first"].sum(),
        last=parts["last"].sum(),
        corresponding=parts.corresponding.sum(),
    )
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
            first=credited["first"].fill_null(0.0),
            last=credited["last"].fill_null(0.0),
            corresponding=credited.corresponding.fill_null(0.0),
        ),
        WORK_COUNTRIES,
    )


STEP = Step(
    compute=work_countries,
    reads=(WORKS, COUNTRY_SETS, AUTHORSHIPS, AFFILIATIONS),
    writes=WORK_COUNTRIES,
)
