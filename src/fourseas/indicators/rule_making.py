"""Standards authorship: who writes the rules of the Internet (IETF) and of mobile networks (3GPP).

Two bodies are not all rule-making. They are those whose documents name persons in the open; ITU,
ISO, IEC and IEEE name none, or their members alone may see them.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    COVERAGE,
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    ROW,
    ROW_KEY,
    is_incomplete,
    why_not_relative,
)
from fourseas.schema.cells import ALL, CELL_KEY, NOT_PRINTED, SITE_SCHEME, UNIT_CELLS
from fourseas.schema.definition import DEFINITION_ROWS
from fourseas.schema.step import Indicator
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

IETF, MOBILE = "rfc", "3gpp"
BODIES = (IETF, MOBILE)
"""Registers of standards. RFCs have authors; a 3GPP specification has one rapporteur."""

STANDARDS = "standards"
"""Definition by which they are counted."""

PERIODS = (1, 5)
"""Years that are added up: a year alone has few standards, and one document moves it."""

SCIENCE = ("ncses", "ncses-published", "ncses")
"""Register, definition and scheme of the science that standards are set against."""

LINKED_FIELDS = ("computer-and-information-sciences", "engineering")
"""Fields of it that telecommunication and computing come from."""

SUMS = ("n", "n_international", "n_undecided", "credit", "lead", "scored", "cited")

PARTS = ("country", "organization")
"""Units whose credit adds up to all that is known; a group's and the world's is of countries."""

RULE_MAKING = TableSpec(
    name="rule_making",
    grain="one row per unit, body, field, year and number of years that are added up",
    key=(*ROW_KEY, "years"),
    columns=(
        *ROW,
        Column("years", "int16", "count", "Years up to `year` that are added up: 1 or 5."),
        Column("p", "float64", "works", "Documents with an author in the unit (full counting)."),
        Column("credit", "float64", "credit", "Author-fractional credit of the unit in them."),
        Column(
            "participation",
            "float64",
            "share",
            "The unit's part of the credit whose country is known; of organizations, that whose "
            "organization is.",
            nullable=True,
        ),
        Column(
            "participation_min", "float64", "share", "If it had no unknown credit.", nullable=True
        ),
        Column(
            "participation_max", "float64", "share", "If it had all unknown credit.", nullable=True
        ),
        Column(
            "participation_by_site",
            "float64",
            "share",
            "3GPP: the same, by the site that the employer's name tells, else by head office; of "
            "countries they sum to 1 too, some with a site alone. "
            "RFCs are counted by printed address in the first place.",
            nullable=True,
        ),
        Column(
            "leadership",
            "float64",
            "share",
            "Its part of the first authorships (RFC) or of the rapporteurs (3GPP) that are known.",
            nullable=True,
        ),
        Column("leadership_min", "float64", "share", "If it led no unknown.", nullable=True),
        Column("leadership_max", "float64", "share", "If it led all unknown.", nullable=True),
        Column(
            "adoption",
            "float64",
            "share",
            "Part of its credit that is in documents cited by later standards within the window.",
            nullable=True,
        ),
        Column(
            "openness",
            "float64",
            "share",
            "Of the body: documents of two countries or more, of those for which that is decided.",
            nullable=True,
        ),
        Column("openness_min", "float64", "share", "If no undecided one had two.", nullable=True),
        Column("openness_max", "float64", "share", "If all undecided ones had.", nullable=True),
        Column(
            "science_share",
            "float64",
            "share",
            "Its part of the science of the linked fields, by NCSES, same years, fractional.",
            nullable=True,
        ),
        Column(
            "standards_to_science",
            "float64",
            "index",
            "participation / science_share: 1 where it has its part of both.",
            nullable=True,
        ),
        COVERAGE,
        Column(
            "coverage_lead",
            "float64",
            "share",
            "Part of the body's documents whose first author or rapporteur is placed.",
            nullable=True,
        ),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def rule_making(unit_cells: ir.Table, registers: ir.Table, definitions: ir.Table) -> ir.Table:
    r"""Return each unit's part in the authorship of standards, and what is known of it.

    .. math:: participation_i = \frac{\sum_d a_{id}}{\sum_k \sum_d a_{kd}}, \qquad
              \frac{\sum_d a_{id}}{D} \le participation_i \le \frac{\sum_d a_{id} + u}{D}

    over the documents *d* of a body, where :math:`a_{id}` is the author-fractional credit of
    unit *i*, *k* runs over all countries, *D* is the number of documents and *u* the credit
    of authors without a known country. Leadership is the same over first authors, or over
    rapporteurs. With :math:`s_i` the unit's part of the works in computer and information
    sciences and in engineering,

    .. math:: standards\_to\_science_i = \frac{participation_i}{s_i}, \qquad
              adoption_i = \frac{\sum_{d\ cited} a_{id}}{\sum_d a_{id}}

    Openness is the body's and the same for all its units. Of countries, the lower bounds of
    participation sum to `coverage` and participation itself to 1; of organizations too, *u*
    being there the credit of authors without an organization.

    Not counted: drafts, change requests, chairs, reviewers, the secretariat. Adoption counts
    references by any later standard of the same body, also by the same authors; it is told
    once all years of the window are complete.

    Parameters
    ----------
    unit_cells
        `UNIT_CELLS`, of the two bodies and of NCSES.
    registers, definitions
        `REGISTERS`, for the last complete year; `DEFINITION_ROWS`, for the window.

    Returns
    -------
    ir.Table
        `RULE_MAKING`: rows of single years and of five years up to each.

    References
    ----------
    Baron & Gupta (2018), "Unpacking 3GPP standards", Journal of Economics & Management
    Strategy 27(3), 433-461, for what can be measured of 3GPP; the bounds and the ratio are ours.
    """
    standards = unit_cells.filter(
        unit_cells.register.isin(BODIES) & (unit_cells.definition_id == STANDARDS)
    )
    yearly = _summed(standards)
    sites = _sites(standards)
    sums = _with_sites(_over_years(yearly, SUMS), sites)
    place = [*PLACE_KEY, "years"]
    worlds = sums.filter(sums.unit_type == "world")
    whole = worlds.select(*place, **{f"{name}_world": worlds[name] for name in SUMS})
    parts = sums.filter(sums.unit_type.isin(PARTS))
    known = parts.group_by(*place, known_by=parts.unit_type).agg(
        credit_known=parts.credit.sum(), n_lead_known=parts.lead.sum()
    )
    is_organization = sums.unit_type == "organization"
    units = sums.filter(sums.unit_type != "unknown").mutate(
        known_by=ibis.ifelse(is_organization, "organization", "country")
    )
    placed = extend(extend(units, whole, place), known, [*place, "known_by"])
    # Rows are of the years in which the body published anything there, and of no later ones.
    published = yearly.filter(yearly.unit_type == "world").select(*PLACE_KEY)
    current = placed.semi_join(published, PLACE_KEY)
    compared = extend(
        extend(current, sites, [*CELL_KEY, "years"]),
        _science(unit_cells),
        ["unit_type", "unit_id", "year", "years"],
    )
    ends = registers.select("register", "last_complete_year")
    windows = definitions.select("definition_id", "citation_window")
    dated = extend(extend(compared, ends, ["register"]), windows, ["definition_id"])
    return conform(_told(_measured(dated)), RULE_MAKING)


def _summed(standards: ir.Table) -> ir.Table:
    """Sum the cells of each unit over collaboration classes."""
    is_international = standards.collaboration_class == "international"
    is_undecided = standards.collaboration_class == "unknown"
    return standards.group_by(*CELL_KEY).agg(
        n=standards.n.sum(),
        n_international=standards.n.sum(where=is_international).fill_null(0.0),
        n_undecided=standards.n.sum(where=is_undecided).fill_null(0.0),
        credit=standards.credit.sum(),
        lead=standards["first"].sum(),
        scored=standards.credit_scored.sum(),
        cited=standards.credit_cited.sum(),
    )


def _over_years(yearly: ir.Table, measures: tuple[str, ...]) -> ir.Table:
    """Add up the years up to each year, once for each length of a period.

    The column ``n_years`` says how many of them had anything. Years that follow them, without
    anything of their own, have rows as well.
    """
    key = [name for name in yearly.columns if name not in (*measures, "year")]
    spans = []
    for years in PERIODS:
        shifted = yearly.mutate(later=ibis.range(years).unnest())
        moved = shifted.select(
            *key, *measures, year=(shifted.year.cast("int64") + shifted.later).cast("int16")
        )
        spans.append(
            moved.group_by(*key, "year")
            .agg(n_years=moved.count(), **{name: moved[name].sum() for name in measures})
            .mutate(years=ibis.literal(years))
        )
    return ibis.union(*spans)


def _sites(standards: ir.Table) -> ir.Table:
    """Return the credit that countries have in 3GPP by printed site, else by head office."""
    sites = standards.filter(
        (standards.scheme == SITE_SCHEME) & (standards.unit_type == "country")
    ).mutate(scheme=ibis.literal(ALL), field_id=ibis.literal(ALL), site=standards.field_id)
    is_printed = sites.site != NOT_PRINTED
    placed = sites.mutate(unit_id=ibis.ifelse(is_printed, sites.site, sites.unit_id))
    yearly = placed.group_by(*CELL_KEY).agg(credit=placed.credit.sum())
    return _over_years(yearly, ("credit",)).select(*CELL_KEY, "years", by_site="credit")


def _with_sites(sums: ir.Table, sites: ir.Table) -> ir.Table:
    """Add countries in which somebody wrote for a company of another, and no company has a seat."""
    alone = sites.anti_join(sums, [*CELL_KEY, "years"])
    nothing = {name: ibis.literal(0.0) for name in SUMS}
    added = alone.mutate(n_years=ibis.literal(0, sums.n_years.type()), **nothing)
    return sums.union(added.select(*sums.columns))


def _science(unit_cells: ir.Table) -> ir.Table:
    """Return each unit's part of the science of the linked fields whose country is known."""
    register, definition_id, scheme = SCIENCE
    linked = unit_cells.filter(
        (unit_cells.register == register)
        & (unit_cells.definition_id == definition_id)
        & (unit_cells.scheme == scheme)
        & unit_cells.field_id.isin(LINKED_FIELDS)
        & unit_cells.credit.notnull()
    )
    yearly = linked.group_by("unit_type", "unit_id", "year").agg(science=linked.credit.sum())
    sums = _over_years(yearly, ("science",))
    whole = sums.filter(sums.n_years == sums.years)
    places = whole.group_by("year", "years").agg(
        science_world=whole.science.sum(where=whole.unit_type == "world"),
        science_unknown=whole.science.sum(where=whole.unit_type == "unknown"),
    )
    joined = extend(whole, places, ["year", "years"])
    known = joined.science_world - joined.science_unknown.fill_null(0.0)
    return joined.select(
        "unit_type",
        "unit_id",
        "year",
        "years",
        science_share=ibis.ifelse(
            joined.unit_type == "world", 1.0, joined.science / known.nullif(0.0)
        ),
    )


