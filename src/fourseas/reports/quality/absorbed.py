"""Works that took over the authors of their references: cliques that nobody collaborated in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.reports.quality.faulty_works import faulty_works, faulty_works_named
from fourseas.reports.quality.section import Section
from fourseas.schema.works import AUTHORSHIPS, CITATIONS, WORKS

LEAST_AUTHORS = 10
LEAST_REFERENCES = 3
MOST = 0.5

ABSORBED = "authors of its references"
ABSORBED_AUTHORS = faulty_works_named("absorbed_authors")


def absorbed_authors(works: ir.Table, authorships: ir.Table, citations: ir.Table) -> ir.Table:
    r"""Count works whose author list holds most of the authors of what they cite.

    .. math:: |A_w \cap R_w| \ge |R_w| / 2, \qquad |R_w| \ge \tfrac12 \sum_{v \in refs(w)} |A_v|

    where :math:`A` are the persons of a work and :math:`R_w` those of its references. The second
    condition leaves out large collaborations, whose references have the same authors each time.
    """
    long = works.filter(works.n_authors >= LEAST_AUTHORS).select("work_id")
    known = authorships.filter(authorships.person_id.notnull()).select("work_id", "person_id")
    own = known.semi_join(long, "work_id")
    references = citations.semi_join(long, citations.citing_work_id == long.work_id)
    listed = references.inner_join(known, references.cited_work_id == known.work_id).select(
        "cited_work_id", "person_id", work_id=references.citing_work_id
    )
    met = listed.semi_join(own, ["work_id", "person_id"])
    shares = met.group_by("work_id").agg(n_shared=met.person_id.nunique())
    # Of few works enough persons are met for the conditions to be looked at.
    shares = shares.filter(shares.n_shared >= MOST * LEAST_AUTHORS)
    places = listed.semi_join(shares, "work_id").distinct()
    sizes = places.group_by("work_id").agg(
        n_references=places.cited_work_id.nunique(),
        n_places=places.count(),
        n_persons=places.person_id.nunique(),
    )
    joined = sizes.inner_join(shares, "work_id")
    found = joined.filter(
        (joined.n_references >= LEAST_REFERENCES)
        & (joined.n_persons >= LEAST_AUTHORS)
        & (joined.n_persons >= MOST * joined.n_places)
        & (joined.n_shared >= MOST * joined.n_persons)
    )
    note = ibis.literal(" (").concat(
        found.n_shared.cast("string"), " of ", found.n_persons.cast("string"), ")"
    )
    faulty = found.select("work_id", fault=ibis.literal(ABSORBED), note=note)
    return faulty_works(works, faulty, (ABSORBED,), ABSORBED_AUTHORS)


SECTION = Section(
    title="Works whose authors are those of their references.",
    compute=absorbed_authors,
    reads=(WORKS, AUTHORSHIPS, CITATIONS),
    writes=ABSORBED_AUTHORS,
    definition=f"Works with {LEAST_AUTHORS} authors or more that cite {LEAST_REFERENCES} or more "
    f"works here with {LEAST_AUTHORS} persons or more together, at least half of whom are among "
    "its own authors. Where the references repeat the same authors, as those of a large "
    "collaboration do, it is not told. Examples: persons in common of all those cited.",
    base="All works of the register.",
    coverage="References to works outside the lake, and authors without a number, are not seen.",
    remedy="Read the work: reports and handbooks were given the authors of what they cite. Each "
    "joins all their countries in one false work; leave it out and report it.",
)
