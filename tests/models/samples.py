"""Data sets that others have published with their results, as the designs of our regressions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from fourseas.models.regression import Design
from fourseas.models.separation import Floats, Integers

SAMPLES = Path(__file__).parents[1] / "samples"


def codes(*columns: pd.Series[str] | pd.Series[int]) -> Integers:
    """Return a number for each different combination of columns."""
    joined = pd.Series(["/".join(map(str, row)) for row in zip(*columns, strict=True)])
    return np.unique(joined, return_inverse=True)[1].astype(np.int64)


def numbers(table: pd.DataFrame, *names: str) -> dict[str, Floats]:
    """Return columns as numbers."""
    return {name: table[name].to_numpy(dtype=np.float64) for name in names}


def trade(*, at_home: bool) -> pd.DataFrame:
    """Return the panel of the Advanced Guide: 2006 with trade at home, or all years without."""
    panel = pd.read_parquet(SAMPLES / "tradepolicy" / "gravity_panel.parquet")
    is_abroad = panel.exporter != panel.importer
    kept = panel[panel.year == 2006] if at_home else panel[is_abroad]
    found: pd.DataFrame = kept.assign(
        log_distance=np.log(kept.DIST), border=(kept.exporter != kept.importer).astype(float)
    ).reset_index(drop=True)
    return found


def trade_of_2006(*regressors: str) -> Design:
    """Return the design of trade in 2006, with trade at home."""
    table = trade(at_home=True)
    return Design(
        outcome=table.trade.to_numpy(dtype=np.float64),
        regressors=numbers(table, *regressors),
        effects={"exporter": codes(table.exporter), "importer": codes(table.importer)},
    )
