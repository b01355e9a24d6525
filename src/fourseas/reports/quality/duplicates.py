"""Works that are in a register more than once: the same DOI, or the same title, year and author."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.reports.quality.faulty_works import faulty_works, faulty_works_named
from fourseas.reports.quality.section import Section
from fourseas.schema.works import AUTHORSHIPS, SAME_WORKS, WORK_RECORDS, WORK_TITLES, WORKS

NO_LETTERS = r"[^\p{L}\p{N}]+"

SAME_NUMBER = "several records of one number"
SAME_DOI = "DOI of an earlier work"
SAME_TITLE = "title, year and first author of an earlier work"
LEAST_LETTERS = {SAME_DOI: 1, SAME_TITLE: 20}
"""Shorter titles, such as "Editorial" or "Introduction", are those of many works."""

DUPLICATES = faulty_works_named("duplicates")


def duplicates(
    works: ir.Table,
    work_records: ir.Table,
    work_titles: ir.Table,
    authorships: ir.Table,
    same_works: ir.Table,
) -> ir.Table:
    """Count works that stand for another one of their register.

    Of works that share a DOI, or a title, year and first author, the one with the lowest number
    is not counted, so that the count is of works that would go if each stood once.
    """
    again = work_records.filter(work_records.n_records > 1)
    faulty = ibis.union(
        again.select("work_id", fault=ibis.literal(SAME_NUMBER), note=ibis.literal("")),
        _later(works, _of_one_doi(works, same_works), ["register", "doi"], SAME_DOI),
        _later(works, _of_one_title(works, work_titles, authorships), ONE_TITLE, SAME_TITLE),
    )
    return faulty_works(works, faulty, (SAME_NUMBER, SAME_DOI, SAME_TITLE), DUPLICATES)


ONE_AUTHOR = ["person_id", "year"]
ONE_TITLE = ["register", *ONE_AUTHOR, "key"]


def _of_one_doi(works: ir.Table, same_works: ir.Table) -> ir.Table:
    """Return works whose DOI others may have too: those that are one with others by any rule."""
    known = works.filter(works.doi.notnull())
    return known.semi_join(same_works, "work_id")


def _of_one_title(works: ir.Table, work_titles: ir.Table, authorships: ir.Table) -> ir.Table:
    """Return works of first authors with several in a year, with their titles' letters.

    Titles are read only of these: most works are their first author's only one of the year.
    """
    first = authorships.filter((authorships.position == 1) & authorships.person_id.notnull())
    dated = works.filter(works.year.notnull()).select("work_id", "register", "year")
    led = first.select("work_id", "person_id").inner_join(dated, "work_id")
    sizes = led.group_by(*ONE_AUTHOR).agg(n_led=led.count())
    several = led.semi_join(sizes.filter(sizes.n_led > 1), ONE_AUTHOR)
    titled = several.inner_join(work_titles, "work_id")
    return titled.mutate(key=titled.title.lower().re_replace(NO_LETTERS, " ").strip())


def _later(works: ir.Table, alike: ir.Table, key: list[str], fault: str) -> ir.Table:
    """Return works that are not the first of their key, with the one that is.

    How long a key is is asked of groups: asked of rows, the engine would write the letters of all
    titles of the lake before it looked whose they are.
    """
    text = alike[key[-1]]
    firsts = alike.group_by(*key).agg(
        first_id=alike.work_id.min(), n_same=alike.count(), n_letters=text.length().min()
    )
    shared = firsts.filter((firsts.n_same > 1) & (firsts.n_letters >= LEAST_LETTERS[fault]))
    later = alike.select("work_id", *key).inner_join(shared, key)
    later = later.filter(later.work_id != later.first_id).select("work_id", "first_id")
    named = works.select(first_id=works.work_id, first_label=works.work_label)
    joined = later.inner_join(named.semi_join(later, "first_id"), "first_id")
    return joined.select(
        "work_id",
        fault=ibis.literal(fault),
        note=ibis.literal(" = ").concat(joined.first_label),
    )


SECTION = Section(
    title="Works that stand more than once in a register.",
    compute=duplicates,
    reads=(WORKS, WORK_RECORDS, WORK_TITLES, AUTHORSHIPS, SAME_WORKS),
    writes=DUPLICATES,
    definition="Several records of one number: the last changed counts, so that it is one work. "
    "Same DOI; or same year, first author and letters of the title, if it has "
    f"{LEAST_LETTERS[SAME_TITLE]} or more, whatever case and punctuation. The first of each "
    "group is not counted; a work may have both faults.",
    base="All works of the register.",
    coverage="Works of two registers, works without a known first author, and titles that are "
    "spelled otherwise are not compared.",
    remedy="Look at the examples: a correction, a translation and a revised standard bear one "
    "title with reason. Works with one DOI are counted twice; report them to the register.",
)
