"""Balance of benefit: what joint works add to each side beyond its own, and how evenly."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from fourseas.indicators.coverage import (
    IS_PROVISIONAL,
    NOT_COMPUTABLE,
    PLACE_KEY,
    is_incomplete,
    why_not_relative,
)
from fourseas.indicators.stability import WeightedMean, difference_interval, sum_of_squares
from fourseas.schema.cells import CELL_KEY, PAIR_CELLS, PLACE, PROVENANCE, UNIT, UNIT_CELLS
from fourseas.schema.step import OF_FIELD, Indicator
from fourseas.schema.table import ROUNDING, Column, TableSpec, conform, extend
from fourseas.schema.works import REGISTERS

YEARS = 5
"""Joint works of so many years up to that of the row: of one year there are few."""

FEWEST = 30
"""Of fewer joint works the intervals alone are told."""

WIN_WIN, BOTH, ONE_SIDED, NEITHER = "win-win", "both gain", "one-sided", "neither gains"

SUMS = ("n_scored", "credit_scored", "credit2_scored", "ncs_frac", "ncs_cross", "ncs_frac2")
"""What a weighted mean and its interval are told by."""

CLASSES = ("domestic", "international")
"""Classes of a unit's works that joint works are compared with, or with what is left of."""

COMPARED = ("joint", "domestic", "other")
"""Works with the partner, works at home, and works with others but not with the partner."""

GAIN = ("gain", "gain_low", "gain_high")


def _with_ends(name: str, meaning: str) -> tuple[Column, ...]:
    """Return the column of a difference and those of its interval."""
    return (
        Column(name, "float64", "difference", meaning, nullable=True),
        Column(f"{name}_low", "float64", "difference", "Stability interval.", nullable=True),
        Column(f"{name}_high", "float64", "difference", "Stability interval.", nullable=True),
    )


BENEFIT_BALANCE = TableSpec(
    name="benefit_balance",
    grain="one row per ordered pair of countries, field, five years and definition with scores",
    key=PAIR_CELLS.key,
    columns=(
        *PROVENANCE,
        *UNIT,
        Column("partner_id", "string", "code", "The other country."),
        *PLACE[:-1],
        Column("year", "int16", "year", "Last of the five years that are summed."),
        Column("counting", "string", "category", "fractional; joint works are counted full."),
        Column("p", "float64", "works", "Joint works of five years (full counting)."),
        Column("p_scored", "float64", "works", "Of these, with an impact score."),
        Column("volume", "float64", "credit", "Credit of the unit in these."),
        *(
            Column(f"mncs_{name}", "float64", "index", meaning, nullable=True)
            for name, meaning in (
                ("joint", "Mean normalised citation score of the joint works."),
                ("domestic", "Of the unit's domestic works."),
                ("other", "Of its international works without the partner."),
            )
        ),
        *_with_ends("uplift", "mncs_joint - mncs_domestic."),
        *_with_ends("uplift_other", "mncs_joint - mncs_other."),
        *_with_ends("gain", "volume x uplift: normalised citations beyond its own level."),
        *_with_ends("partner_gain", "The same of the partner."),
        Column(
            "balance",
            "float64",
            "share",
            "Lesser by greater of both gains; null where one is not positive.",
            nullable=True,
        ),
        Column(
            "benefit",
            "string",
            "category",
            "win-win (both intervals above 0), both gain, one-sided, or neither gains.",
            nullable=True,
        ),
        Column(
            "is_win_win",
            "boolean",
            "flag",
            "The intervals of both gains are above 0.",
            nullable=True,
        ),
        IS_PROVISIONAL,
        NOT_COMPUTABLE,
    ),
)


