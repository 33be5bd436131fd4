-- Money that the Servicing keeps under somebody's name, after each block that changed it: what could not be
-- sent, what is due on frozen units, and the residues of who had funded.
SELECT bond, account, from_block, from_time, to_block, to_time, kept
FROM (
    SELECT
        bond,
        account,
        block AS from_block,
        time AS from_time,
        lead(block) OVER name AS to_block,
        lead(time) OVER name AS to_time,
        sum(amount) OVER name AS kept
    FROM (
        SELECT bond, holder AS account, block, log_index, time, amount(amount, amount_hex) AS amount
        FROM servicing_amount_kept
        UNION ALL
        SELECT bond, payer, block, log_index, time, amount(residue, residue_hex) FROM servicing_payment_completed
        UNION ALL
        SELECT bond, payer, block, log_index, time, amount(residue, residue_hex) FROM servicing_action_completed
        UNION ALL
        SELECT bond, holder, block, log_index, time, -amount(amount, amount_hex) FROM servicing_amount_collected
    ) AS changes
    WINDOW name AS (PARTITION BY bond, account ORDER BY block, log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
