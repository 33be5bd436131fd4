-- Payments and recoveries that were funded, with what became of the money. `residue` is NULL until all units
-- are served.
SELECT
    f.bond,
    b.isin,
    b.currency,
    f.kind,
    f.period,
    d.pay_day,
    d.pay_time,
    f.block AS funded_block,
    f.time AS funded_time,
    f.payer,
    f.units,
    f.interest,
    f.principal,
    coalesce(n.penalty, 0) AS penalty,
    f.interest + f.principal + coalesce(n.penalty, 0) AS funded,
    coalesce(s.paid, 0) AS paid,
    coalesce(s.units_paid, 0) AS units_paid,
    coalesce(x.tax, 0) AS tax,
    s.first_paid_time,
    c.block AS completed_block,
    c.time AS completed_time,
    amount(c.residue, c.residue_hex) AS residue
FROM (
    SELECT bond, period, 'payment' AS kind, block, time, payer, units,
        amount(interest, interest_hex) AS interest, amount(principal, principal_hex) AS principal
    FROM servicing_payment_funded
    UNION ALL
    SELECT bond, record, 'recovery', block, time, payer, units, 0, amount(amount, amount_hex)
    FROM servicing_recovery_funded
) AS f
LEFT JOIN bonds AS b ON b.bond = f.bond
LEFT JOIN record_dates AS d ON d.bond = f.bond AND d.period = f.period AND d.to_block IS NULL
LEFT JOIN (
    SELECT bond, period, sum(amount(amount, amount_hex)) AS penalty FROM servicing_penalty_funded GROUP BY bond, period
) AS n ON n.bond = f.bond AND n.period = f.period
LEFT JOIN (
    SELECT bond, period, sum(amount) AS paid, sum(units) AS units_paid, min(time) AS first_paid_time
    FROM (
        SELECT bond, period, amount(amount, amount_hex) AS amount, units, time FROM servicing_holders_paid
        UNION ALL
        SELECT bond, period, amount(amount, amount_hex), units, time FROM servicing_claims_paid
    ) AS served
    GROUP BY bond, period
) AS s ON s.bond = f.bond AND s.period = f.period
LEFT JOIN (
    SELECT bond, period, sum(amount(tax, tax_hex)) AS tax FROM servicing_tax_withheld GROUP BY bond, period
) AS x ON x.bond = f.bond AND x.period = f.period
LEFT JOIN servicing_payment_completed AS c ON c.bond = f.bond AND c.period = f.period
