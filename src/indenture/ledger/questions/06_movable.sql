-- Who could move units of a bond, and who could not, and why?
--
-- $isin text: ISIN of the bond
-- $block block: last block that counts
--
-- One row a holder; `hindrance` is NULL for who could move what is free, else the first thing that stood
-- against it. Beside these, nothing moves from the moment that a record date is due until the register has
-- noticed it.
SELECT
    h.holder, a.lei, h.units, h.free,
    CASE
        WHEN coalesce(s.is_paused, false) THEN 'the bond is paused'
        WHEN coalesce(t.is_shut, false) THEN 'the books are shut'
        WHEN a.account IS NULL THEN 'the account was never admitted'
        WHEN a.standing <> 'active' THEN 'the account is ' || a.standing
        WHEN a.valid_until < n.time THEN 'the account has expired'
        WHEN a.roles & 1 = 0 THEN 'the account is no holder'
        WHEN a.verdicts & h.eligible = 0 THEN 'the class may not hold the bond'
        WHEN h.free = 0 THEN 'all units are frozen or bound'
    END AS hindrance
FROM (
    SELECT p.*, b.eligible
    FROM positions AS p
    JOIN bonds AS b ON b.bond = p.bond AND b.isin = $isin
    WHERE p.from_block <= $block AND (p.to_block IS NULL OR p.to_block > $block) AND p.units > 0
) AS h
CROSS JOIN (SELECT instant(max(time)) AS time FROM block WHERE number <= $block) AS n
LEFT JOIN accounts AS a
    ON a.account = h.holder AND a.from_block <= $block AND (a.to_block IS NULL OR a.to_block > $block)
LEFT JOIN (
    SELECT contract, max_by(paused, block * 1000000 + log_index) AS is_paused
    FROM bond_pause_set
    WHERE block <= $block
    GROUP BY contract
) AS s ON s.contract = h.bond
LEFT JOIN (
    SELECT contract, max_by(shut, block * 1000000 + log_index) AS is_shut
    FROM bond_books_shut
    WHERE block <= $block
    GROUP BY contract
) AS t ON t.contract = h.bond
ORDER BY h.units DESC, h.holder
