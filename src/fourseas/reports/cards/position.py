"""The card at the centre: where a country stands against each partner, and in each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.indicators.position import (
    AHEAD,
    BEHIND,
    CLOSE,
    CLOSE_AND_HIGH,
    CLOSE_BY,
    STANDARDS_YEARS,
)
from fourseas.reports import figures
from fourseas.reports.cards.card import Card, Picture, Sheet
from fourseas.reports.cards.headlines import DEFAULTS, OF_PAIRS, slices
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.cards.schemes import by_one_scheme, summed_over_most
from fourseas.reports.panel import ALL_FIELDS, Heading, Reading
from fourseas.reports.rows import rows
from fourseas.reports.wording import Wording, wording
from fourseas.schema.cells import ALL
from fourseas.selection import Slice
from fourseas.workspace import Workspace

STANDARDS_REGISTERS = ("rfc", "3gpp")

STANDINGS_KNOWN = Slice(
    indicator="position",
    columns=(
        *("register", "unit_id", "partner_id", "scheme", "field_id", "year", "level_measure"),
        *("level", "partner_level", "level_low", "level_high", "p_scored", "partner_p_scored"),
        *("weight_in_top", "partner_weight_in_top", "level_gap", "standing"),
        *("cites_partner", "cited_by_partner"),
        *("standards_share", "partner_standards_share", "standards_coverage"),
    ),
    among=(("definition_id", DEFAULTS),),
    known=("standing",),
)
STANDINGS_BY_YEAR = replace(STANDINGS_KNOWN, order=("unit_id", "year"))
"""The same for a card that shows one year of a country with all partners."""

OF_PARTNERS = slices(OF_PAIRS)
"""What a card reads of positions, and of joint works and gains, over all fields together."""

REGISTER_YEARS = ("register", "year")
FIELD_YEARS = (*REGISTER_YEARS, "field_id")
"""What a card chooses by of what there is: it shows one year of one register."""

STANDINGS = (AHEAD, CLOSE_AND_HIGH, CLOSE_BY, BEHIND)

FLOWS = (
    "Relative citation index: the share of a country's citations that go to the other by the "
    "other's share of works; 1 where none is preferred. Countries cite themselves most, so that "
    "most pairs are below 1."
)
PARTNERS = (
    Heading("partner_name", "partner"),
    Heading("standing", "it is"),
    Heading("partner_level", "level", "finer_share"),
    Heading("gap", "gap", "points"),
    Heading("partner_p_scored", "works", "count"),
    Heading("partner_weight_in_top", "of top", "share"),
    Heading("cites_partner", "cites it", "ratio"),
    Heading("cited_by_partner", "it cites", "ratio"),
    Heading("joint", "joint", "count"),
    Heading("collaboration_index", "index", "ratio"),
    Heading("may_gain", "may gain", "ratio"),
    Heading("may_give", "may give", "ratio"),
    Heading("partner_standards_share", "of RFCs", "finer_share"),
    Heading("partner_3gpp_share", "of 3GPP", "finer_share"),
)

STANDING = (
    f"A partner is ahead or behind where levels differ by more than {CLOSE:.0%} of the greater, "
    "close and high where they do not and both are above the world's; the thresholds are ours."
)
GAINS = (
    "May gain: over fields, what the country has little of (1 less its activity index) times what "
    "the partner is strong in (its activity index less 1, times its level by the world's); may "
    "give: the same from the partner's side. They have no unit, are ours, and show where to look."
)
FEW_IN_TOP = 5.0
"""Works among the most cited, fewer than which a level hangs on one or two."""
NAMED = 3
"""Partners that are named of those that may gain or give most."""

FEWEST_ROWS_DRAWN = 2
ROW_HEIGHT = 19
CAPTION_HEIGHT = 60


def position_card(
    ws: Workspace,
    country: str,
    *,
    field: str = ALL,
    year: int | None = None,
    against: Sequence[str] = (),
) -> Card:
    """Return where a country stands in a field, against each partner.

    Levels are of the last year for which the lake has them, or of the year that is asked for;
    joint works of the last year for which their register counts them, which the card names.

    Raises
    ------
    UnknownNameError
        For a country or field that is not known.
    NotComputableError
        Where no position of the country is known; says for which it is.
    """
    words = wording(ws)
    (unit,) = ws.unit_ids([country])
    fields = ws.field_ids([field])
    chosen = [unit_id for unit_id in ws.unit_ids(against) if unit_id != unit]
    if against and not chosen:
        question = f"The position of {country} against {', '.join(against)}"
        raise NotComputableError.because(
            question,
            "that is the country itself",
            "Name other countries with --against, or leave it out for all.",
        )
    there, every = ws.of_chosen(
        STANDINGS_BY_YEAR, [unit], FIELD_YEARS, lambda known: _told(known, year, fields)
    )
    found = by_one_scheme(every, fields)
    of_field = found[found.field_id.isin(fields)]
    if chosen:
        of_field = of_field[of_field.partner_id.isin(chosen)]
    if of_field.empty:
        raise _nothing(ws, there[there.field_id.isin(fields)], asked=(unit, field, year, against))
    first = of_field.iloc[0]
    joined = of_field
    of_3gpp = _of_3gpp(ws, int(first.year))
    for beside in (_joint(ws, unit, str(first.register)), _gains(ws, first), of_3gpp):
        joined = joined.merge(beside, how="left", on="partner_id")
    if joined.partner_3gpp_share.notna().any():
        # Where rapporteurs of those years are known, a country without one has a part of 0.
        joined["partner_3gpp_share"] = joined.partner_3gpp_share.fillna(0.0)
    by_level = joined.assign(
        gap=joined.level_gap,
        partner_name=joined.partner_id.map(words.countries).fillna(joined.partner_id),
        rank=joined.standing.map({name: i for i, name in enumerate(STANDINGS)}),
    ).sort_values(["rank", "partner_level", "partner_id"], ascending=[True, False, True])
    name = words.countries.get(unit, unit)
    title = words.fields.get(fields[0], field)
    return Card(
        title=f"Position of {name}: {title.lower()}, {int(first.year)}",
        lead=(*_lead(by_level, first, name), *_rules(first, of_3gpp)),
        pictures=_picture(found, chosen, words, name),
        sheets=(
            Sheet(
                name="partners",
                title=f"Partners of {name}, those ahead first.",
                headings=PARTNERS,
                rows=rows(by_level[[heading.field for heading in PARTNERS]]),
                reading=_reading_of_partners(by_level, first, words),
            ),
            _by_field(found, chosen, words, name),
        ),
        sources=sources(ws, sorted({str(first.register), *STANDARDS_REGISTERS})),
        citation=citation(ws),
    )


def _told(known: pd.DataFrame, year: int | None, fields: Sequence[str]) -> pd.DataFrame:
    """Return the register and the year in which levels of a country are told."""
    all_fields = told_in_most(known, year)
    if known[known.field_id.isin(fields)].merge(all_fields).empty:
        # A small field may have had its last levels years before.
        return told_in_most(known[known.field_id.isin(fields)], year)
    return all_fields


def told_in_most(known: pd.DataFrame, year: int | None = None) -> pd.DataFrame:
    """Return the register that has most rows in a year, or else in its own last year, and the year.

    Parameters
    ----------
    known
        How many rows, `n`, each register has in a field and year.
    """
    last = known[known.year == (year or known.groupby("register").year.transform("max"))]
    sizes = last.groupby(["register", "year"])[["n"]].sum().reset_index()
    return sizes.nlargest(1, "n")[["register", "year"]]


def _joint(ws: Workspace, unit: str, register: str) -> pd.DataFrame:
    """Return joint works over all fields in the last year in which they are counted."""
    _, last = ws.of_chosen(
        OF_PARTNERS["affinity"],
        [unit],
        REGISTER_YEARS,
        lambda there: told_in_most(there[there.register == register]),
    )
    named = last.rename(columns={"year": "joint_year", "p": "joint"})
    joint: pd.DataFrame = named[
        ["partner_id", "collaboration_index", "artifact", "joint_year", "joint"]
    ]
    return joint


def _gains(ws: Workspace, first: pd.Series[Any]) -> pd.DataFrame:
    """Return what the country may gain from each partner and give to it, over all fields."""
    _, of_year = ws.of_chosen(
        OF_PARTNERS["complementarity"],
        [str(first.unit_id)],
        REGISTER_YEARS,
        lambda there: told_in_most(there[there.register == first.register], int(first.year)),
    )
    pairs = summed_over_most(of_year)
    renamed = pairs.rename(columns={"gain": "may_gain", "partner_gain": "may_give"})
    gains: pd.DataFrame = renamed[["partner_id", "may_gain", "may_give"]]
    return gains


def _of_3gpp(ws: Workspace, year: int) -> pd.DataFrame:
    """Return each country's part of the rapporteurs of 3GPP in the years up to one."""
    table = ws.table("rule_making")
    written = table.filter(
        (table.register == "3gpp")
        & (table.scheme == ALL)
        & (table.unit_type == "country")
        & (table.year == year)
        & (table.years == STANDARDS_YEARS)
    )
    found: pd.DataFrame = written.select(
        partner_id=written.unit_id, partner_3gpp_share=written.participation
    ).to_pandas()
    return found


