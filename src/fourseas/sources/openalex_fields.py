"""Fields of OpenAlex: the topic of a work with all above it, its other topics, and its goals."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourseas.schema.staged import RECORD_KEY, STAGED_FIELDS, STAGED_WORK_FIELDS
from fourseas.schema.table import conform
from fourseas.schema.works import OTHER_TOPIC_SCHEME, SDG_SCHEME, TOPIC_SCHEME
from fourseas.sources.expressions import bare_id, elements, origin, rows_of

REGISTER = "openalex"


def work_fields(raw: ir.Table) -> ir.Table:
    """Return the primary topic of each record with all above it, its other topics, and its goals.

    A record belongs whole to its primary topic and what that belongs to. Its other topics, and
    the Sustainable Development Goals that OpenAlex's classifier finds, overlap: their weight is
    the classifier's score.
    """
    levels = _levels_of_works(raw).mutate(weight=ibis.literal(1.0))
    primary = bare_id(raw.primary_topic["id"])
    others = _scored(raw, raw.topics, OTHER_TOPIC_SCHEME, primary)
    goals = _scored(raw, raw.sustainable_development_goals, SDG_SCHEME, ibis.null("string"))
    names = STAGED_WORK_FIELDS.column_names
    every = ibis.union(*(rows.select(*names) for rows in (levels, others, goals)))
    return conform(every, STAGED_WORK_FIELDS)


def fields_of_works(raw: ir.Table) -> ir.Table:
    """Return the names of primary topics and of what they belong to, each once per part.

    Works share some 4,500 topics: each topic is taken apart once, at the first record with it.
    """
    topics = raw.group_by("part_key", "primary_topic").agg(record=raw.record.min())
    return _named_once(_levels_of_works(topics))


def fields_of_topics(raw: ir.Table) -> ir.Table:
    """Return the names of topics and of the subfields, fields and domains above them."""
    return _named_once(_unnested_levels(raw, _levels(raw)))


def _scored(raw: ir.Table, tags: ir.ArrayValue, scheme: str, but: ir.StringValue) -> ir.Table:
    """Return the tags of records with their scores, each once, but one that is known already."""
    rows = rows_of(raw.select(**origin(raw, REGISTER), but=but, tag=elements(tags)), "tag")
    named = rows.mutate(field_id=bare_id(rows.tag["id"]), score=rows.tag["score"])
    is_other = named.field_id.notnull() & (named.field_id != named.but.fill_null(""))
    kept = named.filter(is_other & named.score.between(0.0, 1.0))
    once = kept.group_by(*RECORD_KEY, "field_id").agg(weight=kept.score.max())
    return once.mutate(scheme=ibis.literal(scheme))


def _level(scheme: str, url: ir.Value, name: ir.Value, parent_id: ir.Value) -> ir.StructValue:
    return ibis.struct(
        {
            "scheme": ibis.literal(scheme),
            "field_id": bare_id(url),
            "source_id": url,
            "field_name": name,
            "parent_id": parent_id,
        }
    )


def _levels(topic: ir.Table | ir.StructValue) -> ir.ArrayValue:
    """Return a topic and the three levels above it as a list."""
    subfield, field, domain = topic["subfield"], topic["field"], topic["domain"]
    subfield_id, field_id, domain_id = (bare_id(of["id"]) for of in (subfield, field, domain))
    no_parent = ibis.null("string")
    return ibis.array(
        [
            _level(TOPIC_SCHEME, topic["id"], topic["display_name"], subfield_id),
            _level("openalex_subfield", subfield["id"], subfield["display_name"], field_id),
            _level("openalex_field", field["id"], field["display_name"], domain_id),
            _level("openalex_domain", domain["id"], domain["display_name"], no_parent),
        ]
    )


def _unnested_levels(raw: ir.Table, levels: ir.ArrayValue) -> ir.Table:
    """Return one row per record and level that has an id and a name."""
    rows = rows_of(raw.select(**origin(raw, REGISTER), level=levels), "level")
    named = rows.filter(rows.level["field_id"].notnull() & rows.level["field_name"].notnull())
    return named.select(
        "register",
        "part_key",
        "record",
        scheme=named.level["scheme"],
        field_id=named.level["field_id"],
        source_id=named.level["source_id"],
        field_name=named.level["field_name"],
        parent_id=named.level["parent_id"],
    )


def _levels_of_works(raw: ir.Table) -> ir.Table:
    return _unnested_levels(raw, _levels(raw.primary_topic))


def _named_once(levels: ir.Table) -> ir.Table:
    """Return each field once per part, at the first record that names it.

    A part of 400,000 works would otherwise write 1.6 million rows for some 4,800 names.
    """
    named = levels.group_by("register", "part_key", "scheme", "field_id").agg(
        record=levels.record.min(),
        source_id=levels.source_id.min(),
        field_name=levels.field_name.min(),
        parent_id=levels.parent_id.min(),
    )
    return conform(named, STAGED_FIELDS)
