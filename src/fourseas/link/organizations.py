"""Organisations under one number, whichever register names them, and who worked for them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.corrections import CORRECTIONS, COUNTRY, LINK, NAME, NO_LINK
from fourseas.schema.legal_forms import compared, law, parted
from fourseas.schema.staged import (
    STAGED_AFFILIATIONS,
    STAGED_FUNDER_DOIS,
    STAGED_ORGANIZATION_NAMES,
    STAGED_ORGANIZATIONS,
)
from fourseas.schema.step import Step
from fourseas.schema.table import conform, extend
from fourseas.schema.works import (
    AFFILIATIONS,
    FUNDER_DOIS,
    ORGANIZATION_IDS,
    ORGANIZATION_NAMES,
    ORGANIZATIONS,
    WORK_RECORDS,
)

NAMED = ["register", "organization_key"]

LEAST_SIGNS = 8
"""Shorter names are mostly acronyms, which many organizations share."""

ROR_KEY = "^ror:(.+)$"
"""The key of an organisation of which the register asserts the ROR id."""


def organization_ids(
    staged_affiliations: ir.Table,
    staged_organizations: ir.Table,
    staged_organization_names: ir.Table,
    staged_funder_dois: ir.Table,
    funder_dois: ir.Table,
    corrections: ir.Table,
) -> ir.Table:
    """Give every key of an organisation its number; keys with the same ROR id share one.

    A key that begins with `ROR_KEY` is a ROR id that the register asserts itself. A funder
    without one is what ROR says that its DOI in the Funder Registry is, and two registers' keys
    of one DOI that ROR does not know are one organisation too. Keys that are names (`_named`)
    are one where they are one name, and are what one organization with a ROR id alone is called
    (`_called`); any other key that no register describes with a ROR id keeps a number of its own
    for each register. A local correction goes before what a register says of a
    link, where the ROR record that it names is in the lake, and holds for all keys of one name but
    those that a correction tells otherwise. `identified_by` says which of these it was.
    """
    described = staged_organizations.select(*NAMED, "ror_id")
    registered = staged_organizations.group_by(*NAMED).agg(
        asserted=staged_organizations.ror_id.max(),
        written=staged_organizations.organization_name.min(),
    )
    mentioned = staged_affiliations.filter(staged_affiliations.organization_key.notnull())
    mentions = mentioned.group_by(*NAMED).agg(
        printed=mentioned.organization_name.min(), n_mentions=mentioned.count()
    )
    bare = mentions.anti_join(registered, NAMED)
    undescribed = bare.select(*NAMED, asserted=_asserted(bare.organization_key), written="printed")
    keys = extend(registered.union(undescribed), mentions.select(*NAMED, "n_mentions"), NAMED)
    # A record of ROR joins several entries of the Funder Registry, and is known by its own id.
    borne = staged_funder_dois.filter(
        staged_funder_dois.is_preferred & (staged_funder_dois.register != "ror")
    )
    of_keys = borne.group_by(*NAMED).agg(funder_doi=borne.funder_doi.min())
    of_dois = funder_dois.select("funder_doi", of_doi="ror_id")
    known = extend(extend(keys, of_keys, NAMED), of_dois, ["funder_doi"])
    told = known.mutate(told=ibis.coalesce(known.asserted, known.of_doi))
    relinked = _relinked(told.select(*NAMED, ror_id="told"), corrections, described)
    by_key = extend(told, relinked, NAMED)
    denied = corrections.filter((corrections.kind == LINK) & (corrections.corrected == NO_LINK))
    apart = denied.select(*NAMED).distinct().mutate(is_apart=ibis.literal(value=True))
    named = _named(by_key)
    linked = extend(named, _ror_of_names(named), ["one_name"])
    called = _called(staged_organizations, staged_organization_names)
    by_name = extend(linked, called, ["one_name"]).select(
        *NAMED, "one_name", of_name=ibis.coalesce(ibis._.of_name, ibis._.called)
    )
    joined = extend(extend(by_key, by_name, NAMED), apart, NAMED)
    is_corrected = ~joined.ror_id.identical_to(joined.told)
    has_ror, has_doi = joined.ror_id.notnull(), joined.funder_doi.notnull()
    has_name = joined.one_name.notnull()
    is_linked = joined.of_name.notnull() & joined.is_apart.isnull()
    identified = joined.mutate(
        identity=ibis.cases(
            (has_ror, ibis.literal("ror:").concat(joined.ror_id)),
            (has_doi, ibis.literal("doi:").concat(joined.funder_doi)),
            (is_linked, ibis.literal("ror:").concat(joined.of_name)),
            (has_name, ibis.literal("name:").concat(joined.one_name)),
            else_=joined.register.concat(":", joined.organization_key),
        )
    )
    n_keys = identified.count().over(ibis.window(group_by=identified.identity))
    said = identified.mutate(
        identified_by=ibis.cases(
            (is_corrected, "correction"),
            (has_ror & joined.asserted.notnull(), "ror_id"),
            (has_ror | has_doi, "funder_doi"),
            (is_linked | (has_name & (n_keys > 1)), "name"),
            else_="key",
        ),
    )
    ranked = said.mutate(
        organization_id=ibis.dense_rank().over(ibis.window(order_by=said.identity))
    )
    return conform(ranked, ORGANIZATION_IDS)


def organizations(
    organization_ids: ir.Table,
    staged_organizations: ir.Table,
    staged_affiliations: ir.Table,
    corrections: ir.Table,
) -> ir.Table:
    """Describe each organisation by one register: ROR's own record before any other's.

    A register that gives the ROR id goes before one that prints the name alone. What one says of it
    as a funder comes last: it tells no place.
    One that is only mentioned bears the name under which it is mentioned most, and that name's
    key. Local corrections of its name, its country and its link go before.
    """
    links = _relinked(
        staged_organizations.select(*NAMED, "ror_id").distinct(), corrections, staged_organizations
    )
    staged = staged_organizations.drop("ror_id").inner_join(links, NAMED)
    described = organization_ids.inner_join(staged, NAMED)
    is_ror = described.register == "ror"
    is_funder = (described.organization_kind == "funder").fill_null(False)
    ranked = described.mutate(
        rank=ibis.row_number().over(
            ibis.window(
                group_by=described.organization_id,
                order_by=[
                    is_ror.desc(),
                    described.ror_id.isnull(),
                    is_funder,
                    described.register,
                    described.organization_key,
                    described.part_key,
                    described.record,
                ],
            )
        )
    )
    best = ranked.filter(ranked["rank"] == 0)
    undescribed = _printed(organization_ids.anti_join(best, "organization_id"), staged_affiliations)
    bare = undescribed.select(
        "organization_id",
        *NAMED,
        ror_id=_asserted(undescribed.organization_key),
        organization_name=undescribed.organization_name.fill_null(undescribed.organization_key),
        organization_kind=ibis.null("string"),
        status=ibis.null("string"),
        country_code=ibis.null("string"),
        city=ibis.null("string"),
        latitude=ibis.null("float64"),
        longitude=ibis.null("float64"),
    )
    columns = ORGANIZATIONS.column_names
    every = best.select(*columns).union(bare.select(*columns))
    names, countries = (
        corrections.filter(corrections.kind == kind).select(*NAMED, "corrected")
        for kind in (NAME, COUNTRY)
    )
    renamed = every.left_join(names.rename(corrected_name="corrected"), NAMED)
    placed = renamed.drop("register_right", "organization_key_right").left_join(
        countries.rename(corrected_country="corrected"), NAMED
    )
    return conform(
        placed.mutate(
            organization_name=ibis.coalesce(placed.corrected_name, placed.organization_name),
            country_code=ibis.coalesce(placed.corrected_country, placed.country_code),
        ),
        ORGANIZATIONS,
    )


def organization_names(
    organization_ids: ir.Table,
    staged_organization_names: ir.Table,
    staged_affiliations: ir.Table,
) -> ir.Table:
    """Return every name that a register knows an organisation by, each once.

    Where a register's key is a name, the ways in which it is written are names too.
    """
    told = staged_organization_names.select(*NAMED, "name")
    by_key = organization_ids.filter(organization_ids.identified_by != "ror_id")
    mentioned = staged_affiliations.semi_join(by_key, NAMED)
    is_key = _is_key(mentioned.organization_name, mentioned.organization_key)
    written = mentioned.filter(is_key).select(*NAMED, name="organization_name").distinct()
    named = organization_ids.inner_join(told.union(written), NAMED)
    return conform(named.select("organization_id", "name").distinct(), ORGANIZATION_NAMES)


def affiliations(
    work_records: ir.Table, staged_affiliations: ir.Table, organization_ids: ir.Table
) -> ir.Table:
    """Return one row per work, author position, organisation and country."""
    placed = of_works(staged_affiliations, work_records)
    return conform(placed.left_join(organization_ids, NAMED), AFFILIATIONS)


def _named(keys: ir.Table) -> ir.Table:
    """Return the keys that are names, with the name under which they are one: `one_name`.

    Names are one without case, marks and legal form, whichever register prints them, as long as
    their forms are of one law: a company that changes its form stays what it is (Google Inc. became
    Google LLC), but Siemens AG and Siemens plc are two. Where names bear forms of several laws, the
    name without a form goes with the law that more than half of what mentions them bears, or
    else stands alone.
    """
    is_key = _is_key(keys.written, keys.organization_key) & keys.funder_doi.isnull()
    names = keys.filter(is_key)
    formed = names.mutate(
        compared=compared(names.organization_key),
        law=law(names.organization_key),
        weight=ibis.greatest(names.n_mentions.fill_null(1), 1),
    )
    lawful = formed.filter(formed.law.notnull())
    by_law = lawful.group_by("compared", main_law=lawful.law).agg(weight=lawful.weight.sum())
    every = by_law.group_by("compared").agg(weight_of_all=by_law.weight.sum())
    weighed = extend(by_law, every, ["compared"])
    main = weighed.filter(2 * weighed.weight > weighed.weight_of_all)
    placed = extend(formed, main.select("compared", "main_law"), ["compared"])
    is_main = placed.law.isnull() | (placed.law == placed.main_law).fill_null(False)
    other = placed.compared.concat(" (", placed.law, ")")
    return placed.mutate(one_name=ibis.ifelse(is_main, placed.compared, other))


def _ror_of_names(named: ir.Table) -> ir.Table:
    """Return the ROR id of each name of which some keys have one, and all the same: `of_name`."""
    linked = named.group_by("one_name").agg(
        first_ror=named.ror_id.min(), last_ror=named.ror_id.max()
    )
    single = linked.filter(linked.first_ror == linked.last_ror)
    return single.select("one_name", of_name="first_ror")


def _called(staged_organizations: ir.Table, staged_organization_names: ir.Table) -> ir.Table:
    """Return the ROR id of each name that is the main one of an organization and no other's.

    An alias of another is enough to leave a name to nobody; so is a second of the main name.
    """
    known = staged_organizations.filter(staged_organizations.ror_id.notnull())
    main = known.select("ror_id", one_name=parted(known.organization_name))
    aliases = staged_organization_names.inner_join(known.select(*NAMED, "ror_id"), NAMED)
    other = aliases.select("ror_id", one_name=parted(aliases["name"]))
    bearers = main.union(other).group_by("one_name")
    borne = bearers.agg(called=ibis._.ror_id.min(), last_called=ibis._.ror_id.max())
    single = borne.filter(borne.called == borne.last_called)
    long = single.filter(single.one_name.length() >= LEAST_SIGNS)
    return long.semi_join(main, "one_name").select("one_name", "called")


def _printed(organization_ids: ir.Table, staged_affiliations: ir.Table) -> ir.Table:
    """Return the name and the key under which each organisation is mentioned most."""
    mentioned = staged_affiliations.filter(staged_affiliations.organization_name.notnull())
    mentioned = mentioned.semi_join(organization_ids, NAMED)
    counted = mentioned.group_by(*NAMED, "organization_name").agg(n=mentioned.count())
    every = organization_ids.left_join(counted, NAMED)
    printed = every.select("organization_id", *NAMED, "organization_name", n=every.n.fill_null(0))
    of_name = ibis.window(group_by=["organization_id", "organization_name"])
    weighed = printed.mutate(n_of_name=printed.n.sum().over(of_name))
    ranked = weighed.mutate(
        rank=ibis.row_number().over(
            ibis.window(
                group_by="organization_id",
                order_by=[
                    weighed.n_of_name.desc(),
                    weighed.organization_name,
                    weighed.register,
                    weighed.organization_key,
                ],
            )
        )
    )
    return ranked.filter(ranked["rank"] == 0).drop("rank")


def _is_key(name: ir.StringValue, key: ir.StringValue) -> ir.BooleanValue:
    """Return whether a key is a name in small letters, as of a register without ids."""
    return (name.lower().re_replace(r"\s+", " ") == key).fill_null(False)


def _relinked(keys: ir.Table, corrections: ir.Table, described: ir.Table) -> ir.Table:
    """Return keys with the ROR ids of corrections whose ROR records are among those described."""
    links = corrections.filter(corrections.kind == LINK).select(*NAMED, "corrected")
    targets = described.filter(described.ror_id.notnull()).select(corrected="ror_id").distinct()
    meant = links.semi_join(targets, "corrected").union(links.filter(links.corrected == NO_LINK))
    joined = keys.left_join(meant, NAMED)
    return joined.select(
        *NAMED,
        ror_id=ibis.ifelse(
            joined.corrected == NO_LINK,
            ibis.null("string"),
            ibis.coalesce(joined.corrected, joined.ror_id),
        ),
    )


def _asserted(organization_key: ir.StringValue) -> ir.StringValue:
    """Return the ROR id that a key is, or null."""
    return organization_key.re_extract(ROR_KEY, 1).nullif("")


IDS_STEP = Step(
    compute=organization_ids,
    reads=(
        STAGED_AFFILIATIONS,
        STAGED_ORGANIZATIONS,
        STAGED_ORGANIZATION_NAMES,
        STAGED_FUNDER_DOIS,
        FUNDER_DOIS,
        CORRECTIONS,
    ),
    writes=ORGANIZATION_IDS,
)
ORGANIZATIONS_STEP = Step(
    compute=organizations,
    reads=(ORGANIZATION_IDS, STAGED_ORGANIZATIONS, STAGED_AFFILIATIONS, CORRECTIONS),
    writes=ORGANIZATIONS,
)
NAMES_STEP = Step(
    compute=organization_names,
    reads=(ORGANIZATION_IDS, STAGED_ORGANIZATION_NAMES, STAGED_AFFILIATIONS),
    writes=ORGANIZATION_NAMES,
)
AFFILIATIONS_STEP = Step(
    compute=affiliations,
    reads=(WORK_RECORDS, STAGED_AFFILIATIONS, ORGANIZATION_IDS),
    writes=AFFILIATIONS,
)
