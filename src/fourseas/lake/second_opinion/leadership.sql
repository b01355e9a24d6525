WITH sums AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, is_provisional, role,
        is_by_alphabet,
        count(*)::DOUBLE AS n,
        sum(led) AS p_led,
        count(*) FILTER (is_known)::DOUBLE AS p_role_known,
        coalesce(sum(part) FILTER (is_known), 0) AS expected
    FROM lead_of_unit
    GROUP BY ALL
),

told AS (
    SELECT
        *,
        CASE WHEN NOT is_by_alphabet THEN p_led END AS told_led,
        told_led / nullif(p_role_known, 0) AS pp_led
    FROM sums
)

SELECT
    * EXCLUDE (told_led, is_by_alphabet),
    'full' AS counting,
    wilson(pp_led, p_role_known, -1) AS pp_led_low,
    wilson(pp_led, p_role_known, 1) AS pp_led_high,
    told_led / n AS pp_led_min,
    (told_led + n - p_role_known) / n AS pp_led_max,
    told_led / CASE WHEN expected > 1e-12 THEN expected END AS leadership_index,
    p_role_known / n AS coverage_role,
    CASE
        WHEN is_by_alphabet
            THEN
                'authors of this field are mostly listed by the alphabet: '
                || 'to be first or last says nothing'
        WHEN p_role_known = 0
            THEN format(
                'of no international work here is the {} of the {} author known',
                CASE unit_type WHEN 'organization' THEN 'organization' ELSE 'country' END, role
            )
    END AS not_computable
FROM told;
