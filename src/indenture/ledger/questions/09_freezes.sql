-- Whose units were frozen, when, and by whom?
--
-- $isin text?: ISIN of a bond; all unless given
--
-- One row a freeze with what was frozen from then on; without an end it is still in force. `units` is what
-- the account held at its beginning. A forced transfer thaws what it takes: then the actor is who forced it.
SELECT b.isin, f.account, f.frozen, p.units, f.from_time, f.to_time, u.power, u.actor
FROM freezes AS f
JOIN bonds AS b ON b.bond = f.bond AND ($isin IS NULL OR b.isin = $isin)
LEFT JOIN positions AS p
    ON p.bond = f.bond AND p.holder = f.account
    AND p.from_block <= f.from_block AND (p.to_block IS NULL OR p.to_block > f.from_block)
LEFT JOIN (
    -- The log that names the power follows what it did, at once or after the movement.
    SELECT
        f.bond, f.account, f.from_block, f.from_log_index,
        min_by(u.power, u.log_index) AS power,
        min_by(u.actor, u.log_index) AS actor
    FROM freezes AS f
    JOIN powers_used AS u
        ON u.bond = f.bond AND u.account = f.account AND u.block = f.from_block AND u.log_index > f.from_log_index
    GROUP BY f.bond, f.account, f.from_block, f.from_log_index
) AS u
    ON u.bond = f.bond AND u.account = f.account AND u.from_block = f.from_block
    AND u.from_log_index = f.from_log_index
WHERE f.frozen > 0
ORDER BY f.from_block, f.from_log_index
