-- Who used a statutory power, on whom, and on what document?
--
-- $first_day day?: first day, UTC; from the beginning unless given
-- $last_day day?: last day, UTC; to the end unless given
--
-- One row a use, in order; `held_since` is when the actor was given the power, NULL where he did not hold it:
-- then the audit has a finding. In this release freezes, forced transfers and pauses name no document.
SELECT
    u.time, u.power, u.act, u.isin, u.account, u.units, u.actor, a.lei AS actor_lei, g.since AS held_since,
    u.document, u.block
FROM powers_used AS u
LEFT JOIN grants AS g
    ON g.account = u.actor AND g.role = 2 AND g.from_block <= u.block AND (g.to_block IS NULL OR g.to_block > u.block)
LEFT JOIN accounts AS a
    ON a.account = u.actor AND a.from_block <= u.block AND (a.to_block IS NULL OR a.to_block > u.block)
WHERE ($first_day IS NULL OR CAST(u.time AS DATE) >= CAST($first_day AS DATE))
    AND ($last_day IS NULL OR CAST(u.time AS DATE) <= CAST($last_day AS DATE))
ORDER BY u.block, u.log_index
