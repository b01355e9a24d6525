"""Exposure: what a policy touches of past collaboration, counted on both sides.

A work is touched where the policy finds something stricter than open. It says how much a policy
is about, not what would follow from it. What is not known makes an interval: at least the works
that are touched whatever the unknown facts are, at most those that may be.
"""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from fourseas.policy.decide import rule_column
from fourseas.policy.document import Policy
from fourseas.policy.history import CASES, Past
from fourseas.policy.vocabulary import NEEDS_INFORMATION, OUTCOMES
from fourseas.schema.cells import ALL
from fourseas.schema.table import Column, TableSpec, conform, extend

TOUCHED = "touched"
ALONE = "alone:"
RULE = "rule:"
LEVELS_COUNTED = ("open_with_conditions", "review", "closed")
OPEN = OUTCOMES.index("open")

FIELD_SCHEMES = ("openalex_field", "ietf_group", "challenge")
"""Classifications whose fields are told apart: of papers, of standards, and by challenges."""

JUDGED = TableSpec(
    name="judged_cases",
    grain="one row per past case",
    key=("case_id",),
    columns=(
        *CASES.columns,
        Column("finding", "string", "category", "The outcome, or needs_information."),
        Column("at_least", "string", "category", "The mildest outcome that facts may lead to."),
        Column("at_most", "string", "category", "The strictest outcome they may lead to."),
    ),
)
"""Followed by a column for each rule: true, false, or null where it is not known."""

MARKS = TableSpec(
    name="marked_cases",
    grain="one row per past case and measure that holds, or may hold, of it",
    key=("case_id", "measure"),
    columns=(
        Column("case_id", "int64", "id", "The case."),
        Column("measure", "string", "code", "What is counted: touched, a level or a rule."),
        Column("is_sure", "boolean", "flag", "It holds; else it may hold."),
    ),
)

CELL = ("register", "definition_id", "partner_id", "period", "field_id")

_CELL_COLUMNS = (
    Column("register", "string", "code", "The register of the works."),
    Column("definition_id", "string", "code", "The definition that counts them."),
    Column("partner_id", "string", "code", "A country beside the owner, or all together."),
    Column("period", "string", "category", "A year, or all together."),
    Column("field_id", "string", "id", "A field, or all together."),
)


def _of_side(side: str, whose: str) -> tuple[Column, ...]:
    """Return the columns that say what touched works are of a side's output."""
    return (
        Column(f"{side}_output", "int64", "works", f"All works of {whose}."),
        Column(f"{side}_international", "int64", "works", f"Of {whose}, known international."),
        Column(f"{side}_undecided", "int64", "works", f"Of {whose}, perhaps international."),
        Column(
            f"{side}_top_10",
            "float64",
            "works",
            f"Of {whose}, in the world's top 10%; null where the register is not a census.",
            nullable=True,
        ),
        *(
            Column(f"{side}_{share}_{end}", "float64", "share", f"{what}, {said}.", nullable=True)
            for share, what in (
                ("share", f"Of all works of {whose}"),
                ("international_share", f"Of international works of {whose}"),
                ("top_10_share", f"Of top 10% works of {whose}"),
            )
            for end, said in (("least", "at least"), ("most", "at most"))
        ),
    )


EXPOSURES = TableSpec(
    name="exposures",
    grain="one row per cell of the collaboration of a policy's owner, and measure",
    key=(*CELL, "measure"),
    columns=(
        *_CELL_COLUMNS,
        Column("measure", "string", "code", "What is counted: touched, a level or a rule."),
        Column("n_joint", "int64", "works", "Works of the owner with others, known or perhaps."),
        Column("n_least", "int64", "works", "Of these, counted whatever is not known."),
        Column("n_most", "int64", "works", "Of these, counted or perhaps to be."),
        Column("n_undecided", "int64", "works", "Of the most, those perhaps of nobody else."),
        *_of_side("owner", "the owner"),
        *_of_side("partner", "the other side"),
    ),
)
"""In rows of all partners together, the other side is every work of a country that is touched."""


def measures(policy: Policy) -> tuple[str, ...]:
    """Return what is counted of a policy, in order."""
    rules = [rule.rule_id for rule in policy.rules]
    return (
        TOUCHED,
        *LEVELS_COUNTED,
        NEEDS_INFORMATION,
        *(f"{RULE}{rule_id}" for rule_id in rules),
        *(f"{ALONE}{rule_id}" for rule_id in rules),
    )


def judged(cases: ir.Table, findings: ir.Table, policy: Policy) -> ir.Table:
    """Return cases with what the policy finds of them, as `JUDGED` and its rules."""
    rules = [rule_column(rule.rule_id) for rule in policy.rules]
    found = findings.select("case_id", "finding", "at_least", "at_most", *rules)
    return cases.inner_join(found, "case_id").select(*JUDGED.column_names, *rules)


