-- How much of each bond was issued and redeemed, and how much is outstanding, among how many holders?
--
-- $block block: last block that counts
--
-- One row a bond that was registered by then. The face value of what is outstanding is in base units; a bond
-- that repays in parts owes less than it.
SELECT
    b.isin,
    b.name,
    b.issuer,
    b.authorised,
    coalesce(m.issued, 0) AS issued,
    coalesce(m.redeemed, 0) AS redeemed,
    coalesce(m.issued, 0) - coalesce(m.redeemed, 0) AS outstanding,
    coalesce(h.holders, 0) AS holders,
    (coalesce(m.issued, 0) - coalesce(m.redeemed, 0)) * b.face_value AS face_outstanding,
    b.currency
FROM bonds AS b
LEFT JOIN (
    SELECT
        bond,
        sum(CASE WHEN kind = 'issue' THEN units ELSE 0 END) AS issued,
        sum(CASE WHEN kind = 'redemption' THEN units ELSE 0 END) AS redeemed
    FROM unit_movements
    WHERE block <= $block
    GROUP BY bond
) AS m ON m.bond = b.bond
LEFT JOIN (
    SELECT bond, count(*) AS holders
    FROM holdings
    WHERE from_block <= $block AND (to_block IS NULL OR to_block > $block) AND units <> 0
    GROUP BY bond
) AS h ON h.bond = b.bond
WHERE b.registered_block <= $block
ORDER BY b.isin
