"""Organisations under one number, whichever register names them, and who worked for them."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.link.of_works import of_works
from fourseas.schema.corrections import CORRECTIONS, COUNTRY, LINK, NAME, NO_LINK
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

ROR_KEY = "^ror:(.+)$"
"""The key of an organisation of which the register asserts the ROR id."""


def organization_ids(
    staged_affiliations: ir.Table,
    staged_organizations: ir.Table,
    staged_funder_dois: ir.Table,
    funder_dois: ir.Table,
    corrections: ir.Table,
) -> ir.Table:
    """Give every key of an organisation its number; keys with the same ROR id share one.

    An organisation that no register describes with a ROR id keeps a number of its own for
    each register: nothing is merged by name here. A key that begins with `ROR_KEY` is a ROR id
    that the register asserts itself. A funder without one is what ROR says that its DOI in the
    Funder Registry is, and two registers' keys of one DOI that ROR does not know are one
    organisation too. A local correction goes before what a register says of a link, where the
    ROR record that it names is in the lake. `identified_by` says which of these it was.
    """
    described = staged_organizations.select(*NAMED, "ror_id")
    mentioned = staged_affiliations.filter(staged_affiliations.organization_key.notnull())
    undescribed = mentioned.select(*NAMED).distinct().anti_join(described, NAMED)
    undescribed = undescribed.mutate(ror_id=_asserted(undescribed.organization_key))
    keys = described.union(undescribed)
    registered = keys.group_by(*NAMED).agg(asserted=keys.ror_id.max())
    # A record of ROR joins several entries of the Funder Registry, and is known by its own id.
    borne = staged_funder_dois.filter(
        staged_funder_dois.is_preferred & (staged_funder_dois.register != "ror")
    )
    of_keys = borne.group_by(*NAMED).agg(funder_doi=borne.funder_doi.min())
    of_dois = funder_dois.select("funder_doi", of_doi="ror_id")
    known = extend(extend(registered, of_keys, NAMED), of_dois, ["funder_doi"])
    told = known.mutate(told=ibis.coalesce(known.asserted, known.of_doi))
    relinked = _relinked(told.rename(ror_id="told"), corrections, described)
    by_key = extend(told, relinked, NAMED)
    is_corrected = ~by_key.ror_id.identical_to(by_key.told)
    has_ror, has_doi = by_key.ror_id.notnull(), by_key.funder_doi.notnull()
    identified = by_key.mutate(
        identity=ibis.cases(
            (has_ror, ibis.literal("ror:").concat(by_key.ror_id)),
            (has_doi, ibis.literal("doi:").concat(by_key.funder_doi)),
            else_=by_key.register.concat(":", by_key.organization_key),
        ),
        identified_by=ibis.cases(
            (is_corrected, "correction"),
            (has_ror & by_key.asserted.notnull(), "ror_id"),
            (has_ror | has_doi, "funder_doi"),
            else_="key",
        ),
    )
    ranked = identified.mutate(
        organization_id=ibis.dense_rank().over(ibis.window(order_by=identified.identity))
    )
    return conform(ranked, ORGANIZATION_IDS)


def organizations(
    organization_ids: ir.Table,
    staged_organizations: ir.Table,
    staged_affiliations: ir.Table,
    corrections: ir.Table,
) -> ir.Table:
    """Describe each organisation by one register: ROR's own record before any other's.

    What a register says of it as a funder comes last: it tells no place.
    One that is only mentioned bears the first of the names under which it is mentioned. Local
    corrections of its name, its country and its link go before.
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
    mentioned = staged_affiliations.filter(staged_affiliations.organization_key.notnull())
    names = mentioned.group_by(*NAMED).agg(organization_name=mentioned.organization_name.min())
    # Two registers may name one that neither describes.
    first_named = organization_ids.group_by("organization_id").agg(
        register=organization_ids.register.min()
    )
    undescribed = (
        organization_ids.inner_join(first_named, ["organization_id", "register"])
        .anti_join(best, "organization_id")
        .inner_join(names, NAMED)
    )
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


def organization_names(organization_ids: ir.Table, staged_organization_names: ir.Table) -> ir.Table:
    """Return every name that a register knows an organisation by, each once."""
    named = organization_ids.inner_join(staged_organization_names, NAMED)
    return conform(named.select("organization_id", "name").distinct(), ORGANIZATION_NAMES)


def affiliations(
    work_records: ir.Table, staged_affiliations: ir.Table, organization_ids: ir.Table
) -> ir.Table:
    """Return one row per work, author position, organisation and country."""
    placed = of_works(staged_affiliations, work_records)
    return conform(placed.left_join(organization_ids, NAMED), AFFILIATIONS)


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
    reads=(STAGED_AFFILIATIONS, STAGED_ORGANIZATIONS, STAGED_FUNDER_DOIS, FUNDER_DOIS, CORRECTIONS),
    writes=ORGANIZATION_IDS,
)
ORGANIZATIONS_STEP = Step(
    compute=organizations,
    reads=(ORGANIZATION_IDS, STAGED_ORGANIZATIONS, STAGED_AFFILIATIONS, CORRECTIONS),
    writes=ORGANIZATIONS,
)
NAMES_STEP = Step(
    compute=organization_names,
    reads=(ORGANIZATION_IDS, STAGED_ORGANIZATION_NAMES),
    writes=ORGANIZATION_NAMES,
)
AFFILIATIONS_STEP = Step(
    compute=affiliations,
    reads=(WORK_RECORDS, STAGED_AFFILIATIONS, ORGANIZATION_IDS),
    writes=AFFILIATIONS,
)