def _lead(partners: pd.DataFrame, first: pd.Series[Any], name: str) -> tuple[str, ...]:
    """Say the level of the country and how many partners stand where."""
    measure = {"top_1": "1%", "top_10": "10%"}[str(first.level_measure)]
    counts = partners.standing.value_counts()
    listed = ", ".join(f"{counts.get(standing, 0)} {standing}" for standing in STANDINGS)
    interval = ""
    if pd.notna(first.level_low):
        interval = f" (95% interval {first.level_low:.2%} to {first.level_high:.2%})"
    own = (
        f"{first.level:.2%} of the works of {name} are among the world's {measure} most cited"
        f"{interval}; they are {first.weight_in_top:.1%} of all such works."
    )
    n_top = float(first.level * first.p_scored)
    if n_top < FEW_IN_TOP:
        own += f" They are {n_top:.1f} works: too few to tell its level from that of others."
    lines = [own, f"Of {len(partners)} partners with a known level: {listed}."]
    told = partners[partners.may_gain.notna()]
    if len(told) > NAMED:
        gain, give = (
            ", ".join(told.nlargest(NAMED, column).partner_name)
            for column in ("may_gain", "may_give")
        )
        lines.append(
            f"By the fields that it has little of and partners are strong in, {name} may gain most "
            f"from {gain}, and give most to {give}: places to look, not forecasts."
        )
    return tuple(lines)


