"""What share of fundings names an organization of the lake, and by what it was found."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.reports.quality.section import Section
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import FUNDER_DOIS, FUNDINGS, ORGANIZATIONS, WORKS

FOUND_FUNDERS = TableSpec(
    name="found_funders",
    grain="one row per register whose works name funders",
    key=("register",),
    columns=(
        Column("register", "string", "code", "The register."),
        Column("n", "int64", "count", "Works, funders and awards that it names."),
        Column("n_found", "int64", "count", "Of these, the funder is an organization here."),
        Column("pp_found", "float64", "share", "n_found / n."),
        Column("n_by_id", "int64", "count", "Found by an id of the register, ROR or the DOI."),
        Column("n_by_name", "int64", "count", "Found by a name that one organization bears."),
        Column("n_ror", "int64", "count", "Found, and with a ROR id."),
        Column("pp_ror", "float64", "share", "n_ror / n."),
        Column("n_undecided", "int64", "count", "Not found: ROR gives the DOI to several."),
    ),
)


def found_funders(
    fundings: ir.Table, funder_dois: ir.Table, organizations: ir.Table, works: ir.Table
) -> ir.Table:
    r"""Count fundings by whether their funder is an organization of the lake.

    .. math:: pp\_found_r = |\{f \in F_r : organization(f)\}| / |F_r|

    where :math:`F_r` are the fundings of works of register *r*: a work that names a funder with
    two awards has two.
    """
    told = fundings.inner_join(works.select("work_id", "register"), "work_id")
    doubtful = funder_dois.filter(funder_dois.n_left > 1).select(
        funder_key="funder_doi", n_left="n_left"
    )
    known = extend(
        extend(told, organizations.select("organization_id", "ror_id"), ["organization_id"]),
        doubtful,
        ["funder_key"],
    )
    is_found, is_named = (
        known.organization_id.notnull(),
        (known.found_by == "name").fill_null(False),
    )
    counts = known.group_by("register").agg(
        n=known.count(),
        n_found=is_found.sum(),
        n_by_id=(is_found & ~is_named).sum(),
        n_by_name=is_named.sum(),
        n_ror=(is_found & known.ror_id.notnull()).sum(),
        n_undecided=(~is_found & known.n_left.notnull()).sum(),
    )
    n = counts.n.cast("float64").nullif(0.0)
    shares = counts.mutate(
        pp_found=counts.n_found.cast("float64") / n, pp_ror=counts.n_ror.cast("float64") / n
    )
    return conform(shares.order_by("register"), FOUND_FUNDERS)


SECTION = Section(
    title="What share of fundings names an organization of the lake.",
    compute=found_funders,
    reads=(FUNDINGS, FUNDER_DOIS, ORGANIZATIONS, WORKS),
    writes=FOUND_FUNDERS,
    definition="By id: the register describes the funder, or names a DOI of the Funder Registry "
    "that ROR or another register gives to one organization. By name: one organization alone "
    "bears it, case apart, and it has 8 signs or more.",
    base="Fundings: works, funders and awards of the register.",
    coverage="A name that is misspelled or of a part of the funder finds nobody.",
    remedy="Add ROR, the Funder Registry and the funders of OpenAlex to the lake: "
    "ids find more than names do.",
)
