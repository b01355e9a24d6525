"""The first panel: which registers are here, from when, how complete."""

from __future__ import annotations

from fourseas.reports.panel import (
    Panel,
)
from fourseas.workspace import Workspace


def integrate(ws: Workspace) -> Panel:
    """Say which registers are in the lake, from when, and how complete they are."""
    registers = ws.table("registers").order_by("register").to_pandas()
    works = ws.table("works")
    counts = (
        works.group_by("register")
        .agg(
            works=works.count(),
            placed=(works.country_set_id > 0).sum(),
            open_ended=(works.n_authors_unknown > 0).sum(),
            truncated=works.is_authors_truncated.sum(),
            conflicts=works.n_country_conflicts.sum(),
            impossible=works.is_year_impossible.sum(),
        )
        .to_pandas()
        .set_index("register")
    )
    references = ws.table("unresolved_citations").to_pandas().set_index("register")
    rows = []
    for row in registers.itertuples():
        has_works = row.register in counts.index
        found = counts.loc[row.register] if has_works else None
        rows.append(
            (
                row.title,
                row.snapshot_on,
                row.scope,
                f"{row.n_records:,}",
                f"{found.works:,}" if found is not None else "published figures",
                f"{found.placed / found.works:.0%}" if found is not None else "-",
                (
                    f"{references.loc[row.register].n_resolved:,} of "
                    f"{references.loc[row.register].n_references:,}"
                    if row.register in references.index
                    else "-"
                ),
                row.licence,
            )
        )
    lost = [
        f"{name}: {found.open_ended:,} works have an author without a known country, "
        f"{found.truncated:,} a list of authors that was cut off, {found.impossible:,} an "
        f"impossible year; countries of {found.conflicts:,} authors disagree."
        for name, found in counts.iterrows()
    ]
    return Panel(
        name="Integrate",
        question="What is there, from when, and how complete?",
        header=(
            "register",
            "snapshot",
            "scope",
            "records",
            "works",
            "with a country",
            "references that lead to a work here",
            "licence",
        ),
        rows=tuple(rows),
        text=(
            (
                "One lake holds all registers under one numbering of works, people and "
                "organisations. "
                "Figures that others publish stand beside works and are never mixed with them. "
                "Names of people are not kept."
            ),
            *lost,
        ),
    )