def _measured(dated: ir.Table) -> ir.Table:
    """Turn sums into shares with their bounds."""
    is_world = dated.unit_type == "world"
    documents = dated.n_world.nullif(0.0)
    known = dated.credit_known.fill_null(0.0)
    lead_known = dated.n_lead_known.fill_null(0.0)
    decided = (documents - dated.n_undecided_world).nullif(0.0)
    last_counted = dated.year.cast("int64") + dated.citation_window.cast("int64") - 1
    is_whole_register = (dated.scheme == ALL) & (dated.unit_type == "country")
    shares = dated.mutate(
        counting=ibis.literal("fractional"),
        p=dated.n,
        participation=ibis.ifelse(is_world, 1.0, dated.credit / known.nullif(0.0)),
        participation_min=dated.credit / documents,
        participation_max=ibis.ifelse(
            is_world, 1.0, (dated.credit + dated.n_world - known) / documents
        ),
        site_share=dated.by_site.fill_null(0.0) / known.nullif(0.0),
        leadership=dated.lead / lead_known.nullif(0.0),
        leadership_min=dated.lead / documents,
        leadership_max=ibis.ifelse(
            is_world, 1.0, (dated.lead + dated.n_world - lead_known) / documents
        ),
        share_cited=dated.cited / dated.scored.nullif(0.0),
        is_window_open=(last_counted > dated.last_complete_year).fill_null(True),
        openness=dated.n_international_world / decided,
        openness_min=dated.n_international_world / documents,
        openness_max=(dated.n_international_world + dated.n_undecided_world) / documents,
        coverage=known / documents,
        coverage_lead=lead_known / documents,
        is_provisional=is_incomplete(dated.year, dated.last_complete_year),
        is_single=dated.register == MOBILE,
    )
    return shares.mutate(
        standards_to_science=shares.participation / shares.science_share.nullif(0.0),
        adoption=ibis.ifelse(shares.is_window_open, ibis.null("float64"), shares.share_cited),
        participation_by_site=ibis.cases(
            (~shares.is_single | is_world, shares.participation),
            (is_whole_register, shares.site_share),
            else_=ibis.null("float64"),
        ),
    )


