WITH scored AS (
    SELECT
        *,
        CASE WHEN count(collaboration) OVER () >= 10
            THEN (collaboration - avg(collaboration) OVER ()) / nullif(stddev_pop(collaboration) OVER (), 0)
        END AS z_collaboration,
        CASE WHEN count(knowledge_inflow) OVER () >= 10
            THEN (knowledge_inflow - avg(knowledge_inflow) OVER ())
                / nullif(stddev_pop(knowledge_inflow) OVER (), 0)
        END AS z_knowledge_inflow,
        CASE WHEN count(mobility) OVER () >= 10
            THEN (mobility - avg(mobility) OVER ()) / nullif(stddev_pop(mobility) OVER (), 0)
        END AS z_mobility,
        CASE WHEN count(partner_breadth) OVER () >= 10
            THEN (partner_breadth - avg(partner_breadth) OVER ())
                / nullif(stddev_pop(partner_breadth) OVER (), 0)
        END AS z_partner_breadth
    FROM world_components
),

composed AS (
    SELECT
        *,
        0.25 * z_collaboration + 0.25 * z_knowledge_inflow + 0.25 * z_mobility
        + 0.25 * z_partner_breadth AS openness,
        (z_collaboration IS NOT NULL)::INT + (z_knowledge_inflow IS NOT NULL)::INT
        + (z_mobility IS NOT NULL)::INT + (z_partner_breadth IS NOT NULL)::INT AS n_components
    FROM scored
)

SELECT
    unit_id, z_collaboration, z_knowledge_inflow, z_mobility, z_partner_breadth, openness, n_components,
    CASE WHEN count(openness) OVER () >= 10
        THEN openness - regr_intercept(openness, ln(p)) OVER () - regr_slope(openness, ln(p)) OVER () * ln(p)
    END AS openness_beyond_size
FROM composed;
