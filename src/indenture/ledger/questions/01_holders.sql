-- Who held a bond, and how much of it was frozen by law or bound by elections?
--
-- $isin text: ISIN of the bond
-- $block block: last block that counts
--
-- One row a holder, largest first, with the member behind the account and its share of all units in percent,
-- rounded down. What is free could move; 18446744073709551615 frozen is all that there is or comes.
SELECT
    h.holder, h.units, h.frozen, h.bound, h.free, ratio(h.units * 100, h.in_all) AS percent, a.lei, a.class
FROM (
    SELECT p.*, sum(p.units) OVER (PARTITION BY p.bond) AS in_all
    FROM positions AS p
    JOIN bonds AS b ON b.bond = p.bond AND b.isin = $isin
    WHERE p.from_block <= $block AND (p.to_block IS NULL OR p.to_block > $block) AND p.units > 0
) AS h
LEFT JOIN accounts AS a
    ON a.account = h.holder AND a.from_block <= $block AND (a.to_block IS NULL OR a.to_block > $block)
ORDER BY h.units DESC, h.holder
