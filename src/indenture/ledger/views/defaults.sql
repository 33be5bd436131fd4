-- Bonds that were made due, what was claimed, and what was recovered; claims of one unit in base units times
-- 1e18.
SELECT
    d.bond,
    b.isin,
    b.currency,
    n.noticed_time,
    d.block AS due_block,
    d.time AS due_time,
    d.period,
    civil_day(d.day) AS due_day,
    amount(s.principal, s.principal_hex) AS claim_principal,
    amount(s.interest, s.interest_hex) AS claim_interest,
    coalesce(r.recoveries, 0) AS recoveries,
    coalesce(r.recovered, 0) AS recovered,
    c.block AS closed_block,
    c.time AS closed_time,
    amount(c.principal, c.principal_hex) AS lost_principal,
    amount(c.interest, c.interest_hex) AS lost_interest
FROM servicing_bond_made_due AS d
LEFT JOIN bonds AS b ON b.bond = d.bond
LEFT JOIN (
    SELECT bond, min(time) AS noticed_time FROM servicing_default_noticed GROUP BY bond
) AS n ON n.bond = d.bond
LEFT JOIN servicing_claim_set AS s ON s.bond = d.bond
LEFT JOIN (
    SELECT bond, count(*) AS recoveries, sum(amount(amount, amount_hex)) AS recovered
    FROM servicing_recovery_funded
    GROUP BY bond
) AS r ON r.bond = d.bond
LEFT JOIN servicing_default_closed AS c ON c.bond = d.bond
