-- Calls that were scheduled at the Authority, and neither made nor taken back; each may be made from `opens_time`
-- on.
SELECT operation_id AS operation, nonce, caller, target, name, selector, opens_time, block, time
FROM (
    SELECT
        s.operation_id,
        s.nonce,
        s.caller,
        s.target,
        c.name,
        substr(s.data, 1, 10) AS selector,
        instant(s.schedule) AS opens_time,
        s.block,
        s.time,
        lead(s.block) OVER life AS next_block
    FROM (
        SELECT operation_id, nonce, caller, target, data, schedule, block, log_index, time
        FROM authority_operation_scheduled
        UNION ALL
        SELECT operation_id, nonce, NULL, NULL, NULL, NULL, block, log_index, time FROM authority_operation_executed
        UNION ALL
        SELECT operation_id, nonce, NULL, NULL, NULL, NULL, block, log_index, time FROM authority_operation_canceled
    ) AS s
    LEFT JOIN contract AS c ON c.address = s.target
    WINDOW life AS (PARTITION BY s.operation_id ORDER BY s.block, s.log_index)
) AS told
WHERE caller IS NOT NULL AND next_block IS NULL
