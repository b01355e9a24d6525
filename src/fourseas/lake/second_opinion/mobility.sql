-- Each person's works are walked through in the order of years; nothing is read but works.
WITH on_work AS (
    SELECT
        a.definition_id, a.register, a.person, c.year, a.work, a.country,
        sum(a.share) / sum(sum(a.share)) OVER of_work AS part,
        count(*) OVER of_work AS n_on_work
    FROM author_country AS a
    INNER JOIN counted AS c USING (definition_id, register, work)
    WHERE a.person IS NOT NULL AND a.country IS NOT NULL
    GROUP BY a.definition_id, a.register, a.person, c.year, a.work, a.country
    WINDOW of_work AS (PARTITION BY a.definition_id, a.register, a.person, a.work)
),

-- A country that is one of two or more on the only work that has it does not count.
real AS (
    SELECT * FROM on_work
    WINDOW of_country AS (PARTITION BY definition_id, register, person, country)
    QUALIFY count(*) OVER of_country > 1 OR n_on_work = 1
),

person_year AS (
    SELECT
        definition_id, register, person, year, country,
        round(sum(part), 7) AS spent,
        bool_or(n_on_work = 1) AS is_alone
    FROM real
    GROUP BY ALL
),

home AS (
    SELECT
        definition_id, register, person, year, country,
        lag(country) OVER (PARTITION BY definition_id, register, person ORDER BY year) AS before
    FROM (
        SELECT *, count(*) OVER (PARTITION BY definition_id, register, person, year) AS n_top
        FROM person_year AS p
        WHERE spent = (
            SELECT max(q.spent) FROM person_year AS q
            WHERE (q.definition_id, q.register, q.person, q.year)
            = (p.definition_id, p.register, p.person, p.year)
        )
    )
    WHERE n_top = 1
),

merged AS (
    SELECT definition_id, register, person FROM home
    WHERE before <> country
    GROUP BY ALL HAVING count(*) >= 5
    UNION
    SELECT DISTINCT definition_id, register, person FROM person_year
    WHERE is_alone
    GROUP BY definition_id, register, person, year HAVING count(*) >= 3
),

kept AS (
    SELECT * FROM person_year ANTI JOIN merged USING (definition_id, register, person)
),

story AS (
    SELECT
        definition_id, register, person,
        list(countries ORDER BY year) AS years
    FROM (
        SELECT definition_id, register, person, year, list(country) AS countries
        FROM kept
        GROUP BY ALL
    )
    GROUP BY ALL
),

class_of_person AS (
    SELECT
        definition_id, register, person,
        CASE
            WHEN len(years) = 1 THEN 'unclassed'
            WHEN len(list_distinct(flatten(years))) = 1 THEN 'not_mobile'
            WHEN len(years[1]) > 1 THEN 'non_directional'
            WHEN len(list_filter(years, lambda y: list_contains(y, years[1][1]))) < len(years)
                THEN 'migrant'
            ELSE 'directional'
        END AS class
    FROM story
),

followed AS (
    SELECT
        h.definition_id, h.register, h.year, h.country, h.before,
        h.before <> h.country AS is_move,
        EXISTS (
            SELECT 1 FROM home AS e
            WHERE (e.definition_id, e.register, e.person, e.country)
                = (h.definition_id, h.register, h.person, h.country)
                AND e.year < h.year
        ) AS is_known_here
    FROM home AS h
    ANTI JOIN merged USING (definition_id, register, person)
    WHERE h.before IS NOT NULL
),

event AS (
    SELECT definition_id, register, year, country, 'authorship' AS what
    FROM author_country INNER JOIN counted USING (definition_id, register, work)
    WHERE country IS NOT NULL
    UNION ALL
    SELECT definition_id, register, year, country, 'identified'
    FROM author_country INNER JOIN counted USING (definition_id, register, work)
    WHERE country IS NOT NULL AND person IS NOT NULL
    UNION ALL
    SELECT definition_id, register, year, 'WORLD', 'authorship' FROM (
        SELECT DISTINCT definition_id, register, work, position, year
        FROM author_country INNER JOIN counted USING (definition_id, register, work)
    )
    UNION ALL
    SELECT definition_id, register, year, 'WORLD', 'identified' FROM (
        SELECT DISTINCT definition_id, register, work, position, year
        FROM author_country INNER JOIN counted USING (definition_id, register, work)
        WHERE person IS NOT NULL
    )
    UNION ALL
    SELECT definition_id, register, year, country, class
    FROM kept INNER JOIN class_of_person USING (definition_id, register, person)
    UNION ALL
    SELECT definition_id, register, year, 'WORLD', class FROM (
        SELECT DISTINCT definition_id, register, person, year, class
        FROM kept INNER JOIN class_of_person USING (definition_id, register, person)
    )
    UNION ALL
    SELECT definition_id, register, year, country, 'merged'
    FROM person_year SEMI JOIN merged USING (definition_id, register, person)
    UNION ALL
    SELECT definition_id, register, year, 'WORLD', 'merged' FROM (
        SELECT DISTINCT definition_id, register, person, year
        FROM person_year SEMI JOIN merged USING (definition_id, register, person)
    )
    UNION ALL
    SELECT definition_id, register, year, unnest([country, 'WORLD']), 'followed' FROM followed
    UNION ALL
    SELECT
        definition_id, register, year, unnest([country, 'WORLD']),
        CASE WHEN is_known_here THEN 'return' ELSE 'in' END
    FROM followed WHERE is_move
    UNION ALL
    SELECT definition_id, register, year, unnest([before, 'WORLD']), 'out'
    FROM followed WHERE is_move
),

