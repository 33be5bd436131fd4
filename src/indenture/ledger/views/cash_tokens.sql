-- Cash tokens: what of each is in circulation, and how much its issuer may issue at most; NULL where no limit was
-- told.
SELECT c.address AS cash, substr(c.name, 11) AS currency, coalesce(m.supply, 0) AS supply, l.most AS supply_limit,
    l.block AS limit_block
FROM contract AS c
LEFT JOIN (
    SELECT
        cash,
        sum(CASE WHEN kind = 'issue' THEN amount WHEN kind = 'redemption' THEN -amount ELSE 0 END) AS supply
    FROM cash_movements
    GROUP BY cash
) AS m ON m.cash = c.address
LEFT JOIN (
    SELECT
        contract, amount(new_limit, new_limit_hex) AS most, block,
        row_number() OVER (PARTITION BY contract ORDER BY block DESC, log_index DESC) AS back
    FROM cash_token_supply_limit_set
) AS l ON l.contract = c.address AND l.back = 1
WHERE c.kind = 'CashToken'
