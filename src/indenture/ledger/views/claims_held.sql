-- Units of a payment that buyers have a claim on, until they are paid; in force from one block until the next.
--
-- Who sells hands on first what was handed to him, and then what is his own as a holder: the sum of all that
-- came in and went out never falls below zero. A buyer who was paid begins anew.
SELECT h.bond, b.isin, h.period, h.buyer, h.units, h.from_block, h.from_time, h.to_block, h.to_time
FROM (
    SELECT
        bond,
        period,
        buyer,
        running - least(0, min(running) OVER turns) AS units,
        block AS from_block,
        time AS from_time,
        lead(block) OVER life AS to_block,
        lead(time) OVER life AS to_time
    FROM (
        SELECT
            *,
            sum(change) OVER (PARTITION BY bond, period, buyer, turn ORDER BY block, log_index, change) AS running
        FROM (
            SELECT
                *,
                sum(ends) OVER (PARTITION BY bond, period, buyer ORDER BY block, log_index, change) AS turn
            FROM (
                SELECT bond, period, buyer, units AS change, 0 AS ends, block, log_index, time
                FROM servicing_claim_transferred
                UNION ALL
                SELECT bond, period, seller, -units, 0, block, log_index, time FROM servicing_claim_transferred
                UNION ALL
                SELECT bond, period, explode(buyers), 0, 1, block, log_index, time FROM servicing_claims_paid
            ) AS told
        ) AS numbered
    ) AS summed
    WINDOW
        life AS (PARTITION BY bond, period, buyer ORDER BY block, log_index, change),
        turns AS (PARTITION BY bond, period, buyer, turn ORDER BY block, log_index, change)
) AS h
LEFT JOIN bonds AS b ON b.bond = h.bond
WHERE h.to_block IS NULL OR h.to_block <> h.from_block
