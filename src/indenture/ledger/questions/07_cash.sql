-- How much cash was issued and redeemed, and how much circulates?
--
-- $block block: last block that counts
--
-- One row a currency. What circulates is what was issued less what was redeemed, and must be what all
-- accounts hold together; the limit is what may circulate at most.
SELECT m.currency, m.issued, m.redeemed, m.issued - m.redeemed AS circulating, b.held, b.accounts, l.supply_limit
FROM (
    SELECT
        cash,
        currency,
        sum(CASE WHEN kind = 'issue' THEN amount ELSE 0 END) AS issued,
        sum(CASE WHEN kind = 'redemption' THEN amount ELSE 0 END) AS redeemed
    FROM cash_movements
    WHERE block <= $block
    GROUP BY cash, currency
) AS m
LEFT JOIN (
    SELECT cash, sum(balance) AS held, count(*) AS accounts
    FROM cash_balances
    WHERE from_block <= $block AND (to_block IS NULL OR to_block > $block) AND balance <> 0
    GROUP BY cash
) AS b ON b.cash = m.cash
LEFT JOIN (
    SELECT contract, max_by(new_limit, block * 1000000 + log_index) AS supply_limit
    FROM cash_token_supply_limit_set
    WHERE block <= $block
    GROUP BY contract
) AS l ON l.contract = m.cash
ORDER BY m.currency
