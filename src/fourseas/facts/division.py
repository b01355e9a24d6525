"""How a work and its leads are divided among the units of its authors."""

from __future__ import annotations

import ibis.expr.types as ir

from fourseas.schema.cells import ROLES


def divided_works(addresses: ir.Table, authorships: ir.Table, unit: str) -> ir.Table:
    """Return shares, authors and leads by work and unit of the addresses.

    ``shares`` are the sum of the parts that authors have in the unit, in authors. The first,
    last and corresponding authorship of a work are one lead each, divided equally over several
    corresponding authors and over an author's units as the addresses are. A lead counts only
    where every author who holds it has a known unit.

    Parameters
    ----------
    addresses
        ``work_id``, ``position``, ``share`` and the column `unit`, never null.
    authorships
        `AUTHORSHIPS`.
    unit
        Name of the column that units stand in.
    """
    placed = addresses.group_by("work_id", "position", unit).agg(share=addresses.share.sum())
    author_totals = placed.group_by("work_id", "position").agg(author_share=placed.share.sum())
    roles = authorships.select(
        "work_id",
        "position",
        "is_first",
        "is_last",
        is_corresponding=authorships.is_corresponding.fill_null(False),
    )
    holders = roles.left_join(author_totals, ["work_id", "position"])
    is_unplaced = holders.author_share.isnull()
    held = holders.group_by("work_id").agg(
        n_first=holders.is_first.sum(),
        n_last=holders.is_last.sum(),
        n_corresponding=holders.is_corresponding.sum(),
        n_first_unplaced=(holders.is_first & is_unplaced).sum(),
        n_last_unplaced=(holders.is_last & is_unplaced).sum(),
        n_corresponding_unplaced=(holders.is_corresponding & is_unplaced).sum(),
    )
    authors = (
        placed.inner_join(author_totals, ["work_id", "position"])
        .inner_join(roles, ["work_id", "position"])
        .inner_join(held, "work_id")
    )
    part = authors.share / authors.author_share

    def lead(role: str) -> ir.FloatingValue:
        is_counted = authors[f"is_{role}"] & (authors[f"n_{role}_unplaced"] == 0)
        return is_counted.ifelse(part / authors[f"n_{role}"].cast("float64"), 0.0)

    parts = authors.select(
        "work_id", unit, share=authors.share, **{role: lead(role) for role in ROLES}
    )
    return parts.group_by("work_id", unit).agg(
        shares=parts.share.sum(),
        n_authors_here=parts.count(),
        **{role: parts[role].sum() for role in ROLES},
    )