def _rules(first: pd.Series[Any], of_3gpp: pd.DataFrame) -> tuple[str, ...]:
    """Say what part of writing standards is the country's own."""
    lines = []
    if pd.notna(first.standards_share):
        lines.append(
            f"Of the authorship of RFCs in {_span(first)}, {first.standards_share:.2%} is "
            f"its own, among the {first.standards_coverage:.0%} of credit whose country is known."
        )
    if of_3gpp.partner_3gpp_share.notna().any():
        own = of_3gpp[of_3gpp.partner_id == first.unit_id].partner_3gpp_share.sum()
        lines.append(
            f"Of the rapporteurs of 3GPP specifications in {_span(first)}, {own:.2%} are "
            "of its companies by head office, among those whose employer's country is known."
        )
    return tuple(lines)


def _span(first: pd.Series[Any]) -> str:
    """Name the years over which standards are counted: those up to the year of the levels."""
    return f"{int(first.year) - STANDARDS_YEARS + 1}-{int(first.year)}"


def _reading_of_partners(partners: pd.DataFrame, first: pd.Series[Any], words: Wording) -> Reading:
    return Reading(
        definition=(
            f"Level: works among the world's most cited of field and year by all works. {STANDING} "
            "Gap: its level less the country's, in percentage points. Works: those of its level; "
            "of fewer than a few hundred it is a matter of a handful of works. Of top: its part of "
            f"all the world's most cited works. {FLOWS} Joint works, and the index of "
            "collaboration (1 where the partner is chosen as by the world), are of all fields "
            f"together{_when(partners)}. {GAINS} Of RFCs, of 3GPP: its part of their authorship, "
            f"and of the rapporteurs of specifications, in {_span(first)}, among those "
            f"whose country is known.{_artifacts(partners)}"
        ),
        counting="Levels and authorship fractional; joint works full.",
        source=words.sources[str(first.register)],
        n=f"{len(partners)} partners; {first.p_scored:,.0f} works of the country, fractional.",
        bounds=(
            "None: the figures come without the records that an interval needs; small fields "
            "move much from year to year."
            if pd.isna(first.level_low)
            else "95% stability intervals of levels are in the data of `fourseas show position`."
        ),
        coverage="What the source indexes; partners for which it publishes flows or joint works. "
        "A dash is not published.",
    )


def _artifacts(partners: pd.DataFrame) -> str:
    """Name the partners whose joint works may be those of a fault of the register."""
    marked = partners[partners.artifact.notna()]
    told = "; ".join(f"{row.partner_name}: {row.artifact}" for row in marked.itertuples())
    return f" To be read with care: {told}." if told else ""