def marks(of: ir.Table, policy: Policy) -> ir.Table:
    """Return what holds, or may hold, of each case, as `MARKS`.

    Of a work that is perhaps of one country only, whatever holds may hold: it is a case only if
    it is of two. A rule alone touches a work where no other rule that is stricter than open
    holds.
    """
    touching = {
        rule.rule_id: of[rule_column(rule.rule_id)]
        for rule in policy.rules
        if OUTCOMES.index(rule.decision) > OPEN
    }
    truths: dict[str, ir.BooleanValue] = {TOUCHED: reaches(of)}
    truths |= {word: _comes_to(of, word, policy) for word in LEVELS_COUNTED}
    truths[NEEDS_INFORMATION] = of.finding == NEEDS_INFORMATION
    for rule in policy.rules:
        truths[f"{RULE}{rule.rule_id}"] = of[rule_column(rule.rule_id)]
    for rule_id, holds in touching.items():
        alone = holds
        for other, also in touching.items():
            alone = alone if other == rule_id else alone & ~also
        truths[f"{ALONE}{rule_id}"] = alone
    marked = []
    for measure, truth in truths.items():
        judged_so = of.select("case_id", is_sure=truth & of.is_international)
        kept = judged_so.filter(judged_so.is_sure.isnull() | judged_so.is_sure)
        marked.append(
            kept.select(
                "case_id",
                measure=ibis.literal(measure),
                is_sure=kept.is_sure.fill_null(False),
            )
        )
    return ibis.union(*marked)


def reaches(of: ir.Table) -> ir.BooleanValue:
    """Say whether a case is touched, null where it may be."""
    untouched = OUTCOMES[: OPEN + 1]
    is_possible = of.at_most.notin(untouched)
    perhaps = ibis.ifelse(is_possible, ibis.null("boolean"), ibis.literal(False))
    return ibis.ifelse(of.at_least.notin(untouched), ibis.literal(True), perhaps)


def _comes_to(of: ir.Table, word: str, policy: Policy) -> ir.BooleanValue:
    """Say whether a case comes to an outcome, null where it may.

    It may only if a rule that may hold decides so, or what is known leads there already.
    """
    rank = OUTCOMES.index(word)
    leads_there = of.at_least == word
    for rule in policy.rules:
        if rule.decision == word:
            leads_there |= of[rule_column(rule.rule_id)].isnull()
    is_within = leads_there & of.at_least.isin(OUTCOMES[: rank + 1])
    is_settled = of.at_least == of.at_most
    perhaps = ibis.ifelse(is_within, ibis.null("boolean"), ibis.literal(False))
    return ibis.ifelse(is_within & is_settled, ibis.literal(True), perhaps)


def own_works(of: Past) -> ir.Table:
    """Return one row per work and country of it, with what is known of the work's reach."""
    sizes = of.countries.group_by("work_id").agg(n_countries=of.countries.count())
    known = extend(of.works, sizes, ["work_id"])
    described = known.select(
        "work_id",
        "register",
        "definition_id",
        "year",
        "top_10",
        is_international=known.n_countries > 1,
        is_undecided=(known.n_countries == 1) & known.is_open_ended,
    )
    return of.countries.inner_join(described, "work_id").select(
        "work_id", "country", *described.drop("work_id").columns
    )


def fields_of_works(of: Past) -> ir.Table:
    """Return the fields of works that are told apart, and the one that holds them all."""
    told = of.fields.filter(of.fields.scheme.isin(FIELD_SCHEMES)).select("work_id", "field_id")
    return told.union(of.works.select("work_id", field_id=ibis.literal(ALL)))


def exposed_partners(marked: ir.Table, of_cases: ir.Table, of: Past) -> ir.Table:
    """Return the countries of which a work is touched, or may be, by register."""
    touched = marked.filter(marked.measure == TOUCHED).select("case_id")
    works = of_cases.semi_join(touched, "case_id").select("work_id", "register", "side")
    others = works.inner_join(of.countries, "work_id")
    return others.filter(others.country != others.side).select("register", "country").distinct()


def exposures(
    marked: ir.Table, of_cases: ir.Table, of: Past, partners: ir.Table, counted: Iterable[str]
) -> ir.Table:
    r"""Count what a policy touches, by partner, year and field, as shares of either side's own.

    .. math:: s^{least} = \frac{n^{least}}{N}, \qquad s^{most} = \frac{n^{most}}{N}

    of all works *N* of a side. Of the *I* works that are known to be international, where *U*
    more may be, at least :math:`n^{least} / (I + U)` and at most
    :math:`n^{most} / (I + u^{most})`, where :math:`u^{most}` are those of the most that may be.
    Top 10% works count by the part of them that is in the top.

    Full counting: a work counts once for each of its countries, years and fields.

    Parameters
    ----------
    marked
        `MARKS` of the owner's cases.
    of_cases
        `CASES` of the owner alone.
    of
        Works of the span.
    partners
        Countries that together are the other side, by register.
    counted
        Measures, of which each cell has a row.

    Returns
    -------
    ir.Table
        `EXPOSURES`.
    """
    known = of_cases.mutate(u=of_cases.is_international.isnull().cast("int64"))
    placed = _placed(known, of)
    joint = placed.group_by(*CELL).agg(n_joint=placed.count())
    of_measures = marked.inner_join(placed, "case_id")
    sure = of_measures.is_sure
    part = of_measures.top_10.fill_null(0.0)
    counts = of_measures.group_by(*CELL, "measure").agg(
        n_least=of_measures.count(where=sure),
        n_most=of_measures.count(),
        n_undecided=of_measures.count(where=of_measures.u > 0),
        top_least=part.sum(where=sure),
        top_most=part.sum(),
        top_most_known=part.sum(where=of_measures.u == 0),
    )
    cells = ibis.union(*(joint.mutate(measure=ibis.literal(one)) for one in counted))
    filled = extend(cells, counts, [*CELL, "measure"])
    filled = filled.mutate(
        **{name: filled[name].fill_null(0) for name in counts.columns[len(CELL) + 1 :]}
    )
    own = own_works(of)
    owner = _outputs(own.semi_join(of_cases.select(country="side").distinct(), "country"), of)
    together = own.semi_join(partners, ["register", "country"]).drop("country").distinct()
    other = _outputs(together.mutate(country=ibis.literal(ALL)), of).union(
        _outputs(own.semi_join(_partners(of_cases, of), "country"), of)
    )
    at_owner = extend(filled, _named(owner.drop("partner_id"), "owner"), _but("partner_id"))
    both = extend(at_owner, _named(other, "partner"), list(CELL))
    return conform(_shares(both), EXPOSURES)


