"""What can be found in a lake by words: one row for each, with its names and its strength."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir

from fourseas.facts.counted_works import organization_unit
from fourseas.schema.facts import WORK_ORGANIZATIONS
from fourseas.schema.table import Column, TableSpec, complete, extend
from fourseas.schema.works import (
    CITATIONS,
    COUNTRY_SETS,
    FIELDS,
    FUNDINGS,
    ORGANIZATION_NAMES,
    ORGANIZATIONS,
    SAME_WORKS,
    WORK_FIELDS,
    WORK_TITLES,
    WORKS,
)

Kind = Literal["organization", "funder", "standard", "topic", "field", "work"]

STANDARD = "standard"
TOPICS = ("openalex_topic", "ietf_group", "3gpp_group")
"""Schemes whose fields are the finest that their register has."""

SITES = "3gpp_site"
"""A scheme whose fields are countries, which are nothing to be found."""

BETWEEN_NAMES = "\n"

RESOURCES = TableSpec(
    name="resources",
    grain="one row per organization, funder, standard, topic, field or work",
    key=("kind", "resource_id"),
    columns=(
        Column("kind", "string", "category", "What it is."),
        Column("resource_id", "string", "id", "ROR id, label of the work, scheme and field ..."),
        Column("name", "string", "name", "Name or title."),
        Column("other_names", "string", "text", "Further names, one a line.", nullable=True),
        Column("countries", "string", "list", "Country codes between spaces.", nullable=True),
        Column(
            "n_works",
            "int64",
            "works",
            "Works of it here; null of a work, and of a field that works here do not name.",
            nullable=True,
        ),
        Column("n_citations", "int64", "citations", "Of a work or standard.", nullable=True),
        Column("first_year", "int64", "year", "Of its works.", nullable=True),
        Column("last_year", "int64", "year", "Of its works.", nullable=True),
        Column("strength", "float64", "ratio", "See `strengthened`; from 1 to 2."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """A kind of resource: how its rows are computed from tables of the lake."""

    kind: Kind
    compute: Callable[..., ir.Table]
    reads: tuple[TableSpec, ...]


def strengthened(found: ir.Table, kind: Kind, n: ir.IntegerColumn) -> ir.Table:
    r"""Return rows of a kind as `RESOURCES`, with what multiplies their relevance.

    .. math:: strength = 1 + \ln(1 + n) / \ln(1 + \max n)

    where :math:`n` are works, of works and standards their citations, and the maximum is over
    the kind. The strongest count twice what one without any counts; so relevance comes first.
    """
    logs = found.mutate(kind=ibis.literal(kind), log_n=(n.fill_null(0) + 1).cast("float64").ln())
    greatest = logs.log_n.max().over(ibis.window())
    scaled = logs.mutate(greatest=greatest)
    part = (scaled.log_n / scaled.greatest.nullif(0.0)).fill_null(0.0)
    return complete(scaled.mutate(strength=part + 1.0), RESOURCES)


def organizations(
    organizations: ir.Table,
    organization_names: ir.Table,
    work_organizations: ir.Table,
    works: ir.Table,
) -> ir.Table:
    """Return organizations with a name, and all their names."""
    dated = work_organizations.inner_join(works.select("work_id", "year"), "work_id")
    counts = _counted(dated, "organization_id")
    aliases = organization_names.group_by("organization_id").agg(
        other_names=organization_names.name.group_concat(sep=BETWEEN_NAMES)
    )
    named = organizations.filter(organizations.organization_name.notnull())
    listed = named.select(
        "organization_id",
        name=named.organization_name,
        countries=named.country_code,
        resource_id=organization_unit(named),
    )
    joined = listed.left_join(counts, "organization_id").drop("organization_id_right")
    found = joined.left_join(aliases, "organization_id")
    told = found.mutate(n_works=found.n_works.fill_null(0))
    return strengthened(told, "organization", told.n_works)


def funders(fundings: ir.Table, organizations: ir.Table, works: ir.Table) -> ir.Table:
    """Return funders with a name: as the organization that it is, or by its key, or by name.

    One organization that registers name by several keys and spellings is one funder; the
    spellings are its other names.
    """
    known = organizations.select(
        "organization_id",
        "organization_name",
        "country_code",
        unit=organization_unit(organizations),
    )
    named = extend(fundings, known, ["organization_id"])
    told = named.mutate(name=ibis.coalesce(named.organization_name, named.funder_name))
    keyed = told.filter(told.name.notnull()).mutate(
        resource_id=ibis.coalesce(told.unit, told.funder_key, told.funder_name)
    )
    names = keyed.group_by("resource_id").agg(
        name=keyed.name.min(), countries=keyed.country_code.min()
    )
    spelled = keyed.filter(keyed.funder_name.notnull())
    spellings = spelled.select("resource_id", "funder_name").distinct()
    others = spellings.group_by("resource_id").agg(
        other_names=spellings.funder_name.group_concat(
            sep=BETWEEN_NAMES, order_by=spellings.funder_name
        )
    )
    dated = keyed.inner_join(works.select("work_id", "year"), "work_id")
    counted = names.inner_join(_counted(dated, "resource_id"), "resource_id")
    found = extend(counted, others, ["resource_id"])
    return strengthened(found, "funder", found.n_works)


def topics(fields: ir.Table, work_fields: ir.Table, works: ir.Table) -> ir.Table:
    """Return the finest fields: topics of OpenAlex, groups of the IETF and of 3GPP."""
    found = _fields(fields.filter(fields.scheme.isin(TOPICS)), work_fields, works)
    return strengthened(found, "topic", found.n_works)


def fields(fields: ir.Table, work_fields: ir.Table, works: ir.Table) -> ir.Table:
    """Return all other fields of every scheme."""
    others = fields.filter(fields.scheme.notin([*TOPICS, SITES]))
    found = _fields(others, work_fields, works)
    return strengthened(found, "field", found.n_works)


def standards(
    works: ir.Table, work_titles: ir.Table, country_sets: ir.Table, citations: ir.Table
) -> ir.Table:
    """Return standards by title, as strong as works here refer to them."""
    made = works.filter(works.kind == STANDARD)
    cited = citations.semi_join(made, citations.cited_work_id == made.work_id)
    counts = cited.group_by(work_id=cited.cited_work_id).agg(n_citations=cited.count())
    titled = _titled(made.drop("cited_by_count"), work_titles, country_sets)
    found = titled.left_join(counts, "work_id")
    told = found.mutate(n_citations=found.n_citations.fill_null(0))
    return strengthened(told, "standard", told.n_citations)


def works(
    works: ir.Table, work_titles: ir.Table, country_sets: ir.Table, same_works: ir.Table
) -> ir.Table:
    """Return all other works by title, as strong as their register says they are cited.

    Of several records of one work the one that stands for all is found.
    """
    hidden = same_works.filter(same_works.work_id != same_works.same_as)
    others = works.filter(works.kind != STANDARD).anti_join(hidden, "work_id")
    found = _titled(others, work_titles, country_sets)
    told = found.mutate(n_citations=found.cited_by_count)
    return strengthened(told, "work", told.n_citations)


def _counted(dated: ir.Table, key: str) -> ir.Table:
    """Return works and their years of each key; a work that has it twice is one."""
    return dated.group_by(key).agg(
        n_works=dated.work_id.nunique(),
        first_year=dated.year.min(),
        last_year=dated.year.max(),
    )


def _fields(listed: ir.Table, work_fields: ir.Table, works: ir.Table) -> ir.Table:
    """Return fields with their works: null in schemes that no work here is divided by."""
    of_works = work_fields.semi_join(listed, ["scheme", "field_id"])
    dated = of_works.inner_join(works.select("work_id", "year"), "work_id")
    identified = dated.mutate(resource_id=dated.scheme.concat("/", dated.field_id))
    named = listed.select(
        "scheme",
        name=listed.field_name,
        resource_id=listed.scheme.concat("/", listed.field_id),
    )
    joined = named.left_join(_counted(identified, "resource_id"), "resource_id")
    dividing = of_works.select(dividing=of_works.scheme).distinct()
    found = joined.left_join(dividing, joined.scheme == dividing.dividing)
    n_works = ibis.ifelse(found.dividing.notnull(), found.n_works.fill_null(0), ibis.null("int64"))
    return found.select("resource_id", "name", "first_year", "last_year", n_works=n_works)


def _titled(works: ir.Table, work_titles: ir.Table, country_sets: ir.Table) -> ir.Table:
    sets = country_sets.select(
        "country_set_id", countries=country_sets.country_codes.join(" ").nullif("")
    )
    titled = works.inner_join(work_titles, "work_id").inner_join(sets, "country_set_id")
    return titled.mutate(
        resource_id=titled.work_label,
        name=titled.title,
        first_year=titled.year,
        last_year=titled.year,
    )


FINDABLE: tuple[Findable, ...] = (
    Findable(
        kind="organization",
        compute=organizations,
        reads=(ORGANIZATIONS, ORGANIZATION_NAMES, WORK_ORGANIZATIONS, WORKS),
    ),
    Findable(kind="funder", compute=funders, reads=(FUNDINGS, ORGANIZATIONS, WORKS)),
    Findable(
        kind="standard", compute=standards, reads=(WORKS, WORK_TITLES, COUNTRY_SETS, CITATIONS)
    ),
    Findable(kind="topic", compute=topics, reads=(FIELDS, WORK_FIELDS, WORKS)),
    Findable(kind="field", compute=fields, reads=(FIELDS, WORK_FIELDS, WORKS)),
    Findable(kind="work", compute=works, reads=(WORKS, WORK_TITLES, COUNTRY_SETS, SAME_WORKS)),
)