def _picture(
    found: pd.DataFrame, chosen: list[str], words: Wording, name: str
) -> tuple[Picture, ...]:
    """Return partners by field, colored by flow against expectation, with their standing."""
    kept = found[found.partner_id.isin(chosen)] if chosen else found
    drawn = kept[kept.cites_partner.notna()]
    if len(drawn) < FEWEST_ROWS_DRAWN:
        return ()
    named = drawn.assign(
        country_name=name,
        partner_name=drawn.partner_id.map(words.countries).fillna(drawn.partner_id),
        field_name=drawn.field_id.map(words.fields).fillna(drawn.field_id),
        rci=drawn.cites_partner,
        back=drawn.cited_by_partner,
        own=drawn.level,
        theirs=drawn.partner_level,
    )
    overall = named[named.field_id == ALL] if (named.field_id == ALL).any() else named
    partners = overall.sort_values("theirs", ascending=False).partner_name.unique().tolist()
    others = sorted(set(named.field_name) - {ALL_FIELDS})
    fields = [*({*named.field_name} & {ALL_FIELDS}), *others]
    columns = ["unit_id", "partner_id", "country_name", "partner_name", "field_name"]
    columns += ["field_id", "rci", "back", "own", "theirs", "standing"]
    spec = figures.flows_by_field(rows(named[columns]), fields, partners) | {
        "params": [{"name": one, "value": str(drawn.unit_id.iloc[0])} for one in ("a", "b")],
        "height": ROW_HEIGHT * len(partners) + CAPTION_HEIGHT,
    }
    return (
        Picture(
            name="matrix",
            title=f"Whom {name} cites more, and less, than output leads to expect, by field.",
            spec=spec,
            reading=Reading(
                definition=f"{FLOWS} Partners in the order of their level in all fields together, "
                "the highest first. ▲ the partner is ahead of the country in the field; ◆ close to "
                "it and both high; no sign, close or behind.",
                counting="Fractional.",
                source=words.sources[str(drawn.register.iloc[0])],
                n=f"{len(partners)} partners, {len(fields)} fields, {int(drawn.year.iloc[0])}.",
                bounds="None published; small fields move much from year to year.",
                coverage="An empty cell is a level or a flow that is not published. "
                "`fourseas show position --out FILE.csv` writes every cell.",
            ),
        ),
    )


def _when(partners: pd.DataFrame) -> str:
    """Return the year of joint works where it is not that of the levels."""
    years = partners.joint_year.dropna()
    return f", {int(years.max())}" if len(years) else ", and not counted in this register"


def _by_field(found: pd.DataFrame, chosen: list[str], words: Wording, name: str) -> Sheet:
    """Return the country's level in each field, and how many partners stand where."""
    kept = found[found.partner_id.isin(chosen)] if chosen else found
    counts = pd.crosstab(kept.field_id, kept.standing).reindex(
        columns=list(STANDINGS), fill_value=0
    )
    own = kept.groupby("field_id").first()[["level", "weight_in_top", "p_scored"]]
    table = own.join(counts).reset_index()
    table["field_name"] = table.field_id.map(words.fields).fillna(table.field_id)
    table = table.sort_values("level", ascending=False)
    headings = (
        Heading("field_name", "field"),
        Heading("p_scored", "works", "count"),
        Heading("level", "level", "finer_share"),
        Heading("weight_in_top", "of top", "share"),
        *(Heading(standing, standing, "count") for standing in STANDINGS),
    )
    first = found.iloc[0]
    return Sheet(
        name="fields",
        title=f"Fields of {name}, the highest level first.",
        headings=headings,
        rows=rows(table[[heading.field for heading in headings]]),
        reading=Reading(
            definition="As above, field by field; so many partners are ahead, close and so on.",
            counting="Fractional.",
            source=words.sources[str(first.register)],
            n=f"{len(table)} fields, {int(first.year)}.",
            bounds="As above.",
            coverage="Partners whose level is known in the field.",
        ),
    )


def _nothing(
    ws: Workspace, own: pd.DataFrame, *, asked: tuple[str, str, int | None, Sequence[str]]
) -> NotComputableError:
    """Say in which years a position of the country in a field is known, or else that of others."""
    unit, field, year, against = asked
    told = own
    if own.empty:
        others = ws.once("years of standings", lambda: _years(ws))
        told = others[others.field_id.isin(ws.field_ids([field]))]
    listed = "; ".join(
        f"{register} in {_spans(years)}" for register, years in told.groupby("register").year
    )
    of_field = "all fields" if field == ALL else field
    when = f", {year}" if year is not None else ""
    who = f" against {', '.join(against)}" if against else ""
    return NotComputableError.because(
        f"The position of {unit} in {of_field}{when}{who}",
        "no level of it and a partner is known there",
        f"There is{', of other countries' if own.empty else ''}: {listed}. "
        f"`fourseas country {unit}` shows what is known of it."
        if listed
        else "Add a register that is a census.",
    )


def _years(ws: Workspace) -> pd.DataFrame:
    """Return in which fields and years each register knows a position of any country."""
    known = ws.in_slice(STANDINGS_BY_YEAR)
    found: pd.DataFrame = known.select("register", "field_id", "year").distinct().to_pandas()
    return found


def _spans(years: pd.Series[Any]) -> str:
    """Return years as spans: 2003, 2005-2009."""
    ordered = sorted({int(year) for year in years})
    firsts = [year for year in ordered if year - 1 not in ordered]
    lasts = [year for year in ordered if year + 1 not in ordered]
    return ", ".join(
        f"{first}" if first == last else f"{first}-{last}"
        for first, last in zip(firsts, lasts, strict=True)
    )
