-- Cash of each account after each block that changed it, in force from one block until the next.
SELECT cash, currency, account, from_block, from_time, to_block, to_time, balance
FROM (
    SELECT
        cash,
        currency,
        account,
        block AS from_block,
        time AS from_time,
        lead(block) OVER purse AS to_block,
        lead(time) OVER purse AS to_time,
        sum(amount) OVER purse AS balance
    FROM (
        SELECT cash, currency, receiver AS account, block, log_index, time, amount
        FROM cash_movements
        WHERE receiver <> nobody()
        UNION ALL
        SELECT cash, currency, sender, block, log_index, time, -amount
        FROM cash_movements
        WHERE sender <> nobody()
    ) AS changes
    WINDOW purse AS (PARTITION BY cash, currency, account ORDER BY block, log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
