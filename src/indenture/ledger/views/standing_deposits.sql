-- Money that stands ready at the Offering for each account, in force from one block until the next; what bids
-- and places in a syndicate hold is not in it.
SELECT cash, currency, account, balance, from_block, from_time, to_block, to_time
FROM (
    SELECT
        s.cash,
        substr(c.name, 11) AS currency,
        s.account,
        amount(s.balance, s.balance_hex) AS balance,
        s.block AS from_block,
        s.time AS from_time,
        lead(s.block) OVER purse AS to_block,
        lead(s.time) OVER purse AS to_time
    FROM (
        SELECT cash, account, balance, balance_hex, block, log_index, time FROM offering_deposit_funded
        UNION ALL
        SELECT cash, account, balance, balance_hex, block, log_index, time FROM offering_deposit_withdrawn
        UNION ALL
        SELECT m.cash, t.account, t.balance, t.balance_hex, t.block, t.log_index, t.time
        FROM (
            SELECT offering_id, bidder AS account, balance, balance_hex, block, log_index, time FROM offering_bid_sealed
            UNION ALL
            SELECT offering_id, bidder, balance, balance_hex, block, log_index, time FROM offering_winner_settled
            UNION ALL
            SELECT offering_id, underwriter, balance, balance_hex, block, log_index, time FROM offering_rest_taken_up
            UNION ALL
            SELECT offering_id, account, balance, balance_hex, block, log_index, time FROM offering_deposit_held
            UNION ALL
            SELECT offering_id, account, balance, balance_hex, block, log_index, time FROM offering_deposit_released
        ) AS t
        JOIN offering_offering_mandated AS m ON m.offering_id = t.offering_id
    ) AS s
    LEFT JOIN contract AS c ON c.address = s.cash
    WINDOW purse AS (PARTITION BY s.cash, s.account ORDER BY s.block, s.log_index)
) AS running
WHERE to_block IS NULL OR to_block <> from_block
