"""Authors of OpenAlex's works as rows: where each was, and what each institution has of them.

Records nest authors, and authors institutions and addresses. They are taken apart once, into rows,
and each country that is written is looked up there: to do the same within the lists of each
record took four times as long.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.source import Layer
from fourseas.schema.table import extend
from fourseas.sources.expressions import country, elements, key_number, sorted_strings

AUTHOR = ("record", "place")
"""What tells an author: the record, and the place in its list from 0."""

INSTITUTION = (*AUTHOR, "organization_id")


def listed_authors(records: ir.Table) -> ir.Table:
    """Return one row per work record and author, with what is listed of the author.

    ``place`` runs from 0. ``is_marked`` tells whether any author of the record is marked as
    corresponding.
    """
    listed = elements(records.authorships)
    places = records.select(
        "part_key",
        "record",
        "n_authors",
        "is_truncated",
        "is_marked",
        listed=listed,
        place=ibis.range(listed.length()).unnest(),
    )
    author = places.listed[places.place]
    return places.select(
        "part_key",
        "record",
        "n_authors",
        "is_truncated",
        "is_marked",
        "place",
        person_key=key_number(author["author"]["id"], "A"),
        is_corresponding=author["is_corresponding"],
        countries=author["countries"],
        institutions=author["institutions"],
        affiliations=author["affiliations"],
    )


def listed_countries(listed: ir.Table) -> ir.Table:
    """Return one row per country listed of an author: as written, and the code it stands for."""
    rows = listed.select(*AUTHOR, written=listed.countries.unnest())
    return rows.mutate(code=country(rows.written))


def listed_institutions(listed: ir.Table) -> ir.Table:
    """Return one row per institution listed of an author, with its `spot` in the list from 0."""
    institutions = elements(listed.institutions)
    spots = listed.select(
        *AUTHOR,
        institutions=institutions,
        spot=ibis.range(institutions.length()).unnest(),
    )
    institution = spots.institutions[spots.spot]
    return spots.select(
        *AUTHOR,
        "spot",
        organization_id=institution["id"],
        organization_name=institution["display_name"],
        written=institution["country_code"],
        code=country(institution["country_code"]),
    )


def shares_of_addresses(listed: ir.Table) -> ir.Table:
    r"""Return what each institution has of an author's affiliation strings.

    .. math:: s_{o} = \sum_{a \ni o} \frac{1}{n_{affil} \cdot n_{inst}(a)}

    where *a* runs over the author's :math:`n_{affil}` affiliation strings and
    :math:`n_{inst}(a)` are the institutions that the string is linked to.
    """
    addresses = elements(listed.affiliations)
    numbered = listed.select(
        *AUTHOR, addresses=addresses, address=ibis.range(addresses.length()).unnest()
    )
    ids = sorted_strings(elements(numbered.addresses[numbered.address]["institution_ids"]))
    n_addresses = numbered.addresses.length().cast("float64")
    linked = numbered.select(*AUTHOR, ids=ids, n_addresses=n_addresses)
    parts = linked.select(
        *AUTHOR,
        "n_addresses",
        part=1.0 / linked.ids.length().cast("float64").nullif(0.0),
        organization_id=linked.ids.unnest(),
    )
    summed = parts.group_by(*INSTITUTION, "n_addresses").agg(parts=parts.part.sum())
    return summed.select(*INSTITUTION, share=summed.parts / summed.n_addresses)


def authors(listed: ir.Table, countries: ir.Table, institutions: ir.Table) -> ir.Table:
    """Return one row per author with the countries known: listed or, failing that, reached.

    ``country_codes`` are those listed or, where none is, those of institutions; ``unreached``
    those of them in which no institution with an id lies; ``is_conflict`` tells whether countries
    listed and reached both speak and differ.
    """
    told = countries.group_by(*AUTHOR).agg(told=countries.code.collect())
    where = institutions.group_by(*AUTHOR).agg(
        reached=institutions.code.collect(),
        named=institutions.code.collect(where=institutions.organization_id.notnull()),
        n_institutions=institutions.count(),
    )
    plain = listed.drop("countries", "institutions", "affiliations")
    found = extend(extend(plain, told, AUTHOR), where, AUTHOR)
    sets = found.mutate(
        told=sorted_strings(elements(found.told)), reached=sorted_strings(elements(found.reached))
    )
    is_told = sets.told.length() > 0
    known = sets.mutate(
        country_codes=ibis.ifelse(is_told, sets.told, sets.reached),
        is_conflict=is_told & (sets.reached.length() > 0) & (sets.told != sets.reached),
        named=elements(sets.named),
    )
    return known.select(
        *plain.columns,
        "country_codes",
        "is_conflict",
        unreached=known.country_codes.filter(lambda code: ~known.named.contains(code)),
        n_institutions=known.n_institutions.fill_null(0),
    )


def affiliated(authors: ir.Table, institutions: ir.Table, shares: ir.Table) -> ir.Table:
    """Return one row per author and institution with an id, and its share of the author.

    Where the affiliation strings do not link to all of the author's institutions, each institution
    is an affiliation of its own. One that is listed twice has its share once, and an author who
    has one is not taken for linked.
    """
    known = authors.select("part_key", *AUTHOR, "country_codes")
    named = extend(institutions.filter(institutions.organization_id.notnull()), known, AUTHOR)
    placed = named.mutate(is_placed=named.country_codes.contains(named.code))
    once = placed.group_by(*INSTITUTION).agg(
        part_key=placed.part_key.min(),
        spot=placed.spot.min(),
        organization_name=placed.organization_name.argmin(placed.spot),
        country_code=placed.code.argmin(placed.spot, where=placed.is_placed),
        n_listed=placed.count(),
    )
    linked = extend(once, shares, INSTITUTION)
    of_author = linked.group_by(*AUTHOR).agg(
        n_listed=linked.n_listed.sum(), n_once=linked.count(), n_linked=linked.share.count()
    )
    found = extend(linked.drop("n_listed"), of_author, AUTHOR)
    is_linked = found.n_linked == found.n_listed
    alone = 1.0 / found.n_once.cast("float64")
    return found.mutate(share=ibis.ifelse(is_linked, found.share, alone)).drop(
        "n_listed", "n_once", "n_linked"
    )


def shares_placed(affiliated: ir.Table) -> ir.Table:
    """Return what institutions have of each author within the author's countries."""
    placed = affiliated.filter(affiliated.country_code.notnull())
    return placed.group_by(*AUTHOR).agg(share=placed.share.sum())


def unlisted_countries(countries: ir.Table, institutions: ir.Table) -> ir.Table:
    """Return what is written of countries in each record and stands for none, as it is written."""
    written = ibis.union(
        *(rows.select("record", "written", "code") for rows in (countries, institutions))
    )
    of_none = written.filter(written.written.notnull() & written.code.isnull())
    listed = of_none.group_by("record").agg(unlisted_codes=of_none.written.collect())
    return listed.mutate(unlisted_codes=sorted_strings(listed.unlisted_codes))


LAYERS = (
    Layer(name="listed", compute=listed_authors),
    Layer(name="countries", compute=listed_countries, reads=("listed",)),
    Layer(name="institutions", compute=listed_institutions, reads=("listed",)),
    Layer(name="authors", compute=authors, reads=("listed", "countries", "institutions")),
    Layer(name="shares", compute=shares_of_addresses, reads=("listed",)),
    Layer(name="affiliated", compute=affiliated, reads=("authors", "institutions", "shares")),
)
"""What the tables of works, authors and affiliations need of authors, in this order."""