def benefit_balance(pair_cells: ir.Table, unit_cells: ir.Table, registers: ir.Table) -> ir.Table:
    r"""Set the gains of both sides of a pair beside each other.

    With :math:`J` the joint works of *i* and *j* in five years, :math:`D` the domestic works
    of *i* in them, and :math:`a_{iw}` its author-fractional credit:

    .. math:: \bar y_i(X) = \frac{\sum_X a_{iw} NCS_w}{\sum_X a_{iw}}, \qquad
              U_{ij} = \bar y_i(J) - \bar y_i(D), \qquad
              G_{ij} = U_{ij} \sum_J a_{iw}, \qquad
              B_{ij} = \frac{\min(G_{ij}, G_{ji})}{\max(G_{ij}, G_{ji})}

    A gain is in normalised citation scores: what the joint works brought the unit beyond as
    much work at its own level. The second uplift is against its other international works,
    since these are cited more wherever they are written. Scores are normalised by field and
    year, so that years may be summed. Intervals are by the delta method over the unit's works,
    the volume being what it was.

    Of fewer than 30 joint works with a score the intervals alone are shown. What is not
    cited is not seen: access, data, training, and what the works are good for.

    Parameters
    ----------
    pair_cells, unit_cells
        `PAIR_CELLS` and `UNIT_CELLS`.
    registers
        `REGISTERS`, for the last complete year.

    Returns
    -------
    ir.Table
        `BENEFIT_BALANCE`: pairs of registers that score works. `balance` is 1 where both gain
        alike, and runs down to 0.

    References
    ----------
    The definition is ours. Waltman & van Eck (2015), Journal of Informetrics 9(4), 872-894,
    for the weighted mean.
    """
    key = list(PAIR_CELLS.key)
    scored = pair_cells.filter(pair_cells.n_scored.notnull())
    joint = _of_years(scored, key, ("p", *SUMS)).semi_join(unit_cells, list(PLACE_KEY))
    compared = joint.rename({f"joint_{name}": name for name in SUMS})
    of_classes = unit_cells.filter(unit_cells.collaboration_class.isin(CLASSES))
    # Beside each other, so that cells are read once.
    sided = of_classes.select(
        *CELL_KEY,
        **{
            f"{one}_{name}": ibis.ifelse(
                of_classes.collaboration_class == one, of_classes[name], ibis.null("float64")
            )
            for one in CLASSES
            for name in SUMS
        },
    )
    sums = _of_years(sided, CELL_KEY, [f"{one}_{name}" for one in CLASSES for name in SUMS])
    compared = extend(compared, sums, CELL_KEY)
    gains = _gains(_means(compared))
    turned = {"unit_id": "partner_id", "partner_id": "unit_id"}
    of_partner = gains.select(
        **{name: gains[turned.get(name, name)] for name in key},
        **{f"partner_{name}": gains[name] for name in GAIN},
    )
    judged = _judged(extend(gains, of_partner, key))
    dated = extend(judged, registers.select("register", "last_complete_year"), ["register"])
    is_provisional = is_incomplete(dated.year, dated.last_complete_year)
    return conform(dated.mutate(is_provisional=is_provisional), BENEFIT_BALANCE)


def _of_years(cells: ir.Table, key: Iterable[str], names: Iterable[str]) -> ir.Table:
    """Sum cells over the years up to each year."""
    shifted = cells.mutate(later=ibis.array(list(range(YEARS))).unnest())
    dated = shifted.mutate(year=(shifted.year + shifted.later).cast("int16"))
    return dated.group_by(*key).agg(**{name: dated[name].sum() for name in names})


def _means(sums: ir.Table) -> ir.Table:
    """Add the mean of each kind of works that are compared, and the sum of squares about it."""
    rest = {}
    for name in SUMS:
        left = sums[f"international_{name}"] - sums[f"joint_{name}"]
        # What is left of equal sums is rounding.
        is_left = left > sums[f"international_{name}"] * ROUNDING
        rest[f"other_{name}"] = ibis.ifelse(is_left, left, 0.0)
    divided = sums.mutate(**rest)
    means = divided.mutate(
        **{
            f"mncs_{name}": divided[f"{name}_ncs_frac"]
            / divided[f"{name}_credit_scored"].nullif(0.0)
            for name in COMPARED
        }
    )
    return means.mutate(
        **{
            f"{name}_deviation": sum_of_squares(
                means[f"mncs_{name}"],
                means[f"{name}_credit2_scored"],
                means[f"{name}_ncs_cross"],
                means[f"{name}_ncs_frac2"],
                left_of=means.international_ncs_frac2 if name == "other" else None,
            )
            for name in COMPARED
        }
    )