def _but(left_out: str) -> list[str]:
    return [name for name in CELL if name != left_out]


def _partners(of_cases: ir.Table, of: Past) -> ir.Table:
    """Return every country beside the owner that shares a case with it."""
    joined = of_cases.select("work_id", "side").inner_join(of.countries, "work_id")
    return joined.filter(joined.country != joined.side).select("country").distinct()


def _placed(of_cases: ir.Table, of: Past) -> ir.Table:
    """Return cases by the cells that they count in."""
    kept = of_cases.select(
        "case_id", "work_id", "register", "definition_id", "year", "side", "top_10", "u"
    )
    others = of.countries.select("work_id", partner_id="country")
    by_partner = kept.inner_join(others, "work_id")
    beside = by_partner.filter(by_partner.partner_id != by_partner.side)
    every = kept.mutate(partner_id=ibis.literal(ALL))
    with_partner = every.union(beside.select(*every.columns))
    by_year = with_partner.mutate(
        period=with_partner.year.cast("string"), field_id=ibis.literal(ALL)
    )
    by_field = every.inner_join(fields_of_works(of), "work_id")
    told = by_field.filter(by_field.field_id != ALL).mutate(period=ibis.literal(ALL))
    whole = with_partner.mutate(period=ibis.literal(ALL), field_id=ibis.literal(ALL))
    names = [*CELL, "case_id", "top_10", "u"]
    return by_year.select(*names).union(whole.select(*names)).union(told.select(*names))


def _outputs(own: ir.Table, of: Past) -> ir.Table:
    """Return what countries have written, by the cells that works count in."""
    listed = own.mutate(partner_id=own.country)
    in_fields = listed.inner_join(fields_of_works(of), "work_id")
    by_field = in_fields.mutate(period=ibis.literal(ALL))
    by_year = listed.mutate(field_id=ibis.literal(ALL), period=listed.year.cast("string"))
    names = [*CELL, "is_international", "is_undecided", "top_10"]
    every = by_field.select(*names).union(by_year.select(*names))
    return every.group_by(*CELL).agg(
        output=every.count(),
        international=every.count(where=every.is_international),
        undecided=every.count(where=every.is_undecided),
        top_10=every.top_10.sum(),
    )


def _named(outputs: ir.Table, side: str) -> ir.Table:
    """Give what a side has written the side's name."""
    kept = [name for name in outputs.columns if name in CELL]
    measured = {f"{side}_{name}": outputs[name] for name in outputs.columns if name not in CELL}
    return outputs.select(*kept, **measured)


def _shares(both: ir.Table) -> ir.Table:
    """Return what counts are of either side's own; of nothing there is no share."""
    n_known = both.n_most - both.n_undecided
    filled = both.mutate(
        **{
            name: both[name].fill_null(0)
            for name in both.columns
            if name.startswith(("owner_", "partner_"))
            and name not in CELL
            and not name.endswith("_top_10")
        }
    )
    shares: dict[str, ir.FloatingValue] = {}
    for side, most, top_most, undecided in (
        ("owner", both.n_most, both.top_most, both.n_undecided),
        ("partner", n_known, both.top_most_known, ibis.literal(0)),
    ):
        output, known = filled[f"{side}_output"], filled[f"{side}_international"]
        perhaps, top = filled[f"{side}_undecided"], filled[f"{side}_top_10"]
        shares |= {
            f"{side}_share_least": _ratio(both.n_least, output),
            f"{side}_share_most": _ratio(most, output),
            f"{side}_international_share_least": _ratio(both.n_least, known + perhaps),
            f"{side}_international_share_most": _ratio(most, known + undecided),
            f"{side}_top_10_share_least": _ratio(both.top_least, top),
            f"{side}_top_10_share_most": _ratio(top_most, top),
        }
    return filled.mutate(**shares)


def _ratio(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    return part.cast("float64") / whole.cast("float64").nullif(0.0)
