"""Author lists that are cut off or missing, and authors of implausibly many countries."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.reports.quality.faulty_works import faulty_works, faulty_works_named
from fourseas.reports.quality.section import Section
from fourseas.schema.works import AUTHORSHIPS, WORKS

MANY_COUNTRIES = 5
"""Countries from which an author has implausibly many on one work."""

CUT_OFF = "author list cut off"
NO_AUTHORS = "no author"
OF_MANY_COUNTRIES = f"an author of {MANY_COUNTRIES} countries or more"
AUTHOR_FAULTS = faulty_works_named("author_faults")


def author_faults(works: ir.Table, authorships: ir.Table) -> ir.Table:
    """Count works whose authors are not all there, or are in too many places."""
    widespread = authorships.filter(authorships.n_countries >= MANY_COUNTRIES)
    faulty = ibis.union(
        *(
            table.select("work_id", fault=ibis.literal(fault), note=ibis.literal(""))
            for fault, table in (
                (CUT_OFF, works.filter(works.is_authors_truncated)),
                (NO_AUTHORS, works.filter(works.n_authors == 0)),
                (OF_MANY_COUNTRIES, widespread.select("work_id").distinct()),
            )
        )
    )
    return faulty_works(works, faulty, (CUT_OFF, NO_AUTHORS, OF_MANY_COUNTRIES), AUTHOR_FAULTS)


SECTION = Section(
    title="Author lists that are cut off, missing or spread over too many countries.",
    compute=author_faults,
    reads=(WORKS, AUTHORSHIPS),
    writes=AUTHOR_FAULTS,
    definition="Cut off: the register says so, or names some of the authors alone. Of "
    f"{MANY_COUNTRIES} countries or more: one author has addresses in so many on one work.",
    base="All works of the register.",
    coverage="A list that was cut off without a word is not seen.",
    remedy="Countries of a cut list are too few: read such works in full, or leave out their "
    "fields. Authors in many countries are often several affiliation strings read as one.",
)