def _told(shares: ir.Table) -> ir.Table:
    """Withhold what cannot be said, and say why."""
    why_relative = why_not_relative(shares.scope)
    nothing = ibis.null("float64")
    reasons = {
        "shares": why_relative,
        "participation": _why(
            shares.participation.isnull(), "of no author is known who they count for"
        ),
        "leadership": _why(
            shares.leadership.isnull(), "of no first author is known who they count for"
        ),
        "by site": _why(
            shares.participation_by_site.isnull() & shares.is_single,
            "sites are told for countries over the whole body",
        ),
        "adoption": ibis.cases(
            (shares.scored_world == 0.0, ibis.literal("no references of the body are known")),
            (shares.is_window_open, ibis.literal("years of citations are still to come")),
            (shares.share_cited.isnull(), ibis.literal("the unit has no credit")),
            else_=ibis.null("string"),
        ),
        "openness": ibis.cases(
            (shares.is_single, ibis.literal("3GPP names one rapporteur for a specification")),
            (shares.openness.isnull(), ibis.literal("of no document are all countries known")),
            else_=ibis.null("string"),
        ),
        "science": _why(
            shares.science_share.isnull(), "NCSES has no figures of the unit for these years"
        ),
    }
    relative = ("participation", "leadership", "openness")
    withheld = [
        *(f"{name}{end}" for name in relative for end in ("", "_min", "_max")),
        "participation_by_site",
        "science_share",
        "standards_to_science",
    ]
    told = shares.mutate(
        **{name: ibis.ifelse(why_relative.isnull(), shares[name], nothing) for name in withheld},
        not_computable=ibis.array(
            [ibis.literal(f"{name}: ").concat(why) for name, why in reasons.items()]
        )
        .filter(lambda reason: reason.notnull())
        .join("; ")
        .nullif(""),
    )
    return told.mutate(
        **{
            f"openness{end}": ibis.ifelse(told.is_single, nothing, told[f"openness{end}"])
            for end in ("", "_min", "_max")
        }
    )


