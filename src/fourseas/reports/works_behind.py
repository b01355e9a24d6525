"""The works behind a number: what a cell is the sum of, one row per work. It reads work facts."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.errors import FourseasError, NotComputableError
from fourseas.facts.counted_works import (
    counted_works,
    countries_of_works,
    fields_of_works,
    organizations_of_works,
    scores_of_works,
)
from fourseas.facts.unit_cells import units_of_works
from fourseas.schema.cells import IMPACTS, ROLES
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.table import Column, TableSpec, conform, extend
from fourseas.selection import Restriction, Selection
from fourseas.workspace import Workspace

WORKS_BEHIND = TableSpec(
    name="works_behind",
    grain="one row per work of a unit, field and definition",
    key=("definition_id", "unit_id", "field_id", "work_id"),
    columns=(
        Column("definition_id", "string", "code", "The definition that counts it."),
        Column("unit_type", "string", "category", "What kind of unit it counts for."),
        Column("unit_id", "string", "code", "The unit that it counts for."),
        Column("field_id", "string", "id", "The field that it counts in."),
        Column("work_id", "int32", "id", "The work."),
        Column("register", "string", "code", "The register that it comes from."),
        Column("work_label", "string", "id", "The register's own id as it is printed."),
        Column("doi", "string", "id", "DOI in lower case without a resolver.", nullable=True),
        Column("title", "string", "text", "Its title.", nullable=True),
        Column("year", "int16", "year", "Year of publication."),
        Column("kind", "string", "category", "Article, review, book, standard and so on."),
        Column(
            "collaboration_class",
            "string",
            "category",
            "domestic, intra_group, international, or unknown where a country is missing.",
        ),
        Column("weight", "float64", "share", "Part of it that belongs to the field."),
        Column("credit", "float64", "share", "Author-fractional credit of the unit."),
        *(
            Column(role, "float64", "share", f"Part of the {role} authorship that the unit has.")
            for role in ROLES
        ),
        *(
            Column(f"is_{role}_known", "boolean", "flag", f"The {role} author's country is known.")
            for role in ROLES
        ),
        Column("is_oa", "boolean", "flag", "Free to read somewhere.", nullable=True),
        Column("is_retracted", "boolean", "flag", "Retracted."),
        *(Column(score, "float64", "score", f"Its {score}.", nullable=True) for score in IMPACTS),
    ),
)

CLASSES = ("domestic", "intra_group", "international", "unknown")
TRUTHS = (
    "all",
    *CLASSES,
    *(f"led_{role}" for role in ROLES),
    "open_access",
    "retracted",
    "top_10",
    "top_1",
)
"""What can be asked of the works behind a number."""


def works_behind(
    ws: Workspace, to: Restriction, definition: Definition, where: str = "all"
) -> ir.Table:
    """Return the works that a definition counts for units, of which something is true.

    Parameters
    ----------
    ws
        The lake.
    to
        Units, fields, years and register; the definition of it is not read.
    definition
        One that counts works; published figures have none behind them here.
    where
        One of `TRUTHS`: a collaboration class, ``led_first`` and the like (a part of the lead is
        enough), ``top_10`` (a part of the work is enough), or ``all``.

    Returns
    -------
    ir.Table
        `WORKS_BEHIND`. The sum of ``weight`` is what cells call ``n``, that of ``weight`` times
        ``credit`` the credit.

    Raises
    ------
    FourseasError
        For something that cannot be asked.
    """
    if where not in TRUTHS:
        message = f"Works cannot be asked whether they are `{where}`."
        raise FourseasError(message, f"Ask for one of {', '.join(TRUTHS)}.")
    works = ws.table("works")
    counted = counted_works(works, ws.table("registers"), ws.table("set_countries"), definition)
    kept = counted.drop("n_oa", "n_oa_known", "n_truncated", "n_retracted")
    if to.years is not None:
        kept = kept.filter(kept.year.between(*to.years))
    if to.register is not None:
        kept = kept.filter(kept.register == to.register)
    units = units_of_works(
        kept,
        countries_of_works(ws.table("work_countries"), definition),
        organizations_of_works(ws.table("work_organizations"), ws.table("organizations")),
        ws.table("work_roles"),
        ws.table("group_memberships"),
    )
    if to.unit_ids:
        units = units.filter(units.unit_id.isin(to.unit_ids))
    fields = fields_of_works(works, ws.table("work_fields"))
    if to.field_ids:
        fields = fields.filter(fields.field_id.isin(to.field_ids))
    placed = units.inner_join(fields, "work_id")
    described = extend(
        extend(
            works.select(
                *("work_id", "register", "work_label", "doi", "year", "kind"),
                *("is_oa", "is_retracted"),
            ),
            ws.table("work_titles"),
            ["work_id"],
        ),
        ws.table("work_roles").select("work_id", *(f"is_{role}_known" for role in ROLES)),
        ["work_id"],
    )
    scored = extend(described, scores_of_works(ws.table("work_impact"), definition), ["work_id"])
    told = extend(placed, scored, ["work_id"]).mutate(
        definition_id=ibis.literal(definition.definition_id)
    )
    known = told.mutate(
        **{f"is_{role}_known": told[f"is_{role}_known"].fill_null(False) for role in ROLES}
    )
    return conform(known.filter(_is_true(known, where)), WORKS_BEHIND).order_by(*WORKS_BEHIND.key)


def _is_true(works: ir.Table, where: str) -> ir.BooleanValue:
    """Return whether what is asked is true of a work; what is not known is not."""
    if where == "all":
        return ibis.literal(True)
    if where in CLASSES:
        return works.collaboration_class == where
    told = {
        **{f"led_{role}": works[role] > 0 for role in ROLES},
        "open_access": works.is_oa,
        "retracted": works.is_retracted,
        "top_10": works.top_10 > 0,
        "top_1": works.top_1 > 0,
    }
    return told[where].fill_null(False)


def behind(ws: Workspace, selection: Selection, where: str) -> ir.Table:
    """Return the works behind what a selection shows.

    Raises
    ------
    NotComputableError
        Where only publishers count by the definitions, or there is no such work.
    """
    to = ws.resolved(selection)
    counting = [
        one for one in DEFINITIONS if one.computed and one.definition_id in to.definition_ids
    ]
    question = f"The list of works behind {selection.indicator}"
    if not counting:
        raise NotComputableError.because(
            question,
            "the publisher of these figures gives no records",
            "Choose a definition by which fourseas counts; `fourseas list definition`.",
        )
    found = ibis.union(*(works_behind(ws, to, one, where) for one in counting))
    if found.count().execute() == 0:
        raise NotComputableError.because(
            question,
            "no work that is counted there is so",
            "Registers of published figures hold no works; ask with --where all, or other years.",
        )
    return found.order_by(*WORKS_BEHIND.key)
