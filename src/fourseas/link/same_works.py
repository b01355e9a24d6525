"""Records of several registers, or of several versions, that are of one work."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import SAME_WORKS, WORK_TITLES, WORKS

LEAST_LETTERS = 20
"""Shorter titles, such as "Editorial" or "Introduction", are those of many works."""

NO_LETTERS = r"[^\p{L}\p{N}]+"

PREPRINT = "preprint"
VERSION_OF_RECORD = ("article", "conference-paper", "book-chapter", "review", "letter")
YEARS_BETWEEN = 3
"""A version of record appears in the year of its preprint or up to so many later."""

TITLE = ("letters", "n_authors")


def same_works(works: ir.Table, work_titles: ir.Table) -> ir.Table:
    r"""Return the works that stand in the lake more than once, and which of them stands for all.

    Three rules, one after another; what a rule has joined is one work for the next.

    1. *doi*: one DOI. The least number of the lake stands for them.
    2. *title*: the letters and digits of the title (at least `LEAST_LETTERS`), year and number
       of authors are the same; each is of another register, and at most one DOI is among them.
    3. *version*: a preprint and one version of record with the same title and number of authors,
       which appeared in the same year or up to `YEARS_BETWEEN` later. The version of record
       stands for both. Where several could be meant, none is.

    Registers stay apart in every number: an indicator counts the works of one register, so that
    no work is counted twice. Records without a title in common, or with another number of
    authors, are not compared further.

    Works that share neither a DOI nor a title with any other are left out first, by a number made
    from either: few are left of a hundred million, and their texts alone are compared.

    Sources
    -------
    That preprint and article are one work whose versions are kept: OpenAlex, "Works", locations.
    """
    alike = _alike(works, work_titles)
    return joined(works.semi_join(alike, "work_id"), work_titles.semi_join(alike, "work_id"))


def _alike(works: ir.Table, work_titles: ir.Table) -> ir.Table:
    """Return works with whose DOI or title another agrees, by a number: all, and few besides."""
    known = works.filter(works.doi.notnull())
    lettered = _lettered(work_titles)
    return ibis.union(
        *(
            _sharing(table.select("work_id", number=text.hash()))
            for table, text in ((known, known.doi), (lettered, lettered.letters))
        )
    ).distinct()


def _sharing(numbered: ir.Table) -> ir.Table:
    """Return the works whose number is not theirs alone."""
    counted = numbered.group_by("number").agg(n_works=numbered.count())
    return numbered.semi_join(counted.filter(counted.n_works > 1), "number").select("work_id")


def joined(works: ir.Table, work_titles: ir.Table) -> ir.Table:
    """Return what `same_works` does, with all texts of all works compared."""
    shared = _by_doi(works)
    joined = works.select("work_id", "register", "doi", "kind", "year", "n_authors").left_join(
        shared, "work_id"
    )
    told = joined.mutate(by_doi=ibis.coalesce(joined.doi_id, joined.work_id)).drop("doi_id")
    titled = _titled(told.filter(told.by_doi == told.work_id), work_titles)
    joined = told.left_join(_twins(titled), "by_doi")
    twinned = joined.select("work_id", "register", "by_doi", "title_id")
    versions = _versions(titled)
    found = twinned.left_join(versions, twinned.by_doi == versions.preprint_id)
    by_rule = found.mutate(
        same_as=ibis.coalesce(found.record_id, found.title_id, found.by_doi).cast("int32"),
        reason=ibis.cases(
            (found.record_id.notnull(), "version"),
            (found.title_id.notnull() & (found.title_id != found.work_id), "title"),
            else_="doi",
        ),
    ).select("work_id", "register", "same_as", "reason")
    sizes = by_rule.group_by("same_as").agg(
        n_records=by_rule.count(), n_registers=by_rule.register.nunique()
    )
    several = by_rule.inner_join(sizes.filter(sizes.n_records > 1), "same_as")
    stands = several.work_id == several.same_as
    return conform(
        several.mutate(reason=ibis.ifelse(stands, "stands for all", several.reason)), SAME_WORKS
    )


def _by_doi(works: ir.Table) -> ir.Table:
    """Return works that share a DOI with others, with the least number among them."""
    known = works.filter(works.doi.notnull())
    firsts = known.group_by("doi").agg(doi_id=known.work_id.min(), n_same=known.count())
    shared = known.select("work_id", "doi").inner_join(firsts.filter(firsts.n_same > 1), "doi")
    return shared.select("work_id", "doi_id")


def _titled(told: ir.Table, work_titles: ir.Table) -> ir.Table:
    """Return works with a title that is long enough to be one work's own."""
    dated = told.filter(told.year.notnull() & (told.n_authors > 0))
    return dated.inner_join(_lettered(work_titles), "work_id")


def _lettered(work_titles: ir.Table) -> ir.Table:
    """Return the letters and digits of titles that have enough of them."""
    letters = work_titles.title.lower().re_replace(NO_LETTERS, "")
    lettered = work_titles.select("work_id", letters=letters)
    return lettered.filter(lettered.letters.length() >= LEAST_LETTERS)


def _twins(titled: ir.Table) -> ir.Table:
    """Return works of several registers with one title, and the first of them."""
    told = titled.mutate(is_preprint=titled.kind == PREPRINT)
    key = [*TITLE, "year", "is_preprint"]
    groups = told.group_by(*key).agg(
        title_id=told.work_id.min(),
        n_same=told.count(),
        n_registers=told.register.nunique(),
        n_dois=told.doi.nunique(),
    )
    one = groups.filter(
        (groups.n_same > 1) & (groups.n_same == groups.n_registers) & (groups.n_dois <= 1)
    )
    joined = told.inner_join(one, key)
    return joined.select("title_id", by_doi=joined.work_id)


def _versions(titled: ir.Table) -> ir.Table:
    """Return preprints with the one version of record that they may be of."""
    is_preprint = titled.kind == PREPRINT
    is_record = titled.kind.isin(VERSION_OF_RECORD)
    groups = titled.group_by(*TITLE).agg(
        n_preprints=is_preprint.sum(),
        n_others=(~is_preprint).sum(),
        n_of_record=is_record.sum(),
        preprint_id=titled.work_id.max(where=is_preprint),
        record_id=titled.work_id.max(where=is_record),
        preprint_year=titled.year.max(where=is_preprint),
        record_year=titled.year.max(where=is_record),
    )
    between = groups.record_year - groups.preprint_year
    one = groups.filter(
        (groups.n_preprints == 1)
        & (groups.n_others == 1)
        & (groups.n_of_record == 1)
        & between.between(0, YEARS_BETWEEN)
    )
    return one.select("preprint_id", "record_id")


STEP = Step(compute=same_works, reads=(WORKS, WORK_TITLES), writes=SAME_WORKS)
