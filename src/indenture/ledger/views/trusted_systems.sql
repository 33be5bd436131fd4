-- Contracts that a cash token lets move money by themselves, in force from one block until the next.
SELECT cash, name, trusted_system, from_block, from_time, to_block, to_time
FROM (
    SELECT
        t.contract AS cash,
        c.name,
        t.system AS trusted_system,
        t.trusted,
        t.block AS from_block,
        t.time AS from_time,
        lead(t.block) OVER trust AS to_block,
        lead(t.time) OVER trust AS to_time
    FROM cash_token_trusted_system_set AS t
    LEFT JOIN contract AS c ON c.address = t.system
    WINDOW trust AS (PARTITION BY t.contract, t.system ORDER BY t.block, t.log_index)
) AS running
WHERE trusted AND (to_block IS NULL OR to_block <> from_block)
