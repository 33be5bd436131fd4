-- Powers of the Authority that accounts hold, in force from one block until the next.
SELECT
    g.role, CASE WHEN g.role = 0 THEN 'ADMIN' ELSE l.label END AS label, g.account, g.since, g.delay, g.from_block,
    g.from_time, g.to_block, g.to_time
FROM (
    SELECT
        role,
        account,
        is_held,
        delay,
        -- A later grant changes only the delay.
        instant(max(CASE WHEN is_new THEN since END) OVER (PARTITION BY role, account, term)) AS since,
        block AS from_block,
        time AS from_time,
        lead(block) OVER holding AS to_block,
        lead(time) OVER holding AS to_time
    FROM (
        SELECT *, sum(CASE WHEN is_new THEN 1 ELSE 0 END) OVER (
            PARTITION BY role, account ORDER BY block, log_index
        ) AS term
        FROM (
            SELECT role_id AS role, account, block, log_index, time, true AS is_held, new_member AS is_new, since, delay
            FROM authority_role_granted
            UNION ALL
            SELECT role_id, account, block, log_index, time, false, false, NULL, NULL FROM authority_role_revoked
        ) AS told
    ) AS numbered
    WINDOW holding AS (PARTITION BY role, account ORDER BY block, log_index)
) AS g
LEFT JOIN (
    SELECT role_id, max_by(label, block) AS label FROM authority_role_label GROUP BY role_id
) AS l ON l.role_id = g.role
WHERE g.is_held AND (g.to_block IS NULL OR g.to_block <> g.from_block)
