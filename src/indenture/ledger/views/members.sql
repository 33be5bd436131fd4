-- Members with class, country and standing, in force from one block until the next.
SELECT
    lei,
    CASE class
        WHEN 0 THEN 'operator' WHEN 1 THEN 'bank' WHEN 2 THEN 'securities-firm' WHEN 3 THEN 'fund'
        WHEN 4 THEN 'insurer' WHEN 5 THEN 'finance-company' WHEN 6 THEN 'corporate'
        WHEN 7 THEN 'natural-person' WHEN 8 THEN 'official' WHEN 9 THEN 'wallet-provider'
        ELSE 'class ' || CAST(class AS STRING)
    END AS class,
    jurisdiction,
    suspended > 0 AS is_suspended,
    from_block, from_time, to_block, to_time
FROM (
    SELECT
        lei,
        block AS from_block,
        time AS from_time,
        lead(block) OVER life AS to_block,
        lead(time) OVER life AS to_time,
        -- What an event does not say stands as it was said last.
        max(class) OVER (PARTITION BY lei, said) AS class,
        max(jurisdiction) OVER (PARTITION BY lei, said) AS jurisdiction,
        sum(suspended) OVER life AS suspended
    FROM (
        SELECT *, sum(says) OVER (PARTITION BY lei ORDER BY block, log_index) AS said
        FROM (
            SELECT lei, block, log_index, time, class, jurisdiction, 0 AS suspended, 1 AS says
            FROM member_registry_member_admitted
            UNION ALL
            SELECT lei, block, log_index, time, class, jurisdiction, 0, 1 FROM member_registry_member_reclassified
            UNION ALL
            SELECT lei, block, log_index, time, NULL, NULL, 1, 0 FROM member_registry_member_suspended
            UNION ALL
            SELECT lei, block, log_index, time, NULL, NULL, -1, 0 FROM member_registry_member_reinstated
        ) AS told
    ) AS numbered
    WINDOW life AS (PARTITION BY lei ORDER BY block, log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
