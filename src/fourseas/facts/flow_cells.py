"""Flow cells: citations of works of one country by works of another."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import counted_works, countries_of_works, fields_of_works
from fourseas.facts.universe import requirements
from fourseas.schema.definition import Definition
from fourseas.schema.facts import SET_COUNTRIES, WORK_COUNTRIES
from fourseas.schema.flows import FLOW_CELLS, FLOW_DEFINITIONS, LONGEST_LAG, UNKNOWN, WORLD
from fourseas.schema.step import Step
from fourseas.schema.table import ROUNDING, conform
from fourseas.schema.works import CITATIONS, REGISTERS, WORK_FIELDS, WORKS


def flow_cells(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,
    work_countries: ir.Table,
    work_fields: ir.Table,
    citations: ir.Table,
) -> ir.Table:
    r"""Sum citations by citing and cited country, once for each definition.

    .. math:: F_{ij} = \sum_{w' \to w} \omega_{wf} \, a_{iw'} \, a_{jw}

    over the citations of works *w* by works *w'*, both counted by the definition, where
    :math:`a_{iw'}` is the author-fractional credit of the citing country and
    :math:`\omega_{wf}` the part of the cited work in field *f*. The field of the citing work is
    left out of account. What authors without a known country lose on either side is credited
    to unknown, so that the flows of countries and unknown sum to the citations; the world's
    row counts these without looking at countries.

    A citation by a work dated before the cited one has a lag of 0, as in `work_citations`.
    """
    fields = fields_of_works(works, work_fields)
    computed = []
    for definition in FLOW_DEFINITIONS:
        counted = counted_works(works, registers, set_countries, definition)
        units = _units_of_works(counted, countries_of_works(work_countries, definition))
        made = _lagged(counted, citations)
        flows = _between_units(made, units).union(_of_world(made))
        placed = flows.inner_join(counted, "work_id").inner_join(fields, "work_id")
        cells = placed.group_by(*FLOW_CELLS.key).agg(
            citations=(placed.weight * placed.credits).sum(),
            n=(placed.weight * placed.n_citing).sum(),
        )
        computed.append(conform(cells, FLOW_CELLS))
    return ibis.union(*computed)


def _units_of_works(counted: ir.Table, placed: ir.Table) -> ir.Table:
    """Return what each country has of each counted work, and what is lost of it to unknown."""
    kept = placed.group_by("work_id").agg(kept=placed.credit.sum())
    joined = counted.left_join(kept, "work_id")
    lost = 1.0 - joined.kept.fill_null(0.0)
    unplaced = joined.filter(lost > ROUNDING).select(
        "work_id", unit_id=ibis.literal(UNKNOWN), credit=lost
    )
    return placed.select("work_id", "unit_id", "credit").union(unplaced)


def _lagged(counted: ir.Table, citations: ir.Table) -> ir.Table:
    """Return the citations between counted works with their lags."""
    citing = counted.select(citing_work_id=counted.work_id, citing_year=counted.year.cast("int64"))
    cited = counted.select(cited_work_id=counted.work_id, cited_year=counted.year.cast("int64"))
    dated = citations.inner_join(citing, "citing_work_id").inner_join(cited, "cited_work_id")
    lag = ibis.greatest(dated.citing_year - dated.cited_year, 0)
    return dated.select(
        "citing_work_id", work_id=dated.cited_work_id, lag=ibis.least(lag, LONGEST_LAG)
    )


def _between_units(made: ir.Table, units: ir.Table) -> ir.Table:
    """Return the flows to each cited work by citing and cited unit.

    The citing side is summed by cited work first: a work cited a thousand times by one country
    meets its own countries and fields once.
    """
    citing = units.select(citing_work_id=units.work_id, unit_id=units.unit_id, credit=units.credit)
    cited = units.select("work_id", partner_id=units.unit_id, partner_credit=units.credit)
    sided = made.inner_join(citing, "citing_work_id")
    by_work = sided.group_by("work_id", "unit_id", "lag").agg(
        credit=sided.credit.sum(), n_citing=sided.count()
    )
    both = by_work.inner_join(cited, "work_id")
    return both.select(
        "work_id",
        "lag",
        "unit_id",
        "partner_id",
        unit_type=ibis.ifelse(both.unit_id == UNKNOWN, "unknown", "country"),
        credits=both.credit * both.partner_credit,
        n_citing=both.n_citing.cast("float64"),
    )


def _of_world(made: ir.Table) -> ir.Table:
    """Return the citations of each cited work, whoever made them."""
    by_work = made.group_by("work_id", "lag").agg(n_citing=made.count())
    return by_work.select(
        "work_id",
        "lag",
        unit_id=ibis.literal(WORLD),
        partner_id=ibis.literal(WORLD),
        unit_type=ibis.literal("world"),
        credits=by_work.n_citing.cast("float64"),
        n_citing=by_work.n_citing.cast("float64"),
    )


def parts(
    works: ir.Table,
    registers: ir.Table,
    set_countries: ir.Table,  # noqa: ARG001 - takes what the step reads
    work_countries: ir.Table,
    work_fields: ir.Table,
    citations: ir.Table,
) -> dict[str, ir.Table]:
    """Return what flows are summed from, each work once.

    Bit *k* of ``definitions`` says whether definition *k* of `FLOW_DEFINITIONS` counts the work.
    """
    counting = [
        ibis.ifelse(_meets(works, definition), 1 << k, 0)
        for k, definition in enumerate(FLOW_DEFINITIONS)
    ]
    return {
        "works": works.select(
            "work_id",
            "register",
            year=works.year.fill_null(0),
            definitions=sum(counting[1:], start=counting[0]),
        ),
        "registers": registers.select("register", "snapshot_on", "scope"),
        "countries": work_countries.select("work_id", "country_code", "credit"),
        "fields": fields_of_works(works, work_fields),
        "citations": citations.select("citing_work_id", "cited_work_id"),
    }


def _meets(works: ir.Table, definition: Definition) -> ir.BooleanValue:
    """Return whether a definition counts a work."""
    return ibis.and_(*requirements(works, definition).values()).fill_null(False)


STEP = Step(
    compute=flow_cells,
    reads=(WORKS, REGISTERS, SET_COUNTRIES, WORK_COUNTRIES, WORK_FIELDS, CITATIONS),
    writes=FLOW_CELLS,
    parts=parts,
)
