-- Who was entitled to a payment, and who was paid?
--
-- $isin text: ISIN of the bond
-- $period number: number of the payment, or of the recovery after a default
--
-- One row a holder at the record date with his units and what he was due and got; without amounts he was not
-- paid yet, or had sold his payment along. Who bought a payment along stands below, with the kind claim and
-- without units.
SELECT e.kind, e.account, a.lei, e.units, e.due, e.taxable, e.tax, e.sent, e.kept, e.time
FROM (
    SELECT
        coalesce(p.kind, 'open') AS kind, r.holder AS account, r.units, p.due, p.taxable, p.tax, p.sent, p.kept,
        p.time, d.passed_block AS as_of
    FROM record_holdings AS r
    JOIN bonds AS b ON b.bond = r.bond AND b.isin = $isin
    JOIN record_dates AS d ON d.bond = r.bond AND d.period = r.period AND d.to_block IS NULL
    LEFT JOIN payouts AS p
        ON p.bond = r.bond AND p.number = r.period AND p.account = r.holder AND p.kind IN ('payment', 'recovery')
    WHERE r.period = $period
    UNION ALL
    SELECT p.kind, p.account, NULL, p.due, p.taxable, p.tax, p.sent, p.kept, p.time, p.block
    FROM payouts AS p
    WHERE p.isin = $isin AND p.number = $period AND p.kind = 'claim'
) AS e
LEFT JOIN accounts AS a
    ON a.account = e.account AND a.from_block <= e.as_of AND (a.to_block IS NULL OR a.to_block > e.as_of)
ORDER BY CASE WHEN e.kind = 'claim' THEN 1 ELSE 0 END, coalesce(e.units, 0) DESC, e.account, e.time
