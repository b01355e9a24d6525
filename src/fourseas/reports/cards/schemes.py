"""Fields of one scheme: those of several overlap, and do not stand in one table or chart."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fourseas.schema.cells import ALL
from fourseas.schema.works import OVERLAPPING_SCHEMES


def by_one_scheme(found: pd.DataFrame, field_ids: Sequence[str] = ()) -> pd.DataFrame:
    """Return rows over all fields together, and those of fields of one scheme.

    It is the scheme of a field that is asked for, or else that of most fields whose fields divide
    works; where none does, that of most.

    Parameters
    ----------
    found
        Rows of one register and definition, with `scheme` and `field_id`.
    field_ids
        Fields that are asked for.
    """
    of_fields = found[found.scheme != ALL]
    asked = of_fields[of_fields.field_id.isin(field_ids)]
    n_fields = (of_fields if asked.empty else asked).groupby("scheme").field_id.nunique()
    schemes = sorted(
        n_fields.items(), key=lambda one: (one[0] in OVERLAPPING_SCHEMES, -one[1], str(one[0]))
    )
    chosen: pd.DataFrame = found[found.scheme.isin([ALL, *(name for name, _ in schemes[:1])])]
    return chosen


def summed_over_most(found: pd.DataFrame) -> pd.DataFrame:
    """Return sums over the fields of one scheme in each register: of that with most fields.

    Sums over others do not compare with them.

    Parameters
    ----------
    found
        Rows over all fields of a scheme, with `register`, `scheme` and `n_fields`.
    """
    sizes = found[["register", "scheme", "n_fields"]].drop_duplicates()
    ordered = sizes.sort_values(["n_fields", "scheme"], ascending=[False, True])
    kept = ordered.drop_duplicates("register")[["register", "scheme"]]
    chosen: pd.DataFrame = found.merge(kept, on=["register", "scheme"])
    return chosen
