"""From which countries each person wrote each work, in the order of persons."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.mobility import PERSON_WORKS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import AFFILIATIONS, AUTHORSHIPS, WORKS


def person_works(works: ir.Table, authorships: ir.Table, affiliations: ir.Table) -> ir.Table:
    r"""Divide each work of a person among the countries of their addresses on it.

    .. math:: d_{pwi} = \frac{s_{pwi}}{\sum_k s_{pwk}}

    where :math:`s_{pwi}` is the part of the addresses of person *p* on work *w* that is in
    country *i*. Who is listed twice signs once, with the addresses of both. A work with no known
    country of theirs is not here.

    What definitions ask of a work stands beside it, so that a few persons are told from their own
    rows.
    """
    signed = authorships.filter(authorships.person_id.notnull()).select(
        "work_id", "position", "person_id"
    )
    written = affiliations.filter(affiliations.country_code.notnull() & (affiliations.share > 0.0))
    addressed = written.select("work_id", "position", "country_code", "share").inner_join(
        signed, ["work_id", "position"]
    )
    shares = addressed.group_by("person_id", "work_id", "country_code").agg(
        share=addressed.share.sum()
    )
    wholes = shares.group_by("person_id", "work_id").agg(whole=shares.share.sum())
    divided = shares.inner_join(wholes, ["person_id", "work_id"]).inner_join(works, "work_id")
    return conform(divided.mutate(part=divided.share / divided.whole), PERSON_WORKS)


STEP = Step(
    compute=person_works,
    reads=(WORKS, AUTHORSHIPS, AFFILIATIONS),
    writes=PERSON_WORKS,
    apart=("work_id",),
)
