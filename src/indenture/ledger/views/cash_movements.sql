-- Every movement of cash.
SELECT
    t.contract AS cash,
    substr(c.name, 11) AS currency,
    t.block,
    t.log_index,
    t.time,
    CASE WHEN t.from_ = nobody() THEN 'issue' WHEN t.to_ = nobody() THEN 'redemption' ELSE 'transfer' END AS kind,
    t.from_ AS sender,
    t.to_ AS receiver,
    amount(t.value, t.value_hex) AS amount
FROM cash_token_transfer AS t
JOIN contract AS c ON c.address = t.contract