def _mean(means: ir.Table, name: str) -> WeightedMean:
    return WeightedMean(
        ratio=means[f"mncs_{name}"],
        weight=means[f"{name}_credit_scored"],
        weight2=means[f"{name}_credit2_scored"],
        deviation=means[f"{name}_deviation"],
    )


def _gains(means: ir.Table) -> ir.Table:
    """Add both uplifts of the unit and its gain, with intervals."""
    own = difference_interval(_mean(means, "joint"), _mean(means, "domestic"))
    other = difference_interval(_mean(means, "joint"), _mean(means, "other"))
    lifted = means.mutate(
        p_scored=means.joint_n_scored,
        volume=means.joint_credit_scored,
        uplift=means.mncs_joint - means.mncs_domestic,
        uplift_low=own.low,
        uplift_high=own.high,
        uplift_other=means.mncs_joint - means.mncs_other,
        uplift_other_low=other.low,
        uplift_other_high=other.high,
    )
    return lifted.mutate(
        **{gain: lifted.volume * lifted[gain.replace("gain", "uplift")] for gain in GAIN}
    )


def _judged(sides: ir.Table) -> ir.Table:
    """Say who gains; nothing over what is no census, and ranges alone of few works."""
    relative = why_not_relative(sides.scope)
    is_enough = sides.p_scored >= FEWEST
    own, theirs = sides.gain, sides.partner_gain
    has_both = own.notnull() & theirs.notnull() & is_enough & relative.isnull()
    is_sure = ((sides.gain_low > 0) & (sides.partner_gain_low > 0)).fill_null(False)
    do_both_gain = (own > 0) & (theirs > 0)
    ratio = ibis.ifelse(own < theirs, own / theirs.nullif(0.0), theirs / own.nullif(0.0))
    nothing = ibis.null("float64")
    differences = [c.name for c in BENEFIT_BALANCE.columns if c.unit == "difference"]
    shown = {
        name: relative.isnull() & (is_enough | name.endswith(("_low", "_high")))
        for name in differences
    }
    shown |= {f"mncs_{name}": relative.isnull() for name in ("domestic", "other")}
    shown["mncs_joint"] = relative.isnull() & is_enough
    return sides.mutate(
        counting=ibis.literal("fractional"),
        **{name: ibis.ifelse(is_shown, sides[name], nothing) for name, is_shown in shown.items()},
        balance=ibis.ifelse(has_both & do_both_gain, ratio, nothing),
        is_win_win=ibis.ifelse(has_both, is_sure, ibis.null("boolean")),
        benefit=ibis.cases(
            (~has_both, ibis.null("string")),
            (is_sure, WIN_WIN),
            (do_both_gain, BOTH),
            ((own > 0) | (theirs > 0), ONE_SIDED),
            else_=NEITHER,
        ),
        not_computable=ibis.cases(
            (relative.notnull(), relative),
            (~is_enough, f"fewer than {FEWEST} joint works have a score: ranges alone are shown"),
            (own.isnull(), "the country has no domestic work with a score in these years"),
            (theirs.isnull(), "the partner has no domestic work with a score in these years"),
            (~do_both_gain, "not both gain: there is no balance"),
            else_=ibis.null("string"),
        ),
    )


INDICATOR = Indicator(
    title="Balance of benefit",
    meaning="What joint works bring each side beyond its own level, and how evenly (ours).",
    formula="gain = credit x (MNCS of joint works - MNCS of domestic works); "
    "balance = lesser / greater gain",
    headline="balance",
    compute=benefit_balance,
    reads=(PAIR_CELLS, UNIT_CELLS, REGISTERS),
    writes=BENEFIT_BALANCE,
    apart=OF_FIELD,
    are_pairs_apart=True,
    source="https://doi.org/10.1016/j.joi.2015.08.001",
    caveats=(
        "The definition is ours; only the weighted mean is from the literature.",
        "Authors choose their partners; an uplift is a difference, not an effect of joint work.",
        "Works of many authors are cited more; compare uplift_other, against other joint works.",
        "Of a handful of joint works the intervals are too narrow.",
        "Gains are citations; access, data, training and use are not seen.",
        "Rows of neighboring years share most of their works.",
    ),
)
