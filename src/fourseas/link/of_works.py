"""Which rows of a staged table are of works, and of which."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

PART = ("register", "part_key")


def of_works(staged: ir.Table, work_records: ir.Table) -> ir.Table:
    """Return the rows of a staged table that are of records that count, with `work_id`.

    Parts are numbered first: a table of hundreds of rows is looked up by the hash of a part, and
    one of all works by two numbers. Joined by the hashes themselves, of 64 signs, 27 million works
    did not fit 8 GB.
    """
    parts = work_records.select(*PART).distinct()
    by_part = ibis.window(order_by=[parts.register, parts.part_key])
    parts = parts.mutate(part=ibis.row_number().over(by_part).cast("int32"))
    counting = work_records.inner_join(parts, PART).select("part", "record", "work_id")
    return staged.inner_join(parts, PART).inner_join(counting, ("part", "record")).drop("part")