n AS (
    SELECT
        definition_id, register, year, country AS unit_id,
        count(*) FILTER (WHERE what = 'authorship') AS authorships,
        count(*) FILTER (WHERE what = 'identified') AS identified,
        count(*) FILTER (WHERE what = 'merged') AS merged,
        count(*) FILTER (WHERE what = 'unclassed') AS unclassed,
        count(*) FILTER (WHERE what = 'not_mobile') AS stayers,
        count(*) FILTER (WHERE what = 'migrant') AS migrants,
        count(*) FILTER (WHERE what = 'directional') AS directional,
        count(*) FILTER (WHERE what = 'non_directional') AS non_directional,
        count(*) FILTER (WHERE what = 'followed') AS followed,
        count(*) FILTER (WHERE what = 'in') AS came,
        count(*) FILTER (WHERE what = 'return') AS returned,
        count(*) FILTER (WHERE what = 'out') AS went
    FROM event
    GROUP BY ALL
),

judged AS (
    SELECT
        n.*,
        n.stayers + n.migrants + n.directional + n.non_directional AS classed,
        n.migrants + n.directional + n.non_directional AS mobile,
        CASE n.unit_id WHEN 'WORLD' THEN n.went ELSE n.came + n.returned + n.went END AS moves,
        w.followed / nullif(w.unclassed + w.stayers + w.migrants + w.directional + w.non_directional, 0)
            AS known_share
    FROM n
    INNER JOIN n AS w
        ON (n.definition_id, n.register, n.year, 'WORLD')
        = (w.definition_id, w.register, w.year, w.unit_id)
),

told AS (
    SELECT
        *,
        identified > 0 AND identified * 2 >= authorships AND known_share >= 1 / 3.0 AS is_told
    FROM judged
),

bared AS (
    SELECT
        *,
        is_told AND followed >= 5 AND moves NOT BETWEEN 1 AND 4 AS has_rate,
        is_told AND followed >= 5
        AND came NOT BETWEEN 1 AND 4 AND returned NOT BETWEEN 1 AND 4
        AND went NOT BETWEEN 1 AND 4
        AND followed - came - returned NOT BETWEEN 1 AND 4 AS has_rates,
        is_told AND classed >= 5
        AND mobile NOT BETWEEN 1 AND 4 AND stayers NOT BETWEEN 1 AND 4 AS has_share
    FROM told
),

shown AS (
    SELECT
        *,
        has_share AND migrants NOT BETWEEN 1 AND 4 AND directional NOT BETWEEN 1 AND 4
        AND non_directional NOT BETWEEN 1 AND 4 AS has_shares
    FROM bared
)

SELECT
    definition_id,
    register,
    CASE unit_id WHEN 'WORLD' THEN 'world' ELSE 'country' END AS unit_type,
    unit_id,
    'all' AS scheme,
    'all' AS field_id,
    year,
    'full' AS counting,
    CASE WHEN is_told AND unclassed + classed NOT BETWEEN 1 AND 4 AND unclassed NOT BETWEEN 1 AND 4
        THEN unclassed + classed END AS n_active,
    CASE WHEN is_told AND followed NOT BETWEEN 1 AND 4 THEN followed END AS n_followed,
    CASE WHEN has_rate THEN moves / followed END AS mobility_rate,
    CASE WHEN has_rates THEN came END AS n_in,
    CASE WHEN has_rates THEN returned END AS n_return,
    CASE WHEN has_rates THEN went END AS n_out,
    CASE WHEN has_rates THEN came / followed END AS in_rate,
    CASE WHEN has_rates THEN returned / followed END AS return_rate,
    CASE WHEN has_rates THEN went / followed END AS out_rate,
    CASE WHEN is_told AND classed NOT BETWEEN 1 AND 4 THEN classed END AS n_classed,
    CASE WHEN has_share THEN mobile / classed END AS mobile_share,
    CASE WHEN has_shares THEN migrants / classed END AS migrant_share,
    CASE WHEN has_shares THEN directional / classed END AS directional_share,
    CASE WHEN has_shares THEN non_directional / classed END AS non_directional_share,
    CASE WHEN is_told AND merged NOT BETWEEN 1 AND 4 THEN merged END AS n_merged,
    identified / nullif(authorships, 0) AS coverage,
    known_share,
    year > last_complete_year(register) - 2 AS is_right_censored,
    year > last_complete_year(register) AS is_provisional
FROM shown;
