"""Works that one version alone has, and works whose country, field or year is another."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from fourseas.schema.table import Column, TableSpec

KEY = ("register", "work_key")
EXAMPLES = 5
"""Works of each change that are named, those with the lowest numbers of their register."""

WORK_CHANGES = TableSpec(
    name="works",
    grain="one row per register and change",
    key=("register", "change"),
    columns=(
        Column("register", "string", "code", "The register."),
        Column(
            "change",
            "string",
            "category",
            "in both, appeared or disappeared; and of those in both: other countries, other "
            "fields, another year.",
        ),
        Column("n", "int64", "works", "Works; one may be in several rows."),
        Column(
            "examples",
            "string",
            "list",
            "The first of them by the register's numbers; null of those in both.",
            nullable=True,
        ),
    ),
)

IN_BOTH = "in both"
APPEARED, DISAPPEARED = "appeared", "disappeared"
OTHER_COUNTRIES, OTHER_FIELDS = "other countries", "other fields"
OTHER_YEAR = "another year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """Works of a version with what they are compared by: the tables of the lake."""

    works: ir.Table
    country_sets: ir.Table
    work_fields: ir.Table

    def described(self) -> ir.Table:
        """Return every work by the register's number, with label, year and countries as text."""
        sets = self.country_sets.select(
            "country_set_id", countries=self.country_sets.country_codes.join(" ")
        )
        of_works = self.works.inner_join(sets, "country_set_id")
        return of_works.select(*KEY, "work_label", "year", "countries")

    def fields(self) -> ir.Table:
        """Return the fields of every work by the register's number of it."""
        keys = self.works.select(*KEY, "work_id")
        return self.work_fields.inner_join(keys, "work_id").select(*KEY, "scheme", "field_id")


def work_changes(before: Works, after: Works) -> ir.Table:
    """Return a row for each work and change: register, number, label and what changed.

    A work is known by its register and the register's number of it. Countries are those of all
    its authors together; fields those of every scheme, whatever their weights. A work of which
    nothing changed has no row.
    """
    old, new = before.described(), after.described()
    joined = new.inner_join(old, list(KEY), rname="{name}_old")
    both = joined.select(*KEY, "work_label")
    is_other_year = ~joined.year.identical_to(joined.year_old)
    told = {
        APPEARED: new.anti_join(old, list(KEY)),
        DISAPPEARED: old.anti_join(new, list(KEY)),
        OTHER_COUNTRIES: joined.filter(joined.countries != joined.countries_old),
        OTHER_FIELDS: both.semi_join(_of_other_fields(before, after), list(KEY)),
        OTHER_YEAR: joined.filter(is_other_year),
    }
    return ibis.union(
        *(
            table.select(*KEY, "work_label", change=ibis.literal(change))
            for change, table in told.items()
        )
    )


def _of_other_fields(before: Works, after: Works) -> ir.Table:
    """Return the works that are in a field in one version alone."""
    old, new = before.fields(), after.fields()
    key = [*KEY, "scheme", "field_id"]
    alone = ibis.union(new.anti_join(old, key), old.anti_join(new, key))
    return alone.select(*KEY).distinct()


def work_counts(changes: ir.Table, before: ir.Table) -> ir.Table:
    """Return how many works of each register changed in which way, and how many are in both.

    Parameters
    ----------
    changes
        `work_changes`.
    before
        `WORKS` of the version before.
    """
    counts = changes.group_by("register", "change").agg(n=changes.count())
    gone = counts.filter(counts.change == DISAPPEARED).select("register", n_gone=counts.n)
    there = before.group_by("register").agg(n_before=before.count())
    stayed = there.left_join(gone, "register")
    n_in_both = stayed.n_before - stayed.n_gone.fill_null(0)
    return counts.union(
        stayed.select("register", change=ibis.literal(IN_BOTH), n=n_in_both)
    ).order_by("register", "change")


def work_examples(changes: ir.Table) -> ir.Table:
    """Return the first works of each change, by the register's numbers."""
    place = ibis.row_number().over(
        ibis.window(group_by=["register", "change"], order_by="work_key")
    )
    numbered = changes.mutate(place=place)
    return numbered.filter(numbered.place < EXAMPLES).order_by("register", "change", "place")
