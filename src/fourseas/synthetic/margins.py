"""The sizes of real registers that a synthetic world keeps to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fourseas.synthetic.draws import Floats, Integers
from fourseas.synthetic.planted import Planted

ROUNDS = 200
"""Rounds of balancing; margins then hold to 1e-6 and better."""

CLOSABLE, CLOSABLE_FIELDS = 20, 5
"""Of so many of the greatest pairs and fields, one is closed."""

LEVELS_SINCE = 2011
SMALLEST_LEVEL, GREATEST_LEVEL = 0.2, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Countries, years and topics by size, and the expected works of each cell and year.

    Attributes
    ----------
    countries
        Codes, in order.
    latitudes, longitudes
        Of their capitals.
    years
        In order.
    year_weights
        Works of each year.
    firsts, seconds
        The cells: a country by itself (twice), and each pair, as places in `countries`.
    cell_weights
        Expected works by year and cell.
    mass
        Joint works of each country by year: what third countries are drawn by.
    levels
        Share among the world's 1% most cited, by the world's.
    topics
        Rows of topic, subfield, field and domain, as ids and names.
    fields
        Place of each topic's field among `field_ids`.
    field_ids
        Ids of fields, in order.
    closed_pair, closed_field
        Places in `countries`, and in `field_ids`, that work together no more.
    """

    countries: tuple[str, ...]
    latitudes: Floats
    longitudes: Floats
    years: Integers
    year_weights: Floats
    firsts: Integers
    seconds: Integers
    cell_weights: Floats
    mass: Floats
    levels: Floats
    topics: pd.DataFrame
    fields: Integers
    field_ids: tuple[str, ...]
    closed_pair: tuple[int, int]
    closed_field: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """Tables of the registers that sizes are taken from, as they are embedded."""

    matrix: pd.DataFrame
    output: pd.DataFrame
    top_1: pd.DataFrame
    countries: pd.DataFrame
    distances: pd.DataFrame
    topics: pd.DataFrame


def margins(of: Registers, planted: Planted, seed: int) -> Margins:
    """Return the sizes of a world."""
    known = set(of.distances.country_code_a) & set(of.countries.iso2)
    diagonal = of.matrix[(of.matrix.a == of.matrix.b) & of.matrix.a.isin(known)]
    mass = diagonal.pivot_table(index="year", columns="a", values="works", fill_value=0.0)
    codes = tuple(str(code) for code in mass.columns)
    years = mass.index.to_numpy(dtype=np.int64)
    totals = mass.to_numpy(dtype=np.float64)
    places = of.countries.set_index("iso2").loc[list(codes)]
    levels = _levels(of.top_1, codes)
    first, second = np.triu_indices(len(codes), k=1)
    pairs = _pairs(of.distances, codes, planted)
    rivals = _rivals(levels, planted)
    joint = np.stack(
        [
            _balanced(pairs + (rivals if year >= planted.rivalry_from else 0.0), row)[first, second]
            for year, row in zip(years, totals, strict=True)
        ]
    )
    share = planted.international
    domestic = _output(of.output, codes, years)
    domestic *= (joint.sum(axis=1) * (1 - share) / share / domestic.sum(axis=1))[:, None]
    own = np.arange(len(codes))
    topics = of.topics.sort_values("id").reset_index(drop=True)
    field_ids = tuple(sorted(topics.field_id.unique()))
    fields = topics.field_id.map({one: i for i, one in enumerate(field_ids)}).to_numpy(np.int64)
    weights = np.concatenate([domestic, joint], axis=1)
    return Margins(
        countries=codes,
        latitudes=places.lat.to_numpy(dtype=np.float64),
        longitudes=places.lon.to_numpy(dtype=np.float64),
        years=years,
        year_weights=weights.sum(axis=1),
        firsts=np.concatenate([own, first]).astype(np.int64),
        seconds=np.concatenate([own, second]).astype(np.int64),
        cell_weights=weights,
        mass=totals,
        levels=levels,
        topics=topics,
        fields=fields,
        field_ids=field_ids,
        closed_pair=_closed_pair(joint[-1], (first, second), seed),
        closed_field=_closed_field(fields, seed),
    )


