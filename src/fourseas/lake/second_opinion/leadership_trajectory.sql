WITH dated AS (
    SELECT * REPLACE (5 * (year // 5) AS year) FROM lead_of_unit
),

sums AS (
    SELECT
        definition_id, register, unit_type, unit_id, scheme, field_id, year, role, is_by_alphabet,
        count(*)::DOUBLE AS n,
        sum(led) AS p_led,
        count(*) FILTER (is_known)::DOUBLE AS p_role_known,
        coalesce(sum(part) FILTER (is_known), 0) AS expected
    FROM dated
    GROUP BY ALL
),

measured AS (
    SELECT
        u.* EXCLUDE (p_led, expected),
        w.n AS p_int_world,
        u.n / w.n AS participation,
        CASE WHEN NOT u.is_by_alphabet THEN u.p_led / nullif(u.p_role_known, 0) END AS pp_led,
        u.p_role_known / CASE WHEN u.expected > 1e-12 THEN u.expected END AS odds,
        pp_led * odds AS leadership_index
    FROM sums AS u
    INNER JOIN sums AS w
        ON (u.definition_id, u.register, u.scheme, u.field_id, u.year, u.role)
        = (w.definition_id, w.register, w.scheme, w.field_id, w.year, w.role)
    WHERE w.unit_type = 'world' AND u.unit_type <> 'world'
),

ranged AS (
    SELECT
        *,
        wilson(participation, p_int_world, -1) AS participation_low,
        wilson(participation, p_int_world, 1) AS participation_high,
        wilson(pp_led, p_role_known, -1) * odds AS leadership_index_low,
        wilson(pp_led, p_role_known, 1) * odds AS leadership_index_high
    FROM measured
)

SELECT
    u.* EXCLUDE (is_by_alphabet, odds),
    'full' AS counting,
    u.year + 4 > last_complete_year(u.register) AS is_provisional,
    u.p_role_known / u.n AS coverage_role,
    u.participation - b.participation AS participation_change,
    u.leadership_index - b.leadership_index AS leadership_index_change,
    CASE
        WHEN u.participation_high < 0.02 THEN 'little part'
        WHEN u.leadership_index IS NULL THEN NULL
        WHEN u.participation_low < 0.02 THEN 'undecided'
        WHEN u.leadership_index_high < 1 THEN 'takes part'
        WHEN u.leadership_index_low > 1 THEN 'leads more than its part'
        WHEN u.leadership_index_low >= 2 / 3 AND u.leadership_index_high <= 3 / 2
            THEN 'leads as expected'
        ELSE 'undecided'
    END AS stage,
    CASE
        WHEN u.is_by_alphabet
            THEN
                'authors of this field are mostly listed by the alphabet: '
                || 'to be first or last says nothing'
        WHEN u.leadership_index IS NULL
            THEN format('of no work here with a part in it is the {} author known', u.role)
    END AS not_computable
FROM ranged AS u
LEFT JOIN ranged AS b
    ON (u.definition_id, u.register, u.unit_type, u.unit_id, u.scheme, u.field_id, u.year, u.role)
    = (b.definition_id, b.register, b.unit_type, b.unit_id, b.scheme, b.field_id, b.year + 5, b.role);
