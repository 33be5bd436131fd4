-- How did a holder's position in a bond change?
--
-- $isin text: ISIN of the bond
-- $account text: address of the holder
--
-- One row a block that changed it, in order: units after it, the change, and what was frozen, bound and free.
SELECT
    p.from_block AS block,
    p.from_time AS time,
    p.units,
    p.units - lag(p.units, 1, 0) OVER (ORDER BY p.from_block) AS change,
    p.frozen,
    p.bound,
    p.free
FROM positions AS p
JOIN bonds AS b ON b.bond = p.bond AND b.isin = $isin
WHERE p.holder = lower($account)
ORDER BY p.from_block
