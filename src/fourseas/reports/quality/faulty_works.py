"""How many works of each register have a fault, with the first of them as examples."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from fourseas.schema.table import Column, TableSpec, conform

EXAMPLES = 5
"""Works of each register and fault that are named, those with the lowest numbers."""


def faulty_works_named(name: str) -> TableSpec:
    """Return the declaration of a table of faults."""
    return TableSpec(
        name=name,
        grain="one row per register with works and fault, also where no work has it",
        key=("register", "fault"),
        columns=(
            Column("register", "string", "code", "The register."),
            Column("fault", "string", "category", "What is wrong."),
            Column("n_faulty", "int64", "works", "Works that have it."),
            Column("n", "int64", "works", "Works of the register."),
            Column("pp_faulty", "float64", "share", "n_faulty / n."),
            Column("examples", "string", "list", "The first of them.", nullable=True),
        ),
    )


def faulty_works(
    works: ir.Table, faulty: ir.Table, faults: Iterable[str], spec: TableSpec
) -> ir.Table:
    """Count faulty works by register and fault, and name the first of them.

    Parameters
    ----------
    works
        `WORKS`.
    faulty
        A row for each work that has a fault: ``work_id``, ``fault`` and ``note``, which is said
        after the label of an example; an empty text for nothing.
    faults
        All faults that were looked for, so that none found is told as 0.
    spec
        The declaration of the table.
    """
    sizes = works.group_by("register").agg(n=works.count())
    asked = ibis.union(
        *(sizes.mutate(fault=ibis.literal(fault), place=i) for i, fault in enumerate(faults))
    )
    labeled = faulty.inner_join(works.select("work_id", "register", "work_label"), "work_id")
    counts = labeled.group_by("register", "fault").agg(n_faulty=labeled.count())
    place = ibis.row_number().over(
        ibis.window(group_by=["register", "fault"], order_by=[labeled.work_id, labeled.note])
    )
    numbered = labeled.mutate(number=place)
    first = numbered.filter(numbered.number < EXAMPLES)
    told = first.mutate(example=first.work_label.concat(first.note))
    examples = told.group_by("register", "fault").agg(
        examples=told.example.group_concat(sep=", ", order_by=told.number)
    )
    key = ["register", "fault"]
    counted = asked.left_join(counts, key).drop("register_right", "fault_right")
    joined = counted.left_join(examples, key)
    n_faulty = joined.n_faulty.fill_null(0)
    ordered = joined.order_by("register", "place")
    return conform(
        ordered.mutate(
            n_faulty=n_faulty,
            pp_faulty=n_faulty.cast("float64") / joined.n.cast("float64").nullif(0.0),
        ),
        spec,
    )
