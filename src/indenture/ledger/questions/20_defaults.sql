-- Which bonds defaulted, what was owed, and what was recovered?
--
-- One row a bond that was made due: units outstanding then, the claim of them all when it was first reckoned,
-- all recoveries and their share of the claim in percent, rounded down. The claim bears interest until it is
-- paid: more than all of it can be recovered.
SELECT
    d.isin, d.noticed_time, d.due_time, d.due_day, h.units,
    quotient(d.claim * h.units, 1000000000000000000) AS claimed,
    d.recoveries, d.recovered,
    ratio(d.recovered * 100, quotient(d.claim * h.units, 1000000000000000000)) AS percent,
    d.closed_time, d.lost_principal, d.lost_interest, d.currency
FROM (SELECT *, claim_principal + claim_interest AS claim FROM defaults) AS d
LEFT JOIN (
    SELECT s.bond, sum(s.units) AS units
    FROM holdings AS s
    JOIN defaults AS d
        ON d.bond = s.bond AND s.from_block <= d.due_block AND (s.to_block IS NULL OR s.to_block > d.due_block)
    GROUP BY s.bond
) AS h ON h.bond = d.bond
ORDER BY d.due_block, d.isin
