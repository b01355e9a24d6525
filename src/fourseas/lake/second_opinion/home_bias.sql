-- Only a census has a world to be measured against.
-- The line is that of the engine's own regression, drawn through ten countries or more.
WITH known AS (
    SELECT * FROM seen_flow WHERE citing_unit <> 'UNKNOWN' AND cited_unit <> 'UNKNOWN'
),

side AS (
    SELECT * EXCLUDE (f, n, citing_unit, cited_unit), citing_unit AS unit_id FROM known
    UNION
    SELECT * EXCLUDE (f, n, citing_unit, cited_unit), cited_unit FROM known
),

summed AS (
    SELECT
        s.*,
        coalesce(sum(k.f) FILTER (WHERE k.citing_unit = s.unit_id), 0) AS citations,
        coalesce(
            sum(k.f) FILTER (WHERE k.citing_unit = s.unit_id AND k.cited_unit = s.unit_id), 0
        ) AS citations_home,
        coalesce(sum(k.f) FILTER (WHERE k.cited_unit = s.unit_id), 0) AS citations_received,
        sum(k.f) AS everything
    FROM side AS s
    INNER JOIN known AS k USING (definition_id, register, scheme, field_id, year)
    GROUP BY ALL
),

ratio AS (
    SELECT
        s.*,
        s.citations_home / nullif(s.citations, 0) AS home_share,
        coalesce(w.presence, 0) AS presence,
        s.citations_home / nullif(s.citations, 0) / nullif(w.presence, 0) AS home_over_citation,
        ln(nullif(s.citations_home / nullif(s.citations, 0) / nullif(w.presence, 0), 0)) AS y,
        ln(nullif(w.presence, 0)) AS x
    FROM summed AS s
    LEFT JOIN world_presence AS w USING (definition_id, register, scheme, field_id, year, unit_id)
),

line AS (
    SELECT
        definition_id, register, scheme, field_id, year,
        count(y) FILTER (
            register IN (SELECT c.register FROM world_registers AS c WHERE c.scope = 'census')
        ) AS n_fitted,
        regr_slope(y, x) AS b,
        regr_intercept(y, x) AS a
    FROM ratio
    GROUP BY ALL
)

SELECT
    r.definition_id, r.register, r.scheme, r.field_id, r.year, r.unit_id,
    'country' AS unit_type,
    'fractional' AS counting,
    r.citation_window,
    r.citations,
    r.citations_home,
    r.citations_received,
    r.home_share,
    1 - r.home_share AS knowledge_inflow,
    r.presence,
    r.home_over_citation,
    l.n_fitted,
    CASE WHEN l.n_fitted >= 10 THEN l.b END AS slope,
    CASE WHEN l.n_fitted >= 10 AND r.y IS NOT NULL THEN exp(l.a + l.b * r.x) END
        AS home_over_citation_expected,
    CASE WHEN l.n_fitted >= 10 THEN r.y - l.a - l.b * r.x END AS home_bias,
    (r.citations_received - r.citations)
    / nullif(r.citations_received + r.citations - 2 * r.citations_home, 0) AS citation_balance,
    (r.citations_received - r.citations_home) / nullif(r.everything - r.citations, 0)
    / nullif(r.presence, 0) AS foreign_citation_index,
    c.coverage,
    r.year + r.citation_window - 1 > last_complete_year(r.register) AS is_provisional
FROM ratio AS r
INNER JOIN line AS l USING (definition_id, register, scheme, field_id, year)
INNER JOIN flow_coverage AS c USING (definition_id, register, scheme, field_id, year);
