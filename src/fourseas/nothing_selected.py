"""Why an indicator has no row of what was selected, and what there is of it."""

from __future__ import annotations

from collections.abc import Collection

import ibis.expr.types as ir

from fourseas.errors import NotComputableError
from fourseas.selection import Selection

TOLD_OF = ("register", "definition_id", "year", "unit_type", "unit_id", "counting")
"""Columns of an indicator that tell what there is, as far as it has them."""


def nothing_selected(
    every: ir.Table, selection: Selection, groups: Collection[str], *, are_pairs: bool
) -> NotComputableError:
    """Say that nothing was selected and what could be.

    Parameters
    ----------
    every
        The whole indicator, by `TOLD_OF`.
    groups
        The groups of countries among what was asked for.
    are_pairs
        Whether its rows are of pairs of countries.
    """
    units = every.unit_id if "unit_id" in every.columns else every.unit_type
    present = (
        every.group_by("register", "definition_id")
        .agg(first=every.year.min(), last=every.year.max(), units=units.nunique())
        .order_by("register", "definition_id")
        .to_pyarrow()
        .to_pylist()
    )
    listed = "; ".join(
        f"{row['register']} by {row['definition_id']}, {row['first']}-{row['last']}, "
        f"{row['units']} unit{'s' * (row['units'] > 1)}"
        for row in present
    )
    there = f"There is: {listed}." if listed else "Add a register that it can be computed from."
    about_groups = _about_groups(every, selection, are_pairs=are_pairs) if groups else ""
    return NotComputableError.because(
        f"{selection.indicator} for this selection",
        "no row of it is in the lake",
        there + _about_counting(every, selection) + about_groups,
    )


def _about_counting(every: ir.Table, selection: Selection) -> str:
    """Say how works are counted where that is not as it was asked for."""
    there = every.select("counting").distinct().to_pyarrow()["counting"].to_pylist()
    if not there or selection.counting in (None, *there):
        return ""
    return f" It is counted there {', '.join(sorted(there))}, not {selection.counting}."


def _about_groups(every: ir.Table, selection: Selection, *, are_pairs: bool) -> str:
    """Say of which groups there are rows where one was asked for that has none."""
    if are_pairs:
        return " Pairs are of countries alone: name members of the group."
    of_register = every.filter(every.unit_type == "group")
    if selection.register is not None:
        of_register = of_register.filter(of_register.register == selection.register)
    names = of_register.select("unit_id").distinct().to_pyarrow()["unit_id"].to_pylist()
    listed = ", ".join(sorted(str(name) for name in names))
    return f" Groups with rows there: {listed}." if listed else " No group has rows there."
