-- Each ordered pair of countries that a citation joins, seen from both of its ends.
WITH known AS (
    SELECT * FROM seen_flow WHERE citing_unit <> 'UNKNOWN' AND cited_unit <> 'UNKNOWN'
),

pair AS (
    SELECT * EXCLUDE (f, n, citing_unit, cited_unit), citing_unit AS unit_id, cited_unit AS partner_id
    FROM known
    UNION
    SELECT * EXCLUDE (f, n, citing_unit, cited_unit), cited_unit, citing_unit
    FROM known
),

sided AS (
    SELECT
        p.*,
        coalesce(m.f, 0) AS citations,
        coalesce(m.n, 0) AS n,
        coalesce(r.f, 0) AS citations_received,
        (
            SELECT sum(k.f) FROM known AS k
            WHERE (k.definition_id, k.register, k.scheme, k.field_id, k.year, k.citing_unit)
            = (p.definition_id, p.register, p.scheme, p.field_id, p.year, p.unit_id)
        ) AS all_made
    FROM pair AS p
    LEFT JOIN known AS m
        ON (p.definition_id, p.register, p.scheme, p.field_id, p.year, p.unit_id, p.partner_id)
        = (m.definition_id, m.register, m.scheme, m.field_id, m.year, m.citing_unit, m.cited_unit)
    LEFT JOIN known AS r
        ON (p.definition_id, p.register, p.scheme, p.field_id, p.year, p.unit_id, p.partner_id)
        = (r.definition_id, r.register, r.scheme, r.field_id, r.year, r.cited_unit, r.citing_unit)
)

SELECT
    s.definition_id, s.register, s.scheme, s.field_id, s.year, s.unit_id, s.partner_id,
    'country' AS unit_type,
    'fractional' AS counting,
    s.citation_window,
    s.citations,
    s.citations_received,
    s.n,
    s.citations / s.all_made AS citation_share,
    coalesce(w.presence, 0) AS partner_presence,
    s.citations / s.all_made / nullif(w.presence, 0) AS relative_citation_index,
    CASE WHEN s.unit_id <> s.partner_id
        THEN (s.citations_received - s.citations) / (s.citations_received + s.citations)
    END AS citation_balance,
    c.coverage,
    s.year + s.citation_window - 1 > last_complete_year(s.register) AS is_provisional
FROM sided AS s
LEFT JOIN world_presence AS w
    ON (s.definition_id, s.register, s.scheme, s.field_id, s.year, s.partner_id)
    = (w.definition_id, w.register, w.scheme, w.field_id, w.year, w.unit_id)
INNER JOIN flow_coverage AS c
    ON (s.definition_id, s.register, s.scheme, s.field_id, s.year)
    = (c.definition_id, c.register, c.scheme, c.field_id, c.year);
