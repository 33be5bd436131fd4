-- Admissions of accounts, with the class that the member had then: the one verdict of an account follows from
-- it.
SELECT account, lei, block, log_index, time, roles, until, class, actor
FROM (
    SELECT
        account, lei, block, log_index, time, roles, until, actor,
        max(class) OVER (PARTITION BY lei, said) AS class
    FROM (
        SELECT *, sum(says) OVER (PARTITION BY lei ORDER BY block, log_index) AS said
        FROM (
            SELECT NULL AS account, lei, block, log_index, time, NULL AS roles, NULL AS until, NULL AS actor,
                class, 1 AS says
            FROM member_registry_member_admitted
            UNION ALL
            SELECT NULL, lei, block, log_index, time, NULL, NULL, NULL, class, 1
            FROM member_registry_member_reclassified
            UNION ALL
            SELECT account, lei, block, log_index, time, roles, until, actor, NULL, 0
            FROM member_registry_account_admitted
        ) AS told
    ) AS numbered
) AS carried
WHERE account IS NOT NULL
