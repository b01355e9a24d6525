"""Rivalry in joint works by field, as a card, in a lake that counts them by field."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from fourseas.errors import NotComputableError
from fourseas.facts.counted_works import countries_of_works
from fourseas.facts.universe import universe
from fourseas.models.joint_rivalry import CLOSENESS, JointFlows, JointRivalry, joint_rivalry
from fourseas.models.rivalry import LevelMeasure
from fourseas.models.separation import Floats, Integers
from fourseas.models.ties import LEAST_WORKS, PROFILE_LAGS, proximity
from fourseas.reports.cards.card import Card, Sheet
from fourseas.reports.cards.provenance import citation, sources
from fourseas.reports.panel import Heading, Reading
from fourseas.reports.wording import wording
from fourseas.schema.cells import ALL, SITE_SCHEME
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.works import OVERLAPPING_SCHEMES
from fourseas.workspace import Workspace

FIELD_SCHEME = "_field"
"""What the name of a division into fields ends in."""

OUTCOME_YEARS = 3
"""Years up to the last complete one whose joint works are explained."""

MEASURES: dict[LevelMeasure, str] = {
    "share": "share of its works in the world's top 10%",
    "volume": "number of its works in the world's top 10%",
}
QUESTION = "Rivalry in joint works"
ASKED = "Do countries work together less in fields where both are strong and close?"
NO_EFFECT = (
    "An association and no effect: what is not written together may not be wanted, and no rule is "
    "seen."
)
HEADINGS = (
    Heading("level", "level is the"),
    Heading("close", "closeness is of"),
    Heading("interaction", "closeness x lower level", "effect"),
    Heading("se", "standard error", "finer_ratio"),
    Heading("low", "95% interval from", "effect"),
    Heading("high", "to", "effect"),
    Heading("closeness", "closeness", "effect"),
    Heading("n", "cells", "count"),
    Heading("n_pairs", "pairs", "count"),
    Heading("n_left_out", "cells left out", "count"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPlace:
    """Where joint works are counted by field: register, definition, scheme and last year."""

    register: str
    definition: Definition
    scheme: str
    last: int

    @property
    def outcome(self) -> tuple[int, int]:
        """Years whose joint works are explained."""
        return self.last - OUTCOME_YEARS + 1, self.last

    @property
    def before(self) -> tuple[int, int]:
        """Years of levels and topics."""
        first, last = PROFILE_LAGS
        return self.last - first, self.last - last


def field_place(ws: Workspace) -> FieldPlace:
    """Return where a lake counts joint works by field and has levels of countries there.

    Raises
    ------
    NotComputableError
        Where it does so nowhere; it says what the registers of pairs lack.
    """
    defaults = {one.definition_id: one for one in DEFINITIONS if one.is_default}
    pairs, cells = ws.table("pair_cells"), ws.table("unit_cells")
    is_field = [ALL, SITE_SCHEME, *OVERLAPPING_SCHEMES]
    of_pairs = pairs.filter(
        (pairs.unit_type == "country")
        & pairs.scheme.notin(is_field)
        & pairs.definition_id.isin(list(defaults))
    )
    of_cells = cells.filter(
        (cells.unit_type == "country")
        & (cells.scope == "census")
        & (cells.credit_scored > 0)
        & cells.top_10_frac.notnull()
    )
    key = ["register", "definition_id", "scheme"]
    levels = of_cells.select(*key).distinct()
    found: pd.DataFrame = (
        of_pairs.semi_join(levels, key)
        .group_by(*key)
        .agg(works=lambda t: t.p.sum())
        .order_by(ibis.desc("works"), "scheme")
        .to_pandas()
    )
    if found.empty:
        registers = sorted({*of_pairs.register.to_pandas()})
        whole = sorted({*pairs.register.to_pandas()} - {*registers})
        reason = "no census of this lake counts joint works of countries by field with levels there"
        parts = [
            *([f"{', '.join(whole)} all fields together alone"] if whole else []),
            *([f"{', '.join(registers)} without a census or levels"] if registers else []),
        ]
        raise NotComputableError.because(
            QUESTION,
            reason + (f" ({'; '.join(parts)})" if parts else ""),
            "Take a lake of the works of a census, such as OpenAlex.",
        )
    # Domains are few and topics have nothing below them: of several divisions take that of fields.
    of_fields = found[found.scheme.str.endswith(FIELD_SCHEME)]
    best = (found if of_fields.empty else of_fields).iloc[0]
    register = str(best.register)
    registers_table = ws.table("registers")
    complete = registers_table.filter(registers_table.register == register).to_pyarrow()
    chosen = of_pairs.filter(
        (of_pairs.register == register) & (of_pairs.scheme == str(best.scheme))
    )
    last = complete["last_complete_year"][0].as_py() or chosen.year.max().to_pyarrow().as_py()
    return FieldPlace(
        register=register,
        definition=defaults[str(best.definition_id)],
        scheme=str(best.scheme),
        last=int(last),
    )


def joint_rivalry_card(ws: Workspace) -> Card:
    """Return how joint works go with closeness where both are strong.

    Raises
    ------
    NotComputableError
        Where no register counts joint works by field with levels, or there are too few.
    """
    return _card(ws, *joint_estimates(ws))


def joint_estimates(ws: Workspace) -> tuple[FieldPlace, JointRivalry]:
    """Return the estimates, and where they are from; refuses as the card does."""
    at = field_place(ws)
    return at, joint_rivalry(_flows(ws, at))


def _flows(ws: Workspace, at: FieldPlace) -> JointFlows:
    """Return joint works of all pairs and fields with the levels and topics of before."""
    pairs = _of_place(ws.table("pair_cells"), at)
    recent = pairs.filter(pairs.year.between(*at.outcome))
    joint: pd.DataFrame = (
        recent.group_by("unit_id", "partner_id", "field_id").agg(works=recent.p.sum()).to_pandas()
    )
    if joint.empty:
        first, last = at.outcome
        reason = f"{at.register} has no joint works of {first}-{last}"
        raise NotComputableError.because(QUESTION, reason, "Take a lake with later works.")
    countries, fields = sorted({*joint.unit_id}), sorted({*joint.field_id})
    n, n_fields = len(countries), len(fields)
    square = np.zeros((n, n, n_fields))
    where = [
        part.map({name: i for i, name in enumerate(names)}).to_numpy()
        for part, names in (
            (joint.unit_id, countries),
            (joint.partner_id, countries),
            (joint.field_id, fields),
        )
    ]
    square[where[0], where[1], where[2]] = joint.works.to_numpy(np.float64)
    unit, partner, field = np.nonzero(
        np.broadcast_to(square.sum(axis=2, keepdims=True) > 0, square.shape)
    )
    near = closeness_of_topics(ws, at, countries, fields)
    return JointFlows(
        unit=unit.astype(np.int64),
        partner=partner.astype(np.int64),
        field=field.astype(np.int64),
        works=square[unit, partner, field],
        level=_levels(ws, at, countries, fields),
        topics=None if near is None else near[unit, partner, field],
    )


def _of_place(cells: ir.Table, at: FieldPlace) -> ir.Table:
    return cells.filter(
        (cells.unit_type == "country")
        & (cells.register == at.register)
        & (cells.definition_id == at.definition.definition_id)
        & (cells.scheme == at.scheme)
    )


def _levels(
    ws: Workspace, at: FieldPlace, countries: list[str], fields: list[str]
) -> dict[LevelMeasure, Floats]:
    """Return levels of the years before; NaN of a country with few works in the field."""
    cells = _of_place(ws.table("unit_cells"), at)
    years = cells.filter(cells.year.between(*at.before))
    sums: pd.DataFrame = (
        years.group_by("unit_id", "field_id")
        .agg(
            credit=years.credit_scored.sum(),
            top=years.top_10_frac.sum(),
        )
        .to_pandas()
    )
    known = sums[sums.credit >= LEAST_WORKS]
    places = pd.MultiIndex.from_product([countries, fields])

    def filled(values: pd.Series[float]) -> Floats:
        of = pd.Series(values.to_numpy(), pd.MultiIndex.from_frame(known[["unit_id", "field_id"]]))
        square: Floats = np.full((len(countries), len(fields)), np.nan)
        square[:] = of.reindex(places).to_numpy(np.float64).reshape(square.shape)
        return square

    return {"share": filled(known.top / known.credit), "volume": filled(known.top)}


def closeness_of_topics(
    ws: Workspace,
    at: FieldPlace,
    countries: list[str],
    fields: list[str],
    *,
    least: float = LEAST_WORKS,
) -> Floats | None:
    """Return closeness of topics by pair and field; null where no scheme lies below.

    Shape (countries, countries, fields); NaN where a country has fewer than `least` works left.
    """
    named = ws.table("fields")
    children = named.filter(named.parent_id.notnull()).to_pandas()
    below = children[children.parent_id.isin(fields)]
    finer = below[below.scheme != at.scheme]
    if finer.empty:
        return None
    scheme = str(finer.scheme.mode().iloc[0])
    parents = finer[finer.scheme == scheme].set_index("field_id").parent_id.to_dict()
    works = universe(ws.table("works"), at.definition)
    chosen = works.filter((works.register == at.register) & works.year.between(*at.before))
    divided = ws.table("work_fields")
    topics = divided.filter(divided.scheme == scheme).inner_join(
        chosen.select("work_id"), "work_id"
    )
    placed = countries_of_works(ws.table("work_countries"), at.definition)
    ours = topics.inner_join(placed, "work_id").select(
        "work_id", "field_id", "weight", "unit_id", "credit"
    )
    theirs = placed.select("work_id", partner_id=placed.unit_id)
    own: pd.DataFrame = (
        ours.group_by("unit_id", "field_id")
        .agg(credit=(ours.weight * ours.credit).sum())
        .to_pandas()
    )
    both = ours.inner_join(theirs, "work_id")
    apart = both.filter(both.unit_id != both.partner_id)
    joint: pd.DataFrame = (
        apart.group_by("unit_id", "partner_id", "field_id")
        .agg(credit=(apart.weight * apart.credit).sum())
        .to_pandas()
    )
    n = len(countries)
    found = np.full((n, n, len(fields)), np.nan)
    for number, field in enumerate(fields):
        within = sorted(topic for topic, parent in parents.items() if parent == field)
        if not within:
            continue
        rows, pairs = own[own.field_id.isin(within)], joint[joint.field_id.isin(within)]
        credit = _filled(rows, ("unit_id", "field_id"), (countries, within))
        shared = _filled(
            pairs, ("unit_id", "partner_id", "field_id"), (countries, countries, within)
        )
        found[:, :, number] = proximity(credit, shared, least=least)
    return found


def _filled(rows: pd.DataFrame, names: tuple[str, ...], levels: tuple[list[str], ...]) -> Floats:
    """Return credit as an array, 0 where there is no row."""
    filled = np.zeros(tuple(len(level) for level in levels))
    known = rows[
        np.logical_and.reduce([rows[n].isin(of) for n, of in zip(names, levels, strict=True)])
    ]
    where: tuple[Integers, ...] = tuple(
        known[name].map({value: i for i, value in enumerate(level)}).to_numpy(np.int64)
        for name, level in zip(names, levels, strict=True)
    )
    filled[where] = known.credit.to_numpy(np.float64)
    return filled


def _card(ws: Workspace, at: FieldPlace, found: JointRivalry) -> Card:
    below = [row for row in found.rows if row.interaction.high < 0]
    first, last = at.outcome
    from_year, to_year = at.before
    said = "all" if len(below) == len(found.rows) else "none" if not below else str(len(below))
    reading = Reading(
        definition=(
            "E[C_ijf] = exp(b1 near_ijf + b2 low_ijf + b3 near_ijf low_ijf + g_ij + a_if + b_jf), "
            f"by Poisson pseudo maximum likelihood. Joint works of {first}-{last}; levels and "
            f"topics of {from_year}-{to_year}. Level: percentile within the field. Closeness: "
            f"1 - |difference of levels|, or the cosine of works by what lies below {at.scheme}, "
            "without what the two wrote together; low = the lower level, both less their means."
        ),
        counting="Joint works full; levels and topics fractional.",
        source=wording(ws).sources[at.register],
        n=f"{found.rows[0].n:,} cells of {found.rows[0].n_pairs:,} pairs in the first row.",
        bounds="95% intervals by Student's t, errors clustered by unordered pair.",
        coverage=(
            f"Pairs with any joint work in these years, and countries with {LEAST_WORKS:g} "
            "fractional works in the field before. "
            + " ".join(f"Not testable here, because {why}." for why in found.untested)
            + " Not done: other windows of years, random levels, leaving out pairs."
        ),
    )
    return Card(
        title=f"Rivalry in joint works, {first}-{last}",
        lead=(
            f"{ASKED} Of {len(found.rows)} estimates {said} are below 0 with their whole interval.",
            *(f"Not testable here, because {why}." for why in found.untested),
            NO_EFFECT,
        ),
        sheets=(
            Sheet(
                name="estimates",
                title="Below 0, strong and close countries work together less.",
                headings=HEADINGS,
                rows=[
                    {
                        "level": MEASURES[row.measure],
                        "close": CLOSENESS[row.close],
                        "interaction": row.interaction.estimate,
                        "se": row.interaction.se,
                        "low": row.interaction.low,
                        "high": row.interaction.high,
                        "closeness": row.closeness.estimate,
                        "n": row.n,
                        "n_pairs": row.n_pairs,
                        "n_left_out": row.n_left_out,
                    }
                    for row in found.rows
                ],
                reading=reading,
            ),
        ),
        sources=sources(ws, [at.register]),
        citation=citation(ws),
    )
