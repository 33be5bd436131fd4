-- Trades that were settled; `price` is in base units for one unit, with six places, rounded down, as paid. A
-- trade at a clean price names its parts: what was agreed, and what had accrued.
SELECT
    t.id,
    t.block,
    t.log_index,
    t.time,
    t.bond,
    b.isin,
    t.seller,
    t.buyer,
    t.units,
    amount(t.amount, t.amount_hex) AS amount,
    b.currency,
    ratio(amount(t.amount, t.amount_hex), t.units) AS price,
    amount(p.clean_amount, p.clean_amount_hex) AS clean_amount,
    amount(p.accrued, p.accrued_hex) AS accrued,
    amount(p.received, p.received_hex) AS seller_had,
    instant(p.traded_at) AS traded_time
FROM settlement_trade_settled AS t
LEFT JOIN bonds AS b ON b.bond = t.bond
LEFT JOIN settlement_trade_priced AS p ON p.id = t.id