def _why(is_wanting: ir.BooleanValue, reason: str) -> ir.StringValue:
    """Return the reason where something is wanting, null elsewhere."""
    return ibis.ifelse(is_wanting, ibis.literal(reason), ibis.null("string"))


INDICATOR = Indicator(
    title="Standards authorship: IETF, 3GPP",
    meaning="A country's part in writing RFCs and 3GPP specifications, and who leads them.",
    formula="participation = credit of the unit / credit of all countries; ratio to its science",
    headline="participation",
    compute=rule_making,
    reads=(UNIT_CELLS, REGISTERS, DEFINITION_ROWS),
    writes=RULE_MAKING,
    apart=(),
    source="https://doi.org/10.1111/jems.12258",
    caveats=(
        "Two bodies are not all rule-making: ITU, ISO, IEC and IEEE are not here.",
        "US firms often print no address in RFCs: US parts after 2015 are too low; see the bounds.",
        "3GPP names who answers for a specification now, before about 2005 often not who wrote it.",
        "3GPP is counted by the parent's head office; participation_by_site counts subsidiaries.",
        "RFCs are counted by the author's address: set the two side by side, never add them.",
        "Organizations of RFCs are names as printed (Cisco is several), of 3GPP parent companies.",
        "Company names are taken as printed: Alcatel-Lucent is French, Motorola Mobility American.",
        "The secretariat of 3GPP in France is nobody's country.",
        "Drafts, change requests, chairs and reviewers are not counted; to edit is not to decide.",
        "NCSES counts papers in Scopus, and firms write few: read the ratio to science with care.",
    ),
)
