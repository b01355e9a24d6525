"""What became of each local correction: applied, no longer needed, or without an object."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.corrections import (
    ALREADY_SO,
    APPLIED,
    CORRECTION_OUTCOMES,
    CORRECTIONS,
    COUNTRY,
    LINK,
    NAME,
    NO_LINK,
    NO_SUCH_KEY,
    NO_SUCH_TARGET,
)
from fourseas.schema.staged import STAGED_ORGANIZATIONS
from fourseas.schema.step import Step
from fourseas.schema.table import conform
from fourseas.schema.works import ORGANIZATION_IDS

NAMED = ["register", "organization_key"]


def correction_outcomes(
    corrections: ir.Table, organization_ids: ir.Table, staged_organizations: ir.Table
) -> ir.Table:
    """Return each correction with what its register says and what the build made of it.

    One is applied where its organization is in the lake and its register says otherwise. Where
    the register has come to say the same, it is no longer needed; where the organization, or the
    ROR record that it is to be, is not in this snapshot, nothing is corrected.
    """
    staged = staged_organizations
    registered = staged.group_by(*NAMED).agg(
        ror_id=staged.ror_id.max(),
        organization_name=staged.organization_name.max(),
        country_code=staged.country_code.max(),
    )
    known = organization_ids.select(*NAMED).distinct().mutate(is_known=ibis.literal(value=True))
    targets = registered.filter(registered.ror_id.notnull())
    targets = targets.select(corrected="ror_id", is_target=ibis.literal(value=True)).distinct()
    joined = corrections.left_join(known, NAMED).drop("register_right", "organization_key_right")
    joined = joined.left_join(registered, NAMED).left_join(targets, "corrected")
    said = joined.kind.cases(
        (LINK, joined.ror_id),
        (NAME, joined.organization_name),
        (COUNTRY, joined.country_code),
        else_=ibis.null("string"),
    )
    told = joined.mutate(registered=said)
    is_link = told.kind == LINK
    wanted = ibis.ifelse(is_link & (told.corrected == NO_LINK), "", told.corrected)
    is_without = is_link & (told.corrected != NO_LINK) & told.is_target.isnull()
    outcome = ibis.cases(
        (told.is_known.isnull(), NO_SUCH_KEY),
        (is_without, NO_SUCH_TARGET),
        (told.registered.fill_null("") == wanted, ALREADY_SO),
        else_=APPLIED,
    )
    return conform(told.mutate(outcome=outcome), CORRECTION_OUTCOMES)


STEP = Step(
    compute=correction_outcomes,
    reads=(CORRECTIONS, ORGANIZATION_IDS, STAGED_ORGANIZATIONS),
    writes=CORRECTION_OUTCOMES,
)
