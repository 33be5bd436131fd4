-- Who held which power over the contracts?
--
-- $block block: last block that counts
--
-- One row a power and account: since when, with what delay in seconds, and how many functions of contracts
-- ask for it. Power 0 is over the Authority itself. A power that asks for nothing here may be asked for by a
-- contract on its own.
SELECT g.role, g.label, g.account, a.lei, g.since, g.delay, coalesce(f.functions, 0) AS functions
FROM grants AS g
LEFT JOIN accounts AS a
    ON a.account = g.account AND a.from_block <= $block AND (a.to_block IS NULL OR a.to_block > $block)
LEFT JOIN (
    SELECT role, count(*) AS functions
    FROM power_functions
    WHERE from_block <= $block AND (to_block IS NULL OR to_block > $block)
    GROUP BY role
) AS f ON f.role = g.role
WHERE g.from_block <= $block AND (g.to_block IS NULL OR g.to_block > $block)
ORDER BY g.role, g.account