def _levels(top_1: pd.DataFrame, codes: tuple[str, ...]) -> np.ndarray:
    """Return each country's part in the top 1%, in percent; 1, the world's, where there is none."""
    known = top_1[
        (top_1.field == "all") & (top_1.counting == "fractional") & (top_1.year >= LEVELS_SINCE)
    ]
    means = known.groupby("country_code").share_in_top_1_percent.mean()
    found = means.reindex(list(codes)).fillna(1.0).clip(SMALLEST_LEVEL, GREATEST_LEVEL)
    return found.to_numpy(dtype=np.float64)


def _pairs(distances: pd.DataFrame, codes: tuple[str, ...], planted: Planted) -> np.ndarray:
    """Return the logarithm of what distance, border and language make of each pair."""
    table = {
        name: distances.pivot_table(index="country_code_a", columns="country_code_b", values=name)
        .reindex(index=list(codes), columns=list(codes))
        .to_numpy(dtype=np.float64)
        for name in ("dist", "contig", "comlang_off")
    }
    effect = planted.log_distance * np.log(np.maximum(table["dist"], 1.0))
    effect += planted.border * table["contig"] + planted.language * table["comlang_off"]
    found: np.ndarray = np.nan_to_num(effect, nan=float(np.nanmean(effect)))
    return found


def _rivals(levels: np.ndarray, planted: Planted) -> np.ndarray:
    """Return the effect of rivalry on each pair."""
    greater = np.maximum.outer(levels, levels)
    is_close = np.abs(np.subtract.outer(levels, levels)) < planted.close * greater
    is_high = np.minimum.outer(levels, levels) >= planted.high
    found: np.ndarray = np.where(is_close & is_high, planted.rivalry, 0.0)
    return found


def _balanced(effect: np.ndarray, totals: np.ndarray) -> np.ndarray:
    r"""Return expected joint works whose rows add up to what each country has.

    .. math:: \lambda_{ij} = a_i a_j \exp(effect_{ij}), \quad \sum_{j \ne i} \lambda_{ij} = m_i

    by the symmetric scaling :math:`a_i \leftarrow \sqrt{a_i m_i / \sum_j a_j K_{ij}}`.
    """
    kernel = np.exp(effect)
    np.fill_diagonal(kernel, 0.0)
    scale = np.sqrt(totals / max(totals.sum(), 1.0))
    for _ in range(ROUNDS):
        reached = kernel @ scale
        scale = np.sqrt(scale * np.divide(totals, reached, where=reached > 0, out=0 * totals))
    balanced: np.ndarray = scale[:, None] * kernel * scale[None, :]
    return balanced


def _output(output: pd.DataFrame, codes: tuple[str, ...], years: Integers) -> np.ndarray:
    """Return the fractional output of countries; of years without figures that of the nearest."""
    known = output[(output.field == "all") & (output.counting == "fractional")]
    wide = known.pivot_table(index="year", columns="country_code", values="articles")
    wide = wide.reindex(columns=list(codes)).fillna(0.0) + 1.0
    nearest = np.clip(years, wide.index.min(), wide.index.max())
    return wide.loc[nearest].to_numpy(dtype=np.float64)


def _closed_pair(
    joint: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], seed: int
) -> tuple[int, int]:
    """Choose by the seed one of the twenty pairs with the most joint works."""
    most = np.argsort(-joint)[:CLOSABLE]
    chosen = int(most[seed % CLOSABLE])
    return int(pairs[0][chosen]), int(pairs[1][chosen])


def _closed_field(fields: Integers, seed: int) -> int:
    """Choose by the seed one of the five fields with the most topics."""
    most = np.argsort(-np.bincount(fields), kind="stable")[:CLOSABLE_FIELDS]
    return int(most[seed % CLOSABLE_FIELDS])
