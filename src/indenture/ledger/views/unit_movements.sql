-- Every movement of units, in the words of the register.
SELECT
    t.contract AS bond,
    b.isin,
    t.block,
    t.log_index,
    t.time,
    CASE
        WHEN t.from_ = nobody() THEN 'issue'
        WHEN t.to_ = nobody() THEN 'redemption'
        WHEN f.block IS NOT NULL THEN 'forced'
        ELSE 'transfer'
    END AS kind,
    t.from_ AS sender,
    t.to_ AS receiver,
    amount(t.value, t.value_hex) AS units
FROM bond_transfer AS t
LEFT JOIN bonds AS b ON b.bond = t.contract
-- A forced transfer is told twice: as a movement, and by name in the log after it.
LEFT JOIN bond_forced_transfer AS f
    ON f.contract = t.contract AND f.block = t.block AND f.log_index = t.log_index + 1
    AND f.from_ = t.from_ AND f.to_ = t.to_
