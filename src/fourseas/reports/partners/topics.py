"""A challenge as what partners are sought in: by its topics, or coarsely by fields of NCSES."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pandas as pd

from fourseas.challenges.challenge import Challenge
from fourseas.challenges.membership import COARSE_SCHEME
from fourseas.errors import NotComputableError
from fourseas.facts.counted_works import countries_of_works, organization_unit
from fourseas.facts.universe import universe
from fourseas.reports.partners.place import PLURAL, YEARS, Asked, Place, Units, place
from fourseas.schema.definition import DEFINITIONS, Definition
from fourseas.schema.works import TOPIC_SCHEME
from fourseas.workspace import Workspace


def place_of_challenge(
    ws: Workspace, units: Units, challenge: Challenge, asked: Asked
) -> tuple[Place, str]:
    """Return where partners for a challenge are sought, and how it was read.

    By its core topics where a census of works has topics, or where a register of them is named;
    else, for countries, coarsely by fields of NCSES.

    Raises
    ------
    NotComputableError
        Where there are neither; it says what there is.
    """
    topics = tuple(sorted(row.id for row in challenge.included("topic", "core")))
    title = challenge.title
    found = _register_of_topics(ws, topics, asked)
    if found is not None:
        register, last = found
        at = Place(
            units=units,
            register=register,
            definition_id=_definition(ws, register).definition_id,
            scheme=TOPIC_SCHEME,
            field_ids=topics,
            years=asked.years or (last - YEARS + 1, last),
        )
        return at, f"{title} by its {len(topics)} core topics ({challenge.definition_id})"
    coarse = tuple(row.id for row in challenge.included("field"))
    listed = ws.table("fields")
    has_coarse = listed.filter(listed.scheme == COARSE_SCHEME).count().to_pyarrow().as_py() > 0
    if units == "country" and coarse and has_coarse:
        named = "; ".join(row.label for row in challenge.included("field"))
        at = place(
            ws,
            units,
            Asked(fields=coarse, register=asked.register or "ncses", years=asked.years),
        )
        return at, f"{title}, coarsely, by {named} ({challenge.definition_id})"
    question = f"Partners among {PLURAL[units]} for {title}"
    raise NotComputableError.because(
        question,
        "no census of works in this lake has its topics",
        "Add works of OpenAlex, name a register of them with --register, or ask for a --field.",
    )


def _register_of_topics(
    ws: Workspace, topics: tuple[str, ...], asked: Asked
) -> tuple[str, int] | None:
    """Return the register with most works on topics and its last year, a census unless named."""
    fields = ws.table("work_fields")
    on_topic = fields.filter((fields.scheme == TOPIC_SCHEME) & fields.field_id.isin(topics))
    works = ws.table("works").semi_join(on_topic, "work_id")
    scopes = ws.table("registers").select("register", "scope", "last_complete_year")
    joined = works.inner_join(scopes, "register")
    kept = (
        joined.filter(joined.register == asked.register)
        if asked.register is not None
        else joined.filter(joined.scope == "census")
    )
    complete = kept.filter(kept.year.notnull() & (kept.year <= kept.last_complete_year))
    best = (
        complete.group_by("register")
        .agg(n=complete.count(), last=complete.year.max())
        .order_by(ibis.desc("n"), "register")
        .limit(1)
        .to_pyarrow()
        .to_pylist()
    )
    return (str(best[0]["register"]), int(best[0]["last"])) if best else None


def _definition(ws: Workspace, register: str) -> Definition:
    """Return the default definition that counts most works of a register."""
    works = ws.table("works").filter(ibis._.register == register)
    defaults = [one for one in DEFINITIONS if one.is_default and one.computed]
    return max(defaults, key=lambda one: int(universe(works, one).count().to_pyarrow().as_py()))


def sums_by_topic(ws: Workspace, at: Place) -> pd.DataFrame:
    """Return works, credit and weights in the top by unit and topic, as cells of fields have them.

    The world is all credit of works that is anybody's.
    """
    definition = next(one for one in DEFINITIONS if one.definition_id == at.definition_id)
    works = universe(ws.table("works"), definition)
    counted = works.filter((works.register == at.register) & works.year.between(*at.years))
    fields = ws.table("work_fields")
    topics = fields.filter(fields.scheme == TOPIC_SCHEME).select("work_id", "field_id", "weight")
    impact = ws.table("work_impact")
    scores = impact.filter(impact.definition_id == at.definition_id).select(
        "work_id", "top_10", "top_1"
    )
    credited = _credited(ws, at, definition).inner_join(counted.select("work_id"), "work_id")
    rows = credited.inner_join(topics, "work_id").left_join(scores, "work_id")
    weighed = rows.select(
        "unit_id",
        "field_id",
        credit=rows.credit * rows.weight,
        top_10=rows.top_10,
        top_1=rows.top_1,
    )
    of_units: pd.DataFrame = (
        weighed.group_by("unit_id", "field_id")
        .agg(
            n=weighed.count().cast("float64"),
            credit=weighed.credit.sum(),
            credit_scored=weighed.credit.sum(where=weighed.top_10.notnull()),
            top_10_frac=(weighed.credit * weighed.top_10).sum(),
            top_1_frac=(weighed.credit * weighed.top_1).sum(),
        )
        .to_pandas()
        .assign(unit_type=at.units)
    )
    sums = of_units.groupby("field_id", as_index=False).credit.sum()
    world = sums.assign(unit_type="world", unit_id="WORLD")
    return pd.concat([of_units, world], ignore_index=True)


def _credited(ws: Workspace, at: Place, definition: Definition) -> ir.Table:
    """Return the credit of works by unit."""
    if at.units == "country":
        return countries_of_works(ws.table("work_countries"), definition).select(
            "work_id", "unit_id", "credit"
        )
    listed = ws.table("organizations")
    named = listed.select("organization_id", unit_id=organization_unit(listed))
    shares = ws.table("work_organizations").inner_join(named, "organization_id")
    return shares.group_by("work_id", "unit_id").agg(credit=shares.credit.sum())
